package export

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/export/dialect"
	"github.com/tapcov/tapcov/pipeline/export/text"
)

// decodeAll returns all records of a file. What Decode says at the end is returned with them.
func decodeAll(t *testing.T, path string, opts Options, threads int) ([]record, Summary, error) {
	t.Helper()
	e, err := Open(path, opts)
	if err != nil {
		return nil, Summary{}, err
	}
	defer e.Close()
	var all []record
	next := 0
	summary, err := Decode(context.Background(), e, threads,
		func(b *Block) ([]record, error) {
			if len(b.Rows) == 0 {
				t.Errorf("block %d has no rows", b.Index)
			}
			return append([]record{{Line: int64(b.Index)}}, records(b)...), nil
		},
		func(rows []record) error {
			if int(rows[0].Line) != next {
				t.Errorf("got block %d, want %d", rows[0].Line, next)
			}
			next++
			all = append(all, rows[1:]...)
			return nil
		}, nil)
	return all, summary, err
}

func writeTo(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

var fuzzEncodings = []text.Encoding{text.UTF8, text.GB18030, text.UTF16LE, text.UTF16BE, text.Big5}

// checkDecode compares a file decoded in parallel, cut anywhere, with its text split from start to end.
func checkDecode(t *testing.T, path string, data []byte, d dialect.Dialect, opts Options, threads int) {
	t.Helper()
	writeTo(t, path, data)
	got, summary, err := decodeAll(t, path, opts, threads)
	var refused *RefusedError
	switch {
	case errors.As(err, &refused) && !strings.Contains(err.Error(), "lines are not"):
		return // the file is no text: there is nothing to compare
	case err != nil && refused == nil:
		t.Fatal(err)
	case err == nil && summary.Records != int64(len(got)):
		t.Errorf("got %d records in the summary, want %d", summary.Records, len(got))
	}
	var damage text.Damage
	bom, n := text.ByteOrderMark(data)
	if string(bom) != opts.Encoding {
		n = 0
	}
	content, _ := text.Encoding(opts.Encoding).Append(nil, data[n:], true, &damage)
	want := reference(content, damage.At, d, opts.RecordLimit)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%q with %+v: -want +got\n%s", data, opts, diff)
	}
	if err == nil && summary.DamagedLines != int64(len(damage.At)) {
		t.Errorf("got %d damaged lines, want %d", summary.DamagedLines, len(damage.At))
	}
}

// optionsOf fixes a dialect.
func optionsOf(d dialect.Dialect, opts Options) Options {
	opts.Delimiter, opts.Quote, opts.Escape = dialect.Name(d.Delimiter), quoteName(d.Quote), quoteName(d.Escape)
	return opts
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"", "\n", "a,b\r\n\"c\nd\",\"e\"\"f\"\r\n", "a\rb\r\r\nc", "\"open\na,b\n", "\"a\"x,b\nc\n",
		"\xEF\xBB\xBFa;b\n;\n\n", "终端号|商户\n1|\"家乐福\n\"\n", "a,\"\n" + strings.Repeat("a\",\"\n", 40),
		strings.Repeat("x", 200) + "\ny\n", "\x81\x30\x81\x30,\xFF\n\xD6\xD5,\xB6\xCB\n", "a\x00b,\"\x00\"\n",
	} {
		f.Add([]byte(seed), byte(0), byte(0), byte(20), byte(0))
		f.Add([]byte(seed), byte(1), byte(7), byte(5), byte(1))
		f.Add([]byte(seed), byte(3), byte(30), byte(90), byte(2))
	}
	path := filepath.Join(f.TempDir(), "export")
	f.Fuzz(func(t *testing.T, data []byte, delimiter, block, limit, encoding byte) {
		d := dialects[int(delimiter)%len(dialects)]
		checkDecode(t, path, data, d, optionsOf(d, Options{
			Encoding:    string(fuzzEncodings[int(encoding)%len(fuzzEncodings)]),
			RecordLimit: 1 + int(limit), BlockSize: minBlockSize + int(block),
		}), 1+int(block)%3)
	})
}

// TestParallelIsSequential does what the fuzzer does with texts made of what matters.
func TestParallelIsSequential(t *testing.T) {
	pieces := []string{
		"a", "-", "bb", "longer than eight bytes", "\"", "\"\"", "\",\"", "a\",\"\n", ",", "|", "\n", "\r\n", "\r", "\x00",
		"\\", "'", "||", "~|~", "中", "\U0001F600", "\x81", "\xFF", "\xD6\xD0", "\x81\x30\x81\x30",
	}
	path := filepath.Join(t.TempDir(), "export")
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 0))
		chosen := make([]string, 0, 8) // few kinds in a text, so that their combinations are frequent
		for range 1 + r.IntN(8) {
			chosen = append(chosen, pieces[r.IntN(len(pieces))])
		}
		var data []byte
		for range r.IntN(150) {
			data = append(data, chosen[r.IntN(len(chosen))]...)
		}
		encoding := fuzzEncodings[r.IntN(len(fuzzEncodings))]
		if encoding.Unit() == 2 {
			data = widen(data, encoding)
		}
		d := dialects[r.IntN(len(dialects))]
		checkDecode(t, path, data, d, optionsOf(d, Options{
			Encoding: string(encoding), RecordLimit: 1 + r.IntN(100), BlockSize: minBlockSize + r.IntN(100),
		}), 1+r.IntN(3))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// widen makes a UTF-16 unit of each byte, but of 0xFF a surrogate.
func widen(data []byte, e text.Encoding) (wide []byte) {
	for _, c := range data {
		pair := []byte{c, 0}
		if c == 0xFF {
			pair[1] = 0xD8
		}
		if e == text.UTF16BE {
			slices.Reverse(pair)
		}
		wide = append(wide, pair...)
	}
	return wide
}
