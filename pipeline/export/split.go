package export

import (
	"encoding/binary"
	"math/bits"
)

// padding is how many bytes behind the text may be read.
const padding = window

// noDelimiter splits into records only. The byte is in no UTF-8.
const noDelimiter = 0xFF

// A splitter cuts UTF-8 text into records and cells.
//
// A record ends at LF, CRLF or a lone CR outside quotes. Cells are quoted as RFC 4180 has it; a quote
// within an unquoted cell is text. A record that cannot be split is a fault of its first line alone:
// reading resumes at the next line, so an unbalanced quote never swallows the rest of a file.
//
// What a record is depends on the text from its start on and on nothing else. So splitting may begin at
// any record's start, and where two ways of reading meet in one they agree from there.
type splitter struct {
	delimiter byte
	limit     int // bytes of one record

	data  []byte // text up to end, then padding zeros, then cells without their escapes
	end   int
	final bool // the text ends the file, else more follows
	rows  []Row
	cells []Cell
	lines int64 // line ends before the record at hand; rows get it as their line
	memo  failure
}

// reset gives the splitter new text: data[:end], behind which padding zeros must stand.
func (s *splitter) reset(data []byte, end int, final bool) {
	s.data, s.end, s.final = data, end, final
	s.rows, s.cells = s.rows[:0], s.cells[:0]
	s.lines, s.memo = 0, failure{}
}

// Eight bytes at a time: each constant repeats one byte.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special marks with their high bits the bytes of w that are below 0x0E, where the line ends are, or equal
// to the one that pattern repeats. It may mark a byte behind such a one as well.
func special(w, pattern uint64) uint64 {
	x := w ^ pattern
	return ((w-0x0E*ones)&^w | (x-ones)&^x) & highs
}

// run splits from pos, a record's start. It returns the start of the first record that the text does not
// decide, or end. onward says that the last row is one too long, the line of which goes on behind the text.
func (s *splitter) run(pos int) (rest int, onward bool) {
	for {
		pos = s.simple(pos)
		if pos == s.end {
			return pos, false
		}
		next, d := s.record(pos)
		switch d {
		case undecided:
			return pos, false
		case runsOn:
			return s.end, true
		}
		pos = next
	}
}

// window is how many bytes are searched for special ones at a time.
const window = 64

// index returns a bit for each of the first 64 bytes of data, set where special marks them.
func index(data []byte, pattern uint64) (bitmap uint64) {
	block := (*[window]byte)(data)
	for i := 0; i < window; i += 8 {
		mask := special(binary.LittleEndian.Uint64(block[i:i+8]), pattern)
		// The product gathers the eight marks in its first byte.
		bitmap = bitmap>>8 | mask*0x0002040810204081&(0xFF<<56)
	}
	return bitmap
}

// simple splits from pos as long as records are of one line, ended and without fault, which is nearly
// always. It returns the start of the first other record.
func (s *splitter) simple(pos int) int {
	data, end, delimiter := s.data, s.end, s.delimiter
	rows, cells, lines := s.rows, s.cells, s.lines
	pattern := uint64(delimiter) * ones
	start, field := pos, pos // of the record and of the cell at hand
	first := len(cells)      // of the record
	quoted := false          // the cell at hand was in quotes and is written; field is behind it
	if data[pos] == '"' {
		var c Cell
		if c, field = s.quoted(pos); field < 0 {
			return pos
		}
		data = s.data
		cells = append(cells, c)
		quoted = true
	}
scan:
	for i := max(pos, field); i < end; i = max(i+window, field) {
		for bitmap := index(data[i:], pattern); bitmap != 0; bitmap &= bitmap - 1 {
			k := i + bits.TrailingZeros64(bitmap)
			if k < field {
				continue // within quotes, or the second half of a line end
			}
			c := data[k]
			if c == delimiter {
				if !quoted {
					cells = append(cells, cellOf(field, k))
				}
				field = k + 1
			} else {
				if c != '\n' && c != '\r' {
					continue // another control character is text; behind the text it is padding
				}
				if k-start > s.limit {
					break scan
				}
				if !quoted && k > start {
					cells = append(cells, cellOf(field, k))
				}
				rows = append(rows, Row{
					Line: lines, First: uint32(first), Count: uint32(len(cells) - first),
					Start: uint32(start), End: uint32(k),
				})
				if c == '\r' && data[k+1] == '\n' {
					k++
				}
				start, field, first = k+1, k+1, len(cells)
				lines++
			}
			quoted = data[field] == '"'
			if quoted {
				var c Cell
				if c, field = s.quoted(field); field < 0 {
					break scan
				}
				data = s.data // an escape may have moved it
				cells = append(cells, c)
			}
		}
	}
	s.rows, s.cells, s.lines = rows, cells[:first], lines
	return min(start, end)
}

func cellOf(start, end int) Cell {
	if start == end {
		return Cell{}
	}
	return Cell{Start: uint32(start), End: uint32(end)}
}
