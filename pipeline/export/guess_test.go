package export

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGuessDelimiter(t *testing.T) {
	known := func(header string) bool {
		return strings.Contains(" 终端号 商户号 非接 terminal_id ", " "+header+" ")
	}
	for _, c := range []struct {
		name, text, want string
		known            func(string) bool
	}{
		{"comma", "a,b\n1,2\n", ",", nil},
		{"tab", "a\tb\n1\t2\n", "tab", nil},
		{"semicolon", "a;b\n1;2\n", ";", nil},
		{"bar", "a|b\n1|2\n", "|", nil},
		{"one column", "terminal_id\n1\n2\n", "none", nil},
		{"one known column", "terminal_id\n1\n2\n", "none", known},
		{"one column with commas in it", "address\nA 1\nB 2, left\nC 3\n", "none", nil},
		{"nothing", "", "none", nil},
		{"header only", "终端号|商户号\n", "|", nil},
		{"decimal commas", "a;b;c\n1,5;2,3;3,4\n1,5;2,3;3,4\n", ";", nil},
		{"commas in every address", "a\tb\n1\tx, y\n2\tx, y\n3\tx, y\n", "tab", nil},
		{"lists within a cell", "a,b\n1,x|y|z\n2,x|y|z\n", ",", nil},
		{"quoted", "\"a\";\"b\"\n\"1,5\";\"2,5\"\n", ";", nil},
		{"delimiters in quotes", "\"a;b\",c\n\"d;e\",f\n", ",", nil},
		{"preamble and footer", "银行，2016年\n机构: 1;2;3\n\n终端号,商户号,非接\n1,2,是\n3,4,否\n5,6,否\n合计;3\n", ",", nil},
		{"preamble longer than the table", "a;b\nc;d\ne;f\ng;h\n终端号,商户号,非接\n1,2,是\n", ",", known},
		{"long preamble of one cell", strings.Repeat("line\n", 20) + "终端号|非接\n1|是\n", "|", known},
	} {
		e, err := Open(write(t, "x.csv", []byte(c.text)), Options{Known: c.known})
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Format().Delimiter; got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		e.Close()
	}
}

// repeat writes a header and rows, columns separated by a delimiter.
func repeat(delimiter, header string, rows ...string) string {
	lines := append([]string{header}, slices.Repeat(rows, 3)...)
	return strings.ReplaceAll(strings.Join(lines, "\n")+"\n", "¬", delimiter)
}

// What the profile does not fix is told by the text: delimiter, quote, escape, header, tables.
func TestDialect(t *testing.T) {
	const header = "id¬name¬opened¬share"
	rows := []string{"1¬North, East¬2017-01-31¬0.5", "2¬South¬2017-02-28¬0.25", "3¬West¬2017-03-31¬1"}
	for _, c := range []struct {
		name, text string
		want       string // delimiter, quote, escape
		tables     []string
	}{
		{"two bars", repeat("||", header, rows...), `||`, []string{"1-10 by 4, header 1"}},
		{"tilde and bar", repeat("~|", header, rows...), `~|`, []string{"1-10 by 4, header 1"}},
		{"control character", repeat("\x01", header, rows...), `\x01`, []string{"1-10 by 4, header 1"}},
		{"unit separator", repeat("\x1f", header, rows...), `\x1f`, []string{"1-10 by 4, header 1"}},
		{"caret", repeat("^", header, rows...), "^", []string{"1-10 by 4, header 1"}},
		{"semicolon and decimal commas", repeat(";", header, "1¬a¬31.01.2017¬0,5", "2¬b, c¬28.02.2017¬1,5"), ";", []string{"1-7 by 4, header 1"}},
		{"space", repeat(" ", header, "1¬North¬2017-01-31¬0.5", "2¬\"South End\"¬2017-02-28¬1"), "space", []string{"1-7 by 4, header 1"}},
		{"prose", "All is well.\nThat ends well.\nAs you like it.\nMuch ado, I say, about nothing.\n", "none", []string{"1-4 by 1, header 1"}},
		{"times", "12:30:01\n13:30:02\n14:30:05\n", "none", []string{"1-3 by 1, header 0"}},
		{"apostrophes", repeat(",", "'id'¬'name'", "'1'¬'North, East'", "'2'¬'It''s'"), ", apostrophe", []string{"1-7 by 2, header 1"}},
		{"apostrophes in words", repeat(",", "id¬name", "1¬'t Hooft", "2¬O'Neill"), ",", []string{"1-7 by 2, header 1"}},
		{"backslash", repeat(",", "id¬name", `1¬"say \"no\", please"`, `2¬"x"`), ", backslash", []string{"1-7 by 2, header 1"}},
		{"backslash outside quotes", repeat(",", "id¬name¬n", `1¬a\, b¬2`, `2¬c\, d¬3`, `3¬e¬4`), ", backslash", []string{"1-10 by 3, header 1"}},
		{"backslash that is text", repeat(",", "id¬path", `1¬"C:\dir"`, `2¬C:\x`), ",", []string{"1-7 by 2, header 1"}},
		{"blank before the quote", repeat(", ", "id¬name", `1¬"a, b"`, `2¬"c"`), ", ", []string{"1-7 by 2, header 1"}},
		{"no header", repeat(",", "7¬x¬2017-01-01", "1¬North¬2017-01-31", "2¬South¬2017-02-28"), ",", []string{"1-7 by 3, header 0"}},
		{"preamble", "Report of 2017\n\nmade by: Li\n" + repeat(",", header, rows[1:]...), ",", []string{"4-10 by 4, header 1"}},
		{
			"two tables", repeat(",", header, rows[1:]...) + "\nSecond\n" + repeat(",", "code¬n", "a1¬7", "b2¬8"), ",",
			[]string{"1-7 by 4, header 1", "10-16 by 2, header 1"},
		},
		{
			"two tables of one width", repeat(",", "id¬n", "1¬2") + "\n" + repeat(",", "code¬m", "5¬6"), ",",
			[]string{"1-4 by 2, header 1", "6-9 by 2, header 1"},
		},
		{"ragged rows", repeat(",", header, "1¬a¬2017-01-31¬2", "2¬b¬2017-01-31¬5", "3¬c¬2017-01-31¬3¬4", "4¬d¬2017-01-31¬3"), ",", []string{"1-13 by 4, header 1"}},
		{"header only", "id,name,opened\n", ",", []string{"1-1 by 3, header 1"}},
		{"nothing", "", "none", nil},
	} {
		e, err := Open(write(t, "x.csv", []byte(c.text)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		f := e.Format()
		got := strings.Join(slices.DeleteFunc([]string{f.Delimiter, f.Quote, f.Escape}, func(s string) bool { return s == "" }), " ")
		if got != c.want {
			t.Errorf("%s: got %q, want %q (%q)", c.name, got, c.want, e.Finding().Reasons)
		}
		var tables []string
		for _, table := range e.Finding().Tables {
			last := e.Head().Rows[table.To-1].Line
			tables = append(tables, fmt.Sprintf("%d-%d by %d, header %d", table.Line, last, table.Width, table.Header))
		}
		if diff := cmp.Diff(c.tables, tables); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
		e.Close()
	}
}

func TestFixedDelimiter(t *testing.T) {
	for _, name := range []string{",", ";", "|", "tab", "\t", "none", "||", `\x01`, "§"} {
		e, err := Open(write(t, "x.csv", []byte("a,b\n1,2\n")), Options{Delimiter: name})
		if err != nil {
			t.Fatal(err)
		}
		want := name
		if name == "\t" {
			want = "tab"
		}
		if got := e.Format().Delimiter; got != want {
			t.Errorf("%q: got %q", name, got)
		}
		e.Close()
	}
}

func TestLineEnds(t *testing.T) {
	for text, want := range map[string]string{
		"": "none", "a": "none", "a\nb": "lf", "a\r\nb\r\n": "crlf", "a\rb\r": "cr", "a\nb\r\n": "mixed",
		"\"a\r\nb\"\nc\n": "lf", // within quotes it is text
	} {
		e, err := Open(write(t, "x.csv", []byte(text)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Format().LineEnd; got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
		e.Close()
	}
}

func TestNotes(t *testing.T) {
	for _, c := range []struct{ name, content, encoding, want string }{
		{"x.csv", "a", "", ""},
		{"x.gz", "a", "", "its name ends in .gz, its content is text"},
		{"x.xlsx", "a", "", "its name ends in .xlsx, its content is text"},
		{"x.csv", "\uFEFFa", "gb18030", "its byte-order mark says utf-8"},
		{"x.csv", string(gzipped(t, []byte("a"))), "", "its name ends in .csv, its content is gzip"},
	} {
		path := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := Open(path, Options{Encoding: c.encoding})
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Format().Note; got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		e.Close()
	}
}

// FuzzDialect opens any text: whatever is found, its tables lie within the records, in order.
func FuzzDialect(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a||b\n1||2\n\nc;d\n", "'a','b'\n'1','2'\n", "a\\,b,c\n\"\\\"\",d\n", "12:30 x\n"} {
		f.Add([]byte(seed))
	}
	path := filepath.Join(f.TempDir(), "export")
	f.Fuzz(func(t *testing.T, data []byte) {
		writeTo(t, path, data)
		e, err := Open(path, Options{})
		if err != nil {
			return
		}
		defer e.Close()
		next := 0
		for _, table := range e.Finding().Tables {
			if table.From < next || table.To <= table.From || table.To > len(e.Head().Rows) || table.Header > 1 {
				t.Errorf("%q: table %+v of %d records", data, table, len(e.Head().Rows))
			}
			next = table.To
		}
		if d := e.Finding().Dialect; d.Check() != nil {
			t.Errorf("%q: dialect %+v: %v", data, d, d.Check())
		}
	})
}
