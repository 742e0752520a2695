package reports

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func tableBook(t *testing.T) []byte {
	t.Helper()
	book, err := newTableBook([]string{"terminal_id", "count", "since"}, 4)
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2017, 1, 31, 0, 0, 0, 0, time.UTC)
	for _, row := range [][]any{
		{"00012", int64(3), day},
		{"=1+1", 0.5, day.Add(time.Hour)},
		{"终端\x01", true, nil},
		{"-4", nil, time.Date(1832, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if err := book.Add(row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTableBook(t *testing.T) {
	written := tableBook(t)
	if !bytes.Equal(written, tableBook(t)) {
		t.Error("the same rows give other bytes")
	}
	file, err := excelize.OpenReader(bytes.NewReader(written))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got := map[string][][]string{}
	for _, sheet := range file.GetSheetList() {
		if got[sheet], err = file.GetRows(sheet); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string][][]string{
		"rows": {
			{"terminal_id", "count", "since"},
			{"00012", "3", "2017-01-31"},
			{"=1+1", "0.5", "2017-01-31 01:00:00"},
			{`终端\x01`, "TRUE"},
		},
		"rows 2": {{"terminal_id", "count", "since"}, {"-4", "", "1832-01-01"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
	for cell, want := range map[string]excelize.CellType{"A3": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset} {
		if kind, err := file.GetCellType("rows", cell); err != nil || kind != want {
			t.Errorf("%s is of type %d, want %d: %v", cell, kind, want, err)
		}
	}
	if formula, _ := file.GetCellFormula("rows", "A3"); formula != "" {
		t.Errorf("a text became the formula %q", formula)
	}
}
