package export

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/tapcov/tapcov/pipeline/export/text"
)

// Fixed says where the columns of a file without delimiters stand in its lines.
type Fixed struct {
	Columns    []FixedColumn // in the order of the line, without overlap
	Characters bool          // places count characters, else bytes of the file's encoding
}

// FixedColumn is a column of fixed width.
type FixedColumn struct {
	Name  string
	Start int // the first place, counted from 0
	Width int
}

// check refuses what is no layout of a line.
func (f *Fixed) check() error {
	end := 0
	for _, c := range f.Columns {
		switch {
		case c.Width < 1 || c.Width > maxSize:
			return fmt.Errorf("fixed column %q is %d wide", c.Name, c.Width)
		case c.Start < end || c.Start > maxSize:
			return fmt.Errorf("fixed column %q starts at %d, within the column before it", c.Name, c.Start+1)
		}
		end = c.Start + c.Width
	}
	return nil
}

// fixedCutter cuts lines into columns of fixed width.
//
// A line may end early within its last column or right before it, for trailing blanks are easily lost on
// the way; one that ends before lacks cells, for it may as well have been cut off. Text behind the last
// column is a cell too many. A column
// that ends within a character shows that everything is shifted: the line is set aside.
type fixedCutter struct {
	columns []FixedColumn
	width   func(r rune) int // of a character that is not ASCII
}

func newFixedCutter(f *Fixed, encoding text.Encoding) *fixedCutter {
	c := &fixedCutter{columns: f.Columns, width: encoding.Width}
	if f.Characters {
		c.width = nil
	}
	return c
}

func (f *fixedCutter) cut(s *splitter) {
	s.cells = s.cells[:0]
	for i := range s.rows {
		row := &s.rows[i]
		row.First, row.Count = uint32(len(s.cells)), 0
		if row.Fault != FaultNone || row.Start == row.End {
			continue
		}
		if !f.line(s, int(row.Start), int(row.End)) {
			s.cells = s.cells[:row.First]
			row.Fault = FaultTorn
		}
		row.Count = uint32(len(s.cells)) - row.First
	}
}

// line cuts one line; false if a column ends within a character.
func (f *fixedCutter) line(s *splitter, start, end int) bool {
	at, place := start, 0 // in the text, and in places of the profile
	data, last := s.data[:end], len(f.columns)-1
	for i, column := range f.columns {
		from, left := f.forward(data, at, column.Start-place)
		switch {
		case left < 0:
			return false
		case left > 0 && i > 0:
			return true // the line lacks this column
		}
		if at, left = f.forward(data, from, column.Width); left < 0 {
			return false
		}
		place = column.Start + column.Width
		s.cells = append(s.cells, trimmed(data, from, at))
		if left > 0 && i < last {
			return true
		}
	}
	if rest := trimmed(data, at, end); !rest.IsNull() {
		s.cells = append(s.cells, rest)
	}
	return true
}

// forward goes so many places on from at, or to the end. What is left is 0, more at the end, and less
// where the last character takes more places than there were.
func (f *fixedCutter) forward(data []byte, at, places int) (to, left int) {
	for places > 0 && at < len(data) {
		if data[at] < utf8.RuneSelf {
			at++
			places--
			continue
		}
		r, n := utf8.DecodeRune(data[at:])
		at += n
		if f.width == nil {
			places--
		} else {
			places -= f.width(r)
		}
	}
	return at, places
}

// trimmed is the text from start to end without blanks around it; blanks alone are null.
func trimmed(data []byte, start, end int) Cell {
	if start >= end {
		return Cell{}
	}
	cell := data[start:end]
	start += len(cell) - len(bytes.TrimLeft(cell, " "))
	cell = bytes.Trim(cell, " ")
	return cellOf(start, start+len(cell))
}
