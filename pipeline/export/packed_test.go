package export

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/export/workbook/booktest"
)

// What is compressed may be anything that may be delivered as it is.
func TestCompressedFormats(t *testing.T) {
	book := smallBook(t)
	many := zipped(t, packed{"a.csv", []byte("a,b\n1,2\n"), nil}, packed{"b.xlsx", book, nil})
	for _, c := range []struct {
		name    string
		content []byte
		want    []string
		fault   string
	}{
		{"book.xlsx.gz", gzipped(t, book), []string{"一", "0:1 终端号|商户", "0:2 1|家乐福"}, ""},
		{"book.zst", zstandard(t, book), []string{"一", "0:1 终端号|商户", "0:2 1|家乐福"}, ""},
		{
			"many.zip.gz", gzipped(t, many),
			[]string{"a.csv", "b.xlsx/一", "0:1 a|b", "0:2 1|2", "1:1 终端号|商户", "1:2 1|家乐福"},
			"",
		},
		{"page.gz", gzipped(t, []byte("<html><table><tr><td>a<td>b</table>")), []string{"table 1", "0:1 a|b"}, ""},
		{"twice.gz", gzipped(t, gzipped(t, []byte("a,b\n"))), nil, "it is gzip data within gzip data"},
		{"tar.gz", gzipped(t, tarred(t, "a.csv", []byte("a,b\n"))), nil, "it is a tar archive in gzip data"},
		{"pdf.gz", gzipped(t, []byte("%PDF-1.7")), nil, "what is compressed in it: it is a PDF document"},
		{"cut.xlsx.gz", gzipped(t, book)[:len(book)/2], nil, "gzip data is damaged"},
		{"bomb.gz", gzipped(t, append([]byte("PK\x03\x04"), make([]byte, 100<<20)...)), nil, "it unpacks to more than 300 times its size"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, summary, err := archiveTables(t, write(t, c.name, c.content), Options{TempDir: t.TempDir()})
			if c.fault != "" {
				var refused *RefusedError
				if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.fault) {
					t.Fatalf("got %v, want a refusal with %q", err, c.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if sum := fmt.Sprintf("%x", sha256.Sum256(c.content)); summary.ID != sum || summary.Format.Container == "none" {
				t.Errorf("got id %s in %s, want that of the bytes as delivered", summary.ID, summary.Format.Container)
			}
		})
	}
}

func tarred(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content))}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// smallBook is a workbook of one sheet.
func smallBook(t testing.TB) []byte {
	t.Helper()
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	return booktest.Zip(t, "", map[string]string{
		"[Content_Types].xml":        "<Types/>",
		"_rels/.rels":                `<Relationships><Relationship Id="a" Type="` + office + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook><sheets><sheet name="一" sheetId="1" r:id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="a" Type="` + office + `worksheet" Target="sheet.xml"/></Relationships>`,
		"xl/sheet.xml":               `<worksheet><sheetData><row><c t="str"><v>终端号</v></c><c t="str"><v>商户</v></c></row><row><c><v>1</v></c><c t="str"><v>家乐福</v></c></row></sheetData></worksheet>`,
	})
}
