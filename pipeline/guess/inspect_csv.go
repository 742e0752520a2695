package guess

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/export/dialect"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// WriteCSV writes what was understood of a file as CSV in UTF-8: the header, or column_1 and so on where
// there is none, and then every record below it as text. Short records are filled up with blanks; of
// a record that cannot be split, nor mended, the whole text is in the first column. Nothing is typed,
// masked or altered, and no profile is needed: it is for loading a file elsewhere, and for seeing what was
// understood. Of a file of several tables it is one, and of a workbook the sheets that have its header.
func WriteCSV(ctx context.Context, path string, to io.Writer, options InspectOptions) (records int64, err error) {
	set, err := reference.Load("")
	if err != nil {
		return 0, err
	}
	a := newAttempt(options)
	file, canRestart := to.(restarted)
	if !canRestart {
		// What the end of a file shows of its beginning has to be known before the first byte is written.
		if _, err := inspect(ctx, path, set, a); err != nil {
			return 0, err
		}
	}
	for {
		records, err = writeCSV(ctx, path, set, a, to)
		if !canRestart || !a.again(err) {
			return records, err
		}
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return 0, fmt.Errorf("write again from the start: %w", err)
		}
		if err := file.Truncate(0); err != nil {
			return 0, fmt.Errorf("write again from the start: %w", err)
		}
	}
}

// restarted is a destination that can be emptied again.
type restarted interface {
	io.Seeker
	Truncate(size int64) error
}

func writeCSV(ctx context.Context, path string, set *reference.Set, a *attempt, to io.Writer) (records int64, err error) {
	i, err := openToInspect(path, set, a)
	if err != nil {
		return 0, err
	}
	defer i.reading.Close()
	if len(i.names) == 0 {
		return 0, nil
	}
	w := csv.NewWriter(to)
	if err := w.Write(i.names); err != nil {
		return 0, err
	}
	work := func(block *export.Block) ([][]string, error) { return i.texts(block), nil }
	emit := func(rows [][]string) error {
		records += int64(len(rows))
		return w.WriteAll(rows)
	}
	if _, err := export.Decode(ctx, i.reading, 1, work, emit, nil); err != nil {
		return records, err
	}
	w.Flush()
	return records, w.Error()
}

// texts returns the records of a Block as texts.
func (i *inspection) texts(block *export.Block) [][]string {
	var rows [][]string
	for at, row := range block.Rows {
		if !i.holds(row) || int(row.Count) == len(i.names) && i.headerLine > 0 && i.isHeader(block, at) {
			continue
		}
		texts := make([]string, 0, max(len(i.names), int(row.Count)))
		isBlank := row.Fault == export.FaultNone
		for _, cell := range block.Row(at) {
			text := string(block.Text(cell))
			isBlank = isBlank && text == ""
			texts = append(texts, text)
		}
		switch {
		case isBlank:
			continue
		case len(texts) < 2:
			texts = i.mended(string(block.Raw(at)), texts)
		}
		for len(texts) < len(i.names) {
			texts = append(texts, "")
		}
		rows = append(rows, texts)
	}
	return rows
}

// mended cuts a record that is not cut, or that cannot be, in another way, if it comes to as many cells
// as the table has columns: quotes that never close are text, and a line may have another delimiter.
func (i *inspection) mended(raw string, texts []string) []string {
	if own, err := dialect.ParseDelimiter(i.reading.Format().Delimiter); err == nil && own != "" {
		if cells := strings.Split(raw, own); len(cells) == len(i.names) {
			return cells
		}
	}
	for _, delimiter := range []rune{',', '\t', ';', '|'} {
		reader := csv.NewReader(strings.NewReader(raw))
		reader.Comma, reader.LazyQuotes = delimiter, true
		if cells, err := reader.Read(); err == nil && len(cells) == len(i.names) {
			return cells
		}
	}
	if len(texts) == 0 {
		texts = append(texts, raw)
	}
	return texts
}
