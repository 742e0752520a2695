package result

import (
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/tapcov/tapcov/reports"
)

// arrowRows is how many rows a record batch of an Arrow stream has: DuckDB's have 2,048, which is little
// for what is written around each.
const arrowRows = 64 << 10

// arrowWriter writes Arrow's IPC format, as a file or as a stream.
type arrowWriter struct {
	w      io.Writer
	isFile bool
	schema *arrow.Schema
	out    interface {
		Write(batch arrow.RecordBatch) error
		Close() error
	}
	pending []arrow.RecordBatch
	rows    int64
}

func (a *arrowWriter) begin(fields []arrow.Field) (err error) {
	a.schema = arrow.NewSchema(fields, nil)
	if !a.isFile {
		a.out = ipc.NewWriter(a.w, ipc.WithSchema(a.schema))
		return nil
	}
	a.out, err = ipc.NewFileWriter(a.w, ipc.WithSchema(a.schema))
	return err
}

func (a *arrowWriter) batch(batch arrow.RecordBatch) error {
	batch.Retain()
	a.pending = append(a.pending, batch)
	if a.rows += batch.NumRows(); a.rows < arrowRows {
		return nil
	}
	return a.flush()
}

// flush writes the pending batches as one.
func (a *arrowWriter) flush() (err error) {
	if len(a.pending) == 0 {
		return nil
	}
	defer func() {
		for _, batch := range a.pending {
			batch.Release()
		}
		a.pending, a.rows = a.pending[:0], 0
	}()
	columns := make([]arrow.Array, a.schema.NumFields())
	defer func() {
		for _, column := range columns {
			if column != nil {
				column.Release()
			}
		}
	}()
	parts := make([]arrow.Array, len(a.pending))
	for i := range columns {
		for j, batch := range a.pending {
			parts[j] = batch.Column(i)
		}
		if columns[i], err = array.Concatenate(parts, memory.DefaultAllocator); err != nil {
			return fmt.Errorf("join batches: %w", err)
		}
	}
	whole := array.NewRecordBatch(a.schema, columns, a.rows)
	defer whole.Release()
	return a.out.Write(whole)
}

func (a *arrowWriter) end() error {
	if err := a.flush(); err != nil {
		return err
	}
	return a.out.Close()
}

// bookWriter writes an XLSX workbook of one sheet.
type bookWriter struct {
	w    io.Writer
	book *reports.TableBook
}

func (b *bookWriter) begin(fields []arrow.Field) (err error) {
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = field.Name
	}
	b.book, err = reports.NewTableBook(names)
	return err
}

func (b *bookWriter) batch(batch arrow.RecordBatch) error {
	columns := columnsOf(batch)
	cells := make([]any, len(columns))
	for row := range int(batch.NumRows()) {
		for i, c := range columns {
			cells[i] = c.cell(row)
		}
		if err := b.book.Add(cells); err != nil {
			return err
		}
	}
	return nil
}

func (b *bookWriter) end() error { return b.book.Write(b.w) }

// cell is a value as a sheet takes it. Whole numbers beyond 2^53, which a sheet would round, and decimals
// are text.
func (c column) cell(row int) any {
	if c.IsNull(row) {
		return nil
	}
	const exact = 1 << 53
	switch values := c.Array.(type) {
	case *array.Boolean:
		return values.Value(row)
	case *array.Int64:
		if v := values.Value(row); v <= exact && v >= -exact {
			return v
		}
	case *array.Int32:
		return int64(values.Value(row))
	case *array.Float64:
		return values.Value(row)
	case *array.Date32:
		return values.Value(row).ToTime()
	case *array.Timestamp:
		return values.Value(row).ToTime(values.DataType().(*arrow.TimestampType).Unit)
	case *array.Decimal128:
		t := values.DataType().(*arrow.Decimal128Type)
		if v := values.Value(row); t.Scale == 0 && v.FitsInPrecision(15) {
			return int64(v.LowBits())
		}
	}
	text, _ := c.text(row)
	return text
}
