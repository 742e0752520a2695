package dialect

import (
	"bytes"
	"unicode/utf8"
)

// kind is what a cell looks like.
type kind uint8

const (
	kindBlank kind = iota
	kindText
	kindNumber
	kindDate
	kindTime
	kindFlag
)

// kindOf tells what a cell looks like, blanks around it aside.
func kindOf(text []byte) kind {
	text = bytes.TrimSpace(text)
	switch {
	case len(text) == 0:
		return kindBlank
	case isNumber(text):
		return kindNumber
	case isPattern(text, "-/.", 2, 2):
		return kindDate
	case isPattern(text, ":", 1, 2):
		return kindTime
	case isMoment(text):
		return kindDate
	case isFlag(text):
		return kindFlag
	}
	return kindText
}

// isNumber reports whether a text is a number: digits with a sign, separators, an exponent, a currency
// or a percent sign.
func isNumber(text []byte) bool {
	text = bytes.Trim(text, "+-$%")
	text = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimPrefix(text, []byte("€")), []byte("¥")))
	digits, commas, dots := 0, 0, 0
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == ',' && i > 0 && i < len(text)-1:
			commas++
		case c == '.':
			dots++
		case (c == 'e' || c == 'E') && digits > 0 && i < len(text)-1:
			rest := bytes.TrimLeft(text[i+1:], "+-")
			return dots <= 1 && commas == 0 && len(rest) > 0 && len(bytes.Trim(rest, "0123456789")) == 0
		default:
			return false
		}
	}
	return digits > 0 && dots <= 1 && (commas <= 1 || isGrouped(text))
}

// isGrouped reports whether commas stand before groups of three digits.
func isGrouped(text []byte) bool {
	whole, _, _ := bytes.Cut(text, []byte("."))
	groups := bytes.Split(whole, []byte(","))
	for _, group := range groups[1:] {
		if len(group) != 3 {
			return false
		}
	}
	return true
}

// isPattern reports whether a text is digits with between least and most separators of one kind.
func isPattern(text []byte, separators string, least, most int) bool {
	var separator byte
	n := 0
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
		case i > 0 && i < len(text)-1 && bytes.IndexByte([]byte(separators), c) >= 0 && (n == 0 || c == separator):
			separator = c
			n++
		default:
			return false
		}
	}
	return n >= least && n <= most
}

// isMoment reports whether a text is a date, something between, and a time, or a date in Chinese.
func isMoment(text []byte) bool {
	if text[0] < '0' || text[0] > '9' {
		return false
	}
	if at := bytes.IndexAny(text, "T "); at > 0 {
		clock, _, _ := bytes.Cut(bytes.TrimSuffix(text[at+1:], []byte("Z")), []byte("."))
		return isPattern(text[:at], "-/.", 2, 2) && isPattern(clock, ":", 1, 2)
	}
	return bytes.Contains(text, []byte("年")) && bytes.Contains(text, []byte("月"))
}

// flags are the words of two-valued columns.
var flags = map[string]bool{
	"y": true, "n": true, "yes": true, "no": true, "true": true, "false": true, "t": true, "f": true,
	"是": true, "否": true, "有": true, "无": true,
}

func isFlag(text []byte) bool {
	const longest = 5
	return len(text) <= longest && flags[string(bytes.ToLower(text))]
}

// cellScore says how much a cell looks like one: 1 for a number or a date, little for what should have
// been cut or joined.
func cellScore(text []byte, isQuoted bool) float64 {
	const long = 300
	switch k := kindOf(text); {
	case k > kindText && text[0] == ' ':
		return 0.7
	case k > kindText:
		return 1
	case k == kindBlank:
		return 0.4
	case isQuoted:
		return 0.9
	case bytes.ContainsAny(text, ",;|\t\x01"), isHalfQuoted(text), isMarks(text):
		return 0.2
	case len(text) > long || !utf8.Valid(text):
		return 0.5
	case text[0] == ' ' || text[len(text)-1] == ' ':
		return 0.7
	}
	return 0.8
}

// isMarks reports whether a cell is nothing but characters that could delimit: the inside of a delimiter.
func isMarks(text []byte) bool {
	for _, c := range text {
		if c != ' ' && !canDelimit(c) {
			return false
		}
	}
	return true
}

// isHalfQuoted reports whether a quote stands at one end of a cell or at both.
func isHalfQuoted(text []byte) bool {
	first, last := text[0], text[len(text)-1]
	return first == '"' || last == '"' || first == '\'' && last == '\'' && len(text) > 1
}
