package export

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever a file is, and however it is damaged, it reads the same as one Block and in many that are read in
// parallel: the same records, or an error that says something.
func FuzzAnyFile(f *testing.F) {
	text, book := []byte("终端号,商户\n1,\"a\nb\"\n2,家乐福\n3,\n"), smallBook(f)
	flat := `<office:document><office:body><office:spreadsheet><table:table table:name="s"><table:table-row table:number-rows-repeated="3">` +
		`<table:table-cell office:value-type="float" office:value="1.5"/></table:table-row></table:table></office:spreadsheet></office:body></office:document>`
	good := [][]byte{
		text, book, gzipped(f, text), zstandard(f, text), gzipped(f, book), []byte(flat),
		[]byte(`[{"a":1,"b":[2]},{"a":null}]`), []byte("{\"a\":1}\n{\"a\":\"x\",\"b\":2}\n"),
		[]byte("<html><table><tr><td>a<td rowspan=2>b<tr><td>c</table><table><tr><td>d</table>"),
		[]byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet Name="s"><Table><Row><Cell MergeDown="1">` +
			`<Data Type="Number">1</Data></Cell></Row><Row><Cell><Data Type="String">x</Data></Cell></Row></Table></Worksheet></Workbook>`),
		zipped(f, packed{name: "a.csv", content: text}, packed{name: "b.xlsx", content: book}),
	}
	for i := range good {
		f.Add(byte(i), uint32(0), []byte{}, uint32(0))
		f.Add(byte(i), uint32(len(good[i])/2), []byte{0xFF, 0, '<'}, uint32(i))
	}
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, which byte, at uint32, change []byte, cut uint32) {
		data := bytes.Clone(good[int(which)%len(good)])
		copy(data[int(at)%len(data):], change)
		path := filepath.Join(folder, "export")
		writeTo(t, path, data[:len(data)-int(cut)%len(data)])
		opts := Options{Unpacked: 4 << 20, Memory: 4 << 20, TempDir: folder}
		want, summary, err := archiveTables(t, path, opts)
		for _, blockSize := range []int{minBlockSize, 1000} {
			opts.BlockSize = blockSize
			got, again, errAgain := archiveTables(t, path, opts)
			if (err == nil) != (errAgain == nil) || err == nil && summary.ID != again.ID {
				t.Fatalf("in blocks of %d: got %v, %s, want %v, %s", blockSize, errAgain, again.ID, err, summary.ID)
			}
			if diff := cmp.Diff(want, got); err == nil && diff != "" {
				t.Fatalf("in blocks of %d (-want +got):\n%s", blockSize, diff)
			}
		}
		if err != nil && err.Error() == "" {
			t.Error("an error that says nothing")
		}
	})
}
