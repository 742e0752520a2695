// Package text turns the bytes of a text file into UTF-8 and says which lines could not be.
//
// A line whose bytes are not text in the encoding is damaged: each bad sequence in it becomes U+FFFD,
// and the place of the first one is noted. A U+FFFD that stands in the file is text.
package text

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Encoding is one of the encodings that exports come in.
type Encoding string

// The encodings, by the names that configuration and manifests use.
const (
	UTF8    Encoding = "utf-8"
	GB18030 Encoding = "gb18030" // so GBK and GB2312 too, its subsets
	UTF16LE Encoding = "utf-16le"
	UTF16BE Encoding = "utf-16be"

	Big5        Encoding = "big5"
	ShiftJIS    Encoding = "shift_jis"
	Windows1252 Encoding = "windows-1252" // so Latin-1 too, but for its control characters
)

// Parse returns the encoding of a name in any case, with its usual aliases.
func Parse(name string) (Encoding, error) {
	switch strings.ToLower(name) {
	case "utf-8", "utf8":
		return UTF8, nil
	case "gb18030", "gbk", "gb2312", "cp936":
		return GB18030, nil
	case "utf-16le", "utf16le":
		return UTF16LE, nil
	case "utf-16be", "utf16be":
		return UTF16BE, nil
	case "big5", "cp950":
		return Big5, nil
	case "shift_jis", "sjis", "cp932":
		return ShiftJIS, nil
	case "windows-1252", "cp1252", "iso-8859-1", "latin1":
		return Windows1252, nil
	}
	return "", fmt.Errorf("unknown encoding %q: want %s", name, strings.Join(Names(), ", "))
}

// Names lists the encodings as configuration names them.
func Names() []string {
	names := []string{string(UTF8), string(GB18030), string(UTF16LE), string(UTF16BE)}
	for _, e := range Legacy() {
		names = append(names, string(e))
	}
	return names
}

// byteOrderMarks are U+FEFF in each encoding.
var byteOrderMarks = []struct {
	encoding Encoding
	mark     []byte
}{
	{UTF8, []byte{0xEF, 0xBB, 0xBF}},
	{UTF16LE, []byte{0xFF, 0xFE}},
	{UTF16BE, []byte{0xFE, 0xFF}},
	{GB18030, []byte{0x84, 0x31, 0x95, 0x33}},
}

// ByteOrderMark returns the encoding that the mark at the start of head names and the length of the mark,
// or "" and 0 if there is none.
func ByteOrderMark(head []byte) (Encoding, int) {
	for _, b := range byteOrderMarks {
		if bytes.HasPrefix(head, b.mark) {
			return b.encoding, len(b.mark)
		}
	}
	return "", 0
}

// Guess returns the encoding that text without a byte order mark seems to have, judged by its first bytes:
// UTF-16 if every other byte tends to be NUL, GB18030 if it leaves fewer damaged lines than UTF-8,
// else UTF-8. Between the last two only the whole file decides. whole says that head is all of the text.
func Guess(head []byte, whole bool) Encoding {
	if wide := guessWide(head); wide != "" {
		return wide
	}
	if !whole {
		head = head[:UTF8.Cut(head)]
	}
	if utf8.Valid(head) {
		return UTF8
	}
	if GB18030.DamagedLines(head) < UTF8.DamagedLines(head) {
		return GB18030
	}
	return UTF8
}

// guessWide tells UTF-16 by its NULs: digits, delimiters and line ends have one each, always on the same
// side. A tenth of all units is far below what a table in Chinese has and far above stray NULs.
func guessWide(head []byte) Encoding {
	var nuls [2]int
	for i, c := range head {
		if c == 0 {
			nuls[i&1]++
		}
	}
	switch units := len(head) / 2; {
	case nuls[1] > units/10 && nuls[0] <= nuls[1]/20:
		return UTF16LE
	case nuls[0] > units/10 && nuls[1] <= nuls[0]/20:
		return UTF16BE
	}
	return ""
}

// DamagedLines returns how many lines of src are not text in the encoding. src is whole lines.
func (e Encoding) DamagedLines(src []byte) (n int) {
	const step = 32 << 10 // so that the text, which nobody wants, stays in the cache
	var buf []byte
	var damage Damage
	for len(src) > 0 {
		cut := len(src)
		if cut > step {
			if cut = e.Cut(src[:step]); cut == 0 {
				cut = len(src)
			}
		}
		damage.Reset(0, false)
		buf, _ = e.Append(buf[:0], src[:cut], true, &damage)
		n += len(damage.At)
		src = src[cut:]
	}
	return n
}

// Append appends src to dst as UTF-8 and notes the damage. A character whose end is not in src is left
// for later unless src is final: rest is the number of bytes left. After a line end it is 0.
func (e Encoding) Append(dst, src []byte, final bool, damage *Damage) (text []byte, rest int) {
	switch e {
	case UTF8:
		return appendUTF8(dst, src, final, damage)
	case GB18030:
		return appendGB18030(dst, src, final, damage)
	case Big5, ShiftJIS, Windows1252:
		return e.appendLegacy(dst, src, final, damage)
	default:
		return appendUTF16(dst, src, e == UTF16BE, final, damage)
	}
}

// Unit is the number of bytes that a character has at least.
func (e Encoding) Unit() int {
	if e == UTF16LE || e == UTF16BE {
		return 2
	}
	return 1
}

// Width returns how many bytes a character takes in the encoding. U+FFFD, which stands for damage,
// takes what it would take itself.
func (e Encoding) Width(r rune) int {
	switch {
	case e == UTF8:
		return utf8.RuneLen(r)
	case e == GB18030:
		return widthGB18030(r)
	case legacy[e] != nil:
		return e.widthLegacy(r)
	case r > 0xFFFF:
		return 4
	}
	return 2
}

// Cut returns where src can be cut: behind its last line end, or 0 if there is none. A carriage return
// that is the last character does not count, for a line feed may follow it.
// src starts at a character of the file.
func (e Encoding) Cut(src []byte) int {
	if e.Unit() == 2 {
		return cutWide(src, e == UTF16BE)
	}
	// No byte of a longer character is 0x0A or 0x0D, in none of the encodings with units of one byte.
	for i := len(src) - 1; i >= 0; i-- {
		if src[i] == '\n' || src[i] == '\r' && i+1 < len(src) {
			return i + 1
		}
	}
	return 0
}

// CutLine returns where src can be cut within a line if it must be: anywhere between two units, but not
// behind a carriage return.
func (e Encoding) CutLine(src []byte) int {
	n := len(src) &^ (e.Unit() - 1)
	switch {
	case e == UTF16LE && n >= 2 && src[n-2] == '\r' && src[n-1] == 0,
		e == UTF16BE && n >= 2 && src[n-2] == 0 && src[n-1] == '\r':
		return n - 2
	case e.Unit() == 1 && n >= 1 && src[n-1] == '\r':
		return n - 1
	}
	return n
}

// Damage collects where text had to be replaced, one place for each damaged line.
type Damage struct {
	At   []uint32 // offsets of the first U+FFFD of each damaged line, ascending
	open bool     // the line at seen is damaged
	seen int      // no line end between the last damage and here
}

// Reset empties the collection before text is appended at start; open says that the line which the text
// goes on with is known to be damaged.
func (d *Damage) Reset(start int, open bool) {
	*d = Damage{At: d.At[:0], open: open, seen: start}
}

// Shift says that the text was moved by n bytes.
func (d *Damage) Shift(n int) {
	for i := range d.At {
		d.At[i] += uint32(n)
	}
	d.seen += n
}

// Open reports whether the line that text ends within is damaged.
func (d *Damage) Open(text []byte) bool {
	return d.open && !hasLineEnd(text[d.seen:])
}

func (d *Damage) note(text []byte) {
	at := len(text)
	if !d.open || hasLineEnd(text[d.seen:at]) {
		d.At = append(d.At, uint32(at))
	}
	d.open, d.seen = true, at
}

func hasLineEnd(b []byte) bool {
	return bytes.IndexByte(b, '\n') >= 0 || bytes.IndexByte(b, '\r') >= 0
}
