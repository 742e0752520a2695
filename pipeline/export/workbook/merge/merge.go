// Package merge gives merged cells to the rows that they cover: a text that is merged downwards stands in
// each of its rows, and what is merged to the right is empty there, which is not null.
package merge

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/tapcov/tapcov/pipeline/export/table"
)

// A Range is a merged range of cells, rows counted from 1 and columns from 0, ends included.
type Range struct {
	FirstRow, LastRow int64
	FirstCol, LastCol int
}

// Max is how many ranges of a table are kept; those of a header are never as many.
const Max = 100_000

// Cells knows the ranges of one table, for rows that come in ascending order.
type Cells struct {
	ranges []Range // by first row
	next   int
	open   []held
	out    table.Row
}

// held is a range that rows at hand are in, with its text.
type held struct {
	Range
	text   []byte
	isNull bool
}

// New takes the ranges of a table, in any order.
func New(ranges []Range) *Cells {
	c := &Cells{}
	c.Add(ranges)
	return c
}

// Add takes ranges that begin at the next row or below it.
func (c *Cells) Add(ranges []Range) {
	ranges = slices.DeleteFunc(ranges, func(r Range) bool {
		return r.FirstRow > r.LastRow || r.FirstCol > r.LastCol || r.FirstRow == r.LastRow && r.FirstCol == r.LastCol
	})
	c.ranges = append(c.ranges[c.next:], ranges...)
	c.next = 0
	slices.SortFunc(c.ranges, func(a, b Range) int {
		return cmp.Or(cmp.Compare(a.FirstRow, b.FirstRow), cmp.Compare(a.FirstCol, b.FirstCol))
	})
}

// Apply fills in the row what is merged.
func (c *Cells) Apply(row *table.Row) {
	c.open = slices.DeleteFunc(c.open, func(h held) bool { return h.LastRow < row.Number })
	for ; c.next < len(c.ranges) && c.ranges[c.next].FirstRow <= row.Number; c.next++ {
		r := c.ranges[c.next]
		if r.LastRow < row.Number {
			continue
		}
		h := held{Range: r, isNull: true}
		if r.FirstRow == row.Number && r.FirstCol < len(row.Cells) {
			text := row.Value(r.FirstCol)
			h.text, h.isNull = bytes.Clone(text), text == nil
		}
		c.open = append(c.open, h)
	}
	if len(c.open) == 0 || row.Fault != table.FaultNone {
		return
	}
	c.fill(row)
}

// fill writes the row anew. A range that has no text covers nothing.
func (c *Cells) fill(row *table.Row) {
	slices.SortFunc(c.open, func(a, b held) int { return cmp.Compare(a.FirstCol, b.FirstCol) })
	c.out.Reset(row.Number)
	at := 0
	copyTo := func(end int) {
		for ; at < end; at++ {
			if value := []byte(nil); at < len(row.Cells) {
				if value = row.Value(at); value != nil {
					c.out.AddBytes(value)
					continue
				}
			}
			c.out.AddNull(1)
		}
	}
	isFirst := func(h *held) bool { return h.FirstRow == row.Number }
	for i := range c.open {
		h := &c.open[i]
		if h.isNull || h.FirstCol < at {
			continue
		}
		copyTo(h.FirstCol)
		for ; at <= h.LastCol; at++ {
			switch {
			case at < len(row.Cells) && row.Value(at) != nil: // what stands there counts
				c.out.AddBytes(row.Value(at))
			case at == h.FirstCol && !isFirst(h):
				c.out.AddBytes(h.text)
			default:
				c.out.AddBytes(nil)
			}
		}
	}
	copyTo(len(row.Cells))
	*row, c.out = c.out, *row
}
