package export

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
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

func TestFixedDelimiter(t *testing.T) {
	for _, name := range []string{",", ";", "|", "tab", "\t", "none"} {
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
		{"x.gz", "a", "", "its name ends in .gz, its container is none"},
		{"x.xlsx", "a", "", "its name ends in .xlsx, its content is text"},
		{"x.csv", "\uFEFFa", "gb18030", "its byte-order mark says utf-8"},
		{"x.csv", string(gzipped(t, []byte("a"))), "", "its name ends in .csv, its container is gzip"},
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
