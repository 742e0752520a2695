package conform

import (
	"bytes"
	"strings"
	"testing"
)

func TestMask(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"no digits", "永辉超市中山路店", "永辉超市中山路店"},
		{"card of 19", "卡号6222020200112230434", "卡号622202*********0434"},
		{"card of 13", "4222222222222", "422222***2222"},
		{"card of 19, at the end", "x 6222020200112230434", "x 622202*********0434"},
		{"two cards", "4111111111111111/5500005555555559", "411111******1111/550000******5559"},
		{"fails Luhn", "4111111111111112", "4111111111111112"},
		{"12 digits", "411111111111", "411111111111"},
		{"20 digits, a card within", "41111111111111110000", "41111111111111110000"},
		{"full-width digits", "４１１１１１１１１１１１１１１１", "４１１１１１＊＊＊＊＊＊１１１１"},
		{"in fours", "卡号 6222 0202 0011 2230 434。", "卡号 6222 02** **** ***0 434。"},
		{"with dashes", "4111-1111-1111-1111", "4111-11**-****-1111"},
		{"six and the rest", "622202 0200112230434", "622202 *********0434"},
		{"an American one", "3782 822463 10005", "3782 82**** *0005"},
		{"wide blanks and digits", "４１１１　１１１１　１１１１　１１１１", "４１１１　１１＊＊　＊＊＊＊　１１１１"},
		{"no-break blanks", "4111\u00a01111\u00a01111\u00a01111", "4111\u00a011**\u00a0****\u00a01111"},
		{"one that holds a shorter one", "4111 1111 1111 1111 110", "4111 11** **** ***1 110"},
		{"groups that fail Luhn", "4111 1111 1111 1112", "4111 1111 1111 1112"},
		{"dates and times", "2016-12-31 2016-11-30", "2016-12-31 2016-11-30"},
		{"cells in a row are no groups", "4111,1111,1111,1111", "4111,1111,1111,1111"},
		{"small groups are no card", "41 11 11 11 11 11 11 11", "41 11 11 11 11 11 11 11"},
		{"letters between", "4111x1111x1111x1111", "4111x1111x1111x1111"},
		{"mixed width", "4111１１11１111111１", "4111１１**＊***111１"},
		{"number of digits alone", strings.Repeat("1", 12) + "x" + strings.Repeat("1", 12), strings.Repeat("1", 12) + "x" + strings.Repeat("1", 12)},
		{"cut full-width digit", "411111111111111\xef\xbc", "411111111111111\xef\xbc"},
	} {
		text := []byte(test.text)
		if got := string(Mask(text)); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
		if string(text) != test.text {
			t.Errorf("%s: the text itself was changed", test.name)
		}
	}
}

// A card number is found wherever it starts.
func TestMaskAnywhere(t *testing.T) {
	for before := range 40 {
		text := strings.Repeat("-", before) + "4111111111111111" + strings.Repeat("-", 40-before)
		want := strings.Replace(text, "4111111111111111", "411111******1111", 1)
		if got := string(Mask([]byte(text))); got != want {
			t.Errorf("after %d characters: got %q, want %q", before, got, want)
		}
	}
}

// In a line that is torn, a number may go across the borders of cells, or be broken by what tore it.
func TestMaskTorn(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"across a border", `x,"6222020200,112230434`, `x,"622202****,*****0434`},
		{"across quoted cells", `"6222020200","112230434"`, `"622202****","*****0434"`},
		{"across lines", "62220202\n00112230434", "622202**\n*******0434"},
		{"a byte lost", "6222020200\ufffd112230434", "622202****\ufffd*****0434"},
		{"invalid bytes", "6222020200\xff\xfe112230434", "622202****\xff\xfe*****0434"},
		{"two bytes a character", "4\x001\x001\x001\x001\x001\x001\x001\x001\x001\x001\x001\x001\x001\x001\x001", "4\x001\x001\x001\x001\x001\x00*\x00*\x00*\x00*\x00*\x00*\x001\x001\x001\x001"},
		{"after other digits", "00018644,4111111111111111,x", "00018644,411111******1111,x"},
		{"tabs and blanks", "4111\t 1111\t 1111\t 1111", "4111\t 11**\t ****\t 1111"},
		{"nothing", "00018644,898100012345678,是", "00018644,898100012345678,是"},
	} {
		if got := string(maskTorn([]byte(test.text))); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// What a cut leaves of a number is no number that could be told, and is hidden all the same.
func TestHideCutNumber(t *testing.T) {
	check := func(text, want string) {
		t.Helper()
		if got := string(hideCutNumber([]byte(text))); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	check("abc 62220202001", "abc 622202*****")
	check("6222 0202 00", "6222 02** **")
	check("６２２２０２０", "６２２２０２＊")
	check("abc,622202", "abc,622202")
	check("abc", "abc")
	check("", "")
}

// Free text is masked as anything else is, however quickly it is looked at.
func TestMaskText(t *testing.T) {
	for before := range 20 {
		for _, card := range []string{"4111111111111111", "4111 1111 1111 1111", "4222222-222222", "622202-0200112230434"} {
			text := []byte(strings.Repeat("x", before) + card + "x")
			if got, want := string(maskText(text)), string(Mask(text)); got != want || got == string(text) {
				t.Errorf("%q became %q, want %q", text, got, want)
			}
		}
	}
}

func FuzzMask(f *testing.F) {
	f.Add([]byte("4111111111111111"))
	f.Add([]byte("４１１１１１１１１１１１１１１１"))
	f.Add([]byte("4111 1111 1111 1111"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if torn := maskTorn(text); len(torn) != len(text) || !bytes.Equal(maskTorn(torn), torn) {
			t.Fatalf("%q became %q, and then %q", text, torn, maskTorn(torn))
		}
		masked := Mask(text)
		if len(masked) != len(text) {
			t.Fatalf("%d bytes became %d", len(text), len(masked))
		}
		if again := Mask(masked); !bytes.Equal(again, masked) {
			t.Fatalf("masked %q, then %q", masked, again)
		}
	})
}

// Digits without end take time in proportion.
func BenchmarkMaskTorn(b *testing.B) {
	text := []byte(strings.Repeat("4111 1111,1111\t1111 6222020200112230434 ", 200))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		maskTorn(text)
	}
}
