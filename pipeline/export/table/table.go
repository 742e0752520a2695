// Package table is the border between formats that are not lines of text and the rest of export: a
// format yields tables, a table yields rows, a row is cells of text.
//
// A cell is text in canonical form whatever its type was in the file: dates are ISO 8601, numbers are
// written out exactly, nothing at all is null and not the empty text.
package table

import (
	"fmt"
	"unicode/utf8"
)

// An Info says which tables a file has.
type Info struct {
	Name     string // of the sheet, the member or whatever the table is in its file; may be empty
	IsHidden bool   // the program that made the file does not show it

	// Columns are the names of the columns where the format has them and no row does.
	Columns []string
}

// A Reader is a file of tables. It is used by one goroutine at a time. Close it.
type Reader interface {
	// Tables lists the tables in the order of the file.
	Tables() []Info
	// Rows starts to read a table, by its index in Tables. Any number of readings may follow each other,
	// one at a time.
	Rows(index int) (Rows, error)
	// Notes says what whoever delivered the file should know of it, known once the rows were read.
	Notes() []string
	Close() error
}

// Rows are the rows of one table from its first to its last. Close them.
type Rows interface {
	// Next fills the row, which it resets first. It returns false behind the last row and after an error.
	Next(*Row) bool
	// Err is why the rows ended before the table did: the file cannot be used.
	Err() error
	Close() error
}

// Limits bounds what a file may cost. A Reader that meets one ends with an error that names it.
type Limits struct {
	Unpacked int64 // bytes that a packed file may unpack to
	Memory   int64 // bytes that a Reader may keep, about: shared strings and the like
	Record   int   // bytes of one row
}

// A LimitError says that a file asks for more than it may have.
type LimitError struct {
	What  string // what there is too much of, such as "it unpacks to"
	Limit int64
	Unit  string // bytes, columns …
	Key   string // of the configuration that sets the limit, if there is one
}

func (e *LimitError) Error() string {
	s := fmt.Sprintf("%s more than %d %s", e.What, e.Limit, e.Unit)
	if e.Key != "" {
		s += ", the limit that " + e.Key + " sets"
	}
	return s
}

// A Fault says why a row has no cells.
type Fault uint8

// The faults of a row. Its text is then the row as it stands in the file.
const (
	FaultNone     Fault = iota
	FaultEncoding       // bytes that are not text
	FaultTooLong        // longer than Limits.Record
	FaultSyntax         // not what a record of the format is
)

// A Span is where a cell stands in the text of its row. The zero Span is null.
type Span struct{ Start, End uint32 }

// start keeps the Span of an empty text from being that of null.
const start = 1

// between stands between cells in the text of a row.
const between = '\t'

// A Row is the cells of one row. It is used again for the next.
type Row struct {
	Number int64 // of the row in its table, from 1
	Fault  Fault
	Text   []byte // the cells with tabs between them, behind one byte that means nothing
	Cells  []Span
}

// Reset empties the row and gives it a number.
func (r *Row) Reset(number int64) {
	r.Number, r.Fault = number, FaultNone
	r.Text, r.Cells = append(r.Text[:0], between), r.Cells[:0]
}

// Add appends a cell. Bytes that are no UTF-8 make the row a faulty one.
func (r *Row) Add(text string) {
	from := r.begin()
	r.Text = append(r.Text, text...)
	r.end(from)
}

// AddBytes appends a cell.
func (r *Row) AddBytes(text []byte) {
	from := r.begin()
	r.Text = append(r.Text, text...)
	r.end(from)
}

// AddNull appends n cells that are not there.
func (r *Row) AddNull(n int) {
	for range n {
		r.begin()
		r.Cells = append(r.Cells, Span{})
	}
}

// Trim drops the null cells at the end.
func (r *Row) Trim() {
	for len(r.Cells) > 0 && r.Cells[len(r.Cells)-1] == (Span{}) {
		r.Cells = r.Cells[:len(r.Cells)-1]
		r.Text = r.Text[:len(r.Text)-1]
	}
	if len(r.Cells) == 0 {
		r.Text = r.Text[:start]
	}
}

// Spoil makes the row a faulty one that reads as text.
func (r *Row) Spoil(fault Fault, text []byte) {
	r.Fault, r.Cells = fault, r.Cells[:0]
	r.Text = append(r.Text[:start], text...)
}

// Value returns the text of a cell, nil for null.
func (r *Row) Value(i int) []byte {
	if c := r.Cells[i]; c != (Span{}) {
		return r.Text[c.Start:c.End]
	}
	return nil
}

func (r *Row) begin() (from int) {
	if len(r.Cells) > 0 {
		r.Text = append(r.Text, between)
	}
	return len(r.Text)
}

func (r *Row) end(from int) {
	if !utf8.Valid(r.Text[from:]) {
		r.Fault = FaultEncoding
	}
	r.Cells = append(r.Cells, Span{uint32(from), uint32(len(r.Text))})
}

// FormulaNote says how many cells hold formulas, counted by table.
func FormulaNote(counts map[int]int64) []string {
	total := int64(0)
	for _, n := range counts {
		total += n
	}
	switch total {
	case 0:
		return nil
	case 1:
		return []string{"a cell has a formula; the value last computed is read"}
	}
	return []string{fmt.Sprintf("%d cells have formulas; the values last computed are read", total)}
}
