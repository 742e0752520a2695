// Package jsonrow reads JSON objects as rows: the members of nested objects are columns of their own,
// named by their path with dots, and values are the text that stands in the file. No number passes
// through a floating-point one.
package jsonrow

import (
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep objects and arrays may be nested.
const maxDepth = 64

// A Value is one member of an object as it stands in the text: a string without its quotes, or a number,
// a truth value or an array as it is written.
type Value struct {
	Start, End int
	IsNull     bool
	IsEscaped  bool // a string with escapes: Unescape gives its text
}

// A Parser reads objects, one after the other.
type Parser struct {
	// Visit gets each value with its path, in the order of the text. The path is void when it returns.
	Visit func(path []byte, v Value) error

	data []byte
	pos  int
	end  int
	path []byte
}

// SyntaxError says that a text is not what JSON wants there.
type SyntaxError struct {
	Offset int // in the text, from its start
	Want   string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("it is no JSON at byte %d: expected %s", e.Offset+1, e.Want)
}

// ErrDeep says that values are nested deeper than anyone writes.
var ErrDeep = errors.New("it is nested too deeply")

// Object reads the object that data[start:end] is, blanks around it aside.
func (p *Parser) Object(data []byte, start, end int) error {
	p.data, p.pos, p.end, p.path = data, start, end, p.path[:0]
	p.blanks()
	if p.peek() != '{' {
		return p.fault("an object")
	}
	err := p.object(1)
	if err == nil {
		if p.blanks(); p.pos < p.end {
			err = p.fault("nothing behind the object")
		}
	}
	var syntax *SyntaxError
	if errors.As(err, &syntax) {
		syntax.Offset -= start
	}
	return err
}

func (p *Parser) fault(want string) error {
	return &SyntaxError{Offset: p.pos, Want: want}
}

// object reads the members of the object at pos.
func (p *Parser) object(depth int) error {
	if depth > maxDepth {
		return ErrDeep
	}
	open := p.pos
	p.pos++
	if p.blanks(); p.peek() == '}' {
		p.pos++
		if len(p.path) == 0 {
			return nil
		}
		return p.Visit(p.path, Value{Start: open, End: p.pos})
	}
	for {
		p.blanks()
		key, err := p.text()
		if err != nil {
			return err
		}
		if p.blanks(); p.peek() != ':' {
			return p.fault("a colon")
		}
		p.pos++
		above := len(p.path)
		if above > 0 {
			p.path = append(p.path, '.')
		}
		if key.IsEscaped {
			p.path = Unescape(p.path, p.data[key.Start:key.End])
		} else {
			p.path = append(p.path, p.data[key.Start:key.End]...)
		}
		if len(p.path) == 0 {
			p.path = append(p.path, '_') // an object may have a member without a name
		}
		if err := p.member(depth); err != nil {
			return err
		}
		p.path = p.path[:above]
		p.blanks()
		switch p.peek() {
		case ',':
			p.pos++
		case '}':
			p.pos++
			return nil
		default:
			return p.fault("a comma or the object's end")
		}
	}
}

// member reads the value of a member.
func (p *Parser) member(depth int) error {
	if p.blanks(); p.peek() == '{' {
		return p.object(depth + 1)
	}
	v, err := p.value(depth)
	if err != nil {
		return err
	}
	return p.Visit(p.path, v)
}

// value reads any value; an object is read as text.
func (p *Parser) value(depth int) (Value, error) {
	start := p.pos
	switch c := p.peek(); {
	case c == '"':
		return p.text()
	case c == '[' || c == '{':
		err := p.nested(depth + 1)
		return Value{Start: start, End: p.pos}, err
	case c == '-' || c >= '0' && c <= '9':
		err := p.number()
		return Value{Start: start, End: p.pos}, err
	}
	for _, word := range []string{"null", "true", "false"} {
		if behind := p.pos + len(word); behind <= p.end && string(p.data[p.pos:behind]) == word {
			p.pos = behind
			return Value{Start: start, End: behind, IsNull: word == "null"}, nil
		}
	}
	return Value{}, p.fault("a value")
}

// nested reads past an array or an object that becomes the text of a cell.
func (p *Parser) nested(depth int) error {
	if depth > maxDepth {
		return ErrDeep
	}
	isObject := p.peek() == '{'
	closing := byte(']')
	if isObject {
		closing = '}'
	}
	p.pos++
	if p.blanks(); p.peek() == closing {
		p.pos++
		return nil
	}
	for {
		if p.blanks(); isObject {
			if _, err := p.text(); err != nil {
				return err
			}
			if p.blanks(); p.peek() != ':' {
				return p.fault("a colon")
			}
			p.pos++
			p.blanks()
		}
		if _, err := p.value(depth); err != nil {
			return err
		}
		p.blanks()
		switch p.peek() {
		case ',':
			p.pos++
		case closing:
			p.pos++
			return nil
		default:
			return p.fault("a comma or the end of " + map[bool]string{true: "the object", false: "the array"}[isObject])
		}
	}
}

// text reads a string.
func (p *Parser) text() (Value, error) {
	if p.peek() != '"' {
		return Value{}, p.fault("a string")
	}
	p.pos++
	v := Value{Start: p.pos}
	for p.pos < p.end {
		switch c := p.data[p.pos]; {
		case c == '"':
			v.End = p.pos
			p.pos++
			return v, nil
		case c < ' ':
			return v, p.fault("no control character in a string")
		case c == '\\':
			v.IsEscaped = true
			if n := escapeLength(p.data[p.pos:p.end]); n > 0 {
				p.pos += n
				continue
			}
			return v, p.fault("an escape such as \\n or \\u4e2d")
		}
		p.pos++
	}
	return v, p.fault("the string's end")
}

// escapeLength returns the length of the escape that text begins with, 0 if it is none.
func escapeLength(text []byte) int {
	if len(text) < 2 {
		return 0
	}
	switch text[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := hexadecimal(text); ok {
			return 6
		}
	}
	return 0
}

// hexadecimal reads \uXXXX.
func hexadecimal(text []byte) (r rune, ok bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	for _, c := range text[2:6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// Unescape appends the text of a string with escapes, as Visit gave it. Half a surrogate is U+FFFD.
func Unescape(to, text []byte) []byte {
	for i := 0; i < len(text); {
		if text[i] != '\\' {
			to = append(to, text[i])
			i++
			continue
		}
		switch c := text[i+1]; c {
		case 'b':
			to = append(to, '\b')
		case 'f':
			to = append(to, '\f')
		case 'n':
			to = append(to, '\n')
		case 'r':
			to = append(to, '\r')
		case 't':
			to = append(to, '\t')
		case 'u':
			r, _ := hexadecimal(text[i:])
			i += 4
			if utf16.IsSurrogate(r) {
				low, _ := hexadecimal(text[i+2:])
				if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
					i += 6
				}
			}
			to = utf8.AppendRune(to, r)
		default:
			to = append(to, c)
		}
		i += 2
	}
	return to
}

// number reads past a number.
func (p *Parser) number() error {
	if p.peek() == '-' {
		p.pos++
	}
	if p.peek() == '0' {
		p.pos++
	} else if !p.digits() {
		return p.fault("a digit")
	}
	if p.peek() == '.' {
		if p.pos++; !p.digits() {
			return p.fault("a digit")
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.pos++
		if c := p.peek(); c == '+' || c == '-' {
			p.pos++
		}
		if !p.digits() {
			return p.fault("a digit")
		}
	}
	return nil
}

func (p *Parser) digits() bool {
	from := p.pos
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.pos++
	}
	return p.pos > from
}

func (p *Parser) blanks() {
	for p.pos < p.end {
		switch p.data[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

// peek returns the byte at pos, 0 at the end.
func (p *Parser) peek() byte {
	if p.pos < p.end {
		return p.data[p.pos]
	}
	return 0
}
