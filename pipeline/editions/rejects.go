package editions

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/reports"
	"github.com/tapcov/tapcov/reports/reasons"
	"github.com/tapcov/tapcov/reports/words"
)

// RejectSelection picks rejects; empty fields stand for all.
type RejectSelection struct{ Source, Snapshot, Reason, Class string }

var rejectColumns = []string{"source", "source_file", "source_line", "snapshot_date", "source_cell", "class", "reason", "column_name", "header", "value", "raw_text"}

// Rejects returns rejects of the deliveries that nothing has taken the place of, by source, date, file
// and line.
func (e *Edition) Rejects(ctx context.Context, s RejectSelection, limit int) (*Table, error) {
	if err := e.checkRejects(s); err != nil {
		return nil, err
	}
	query := "select " + strings.Join(rejectColumns, ", ") + `
		from rejects where (? = '' or source = ?) and (? = '' or cast(snapshot_date as varchar) = ?) and (? = '' or reason = ?)
		and (? = '' or class = ?) and state not in ('superseded', 'withdrawn')
		order by source, snapshot_date, source_file, source_line, reason, column_name`
	if limit > 0 {
		query += fmt.Sprintf(" limit %d", limit)
	}
	if !e.HasRejects() {
		return &Table{Columns: rejectColumns, Rows: [][]any{}}, nil
	}
	return e.Query(ctx, query, s.Source, s.Source, s.Snapshot, s.Snapshot, s.Reason, s.Reason, s.Class, s.Class)
}

func (e *Edition) checkRejects(s RejectSelection) error {
	if err := e.checkDelivery(s.Source, s.Snapshot); err != nil {
		return err
	}
	classes := []string{reasons.Terminal, reasons.Field, reasons.NotTerminal}
	var codes []string
	for _, class := range classes {
		codes = append(codes, reasons.Codes(class)...)
	}
	if err := CheckName("reason", s.Reason, codes); s.Reason != "" && err != nil {
		return err
	}
	if err := CheckName("class", s.Class, classes); s.Class != "" && err != nil {
		return err
	}
	return nil
}

// HasRejects tells whether any row of its deliveries was set aside.
func (e *Edition) HasRejects() bool {
	return slices.ContainsFunc(e.Deliveries, func(d lake.Delivery) bool { return !d.Rejects.IsZero() })
}

// RejectLanguage is the language of a list of rejects: the one asked for, else the source's, else that
// of the reports.
func (e *Edition) RejectLanguage(asked, source string) (string, error) {
	config := e.ws.Config
	language := asked
	for _, s := range config.Sources {
		if s.Name == source {
			language = cmp.Or(language, s.Language)
		}
	}
	if len(config.Report.Languages) > 0 {
		language = cmp.Or(language, config.Report.Languages[0])
	}
	return language, CheckName("language", language, words.Languages())
}

// WriteRejects writes a list of rejects for whoever delivered the exports to a file, CSV or XLSX by its
// name, and returns how many there are. Without a class, rows that are no terminals are left out: there
// is nothing to do about them. The file appears whole or not at all.
func (e *Edition) WriteRejects(ctx context.Context, s RejectSelection, language, path string) (count int64, err error) {
	if err := e.checkRejects(s); err != nil {
		return 0, err
	}
	write, err := rejectWriter(path)
	if err != nil {
		return 0, err
	}
	return writeWhole(path, language, write, e.rejectRows(ctx, s))
}

// rejectWriter returns what writes a list of rejects to a file of that name.
func rejectWriter(path string) (func(io.Writer, string, iter.Seq2[reports.RejectRow, error]) error, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		return reports.WriteRejectList, nil
	case ".xlsx":
		return reports.WriteRejectBook, nil
	}
	return nil, &SelectionError{"format of the name", filepath.Base(path), ".csv, .xlsx"}
}

func writeWhole(path, language string, write func(io.Writer, string, iter.Seq2[reports.RejectRow, error]) error, rows iter.Seq2[reports.RejectRow, error]) (count int64, err error) {
	file, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o644))
	if err != nil {
		return 0, fmt.Errorf("write %s: %w", path, err)
	}
	defer func() { _ = file.Cleanup() }() // does nothing once the file is in place
	counted := func(yield func(reports.RejectRow, error) bool) {
		for row, err := range rows {
			count++
			if !yield(row, err) {
				return
			}
		}
	}
	if err := write(file, language, counted); err != nil {
		return 0, fmt.Errorf("write %s: %w", path, err)
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return 0, fmt.Errorf("write %s: %w", path, err)
	}
	return count, nil
}

// rejectPage is how many rejects are read at a time: the driver holds a whole result in memory.
const rejectPage = 20_000

// rejectRows yields rejects delivery by delivery, in the order of the export, a page at a time.
func (e *Edition) rejectRows(ctx context.Context, s RejectSelection) iter.Seq2[reports.RejectRow, error] {
	return func(yield func(reports.RejectRow, error) bool) {
		for _, d := range e.rejectDeliveries(s) {
			for from := int64(0); from < d.Rejects.Rows; from += rejectPage {
				rows, err := e.readRejects(ctx, d, s, from)
				if err != nil {
					yield(reports.RejectRow{}, err)
					return
				}
				for _, row := range rows {
					if !yield(row, nil) {
						return
					}
				}
			}
		}
	}
}

// rejectDeliveries are the deliveries with rejects that nothing has taken the place of, by source, date
// and name.
func (e *Edition) rejectDeliveries(s RejectSelection) []lake.Delivery {
	var deliveries []lake.Delivery
	for _, d := range e.Deliveries {
		isOther := s.Source != "" && d.Source != s.Source || s.Snapshot != "" && d.SnapshotDate != s.Snapshot
		if !isOther && !d.Rejects.IsZero() && d.State != lake.Superseded && d.State != lake.Withdrawn {
			deliveries = append(deliveries, d)
		}
	}
	slices.SortFunc(deliveries, func(a, b lake.Delivery) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.SnapshotDate, b.SnapshotDate),
			cmp.Compare(a.File(), b.File()), cmp.Compare(a.ExportID, b.ExportID))
	})
	return deliveries
}

// readRejects reads one page of the rejects of a delivery.
func (e *Edition) readRejects(ctx context.Context, d lake.Delivery, s RejectSelection, from int64) ([]reports.RejectRow, error) {
	rows, err := e.engine.Query(ctx, `select source_line, coalesce(source_cell, ''), class, reason, coalesce(header, column_name, ''), coalesce(value, ''), coalesce(raw_text, '')
		from (`+withCell("select * from read_parquet("+engine.Quote(e.lake.Abs(d.Rejects))+", file_row_number = true)")+`) as rejects
		where file_row_number >= ? and file_row_number < ? and (? = '' or reason = ?)
		and (class = ? or ? = '' and (class <> 'not_terminal' or reason = ?))
		order by file_row_number`, from, from+rejectPage, s.Reason, s.Reason, s.Class, s.Class, s.Reason)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []reports.RejectRow
	for rows.Next() {
		row := reports.RejectRow{SnapshotDate: d.SnapshotDate, File: d.File()}
		if s.Source == "" {
			row.File = d.Source + "/" + row.File
		}
		if err := rows.Scan(&row.Line, &row.Cell, &row.Class, &row.Reason, &row.Column, &row.Value, &row.Raw); err != nil {
			return nil, fmt.Errorf("read rejects: %w", err)
		}
		row.Line = conform.Row(row.Line)
		page = append(page, row)
	}
	return page, rows.Err()
}
