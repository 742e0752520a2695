package fold

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"Terminal ID", "terminal id"},
		{" \t终端号　\r\n", "终端号"},
		{"\u00a0\ufeff\u200bx\u00a0", "x"},
		{"'00018644", "00018644"},
		{" ' 1'", "1'"},
		{"ＴＩＤ０１", "tid01"},
		{"ＰＯＳ　终端", "pos 终端"},
		{"！～", "!~"},
		{"＇１", "1"},
		{"（受理）", "(受理)"},
		{"《》、。", "《》、。"}, // CJK punctuation has no half-width form
		{"ｱｲｳ", "ｱｲｳ"},   // nor is half-width kana widened
		{"ÄÖ", "äö"},
		{"'", ""},
		{"\xef\xbc", "\ufffd\ufffd"},
	} {
		if got := Text(test.text); got != test.want {
			t.Errorf("Text(%q): got %q, want %q", test.text, got, test.want)
		}
	}
}

func TestWidth(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"12345678", "12345678"},
		{"是否支持非接", "是否支持非接"},
		{"１", "1"},
		{"x１", "x1"},
		{"1234567８", "12345678"},
		{"12345678９0", "1234567890"},
		{"ＰＡＸ Ｓ８００（无线）　甲", "PAX S800(无线) 甲"},
		{"、　。", "、 。"},
		{"\xef\xbc", "\xef\xbc"},
		{"\xef\xbc\xef\xbc\x91", "\xef\xbc1"},
		{"\xe3\x80", "\xe3\x80"},
	} {
		if got := string(Width(nil, []byte(test.text))); got != test.want {
			t.Errorf("Width(%q): got %q, want %q", test.text, got, test.want)
		}
	}
}

// Every full-width character folds to the one 0xFEE0 below it, and its neighbours fold to nothing.
func TestWidthOfEveryCharacter(t *testing.T) {
	for r := rune(1); r <= 0xffff; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		want := r
		switch {
		case r == 0x3000:
			want = ' '
		case r >= 0xff01 && r <= 0xff5e:
			want = r - 0xfee0
		}
		if got := string(Width(nil, []byte(string(r)))); got != string(want) {
			t.Errorf("%U: got %q, want %q", r, got, string(want))
		}
	}
}

func TestWidthMemory(t *testing.T) {
	plain := []byte("商户 plain text")
	if got := Width(nil, plain); &got[0] != &plain[0] {
		t.Error("text with nothing to fold was copied")
	}
	wide := []byte("终端ＡＢ１２ and some more text")
	buffer := make([]byte, 0, len(wide))
	if got := Width(buffer, wide); &got[0] != &buffer[:1][0] {
		t.Error("the buffer was large enough and was not used")
	}
	if want := "终端ＡＢ１２ and some more text"; string(wide) != want {
		t.Errorf("the source is now %q", wide)
	}
	if got := string(Width(wide, wide)); got != "终端AB12 and some more text" {
		t.Errorf("in place: got %q", got)
	}
	cells := [][]byte{plain, []byte("ＡＢ"), []byte("12345678"), nil}
	allocs := testing.AllocsPerRun(100, func() {
		for _, cell := range cells {
			Trim(Width(buffer, cell))
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"comparator", "contactless_flag", "value", "key", "tolerance"}
	for _, test := range []struct{ name, want string }{
		{"comparater", "comparator"},
		{"vlaue", "value"},
		{"kye", "key"},
		{"Value ", "value"},
		{"contactles_flag", "contactless_flag"},
		{"ke", "key"},
		{"population", ""},
		{"x", ""},
		{"", ""},
		{strings.Repeat("comparator", 50), ""},
	} {
		if got := Nearest(test.name, known); got != test.want {
			t.Errorf("%q: got %q, want %q", test.name, got, test.want)
		}
	}
}

func FuzzWidth(f *testing.F) {
	for _, seed := range []string{"", "12345678", "１２３", "　", "是否支持非接ＰＯＳ　x", "\xef\xbc\xef\xbc\x91", "a\xe3\x80\x80"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := bytes.Clone(text)
		once := bytes.Clone(Width(make([]byte, 0, len(text)), text))
		if !bytes.Equal(before, text) {
			t.Fatalf("the source was written to")
		}
		if twice := Width(nil, once); !bytes.Equal(once, twice) {
			t.Errorf("folded once %q, twice %q", once, twice)
		}
		if want := oneByOne(text); !bytes.Equal(once, want) {
			t.Errorf("got %q, want %q", once, want)
		}
		if utf8.Valid(text) && !utf8.Valid(once) {
			t.Errorf("valid text became %q", once)
		}
		if folded := Text(string(text)); Text(folded) != folded {
			t.Errorf("Text folded once %q, twice %q", folded, Text(folded))
		}
	})
}

// oneByOne folds the plain way, to compare with.
func oneByOne(text []byte) []byte {
	var out []byte
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == 0x3000:
			out = append(out, ' ')
		case r >= 0xff01 && r <= 0xff5e:
			out = append(out, byte(r-0xfee0))
		default:
			out = append(out, text[:size]...)
		}
		text = text[size:]
	}
	return out
}

var benchmarks = []struct{ name, text string }{
	{"id", "00018644"},
	{"code", "P3100"},
	{"address", "No. 1088 South Pudong Road, Shanghai 200120"},
	{"chinese", "上海浦东新区陆家嘴环路一千号商户"},
	{"wide", "ＰＯＳ终端０００１８６４４"},
}

func BenchmarkWidth(b *testing.B) {
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			src, dst := []byte(bench.text), make([]byte, 0, 256)
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				Width(dst, src)
			}
		})
	}
}

func BenchmarkTrim(b *testing.B) {
	for _, text := range []string{"00018644", " 00018644 ", "　商户　"} {
		b.Run(text, func(b *testing.B) {
			src := []byte(text)
			for b.Loop() {
				Trim(src)
			}
		})
	}
}

func BenchmarkText(b *testing.B) {
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				Text(bench.text)
			}
		})
	}
}
