package reports

import (
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/tapcov/tapcov/reports/reasons"
	"github.com/tapcov/tapcov/reports/words"
)

// RejectRow is one line of a list that goes back to whoever delivered the export.
type RejectRow struct {
	SnapshotDate  string
	File          string // as it was delivered
	Line          int64
	Cell          string // its address in a workbook, which says more than the line
	Column        string // the header as the export has it
	Value, Raw    string // masked already
	Reason, Class string // codes
}

// rejectColumns are the columns of a list of rejects, by the keys of their headings, with their widths
// in a workbook.
var rejectColumns = []struct {
	key   string
	width float64
	cell  func(row RejectRow, reason reasons.Reason, language string) any
}{
	{"snapshot", 12, func(row RejectRow, _ reasons.Reason, _ string) any { return row.SnapshotDate }},
	{"file", 30, func(row RejectRow, _ reasons.Reason, _ string) any { return row.File }},
	{"line", 9, func(row RejectRow, _ reasons.Reason, _ string) any {
		if row.Cell != "" {
			return row.Cell
		}
		return row.Line
	}},
	{"column", 16, func(row RejectRow, _ reasons.Reason, _ string) any { return row.Column }},
	{"value", 24, func(row RejectRow, _ reasons.Reason, _ string) any { return row.Value }},
	{"reason", 32, func(_ RejectRow, reason reasons.Reason, language string) any { return reason.Name.In(language) }},
	{"class", 16, func(row RejectRow, _ reasons.Reason, language string) any {
		return reasons.Class(row.Class).In(language)
	}},
	{"action", 48, func(_ RejectRow, reason reasons.Reason, language string) any { return reason.Action.In(language) }},
	{"code", 24, func(row RejectRow, _ reasons.Reason, _ string) any { return row.Reason }},
	{"raw", 60, func(row RejectRow, _ reasons.Reason, _ string) any { return row.Raw }},
}

func rejectHeadings(w words.Words) []string {
	headings := make([]string, len(rejectColumns))
	for i, column := range rejectColumns {
		headings[i] = w.Say("reject_list." + column.key)
	}
	return headings
}

// WriteRejectList writes rejects as CSV in a language, one row each, as the rows come.
func WriteRejectList(w io.Writer, language string, rows iter.Seq2[RejectRow, error]) error {
	said, err := words.In(language)
	if err != nil {
		return err
	}
	t := newCSVTable(w, rejectHeadings(said)...)
	for row, err := range rows {
		if err != nil {
			return err
		}
		reason, _ := reasons.Of(row.Reason)
		for _, column := range rejectColumns {
			switch cell := column.cell(row, reason, language).(type) {
			case int64:
				t.number(cell)
			case string:
				t.text(cell)
			}
		}
		t.end()
	}
	return t.close()
}

// maxSheetRows is how many rows a sheet of a workbook can have.
const maxSheetRows = 1 << 20

// rejectBook writes rejects as a workbook, row by row: excelize keeps what is written in a temporary
// file, so a large ledger takes little memory.
type rejectBook struct {
	file     *excelize.File
	said     words.Words
	stream   *excelize.StreamWriter
	heading  int // style of the headings
	sheets   int
	row      int // the last one written of the sheet
	sheetMax int
	counts   map[string]int64 // by reason code
	cells    []any
}

// WriteRejectBook writes rejects as an XLSX workbook in a language: a sheet of rows, more where one
// cannot hold them, and a sheet that counts and explains the reasons. Every cell that came from an
// export is text. The same rows give the same bytes.
func WriteRejectBook(w io.Writer, language string, rows iter.Seq2[RejectRow, error]) error {
	return writeRejectBook(w, language, rows, maxSheetRows)
}

func writeRejectBook(w io.Writer, language string, rows iter.Seq2[RejectRow, error], sheetMax int) error {
	said, err := words.In(language)
	if err != nil {
		return err
	}
	b := &rejectBook{file: excelize.NewFile(), said: said, sheetMax: sheetMax, counts: map[string]int64{}}
	defer b.file.Close()
	for row, err := range rows {
		if err == nil {
			err = b.add(row)
		}
		if err != nil {
			return err
		}
	}
	if err := b.finish(); err != nil {
		return fmt.Errorf("make workbook: %w", err)
	}
	return writeWorkbook(w, b.file)
}

func (b *rejectBook) add(row RejectRow) error {
	if b.stream == nil || b.row == b.sheetMax {
		if err := b.newSheet(); err != nil {
			return fmt.Errorf("make workbook: %w", err)
		}
	}
	reason, _ := reasons.Of(row.Reason)
	b.counts[row.Reason]++
	b.cells = b.cells[:0]
	for _, column := range rejectColumns {
		cell := column.cell(row, reason, b.said.Language())
		if text, isText := cell.(string); isText {
			cell = sheetText(text)
		}
		b.cells = append(b.cells, cell)
	}
	return b.write(b.cells)
}

func (b *rejectBook) write(cells []any, options ...excelize.RowOpts) error {
	b.row++
	return b.stream.SetRow("A"+strconv.Itoa(b.row), cells, options...)
}

// newSheet ends the sheet that is full and begins the next one with its headings.
func (b *rejectBook) newSheet() error {
	if err := b.flush(); err != nil {
		return err
	}
	b.sheets++
	name := b.said.Say("reject_list.sheet")
	if b.sheets > 1 {
		name += " " + strconv.Itoa(b.sheets)
	}
	widths := make([]float64, len(rejectColumns))
	for i, column := range rejectColumns {
		widths[i] = column.width
	}
	return b.begin(name, widths, rejectHeadings(b.said))
}

func (b *rejectBook) begin(name string, widths []float64, headings []string) error {
	if b.stream == nil { // the sheet that a new workbook has
		if err := b.file.SetSheetName("Sheet1", name); err != nil {
			return err
		}
		var err error
		if b.heading, err = b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
			return err
		}
	} else if _, err := b.file.NewSheet(name); err != nil {
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
	b.row = 0
	for i, width := range widths {
		if err := b.stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := b.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(headings))
	for i, heading := range headings {
		cells[i] = heading
	}
	return b.write(cells, excelize.RowOpts{StyleID: b.heading})
}

func (b *rejectBook) flush() error {
	if b.stream == nil {
		return nil
	}
	return b.stream.Flush()
}

// finish writes the sheet of reasons and ends the workbook. Without rows there is one sheet of headings.
func (b *rejectBook) finish() error {
	if b.stream == nil {
		if err := b.newSheet(); err != nil {
			return err
		}
	}
	if err := b.flush(); err != nil {
		return err
	}
	headings := []string{}
	for _, key := range []string{"code", "count", "reason", "found", "action"} {
		headings = append(headings, b.said.Say("reject_list."+key))
	}
	if err := b.begin(b.said.Say("reject_list.reasons"), []float64{28, 10, 32, 60, 60}, headings); err != nil {
		return err
	}
	language := b.said.Language()
	for _, code := range slices.Sorted(maps.Keys(b.counts)) {
		reason, _ := reasons.Of(code)
		if err := b.write([]any{code, b.counts[code], reason.Name.In(language), reason.Means.In(language), reason.Action.In(language)}); err != nil {
			return err
		}
	}
	if err := b.flush(); err != nil {
		return err
	}
	// The time of writing would make every workbook another.
	epoch := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Format(time.RFC3339)
	return b.file.SetDocProps(&excelize.DocProperties{Creator: "tapcov", Created: epoch, Modified: epoch})
}

// maxCell is how many characters a cell of a workbook can have.
const maxCell = 32767

// sheetText is a text as a cell of a workbook may hold it: no character that XML does not know or that
// turns the direction of others, and not too long.
func sheetText(text string) string {
	text = visible(text)
	if runes := []rune(text); len(text) > maxCell && len(runes) > maxCell {
		return string(runes[:maxCell-1]) + "…"
	}
	return text
}
