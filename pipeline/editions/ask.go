package editions

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/tapcov/tapcov/pipeline/engine"
)

// Ask runs a named query with the values that Bind returned. It returns at most limit rows, 0 for all, and
// whether there are more. It is for results that fit into memory.
func (s *Session) Ask(ctx context.Context, q NamedQuery, values []any, limit int) (t *Table, hasMore bool, err error) {
	statement := q.Statement()
	if limit > 0 {
		statement = firstRows(q, statement, limit+1)
	}
	result, err := s.Query(ctx, statement, values...)
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, result.Close()) }()
	t = &Table{Rows: [][]any{}}
	for _, field := range result.Schema().Fields() {
		t.Columns = append(t.Columns, field.Name)
	}
	for !hasMore && result.Next() {
		batch := result.Batch()
		for i := range int(batch.NumRows()) {
			if hasMore = limit > 0 && len(t.Rows) == limit; hasMore {
				break
			}
			t.Rows = append(t.Rows, rowOf(batch, i))
		}
		batch.Release()
	}
	return t, hasMore, result.Err()
}

// StatementOf is a named query with the values that Bind returned in their places, to be run where there
// are no parameters, and with at most limit rows, 0 for all.
func StatementOf(q NamedQuery, values []any, limit int) string {
	bare := q
	bare.SQL = q.Statement()
	statement := bare.Filled(values)
	if limit > 0 {
		return firstRows(q, statement, limit)
	}
	return statement
}

// firstRows limits a statement. The library's queries end with an order and take a limit as they stand,
// which finds the first rows without sorting the others; a workspace's own may have one already.
func firstRows(q NamedQuery, statement string, limit int) string {
	if q.File == "" {
		return fmt.Sprintf("%slimit %d\n", statement, limit)
	}
	return fmt.Sprintf("select * from (\n%s\n) limit %d\n", engine.Bare(statement), limit)
}

func rowOf(batch arrow.RecordBatch, row int) []any {
	cells := make([]any, batch.NumCols())
	for i, column := range batch.Columns() {
		if column.IsNull(row) {
			continue
		}
		switch values := column.(type) {
		case *array.Int64:
			cells[i] = values.Value(row)
		case *array.Int32:
			cells[i] = int64(values.Value(row))
		case *array.Float64:
			cells[i] = values.Value(row)
		case *array.Boolean:
			cells[i] = values.Value(row)
		case *array.Date32:
			cells[i] = values.Value(row).ToTime()
		case *array.Timestamp:
			cells[i] = values.Value(row).ToTime(values.DataType().(*arrow.TimestampType).Unit).Format(time.DateTime)
		default:
			cells[i] = string([]byte(column.ValueStr(row))) // the batch's memory is not ours
		}
	}
	return cells
}
