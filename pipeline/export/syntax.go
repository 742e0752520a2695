package export

import (
	"bytes"

	"github.com/tapcov/tapcov/pipeline/export/dialect"
)

// Bytes that are in no UTF-8 stand for what a dialect does not have.
const (
	noDelimiter = 0xFF
	noQuote     = 0xFE
)

// syntax is a dialect as the splitter needs it.
type syntax struct {
	delimiter byte   // its first byte, or noDelimiter
	more      []byte // its further ones
	quote     byte   // or noQuote; doubled within quotes it is text
	escape    byte   // before a quote, a delimiter or itself it makes text of them; noQuote: there is none
}

// syntaxOf compiles a dialect.
func syntaxOf(d dialect.Dialect) syntax {
	s := syntax{delimiter: noDelimiter, quote: noQuote, escape: noQuote}
	if d.Delimiter != "" {
		s.delimiter, s.more = d.Delimiter[0], []byte(d.Delimiter[1:])
	}
	if d.Quote != 0 {
		s.quote = d.Quote
	}
	if d.Escape != 0 {
		s.escape = d.Escape
	}
	return s
}

// isPlain reports whether the fast path reads it: nothing but single bytes.
func (s *syntax) isPlain() bool { return len(s.more) == 0 && s.escape == noQuote }

// delimits reports whether a delimiter stands at k.
func (s *splitter) delimits(k int) bool {
	return s.data[k] == s.delimiter && bytes.HasPrefix(s.data[k+1:s.end], s.more)
}

// mayDelimit reports whether the text ends within what could become a delimiter.
func (s *splitter) mayDelimit(k int) bool {
	return !s.final && s.data[k] == s.delimiter && k+len(s.more) >= s.end && bytes.HasPrefix(s.more, s.data[k+1:s.end])
}

// escapes reports whether the byte at k, outside quotes, makes text of the one behind it.
func (s *splitter) escapes(k int) bool {
	if s.data[k] != s.escape || k+1 >= s.end {
		return false
	}
	next := s.data[k+1]
	return next == s.escape || next == s.quote || s.delimits(k+1)
}

// nextQuote returns the place of the first quote from k on that is not escaped, or -1 if there is none
// before stop. The text from k on is within quotes.
func (s *splitter) nextQuote(k, stop int) int {
	for k < stop {
		quote := bytes.IndexByte(s.data[k:stop], s.quote)
		escape := -1
		if s.escape != noQuote {
			end := stop
			if quote >= 0 {
				end = k + quote
			}
			escape = bytes.IndexByte(s.data[k:end], s.escape)
		}
		switch {
		case escape >= 0:
			k += escape + 2
		case quote >= 0:
			return k + quote
		default:
			return -1
		}
	}
	return -1
}

// splitOddly writes the cells of a record without fault in a dialect that is not plain.
func (s *splitter) splitOddly(start, end int) {
	for k := start; start < end; k += 1 + len(s.more) {
		open, escaped, isQuoted := k, false, k < end && s.data[k] == s.quote
		if isQuoted {
			k = s.nextQuote(k+1, end)
			for k+1 < end && s.data[k+1] == s.quote {
				escaped = true
				k = s.nextQuote(k+2, end)
			}
			escaped = escaped || bytes.IndexByte(s.data[open+1:k], s.escape) >= 0
			s.cells = append(s.cells, s.literal(open+1, k, escaped))
			k++
		} else {
			for ; k < end && !s.delimits(k); k++ {
				if s.escapes(k) {
					escaped = true
					k++
				}
			}
			if escaped {
				s.cells = append(s.cells, s.literal(open, k, true))
			} else {
				s.cells = append(s.cells, cellOf(open, k))
			}
		}
		if k >= end {
			return
		}
	}
}

// literal returns the text from start to end as a cell, escapes resolved in a copy behind the text.
func (s *splitter) literal(start, end int, escaped bool) Cell {
	if !escaped {
		return Cell{Start: uint32(start), End: uint32(end)}
	}
	at := len(s.data)
	for k := start; k < end; k++ {
		isDoubled := s.data[k] == s.quote && k+1 < end && s.data[k+1] == s.quote
		if isDoubled || k+1 < end && s.escapes(k) {
			k++
		}
		s.data = append(s.data, s.data[k])
	}
	return Cell{Start: uint32(at), End: uint32(len(s.data))}
}
