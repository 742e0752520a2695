package pipeline

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// WriteCSV writes what was understood of a file as CSV in UTF-8: the header, or column_1 and so on where
// there is none, and then every record below it as text. Short records are filled up with blanks; of
// a record that could not be split the whole text is in the first column. Nothing is typed, masked or
// altered, and no profile is needed: it is for loading a file elsewhere, and for seeing what was
// understood. Of a file of several tables it is those that have the first one's width.
func WriteCSV(ctx context.Context, path string, to io.Writer) (records int64, err error) {
	set, err := reference.Load("")
	if err != nil {
		return 0, err
	}
	options := export.Options{}
	for {
		again := &restart{to: to}
		records, err = writeCSV(ctx, path, set, options, again)
		if !options.Retry(err) {
			return records, err
		}
		if again.written > 0 {
			if err := again.rewind(); err != nil {
				return 0, err
			}
		}
	}
}

// restart is a destination that can be emptied again: the whole file may show what its beginning did not.
type restart struct {
	to      io.Writer
	written int64
}

func (r *restart) Write(data []byte) (int, error) {
	n, err := r.to.Write(data)
	r.written += int64(n)
	return n, err
}

func (r *restart) rewind() error {
	file, ok := r.to.(interface {
		io.Seeker
		Truncate(size int64) error
	})
	if !ok {
		return errors.New("the encoding of the file shows at its end only: write to a file instead of a pipe")
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("write again from the start: %w", err)
	}
	return file.Truncate(0)
}

func writeCSV(ctx context.Context, path string, set *reference.Set, options export.Options, to io.Writer) (records int64, err error) {
	i, err := openToInspect(path, set, options)
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
	last := int64(0) // the last record of the table, where the dialect found several
	finding := i.reading.Finding()
	if largest := largestTable(finding.Tables); largest != nil && len(finding.Tables) > 1 {
		if head := i.reading.Head(); largest.To < len(head.Rows) {
			last = head.Rows[largest.To].Line - 1
		}
	}
	work := func(block *export.Block) ([][]string, error) { return i.texts(block, last), nil }
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

// texts returns the records of a Block below the header as texts.
func (i *inspection) texts(block *export.Block, last int64) [][]string {
	var rows [][]string
	for at, row := range block.Rows {
		isAbove := row.Line <= i.layout.HeaderLine || i.layout.HeaderLine == 0 && block.Index == 0 && at < i.layout.Preamble
		if isAbove || last > 0 && row.Line > last {
			continue
		}
		texts := make([]string, max(len(i.names), int(row.Count)))
		if row.Fault != export.FaultNone {
			texts[0] = string(block.Raw(at))
		}
		isBlank := row.Fault == export.FaultNone
		for column, cell := range block.Row(at) {
			texts[column] = string(block.Text(cell))
			isBlank = isBlank && texts[column] == ""
		}
		if !isBlank {
			rows = append(rows, texts)
		}
	}
	return rows
}
