// Package booktest helps the tests of formats that yield tables.
package booktest

import (
	"archive/zip"
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tapcov/tapcov/pipeline/export/table"
)

// Open is how a format opens a file.
type Open func(file io.ReaderAt, size int64, limits table.Limits) (table.Reader, error)

// Limits are small enough for bombs and large enough for all else.
var Limits = table.Limits{Unpacked: 1 << 20, Memory: 1 << 20, Record: 1 << 15}

// Read reads all tables: a line for each with its name, with a hash before it if it is hidden, then a line
// for each row, with its number, and its cells parted by bars. Null is ∅.
func Read(open Open, content []byte) (string, error) {
	r, err := open(bytes.NewReader(content), int64(len(content)), Limits)
	if err != nil {
		return "", err
	}
	defer r.Close()
	var b strings.Builder
	for i, info := range r.Tables() {
		if info.IsHidden {
			b.WriteByte('#')
		}
		b.WriteString(info.Name + "\n")
		if err := readTable(&b, r, i); err != nil {
			return b.String(), err
		}
	}
	for _, note := range r.Notes() {
		b.WriteString("note: " + note + "\n")
	}
	return b.String(), nil
}

func readTable(b *strings.Builder, r table.Reader, index int) error {
	rows, err := r.Rows(index)
	if err != nil {
		return err
	}
	defer rows.Close()
	var row table.Row
	for last := int64(0); rows.Next(&row); last = row.Number {
		if row.Number <= last {
			return fmt.Errorf("row %d follows row %d", row.Number, last)
		}
		var cells []string
		for i := range row.Cells {
			if value := row.Value(i); value != nil {
				cells = append(cells, string(value))
			} else {
				cells = append(cells, "∅")
			}
		}
		fmt.Fprintf(b, "%d: %s", row.Number, strings.Join(cells, "|"))
		if row.Fault != table.FaultNone {
			fmt.Fprintf(b, "fault %d %q", row.Fault, row.Text[1:min(len(row.Text), 20)])
		}
		b.WriteByte('\n')
	}
	return rows.Err()
}

// Zip makes an archive of parts by name, the first of them first.
func Zip(t testing.TB, first string, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(parts)), func(name string) bool { return name == first })
	if first != "" {
		names = append([]string{first}, names...)
	}
	for _, name := range names {
		part, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err == nil {
			_, err = io.WriteString(part, parts[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Survives damages content at random, many times, and reads what is left. A decoder may refuse it, and
// must neither panic nor take more than a moment.
func Survives(t *testing.T, open Open, content []byte, times int) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, uint64(len(content))))
	for i := range times {
		damaged := damage(random, content)
		began := time.Now()
		if err := Safely(open, damaged); err != nil {
			t.Fatalf("damage %d: %v", i, err)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Fatalf("damage %d took %v", i, took)
		}
	}
}

// Safely reads content and returns its panic, if it has one.
func Safely(open Open, content []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	if _, err := Read(open, content); err != nil && err.Error() == "" {
		return errors.New("an error that says nothing")
	}
	return nil
}

// damage changes bytes, cuts, doubles or drops a part.
func damage(random *rand.Rand, content []byte) []byte {
	b := bytes.Clone(content)
	for range 1 + random.IntN(8) {
		if len(b) < 2 {
			return b
		}
		from := random.IntN(len(b))
		to := from + random.IntN(min(len(b)-from, 64))
		switch random.IntN(6) {
		case 0:
			b = b[:from]
		case 1:
			b = slices.Delete(b, from, to)
		case 2:
			b = slices.Insert(b, from, bytes.Clone(b[from:to])...)
		case 3:
			for k := from; k < to; k++ {
				b[k] = 0xFF
			}
		default:
			b[from] = byte(random.IntN(256))
		}
	}
	return b
}

//go:embed testdata
var samples embed.FS

// Sample returns a workbook that a spreadsheet program has written. Each format has the same one.
func Sample(t testing.TB, format string) []byte {
	t.Helper()
	content, err := samples.ReadFile("testdata/sheet." + format)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// Want is what every Sample reads as, but for what a format cannot say. long stands for 5,000 characters.
const Want = `机具
1: 终端情况表 截至2016-12-31||||
4: 终端号|受理||安装日期|笔数
5: 终端号|非接|扫码|安装日期|笔数
6: 00012345|是|否|2016-03-31|12
7: 00012346|TRUE|∅|2012-02-29|123456.789
8: A & B  x; second|#DIV/0!|24|ab|-0.1
#旧
1: hidden
长
1: long
2: 商户00000-|0
`

// Shortened makes what Read returns of a Sample shorter: a line break in a cell is "; ", and rows that all
// look alike are left out.
func Shortened(text string) string {
	text = strings.ReplaceAll(text, strings.Repeat("长", 5000), "long")
	text = strings.ReplaceAll(text, "x\nsecond", "x; second")
	if at := strings.Index(text, "3: 商户00001"); at >= 0 {
		end := strings.LastIndex(text, "商户")
		end += strings.IndexByte(text[end:], '\n') + 1
		text = text[:at] + text[end:]
	}
	return text
}
