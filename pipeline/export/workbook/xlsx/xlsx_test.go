package xlsx_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/export/table"
	"github.com/tapcov/tapcov/pipeline/export/workbook/booktest"
	"github.com/tapcov/tapcov/pipeline/export/workbook/xlsx"
)

const (
	officeType = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	styles     = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="00000000"/><numFmt numFmtId="165" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>
		<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
		<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/></cellXfs></styleSheet>`
	shared = `<sst><si><t>终端号</t></si><si><r><t>A&amp;</t></r><r><t xml:space="preserve"> B</t></r><rPh><t>no</t></rPh></si><si><t>00123</t></si><si><t>a_x000A_b</t></si></sst>`
)

// book makes a workbook of sheets: name, "hidden" or "", and the XML within worksheet.
func book(t testing.TB, sheets ...[3]string) []byte {
	t.Helper()
	parts := map[string]string{
		"_rels/.rels":          `<Relationships><Relationship Id="r" Type="` + officeType + `officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"[Content_Types].xml":  `<Types/>`,
		"xl/styles.xml":        styles,
		"xl/sharedStrings.xml": shared,
	}
	links := `<Relationship Id="a" Type="` + officeType + `styles" Target="styles.xml"/><Relationship Id="b" Type="` + officeType + `sharedStrings" Target="/xl/sharedStrings.xml"/>
		<Relationship Id="c" Type="` + officeType + `externalLink" Target="file:///etc/passwd" TargetMode="External"/>`
	var list strings.Builder
	for i, s := range sheets {
		part := fmt.Sprintf("worksheets/sheet%d.xml", i+1)
		links += fmt.Sprintf(`<Relationship Id="s%d" Type="%sworksheet" Target="%s"/>`, i, officeType, part)
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d" state="%s" r:id="s%d"/>`, s[0], i+1, s[1], i)
		parts["xl/"+part] = "<?xml version=\"1.0\"?><worksheet>" + s[2] + "</worksheet>"
	}
	parts["xl/_rels/workbook.xml.rels"] = "<Relationships>" + links + "</Relationships>"
	parts["xl/workbook.xml"] = "<workbook><sheets>" + list.String() + "</sheets></workbook>"
	return booktest.Zip(t, "", parts)
}

func TestCellsAreReadAsTheyAre(t *testing.T) {
	content := book(t,
		[3]string{"机具", "", `<cols><col min="1"/></cols><sheetData>
			<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="inlineStr"><is><t>x</t></is></c></row>
			<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3"><v>12345678901234567890</v></c><c r="C3"><v>1.2345678901234567E+18</v></c><c r="D3"><v>3.7000000000000002</v></c></row>
			<row><c s="1"><v>42370</v></c><c s="2"><v>123</v></c><c s="3"><v>42370</v></c><c s="4"><v>42370.5</v></c></row>
			<row r="5"><c r="A5" t="b"><v>1</v></c><c r="B5" t="e"><v>#N/A</v></c><c r="C5" t="str"><f>1+1</f><v></v></c><c r="D5" s="1"/></row>
			<row r="6"><c r="A6" s="1"/></row>
			<row r="7"><c r="A7" t="s"><v>3</v></c></row></sheetData><headerFooter/>`},
		[3]string{"old", "hidden", `<sheetData/>`},
	)
	got, err := booktest.Read(xlsx.Open, content)
	if err != nil {
		t.Fatal(err)
	}
	want := `机具
1: 终端号|A& B|∅|x
3: 00123|12345678901234567890|1.2345678901234568E+18|3.7
4: 2016-01-01|00000123|2016-01-01|2016-01-01 12:00:00
5: TRUE|#N/A|
7: a
b
#old
note: a cell has a formula; the value last computed is read
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMergedCells(t *testing.T) {
	const v = `t="str"><v>`
	content := book(t, [3]string{"s", "", `<sheetData>
		<row r="1"><c r="A1" ` + v + `title</v></c></row>
		<row r="3"><c r="A3" ` + v + `id</v></c><c r="B3" ` + v + `parent</v></c></row>
		<row r="4"><c r="B4" ` + v + `a</v></c><c r="C4" ` + v + `b</v></c></row>
		<row r="5"><c r="A5" ` + v + `1</v></c><c r="B5" ` + v + `x</v></c></row></sheetData>
		<mergeCells count="4"><mergeCell ref="A1:C1"/><mergeCell ref="B3:C3"/><mergeCell ref="A3:A4"/><mergeCell ref="D5:E9"/></mergeCells>`})
	got, err := booktest.Read(xlsx.Open, content)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("s\n1: title||\n3: id|parent|\n4: id|a|b\n5: 1|x\n", got); diff != "" {
		t.Error(diff)
	}
}

func TestWorkbooksThatAreRefused(t *testing.T) {
	check := func(content []byte, want string) {
		t.Helper()
		if got, err := booktest.Read(xlsx.Open, content); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %.100q, %v; want an error that says %q", got, err, want)
		}
	}
	sheet := func(rows string) []byte { return book(t, [3]string{"s", "", "<sheetData>" + rows + "</sheetData>"}) }
	check([]byte("PK\x03\x04"), "its ZIP archive is damaged")
	check(booktest.Zip(t, "", map[string]string{"a": ""}), "no workbook")
	check(book(t), "it has no sheet")
	check(sheet(`<row r="2"/><row r="2"/>`), `row "2" follows row 2`)
	check(sheet(`<row><c t="s"><v>9</v></c></row>`), `shared text "9", which is not there`)
	check(sheet(`<row><c r="XFE1"><v>9</v></c></row>`), `a cell "XFE1" behind column 0`)
	check(sheet(strings.Repeat("<row>", 300)), "nested more than 256 deep")
	check(sheet(`<row><c><v>1</v>`), "its XML ends too early")
	check(sheet(strings.Repeat(" ", 2<<20)), "unpacks to more than 1048576 bytes, the limit that limits.unpacked sets")
	check(booktest.Zip(t, "", map[string]string{
		"xl/workbook.xml": `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>`, "xl/_rels/workbook.xml.rels": "<a/>",
	}), "declares a document type")
}

// The texts that cells share are kept in memory, up to a limit that is named.
func TestSharedTextsAreBounded(t *testing.T) {
	content := book(t, [3]string{"s", "", `<sheetData><row><c t="s"><v>0</v></c></row></sheetData>`})
	limits := booktest.Limits
	if _, err := xlsx.Open(bytes.NewReader(content), int64(len(content)), limits); err != nil {
		t.Fatal(err)
	}
	limits.Memory = 20
	_, err := xlsx.Open(bytes.NewReader(content), int64(len(content)), limits)
	var limit *table.LimitError
	if !errors.As(err, &limit) || err.Error() != "its shared texts take more than 20 bytes, the limit that limits.memory sets" {
		t.Errorf("got %v, want the limit", err)
	}
}

func TestALongRowIsSetAside(t *testing.T) {
	long := `<c t="str"><v>` + strings.Repeat("x", 50_000) + `</v></c>`
	got, err := booktest.Read(xlsx.Open, book(t, [3]string{"s", "", "<sheetData><row><c><v>1</v></c>" + long + "</row><row><c><v>2</v></c></row></sheetData>"}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("s\n1: fault 2 \"1\"\n2: 2\n", got); diff != "" {
		t.Error(diff)
	}
}

func TestDamagedWorkbooksDoNoHarm(t *testing.T) {
	content := book(t, [3]string{"s", "", `<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>42370</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>`})
	booktest.Survives(t, xlsx.Open, content, 3000)
	sheet := `<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>42370</v></c><c t="inlineStr"><is><t>a</t></is></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>`
	booktest.Survives(t, func(file io.ReaderAt, size int64, limits table.Limits) (table.Reader, error) {
		text := make([]byte, size)
		if _, err := file.ReadAt(text, 0); err != nil {
			return nil, err
		}
		whole := book(t, [3]string{"s", "", string(text)})
		return xlsx.Open(bytes.NewReader(whole), int64(len(whole)), limits)
	}, []byte(sheet), 3000)
}

func TestRealWorkbooksAreReadOrRefused(t *testing.T) {
	files, err := filepath.Glob("../../../../../shared/data/torture/xlsx/*.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no ../shared/data beside the project")
	}
	refused := map[string]string{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := booktest.Read(xlsx.Open, content); err != nil {
			refused[filepath.Base(file)] = err.Error()
		} else if strings.Count(got, "\n") < 2 {
			t.Errorf("%s has no row: %q", file, got)
		}
	}
	want := map[string]string{
		"badfile_noWorkbookRels.xlsx": `it has no part "xl/_rels/workbook.xml.rels"`,
		"badfile_noWorksheets.xlsx":   `sheet "Tabelle1" is listed, but not there`,
	}
	if diff := cmp.Diff(want, refused); diff != "" {
		t.Error(diff)
	}
}

func FuzzXLSX(f *testing.F) {
	f.Add([]byte(`<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>`), []byte(shared), []byte(styles))
	f.Fuzz(func(t *testing.T, sheet, texts, styles []byte) {
		content := booktest.Zip(t, "", map[string]string{
			"xl/workbook.xml":            `<workbook><sheets><sheet name="s" r:id="s"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": `<a><Relationship Id="s" Type="/worksheet" Target="s"/><Relationship Type="/sharedStrings" Target="t"/><Relationship Type="/styles" Target="y"/></a>`,
			"xl/s":                       string(sheet), "xl/t": string(texts), "xl/y": string(styles),
		})
		if err := booktest.Safely(xlsx.Open, content); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAWorkbookIsReadAsItIs(t *testing.T) {
	got, err := booktest.Read(xlsx.Open, booktest.Sample(t, "xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	want := booktest.Want + "note: 2 cells have formulas; the values last computed are read\n"
	if diff := cmp.Diff(want, booktest.Shortened(got)); diff != "" {
		t.Error(diff)
	}
}
