package xmlss

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/tapcov/tapcov/pipeline/export/table"
	"github.com/tapcov/tapcov/pipeline/export/workbook/markup"
	"github.com/tapcov/tapcov/pipeline/export/workbook/merge"
)

// What a sheet may have at most, as programs do.
const (
	maxColumns = 16_384
	maxRow     = 1 << 20
)

// rows reads a sheet.
type rows struct {
	book    *Book
	index   int
	scanner *markup.Scanner
	depth   int // of the element of the table
	isEnded bool
	err     error

	number  int64          // of the last row
	column  int            // of the last cell or column
	style   string         // of the row
	columns map[int]string // styles of columns
	text    []byte
	isLong  bool
	merged  []merge.Range
	covered *merge.Cells
	below   map[int]int64 // the last row to which a cell above is merged, by column
}

func (r *rows) Err() error { return r.err }

func (r *rows) Close() error { return nil }

// Next reads up to the next row that has a value.
func (r *rows) Next(row *table.Row) bool {
	for !r.isEnded && r.err == nil {
		s := r.scanner
		if !s.Scan() {
			r.err = s.Err()
			return false
		}
		switch {
		case s.Kind() == markup.End && s.Depth() < r.depth:
			r.isEnded = true
		case s.Is(markup.Start, "Column"):
			r.readColumn()
		case s.Is(markup.Start, "Row"):
			r.readRow(row)
			if r.err == nil && (len(row.Cells) > 0 || row.Fault != table.FaultNone) {
				return true
			}
		}
	}
	return false
}

// place reads where a row, column or cell stands, from 1, if it does not follow the one before it.
func (r *rows) place(what string, last, most int64) int64 {
	next := last + 1
	if text, ok := r.scanner.Attr("Index"); ok {
		n, err := strconv.ParseInt(string(text), 10, 64)
		if err != nil || n < next {
			r.err = fmt.Errorf("%s %.20q follows %s %d", what, text, what, last)
			return next
		}
		next = n
	}
	if next > most {
		r.err = &table.LimitError{What: "it has", Limit: most, Unit: what + "s"}
	}
	return next
}

// further reads how many more rows or columns an element stands for, or a cell covers.
func further(s *markup.Scanner, name string, most int64) int64 {
	text, _ := s.Attr(name)
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return min(n, most)
}

func (r *rows) readColumn() {
	first := r.place("column", int64(r.column+1), maxColumns)
	last := first + further(r.scanner, "Span", maxColumns)
	if name := attribute(r.scanner, "StyleID"); name != "" {
		for at := first; at <= min(last, maxColumns); at++ {
			r.columns[int(at-1)] = name
		}
	}
	r.column = int(last - 1)
}

func (r *rows) readRow(row *table.Row) {
	s := r.scanner
	if r.number = r.place("row", r.number, maxRow); r.err != nil {
		return
	}
	after := further(s, "Span", maxRow)
	r.style, r.column, r.isLong = attribute(s, "StyleID"), -1, false
	row.Reset(r.number)
	for depth := s.Depth(); r.err == nil && s.Scan() && s.Depth() >= depth; {
		if s.Is(markup.Start, "Cell") {
			r.readCell(row)
		}
	}
	if r.isLong {
		row.Spoil(table.FaultTooLong, bytes.Clone(row.Text[1:min(len(row.Text), r.book.limits.Record)]))
	}
	r.fillMerged(row)
	r.number += after
}

// fillMerged gives the row what is merged downwards into it.
func (r *rows) fillMerged(row *table.Row) {
	if len(r.merged) == 0 && r.covered == nil {
		return
	}
	if r.covered == nil {
		r.covered = merge.New(nil)
	}
	r.covered.Add(r.merged)
	r.merged = r.merged[:0]
	r.covered.Apply(row)
}

// readCell reads a cell up to its end.
func (r *rows) readCell(row *table.Row) {
	s := r.scanner
	if _, isPlaced := s.Attr("Index"); !isPlaced {
		for r.below[r.column+1] >= r.number { // programs pass over what a cell above covers
			r.column++
		}
	}
	at := int(r.place("column", int64(r.column+1), maxColumns)) - 1
	if r.err != nil {
		return
	}
	name := attribute(s, "StyleID")
	if name == "" {
		name = r.style
	}
	if name == "" {
		name = r.columns[at]
	}
	across, down := int(further(s, "MergeAcross", maxColumns)), further(s, "MergeDown", maxRow)
	if across+int(down) > 0 && len(r.merged) < merge.Max {
		last := min(at+across, maxColumns-1)
		r.merged = append(r.merged, merge.Range{FirstRow: r.number, LastRow: r.number + down, FirstCol: at, LastCol: last})
		for column := at; column <= last && down > 0; column++ {
			r.below[column] = r.number + down
		}
	}
	r.column = at + across
	if _, isFormula := s.Attr("Formula"); isFormula {
		r.book.formulas[r.index]++
	}
	kind, isSet := r.readData()
	switch {
	case !isSet || r.isLong:
		return
	case len(row.Text)+len(r.text) > r.book.limits.Record:
		r.isLong = true
		return
	}
	row.AddNull(at - len(row.Cells))
	r.add(row, kind, name)
}

// readData collects the text of the cell's Data, and tells its type.
func (r *rows) readData() (kind string, isSet bool) {
	s := r.scanner
	r.text = r.text[:0]
	inData := 0
	for depth := s.Depth(); s.Scan() && s.Depth() >= depth; {
		switch {
		case s.Is(markup.Start, "Comment"), s.Is(markup.Start, "PhoneticText"):
			s.Skip()
		case s.Is(markup.Start, "Data"):
			kind, isSet, inData = attribute(s, "Type"), true, s.Depth()
		case s.Kind() == markup.End && s.Depth() < inData:
			inData = 0
		case s.Kind() == markup.Text && inData > 0 && len(r.text) <= r.book.limits.Record:
			r.text = append(r.text, s.Text()...)
		}
	}
	return kind, isSet
}

// add adds the cell as text.
func (r *rows) add(row *table.Row, kind, style string) {
	switch text := bytes.TrimSpace(r.text); kind {
	case "Number":
		var buf [64]byte
		if len(text) == 0 {
			row.AddNull(1)
			return
		}
		row.AddBytes(r.book.formatOf(style).AppendText(buf[:0], text, false))
	case "DateTime":
		row.Add(moment(string(text)))
	case "Boolean":
		row.Add(map[bool]string{true: "TRUE", false: "FALSE"}[string(text) == "1"])
	default:
		row.AddBytes(r.text)
	}
}

// moment writes 2016-03-31T00:00:00.000 as a date, or as a time where the day stands for none.
func moment(text string) string {
	day, clock, found := strings.Cut(text, "T")
	if !found {
		return text
	}
	if whole, fraction, ok := strings.Cut(clock, "."); ok && strings.Trim(fraction, "0") == "" {
		clock = whole
	}
	switch {
	case day == "1899-12-31":
		return clock
	case clock == "00:00:00":
		return day
	}
	return day + " " + clock
}
