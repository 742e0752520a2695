package ods_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"github.com/tapcov/tapcov/pipeline/export/workbook/booktest"
	"github.com/tapcov/tapcov/pipeline/export/workbook/ods"
)

func TestASpreadsheetIsReadAsItIs(t *testing.T) {
	for format, open := range map[string]booktest.Open{"ods": ods.Open, "fods": ods.OpenFlat} {
		got, err := booktest.Read(open, booktest.Sample(t, format))
		if err != nil {
			t.Fatal(err)
		}
		want := booktest.Want + "note: 2 cells have formulas; the values last computed are read\n"
		if diff := cmp.Diff(want, booktest.Shortened(got)); diff != "" {
			t.Errorf("%s:\n%s", format, diff)
		}
	}
}

// flat makes a spreadsheet of the XML of one table.
func flat(rows string) []byte {
	return []byte(`<?xml version="1.0"?><office:document office:mimetype="x"><office:body><office:spreadsheet><table:table table:name="s">` +
		rows + `</table:table></office:spreadsheet></office:body></office:document>`)
}

func TestCells(t *testing.T) {
	got, err := booktest.Read(ods.OpenFlat, flat(`<table:table-column table:number-columns-repeated="3"/>
		<table:table-header-rows><table:table-row><table:table-cell office:value-type="string" table:number-columns-repeated="2"><text:p>a</text:p></table:table-cell></table:table-row></table:table-header-rows>
		<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="float" office:value="1.5E2"/><table:table-cell table:number-columns-repeated="16380"/></table:table-row>
		<table:table-row-group><table:table-row><table:table-cell office:value-type="time" office:time-value="PT12H30M05S"/><table:table-cell office:value-type="boolean" office:boolean-value="true"/>
			<table:table-cell office:value-type="date" office:date-value="2016-12-31T08:00:00"/><table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50%</text:p></table:table-cell>
			<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation><text:p>x<text:span>y</text:span><text:tab/>z</text:p></table:table-cell></table:table-row></table:table-row-group>
		<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("s\n1: a|a\n2: ∅|∅|150\n3: ∅|∅|150\n4: 12:30:05|TRUE|2016-12-31 08:00:00|0.5|xy\tz\n", got); diff != "" {
		t.Error(diff)
	}
}

func TestSpreadsheetsThatAreRefused(t *testing.T) {
	check := func(open booktest.Open, content []byte, want string) {
		t.Helper()
		if got, err := booktest.Read(open, content); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %.100q, %v; want an error that says %q", got, err, want)
		}
	}
	cell := `<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="%"/>`
	row := func(rows, columns string) []byte {
		return flat(`<table:table-row table:number-rows-repeated="` + rows + `">` + strings.Replace(cell, "%", columns, 1) + `</table:table-row>`)
	}
	check(ods.OpenFlat, row("1048577", "1"), "its repeated rows and cells come to more than 1048576 bytes, the limit that limits.unpacked sets")
	check(ods.OpenFlat, row("1", "16385"), "row 1 has more than 16384 columns")
	check(ods.OpenFlat, row("999999999999999999999", "999999999"), "row 1 has more than 16384 columns")
	check(ods.OpenFlat, flat("<table:table-row>"), "its XML ends too early")
	check(ods.OpenFlat, []byte(`<office:document><office:body><office:text/></office:body></office:document>`), "no spreadsheet")
	check(ods.Open, booktest.Zip(t, "mimetype", map[string]string{"mimetype": "x"}), `it has no part "content.xml"`)
	check(ods.Open, booktest.Zip(t, "mimetype", map[string]string{
		"mimetype": "x", "content.xml": "?", "META-INF/manifest.xml": `<!DOCTYPE m PUBLIC "a" "b"><m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>`,
	}), "it is encrypted")
}

func TestDamagedSpreadsheetsDoNoHarm(t *testing.T) {
	booktest.Survives(t, ods.Open, booktest.Sample(t, "ods"), 2000)
	booktest.Survives(t, ods.OpenFlat, booktest.Sample(t, "fods"), 2000)
}

// The table of merchant categories is the same in both formats, but for what happened to it when it was
// made: the codes became numbers, and the text was taken for Windows-1252.
func TestTheTableOfMerchantCategories(t *testing.T) {
	const folder = "../../../../../shared/data/reference/mcc/mcc_codes."
	content, err := os.ReadFile(folder + "ods")
	if err != nil {
		t.Skip("no ../shared/data beside the project")
	}
	file, err := os.Open(folder + "csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	open := booktest.Open(ods.OpenFlat)
	if ods.Sniff(content, nil, 0) {
		open = ods.Open
	}
	got, err := booktest.Read(open, content)
	if err != nil {
		t.Fatal(err)
	}
	_, rows, _ := strings.Cut(got, "\n")
	var want strings.Builder
	for i, record := range records {
		for len(record) > 0 && record[len(record)-1] == "" {
			record = record[:len(record)-1]
		}
		record[0] = strings.TrimLeft(record[0], "0")
		for k, text := range record {
			if record[k], err = charmap.Windows1252.NewDecoder().String(text); err != nil {
				t.Fatal(err)
			}
			if text == "" {
				record[k] = "∅"
			}
		}
		want.WriteString(strconv.Itoa(i+1) + ": " + strings.Join(record, "|") + "\n")
	}
	if diff := cmp.Diff(strings.Split(want.String(), "\n"), strings.Split(rows, "\n")); diff != "" {
		t.Error(diff)
	}
}

func FuzzODS(f *testing.F) {
	f.Add([]byte(`<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>`))
	f.Fuzz(func(t *testing.T, rows []byte) {
		if err := booktest.Safely(ods.OpenFlat, flat(string(rows))); err != nil {
			t.Fatal(err)
		}
	})
}
