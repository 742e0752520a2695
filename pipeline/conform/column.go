package conform

import (
	"slices"

	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// bound is a canonical column and where its values come from in one export.
type bound struct {
	name      string
	kind      kind
	header    string // in the file; empty if no cell is read
	cells     []int  // positions in a record; none: a constant or null; several: the levels of a region, -1 for one that is not there
	constant  string // with no cells: the value of every row, "" for null
	number    int64  // the constant of a date, a time or a count
	isPrivate bool   // its cells are shown nowhere
	isRuled   bool   // the profile transforms its text
	isTrait   bool   // the rows hold the number of a combination instead of its values
	isStated  bool   // it says what the export is, and is in no row of the inventory
	isMonth   bool   // a date that may be a month
	interpreter
}

// column collects the values of a bound column for one batch.
type column struct {
	*bound
	text    texts      // kindTerminalID, kindIdentifier, kindText
	small   []int32    // dictionary indexes, days
	large   []int64    // counts, timestamps
	nulls   nulls      // of any kind
	known   dictionary // raw cells met so far; for dictionary kinds also the values
	blank   meaning    // of a cell with nothing in it
	scratch []byte
	joined  []byte
}

// nulls are the rows without a value. No bit is touched until the first.
type nulls struct {
	count int
	valid []byte // bit i is 0 if row i is null; rows past its end are valid
}

func (n *nulls) set(row int) {
	for row/8 >= len(n.valid) {
		n.valid = append(n.valid, 0xFF)
	}
	n.valid[row/8] &^= 1 << (row % 8)
	n.count++
}

func (n *nulls) has(row int) bool {
	return row/8 < len(n.valid) && n.valid[row/8]&(1<<(row%8)) == 0
}

func (n *nulls) reset() { n.count, n.valid = 0, n.valid[:0] }

func newColumn(b *bound) column {
	c := column{bound: b, text: texts{offsets: []int32{0}}}
	if len(b.cells) > 0 && (b.isDictionary() || b.isRuled) {
		c.forget()
	}
	return c
}

func (b *bound) isDictionary() bool {
	switch b.kind {
	case kindCode, kindWord, kindFlag, kindScheme, kindEntry, kindCardScheme:
		return true
	}
	return false
}

// forget starts the dictionary anew. Vocabularies come first in it, in their own order.
func (c *column) forget() {
	c.known = newDictionary()
	if c.isDictionary() {
		for _, word := range c.words {
			c.known.intern([]byte(word))
		}
	}
	c.blank = c.interpret(nil)
}

// reset empties the column for the next batch, keeping memory and dictionary.
func (c *column) reset() {
	c.text.reset()
	c.small, c.large = c.small[:0], c.large[:0]
	c.nulls.reset()
	if c.known.isFull() {
		c.forget()
	}
}

// meaningOf returns what a raw cell of a dictionary or ruled column stands for.
func (c *column) meaningOf(raw []byte) meaning {
	if len(raw) == 0 {
		return c.blank
	}
	if m, ok := c.known.find(raw); ok {
		return m
	}
	m := c.interpret(raw)
	c.known.learn(raw, m)
	return m
}

func (c *column) interpret(raw []byte) meaning {
	var value []byte
	var f fault
	if len(c.cells) > 1 {
		value = joinLevels(&c.scratch, raw)
	} else {
		value, f = c.read(&c.scratch, raw)
	}
	if len(value) == 0 {
		return meaning{index: nullIndex, fault: f}
	}
	if c.kind == kindCode && !c.isStated {
		value = Mask(value) // a cell in the wrong column may be anything
	}
	return meaning{index: c.known.intern(value), fault: f}
}

// raw returns the cell of the record that starts at first, several cells joined.
func (c *column) raw(block *export.Block, first uint32) []byte {
	if len(c.cells) == 1 {
		return block.Text(block.Cells[first+uint32(c.cells[0])])
	}
	c.joined = c.joined[:0]
	filled := false
	for i, at := range c.cells {
		if i > 0 {
			c.joined = append(c.joined, levelSeparator)
		}
		if at < 0 {
			continue
		}
		cell := block.Text(block.Cells[first+uint32(at)])
		c.joined = append(c.joined, cell...)
		filled = filled || len(cell) > 0
	}
	if !filled {
		return nil
	}
	return c.joined
}

// fill reads the column's cells of the selected records, which are rows row, row+1, … of the batch.
func (c *column) fill(w *worker, row int) {
	switch {
	case len(c.cells) == 0:
	case c.kind == kindIdentifier:
		c.fillIdentifiers(w, row)
	case c.kind == kindText:
		c.fillTexts(w, row)
	case c.kind == kindDate, c.kind == kindTime:
		c.fillDates(w, row)
	case c.kind == kindCount:
		c.fillCounts(w, row)
	default:
		c.fillMeanings(w, row)
	}
}

func (c *column) fillMeanings(w *worker, row int) {
	if len(c.cells) > 1 {
		c.fillJoined(w, row)
		return
	}
	block, position := w.block, uint32(c.cells[0])
	at := len(c.small)
	c.small = slices.Grow(c.small, len(w.selected))[:at+len(w.selected)]
	small := c.small[at:]
	var last []byte // exports are often sorted by what these columns say
	m := c.blank
	for i, first := range w.selected {
		cell := block.Cells[first+position]
		raw := block.Data[cell.Start:cell.End]
		if string(raw) != string(last) {
			last = raw
			m = c.meaningOf(raw)
		}
		small[i] = m.index
		if m.index == nullIndex || m.fault != faultNone {
			small[i] = c.without(w, row+i, m, raw)
		}
	}
}

// fillJoined reads a region from the columns of its levels.
func (c *column) fillJoined(w *worker, row int) {
	for i, first := range w.selected {
		raw := c.raw(w.block, first)
		m := c.meaningOf(raw)
		if m.index == nullIndex || m.fault != faultNone {
			m.index = c.without(w, row+i, m, raw)
		}
		c.small = append(c.small, m.index)
	}
}

// without notes a row whose cell has no value or is a defect, and returns the index to store.
func (c *column) without(w *worker, row int, m meaning, raw []byte) int32 {
	if m.fault != faultNone {
		w.blame(c, row, m.fault, raw)
	}
	if m.index == nullIndex {
		c.nulls.set(row)
		return 0
	}
	return m.index
}

// ruled returns the text of a cell after the profile's rules; nil for none.
func (c *column) ruled(raw []byte) []byte {
	m := c.meaningOf(raw)
	if m.index == nullIndex {
		return nil
	}
	return c.known.values.at(m.index)
}

func (c *column) fillIdentifiers(w *worker, row int) {
	block, position := w.block, uint32(c.cells[0])
	for i, first := range w.selected {
		cell := block.Cells[first+position]
		raw := block.Data[cell.Start:cell.End]
		value := raw
		if c.isRuled {
			value = c.ruled(raw)
		}
		if len(value) > 0 && !isPlainID(value) {
			var damage string
			value, damage = cleanID(&c.scratch, value)
			if damage != "" && damage != damageBlank {
				w.blameID(c, row+i, damage, raw)
			}
		}
		if len(value) == 0 {
			c.nulls.set(row + i)
		}
		c.text.append(value)
	}
}

// mayBeBlank holds the bytes that a blank character or an apostrophe can start or end with.
var mayBeBlank = func() (edge [256]bool) {
	for c := range ' ' + 1 {
		edge[c] = true
	}
	for _, c := range []byte{'\'', 0xC2, 0xA0, 0xE2, 0x80, 0x8B, 0xE3, 0xEF, 0xBB, 0xBF} {
		edge[c] = true
	}
	return edge
}()

func (c *column) fillTexts(w *worker, row int) {
	block, position := w.block, uint32(c.cells[0])
	for i, first := range w.selected {
		cell := block.Cells[first+position]
		value := block.Data[cell.Start:cell.End]
		if c.isRuled {
			value = c.ruled(value)
		}
		if len(value) > 0 && (mayBeBlank[value[0]] || mayBeBlank[value[len(value)-1]]) {
			value = fold.Trim(value)
		}
		if len(value) >= minCardDigits {
			value = maskText(value)
		} else if len(value) == 0 {
			c.nulls.set(row + i)
		}
		c.text.append(value)
	}
}

func (c *column) fillDates(w *worker, row int) {
	block, position := w.block, uint32(c.cells[0])
	isQuick := w.dates.usual && !c.isRuled
	for i, first := range w.selected {
		cell := block.Cells[first+position]
		raw := block.Data[cell.Start:cell.End]
		var m moment
		ok := false
		if isQuick && len(raw) > 0 {
			m, ok = parseISO(raw)
		}
		if !ok {
			if m, ok = c.parseDate(w, row+i, raw); !ok {
				c.nulls.set(row + i)
			}
		}
		if c.kind == kindDate {
			c.small = append(c.small, m.days)
		} else {
			c.large = append(c.large, m.timestamp())
		}
	}
}

// parseDate reads a cell that is not in the commonest layout; what is no date and no blank is a
// field defect.
func (c *column) parseDate(w *worker, row int, raw []byte) (moment, bool) {
	value := raw
	if c.isRuled {
		value = c.ruled(raw)
	}
	if len(value) == 0 {
		return moment{}, false
	}
	value = foldInto(&c.scratch, value)
	m, ok := w.dates.parse(value)
	if !ok && c.isMonth {
		m, ok = parseMonth(value)
	}
	if ok {
		return m, true
	}
	if !isNullDate(value) {
		w.blame(c, row, faultDate, raw)
	}
	return moment{}, false
}

func (c *column) fillCounts(w *worker, row int) {
	block, position := w.block, uint32(c.cells[0])
	for i, first := range w.selected {
		cell := block.Cells[first+position]
		raw := block.Data[cell.Start:cell.End]
		value := raw
		if c.isRuled {
			value = c.ruled(raw)
		}
		n, ok := parseDigits(value)
		if !ok && len(value) > 0 {
			value = foldInto(&c.scratch, value)
			if n, ok = parseCount(value); !ok && !isNull(value) {
				w.blame(c, row+i, faultCount, raw)
			}
		}
		if !ok {
			n = 0
			c.nulls.set(row + i)
		}
		c.large = append(c.large, n)
	}
}
