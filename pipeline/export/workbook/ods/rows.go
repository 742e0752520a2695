package ods

import (
	"bytes"
	"fmt"
	"io"
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

// rows reads a sheet. A row or a cell that stands for several is given out again.
type rows struct {
	book    *Book
	index   int
	content io.ReadCloser
	scanner *markup.Scanner
	depth   int // of the sheet's element
	err     error

	number  int64 // of the row given out last
	again   int64 // how often kept comes again
	given   int64 // bytes given out
	kept    table.Row
	isLong  bool
	nulls   int // at the end of the row at hand: they count if a cell follows
	text    []byte
	merged  []merge.Range
	covered *merge.Cells
}

func (r *rows) Err() error { return r.err }

func (r *rows) Close() error { return r.content.Close() }

// Next reads up to the next row that has a value.
func (r *rows) Next(row *table.Row) bool {
	for r.err == nil {
		if r.again > 0 {
			r.again--
			r.number++
			if r.number > maxRow {
				r.err = &table.LimitError{What: "it has", Limit: maxRow, Unit: "rows"}
				return false
			}
			if r.given += int64(len(r.kept.Text) + 8*len(r.kept.Cells)); r.given > r.book.limits.Unpacked {
				r.err = &table.LimitError{
					What: "its repeated rows and cells come to", Limit: r.book.limits.Unpacked, Unit: "bytes", Key: "limits.unpacked",
				}
				return false
			}
			copyRow(row, &r.kept, r.number)
			r.fillMerged(row)
			return true
		}
		if !r.scanner.Scan() {
			r.err = r.scanner.Err()
			return false
		}
		s := r.scanner
		switch {
		case s.Kind() == markup.End && s.Depth() < r.depth:
			return false
		case s.Is(markup.Start, "table-row"):
			r.readRow()
		case s.Is(markup.Start, "shapes"), s.Is(markup.Start, "forms"), s.Is(markup.Start, "table"):
			s.Skip()
		}
	}
	return false
}

// copyRow gives a row out with its number.
func copyRow(to, from *table.Row, number int64) {
	to.Reset(number)
	to.Text = append(to.Text[:0], from.Text...)
	to.Cells = append(to.Cells, from.Cells...)
	to.Fault = from.Fault
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

// readRow reads a row and how often it comes.
func (r *rows) readRow() {
	s := r.scanner
	times := repeated(s, "table:number-rows-repeated", maxRow+1)
	depth := s.Depth()
	r.kept.Reset(0)
	r.isLong, r.nulls = false, 0
	for r.err == nil && s.Scan() && s.Depth() >= depth {
		switch {
		case s.Is(markup.Start, "table-cell"):
			r.readCell(false)
		case s.Is(markup.Start, "covered-table-cell"):
			r.readCell(true)
		}
	}
	if r.isLong {
		r.kept.Spoil(table.FaultTooLong, bytes.Clone(r.kept.Text[1:min(len(r.kept.Text), r.book.limits.Record)]))
	}
	if len(r.kept.Cells) == 0 && r.kept.Fault == table.FaultNone {
		r.number += times // blank rows, up to the end of the sheet as often as not
		return
	}
	r.again = times
}

// repeated reads how many rows or cells one stands for.
func repeated(s *markup.Scanner, name string, most int64) int64 {
	value, ok := s.Attr(name)
	n, err := strconv.ParseInt(string(value), 10, 64)
	if !ok || err != nil || n < 1 {
		return 1
	}
	return min(n, most)
}

// readCell reads a cell up to its end. A covered one belongs to a cell before or above it.
func (r *rows) readCell(isCovered bool) {
	s := r.scanner
	times := int(repeated(s, "table:number-columns-repeated", maxColumns+1))
	valueType, _ := s.Attr("office:value-type")
	kind := string(valueType)
	value, hasValue := r.valueOf(kind)
	if _, isFormula := s.Attr("table:formula"); isFormula {
		r.book.formulas[r.index] += int64(times)
	}
	columns := int(repeated(s, "table:number-columns-spanned", maxColumns))
	down := repeated(s, "table:number-rows-spanned", maxRow)
	r.text = r.text[:0]
	hasText := r.readText()
	switch {
	case isCovered:
		r.nulls += times // nothing that stands below a merged cell is shown
		return
	case !hasValue && (kind == "string" || hasText), kind == "string" && value == "":
		value, hasValue = string(r.text), true
	case kind == "float" && isPadded(r.text, value):
		value = string(r.text)
	}
	if !hasValue {
		r.nulls += times
		return
	}
	column := len(r.kept.Cells) + r.nulls
	if column+times > maxColumns {
		r.err = &table.LimitError{What: fmt.Sprintf("row %d has", r.number+1), Limit: maxColumns, Unit: "columns"}
		return
	}
	if (columns > 1 || down > 1) && len(r.merged) < merge.Max {
		r.merged = append(r.merged, merge.Range{
			FirstRow: r.number + 1, LastRow: r.number + down, FirstCol: column, LastCol: min(column+columns, maxColumns) - 1,
		})
	}
	r.kept.AddNull(r.nulls)
	r.nulls = 0
	for range times {
		if len(r.kept.Text)+len(value) > r.book.limits.Record {
			r.isLong = true
			return
		}
		r.kept.Add(value)
	}
}

// valueOf returns the value that a cell has by its type, where that is no text.
func (r *rows) valueOf(kind string) (string, bool) {
	attribute := func(name string) (string, bool) {
		value, ok := r.scanner.Attr(name)
		return string(value), ok
	}
	switch kind {
	case "float", "percentage", "currency":
		value, ok := attribute("office:value")
		return plainNumber(value), ok
	case "date":
		value, ok := attribute("office:date-value")
		value = strings.TrimSuffix(strings.Replace(value, "T", " ", 1), " 00:00:00")
		return value, ok
	case "time":
		value, ok := attribute("office:time-value")
		return clock(value), ok
	case "boolean":
		value, ok := attribute("office:boolean-value")
		return strings.ToUpper(value), ok
	case "string":
		return attribute("office:string-value")
	}
	return "", false
}

// readText collects the paragraphs of a cell.
func (r *rows) readText() bool {
	s := r.scanner
	depth := s.Depth()
	paragraphs, inText := 0, 0
	for s.Scan() && s.Depth() >= depth {
		switch s.Kind() {
		case markup.Start:
			switch s.Name() {
			case "annotation", "shapes", "table":
				s.Skip()
			case "p", "h":
				if paragraphs++; paragraphs > 1 {
					r.text = append(r.text, '\n')
				}
				inText = s.Depth()
			case "s":
				r.append(bytes.Repeat([]byte{' '}, int(repeated(s, "text:c", 1000))))
			case "tab":
				r.append([]byte{'\t'})
			case "line-break":
				r.append([]byte{'\n'})
			}
		case markup.End:
			if s.Depth() < inText {
				inText = 0
			}
		case markup.Text:
			if inText > 0 {
				r.append(s.Text())
			}
		}
	}
	return paragraphs > 0
}

// append keeps no more of a text than tells that it is too long.
func (r *rows) append(text []byte) {
	if len(r.text) <= r.book.limits.Record {
		r.text = append(r.text, text...)
	}
}
