package reports

import (
	"bufio"
	"database/sql"
	"io"
	"strconv"
	"strings"
)

// byteOrderMark makes a spreadsheet read a CSV file as UTF-8.
const byteOrderMark = "\ufeff"

// csvTable writes one CSV file: UTF-8 with a byte order mark, comma, CRLF, a header of column
// names. A null is an empty cell. Cells are added left to right and end closes the row; the first
// error of the writer is kept and returned by close.
//
// encoding/csv is not used: it drops carriage returns within cells, and a large coverage file
// would cost it an allocation a cell.
type csvTable struct {
	w   *bufio.Writer
	row []byte
	err error
}

func newCSVTable(w io.Writer, columns ...string) *csvTable {
	t := &csvTable{w: bufio.NewWriterSize(w, 1<<16)}
	t.row = append(t.row, byteOrderMark...)
	for _, column := range columns {
		t.text(column)
	}
	t.end()
	return t
}

// text adds a text cell, in which nothing acts on a terminal that prints it. Text that a spreadsheet would run as a formula gets a leading apostrophe.
func (t *csvTable) text(s string) *csvTable {
	s = visible(s)
	formula := StartsFormula(s)
	if !formula && !strings.ContainsAny(s, ",\"\r\n") && !strings.HasPrefix(s, " ") {
		t.row = append(append(t.row, s...), ',')
		return t
	}
	t.row = append(t.row, '"')
	if formula {
		t.row = append(t.row, '\'')
	}
	for i := range len(s) {
		if s[i] == '"' {
			t.row = append(t.row, '"')
		}
		t.row = append(t.row, s[i])
	}
	t.row = append(t.row, '"', ',')
	return t
}

// StartsFormula reports whether a spreadsheet may take the text for a formula: by its first
// character or its full-width twin, or because a leading tab or line end is dropped on reading.
func StartsFormula[Text string | []byte](s Text) bool {
	if len(s) == 0 {
		return false
	}
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n':
		return true
	case twinLead:
		for _, twin := range []string{"＝", "＋", "－", "＠"} {
			if strings.HasPrefix(string(s[:min(len(s), len(twin))]), twin) {
				return true
			}
		}
	}
	return false
}

// twinLead is the first byte of the full-width twins.
const twinLead = 0xEF

func (t *csvTable) texts(cells ...string) *csvTable {
	for _, cell := range cells {
		t.text(cell)
	}
	return t
}

// both adds a text in English and in Chinese.
func (t *csvTable) both(text Text) *csvTable { return t.texts(text.In("en"), text.In("zh")) }

func (t *csvTable) number(n int64) *csvTable {
	t.row = append(strconv.AppendInt(t.row, n, 10), ',')
	return t
}

func (t *csvTable) numbers(cells ...int64) *csvTable {
	for _, cell := range cells {
		t.number(cell)
	}
	return t
}

func (t *csvTable) optional(n sql.Null[int64]) *csvTable {
	if !n.Valid {
		return t.null()
	}
	return t.number(n.V)
}

func (t *csvTable) null() *csvTable {
	t.row = append(t.row, ',')
	return t
}

// positive adds a count of which 0 means that it is not known.
func (t *csvTable) positive(n int64) *csvTable {
	return t.optional(sql.Null[int64]{V: n, Valid: n > 0})
}

func (t *csvTable) boolean(b bool) *csvTable {
	t.row = append(strconv.AppendBool(t.row, b), ',')
	return t
}

// share adds num/den with six decimals, rounded half up, or null where den is 0.
func (t *csvTable) share(r Ratio) *csvTable {
	switch {
	case !r.Exists():
		return t.null()
	case r.Num < 0 || r.Den < 0 || r.Num > r.Den:
		t.row = append(t.row, r.Decimal(6, HalfUp)...)
	default:
		t.row = appendShare(t.row, r.Num, r.Den)
	}
	t.row = append(t.row, ',')
	return t
}

// end closes the row; the cells' last comma becomes the line end.
func (t *csvTable) end() {
	t.row = append(t.row[:len(t.row)-1], '\r', '\n')
	if t.err == nil {
		_, t.err = t.w.Write(t.row)
	}
	t.row = t.row[:0]
}

func (t *csvTable) close() error {
	if t.err != nil {
		return t.err
	}
	return t.w.Flush()
}
