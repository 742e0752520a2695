package text

import (
	"encoding/binary"
	"math/bits"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// The codes of GB18030: two bytes, lead 0x81–0xFE and trail 0x40–0x7E or 0x80–0xFE; or four bytes,
// 0x81–0xFE, 0x30–0x39, 0x81–0xFE, 0x30–0x39.
const (
	leads      = 0xFE - 0x81 + 1
	trails     = 0xFE - 0x40 + 1 // with the unused 0x7F, so that a trail is its own index
	fourBMP    = 39420           // four-byte codes of the basic plane, in order
	fourAstral = 189000          // the four-byte code of U+10000
)

// pairs holds the UTF-8 of every two-byte code, low byte first, 0 where there is none. All are of the
// basic plane, so the fourth byte is free: it holds the length.
//
// x/text has the mapping; one lookup in a table of finished UTF-8 is several times faster than its
// transform, and this is the hot path of most exports from China.
var pairs = sync.OnceValue(func() *[leads * trails]uint32 {
	codes := make([]byte, 0, 3*leads*trails)
	for i := range leads * trails {
		// A line end after each code keeps the decoder in step where there is no such code.
		codes = append(codes, byte(0x81+i/trails), byte(0x40+i%trails), '\n')
	}
	table := new([leads * trails]uint32)
	eachLine(codes, func(i int, utf []byte) {
		if r, n := utf8.DecodeRune(utf); n == len(utf) && r != utf8.RuneError {
			table[i] = uint32(n)<<24 | littleEndian(utf)
		}
	})
	return table
})

// fours holds the runes of the four-byte codes of the basic plane.
var fours = sync.OnceValue(func() *[fourBMP]rune {
	codes := make([]byte, 0, 5*fourBMP)
	for i := range fourBMP {
		codes = append(codes, byte(0x81+i/12600), byte(0x30+i/1260%10), byte(0x81+i/10%126), byte(0x30+i%10), '\n')
	}
	table := new([fourBMP]rune)
	eachLine(codes, func(i int, utf []byte) { table[i], _ = utf8.DecodeRune(utf) })
	return table
})

// eachLine decodes lines by x/text and calls f with each, counted from 0.
func eachLine(lines []byte, f func(i int, utf []byte)) {
	decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(lines)
	if err != nil {
		panic("text: the GB18030 decoder failed on its own codes: " + err.Error())
	}
	start, i := 0, 0
	for end, c := range decoded {
		if c == '\n' {
			f(i, decoded[start:end])
			start, i = end+1, i+1
		}
	}
}

func littleEndian(b []byte) (v uint32) {
	for i, c := range b {
		v |= uint32(c) << (8 * i)
	}
	return v
}

// appendGB18030 agrees with x/text on every input but one: after a lead byte, x/text takes 0x3A–0x3F
// (":" to "?") for a digit of a four-byte code; here that is damage, as the standard has it.
func appendGB18030(dst, src []byte, final bool, damage *Damage) ([]byte, int) {
	table := pairs()
	buf, n := dst[:cap(dst)], len(dst)
	for i := 0; i < len(src); {
		if n+8 > len(buf) {
			// Chinese grows by half, the worst text threefold.
			buf = grow(buf[:n], (len(src)-i)*3/2+64)
		}
		if i+8 <= len(src) {
			w := binary.LittleEndian.Uint64(src[i:])
			if ascii := bits.TrailingZeros64(w&highBits) / 8; ascii > 0 {
				binary.LittleEndian.PutUint64(buf[n:], w)
				i, n = i+ascii, n+ascii
				continue
			}
		}
		c := src[i]
		if c < utf8.RuneSelf {
			buf[n] = c
			i, n = i+1, n+1
			continue
		}
		if i+1 < len(src) && c != 0x80 && c != 0xFF && src[i+1] >= 0x40 {
			if utf := table[int(c-0x81)*trails+min(int(src[i+1]-0x40), trails-1)]; utf != 0 && src[i+1] != 0xFF {
				binary.LittleEndian.PutUint32(buf[n:], utf)
				i, n = i+2, n+int(utf>>24)
				continue
			}
		}
		r, size := rareGB18030(src[i:], final)
		if size == 0 {
			return buf[:n], len(src) - i
		}
		if r < 0 {
			damage.note(buf[:n])
			r = utf8.RuneError
		}
		n += utf8.EncodeRune(buf[n:], r)
		i += size
	}
	return buf[:n], 0
}

const highBits = 0x8080808080808080

func grow(buf []byte, n int) []byte {
	buf = append(buf, make([]byte, n)...)
	return buf[:cap(buf)]
}

// rareGB18030 decodes what is neither ASCII nor a known two-byte code: r is -1 for damage,
// size is 0 if the end of the character is not in src.
func rareGB18030(src []byte, final bool) (r rune, size int) {
	switch {
	case src[0] == 0x80:
		return '€', 1 // as in code page 936
	case src[0] == 0xFF:
		return -1, 1
	case len(src) == 1:
		return -1, ifFinal(final)
	}
	switch c := src[1]; {
	case c >= 0x40 && c != 0x7F && c != 0xFF:
		return -1, 2
	case c < '0' || c > '9':
		return -1, 1
	case len(src) > 2 && (src[2] < 0x81 || src[2] == 0xFF):
		return -1, 1
	case len(src) < 4:
		return -1, ifFinal(final)
	case src[3] < '0' || src[3] > '9':
		return -1, 1
	}
	code := ((int(src[0]-0x81)*10+int(src[1]-'0'))*126+int(src[2]-0x81))*10 + int(src[3]-'0')
	switch {
	case code < fourBMP:
		return fours()[code], 4
	case code >= fourAstral && code-fourAstral < 0x100000:
		return rune(code-fourAstral) + 0x10000, 4
	}
	return -1, 1
}

// ifFinal is the size of a character cut off by the end of the text: one bad byte, or not yet known.
func ifFinal(final bool) int {
	if final {
		return 1
	}
	return 0
}

// pairOf holds a bit for each character of the basic plane that has a two-byte code.
var pairOf = sync.OnceValue(func() *[1 << 16 / 64]uint64 {
	set := new([1 << 16 / 64]uint64)
	for _, code := range pairs() {
		if code != 0 {
			utf := binary.LittleEndian.AppendUint32(nil, code)
			r, _ := utf8.DecodeRune(utf[:code>>24])
			set[r/64] |= 1 << (r % 64)
		}
	}
	return set
})

// widthGB18030 returns the number of bytes of a character.
func widthGB18030(r rune) int {
	switch {
	case r < utf8.RuneSelf:
		return 1
	case r <= 0xFFFF && pairOf()[r/64]&(1<<(r%64)) != 0:
		return 2
	}
	return 4
}
