package conform

import (
	"bytes"
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

const (
	maxRawText = 4 << 10 // bytes
	hidden     = "***"   // stands for the cell of a private column
)

// reject is a row of the rejects: a record set aside, or a field defect.
type reject struct {
	line          int64
	at            int // of the cell, -1 for the whole row
	class, reason string
	column        string
	header        string
	value         []byte // nil for none
	raw           []byte // nil for none
	acquirer      string
}

// setAside adds a record that is not in the inventory. value is the cell to blame, if one is.
func (w *worker) setAside(i int, class, reason string, value []byte) {
	r := reject{
		line: w.block.Rows[i].Line, at: -1, class: class, reason: reason,
		raw: w.rawText(i), acquirer: w.acquirerOf(i),
	}
	if value != nil {
		id := &w.columns[w.id]
		r.column, r.header, r.value, r.at = id.name, id.header, id.shown(value), id.cells[0]
	}
	w.rejects = append(w.rejects, r)
	count(&w.tally.Reasons, reason, 1)
	if class == ClassTerminal {
		w.tally.RejectTerminal++
	} else {
		w.tally.RejectNotTerminal++
	}
}

// blame adds a field defect of a row of the batch.
func (w *worker) blame(c *column, row int, f fault, raw []byte) {
	if f == faultWord && mustBeKnown(c.name) {
		w.tally.Unknown.add(c.name, clipped(c.shown(fold.Trim(raw))), w.lines[row])
		return // Check refuses the export
	}
	w.defect(c, row, f.reason(), raw)
}

// blameID adds a field defect for a damaged identifier.
func (w *worker) blameID(c *column, row int, damage string, raw []byte) {
	w.defect(c, row, c.name+"_"+damage, raw)
}

func (w *worker) defect(c *column, row int, reason string, raw []byte) {
	if len(c.cells) > 1 {
		raw = joinLevels(&c.scratch, raw)
	}
	acquirer := &w.columns[w.acquirer]
	text := acquirer.constant
	if len(acquirer.cells) > 0 {
		text = acquirer.textOf(acquirer.raw(w.block, w.selected[row-w.first]))
	}
	w.rejects = append(w.rejects, reject{
		line: w.lines[row] - w.origin, at: firstOf(c.cells), class: ClassField, reason: reason,
		column: c.name, header: c.header, value: c.shown(raw), acquirer: text,
	})
	count(&w.tally.Defects, reason, 1)
}

func firstOf(cells []int) int {
	if len(cells) == 0 {
		return -1
	}
	return cells[0]
}

// shown returns a copy of a cell as it may be written: card numbers masked, unless the column is of
// identifiers; nothing of a private one.
func (c *column) shown(raw []byte) []byte {
	if c.isPrivate {
		return []byte(hidden)
	}
	raw = cut(raw, 2*maxRawText) // a card number across the final cut is still seen whole
	if c.kind != kindTerminalID && c.kind != kindIdentifier {
		raw = Mask(raw)
	}
	return bytes.Clone(cut(raw, maxRawText))
}

// textOf returns the value that a raw cell of a dictionary column stands for, "" for none.
func (c *column) textOf(raw []byte) string {
	if m := c.meaningOf(raw); m.index != nullIndex {
		return string(c.known.values.at(m.index))
	}
	return ""
}

// acquirerOf returns the acquirer of a record that is set aside, where it can be read: a record of
// another width than the header's has its cells in unknown places.
func (w *worker) acquirerOf(i int) string {
	acquirer := &w.columns[w.acquirer]
	if len(acquirer.cells) == 0 {
		return acquirer.constant
	}
	if row := w.block.Rows[i]; row.Fault == export.FaultNone && w.hasShape(int(row.Count)) {
		return acquirer.textOf(acquirer.raw(w.block, row.First))
	}
	return ""
}

func (w *worker) hasShape(count int) bool { return count >= w.needed && count <= w.width }

// rawText returns a record as it may be written: card numbers masked outside the identifiers'
// cells, private cells hidden, cut to 4 KiB. Where private cells cannot be told from others, or
// stand elsewhere than in the raw text, nothing may be written.
func (w *worker) rawText(i int) []byte {
	row := w.block.Rows[i]
	raw := w.block.Raw(i)
	readable := row.Fault == export.FaultNone && w.hasShape(int(row.Count))
	if !readable {
		if len(w.private) > 0 {
			return nil
		}
		if row.Fault == export.FaultTooLong {
			raw = hideCutNumber(raw)
		}
		return cut(maskTorn(cut(raw, 2*maxRawText)), maxRawText)
	}
	cells := w.block.Row(i)
	var kept []span
	for _, at := range w.identifiers {
		if s, ok := spanIn(cells[at], row); ok {
			kept = append(kept, s)
		}
	}
	masked := maskAll(raw, kept, false)
	if len(w.private) > 0 {
		var ok bool
		if masked, ok = hide(masked, cells, w.private, row); !ok {
			return nil
		}
	}
	return cut(masked, maxRawText)
}

// hide replaces the private cells of a record's raw text; false if one of them is not part of it.
func hide(raw []byte, cells []export.Cell, private []int, row export.Row) ([]byte, bool) {
	var shown []byte
	from := 0
	for _, at := range private { // in ascending order
		s, ok := spanIn(cells[at], row)
		switch {
		case cells[at].Start == cells[at].End:
			continue
		case !ok || s.start < from:
			return nil, false
		}
		shown = append(append(shown, raw[from:s.start]...), hidden...)
		from = s.end
	}
	return append(shown, raw[from:]...), true
}

// spanIn returns where a cell stands in the raw text of its record.
func spanIn(cell export.Cell, row export.Row) (span, bool) {
	ok := cell.Start >= row.Start && cell.End <= row.End && cell.Start <= cell.End
	return span{int(cell.Start) - int(row.Start), int(cell.End) - int(row.Start)}, ok
}

// cut returns at most limit bytes of text, whole characters.
func cut(text []byte, limit int) []byte {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// newRejects builds the reject batch in order of line, nil if there are no rejects.
func (w *worker) newRejects() arrow.RecordBatch {
	rejects := w.rejects
	if len(rejects) == 0 {
		return nil
	}
	slices.SortStableFunc(rejects, func(a, b reject) int { return cmp.Compare(a.line, b.line) })
	builder := array.NewRecordBuilder(w.file.Memory, w.rejectSchema)
	defer builder.Release()
	builder.Reserve(len(rejects))
	text := func(field int, value []byte) {
		column := builder.Field(field).(*array.StringBuilder)
		if len(value) == 0 {
			column.AppendNull()
			return
		}
		column.BinaryBuilder.Append(bytes.ToValidUTF8(value, []byte("\uFFFD")))
	}
	for _, r := range rejects {
		builder.Field(0).(*array.Int64Builder).Append(w.origin + r.line)
		text(1, []byte(r.class))
		text(2, []byte(r.reason))
		text(3, []byte(r.column))
		text(4, []byte(r.header))
		text(5, r.value)
		text(6, r.raw)
		text(7, []byte(r.acquirer))
		text(8, []byte(w.cellAddress(r.line, r.at)))
	}
	return builder.NewRecordBatch()
}
