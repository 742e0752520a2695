package reports

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
)

// TableBook is an XLSX workbook of one table, written row by row: excelize keeps what is written in a
// temporary file. A table that is longer than a sheet goes on in the next. Text is text, whatever it
// begins with. The same rows give the same bytes. Close it.
type TableBook struct {
	file     *excelize.File
	stream   *excelize.StreamWriter
	columns  []string
	cells    []any
	sheets   int
	row      int // the last one written of the sheet
	sheetMax int
	styles   struct{ heading, date, moment int }
}

// NewTableBook begins a workbook of a table with these columns.
func NewTableBook(columns []string) (*TableBook, error) { return newTableBook(columns, maxSheetRows) }

func newTableBook(columns []string, sheetMax int) (*TableBook, error) {
	b := &TableBook{file: excelize.NewFile(), columns: columns, sheetMax: sheetMax, cells: make([]any, len(columns))}
	if len(columns) > excelize.MaxColumns {
		return nil, fmt.Errorf("a sheet has %d columns at most, the result has %d", excelize.MaxColumns, len(columns))
	}
	dateFormat, momentFormat := "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
	for _, style := range []struct {
		id *int
		of excelize.Style
	}{
		{&b.styles.heading, excelize.Style{Font: &excelize.Font{Bold: true}}},
		{&b.styles.date, excelize.Style{CustomNumFmt: &dateFormat}},
		{&b.styles.moment, excelize.Style{CustomNumFmt: &momentFormat}},
	} {
		var err error
		if *style.id, err = b.file.NewStyle(&style.of); err != nil {
			return nil, fmt.Errorf("make workbook: %w", err)
		}
	}
	if err := b.newSheet(); err != nil {
		return nil, fmt.Errorf("make workbook: %w", err)
	}
	return b, nil
}

// Add writes a row. A cell is nil, a string, a bool, an int64, a float64 or a time.Time.
func (b *TableBook) Add(cells []any) error {
	if b.row == b.sheetMax {
		if err := b.newSheet(); err != nil {
			return fmt.Errorf("make workbook: %w", err)
		}
	}
	for i, cell := range cells {
		b.cells[i] = b.sheetCell(cell)
	}
	return b.write(b.cells)
}

// sheetCell is a value as excelize takes it.
func (b *TableBook) sheetCell(cell any) any {
	switch cell := cell.(type) {
	case string:
		return sheetText(cell)
	case float64:
		if math.IsNaN(cell) || math.IsInf(cell, 0) {
			return strconv.FormatFloat(cell, 'g', -1, 64)
		}
	case time.Time:
		if cell.Year() < 1900 || cell.Year() > 9999 { // before and after what a sheet can count
			return cell.Format(time.DateOnly)
		}
		if cell.Equal(cell.Truncate(24 * time.Hour)) {
			return excelize.Cell{StyleID: b.styles.date, Value: cell}
		}
		return excelize.Cell{StyleID: b.styles.moment, Value: cell}
	}
	return cell
}

func (b *TableBook) write(cells []any, options ...excelize.RowOpts) error {
	b.row++
	return b.stream.SetRow("A"+strconv.Itoa(b.row), cells, options...)
}

// newSheet ends the sheet that is full and begins the next one with its headings.
func (b *TableBook) newSheet() error {
	name := "rows"
	if b.sheets++; b.sheets > 1 {
		name += " " + strconv.Itoa(b.sheets)
		if err := b.stream.Flush(); err != nil {
			return err
		}
		if _, err := b.file.NewSheet(name); err != nil {
			return err
		}
	} else if err := b.file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	// A stream cannot tell its size in its head; excelize writes "A1", and readers believe it.
	if err := b.file.SetSheetDimension(name, ""); err != nil {
		return err
	}
	var err error
	if b.stream, err = b.file.NewStreamWriter(name); err != nil {
		return err
	}
	if err := b.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	b.row = 0
	headings := make([]any, len(b.columns))
	for i, column := range b.columns {
		headings[i] = sheetText(column)
	}
	return b.write(headings, excelize.RowOpts{StyleID: b.styles.heading})
}

// Write ends the workbook and writes it.
func (b *TableBook) Write(w io.Writer) error {
	if err := b.stream.Flush(); err != nil {
		return fmt.Errorf("make workbook: %w", err)
	}
	// The time of writing would make every workbook another.
	epoch := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Format(time.RFC3339)
	if err := b.file.SetDocProps(&excelize.DocProperties{Creator: "tapcov", Created: epoch, Modified: epoch}); err != nil {
		return fmt.Errorf("make workbook: %w", err)
	}
	return errors.Join(writeWorkbook(w, b.file), b.file.Close())
}

// Close drops a workbook that is not to be written. It does nothing after Write.
func (b *TableBook) Close() error { return b.file.Close() }
