package export

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// quoted reads a quoted cell of one line. Its opening quote is at open, and its closing one perhaps at
// near: no other stands between. It returns the cell and what stands behind it: a delimiter, a line end or
// the end of the text. If it is anything else, or the cell does not close in its line, behind is -1.
func (s *splitter) quoted(open, near int) (c Cell, behind int) {
	data := s.data
	quote, quotes := s.quote, uint64(s.quote)*ones
	if data[near] == quote && data[near+1] == s.delimiter {
		return Cell{Start: uint32(open + 1), End: uint32(near)}, near + 1
	}
	escaped := false
scan:
	for i := open + 1; i < s.end; i += 8 {
		for mask := stopping(binary.LittleEndian.Uint64(data[i:]), quotes); mask != 0; mask &= mask - 1 {
			k := i + bits.TrailingZeros64(mask)/8
			switch data[k] {
			case '\n', '\r':
				return Cell{}, -1
			case quote:
				switch next := data[k+1]; {
				case next == quote:
					escaped = true
					i = k + 2 - 8
					continue scan
				case s.closes(k + 1):
					return s.cell(open+1, k, escaped), k + 1
				default:
					return Cell{}, -1
				}
			}
		}
	}
	return Cell{}, -1
}

// closes reports whether a closing quote may stand before k.
func (s *splitter) closes(k int) bool {
	c := s.data[k]
	return c == s.delimiter || c == '\n' || c == '\r' || k == s.end
}

// cell returns the text between two quotes. Escapes are resolved in a copy behind the text.
func (s *splitter) cell(start, end int, escaped bool) Cell {
	if !escaped {
		return Cell{Start: uint32(start), End: uint32(end)}
	}
	at := len(s.data)
	for start < end {
		k := bytes.IndexByte(s.data[start:end], s.quote)
		if k < 0 {
			s.data = append(s.data, s.data[start:end]...)
			break
		}
		s.data = append(s.data, s.data[start:start+k+1]...)
		start += k + 2
	}
	return Cell{Start: uint32(at), End: uint32(len(s.data))}
}

// decision is what the text says of one record.
type decision uint8

const (
	undecided decision = iota // the text ends, the file does not
	decided
	runsOn // set aside as too long, and its first line ends behind the text
)

// state is where in a record a reader stands.
type state uint8

const (
	atField   state = iota // at the first character of a cell
	unquoted               // within an unquoted cell
	inQuotes               // within a quoted cell
	quoteSeen              // behind a quote in a quoted cell: it closes the cell or escapes the next one
)

// failure is how far the reading of a record came that was then set aside, and in which state.
//
// It keeps reading linear. The record did not end before until, so every line that starts between from
// and until starts within quotes. A record that begins later and enters one of these lines within quotes
// shares the rest of the way and goes on at until. Without it a file of lines `a","` would be read limit
// times over.
type failure struct {
	from, until int
	state       state
}

// record splits the one record at pos, whatever it is, and writes its row unless the text does not
// decide. Next is where the next record starts.
func (s *splitter) record(pos int) (next int, d decision) {
	end, fault, ok := s.bounds(pos)
	switch {
	case !ok:
		return pos, undecided
	case fault != FaultNone:
		return s.setAside(pos, fault)
	}
	first := len(s.cells)
	s.split(pos, end)
	s.rows = append(s.rows, rowOf(s.lines, first, len(s.cells), pos, end))
	next = s.behindLineEnd(end)
	s.lines += countLines(s.data[pos:next])
	return next, decided
}

// bounds finds the end of the record at pos or its fault, if the text decides.
func (s *splitter) bounds(start int) (end int, fault Fault, ok bool) {
	last := start + s.limit // the record's line end may stand here, no text of it
	now := atField
	for k := start; ; {
		if k >= s.end {
			switch {
			case !s.final:
				return 0, FaultNone, false
			case now == inQuotes:
				return s.failed(start, s.end, now, FaultOpenQuote)
			}
			return s.end, FaultNone, true
		}
		c := s.data[k]
		if now != inQuotes && (c == '\n' || c == '\r') && k <= last {
			return k, FaultNone, true
		}
		if k >= last {
			return s.failed(start, k, now, s.faultAtLimit(now, c))
		}
		switch now {
		case inQuotes:
			k = s.withinQuotes(start, k, min(last, s.end), &now)
			continue
		case quoteSeen:
			switch {
			case c == s.quote:
				now = inQuotes
			case s.delimits(k):
				now = atField
				k += len(s.more)
			case s.mayDelimit(k):
				return 0, FaultNone, false
			default:
				return s.failed(start, k, now, FaultQuote)
			}
		default:
			switch {
			case s.delimits(k):
				now = atField
				k += len(s.more)
			case c == s.quote && now == atField:
				now = inQuotes
			default:
				now = unquoted
				if s.escapes(k) {
					k++
				}
			}
		}
		k++
	}
}

// faultAtLimit names the fault of a record that has the character c, no line end, at its limit.
func (s *splitter) faultAtLimit(now state, c byte) Fault {
	switch {
	case now == inQuotes || now == quoteSeen && c == s.quote:
		return FaultOpenQuote
	case now == quoteSeen && c != s.delimiter:
		return FaultQuote
	}
	return FaultTooLong
}

// withinQuotes goes on from k, within quotes, to behind the next quote or to stop; or, once a line has
// ended, to where an earlier record was read on the same way.
func (s *splitter) withinQuotes(start, k, stop int, now *state) int {
	quote := s.nextQuote(k, stop)
	behind := quote + 1
	if quote < 0 {
		behind = stop
	}
	if m := s.memo; m.from < start && k < m.until {
		if lineEnd := indexLineEnd(s.data[k:behind]); lineEnd >= 0 && s.behindLineEnd(k+lineEnd) < m.until {
			*now = m.state
			return m.until
		}
	}
	if quote >= 0 {
		*now = quoteSeen
	}
	return behind
}

// failed remembers the way to a fault if it is the farthest.
func (s *splitter) failed(start, until int, now state, fault Fault) (int, Fault, bool) {
	if until > s.memo.until {
		s.memo = failure{from: start, until: until, state: now}
	}
	return 0, fault, true
}

// setAside writes the row of a record that cannot be split: its first line, up to the limit.
func (s *splitter) setAside(pos int, fault Fault) (next int, d decision) {
	row := Row{Line: s.lines, First: uint32(len(s.cells)), Start: uint32(pos), Fault: fault}
	lineEnd := indexLineEnd(s.data[pos:s.end])
	switch end := pos + lineEnd; {
	case lineEnd >= 0:
		next, d = s.behindLineEnd(end), decided
		row.End = uint32(s.trim(pos, end))
		s.lines++
	case s.final:
		next, d = s.end, decided
		row.End = uint32(s.trim(pos, s.end))
	case s.end-pos > s.limit:
		next, d = s.end, runsOn
		row.End = uint32(s.trim(pos, s.end))
	default:
		return pos, undecided
	}
	s.rows = append(s.rows, row)
	return next, d
}

// trim shortens the text from start to end to the limit, at a character.
func (s *splitter) trim(start, end int) int {
	if end-start <= s.limit {
		return end
	}
	for end = start + s.limit; end > start && !utf8.RuneStart(s.data[end]); end-- {
	}
	return end
}

// split writes the cells of a record without fault. A blank line has none.
func (s *splitter) split(start, end int) {
	if !s.isPlain() {
		s.splitOddly(start, end)
		return
	}
	for k := start; start < end; k++ {
		if s.data[k] == s.quote && k < end {
			open, escaped := k, false
			for k++; s.data[k] != s.quote || k+1 < end && s.data[k+1] == s.quote; k++ {
				if s.data[k] == s.quote {
					escaped = true
					k++
				}
			}
			s.cells = append(s.cells, s.cell(open+1, k, escaped))
			k++
		} else {
			n := bytes.IndexByte(s.data[k:end], s.delimiter)
			if n < 0 {
				n = end - k
			}
			s.cells = append(s.cells, cellOf(k, k+n))
			k += n
		}
		if k == end {
			return
		}
	}
}

// behindLineEnd returns the place behind the line end at k, or k if there is none.
func (s *splitter) behindLineEnd(k int) int {
	switch {
	case k == s.end:
		return k
	case s.data[k] == '\r' && s.data[k+1] == '\n':
		return k + 2
	}
	return k + 1
}

// indexLineEnd returns the place of the first line end in b, or -1.
func indexLineEnd(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		for mask := stopping(binary.LittleEndian.Uint64(b[i:]), 0); mask != 0; mask &= mask - 1 {
			k := i + bits.TrailingZeros64(mask)/8
			if b[k] == '\n' || b[k] == '\r' {
				return k
			}
		}
	}
	for ; i < len(b); i++ {
		if b[i] == '\n' || b[i] == '\r' {
			return i
		}
	}
	return -1
}

// countLines returns the number of line ends in b, which does not end between CR and LF.
func countLines(b []byte) (n int64) {
	n = int64(bytes.Count(b, []byte{'\n'}))
	for {
		cr := bytes.IndexByte(b, '\r')
		if cr < 0 {
			return n
		}
		b = b[cr+1:]
		if len(b) == 0 || b[0] != '\n' {
			n++
		}
	}
}
