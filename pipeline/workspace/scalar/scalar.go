// Package scalar finds in a YAML file what stands within the value of a scalar, however that is written.
package scalar

import (
	"bytes"
	"strings"
	"unicode"
)

// Place returns line and column of a character of a scalar that begins at a line and column of a YAML
// file, from what stands before that character in the scalar's value. Blanks in it do not count: a text
// that is folded or indented has others in the file than in its value, and the rest is the same.
func Place(text []byte, line, column int, before string) (atLine, atColumn int) {
	lines := strings.Split(string(bytes.TrimPrefix(text, []byte("\uFEFF"))), "\n")
	characters := 0
	for _, r := range before {
		if !unicode.IsSpace(r) {
			characters++
		}
	}
	quote, isEscaped, skipped := rune(0), false, column-1
	for number := line; number >= 1 && number <= len(lines); number++ {
		for i, r := range []rune(lines[number-1]) {
			isFirst := number == line && i == column-1
			switch {
			case i < skipped || unicode.IsSpace(r):
			case isFirst && (r == '|' || r == '>'):
				skipped = len(lines[number-1]) // the text begins below
			case isFirst && (r == '\'' || r == '"'):
				quote = r
			case !isEscaped && (quote == '\'' && r == quote || quote == '"' && r == '\\'):
				isEscaped = true // the next one is the character that is meant
			case characters == 0:
				return number, i + 1
			default:
				characters--
				isEscaped = false
			}
		}
		skipped = 0
	}
	return line, column
}
