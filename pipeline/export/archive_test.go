package export

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// packed is a member of a ZIP archive under test.
type packed struct {
	name    string
	content []byte
	change  func(*zip.FileHeader)
}

func zipped(t testing.TB, members ...packed) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range members {
		header := &zip.FileHeader{Name: m.name, Method: zip.Deflate}
		if m.change != nil {
			m.change(header)
		}
		to, err := w.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(m.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// archiveTables reads an archive: for each table its name, its columns' names, and its records.
func archiveTables(t *testing.T, path string, opts Options) (tables []string, summary Summary, err error) {
	t.Helper()
	for {
		e, err := Open(path, opts)
		if err != nil {
			return nil, Summary{}, err
		}
		tables = nil
		for _, table := range e.Tables() {
			tables = append(tables, strings.TrimSpace(fmt.Sprintf("%s %s", table.Name, strings.Join(table.Head.Names, ","))))
		}
		next := 0
		summary, err = Decode(t.Context(), e, 2,
			func(b *Block) ([]string, error) {
				lines := []string{fmt.Sprint(b.Index)}
				for _, r := range records(b) {
					lines = append(lines, fmt.Sprintf("%d:%d %s", b.Table, r.Line, strings.Join(r.Cells, "|")))
				}
				return lines, nil
			},
			func(lines []string) error {
				if lines[0] != fmt.Sprint(next) {
					t.Errorf("got block %s, want %d", lines[0], next)
				}
				next++
				tables = append(tables, lines[1:]...)
				return nil
			}, nil)
		err = errors.Join(err, e.Close())
		if !opts.Retry(err) {
			return tables, summary, err
		}
	}
}

func TestArchive(t *testing.T) {
	gbk := func(h *zip.FileHeader) { h.NonUTF8 = true }
	nested := zipped(t, packed{name: "n.csv", content: []byte("a,b\n9,9\n")})
	late := strings.Repeat("a,b\n", 100_000)
	for _, c := range []struct {
		name    string
		members []packed
		want    []string
		notes   string
	}{
		{
			"formats, in the order of names",
			[]packed{
				{"south.jsonl", []byte("{\"id\":\"1\"}\n{\"id\":\"2\",\"x\":3}\n"), nil},
				{"data/north.csv", encoded(t, "终端号;商户\n1;家乐福\n"), nil},
				{"east.csv.gz", gzipped(t, []byte("a|b\n1|2\n")), nil},
				{"folder/", nil, nil},
				{"north.csv.md5", []byte("x"), nil},
				{"__MACOSX/._north.csv", []byte("x"), nil},
			},
			[]string{
				"data/north.csv", "east.csv.gz", "south.jsonl id,x",
				"0:1 终端号|商户", "0:2 1|家乐福", "1:1 a|b", "1:2 1|2", "2:1 1|∅", "2:2 2|3",
			},
			"",
		},
		{
			"names in GBK and with backslashes",
			[]packed{{string(encoded(t, "终端.csv")), []byte("a,b\n"), gbk}, {`d\e.csv`, []byte("c,d\n"), nil}},
			[]string{"d/e.csv", "终端.csv", "0:1 c|d", "1:1 a|b"},
			"",
		},
		{
			"an archive in it",
			[]packed{{"in.zip", nested, nil}, {"a.csv", []byte("a,b\n"), nil}},
			[]string{"a.csv", "in.zip/n.csv", "0:1 a|b", "1:1 a|b", "1:2 9|9"},
			"",
		},
		{
			"what is no data",
			[]packed{{"a.csv", []byte("a,b\n"), nil}, {"readme.pdf", []byte("%PDF-1.4"), nil}},
			[]string{"a.csv", "0:1 a|b"},
			`member "readme.pdf" is not read: it is a PDF document`,
		},
		{
			"piped into the archive",
			[]packed{{"-", []byte("a,b\n"), func(h *zip.FileHeader) { h.SetMode(fs.ModeNamedPipe | 0o600) }}},
			[]string{"-", "0:1 a|b"},
			"",
		},
		{
			"a wrong guess about one member",
			[]packed{{"a.csv", append([]byte(late), encoded(t, "终端,商户\n终端,商户\n")...), nil}},
			nil, "",
		},
	} {
		got, summary, err := archiveTables(t, write(t, "x.zip", zipped(t, c.members...)), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if c.want == nil {
			if last := got[len(got)-1]; last != "0:100002 终端|商户" {
				t.Errorf("%s: the last record is %q", c.name, last)
			}
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
		if summary.Format.Kind != "zip" || summary.Format.Note != c.notes || summary.ID == "" {
			t.Errorf("%s: got %+v", c.name, summary)
		}
		var rows int64
		for _, table := range summary.Format.Tables {
			rows += table.Rows
		}
		if rows != summary.Records {
			t.Errorf("%s: tables have %d rows, the export %d", c.name, rows, summary.Records)
		}
	}
}

func TestArchivesRefused(t *testing.T) {
	csv := []byte("a,b\n1,2\n")
	inner := zipped(t, packed{name: "a.csv", content: csv})
	damaged := zipped(t, packed{name: "a.csv", content: bytes.Repeat(csv, 1000)})
	copy(damaged[60:], "damage")
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"parent", zipped(t, packed{name: "../a.csv", content: csv}), "leads out of the archive"},
		{"parent with backslashes", zipped(t, packed{name: `x\..\..\a.csv`, content: csv}), "leads out of the archive"},
		{"absolute", zipped(t, packed{name: "/etc/a.csv", content: csv}), "leads out of the archive"},
		{"drive", zipped(t, packed{name: `C:\a.csv`, content: csv}), "leads out of the archive"},
		{"escape sequence", zipped(t, packed{name: "\x1b[2Ja.csv", content: csv}), "control characters"},
		{"direction", zipped(t, packed{name: "a\u202Evsc.exe", content: csv}), "control characters"},
		{"twice", zipped(t, packed{name: "a.csv", content: csv}, packed{name: "a.csv", content: csv}), "twice"},
		{"link", zipped(t, packed{"a.csv", []byte("/etc/passwd"), func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }}), "a link"},
		{"encrypted", zipped(t, packed{"a.csv", csv, func(h *zip.FileHeader) { h.Flags |= 1 }}), "encrypted"},
		{"nothing", zipped(t), "without data"},
		{"nested twice", zipped(t, packed{name: "b.zip", content: zipped(t, packed{name: "c.zip", content: inner})}), "archive within an archive"},
		{"damaged member", damaged, `member "a.csv"`},
		{"cut short", inner[:len(inner)-30], "damaged ZIP archive"},
		{"bomb", zipped(t, packed{name: "a.csv", content: make([]byte, fewUnpacks+(1<<20))}), "more than 300 times its size"},
		{"too much", zipped(t, packed{name: "a.csv", content: csv}, packed{name: "b.csv", content: make([]byte, 2<<20)}), "limits.unpacked"},
		{"member of a format that is not read", zipped(t, packed{name: "a.7z", content: []byte("7z\xBC\xAF\x27\x1C")}), "a 7z archive"},
	} {
		var refused *RefusedError
		_, _, err := archiveTables(t, write(t, "x.zip", c.file), Options{Unpacked: map[bool]int64{true: 1 << 20}[c.name == "too much"], TempDir: t.TempDir()})
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want it refused: %s", c.name, err, c.want)
		}
	}
}

// Nothing is left behind where members are unpacked.
func TestArchiveLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	path := write(t, "x.zip", zipped(t, packed{name: "a.csv", content: []byte("a,b\n")}))
	e, err := Open(path, Options{TempDir: folder})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("got %v, %v", left, err)
	}
}

func FuzzZIP(f *testing.F) {
	good := zipped(f, packed{name: "a.csv", content: []byte("a,b\n1,2\n")}, packed{name: "b.jsonl", content: []byte("{\"a\":1}\n{}\n")})
	f.Add(uint16(0), []byte{}, uint16(0))
	f.Add(uint16(20), []byte{0xFF, 0xFF, 0xFF}, uint16(0))
	f.Add(uint16(len(good)-10), []byte{9, 9}, uint16(3))
	path := f.TempDir() + "/export.zip"
	f.Fuzz(func(t *testing.T, at uint16, change []byte, cut uint16) {
		data := bytes.Clone(good)
		copy(data[int(at)%len(data):], change)
		writeTo(t, path, data[:len(data)-int(cut)%len(data)])
		_, summary, err := archiveTables(t, path, Options{Unpacked: 1 << 20})
		if err == nil && len(summary.Format.Tables) == 0 && summary.Format.Kind == "zip" {
			t.Errorf("got no table and no error")
		}
	})
}
