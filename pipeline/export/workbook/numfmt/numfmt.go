// Package numfmt writes the numbers of workbooks as text: exactly, dates by ISO 8601, and with the
// leading zeros that a number format shows.
package numfmt

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// A Format is how the numbers of a cell are written. The zero Format writes them as they are.
type Format struct {
	kind    kind
	pattern []part // of kind digits
}

type kind uint8

const (
	exact kind = iota
	date
	month  // year and month
	clock  // time of day
	passed // time that may be more than a day
	digits
)

// A part of a pattern of digits: a literal, or a placeholder for one digit.
type part struct {
	literal string
	isZero  bool // the digit is written even if it is a leading zero
}

// IsDate reports whether numbers are dates or times.
func (f Format) IsDate() bool { return f.kind != exact && f.kind != digits }

// builtin are the formats that workbooks name by number alone and that are not numbers as they are.
var builtin = map[int]kind{
	14: date, 15: date, 16: date, 17: month, 18: clock, 19: clock, 20: clock, 21: clock, 22: date,
	45: clock, 46: passed, 47: clock,
	// Those of Chinese, Japanese and Korean programs.
	27: month, 28: date, 29: date, 30: date, 31: date, 32: clock, 33: clock, 34: clock, 35: clock, 36: month,
	50: month, 51: date, 52: month, 53: date, 54: date, 55: clock, 56: clock, 57: month, 58: date,
}

// Builtin returns the format of a number below 164.
func Builtin(id int) Format { return Format{kind: builtin[id]} }

// Parse reads a format code such as yyyy-mm-dd, 00000000 or #,##0.00.
func Parse(code string) Format {
	section := firstSection(code)
	if strings.EqualFold(strings.TrimSpace(section), "general") || section == "@" {
		return Format{}
	}
	if k, ok := timeKind(section); ok {
		return Format{kind: k}
	}
	if pattern, ok := digitPattern(section); ok {
		return Format{kind: digits, pattern: pattern}
	}
	return Format{}
}

// firstSection returns the part of a code that is for positive numbers.
func firstSection(code string) string {
	quoted := false
	for i := 0; i < len(code); i++ {
		switch {
		case code[i] == '"':
			quoted = !quoted
		case quoted:
		case code[i] == '\\':
			i++
		case code[i] == ';':
			return code[:i]
		}
	}
	return code
}

// timeKind tells the formats of dates and times by their letters.
func timeKind(section string) (kind, bool) {
	has := map[byte]bool{}
	isPassed := false
	for i := 0; i < len(section); i++ {
		switch c := section[i]; c {
		case '"':
			i += 1 + strings.IndexByte(section[i+1:]+`"`, '"')
		case '\\', '_', '*':
			i++
		case '[':
			end := i + 1 + strings.IndexByte(section[i+1:]+"]", ']')
			inner := strings.ToLower(section[i+1 : min(end, len(section))])
			if strings.Trim(inner, "hms") == "" && inner != "" {
				isPassed = true
			}
			i = end
		default:
			has[c|0x20] = true
		}
	}
	// Letters of words such as "General" or E+ are no placeholders of dates, of which y, d, h, s and m are enough.
	switch {
	case isPassed:
		return passed, true
	case has['0'|0x20] || has['#'|0x20] && !has['y']:
		if !has['y'] && !has['d'] && !has['h'] && !has['s'] {
			return 0, false
		}
	}
	switch {
	case has['d'] || has['y'] && !has['m']:
		return date, true
	case has['y']:
		if has['h'] || has['s'] {
			return date, true
		}
		return month, true
	case has['h'] || has['s']:
		return clock, true
	case has['m']:
		return month, true
	}
	return 0, false
}

// digitPattern reads a format of integer digits and literals, such as 00000000 or "T"000-000.
func digitPattern(section string) (pattern []part, ok bool) {
	zeros, literals := 0, false
	for i := 0; i < len(section); i++ {
		switch c := section[i]; c {
		case '0':
			pattern = append(pattern, part{isZero: true})
			zeros++
		case '#':
			pattern = append(pattern, part{})
		case '"':
			end := strings.IndexByte(section[i+1:], '"')
			if end < 0 {
				return nil, false
			}
			pattern = append(pattern, part{literal: section[i+1 : i+1+end]})
			i += end + 1
			literals = true
		case '\\':
			if i++; i < len(section) {
				n := i + 1
				for n < len(section) && section[n] >= 0x80 && section[n] < 0xC0 {
					n++
				}
				pattern = append(pattern, part{literal: section[i:n]})
				i = n - 1
				literals = true
			}
		case '-', ' ', '(', ')':
			pattern = append(pattern, part{literal: string(c)})
			literals = true
		case '_', '*':
			i++
		case '[':
			end := strings.IndexByte(section[i:], ']')
			if end < 0 {
				return nil, false
			}
			i += end
		default:
			return nil, false
		}
	}
	// One 0 and nothing else is the number as it is.
	return pattern, zeros > 1 || zeros == 1 && literals
}

// maxExact is where whole numbers begin that spreadsheet programs have cut: they keep 15 digits.
const maxExact = 1e15

// Append writes a number. is1904 says from when a workbook counts days.
func (f Format) Append(dst []byte, v float64, is1904 bool) []byte {
	switch f.kind {
	case exact:
	case digits:
		if v >= 0 && v < maxExact && v == math.Trunc(v) {
			return appendDigits(dst, f.pattern, strconv.FormatInt(int64(v), 10))
		}
	default:
		if out, ok := appendTime(dst, f.kind, v, is1904); ok {
			return out
		}
	}
	return appendNumber(dst, v)
}

// AppendText writes a number that the file has as text, which may have more digits than a float keeps.
func (f Format) AppendText(dst, text []byte, is1904 bool) []byte {
	if f.kind == exact && isInteger(text) {
		return append(dst, text...)
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return append(dst, text...)
	}
	return f.Append(dst, v, is1904)
}

func isInteger(text []byte) bool {
	if len(text) > 0 && text[0] == '-' {
		text = text[1:]
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}

// appendNumber writes a number with all its digits. One that was cut keeps its exponent, by which it can
// be told from a number that is whole.
func appendNumber(dst []byte, v float64) []byte {
	switch abs := math.Abs(v); {
	case abs == 0:
		return append(dst, '0')
	case abs >= maxExact || math.IsNaN(v):
		return strconv.AppendFloat(dst, v, 'E', -1, 64)
	case abs < 1e-9:
		return strconv.AppendFloat(dst, v, 'E', -1, 64)
	}
	// Programs compute with more digits than they show: 15 of them tell 0.1+0.2 from no other number.
	short := strconv.FormatFloat(v, 'g', 15, 64)
	if w, err := strconv.ParseFloat(short, 64); err == nil {
		v = w
	}
	return strconv.AppendFloat(dst, v, 'f', -1, 64)
}

// appendDigits distributes digits over a pattern, from the right.
func appendDigits(dst []byte, pattern []part, number string) []byte {
	places := 0
	for _, p := range pattern {
		if p.literal == "" {
			places++
		}
	}
	extra := max(len(number)-places, 0)
	missing := max(places-len(number), 0)
	seen := 0
	for _, p := range pattern {
		if p.literal != "" {
			dst = append(dst, p.literal...)
			continue
		}
		if seen == 0 {
			dst = append(dst, number[:extra]...)
			number = number[extra:]
		}
		if seen < missing {
			if p.isZero {
				dst = append(dst, '0')
			}
		} else {
			dst = append(dst, number[seen-missing])
		}
		seen++
	}
	return dst
}

const (
	daySeconds = 86400
	lastDay    = 2958465 // 9999-12-31
)

// appendTime writes a number of days; false if it is none.
func appendTime(dst []byte, k kind, v float64, is1904 bool) ([]byte, bool) {
	if v < 0 || v > lastDay+1 || math.IsNaN(v) {
		return dst, false
	}
	days, seconds := math.Modf(v)
	millis := math.Round(seconds * daySeconds * 1000)
	if millis == daySeconds*1000 {
		days, millis = days+1, 0
	}
	at := time.UnixMilli(int64(millis)).UTC()
	if k == passed {
		hours := int64(days)*24 + int64(at.Hour())
		dst = append(strconv.AppendInt(dst, hours, 10), at.Format(":04:05.999")...)
		return dst, true
	}
	if days == 0 && !is1904 {
		if millis == 0 && k != clock {
			return dst, false
		}
		return at.AppendFormat(dst, "15:04:05.999"), true
	}
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case is1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		if days == 0 && k == clock {
			return at.AppendFormat(dst, "15:04:05.999"), true
		}
	case days < 60: // the 29th of February 1900 is a day in workbooks
		base = base.AddDate(0, 0, 1)
	case days == 60:
		return append(dst, "1900-02-29"...), true
	}
	at = base.AddDate(0, 0, int(days)).Add(time.Duration(millis) * time.Millisecond)
	switch {
	case millis != 0:
		return at.AppendFormat(dst, "2006-01-02 15:04:05.999"), true
	case k == month:
		return at.AppendFormat(dst, "2006-01"), true
	}
	return at.AppendFormat(dst, "2006-01-02"), true
}
