package export

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/export/text"
)

// settlement is a layout as settlement files have them.
var settlement = []FixedColumn{{"tid", 0, 8}, {"name", 9, 10}, {"amount", 20, 6}}

func TestFixed(t *testing.T) {
	for _, c := range []struct {
		name, encoding string
		characters     bool
		text           string
		want           []record
	}{
		{
			"ASCII", "utf-8", false, "00000001 Harbour    000120\n00000002 Egret      000007\r\n",
			[]record{
				row(1, "00000001 Harbour    000120", "00000001", "Harbour", "000120"),
				row(2, "00000002 Egret      000007", "00000002", "Egret", "000007"),
			},
		},
		{
			"bytes of GBK", "gb18030", false, "00000001 家乐福     000120\n00000002 麦当劳店   000007\n",
			[]record{
				row(1, "00000001 家乐福     000120", "00000001", "家乐福", "000120"),
				row(2, "00000002 麦当劳店   000007", "00000002", "麦当劳店", "000007"),
			},
		},
		{
			"four bytes of GB18030", "gb18030", false, "00000001 \U00020000家乐   000120\n",
			[]record{row(1, "00000001 \U00020000家乐   000120", "00000001", "\U00020000家乐", "000120")},
		},
		{
			"bytes of UTF-8", "utf-8", false, "00000001 家乐福  000120\n",
			[]record{row(1, "00000001 家乐福  000120", "00000001", "家乐福", "000120")},
		},
		{
			"characters", "gb18030", true, "00000001 家乐福        000120\n",
			[]record{row(1, "00000001 家乐福        000120", "00000001", "家乐福", "000120")},
		},
		{
			"torn character", "gb18030", false, "00000001 x家乐福麦当 000120\n00000002 Egret      000007\n",
			[]record{
				fault(1, FaultTorn, "00000001 x家乐福麦当 000120"),
				row(2, "00000002 Egret      000007", "00000002", "Egret", "000007"),
			},
		},
		{
			"blanks are null", "utf-8", false, "00000001                  \n",
			[]record{row(1, "00000001                  ", "00000001", null, null)},
		},
		{
			"blanks at the end are lost", "utf-8", false, "00000001 Harbour    12\n00000002 Egret\n\n00000003 Egret      \n",
			[]record{
				row(1, "00000001 Harbour    12", "00000001", "Harbour", "12"),
				row(2, "00000002 Egret", "00000002", "Egret"),
				row(3, ""),
				row(4, "00000003 Egret      ", "00000003", "Egret", null),
			},
		},
		{
			"too short and too long", "utf-8", false, "T0002\n00000001 Harbour    000120X\n00000001 Harbour    000120  \n",
			[]record{
				row(1, "T0002", "T0002"),
				row(2, "00000001 Harbour    000120X", "00000001", "Harbour", "000120", "X"),
				row(3, "00000001 Harbour    000120  ", "00000001", "Harbour", "000120"),
			},
		},
		{
			"quotes and delimiters are text", "utf-8", false, "0000\"001 Har,our    000120\n",
			[]record{row(1, "0000\"001 Har,our    000120", "0000\"001", "Har,our", "000120")},
		},
	} {
		data := []byte(c.text)
		if c.encoding == "gb18030" {
			data = encoded(t, c.text)
		}
		got, _, err := decodeAll(t, write(t, "x.txt", data), Options{
			Encoding: c.encoding, Fixed: &Fixed{Columns: settlement, Characters: c.characters},
		}, 1)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

func TestFixedNames(t *testing.T) {
	e, err := Open(write(t, "x.txt", []byte("00000001 Harbour    000120\n")), Options{Fixed: &Fixed{Columns: settlement}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if diff := cmp.Diff([]string{"tid", "name", "amount"}, e.Head().Names); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got := e.Format().Delimiter; got != "fixed" {
		t.Errorf("got delimiter %q", got)
	}
}

func TestFixedRefuses(t *testing.T) {
	path := write(t, "x.txt", nil)
	for _, columns := range [][]FixedColumn{
		{{"a", 0, 0}}, {{"a", -1, 2}}, {{"a", 0, 4}, {"b", 3, 4}}, {{"a", 0, maxSize + 1}},
	} {
		if _, err := Open(path, Options{Fixed: &Fixed{Columns: columns}}); err == nil {
			t.Errorf("%v: got no error", columns)
		}
	}
}

// checkCutter compares a file cut by lines, in parallel and in small Blocks, with one read in one piece.
func checkCutter(t *testing.T, path string, opts Options, blockSize, threads int) {
	t.Helper()
	want, wantSummary, wantErr := decodeAll(t, path, opts, 1)
	opts.BlockSize = blockSize
	got, summary, err := decodeAll(t, path, opts, threads)
	if (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
		t.Fatalf("got %v, want %v", err, wantErr)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if diff := cmp.Diff(wantSummary, summary); diff != "" {
		t.Errorf("summary: -want +got\n%s", diff)
	}
}

func FuzzFixed(f *testing.F) {
	f.Add([]byte("00000001 Harbour    000120\n00000002 Egret\n\nT2\n"), byte(0), byte(3))
	f.Add([]byte("00000001 \xbc\xd2\xc0\xd6\xb8\xa3     000120\r\n00000002 x\xbc\xd2\xc0\xd6\xb8\xa3\n"), byte(1), byte(9))
	path := f.TempDir() + "/export"
	f.Fuzz(func(t *testing.T, data []byte, kind, block byte) {
		writeTo(t, path, data)
		opts := Options{
			Encoding: string(fuzzEncodings[int(kind)%4]), RecordLimit: 40,
			Fixed: &Fixed{Columns: settlement, Characters: kind&4 > 0},
		}
		checkCutter(t, path, opts, minBlockSize+int(block), 1+int(block)%3)
		checkLossless(t, path, opts)
	})
}

// checkLossless checks that the cells of a line without fault are in it, in order, and that nothing but
// blanks stands outside columns that follow each other.
func checkLossless(t *testing.T, path string, opts Options) {
	t.Helper()
	all, _, err := decodeAll(t, path, opts, 1)
	if err != nil {
		return
	}
	for _, r := range all {
		rest := r.Raw
		for _, cell := range r.Cells {
			if cell == null {
				continue
			}
			_, after, found := strings.Cut(rest, cell)
			if !found {
				t.Errorf("cell %q is not in the rest %q of %q", cell, rest, r.Raw)
			}
			rest = after
		}
	}
}

// The width of a character is that of its code.
func TestWidth(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		c := rune(r.IntN(0x110000))
		if c >= 0xD800 && c < 0xE000 {
			continue
		}
		if got, want := text.GB18030.Width(c), len(encoded(t, string(c))); got != want {
			t.Errorf("%U: got %d bytes of GB18030, want %d", c, got, want)
		}
		if got, want := text.UTF8.Width(c), len(string(c)); got != want {
			t.Errorf("%U: got %d bytes of UTF-8, want %d", c, got, want)
		}
	}
	if text.UTF16LE.Width('中') != 2 || text.UTF16BE.Width(0x20000) != 4 {
		t.Error("UTF-16 has two bytes for a character of the basic plane and four for others")
	}
}
