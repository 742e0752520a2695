package text

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// shared returns the path of real data kept beside the project.
func shared(t *testing.T, path string) string {
	t.Helper()
	path = filepath.Join("..", "..", "..", "..", "shared", "data", path)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no shared data: %v", err)
	}
	return path
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOracles(t *testing.T) {
	for _, c := range []struct {
		encoding    Encoding
		file, plain string
	}{
		{GB18030, "sunzi-bingfa-simplified-gbk.txt", "sunzi-bingfa-simplified-utf-8.txt"},
		{GB18030, "candide-gb18030.txt", "candide-utf-8.txt"},
		{UTF16LE, "candide-utf-16le.txt", "candide-utf-8.txt"},
		{UTF8, "candide-utf-8.txt", "candide-utf-8.txt"},
		{Big5, "sunzi-bingfa-traditional-big5.txt", "sunzi-bingfa-traditional-utf-8.txt"},
		{Windows1252, "candide-windows-1252.txt", "candide-utf-8.txt"},
	} {
		src := read(t, shared(t, filepath.Join("torture/x_text_encodings", c.file)))
		want := read(t, shared(t, filepath.Join("torture/x_text_encodings", c.plain)))
		_, bom := ByteOrderMark(src)
		var damage Damage
		got, rest := c.encoding.Append(nil, src[bom:], true, &damage)
		if !bytes.Equal(got, want) || rest != 0 || len(damage.At) != 0 {
			t.Errorf("%s: got %d bytes, rest %d, damage %v, want %d bytes", c.file, len(got), rest, damage.At, len(want))
		}
		if guess := Guess(src[bom:], true); bom == 0 && legacy[c.encoding] == nil && guess != c.encoding {
			t.Errorf("%s: guessed %s, want %s", c.file, guess, c.encoding)
		}
	}
}

// byXText decodes GB18030 with x/text.
func byXText(t *testing.T, src []byte) []byte {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(src)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestGB18030EveryCode(t *testing.T) {
	check := func(src []byte) {
		t.Helper()
		var damage Damage
		got, _ := GB18030.Append(nil, src, true, &damage)
		want := byXText(t, src)
		if !bytes.Equal(got, want) {
			t.Errorf("% x: got %q, want %q", src, got, want)
		}
		if damaged := bytes.Contains(want, []byte(replacement)); damaged != (len(damage.At) > 0) {
			t.Errorf("% x: got damage %v, want %v", src, damage.At, damaged)
		}
	}
	for c0 := 0x80; c0 <= 0xFF; c0++ {
		for c1 := range 0x100 {
			if c1 >= 0x3A && c1 <= 0x3F {
				continue // x/text takes these for digits
			}
			check([]byte{byte(c0), byte(c1)})
			check([]byte{'a', byte(c0), byte(c1), ',', 'b', '1', '2', '3', '4'})
		}
	}
	for i := 0; i < fourBMP; i++ {
		code := []byte{byte(0x81 + i/12600), byte(0x30 + i/1260%10), byte(0x81 + i/10%126), byte(0x30 + i%10)}
		if !bytes.Equal(code, []byte{0x84, 0x31, 0xA4, 0x37}) {
			check(code)
		}
	}
	for _, r := range []rune{0x10000, 0x1F600, 0x20000, 0x10FFFF} {
		check(byEncoder(t, string(r)))
	}
}

func byEncoder(t *testing.T, s string) []byte {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A U+FFFD that was written as such is no damage, in any encoding.
func TestReplacementCharacterIsText(t *testing.T) {
	for e, src := range map[Encoding]string{
		UTF8: "a\uFFFDb", GB18030: "a\x84\x31\xA4\x37b", UTF16LE: "a\x00\xFD\xFFb\x00", UTF16BE: "\x00a\xFF\xFD\x00b",
	} {
		var damage Damage
		got, _ := e.Append(nil, []byte(src), true, &damage)
		if string(got) != "a\uFFFDb" || len(damage.At) != 0 {
			t.Errorf("%s: got %q, damage %v", e, got, damage.At)
		}
	}
}

func TestDamageIsCountedByLine(t *testing.T) {
	for _, c := range []struct {
		name     string
		encoding Encoding
		src      string
		text     string
		at       []uint32
	}{
		{"two bad bytes in a line", UTF8, "a\xFF\xFEb\nc\n", "a\uFFFD\uFFFDb\nc\n", []uint32{1}},
		{"each line", UTF8, "\xFF\n\xFF\r\xFF\r\nx", "\uFFFD\n\uFFFD\r\uFFFD\r\nx", []uint32{0, 4, 8}},
		{"cut off at the end", UTF8, "ab\xE4\xB8", "ab\uFFFD\uFFFD", []uint32{2}},
		{"surrogate in UTF-8", UTF8, "\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD", []uint32{0}},
		{"unassigned pair", GB18030, "\xFE\xFE\n", "\uFFFD\n", nil},
		{"lead before a line end", GB18030, "\xD6\n\xD6\xD0", "\uFFFD\n中", []uint32{0}},
		{"lead before a semicolon", GB18030, "\x81;\x81\x30", "\uFFFD;\uFFFD0", []uint32{0}},
		{"lone surrogate", UTF16LE, "\x00\xD8a\x00", "\uFFFDa", []uint32{0}},
		{"low before high", UTF16BE, "\xDC\x00\xD8\x00", "\uFFFD\uFFFD", []uint32{0}},
		{"odd byte", UTF16BE, "\x00a\x00", "a\uFFFD", []uint32{1}},
	} {
		var damage Damage
		got, _ := c.encoding.Append(nil, []byte(c.src), true, &damage)
		if string(got) != c.text {
			t.Errorf("%s: got %q, want %q", c.name, got, c.text)
		}
		if c.at != nil && (len(damage.At) != len(c.at) || damage.At[0] != c.at[0]) {
			t.Errorf("%s: got damage at %v, want %v", c.name, damage.At, c.at)
		}
		if n := c.encoding.DamagedLines([]byte(c.src)); n != len(damage.At) {
			t.Errorf("%s: got %d damaged lines, want %d", c.name, n, len(damage.At))
		}
	}
}

// However a text is cut, what is appended is the same, and so is the damage.
func checkPieces(t *testing.T, e Encoding, src []byte, size int) {
	t.Helper()
	var whole, pieces Damage
	want, _ := e.Append(nil, src, true, &whole)
	if !utf8.Valid(want) {
		t.Fatalf("%s: %q is not UTF-8", e, want)
	}
	var got, rest []byte
	for from := 0; from <= len(src); from += size {
		to := min(from+size, len(src))
		piece := append(rest, src[from:to]...)
		var n int
		got, n = e.Append(got, piece, from+size > len(src), &pieces)
		rest = bytes.Clone(piece[len(piece)-n:])
	}
	if !bytes.Equal(got, want) || len(rest) != 0 {
		t.Errorf("%s in pieces of %d: got %q, want %q", e, size, got, want)
	}
	if len(pieces.At) != len(whole.At) {
		t.Errorf("%s in pieces of %d: got damage at %v, want %v", e, size, pieces.At, whole.At)
	}
}

func TestPieces(t *testing.T) {
	src := []byte("家乐福,\xD6\xD0\x81\x30\x81\x30\r\n\xF0\x9F\x98\x80\xFF\x00\xD8a\n\x81\x30")
	for _, e := range []Encoding{UTF8, GB18030, UTF16LE, UTF16BE} {
		for size := 1; size < len(src); size++ {
			checkPieces(t, e, src, size)
		}
	}
}

func FuzzGB18030(f *testing.F) {
	for _, seed := range []string{"", "终端号", "\xD6\xD5\xB6\xCB", "\x81\x30\x81\x30", "\x80\xFF\xFE\x7F|", "\x90\x30\x81\x30,\x84\x31\xA4\x37"} {
		f.Add([]byte(seed), byte(3))
	}
	f.Fuzz(func(t *testing.T, src []byte, size byte) {
		checkPieces(t, GB18030, src, 1+int(size))
		for i, c := range src {
			if c >= 0x3A && c <= 0x3F && i > 0 && src[i-1] > 0x80 {
				return // x/text takes these for digits
			}
		}
		got, _ := GB18030.Append([]byte("before"), src, true, new(Damage))
		if want := byXText(t, src); string(got) != "before"+string(want) {
			t.Errorf("% x: got %q, want %q", src, got, want)
		}
	})
}

// checkWidths holds the widths of characters against what they were read from.
func checkWidths(t *testing.T, e Encoding, src []byte) {
	t.Helper()
	var damage Damage
	got, _ := e.Append(nil, src, true, &damage)
	if len(damage.At) > 0 {
		return
	}
	width := 0
	for _, r := range string(got) {
		width += e.Width(r)
	}
	// Two pairs of characters have one code of two bytes in Big5.
	if width != len(src) && !strings.ContainsAny(string(got), "\u0304\u030c") {
		t.Errorf("%s % x: got width %d for %q", e, src, width, got)
	}
}

func FuzzUTF(f *testing.F) {
	f.Add([]byte("a\x00\x2D\x4E\x3D\xD8\x00\xDE"), byte(3))
	f.Fuzz(func(t *testing.T, src []byte, size byte) {
		for e, order := range map[Encoding]binary.ByteOrder{UTF16LE: binary.LittleEndian, UTF16BE: binary.BigEndian} {
			checkPieces(t, e, src, 1+int(size))
			var units []uint16
			for i := 0; i+2 <= len(src); i += 2 {
				units = append(units, order.Uint16(src[i:]))
			}
			want := string(utf16.Decode(units))
			if len(src)%2 == 1 {
				want += replacement
			}
			if got, _ := e.Append(nil, src, true, new(Damage)); string(got) != want {
				t.Errorf("%s % x: got %q, want %q", e, src, got, want)
			}
		}
		for _, e := range Legacy() {
			checkPieces(t, e, src, 1+int(size))
			checkWidths(t, e, src)
		}
		checkPieces(t, UTF8, src, 1+int(size))
		var damage Damage
		got, _ := UTF8.Append(nil, src, true, &damage)
		if want := []byte(string([]rune(string(src)))); !bytes.Equal(got, want) {
			t.Errorf("% x: got %q, want %q", src, got, want)
		}
		if utf8.Valid(src) != (len(damage.At) == 0) {
			t.Errorf("% x: got damage at %v", src, damage.At)
		}
	})
}

func TestGuess(t *testing.T) {
	wide := func(s string, big bool) string {
		var b strings.Builder
		for _, r := range s {
			if big {
				b.WriteString(string([]byte{byte(r >> 8), byte(r)}))
			} else {
				b.WriteString(string([]byte{byte(r), byte(r >> 8)}))
			}
		}
		return b.String()
	}
	table := "终端号,商户号,商户名称,非接\n00000001,898350000000001,家乐福中山路店,是\n"
	for _, c := range []struct {
		name string
		head string
		want Encoding
	}{
		{"nothing", "", UTF8},
		{"ASCII", "a,b\n1,2\n", UTF8},
		{"UTF-8", table, UTF8},
		{"UTF-8 with one bad byte", table + "x\xFFy\n" + table, UTF8},
		{"GB18030", string(byEncoder(t, table)), GB18030},
		{"GB18030 with one bad byte", string(byEncoder(t, table)) + "x\xFFy\n", GB18030},
		{"UTF-16LE without mark", wide(table, false), UTF16LE},
		{"UTF-16BE without mark", wide(table, true), UTF16BE},
		{"NULs as padding", table + strings.Repeat("\x00", 200), UTF8},
	} {
		if got := Guess([]byte(c.head), true); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	if got := Guess([]byte("x\n\xE7\xBB\x88\xE7"), false); got != UTF8 {
		t.Errorf("cut within a character: got %s, want %s", got, UTF8)
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		encoding Encoding
		src      string
		at, line int
	}{
		{UTF8, "", 0, 0},
		{UTF8, "abc", 0, 3},
		{UTF8, "a\nbc", 2, 4},
		{UTF8, "a\r\nbc", 3, 5},
		{UTF8, "a\rb", 2, 3},
		{UTF8, "a\r", 0, 1},
		{UTF8, "a\nb\r", 2, 3},
		{UTF16LE, "a\x00\n\x00b\x00", 4, 6},
		{UTF16LE, "\x00\n\x00b\x00", 0, 4},
		{UTF16LE, "a\x00\r\x00", 0, 2},
		{UTF16BE, "\x00a\x00\n\x00b", 4, 6},
		{UTF16BE, "\x00\r", 0, 0},
	} {
		if got := c.encoding.Cut([]byte(c.src)); got != c.at {
			t.Errorf("%s %q: got cut %d, want %d", c.encoding, c.src, got, c.at)
		}
		if got := c.encoding.CutLine([]byte(c.src)); got != c.line {
			t.Errorf("%s %q: got cut within the line %d, want %d", c.encoding, c.src, got, c.line)
		}
	}
}

func TestParse(t *testing.T) {
	for name, want := range map[string]Encoding{
		"utf-8": UTF8, "UTF8": UTF8, "GBK": GB18030, "gb2312": GB18030, "gb18030": GB18030, "UTF-16LE": UTF16LE, "utf-16be": UTF16BE,
		"Big5": Big5, "latin1": Windows1252, "cp932": ShiftJIS,
	} {
		if got, err := Parse(name); got != want || err != nil {
			t.Errorf("%q: got %q, %v, want %q", name, got, err, want)
		}
	}
	if _, err := Parse("klingon"); err == nil {
		t.Error("klingon: got no error")
	}
}

func BenchmarkGB18030(b *testing.B) {
	line := []byte("00000001,898350000000001,\xBC\xD2\xC0\xD6\xB8\xA3\xD6\xD0\xC9\xBD\xC2\xB7\xB5\xEA,5411,SN0000000001,\xCA\xC7\n")
	src := bytes.Repeat(line, 10_000)
	b.ReportAllocs()
	b.SetBytes(int64(len(src)))
	var dst []byte
	for b.Loop() {
		dst, _ = GB18030.Append(dst[:0], src, true, new(Damage))
	}
}
