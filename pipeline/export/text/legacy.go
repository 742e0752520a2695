package text

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// legacy are encodings that are read where they are asked for. They are never guessed: nearly every
// text is one in some of them.
var legacy = map[Encoding]encoding.Encoding{
	Big5: traditionalchinese.Big5, ShiftJIS: japanese.ShiftJIS, Windows1252: charmap.Windows1252,
}

// Legacy lists the encodings that are never guessed, those first that fewest texts are.
func Legacy() []Encoding { return []Encoding{Big5, ShiftJIS, Windows1252} }

// appendLegacy decodes with x/text, which takes no line end for a part of a character.
func (e Encoding) appendLegacy(dst, src []byte, final bool, damage *Damage) ([]byte, int) {
	decoder := legacy[e].NewDecoder()
	for {
		if cap(dst)-len(dst) < 64 {
			dst = grow(dst, len(src)*3/2+64)[:len(dst)]
		}
		start := len(dst)
		n, used, err := decoder.Transform(dst[start:cap(dst)], src, final)
		dst, src = dst[:start+n], src[used:]
		for at := start; ; {
			next := bytes.Index(dst[at:], []byte(replacement))
			if next < 0 {
				break
			}
			damage.note(dst[:at+next])
			at += next + len(replacement)
		}
		if !errors.Is(err, transform.ErrShortDst) {
			return dst, len(src)
		}
	}
}

// Decoder returns a decoder for text that is read from start to end, which takes a byte-order mark away; nil for UTF-8.
func Decoder(e Encoding) *encoding.Decoder {
	switch e {
	case UTF8:
		return nil
	case GB18030:
		return simplifiedchinese.GB18030.NewDecoder()
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder()
	}
	return legacy[e].NewDecoder()
}

// widthLegacy returns how many bytes a character takes.
func (e Encoding) widthLegacy(r rune) int {
	const firstNarrow, lastNarrow = '｡', 'ﾟ' // katakana of half the width
	switch {
	case r < utf8.RuneSelf, e == Windows1252, e == ShiftJIS && (r == '\u0080' || r >= firstNarrow && r <= lastNarrow):
		return 1
	}
	return 2
}
