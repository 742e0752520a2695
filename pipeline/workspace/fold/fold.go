// Package fold compares text as people type it: full-width letters and digits, ideographic spaces,
// stray blanks and the apostrophe a spreadsheet puts before a number make no difference.
//
// Width and Trim are made for the cells of exports: they do not allocate, and text with nothing to
// fold costs a few nanoseconds. No function fails, and bytes that are not UTF-8 stay as they are.
package fold

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// Full-width ASCII is U+FF01 to U+FF5E, in UTF-8 EF BC 81 to EF BC BF and EF BD 80 to EF BD 9E; the
// ideographic space U+3000 is E3 80 80. Each folds to one byte.
const (
	leadFullWidth   = 0xEF
	leadIdeographic = 0xE3

	eachByte = 0x0101010101010101
	highBits = 0x8080808080808080
)

// Text returns s as a key to compare by: width folded, trimmed, in lower case.
// Text of a folded text is that text.
func Text(s string) string {
	if strings.IndexByte(s, leadFullWidth) >= 0 || strings.IndexByte(s, leadIdeographic) >= 0 {
		b := []byte(s)
		s = string(Width(b, b))
	}
	s = strings.TrimLeftFunc(s, func(r rune) bool { return r == '\'' || isBlank(r) })
	return strings.ToLower(strings.TrimRightFunc(s, isBlank))
}

func isBlank(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', 0xA0, 0x200B, 0x3000, 0xFEFF:
		return true
	}
	return false
}

// Width returns src with full-width ASCII and the ideographic space folded to half width.
//
// Text with nothing to fold is returned as it is, without a copy. Else the result is written over
// dst[:0]; folded text is never longer, so a dst of capacity len(src) or more is never reallocated.
// dst and src may be the same slice.
func Width(dst, src []byte) []byte {
	if isASCII(src) {
		return src
	}
	i := foldable(src, 0)
	if i == len(src) {
		return src
	}
	dst = dst[:0]
	for start := 0; ; {
		dst = append(dst, src[start:i]...)
		if i == len(src) {
			return dst
		}
		half, _ := folded(src, i)
		dst = append(dst, half)
		start = i + 3
		i = foldable(src, start)
	}
}

// isASCII looks at eight bytes a step; the last step overlaps the one before.
func isASCII(b []byte) bool {
	n := len(b)
	switch {
	case n >= 8:
		for i := 0; i < n-8; i += 8 {
			if binary.LittleEndian.Uint64(b[i:])&highBits != 0 {
				return false
			}
		}
		return binary.LittleEndian.Uint64(b[n-8:])&highBits == 0
	case n >= 4:
		return (binary.LittleEndian.Uint32(b)|binary.LittleEndian.Uint32(b[n-4:]))&(highBits&0xFFFFFFFF) == 0
	}
	all := byte(0)
	for _, c := range b {
		all |= c
	}
	return all < utf8.RuneSelf
}

// foldable returns the index of the first character at or after i that folds, len(b) if none does.
func foldable(b []byte, i int) int {
	for i < len(b) {
		if i+8 <= len(b) {
			// Chinese text has other lead bytes, so it passes eight bytes a step as well.
			word := binary.LittleEndian.Uint64(b[i:])
			if !hasByte(word, leadFullWidth) && !hasByte(word, leadIdeographic) {
				i += 8
				continue
			}
		}
		for end := min(i+8, len(b)); i < end; i++ {
			if b[i] != leadFullWidth && b[i] != leadIdeographic {
				continue
			}
			if _, ok := folded(b, i); ok {
				return i
			}
		}
	}
	return len(b)
}

// hasByte reports whether one of the eight bytes of word is c.
func hasByte(word uint64, c byte) bool {
	x := word ^ eachByte*uint64(c)
	return (x-eachByte)&^x&highBits != 0
}

// folded returns the byte that the three bytes at b[i] fold to; false if they do not fold.
func folded(b []byte, i int) (byte, bool) {
	if i+2 >= len(b) {
		return 0, false
	}
	second, third := b[i+1], b[i+2]
	switch {
	case b[i] == leadIdeographic:
		return ' ', second == 0x80 && third == 0x80
	case second == 0xBC && third >= 0x81 && third <= 0xBF:
		return third - 0x60, true
	case second == 0xBD && third >= 0x80 && third <= 0x9E:
		return third - 0x20, true
	}
	return 0, false
}

// Trim returns b without the blanks around it and without apostrophes before it. Blanks are ASCII
// white space, the no-break space, the zero-width space, the ideographic space and the byte order
// mark. The result shares b's memory.
func Trim(b []byte) []byte {
	if n := len(b); n > 0 && isVisible(b[0]) && isVisible(b[n-1]) {
		return b
	}
	return trim(b)
}

// isVisible reports whether c is an ASCII character that can stand at either end.
func isVisible(c byte) bool { return c-'(' < 0x7F-'(' }

func trim(b []byte) []byte {
	for len(b) > 0 {
		n := blankPrefix(b)
		if n == 0 && b[0] == '\'' {
			n = 1
		}
		if n == 0 {
			break
		}
		b = b[n:]
	}
	for len(b) > 0 {
		n := blankSuffix(b)
		if n == 0 {
			break
		}
		b = b[:len(b)-n]
	}
	return b
}

// blankPrefix returns the length in bytes of the blank that b starts with, 0 if it starts with none.
func blankPrefix(b []byte) int {
	switch c := b[0]; {
	case c == ' ' || c >= '\t' && c <= '\r':
		return 1
	case c == 0xC2 && len(b) >= 2 && b[1] == 0xA0:
		return 2
	case len(b) >= 3 && isWideBlank(b[0], b[1], b[2]):
		return 3
	}
	return 0
}

// blankSuffix returns the length in bytes of the blank that b ends with, 0 if it ends with none.
func blankSuffix(b []byte) int {
	n := len(b)
	switch c := b[n-1]; {
	case c == ' ' || c >= '\t' && c <= '\r':
		return 1
	case c == 0xA0 && n >= 2 && b[n-2] == 0xC2:
		return 2
	case n >= 3 && isWideBlank(b[n-3], b[n-2], b[n-1]):
		return 3
	}
	return 0
}

// isWideBlank reports whether the bytes a, b, c spell U+3000, U+200B or U+FEFF.
func isWideBlank(a, b, c byte) bool {
	return a == leadIdeographic && b == 0x80 && c == 0x80 ||
		a == 0xE2 && b == 0x80 && c == 0x8B ||
		a == leadFullWidth && b == 0xBB && c == 0xBF
}
