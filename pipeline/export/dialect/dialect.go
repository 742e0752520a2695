// Package dialect tells how delimited text is cut into records and cells, and where the tables are in
// it, by what the text itself shows: how well records agree in their number of cells, and columns in
// what they hold.
package dialect

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Dialect says how text is cut into cells. Within quotes a doubled quote is always text.
type Dialect struct {
	Delimiter string `json:"delimiter"`        // one or more bytes; empty: a record is one cell
	Quote     byte   `json:"quote,omitempty"`  // 0: there are no quotes
	Escape    byte   `json:"escape,omitempty"` // makes text of the quote, the delimiter or itself; 0: none
}

// maxDelimiter bounds a delimiter, in bytes.
const maxDelimiter = 8

// names are the words of what is hard to write or to see.
var names = []struct{ name, text string }{
	{"none", ""}, {"tab", "\t"}, {"space", " "}, {"quote", `"`}, {"apostrophe", "'"}, {"backslash", `\`},
}

// Name returns how a delimiter, quote or escape is written in a profile.
func Name(text string) string {
	for _, n := range names {
		if n.text == text {
			return n.name
		}
	}
	var b strings.Builder
	for _, r := range text {
		if r < ' ' || r == 0x7F {
			fmt.Fprintf(&b, `\x%02x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ParseDelimiter reads a delimiter as a profile writes it: itself, none, tab, space, or with control
// characters as \x01.
func ParseDelimiter(name string) (string, error) {
	text, err := parse(name)
	switch {
	case err != nil:
	case name == "" || len(text) > maxDelimiter || !utf8.ValidString(text):
		err = fmt.Errorf("%q is no delimiter: want none, tab, space or 1 to %d bytes", name, maxDelimiter)
	case strings.ContainsAny(text, "\r\n\""):
		err = fmt.Errorf("%q is no delimiter: it may not hold a line end or a quotation mark", name)
	}
	if err != nil {
		return "", err
	}
	return text, nil
}

// ParseQuote reads a quote or an escape as a profile writes it, 0 for none.
func ParseQuote(name string) (byte, error) {
	text, err := parse(name)
	switch {
	case err != nil:
		return 0, err
	case text == "" && name != "":
		return 0, nil
	case len(text) != 1 || text[0] <= ' ' || text[0] >= utf8.RuneSelf:
		return 0, fmt.Errorf("%q is no quote or escape: want none, quote, apostrophe, backslash or one ASCII character", name)
	}
	return text[0], nil
}

// Check refuses what contradicts itself.
func (d Dialect) Check() error {
	switch {
	case d.Quote != 0 && strings.IndexByte(d.Delimiter, d.Quote) >= 0:
		return fmt.Errorf("delimiter %q holds the quote %q", d.Delimiter, d.Quote)
	case d.Escape != 0 && strings.IndexByte(d.Delimiter, d.Escape) >= 0:
		return fmt.Errorf("delimiter %q holds the escape %q", d.Delimiter, d.Escape)
	case d.Escape != 0 && d.Escape == d.Quote:
		return fmt.Errorf("a doubled quote is always text: the escape need not be %q", d.Escape)
	}
	return nil
}

// parse resolves names and \x escapes.
func parse(name string) (string, error) {
	for _, n := range names {
		if n.name == name {
			return n.text, nil
		}
	}
	text := ""
	for rest := name; rest != ""; {
		before, after, found := strings.Cut(rest, `\x`)
		text += before
		if !found {
			break
		}
		var c byte
		if len(after) < 2 {
			return "", fmt.Errorf(`%q: \x wants two hexadecimal digits`, name)
		}
		if _, err := fmt.Sscanf(after[:2], "%02x", &c); err != nil {
			return "", fmt.Errorf(`%q: \x wants two hexadecimal digits`, name)
		}
		text += string(rune(c))
		rest = after[2:]
	}
	return text, nil
}
