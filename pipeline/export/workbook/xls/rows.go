package xls

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/tapcov/tapcov/pipeline/export/table"
	"github.com/tapcov/tapcov/pipeline/export/workbook/merge"
	"github.com/tapcov/tapcov/pipeline/export/workbook/numfmt"
)

// place is a cell: its row, its column, and where its record is, in this order, so that places sort.
type place uint64

func placeOf(row, column, at int) place {
	return place(row)<<48 | place(column&0xFFFF)<<32 | place(uint32(at))
}

func (p place) row() int    { return int(p >> 48) }
func (p place) column() int { return int(p >> 32 & 0xFFFF) }
func (p place) at() int     { return int(uint32(p)) }

// maxNested is how deep parts of a sheet, such as its charts, may lie within each other.
const maxNested = 16

// rows are the cells of a sheet in order.
type rows struct {
	book   *Book
	index  int // of the sheet
	cells  []place
	merged *merge.Cells
	err    error
}

// Rows finds the cells of a sheet.
func (b *Book) Rows(index int) (table.Rows, error) {
	first, err := b.recordAt(b.sheets[index].offset)
	if err != nil {
		return nil, err
	}
	if first.kind != recordBOF {
		return nil, fmt.Errorf("no sheet begins at byte %d", first.at)
	}
	b.formulas[index] = 0
	r := &rows{book: b, index: index}
	var ranges []merge.Range
	depth := 0
	for at := first.next; ; {
		c, err := b.recordAt(at)
		if err != nil {
			return nil, err
		}
		at = c.next
		switch c.kind {
		case recordBOF:
			if depth++; depth > maxNested {
				return nil, fmt.Errorf("its sheet is nested more than %d deep", maxNested)
			}
			continue
		case recordEOF:
			if depth--; depth < 0 {
				if !slices.IsSorted(r.cells) {
					slices.Sort(r.cells)
				}
				r.merged = merge.New(ranges)
				return r, nil
			}
			continue
		}
		if depth > 0 {
			continue
		}
		if c.kind == recordMerged {
			ranges = appendRanges(ranges, c)
			continue
		}
		if err := r.find(c); err != nil {
			return nil, err
		}
	}
}

func appendRanges(ranges []merge.Range, c record) []merge.Range {
	for i := 2; i+8 <= len(c.data) && len(ranges) < merge.Max; i += 8 {
		ranges = append(ranges, merge.Range{
			FirstRow: int64(c.u16(i)) + 1, LastRow: int64(c.u16(i+2)) + 1, FirstCol: c.u16(i + 4), LastCol: min(c.u16(i+6), maxColumns-1),
		})
	}
	return ranges
}

// maxColumns is what a sheet has at most.
const maxColumns = 256

// find notes the cells of a record.
func (r *rows) find(c record) error {
	last := c.u16(2)
	switch c.kind {
	case recordMulRK:
		if len(c.data) < 6 {
			return fmt.Errorf("its record at byte %d is cut short", c.at)
		}
		last += (len(c.data)-6)/6 - 1
	case recordLabelSST, recordNumber, recordRK, recordLabel, recordRString, recordBoolErr, recordFormula:
		if len(c.data) < minLength[c.kind] {
			return fmt.Errorf("its record at byte %d is cut short", c.at)
		}
	default:
		return nil
	}
	if last >= maxColumns {
		return &table.LimitError{What: fmt.Sprintf("row %d has", c.u16(0)+1), Limit: maxColumns, Unit: "columns"}
	}
	for column := c.u16(2); column <= last; column++ {
		r.cells = append(r.cells, placeOf(c.u16(0), column, c.at))
	}
	if c.kind == recordFormula {
		r.book.formulas[r.index]++
	}
	return nil
}

// minLength is the least length of the records of cells.
var minLength = map[uint16]int{
	recordLabelSST: 10, recordNumber: 14, recordRK: 10, recordLabel: 8, recordRString: 8, recordBoolErr: 8, recordFormula: 14,
}

func (r *rows) Err() error { return r.err }

// Close does nothing.
func (r *rows) Close() error { return nil }

// Next collects the cells of the next row.
func (r *rows) Next(row *table.Row) bool {
	for len(r.cells) > 0 && r.err == nil {
		number := r.cells[0].row()
		row.Reset(int64(number) + 1)
		isLong := false
		for len(r.cells) > 0 && r.cells[0].row() == number {
			cell := r.cells[0]
			r.cells = r.cells[1:]
			if cell.column() < len(row.Cells) {
				continue // the same cell again
			}
			row.AddNull(cell.column() - len(row.Cells))
			r.add(row, cell)
			isLong = isLong || len(row.Text) > r.book.limits.Record
		}
		if isLong {
			row.Spoil(table.FaultTooLong, slices.Clone(row.Text[1:r.book.limits.Record]))
			return r.err == nil
		}
		row.Trim()
		if len(row.Cells) > 0 {
			r.merged.Apply(row)
			return r.err == nil
		}
	}
	return false
}

// add adds a cell as text.
func (r *rows) add(row *table.Row, cell place) {
	c, err := r.book.recordAt(cell.at())
	if err != nil {
		r.err = err
		return
	}
	switch c.kind {
	case recordLabelSST:
		i := c.u32(6)
		if int64(i) >= int64(len(r.book.texts)) {
			r.err = fmt.Errorf("row %d has a cell of the shared text %d, which is not there", cell.row()+1, i)
			return
		}
		row.Add(r.book.texts[i])
	case recordLabel, recordRString:
		text, ok := r.book.textOf(c, 6)
		if !ok {
			r.err = fmt.Errorf("its record at byte %d is cut short", c.at)
			return
		}
		row.Add(text)
	case recordRK:
		r.addNumber(row, c.u16(4), rk(c.u32(6)))
	case recordMulRK:
		i := 4 + 6*(cell.column()-c.u16(2))
		r.addNumber(row, c.u16(i), rk(c.u32(i+2)))
	case recordNumber:
		r.addNumber(row, c.u16(4), math.Float64frombits(binary.LittleEndian.Uint64(c.data[6:])))
	case recordBoolErr:
		row.Add(boolOrError(c.data[6], c.data[7] != 0))
	case recordFormula:
		r.addResult(row, c)
	}
}

func (r *rows) addNumber(row *table.Row, style int, v float64) {
	var format numfmt.Format
	if style < len(r.book.styles) {
		format = r.book.styles[style]
	}
	var buf [64]byte
	row.AddBytes(format.Append(buf[:0], v, r.book.is1904))
}

// addResult adds the value that a formula last had.
func (r *rows) addResult(row *table.Row, c record) {
	const isText, isBool, isError, isBlank = 0, 1, 2, 3
	if c.u16(12) != 0xFFFF {
		r.addNumber(row, c.u16(4), math.Float64frombits(binary.LittleEndian.Uint64(c.data[6:])))
		return
	}
	switch c.data[6] {
	case isBool, isError:
		row.Add(boolOrError(c.data[8], c.data[6] == isError))
	case isBlank:
		row.Add("")
	case isText:
		row.Add(r.resultText(c))
	default:
		row.AddNull(1)
	}
}

// resultText is the text behind a formula.
func (r *rows) resultText(c record) string {
	for range 4 {
		next, err := r.book.recordAt(c.next)
		if err != nil {
			return ""
		}
		switch c = next; c.kind {
		case recordShared, recordArray, recordTable:
		case recordString:
			text, _ := r.book.textOf(c, 0)
			return text
		default:
			return ""
		}
	}
	return ""
}

// rk reads a number of 30 bits.
func rk(v uint32) float64 {
	var f float64
	if v&2 != 0 {
		f = float64(int32(v) >> 2)
	} else {
		f = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

var errorTexts = map[byte]string{
	0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}

func boolOrError(v byte, isError bool) string {
	switch {
	case !isError && v == 0:
		return "FALSE"
	case !isError:
		return "TRUE"
	case errorTexts[v] == "":
		return "#ERROR!"
	}
	return errorTexts[v]
}
