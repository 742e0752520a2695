package reports

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// hostileText rings, turns red, turns the direction, ends an XML element and a CSV cell, and computes.
const hostileText = "=cmd|' /C calc'!A0\x07\x1b[31m\u202e\x00\ufffe</t>\"_x0041_"

func listed(rows ...RejectRow) iter.Seq2[RejectRow, error] {
	return func(yield func(RejectRow, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

var rejectsOfTest = []RejectRow{
	{
		SnapshotDate: "2017-01-31", File: "ledger.csv", Line: 7, Column: "终端编号", Value: "1.86E+07",
		Raw: "1.86E+07,901350253110001", Reason: "terminal_id_scientific", Class: "terminal",
	},
	{SnapshotDate: "2017-01-31", File: hostileText, Line: 8, Column: hostileText, Value: hostileText, Reason: "flag_unknown", Class: "field"},
	{SnapshotDate: "2017-01-31", File: "ledger.csv", Line: 9, Value: "00018644", Reason: "of_a_later_version", Class: "terminal"},
}

func TestWriteRejectList(t *testing.T) {
	for language, want := range map[string][]string{
		"en": {
			"2017-01-31", "ledger.csv", "7", "终端编号", "1.86E+07", "the terminal id was turned into a number by a spreadsheet", "row rejected",
			"Format the column as text before the data go into the sheet, or export from the system without a spreadsheet in between.",
			"terminal_id_scientific", "1.86E+07,901350253110001",
		},
		"zh": {
			"2017-01-31", "ledger.csv", "7", "终端编号", "1.86E+07", "终端编号被电子表格转成科学计数", "整行未采用",
			"请先把该列设为文本格式再填入数据，或不经电子表格直接从系统导出。", "terminal_id_scientific", "1.86E+07,901350253110001",
		},
	} {
		var out bytes.Buffer
		if err := WriteRejectList(&out, language, listed(rejectsOfTest...)); err != nil {
			t.Fatal(err)
		}
		checkHarmless(t, out.String())
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), byteOrderMark))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, rows[1]); diff != "" || len(rows) != 4 {
			t.Errorf("%s: %d rows (-want +got):\n%s", language, len(rows), diff)
		}
		if got := rows[2][4]; !strings.HasPrefix(got, "'=cmd") {
			t.Errorf("a formula is written as %q", got)
		}
	}
	if err := WriteRejectList(io.Discard, "fr", listed()); err == nil {
		t.Error("a list in French was written")
	}
}

func TestWriteRejectBook(t *testing.T) {
	write := func(language string, sheetMax int, rows ...RejectRow) []byte {
		t.Helper()
		var out bytes.Buffer
		if err := writeRejectBook(&out, language, listed(rows...), sheetMax); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	first := write("zh", maxSheetRows, rejectsOfTest...)
	if !bytes.Equal(first, write("zh", maxSheetRows, rejectsOfTest...)) {
		t.Error("the same rows make another workbook")
	}
	book, err := excelize.OpenReader(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if diff := cmp.Diff([]string{"拒收明细", "原因说明"}, book.GetSheetList()); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
	rows, err := book.GetRows("拒收明细")
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	want := []string{
		"2017-01-31", "ledger.csv", "7", "终端编号", "1.86E+07", "终端编号被电子表格转成科学计数", "整行未采用",
		"请先把该列设为文本格式再填入数据，或不经电子表格直接从系统导出。", "terminal_id_scientific", "1.86E+07,901350253110001",
	}
	if diff := cmp.Diff(want, rows[1]); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
	for _, cell := range []string{"B3", "D3", "E3"} {
		formula, err := book.GetCellFormula("拒收明细", cell)
		kind, kindErr := book.GetCellType("拒收明细", cell)
		if err != nil || kindErr != nil || formula != "" || kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
			t.Errorf("%s is of type %v with formula %q", cell, kind, formula)
		}
	}
	if got := rows[2][4]; !strings.HasPrefix(got, "=cmd|' /C calc'!A0") || !strings.HasSuffix(got, `</t>"_x0041_`) {
		t.Errorf("the text is %q", got)
	}
	if got := rows[3][4]; got != "00018644" {
		t.Errorf("an id is %q", got)
	}
	archive, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range archive.File {
		file, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		checkHarmless(t, string(text))
	}
}

// A ledger larger than a sheet goes on in the next; an empty one is a workbook with headings.
func TestRejectBookSheets(t *testing.T) {
	var rows []RejectRow
	for i := range 5 {
		rows = append(rows, RejectRow{File: "a.csv", Line: int64(i), Reason: "blank", Class: "not_terminal"})
	}
	for _, test := range []struct {
		rows []RejectRow
		want string
	}{
		{rows, "Rejects:3 Rejects 2:3 Rejects 3:2 Reasons:2"},
		{rows[:2], "Rejects:3 Reasons:2"},
		{nil, "Rejects:1 Reasons:1"},
	} {
		var out bytes.Buffer
		if err := writeRejectBook(&out, "en", listed(test.rows...), 3); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&out)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, sheet := range book.GetSheetList() {
			lines, err := book.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%s:%d", sheet, len(lines)))
		}
		if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%d rows (-want +got):\n%s", len(test.rows), diff)
		}
		book.Close()
	}
}

func checkHarmless(t *testing.T, text string) {
	t.Helper()
	for _, r := range text {
		if !strings.ContainsRune("\r\n\t\ufeff", r) && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			t.Errorf("%U is in %.200q", r, text)
			return
		}
	}
}
