package text

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

const replacement = "\uFFFD"

// appendUTF8 copies line by line, and rune by rune where a line is damaged: one U+FFFD for each bad byte.
func appendUTF8(dst, src []byte, final bool, damage *Damage) ([]byte, int) {
	for len(src) > 0 {
		n := bytes.IndexByte(src, '\n') + 1
		if n == 0 {
			n = len(src)
		}
		if line := src[:n]; utf8.Valid(line) {
			dst = append(dst, line...)
			src = src[n:]
			continue
		}
		for line := src[:n]; len(line) > 0; {
			_, size := utf8.DecodeRune(line)
			if size == 1 && line[0] >= utf8.RuneSelf {
				if !final && n == len(src) && !utf8.FullRune(line) {
					return dst, len(line)
				}
				damage.note(dst)
				dst = append(dst, replacement...)
			} else {
				dst = append(dst, line[:size]...)
			}
			line = line[size:]
		}
		src = src[n:]
	}
	return dst, 0
}

// appendUTF16 replaces lone surrogates and a last odd byte.
func appendUTF16(dst, src []byte, big, final bool, damage *Damage) ([]byte, int) {
	unit := binary.LittleEndian.Uint16
	if big {
		unit = binary.BigEndian.Uint16
	}
	for len(src) >= 2 {
		r := rune(unit(src))
		switch {
		case r < utf8.RuneSelf:
			dst = append(dst, byte(r))
			src = src[2:]
			continue
		case !utf16.IsSurrogate(r):
			dst = utf8.AppendRune(dst, r)
			src = src[2:]
			continue
		case r < 0xDC00 && len(src) < 4 && !final:
			return dst, len(src)
		}
		if len(src) >= 4 {
			if pair := utf16.DecodeRune(r, rune(unit(src[2:]))); pair != utf8.RuneError {
				dst = utf8.AppendRune(dst, pair)
				src = src[4:]
				continue
			}
		}
		damage.note(dst)
		dst = append(dst, replacement...)
		src = src[2:]
	}
	if len(src) == 1 {
		if !final {
			return dst, 1
		}
		damage.note(dst)
		dst = append(dst, replacement...)
	}
	return dst, 0
}

func cutWide(src []byte, big bool) int {
	high, low := 1, 0
	if big {
		high, low = 0, 1
	}
	n := len(src) &^ 1
	for i := n - 2; i >= 0; i -= 2 {
		c := src[i+low]
		if src[i+high] == 0 && (c == '\n' || c == '\r' && i+2 < n) {
			return i + 2
		}
	}
	return 0
}
