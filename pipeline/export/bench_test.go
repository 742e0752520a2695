package export

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// benchRows is the size of the generated exports: 20 columns, about 186 bytes a row.
const benchRows = 200_000

// generate writes an export that looks like an acquirer's. One row in quotedOneIn has a quoted address
// with a line break in it; 0 is none.
func generate(rows, quotedOneIn int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	names := []string{"家乐福", "麦当劳", "屈臣氏", "便利店", "沃尔玛", "新华书店"}
	var b bytes.Buffer
	b.WriteString("终端号,商户号,商户名称,商户类别,序列号,厂商,型号,入网证号,终端类型,状态,用途,连接,安装日期,更新日期,地区代码,地址,非接,免密,二维码,笔数\r\n")
	for i := range rows {
		address := fmt.Sprintf("中山路%d号", r.IntN(9999))
		if quotedOneIn > 0 && i%quotedOneIn == 0 {
			address = "\"中山路\n\"\"" + address + "\"\"\""
		}
		fmt.Fprintf(&b, "%08d,%015d,%s第%d分店,%04d,SN%010d,VENDOR%d,MODEL-%d,P%06d,POS,在用,,直连,2016-%02d-%02d,2017-03-31,%06d,%s,是,否,,%d\r\n",
			i, r.IntN(1e9), names[r.IntN(len(names))], r.IntN(100), 5000+r.IntN(1000), r.IntN(1e9), r.IntN(9),
			r.IntN(200), r.IntN(1e6), 1+r.IntN(12), 1+r.IntN(28), 110000+r.IntN(500000), address, r.IntN(1000))
	}
	return b.Bytes()
}

func BenchmarkDecode(b *testing.B) {
	gb := func(utf []byte) []byte {
		out, err := simplifiedchinese.GB18030.NewEncoder().Bytes(utf)
		if err != nil {
			b.Fatal(err)
		}
		return out
	}
	for _, c := range []struct {
		name    string
		content []byte
	}{
		{"plain", generate(benchRows, 0)},
		{"quoted1%", generate(benchRows, 100)},
		{"gb18030", gb(generate(benchRows, 0))},
	} {
		path := filepath.Join(b.TempDir(), "export.csv")
		if err := os.WriteFile(path, c.content, 0o600); err != nil {
			b.Fatal(err)
		}
		for threads := 1; threads <= 2; threads++ {
			b.Run(fmt.Sprintf("%s/threads=%d", c.name, threads), func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(c.content)))
				before := cpuSeconds(b)
				for b.Loop() {
					benchDecode(b, path, threads, benchRows)
				}
				b.ReportMetric((cpuSeconds(b)-before)/float64(b.N)/benchRows*1e6, "cpu-s/Mrow")
			})
		}
	}
}

// cpuSeconds is what the process has used, user and system: a busy machine disturbs it less than the clock.
func cpuSeconds(b *testing.B) float64 {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return float64(use.Utime.Nano()+use.Stime.Nano()) / 1e9
}

func benchDecode(b *testing.B, path string, threads, rows int) {
	e, err := Open(path, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	summary, err := Decode(context.Background(), e, threads,
		func(block *Block) (int, error) { return len(block.Cells), nil },
		func(int) error { return nil }, nil)
	if err != nil {
		b.Fatal(err)
	}
	if summary.Records != int64(rows+1) {
		b.Fatalf("got %d records, want %d", summary.Records, rows+1)
	}
}

// BenchmarkSplit measures the splitter alone, on one thread.
func BenchmarkSplit(b *testing.B) {
	for _, quotedOneIn := range []int{0, 100} {
		content := generate(20_000, quotedOneIn)
		end := len(content)
		content = slices.Grow(append(content, make([]byte, padding)...), 1<<20) // escapes go behind it
		b.Run(fmt.Sprintf("quotedOneIn=%d", quotedOneIn), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(end))
			s := splitter{syntax: syntaxOf(comma), limit: defaultRecordLimit}
			for b.Loop() {
				s.reset(content, end, true)
				s.run(0)
			}
		})
	}
}

// BenchmarkSmallFiles measures what a file costs besides its bytes.
func BenchmarkSmallFiles(b *testing.B) {
	path := filepath.Join(b.TempDir(), "export.csv")
	if err := os.WriteFile(path, generate(100, 0), 0o600); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	before := cpuSeconds(b)
	for b.Loop() {
		benchDecode(b, path, 2, 100)
	}
	b.ReportMetric((cpuSeconds(b)-before)/float64(b.N)*1e6, "cpu-us/file")
}
