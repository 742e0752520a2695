package xmlss_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/tapcov/tapcov/pipeline/export/workbook/booktest"
	"github.com/tapcov/tapcov/pipeline/export/workbook/xmlss"
)

// The program that wrote the sample keeps neither that a sheet is hidden nor a format of zeros.
func TestAWorkbookIsReadAsItIs(t *testing.T) {
	got, err := booktest.Read(xmlss.Open, booktest.Sample(t, "xml"))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("#旧", "旧", "00012346", "12346").Replace(booktest.Want) +
		"note: 2 cells have formulas; the values last computed are read\n"
	if diff := cmp.Diff(want, booktest.Shortened(got)); diff != "" {
		t.Error(diff)
	}
}

// book makes a workbook of the XML within it.
func book(content string) []byte {
	return []byte(`<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
		<Styles><Style ss:ID="z"><NumberFormat ss:Format="00000000"/></Style><Style ss:ID="y" ss:Parent="z"/><Style ss:ID="loop" ss:Parent="loop"/></Styles>` +
		content + `</Workbook>`)
}

func sheet(rows string) []byte {
	return book(`<Worksheet ss:Name="一"><Table>` + rows + `</Table></Worksheet>`)
}

func TestCells(t *testing.T) {
	got, err := booktest.Read(xmlss.Open, book(`<Worksheet ss:Name="一"><Table><Column ss:Index="2" ss:Span="1" ss:StyleID="z"/>
		<Row ss:Span="1"/>
		<Row><Cell><Data ss:Type="Number">1</Data></Cell><Cell><Data ss:Type="Number">2</Data></Cell><Cell ss:StyleID="y"><Data ss:Type="Number">3</Data></Cell><Cell ss:StyleID="loop"><Data ss:Type="Number">12345678901234567890</Data></Cell></Row>
		<Row ss:Index="7" ss:StyleID="z"><Cell ss:Index="2"><Data ss:Type="Number">5</Data><Comment><Data>no</Data></Comment></Cell><Cell ss:MergeDown="1"><ss:Data ss:Type="String"><B>a</B> &amp; b</ss:Data></Cell></Row>
		<Row><Cell><Data ss:Type="DateTime">1899-12-31T12:30:05.000</Data></Cell><Cell><Data ss:Type="DateTime">2016-12-31T08:00:00.000</Data></Cell></Row>
		<Row><Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell><Cell ss:Formula="=1+1"><Data ss:Type="Number">2.5E-3</Data></Cell><Cell><Data ss:Type="Number"></Data></Cell></Row>
		</Table></Worksheet><Worksheet ss:Name="空"/><Worksheet ss:Name="藏"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>
		<WorksheetOptions><Visible>SheetVeryHidden</Visible></WorksheetOptions></Worksheet>`))
	if err != nil {
		t.Fatal(err)
	}
	const want = "一\n3: 1|00000002|00000003|12345678901234567890\n7: ∅|00000005|a & b\n8: 12:30:05|2016-12-31 08:00:00|a & b\n" +
		"9: TRUE|#N/A|0.0025|∅\n空\n#藏\n1: x\nnote: a cell has a formula; the value last computed is read\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEncodings(t *testing.T) {
	text := string(sheet(`<Row><Cell><Data ss:Type="String">终端</Data></Cell></Row>`))
	for _, c := range []struct {
		name    string
		content []byte
	}{
		{"UTF-8", []byte("\ufeff" + text)},
		{"GBK", encode(t, simplifiedchinese.GBK.NewEncoder().String, strings.Replace(text, `"1.0"`, `"1.0" encoding="gb2312"`, 1))},
		{"UTF-16", encode(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String, text)},
	} {
		if !xmlss.Sniff(c.content, nil, 0) {
			t.Errorf("%s: not told", c.name)
		}
		got, err := booktest.Read(xmlss.Open, c.content)
		if err != nil || got != "一\n1: 终端\n" {
			t.Errorf("%s: got %q, %v", c.name, got, err)
		}
	}
}

func encode(t *testing.T, encode func(string) (string, error), text string) []byte {
	t.Helper()
	encoded, err := encode(text)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(encoded)
}

func TestWorkbooksThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		content []byte
		want    string
	}{
		{book(""), "it is a workbook in XML without a sheet"},
		{sheet(`<Row ss:Index="9"/><Row ss:Index="9"/>`), `row "9" follows row 9`},
		{sheet(`<Row ss:Index="1048577"/>`), "it has more than 1048576 rows"},
		{sheet(`<Row><Cell ss:Index="16385"/></Row>`), "it has more than 16384 columns"},
		{sheet(`<Row><Cell>`)[:400], "its XML ends too early"},
		{[]byte(`<!DOCTYPE x [<!ENTITY a "b">]><Workbook/>`), "declares a document type"},
		{[]byte(`<?xml version="1.0" encoding="klingon"?><Workbook/>`), `"klingon", which is no known encoding`},
	} {
		if got, err := booktest.Read(xmlss.Open, c.content); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %.100q, %v; want an error that says %q", got, err, c.want)
		}
	}
	long := sheet(`<Row><Cell><Data ss:Type="String">` + strings.Repeat("x", booktest.Limits.Record) + `</Data></Cell></Row>`)
	if got, err := booktest.Read(xmlss.Open, long); err != nil || !strings.Contains(got, "1: fault 2") {
		t.Errorf("got %.100q, %v; want a row that is too long", got, err)
	}
}

func TestDamagedWorkbooksDoNoHarm(t *testing.T) {
	booktest.Survives(t, xmlss.Open, booktest.Sample(t, "xml"), 2000)
}

func FuzzXML(f *testing.F) {
	f.Add([]byte(`<Row ss:Index="2" ss:Span="3"><Cell ss:MergeDown="1"><Data ss:Type="Number">1</Data></Cell></Row>`))
	f.Fuzz(func(t *testing.T, rows []byte) {
		if err := booktest.Safely(xmlss.Open, sheet(string(rows))); err != nil {
			t.Fatal(err)
		}
	})
}
