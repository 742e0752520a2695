package export

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// padding is how many bytes behind the text may be read.
const padding = window + 8

// A splitter cuts UTF-8 text into records and cells.
//
// A record ends at LF, CRLF or a lone CR outside quotes. Cells are quoted as RFC 4180 has it, if need be
// with another quote or an escape of its own (syntax.go); a quote within an unquoted cell is text. A record that cannot be split is a fault of its first line alone:
// reading resumes at the next line, so an unbalanced quote never swallows the rest of a file.
//
// What a record is depends on the text from its start on and on nothing else. So splitting may begin at
// any record's start, and where two ways of reading meet in one they agree from there.
type splitter struct {
	syntax
	limit int // bytes of one record

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

// Eight bytes at a time: these repeat one byte.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// equal marks with their high bits the bytes of w that are the one that pattern repeats.
func equal(w, pattern uint64) uint64 {
	x := w ^ pattern
	return ^(((x &^ highs) + ^uint64(highs)) | x) & highs
}

// stopping marks with their high bits the quotes in w, which quotes repeats, and the bytes below 0x0E,
// where the line ends are. It may mark a byte behind one of those as well.
func stopping(w, quotes uint64) uint64 {
	quote := w ^ quotes
	return ((w-0x0E*ones)&^w | (quote-ones)&^quote) & highs
}

// window is how many bytes are looked at together.
const window = 64

// index returns a bit for each of the first 64 bytes of data: the delimiters, which pattern repeats, and
// the bytes to stop at, the quotes among them.
func index(data []byte, pattern, quotes uint64) (delimiters, stops uint64) {
	// The product gathers the high bits of eight bytes in its first one.
	const gather, first = 0x0002040810204081, 0xFF << 56
	block := (*[window]byte)(data)
	for i := 0; i < window; i += 8 {
		w := binary.LittleEndian.Uint64(block[i : i+8])
		delimiters = delimiters>>8 | equal(w, pattern)*gather&first
		stops = stops>>8 | stopping(w, quotes)*gather&first
	}
	return delimiters, stops
}

// run splits from pos, a record's start. It returns the start of the first record that the text does not
// decide, or end. onward says that the last row is one too long, the line of which goes on behind the text.
func (s *splitter) run(pos int) (rest int, onward bool) {
	for {
		if s.isPlain() {
			pos = s.simple(pos)
		}
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

// simple splits from pos as long as records are of one line, ended and without fault, which is nearly
// always. It returns the start of the first other record.
func (s *splitter) simple(pos int) int {
	data, rows, cells, lines := s.data, s.rows, s.cells, s.lines
	pattern, quote := uint64(s.delimiter)*ones, s.quote
	quotes := uint64(quote) * ones
	start, field := pos, pos // of the record and of the cell at hand
	first := len(cells)      // of the record
	quoted := false          // the last cell of the record was in quotes and is written; field is behind it
scan:
	for i, next := pos, 0; i < s.end; i = next {
		next = i + window
		delimiters, stops := index(data[i:], pattern, quotes)
		cells = slices.Grow(cells, window)
		for {
			here := delimiters & (stops&-stops - 1)
			delimiters &^= here
			for ; here != 0; here &= here - 1 {
				k := i + bits.TrailingZeros64(here)
				cells = append(cells, cellOf(field, k))
				field = k + 1
			}
			if stops == 0 {
				break
			}
			k := i + bits.TrailingZeros64(stops)
			stops &= stops - 1
			switch c := data[k]; {
			case k < field: // the second half of a line end
			case c == quote && k == field:
				cell, behind := s.quoted(k, i+bits.TrailingZeros64(stops))
				if behind < 0 {
					break scan
				}
				data = s.data // an escape may have moved it
				cells = append(cells, cell)
				field = behind
				if quoted = data[behind] != s.delimiter; !quoted {
					field++
				}
				if field >= next {
					next = field
					continue scan
				}
				delimiters &= ^uint64(0) << (field - i)
				stops &= ^uint64(0) << (field - i)
			case c == '\n' || c == '\r':
				if k-start > s.limit {
					break scan
				}
				if !quoted && k > start {
					cells = append(cells, cellOf(field, k))
				}
				rows = append(rows, rowOf(lines, first, len(cells), start, k))
				start = s.behindLineEnd(k)
				field, first, quoted = start, len(cells), false
				lines++
			}
		}
	}
	s.rows, s.cells, s.lines = rows, cells[:first], lines
	return min(start, s.end)
}

func rowOf(line int64, first, cells, start, end int) Row {
	return Row{
		Line: line, First: uint32(first), Count: uint32(cells - first), Start: uint32(start), End: uint32(end),
	}
}

func cellOf(start, end int) Cell {
	if start == end {
		return Cell{}
	}
	return Cell{Start: uint32(start), End: uint32(end)}
}
