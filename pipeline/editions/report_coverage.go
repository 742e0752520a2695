package editions

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/reports"
)

// aheadRows are the coverage rows of one level, read ahead of their writing.
type aheadRows struct {
	rows []reports.CoverageRow
	err  error
}

// coverageRows yields the coverage rows of the newest complete snapshot, level by level. They are read from
// now on, a level ahead of where the caller is; stop ends that.
func (e *Edition) coverageRows(ctx context.Context) (rows iter.Seq2[reports.CoverageRow, error], stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	levels := make(chan aheadRows)
	go func() {
		defer close(levels)
		for _, level := range coverage.Levels {
			rows, err := e.ReadCoverage(ctx, `snapshot_date = cast(? as date) and level = ?
				order by population, unit, reading, key`, e.Newest(), level)
			select {
			case levels <- aheadRows{rows, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	rows = func(yield func(reports.CoverageRow, error) bool) {
		for level := range levels {
			if level.err != nil {
				yield(reports.CoverageRow{}, level.err)
				return
			}
			for _, row := range level.rows {
				if !yield(row, nil) {
					return
				}
			}
		}
		if ctx.Err() != nil {
			yield(reports.CoverageRow{}, context.Cause(ctx))
		}
	}
	return rows, func() {
		cancel()
		for range levels { // until the reader has ended as well
			continue
		}
	}
}

// ReadCoverage reads coverage rows by a condition and an order. They come as batches, since the largest
// file of a report is made of them.
func (e *Edition) ReadCoverage(ctx context.Context, where string, args ...any) ([]reports.CoverageRow, error) {
	query := `select cast(snapshot_date as varchar), population, unit, reading, level, key, name,
			terminal_count, yes_count, no_count, unknown_count, undecided_count, rejected_count, missing_count,
			carried_count, carried_yes_count, carried_no_count,
			merchant_count, merchant_any_count, merchant_any_upper_count, merchant_all_count, merchant_all_upper_count, merchant_none_count,
			transaction_count, contactless_transaction_count, is_additive
		from coverage where ` + where
	if err := e.tables.mention(ctx, query); err != nil {
		return nil, err
	}
	var list []reports.CoverageRow
	for batch, err := range e.engine.Batches(ctx, query, args...) {
		if err != nil {
			return nil, err
		}
		for row := range int(batch.NumRows()) {
			cells := cellReader{batch: batch, row: row}
			list = append(list, cells.coverageRow())
			if cells.err != nil {
				return nil, fmt.Errorf("read coverage: %w", cells.err)
			}
		}
	}
	return list, nil
}

// cellReader reads the cells of a row from left to right, and keeps the first error.
type cellReader struct {
	batch     arrow.RecordBatch
	row, next int
	err       error
}

func (c *cellReader) coverageRow() (r reports.CoverageRow) {
	for _, text := range []*string{&r.SnapshotDate, &r.Population, &r.Unit, &r.Reading, &r.Level, &r.Key, &r.Name} {
		*text = c.text()
	}
	m := &r.Merchants
	for _, count := range []*int64{
		&r.All, &r.Yes, &r.No, &r.Unknown, &r.Undecided, &r.Rejected, &r.Missing, &r.Carried, &r.CarriedYes, &r.CarriedNo,
	} {
		*count = c.count().V
	}
	m.Count, m.Any, m.AnyUpper, m.All, m.AllUpper = c.count(), c.count(), c.count(), c.count(), c.count()
	m.None = c.count().V
	r.Transactions, r.Contactless = c.count(), c.count()
	r.IsAdditive = c.flag()
	return r
}

// column returns the next column; what the cell is read as decides what it must be.
func (c *cellReader) column() arrow.Array {
	c.next++
	return c.batch.Column(c.next - 1)
}

func (c *cellReader) text() string {
	column, ok := c.column().(*array.String)
	if !ok {
		c.fail()
		return ""
	}
	return strings.Clone(column.Value(c.row)) // the batch takes its own along
}

func (c *cellReader) count() sql.Null[int64] {
	column, ok := c.column().(*array.Int64)
	if !ok {
		c.fail()
		return sql.Null[int64]{}
	}
	if column.IsNull(c.row) {
		return sql.Null[int64]{}
	}
	return sql.Null[int64]{V: column.Value(c.row), Valid: true}
}

func (c *cellReader) flag() bool {
	column, ok := c.column().(*array.Boolean)
	if !ok {
		c.fail()
		return false
	}
	return column.Value(c.row)
}

func (c *cellReader) fail() {
	if c.err == nil {
		at := c.next - 1
		c.err = fmt.Errorf("column %s is of type %s", c.batch.ColumnName(at), c.batch.Column(at).DataType())
	}
}
