package markup

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// Attr returns an attribute of the start tag without entities. A name with a prefix is compared whole,
// one without to what stands behind the prefix.
func (s *Scanner) Attr(name string) ([]byte, bool) {
	rest := s.attrs
	for {
		rest = trimLeft(rest)
		eq := bytes.IndexByte(rest, '=')
		if eq < 0 {
			return nil, false
		}
		own := trimRight(rest[:eq])
		rest = trimLeft(rest[eq+1:])
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil, false
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil, false
		}
		value := rest[1 : 1+end]
		rest = rest[end+2:]
		if string(own) != name {
			colon := bytes.IndexByte(own, ':')
			if colon < 0 || string(own[colon+1:]) != name {
				continue
			}
		}
		if bytes.IndexByte(value, '&') >= 0 {
			value = unescape(nil, value)
		}
		return value, true
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func trimLeft(text []byte) []byte {
	for len(text) > 0 && isSpace(text[0]) {
		text = text[1:]
	}
	return text
}

func trimRight(text []byte) []byte {
	for len(text) > 0 && isSpace(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}

// Has reports whether an attribute is a truth: 1, true or on.
func (s *Scanner) Has(name string) bool {
	value, _ := s.Attr(name)
	return string(value) == "1" || string(value) == "true" || string(value) == "on"
}

var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// unescape appends text without its entities. What is none stays as it is.
func unescape(dst, text []byte) []byte {
	for {
		at := bytes.IndexByte(text, '&')
		if at < 0 {
			return append(dst, text...)
		}
		dst = append(dst, text[:at]...)
		text = text[at:]
		semicolon := bytes.IndexByte(text[:min(len(text), maxEntity)], ';')
		if semicolon < 0 {
			dst, text = append(dst, '&'), text[1:]
			continue
		}
		name := string(text[1:semicolon])
		if plain, ok := entities[name]; ok {
			dst = append(dst, plain...)
		} else if r, ok := character(name); ok {
			dst = utf8.AppendRune(dst, r)
		} else {
			dst = append(dst, text[:semicolon+1]...)
		}
		text = text[semicolon+1:]
	}
}

// character reads #65 or #x41.
func character(name string) (rune, bool) {
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return rune(n), err == nil && n > 0 && n <= utf8.MaxRune
}
