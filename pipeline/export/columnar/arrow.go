package columnar

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/tapcov/tapcov/pipeline/export/table"
)

var arrowMagic = []byte("ARROW1\x00\x00")

// SniffArrow reports whether a file is an Arrow file by its first bytes.
func SniffArrow(head []byte, _ io.ReaderAt, _ int64) bool { return bytes.HasPrefix(head, arrowMagic) }

// SniffStream reports whether a file is an Arrow stream by its first bytes: a message of plausible length,
// which begins with the place of its root.
func SniffStream(head []byte, _ io.ReaderAt, size int64) bool {
	if len(head) < 12 || binary.LittleEndian.Uint32(head) != 0xFFFFFFFF {
		return false
	}
	length := binary.LittleEndian.Uint32(head[4:])
	return length > 0 && length%4 == 0 && int64(length) < size && binary.LittleEndian.Uint32(head[8:]) < length
}

// OpenArrow reads the schema of an Arrow file.
func OpenArrow(r io.ReaderAt, size int64, limits table.Limits) (table.Reader, error) {
	a := &arrowFile{limits: limits}
	a.open = func() (batches, error) {
		f, err := ipc.NewFileReader(io.NewSectionReader(r, 0, size), a.options()...)
		if err != nil {
			return nil, err
		}
		return &fileBatches{FileReader: f}, nil
	}
	return a, a.readSchema()
}

// OpenStream reads the schema of an Arrow stream.
func OpenStream(r io.ReaderAt, size int64, limits table.Limits) (table.Reader, error) {
	a := &arrowFile{limits: limits}
	a.open = func() (batches, error) {
		s, err := ipc.NewReader(io.NewSectionReader(r, 0, size), a.options()...)
		if err != nil {
			return nil, err
		}
		return streamBatches{s}, nil
	}
	return a, a.readSchema()
}

// batches yields record batches; a nil one ends them.
type batches interface {
	Schema() *arrow.Schema
	next() (arrow.RecordBatch, error)
	close() error
}

type fileBatches struct {
	*ipc.FileReader
	at int
}

func (b *fileBatches) next() (arrow.RecordBatch, error) {
	if b.at == b.NumRecords() {
		return nil, nil
	}
	b.at++
	return b.RecordBatchAt(b.at - 1)
}

func (b *fileBatches) close() error { return b.Close() }

type streamBatches struct{ *ipc.Reader }

func (b streamBatches) next() (arrow.RecordBatch, error) {
	if b.Next() {
		batch := b.RecordBatch()
		batch.Retain()
		return batch, nil
	}
	if err := b.Err(); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return nil, nil
}

func (b streamBatches) close() error {
	b.Release()
	return nil
}

// arrowFile is one table.
type arrowFile struct {
	open   func() (batches, error)
	limits table.Limits
	names  []string
}

func (a *arrowFile) options() []ipc.Option {
	return []ipc.Option{
		ipc.WithAllocator(newBounded(a.limits.Memory)), ipc.WithEnsureNativeEndian(true),
		ipc.WithMetadataSizeLimit(a.limits.Memory / 4), ipc.WithBodySizeLimit(a.limits.Memory),
	}
}

func (a *arrowFile) readSchema() error {
	b, err := a.open()
	if err != nil {
		return err
	}
	if err := flatten("", b.Schema().Fields(), 0, func(name string) { a.names = append(a.names, name) }); err != nil {
		return errors.Join(err, b.close())
	}
	if len(a.names) > maxColumns {
		return errors.Join(&table.LimitError{What: "it has", Limit: maxColumns, Unit: "columns"}, b.close())
	}
	return b.close()
}

// maxNested bounds how deep structs may be nested.
const maxNested = 16

// flatten calls visit with the name of each column, members of structs by their path.
func flatten(above string, fields []arrow.Field, depth int, visit func(name string)) error {
	if depth > maxNested {
		return fmt.Errorf("column %q is nested too deeply", above)
	}
	for _, f := range fields {
		if inner, ok := f.Type.(*arrow.StructType); ok {
			if err := flatten(above+f.Name+".", inner.Fields(), depth+1, visit); err != nil {
				return err
			}
			continue
		}
		visit(above + f.Name)
	}
	return nil
}

func (a *arrowFile) Tables() []table.Info { return []table.Info{{Columns: a.names}} }

func (a *arrowFile) Notes() []string { return nil }

func (a *arrowFile) Close() error { return nil }

func (a *arrowFile) Rows(int) (table.Rows, error) {
	b, err := a.open()
	return &arrowRows{file: a, batches: b}, err
}

// arrowRows reads batch after batch.
type arrowRows struct {
	file    *arrowFile
	batches batches
	batch   arrow.RecordBatch
	cells   []cellWriter
	at      int
	number  int64
	text    []byte
	err     error
}

// Next fills the row.
func (r *arrowRows) Next(row *table.Row) bool {
	for r.batch == nil || r.at == int(r.batch.NumRows()) {
		if r.err != nil || !r.more() {
			return false
		}
	}
	r.number++
	row.Reset(r.number)
	for _, write := range r.cells {
		text, ok := write(r.text[:0], r.at)
		if r.text = text; ok {
			row.AddBytes(text)
		} else {
			row.AddNull(1)
		}
	}
	r.at++
	if len(row.Text) > r.file.limits.Record {
		row.Spoil(table.FaultTooLong, row.Text[:r.file.limits.Record])
	}
	return true
}

// more reads the next batch.
func (r *arrowRows) more() bool {
	if r.batch != nil {
		r.batch.Release()
		r.batch = nil
	}
	if r.batch, r.err = r.batches.next(); r.err != nil || r.batch == nil {
		r.batch = nil
		return false
	}
	r.at, r.cells = 0, r.cells[:0]
	for _, column := range r.batch.Columns() {
		r.cells = appendWriters(r.cells, column)
	}
	if len(r.cells) != len(r.file.names) {
		r.err = fmt.Errorf("a batch has %d columns, the schema %d", len(r.cells), len(r.file.names))
		return false
	}
	return true
}

// Err is why the rows ended before the table did.
func (r *arrowRows) Err() error { return r.err }

// Close ends the reading.
func (r *arrowRows) Close() error {
	if r.batch != nil {
		r.batch.Release()
		r.batch = nil
	}
	return r.batches.close()
}

// location is the place that a timestamp's column names; UTC if it is unknown or none.
func location(name string) *time.Location {
	if at, err := time.LoadLocation(name); err == nil {
		return at
	}
	if at, err := time.Parse("-07:00", name); err == nil {
		return at.Location()
	}
	return time.UTC
}
