package conform

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

const (
	maxIDLength     = 64 // characters
	terminalIDShape = 8  // characters of ISO 8583 field 41
)

// The damages of an identifier; a reason code is the column and one of these.
const (
	damageBlank       = "blank"
	damageScientific  = "scientific"
	damageControl     = "control"
	damageLong        = "too_long"
	damageReplacement = "replacement_character"
)

// plainID holds the bytes that make an identifier good as it stands: visible ASCII without what
// fold, a spreadsheet or a float leaves behind, and without the bracket of "(null)".
var plainID = func() (plain [256]bool) {
	for c := '!'; c <= '~'; c++ {
		plain[c] = true
	}
	for _, c := range `'"=+(` {
		plain[c] = false
	}
	return plain
}()

// isPlainID reports whether raw is an identifier that needs no cleaning and is not damaged.
func isPlainID(raw []byte) bool {
	if len(raw) <= 4 || len(raw) > maxIDLength { // so short it may be a spelling of null
		return false
	}
	for _, c := range raw {
		if !plainID[c] {
			return false
		}
	}
	return true
}

// cleanID trims and folds an identifier and says what is wrong with it, "" if nothing is.
// The result lies in raw or in scratch; it is nil if the identifier is damaged.
func cleanID(scratch *[]byte, raw []byte) (id []byte, damage string) {
	id = foldInto(scratch, raw)
	if len(id) >= 3 && id[0] == '=' && id[1] == '"' && id[len(id)-1] == '"' { // Excel's way to keep text
		id = fold.Trim(id[2 : len(id)-1])
	}
	switch {
	case isNull(id):
		return nil, damageBlank
	case utf8.RuneCount(id) > maxIDLength:
		return nil, damageLong
	case bytes.ContainsRune(id, utf8.RuneError):
		return nil, damageReplacement
	case bytes.ContainsFunc(id, unicode.IsControl):
		return nil, damageControl
	case isScientific(id):
		return nil, damageScientific
	}
	return id, ""
}

// foldInto returns raw trimmed and with its width folded, in raw or in scratch.
func foldInto(scratch *[]byte, raw []byte) []byte {
	raw = fold.Trim(raw)
	if cap(*scratch) < len(raw) {
		*scratch = make([]byte, 0, 2*len(raw))
	}
	return fold.Trim(fold.Width(*scratch, raw))
}

// isScientific reports whether id is a number that a spreadsheet has rounded, such as 1.02581E+14.
func isScientific(id []byte) bool {
	digits := func(at int) int {
		for at < len(id) && id[at] >= '0' && id[at] <= '9' {
			at++
		}
		return at
	}
	if digits(0) == 0 {
		return false
	}
	at := 1
	if at < len(id) && id[at] == '.' {
		if at = digits(2); at == 2 {
			return false
		}
	}
	if at+2 >= len(id) || id[at]|0x20 != 'e' || id[at+1] != '+' {
		return false
	}
	return digits(at+2) == len(id)
}

// isNull reports whether trimmed text is one of the ways in which systems print that there is nothing.
func isNull(text []byte) bool {
	switch len(text) {
	case 0:
		return true
	case 1:
		return text[0] == '-'
	case 2:
		return string(text) == "--" || string(text) == `\N`
	case 3:
		return string(text) == "- -" || foldEqual(text, "n/a") || foldEqual(text, "—")
	case 4:
		return foldEqual(text, "null") || foldEqual(text, "#n/a")
	case 6:
		return foldEqual(text, "(null)") || foldEqual(text, "——")
	}
	return false
}

func foldEqual(text []byte, word string) bool { return bytes.EqualFold(text, []byte(word)) }

// padID returns an id of digits alone filled up with zeros from the left, and whether it was shorter.
func padID(scratch *[]byte, id []byte) ([]byte, bool) {
	if len(id) >= terminalIDShape {
		return id, false
	}
	for _, c := range id {
		if c < '0' || c > '9' {
			return id, false
		}
	}
	var padded [terminalIDShape]byte
	copy(padded[:], "00000000")
	copy(padded[terminalIDShape-len(id):], id)
	*scratch = append((*scratch)[:0], padded[:]...)
	return *scratch, true
}
