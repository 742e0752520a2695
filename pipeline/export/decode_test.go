package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/tapcov/tapcov/pipeline/export/container"
)

// write returns the path of a new file.
func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func gzipped(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t testing.TB, content []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(content, nil)
}

func encoded(t *testing.T, s string) []byte {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// One table in every encoding and container gives the same records, and the format says what it was.
func TestFormats(t *testing.T) {
	table := "终端号,商户名称,非接\r\n00000001,\"家乐福\r\n\"\"中山路\"\"店\",是\r\n00000002,,否\r\n\r\n00000003,麦当劳,\"\"\r\n"
	want := reference([]byte(table), nil, comma, defaultRecordLimit)
	utf16 := func(order unicode.Endianness, mark unicode.BOMPolicy) []byte {
		b, err := unicode.UTF16(order, mark).NewEncoder().Bytes([]byte(table))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer encoder.Close()
	format := func(container, encoding string, bom bool) Format {
		return Format{Container: container, Encoding: encoding, BOM: bom, Delimiter: ",", LineEnd: "crlf"}
	}
	for _, c := range []struct {
		name    string
		content []byte
		want    Format
	}{
		{"a.csv", []byte(table), format("none", "utf-8", false)},
		{"b.csv", []byte("\uFEFF" + table), format("none", "utf-8", true)},
		{"c.csv", encoded(t, table), format("none", "gb18030", false)},
		{"d.csv", append([]byte("\x84\x31\x95\x33"), encoded(t, table)...), format("none", "gb18030", true)},
		{"e.csv", utf16(unicode.LittleEndian, unicode.UseBOM), format("none", "utf-16le", true)},
		{"f.csv", utf16(unicode.BigEndian, unicode.UseBOM), format("none", "utf-16be", true)},
		{"g.csv", utf16(unicode.LittleEndian, unicode.IgnoreBOM), format("none", "utf-16le", false)},
		{"h.csv", utf16(unicode.BigEndian, unicode.IgnoreBOM), format("none", "utf-16be", false)},
		{"i.csv.gz", gzipped(t, []byte(table)), format("gzip", "utf-8", false)},
		{"j.gz", gzipped(t, encoded(t, table)), format("gzip", "gb18030", false)},
		{"k.zst", encoder.EncodeAll([]byte(table), nil), format("zstd", "utf-8", false)},
	} {
		path := write(t, c.name, c.content)
		for _, blockSize := range []int{0, minBlockSize, 33} {
			got, summary, err := decodeAll(t, path, Options{BlockSize: blockSize}, 2)
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s in blocks of %d: -want +got\n%s", c.name, blockSize, diff)
			}
			id, n, err := ID(path)
			wantSummary := Summary{ID: id, Bytes: n, Records: int64(len(want)), Format: c.want}
			if diff := cmp.Diff(wantSummary, summary); diff != "" || err != nil {
				t.Errorf("%s: %v -want +got\n%s", c.name, err, diff)
			}
		}
	}
}

func TestEmptyFiles(t *testing.T) {
	for name, content := range map[string]string{"nothing": "", "mark": "\uFEFF", "wide mark": "\xFF\xFE", "header": "终端号,是否\n", "unended": "a"} {
		for _, zip := range []bool{false, true} {
			bytes := []byte(content)
			if zip {
				bytes = gzipped(t, bytes)
			}
			got, summary, err := decodeAll(t, write(t, "x", bytes), Options{}, 2)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			want := 0
			if name == "header" || name == "unended" {
				want = 1
			}
			if len(got) != want || summary.Records != int64(want) {
				t.Errorf("%s: got %d records, %d in the summary, want %d", name, len(got), summary.Records, want)
			}
		}
	}
}

func TestHeadLeavesTheFile(t *testing.T) {
	var b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&b, "%08d;家乐福;是\n", i)
	}
	path := write(t, "x.csv", []byte(b.String()))
	e, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	head := records(e.Head())
	all, _, err := decodeAll(t, path, Options{}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(head) < 9000 || len(head) >= len(all) {
		t.Fatalf("got %d of %d records", len(head), len(all))
	}
	if diff := cmp.Diff(all[:len(head)], head); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// A header longer than what is looked at first is in the head all the same.
func TestWideHeader(t *testing.T) {
	line := strings.Repeat("column,", 100_000)
	e, err := Open(write(t, "x.csv", []byte(line+"z\n"+line+"1\n")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if rows := e.Head().Rows; len(rows) != 1 || rows[0].Count != 100_001 {
		t.Errorf("got %+v, want a row of 100001 cells", rows)
	}
}

func TestEncodingIsJudgedByTheWholeFile(t *testing.T) {
	plain := strings.Repeat("00000001,plain ASCII text in a row\n", 20_000) // longer than the head
	chinese := strings.Repeat("00000002,家乐福中山路店\n", 2_000)
	bad := "00000003,x\xFFy\n"
	for _, c := range []struct {
		name     string
		content  string
		encoding string // fixed
		want     string // the encoding, or part of the error
		damaged  int64
	}{
		{"one bad byte in UTF-8", plain + chinese + bad, "", "utf-8", 1},
		{"one bad byte in the head of UTF-8", bad + chinese + plain, "", "utf-8", 1},
		{"GB18030 behind the head", plain + string(encoded(t, chinese)), "", "switch to gb18030", 0},
		{"GB18030 behind the head, and a bad byte", plain + string(encoded(t, chinese)) + bad, "", "switch to gb18030", 0},
		{"UTF-8 behind a head of GB18030", string(encoded(t, "家\n")) + plain + chinese, "", "switch to utf-8", 0},
		{"GB18030 with a bad byte", string(encoded(t, chinese)) + plain + bad, "", "gb18030", 1},
		{"damaged under both", plain + strings.Repeat("a\xFFb\n", 300), "", "300 of 20300 lines are not utf-8 and no fewer are not gb18030, more than 1%", 0},
		{
			"more under one, too much under the other", plain + string(encoded(t, chinese)) + strings.Repeat("a\xFFb\n", 300), "",
			"2300 of 22300 lines are not utf-8 and 300 are not gb18030, more than 1%", 0,
		},
		{"fixed is not switched", plain + string(encoded(t, "家乐福\n")), "utf-8", "utf-8", 1},
		{"fixed and damaged", plain + string(encoded(t, chinese)), "utf-8", "2000 of 22000 lines are not utf-8, more than 1%", 0},
		{"a mark is not switched", "\uFEFF" + plain + string(encoded(t, "家乐福\n")), "", "utf-8", 1},
	} {
		path := write(t, "x.csv", []byte(c.content))
		for _, blockSize := range []int{0, 1000} {
			opts := Options{Encoding: c.encoding, BlockSize: blockSize}
			records, summary, err := decodeAll(t, path, opts, 2)
			var switched *SwitchError
			var refused *RefusedError
			got := summary.Format.Encoding
			switch {
			case errors.As(err, &switched):
				got = "switch to " + switched.To
				if !strings.Contains(err.Error(), "read it as "+switched.To) {
					t.Errorf("%s: got message %q", c.name, err)
				}
			case errors.As(err, &refused):
				got = refused.Err.Error()
			case err != nil:
				t.Errorf("%s: %v", c.name, err)
			}
			if got != c.want || summary.DamagedLines != c.damaged {
				t.Errorf("%s in blocks of %d: got %q, %d damaged, want %q, %d", c.name, blockSize, got, summary.DamagedLines, c.want, c.damaged)
			}
			faults := int64(0)
			for _, r := range records {
				if r.Fault == FaultEncoding {
					faults++
				}
			}
			if err == nil && faults != c.damaged {
				t.Errorf("%s: got %d rows set aside, want %d", c.name, faults, c.damaged)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	zipped := gzipped(t, generate(2000, 0))
	for _, c := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"workbook.csv", []byte("PK\x03\x04 and so on"), "it is a damaged ZIP archive: zip: not a valid zip file"},
		{"cut.gz", zipped[:len(zipped)/2], fmt.Sprintf("gzip data is damaged at or before byte %d, after ", len(zipped)/2)},
		{"head.gz", zipped[:5], "gzip data is damaged at or before byte 5, after 0 bytes of content: it ends too early"},
	} {
		_, _, err := decodeAll(t, write(t, c.name, c.content), Options{}, 2)
		var refused *RefusedError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
		var damaged *container.DamagedError
		if errors.As(err, &damaged) != strings.HasSuffix(c.name, ".gz") {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
	if _, err := Open(t.TempDir(), Options{}); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("folder: got %v", err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: got %v", err)
	}
	for _, opts := range []Options{{Encoding: "latin-1"}, {Delimiter: `\"`}, {Quote: "none"}, {RecordLimit: -1}, {BlockSize: 1}} {
		if _, err := Open(write(t, "x.csv", nil), opts); err == nil {
			t.Errorf("%+v: got no error", opts)
		}
	}
}

func TestChangedFile(t *testing.T) {
	path := write(t, "x.csv", []byte("a,b\n1,2\n"))
	e, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if err := os.WriteFile(path, []byte("a,b\n1,2\n3,4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Decode(t.Context(), e, 1, func(*Block) (int, error) { return 0, nil }, func(int) error { return nil }, nil)
	if err == nil || !strings.Contains(err.Error(), "changed while it was read") {
		t.Errorf("got %v", err)
	}
}

// An ending is how a run ends: at the Block failAt, in work or in emit.
type ending struct {
	name            string
	failAt          int // -1: it does not fail
	inEmit          bool
	panics, cancels bool
	want            string // how the error begins
}

var errStop = errors.New("stop")

func TestDecodeEnds(t *testing.T) {
	path := write(t, "x.csv", bytes.Repeat([]byte("1,2\n"), 5000))
	for _, c := range []ending{
		{name: "work fails", failAt: 7, want: "stop"},
		{name: "emit fails", failAt: 7, inEmit: true, want: "stop"},
		{name: "work panics", failAt: 7, panics: true, want: "decode " + path + ": panic: stop"},
		{name: "emit panics", failAt: 7, inEmit: true, panics: true, want: "decode " + path + ": panic: stop"},
		{name: "cancelled in work", failAt: 7, cancels: true, want: "context canceled"},
		{name: "cancelled in emit", failAt: 7, inEmit: true, cancels: true, want: "context canceled"},
		{name: "at once", want: "stop"},
		{name: "not at all", failAt: -1},
	} {
		for threads := 1; threads <= 4; threads++ {
			// A bubble ends when its last goroutine does, and fails if one never will.
			synctest.Test(t, func(t *testing.T) { c.check(t, path, threads) })
		}
	}
}

// check sees to it that each value is emitted in order or dropped, once.
func (c ending) check(t *testing.T, path string, threads int) {
	t.Helper()
	e, err := Open(path, Options{BlockSize: 64})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var made, dropped atomic.Int64
	var emitted []int
	work := func(b *Block) (int, error) {
		if err := c.at(b.Index, false, cancel); err != nil {
			return 0, err
		}
		made.Add(1)
		return b.Index, nil
	}
	emit := func(index int) error {
		emitted = append(emitted, index)
		return c.at(index, true, cancel)
	}
	_, err = Decode(ctx, e, threads, work, emit, func(int) { dropped.Add(1) })
	if err != nil && !strings.HasPrefix(err.Error(), c.want) || (err == nil) != (c.want == "") {
		t.Errorf("%s on %d: got %v, want %s", c.name, threads, err, c.want)
	}
	if !slices.IsSorted(emitted) || len(emitted) > 0 && emitted[len(emitted)-1] != len(emitted)-1 {
		t.Errorf("%s on %d: emitted %v", c.name, threads, emitted)
	}
	if made.Load() != dropped.Load()+int64(len(emitted)) {
		t.Errorf("%s on %d: made %d, emitted %d, dropped %d", c.name, threads, made.Load(), len(emitted), dropped.Load())
	}
	if c.failAt >= 0 && (len(emitted) > c.failAt+1 || int(made.Load()) > c.failAt+threads+inFlight+1) {
		t.Errorf("%s on %d: went on: made %d, emitted %d", c.name, threads, made.Load(), len(emitted))
	}
}

func (c ending) at(index int, inEmit bool, cancel func()) error {
	switch {
	case index != c.failAt || inEmit != c.inEmit:
		return nil
	case c.cancels:
		cancel()
		return nil
	case c.panics:
		panic(errStop)
	}
	return errStop
}
