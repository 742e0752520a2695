package export

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/export/dialect"
)

// splitText splits a whole text; faults are set, cells are text and "∅".
func splitText(text string, d dialect.Dialect, limit int) []record {
	s := splitter{syntax: syntaxOf(d), limit: limit}
	s.reset(append([]byte(text), make([]byte, padding)...), len(text), true)
	s.run(0)
	for i := range s.rows {
		s.rows[i].Line++
	}
	return records(&Block{Data: s.data, Cells: s.cells, Rows: s.rows})
}

type splitCase struct {
	name, text string
	want       []record
}

// check splits each text, in every dialect, at most 20 bytes a record.
func (c splitCase) check(t *testing.T) {
	t.Helper()
	if diff := cmp.Diff(c.want, splitText(c.text, comma, 20)); diff != "" {
		t.Errorf("%s: -want +got\n%s", c.name, diff)
	}
	for _, d := range dialects {
		text := c.text
		if d.Delimiter != "" {
			text = strings.ReplaceAll(text, ",", d.Delimiter)
		}
		if d.Quote != 0 {
			text = strings.ReplaceAll(text, "\"", string(rune(d.Quote)))
		}
		if diff := cmp.Diff(reference([]byte(text), nil, d, 20), splitText(text, d, 20)); diff != "" {
			t.Errorf("%s in dialect %+v: -want +got\n%s", c.name, d, diff)
		}
	}
}

// comma is the usual dialect.
var comma = dialect.Dialect{Delimiter: ",", Quote: '"'}

func row(line int64, raw string, cells ...string) record {
	return record{Line: line, Raw: raw, Cells: cells}
}

func fault(line int64, fault Fault, raw string) record {
	return record{Line: line, Raw: raw, Fault: fault}
}

func TestSplit(t *testing.T) {
	for _, c := range []splitCase{
		{"nothing", "", nil},
		{"no line end", "a,b", []record{row(1, "a,b", "a", "b")}},
		{"line ends", "a\nb\r\nc\rd", []record{row(1, "a", "a"), row(2, "b", "b"), row(3, "c", "c"), row(4, "d", "d")}},
		{"blank lines", "\n\r\n\r\ra\n", []record{row(1, ""), row(2, ""), row(3, ""), row(4, ""), row(5, "a", "a")}},
		{"null and empty", "a,,\"\",\n,", []record{row(1, "a,,\"\",", "a", null, "", null), row(2, ",", null, null)}},
		{"only an empty cell", "\"\"\n", []record{row(1, "\"\"", "")}},
		{
			"quotes", "\"a,b\",\"c\"\"d\"\"\",\"\"\"\"\n",
			[]record{row(1, "\"a,b\",\"c\"\"d\"\"\",\"\"\"\"", "a,b", "c\"d\"", "\"")},
		},
		{"quote within a cell", "a\"b,c\"\"\n", []record{row(1, "a\"b,c\"\"", "a\"b", "c\"\"")}},
		{"blank before a quote", "a, \"b\n", []record{row(1, "a, \"b", "a", " \"b")}},
		{
			"line breaks in quotes", "\"a\nb\r\nc\rd\",e\nf\n",
			[]record{row(1, "\"a\nb\r\nc\rd\",e", "a\nb\r\nc\rd", "e"), row(5, "f", "f")},
		},
		{
			"NUL and byte-order mark", "a\x00b,\x00\n\uFEFFc\n",
			[]record{row(1, "a\x00b,\x00", "a\x00b", "\x00"), row(2, "\uFEFFc", "\uFEFFc")},
		},
		{"byte beside a delimiter", "a,-b,,-\n", []record{row(1, "a,-b,,-", "a", "-b", null, "-")}},
	} {
		c.check(t)
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []splitCase{
		{"text behind a quote", "\"a\"b,c\nd\n", []record{fault(1, FaultQuote, "\"a\"b,c"), row(2, "d", "d")}},
		{
			"text behind a quote on a later line", "x,\"a\nb\"c\nd\n",
			[]record{fault(1, FaultQuote, "x,\"a"), row(2, "b\"c", "b\"c"), row(3, "d", "d")},
		},
		{
			"open quote", "a,\"b\nc,d\ne\n",
			[]record{fault(1, FaultOpenQuote, "a,\"b"), row(2, "c,d", "c", "d"), row(3, "e", "e")},
		},
		{
			"open quote at the limit", "\"" + strings.Repeat("0123456789\n", 4),
			[]record{
				fault(1, FaultOpenQuote, "\"0123456789"), row(2, "0123456789", "0123456789"),
				row(3, "0123456789", "0123456789"), row(4, "0123456789", "0123456789"),
			},
		},
		{
			"closed at the limit", "\"0123456789\n0123456\"\nb\n",
			[]record{row(1, "\"0123456789\n0123456\"", "0123456789\n0123456"), row(3, "b", "b")},
		},
		{
			"as long as the limit and longer", "01234567890123456789\r\n012345678901234567890\r\n中中中中中中中中\n",
			[]record{
				row(1, "01234567890123456789", "01234567890123456789"), fault(2, FaultTooLong, "01234567890123456789"),
				fault(3, FaultTooLong, "中中中中中中"),
			},
		},
	} {
		c.check(t)
	}
}

// Every cell length meets every place in the window that is looked at together.
func TestSplitAtEveryPlace(t *testing.T) {
	for n := range 2 * window {
		for _, cell := range []string{"", "x", "-", "\"a,b\"", "\"\"", "\"a\"\"b\""} {
			text := fmt.Sprintf("%s,%s,%s\n%s,z\r\n", strings.Repeat("y", n), cell, cell, cell)
			if diff := cmp.Diff(reference([]byte(text), nil, comma, 1000), splitText(text, comma, 1000)); diff != "" {
				t.Fatalf("%q: -want +got\n%s", text, diff)
			}
		}
	}
}

// Without memory of earlier failures each of these lines would be read up to the limit: hours.
func TestSplitIsLinear(t *testing.T) {
	const lines = 150_000
	for _, c := range []struct {
		line, last string
		limit      int
		fault      Fault
	}{
		{"a\",\"\n", "", defaultRecordLimit, FaultOpenQuote},
		{"a\",\"\r", "", defaultRecordLimit, FaultOpenQuote},
		{"a\",\"\n", "", 100_000, FaultOpenQuote},
		{"a\",\"\n", "a\",b" + strings.Repeat(",b", 300_000), 500_000, FaultTooLong},
		{"a\",\"\n", "a\"b", defaultRecordLimit, FaultQuote},
	} {
		got := splitText(strings.Repeat(c.line, lines)+c.last, comma, c.limit)
		if len(got) < lines {
			t.Errorf("%q: got %d rows, want %d", c.line, len(got), lines)
			continue
		}
		for i, r := range got[lines/2 : lines] {
			if r.Line != int64(lines/2+i+1) || r.Fault == FaultNone {
				t.Errorf("%q: row %d is %+v", c.line, lines/2+i, r)
				break
			}
		}
		if got[lines-1].Fault != c.fault {
			t.Errorf("%q: got fault %d, want %d", c.line, got[lines-1].Fault, c.fault)
		}
	}
}
