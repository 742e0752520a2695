// Package markup reads XML as workbooks have it: tags, attributes and text, one after the other, in
// memory that does not depend on the file. Names lose their prefix. There are no entities but the
// predefined ones, and a document that declares its own is refused, so nothing can expand.
package markup

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// Kind is what a Scanner stands at.
type Kind uint8

// The kinds of what a document has.
const (
	Start Kind = iota + 1 // a start tag; an empty element is a start and an end
	End                   // an end tag
	Text                  // text, or a part of one: long texts come in several
)

// Bounds of a document.
const (
	bufferSize = 64 << 10
	maxTag     = 1 << 20 // bytes
	maxDepth   = 256     // elements within each other
	maxEntity  = 12      // bytes of &…;
)

// A Scanner yields the parts of a document in order. What Name, Attr and Text return is valid until the
// next Scan.
type Scanner struct {
	r        io.Reader
	buf      []byte
	pos, end int
	whole    bool // all of the document is in buf
	err      error

	kind    Kind
	name    []byte
	attrs   []byte
	text    []byte
	scratch []byte
	isEmpty bool // the start tag just read ends its element
	depth   int
}

// NewScanner reads a document in UTF-8.
func NewScanner(r io.Reader) *Scanner { return &Scanner{r: r, buf: make([]byte, bufferSize)} }

// Kind is what the Scanner stands at.
func (s *Scanner) Kind() Kind { return s.kind }

// Name is the name of the tag without its prefix.
func (s *Scanner) Name() string {
	if at := bytes.IndexByte(s.name, ':'); at >= 0 {
		return string(s.name[at+1:])
	}
	return string(s.name)
}

// Is reports whether the Scanner stands at a tag of a kind with this name.
func (s *Scanner) Is(kind Kind, name string) bool {
	if s.kind != kind {
		return false
	}
	own := s.name
	if at := bytes.IndexByte(own, ':'); at >= 0 {
		own = own[at+1:]
	}
	return string(own) == name
}

// Depth is the number of elements open, the one that just started included.
func (s *Scanner) Depth() int { return s.depth }

// Text is the text, or a part of it, without entities.
func (s *Scanner) Text() []byte { return s.text }

// Err is why the document could not be read to its end.
func (s *Scanner) Err() error {
	if errors.Is(s.err, io.EOF) {
		return nil
	}
	return s.err
}

// Scan goes on to the next part. It returns false at the end and at an error.
func (s *Scanner) Scan() bool {
	if s.isEmpty {
		s.isEmpty = false
		s.kind = End
		s.depth--
		return true
	}
	for s.err == nil {
		if s.pos == s.end && !s.fill() {
			s.finish()
			return false
		}
		if s.buf[s.pos] != '<' {
			if s.scanText() {
				return true
			}
			continue
		}
		if s.scanTag() {
			return true
		}
	}
	return false
}

// Skip goes on to the end of the element that just started.
func (s *Scanner) Skip() {
	for depth := s.depth; s.depth >= depth && s.Scan(); {
	}
}

// finish ends the document.
func (s *Scanner) finish() {
	if s.err == nil {
		s.err = io.EOF
		if s.depth > 0 {
			s.err = errors.New("its XML ends too early")
		}
	}
}

// fill reads more of the document behind what is not used yet, and makes room for it.
func (s *Scanner) fill() bool {
	if s.whole {
		return false
	}
	if s.pos > 0 {
		s.end = copy(s.buf, s.buf[s.pos:s.end])
		s.pos = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= maxTag {
			s.err = fmt.Errorf("its XML has a tag of more than %d bytes", maxTag)
			return false
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if err != nil {
			s.whole = true
			if err != io.EOF {
				s.err = err
			}
			return n > 0 && s.err == nil
		}
		if n > 0 {
			return true
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// find returns the place of the first pattern behind from, reading on for it.
func (s *Scanner) find(from int, pattern string) int {
	for {
		if at := bytes.Index(s.buf[s.pos+from:s.end], []byte(pattern)); at >= 0 {
			return s.pos + from + at
		}
		if keep := s.end - s.pos - len(pattern) + 1; keep > from {
			from = keep
		}
		if !s.fill() {
			if s.err == nil {
				s.err = errors.New("its XML ends too early")
			}
			return -1
		}
	}
}

// scanText reads text up to the next tag or the end of the buffer; false if there is none.
func (s *Scanner) scanText() bool {
	rest := s.buf[s.pos:s.end]
	n := bytes.IndexByte(rest, '<')
	if n < 0 {
		n = len(rest)
		// An entity or a character may be cut.
		if at := bytes.LastIndexByte(rest, '&'); at >= 0 && n-at <= maxEntity && bytes.IndexByte(rest[at:], ';') < 0 {
			n = at
		} else {
			n = wholeRunes(rest)
		}
		if n == 0 {
			if s.fill() {
				return false
			}
			n = len(s.buf[s.pos:s.end])
		}
	}
	if s.err != nil {
		return false
	}
	s.text = s.buf[s.pos : s.pos+n]
	s.pos += n
	s.kind = Text
	if bytes.IndexByte(s.text, '&') >= 0 {
		s.scratch = unescape(s.scratch[:0], s.text)
		s.text = s.scratch
	}
	return n > 0
}

// wholeRunes returns the length of text without a character cut at its end.
func wholeRunes(text []byte) int {
	for back := 1; back <= min(utf8.UTFMax-1, len(text)); back++ {
		if at := len(text) - back; utf8.RuneStart(text[at]) {
			if !utf8.FullRune(text[at:]) {
				return at
			}
			break
		}
	}
	return len(text)
}

// scanTag reads whatever begins with <; false if it says nothing.
func (s *Scanner) scanTag() bool {
	for s.end-s.pos < 2 {
		if !s.fill() {
			s.err = errors.Join(s.err, errors.New("its XML ends too early"))
			return false
		}
	}
	switch s.buf[s.pos+1] {
	case '?':
		s.skipTo(2, "?>")
		return false
	case '!':
		return s.scanDeclaration()
	case '/':
		return s.scanEnd()
	}
	end := s.endOfTag()
	if end < 0 {
		return false
	}
	tag := s.buf[s.pos+1 : end]
	s.pos = end + 1
	if n := len(tag); n > 0 && tag[n-1] == '/' {
		s.isEmpty, tag = true, tag[:n-1]
	}
	n := 0
	for n < len(tag) && !isSpace(tag[n]) {
		n++
	}
	if n == 0 {
		s.err = errors.New("its XML has a tag without a name")
		return false
	}
	s.kind, s.name, s.attrs = Start, tag[:n], tag[n:]
	if s.depth++; s.depth > maxDepth {
		s.err = fmt.Errorf("its XML is nested more than %d deep", maxDepth)
		return false
	}
	return true
}

func (s *Scanner) scanEnd() bool {
	end := s.find(2, ">")
	if end < 0 {
		return false
	}
	s.kind, s.name, s.attrs = End, bytes.TrimSpace(s.buf[s.pos+2:end]), nil
	s.pos = end + 1
	if s.depth--; s.depth < 0 {
		s.err = errors.New("its XML ends an element that did not begin")
		return false
	}
	return true
}

// endOfTag returns the place of the > that ends the tag, which no quotes hold.
func (s *Scanner) endOfTag() int {
	if at := bytes.IndexByte(s.buf[s.pos:s.end], '>'); at > 0 && bytes.IndexByte(s.buf[s.pos:s.pos+at], '\'') < 0 &&
		bytes.Count(s.buf[s.pos:s.pos+at], []byte{'"'})%2 == 0 {
		return s.pos + at
	}
	var quote byte
	for k := 1; ; k++ {
		if s.pos+k == s.end && !s.fill() {
			if s.err == nil {
				s.err = errors.New("its XML ends too early")
			}
			return -1
		}
		switch c := s.buf[s.pos+k]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return s.pos + k
		}
	}
}

// skipTo goes on behind a pattern.
func (s *Scanner) skipTo(from int, pattern string) {
	// What is skipped may be longer than the buffer.
	for s.err == nil {
		if at := bytes.Index(s.buf[s.pos+from:s.end], []byte(pattern)); at >= 0 {
			s.pos += from + at + len(pattern)
			return
		}
		if drop := s.end - s.pos - len(pattern); drop > from {
			s.pos, from = s.pos+drop, 0
		}
		if !s.fill() && s.err == nil {
			s.err = errors.New("its XML ends too early")
		}
	}
}

// scanDeclaration reads what begins with <!: a comment, or text as it is.
func (s *Scanner) scanDeclaration() bool {
	for s.end-s.pos < len("<![CDATA[") && s.fill() {
	}
	rest := s.buf[s.pos:s.end]
	switch {
	case s.err != nil:
	case bytes.HasPrefix(rest, []byte("<!--")):
		s.skipTo(4, "-->")
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		end := s.find(len("<![CDATA["), "]]>")
		if end < 0 {
			return false
		}
		s.kind, s.text = Text, s.buf[s.pos+len("<![CDATA["):end]
		s.pos = end + len("]]>")
		return len(s.text) > 0
	default:
		s.err = errors.New("its XML declares a document type, which no workbook has")
	}
	return false
}
