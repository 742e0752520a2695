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

func FuzzMask(f *testing.F) {
	f.Add([]byte("4111111111111111"))
	f.Add([]byte("４１１１１１１１１１１１１１１１"))
	f.Fuzz(func(t *testing.T, text []byte) {
		masked := Mask(text)
		if len(masked) != len(text) {
			t.Fatalf("%d bytes became %d", len(text), len(masked))
		}
		if again := Mask(masked); !bytes.Equal(again, masked) {
			t.Fatalf("masked %q, then %q", masked, again)
		}
	})
}
