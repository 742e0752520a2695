package jsonrow

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// A scanner walks through a JSON document of any size: it tells where values begin and end, and keeps at
// most one of them.
type scanner struct {
	r      *bufio.Reader
	offset int64
	limit  int    // bytes of one value that are kept
	value  []byte // the one read last, as far as it was kept

	isSequence bool // the document is values one after the other, not an array of them
}

// errCut ends a scan where the document ends within a value.
var errCut = errors.New("it ends within a value")

func (s *scanner) fault(want string) error {
	return fmt.Errorf("it is no JSON at byte %d: expected %s", s.offset+1, want)
}

// next returns the next byte that is no blank and leaves it there.
func (s *scanner) next() (byte, error) {
	for {
		c, err := s.r.ReadByte()
		if err != nil {
			return 0, s.ended(err)
		}
		switch c {
		case ' ', '\t', '\n', '\r':
			s.offset++
		default:
			return c, s.r.UnreadByte()
		}
	}
}

func (s *scanner) ended(err error) error {
	if errors.Is(err, io.EOF) {
		return errCut
	}
	return err
}

// take reads one byte that next has shown.
func (s *scanner) take() {
	s.offset++
	_, _ = s.r.Discard(1) // it was there
}

// expect reads a byte that must be there.
func (s *scanner) expect(want byte) error {
	c, err := s.next()
	if err != nil {
		return err
	}
	if c != want {
		return s.fault(fmt.Sprintf("%q", want))
	}
	s.take()
	return nil
}

// read reads a whole value; tooLong says that it was not kept whole.
func (s *scanner) read() (tooLong bool, err error) {
	s.value = s.value[:0]
	first, err := s.next()
	if err != nil {
		return false, err
	}
	depth, inText, isEscaped := 0, false, false
	for {
		c, err := s.r.ReadByte()
		if err != nil {
			if errors.Is(err, io.EOF) && depth == 0 && !inText && len(s.value) > 0 {
				return tooLong, nil // a number may end with the document
			}
			return tooLong, s.ended(err)
		}
		isEnd := false
		switch {
		case isEscaped:
			isEscaped = false
		case inText:
			isEscaped = c == '\\'
			if c == '"' {
				inText = false
				isEnd = depth == 0
			}
		case c == '"':
			inText = true
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth < 0 {
				return tooLong, s.r.UnreadByte() // it belongs to what the value stands in
			}
			isEnd = depth == 0
		case depth == 0 && (c == ',' || c == ':' || c <= ' '):
			return tooLong, s.r.UnreadByte()
		}
		s.offset++
		if len(s.value) < s.limit {
			s.value = append(s.value, c)
		} else {
			tooLong = true
		}
		if isEnd && (first == '{' || first == '[' || first == '"') {
			return tooLong, nil
		}
	}
}

// each calls visit for every element of the array that follows, once its first byte is next.
func (s *scanner) each(visit func() (goOn bool, err error)) error {
	if s.isSequence {
		return s.eachOfSequence(visit)
	}
	if err := s.expect('['); err != nil {
		return err
	}
	if c, err := s.next(); err != nil || c == ']' {
		s.take()
		return err
	}
	for {
		if goOn, err := visit(); err != nil || !goOn {
			return err
		}
		switch c, err := s.next(); {
		case err != nil:
			return err
		case c == ']':
			s.take()
			return nil
		case c != ',':
			return s.fault("a comma or the end of the array")
		}
		s.take()
	}
}

func (s *scanner) eachOfSequence(visit func() (goOn bool, err error)) error {
	for {
		if _, err := s.next(); err != nil {
			if errors.Is(err, errCut) {
				return nil
			}
			return err
		}
		if goOn, err := visit(); err != nil || !goOn {
			return err
		}
	}
}
