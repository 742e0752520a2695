package export

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

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

var fuzzEncodings = []text.Encoding{text.UTF8, text.GB18030, text.UTF16LE, text.UTF16BE}

// FuzzDecode compares Blocks decoded in parallel, cut anywhere, with the text split from start to end.
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
		if strings.Contains(string(data), "PK") || len(data) > 4 && data[0] == 0x1F {
			t.Skip("may be taken for a container")
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		d := delimiters[int(delimiter)%len(delimiters)]
		opts := Options{
			Encoding: string(fuzzEncodings[int(encoding)%4]), Delimiter: d.name,
			RecordLimit: 1 + int(limit), BlockSize: minBlockSize + int(block),
		}
		got, summary, err := decodeAll(t, path, opts, 1+int(block)%3)
		var refused *RefusedError
		switch {
		case errors.As(err, &refused) && !strings.Contains(err.Error(), "lines are not"):
			t.Skip("not text")
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
		if !utf8.Valid(content) {
			t.Fatalf("%q is not UTF-8", content)
		}
		want := reference(content, damage.At, d.char, opts.RecordLimit)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%+v: -want +got\n%s", opts, diff)
		}
		if err == nil && summary.DamagedLines != int64(len(damage.At)) {
			t.Errorf("got %d damaged lines, want %d", summary.DamagedLines, len(damage.At))
		}
	})
}
