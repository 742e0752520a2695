package conform

import (
	"bytes"

	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// sift sorts the records from..to of the Block: skipped, set aside, or selected as rows of the
// inventory with their terminal id and line.
func (w *worker) sift(from, to int) {
	w.selected = w.selected[:0]
	for i := from; i < to; i++ {
		row := &w.block.Rows[i]
		switch {
		case row.Line <= w.above:
			w.skip(row.Line)
		case row.Fault != export.FaultNone:
			w.setAside(i, ClassTerminal, faultReason(row.Fault), nil)
		default:
			w.siftRecord(i, row)
		}
	}
}

func (w *worker) skip(line int64) {
	if line == w.layout.HeaderLine {
		w.tally.Header++
	} else {
		w.tally.Preamble++
	}
}

// siftRecord judges a record that was split into cells. Nearly every record has the header's width
// and a good id and takes the short way down.
func (w *worker) siftRecord(i int, row *export.Row) {
	if w.trailer != nil && w.siftTrailer(i) {
		return
	}
	if count := int(row.Count); count != w.width && (count < w.needed || count > w.width) {
		if count < w.needed || !isBlank(w.block, w.block.Row(i)[w.width:]) {
			w.siftMisshapen(i)
			return
		}
	}
	cells := w.block.Row(i)
	if first := w.block.Text(cells[0]); (len(first) == 0 || mayBeLabel(first)) && w.siftTotal(i) {
		return
	}
	id := &w.columns[w.id]
	raw := w.block.Text(cells[id.cells[0]])
	value := raw
	if id.isRuled {
		value = id.ruled(raw)
	}
	if !isPlainID(value) {
		var damage string
		value, damage = cleanID(&id.scratch, value)
		if damage != "" || w.isNote(cells) || w.isHeaderID(raw) {
			w.siftDamaged(i, damage, raw)
			return
		}
	}
	if len(raw) == len(w.headerID) && bytes.Equal(raw, w.headerID) {
		w.setAside(i, ClassNotTerminal, reasonHeader, nil)
		return
	}
	if w.file.Source.NumericIDs {
		var padded bool
		if value, padded = padID(&id.scratch, value); padded {
			w.padded++
		}
	}
	if len(value) > terminalIDShape {
		w.misshapen++
	}
	id.text.append(value)
	w.selected = append(w.selected, row.First)
	w.lines = append(w.lines, w.origin+row.Line)
}

// siftMisshapen judges a record with fewer cells than the header, or more that are not blank.
func (w *worker) siftMisshapen(i int) {
	cells := w.block.Row(i)
	filled := countFilled(w.block, cells)
	reason := reasonColumnsMissing
	if len(cells) > w.width {
		reason = reasonColumnsExtra
	}
	switch {
	case filled == 0:
		w.setAside(i, ClassNotTerminal, reasonBlank, nil)
	case w.siftTotal(i):
	case w.isNote(cells):
		w.setAside(i, ClassNotTerminal, reasonNote, nil)
	case reason == reasonColumnsMissing && w.file.Source.Format.ShortRows == "pad":
		w.pad(&w.block.Rows[i])
		w.shortened++
		w.siftRecord(i, &w.block.Rows[i])
	default:
		w.setAside(i, ClassTerminal, reason, nil)
	}
}

// pad gives a record the cells that it lacks, blank.
func (w *worker) pad(row *export.Row) {
	b := w.block
	first := len(b.Cells)
	b.Cells = append(b.Cells, b.Cells[row.First:row.First+row.Count]...)
	b.Cells = append(b.Cells, make([]export.Cell, w.width-int(row.Count))...)
	row.First, row.Count = uint32(first), uint32(w.width)
}

// isHeaderID reports whether a cell is the header of the terminal id: in a file that was put together
// from several, a byte-order mark may stand before it, and before its quotes.
func (w *worker) isHeaderID(raw []byte) bool {
	raw = bytes.TrimPrefix(fold.Trim(raw), []byte("\uFEFF"))
	return len(raw) > 0 && (bytes.Equal(raw, w.headerID) || bytes.Equal(bytes.Trim(raw, `"`), fold.Trim(w.headerID)))
}

// siftDamaged judges a record whose terminal id cannot be used.
func (w *worker) siftDamaged(i int, damage string, raw []byte) {
	cells := w.block.Row(i)
	filled := countFilled(w.block, cells)
	switch {
	case filled == 0:
		w.setAside(i, ClassNotTerminal, reasonBlank, nil)
	case w.isHeaderID(raw):
		w.setAside(i, ClassNotTerminal, reasonHeader, nil)
	case w.isNote(cells):
		w.setAside(i, ClassNotTerminal, reasonNote, nil)
	default:
		w.setAside(i, ClassTerminal, terminalIDColumn+"_"+damage, raw)
	}
}

// isNote reports whether a record is prose below the table: a note stands in it alone.
func (w *worker) isNote(cells []export.Cell) bool {
	first := firstFilled(w.block, cells)
	return w.width > 2 && first < len(cells) && startsNote(w.block.Text(cells[first])) &&
		countFilled(w.block, cells) == 1
}

// siftTotal sets a row of totals aside and keeps the count it prints. A row is one if its first
// filled cell is a label and it looks like no terminal: the label stands in the id's place, or half
// of the cells are empty, or all others are numbers.
func (w *worker) siftTotal(i int) bool {
	cells := w.block.Row(i)
	first := firstFilled(w.block, cells)
	if first == len(cells) {
		return false
	}
	l, ok := totalLabel(w.block.Text(cells[first]))
	if !ok {
		return false
	}
	filled := countFilled(w.block, cells)
	at := w.columns[w.id].cells[0]
	if first != at && 2*filled > w.width && !allNumbers(w.block, cells[first+1:]) {
		return false
	}
	if first != at && at < len(cells) && l.text[0] < 0x80 && len(w.block.Text(cells[at])) == terminalIDShape {
		return false // the filling stations of Total have terminals too
	}
	if !l.hasCount && at != first && at < len(cells) {
		l.count, l.hasCount = printedCount(w.block.Text(cells[at]))
	}
	if next := first + 1; !l.hasCount && filled == 2 && next < min(len(cells), w.width) && !w.isMeasure[next] {
		l.count, l.hasCount = printedCount(w.block.Text(cells[next]))
	}
	total := Total{Line: w.origin + w.block.Rows[i].Line, Label: l.text}
	if l.hasCount && !l.isSubtotal {
		count := l.count
		total.Count = &count
	}
	w.tally.Totals = append(w.tally.Totals, total)
	w.setAside(i, ClassNotTerminal, reasonTotal, nil)
	return true
}

// printedCount reads a count of terminals as a total prints it, a unit after it or not.
func printedCount(cell []byte) (int64, bool) {
	var scratch []byte
	text := foldInto(&scratch, cell)
	for _, unit := range []string{"台", "户", "条", "个"} {
		text = bytes.TrimSuffix(text, []byte(unit))
	}
	return parseCount(fold.Trim(text))
}

func allNumbers(block *export.Block, cells []export.Cell) bool {
	for _, cell := range cells {
		text := fold.Trim(block.Text(cell))
		if len(bytes.Trim(text, "0123456789,.%-+ ")) > 0 {
			return false
		}
	}
	return true
}

func isBlank(block *export.Block, cells []export.Cell) bool {
	return firstFilled(block, cells) == len(cells)
}

// firstFilled returns the index of the first cell that is not blank, len(cells) if all are.
func firstFilled(block *export.Block, cells []export.Cell) int {
	for i, cell := range cells {
		if len(fold.Trim(block.Text(cell))) > 0 {
			return i
		}
	}
	return len(cells)
}

func countFilled(block *export.Block, cells []export.Cell) int {
	filled := 0
	for _, cell := range cells {
		if len(fold.Trim(block.Text(cell))) > 0 {
			filled++
		}
	}
	return filled
}
