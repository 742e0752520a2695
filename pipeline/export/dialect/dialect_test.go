package dialect_test

import (
	"strings"
	"testing"

	"github.com/tapcov/tapcov/pipeline/export/dialect"
)

func TestParseDelimiter(t *testing.T) {
	for _, c := range []struct{ name, want, fault string }{
		{",", ",", ""},
		{"tab", "\t", ""},
		{"\t", "\t", ""},
		{"space", " ", ""},
		{"none", "", ""},
		{"||", "||", ""},
		{`\x01`, "\x01", ""},
		{`~\x7c\x7E`, "~|~", ""},
		{"§", "§", ""},
		{"", "", "is no delimiter"},
		{`\x1`, "", "two hexadecimal digits"},
		{`\xzz`, "", "two hexadecimal digits"},
		{"a\nb", "", "a line end"},
		{`,"`, "", "a quotation mark"},
		{strings.Repeat("|", 9), "", "1 to 8 bytes"},
	} {
		got, err := dialect.ParseDelimiter(c.name)
		if got != c.want || (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%q: got %q, %v", c.name, got, err)
			continue
		}
		if err != nil {
			continue
		}
		if again, err := dialect.ParseDelimiter(dialect.Name(got)); err != nil || again != got {
			t.Errorf("%q: written as %q, which is read as %q, %v", c.name, dialect.Name(got), again, err)
		}
	}
}

func TestParseQuote(t *testing.T) {
	for _, c := range []struct {
		name string
		want byte
		ok   bool
	}{
		{"quote", '"', true},
		{"apostrophe", '\'', true},
		{`\`, '\\', true},
		{"none", 0, true},
		{"~", '~', true},
		{"", 0, false},
		{"ab", 0, false},
		{" ", 0, false},
		{"中", 0, false},
	} {
		got, err := dialect.ParseQuote(c.name)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("%q: got %q, %v", c.name, got, err)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		dialect dialect.Dialect
		ok      bool
	}{
		{dialect.Dialect{Delimiter: ",", Quote: '"'}, true},
		{dialect.Dialect{Delimiter: ",", Quote: '\'', Escape: '\\'}, true},
		{dialect.Dialect{}, true},
		{dialect.Dialect{Delimiter: "|'", Quote: '\''}, false},
		{dialect.Dialect{Delimiter: `\`, Escape: '\\'}, false},
		{dialect.Dialect{Delimiter: ",", Quote: '"', Escape: '"'}, false},
	} {
		if err := c.dialect.Check(); (err == nil) != c.ok {
			t.Errorf("%+v: got %v", c.dialect, err)
		}
	}
}
