package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// workbookCommand makes a workbook: workbook FILE.xlsx SHEET.csv… writes each CSV file to a sheet of its
// name, hidden if that begins with an underscore. A cell < is merged with the one on its left, ^ with the
// one above; #N is a number, @yyyy-mm-dd a date.
func workbookCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: workbook FILE.xlsx SHEET.csv…")
	}
	book := excelize.NewFile()
	defer book.Close()
	for i, file := range args[1:] {
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		if i == 0 {
			ts.Check(book.SetSheetName("Sheet1", name))
		} else if _, err := book.NewSheet(name); err != nil {
			ts.Fatalf("%v", err)
		}
		reader := csv.NewReader(strings.NewReader(ts.ReadFile(file)))
		reader.FieldsPerRecord = -1
		records, err := reader.ReadAll()
		ts.Check(err)
		fillSheet(ts, book, name, records)
		ts.Check(book.SetSheetVisible(name, !strings.HasPrefix(name, "_")))
	}
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
	ts.Check(book.SaveAs(path))
}

func fillSheet(ts *testscript.TestScript, book *excelize.File, sheet string, records [][]string) {
	date, err := book.NewStyle(&excelize.Style{NumFmt: 14})
	ts.Check(err)
	address := func(column, row int) string {
		name, err := excelize.CoordinatesToCellName(column+1, row+1)
		ts.Check(err)
		return name
	}
	for row, record := range records {
		for column, text := range record {
			at := address(column, row)
			switch {
			case text == "<":
				ts.Check(book.MergeCell(sheet, address(column-1, row), at))
			case text == "^":
				ts.Check(book.MergeCell(sheet, address(column, row-1), at))
			case strings.HasPrefix(text, "#"):
				number, err := strconv.ParseFloat(text[1:], 64)
				ts.Check(err)
				ts.Check(book.SetCellValue(sheet, at, number))
			case strings.HasPrefix(text, "@"):
				day, err := time.Parse(time.DateOnly, text[1:])
				ts.Check(err)
				ts.Check(book.SetCellValue(sheet, at, day))
				ts.Check(book.SetCellStyle(sheet, at, at, date))
			case text != "":
				ts.Check(book.SetCellStr(sheet, at, text))
			}
		}
	}
}
