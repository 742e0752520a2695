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

// OpenArrow reads the schema of an Arrow file: the stream between its first bytes and its footer.
func OpenArrow(r io.ReaderAt, size int64, limits table.Limits) (table.Reader, error) {
	start, tail := int64(len(arrowMagic)), make([]byte, 10)
	if _, err := r.ReadAt(tail, max(size-10, 0)); err != nil || !bytes.Equal(tail[4:], arrowMagic[:6]) {
		return nil, errors.New("it ends too early: the end of an Arrow file is not there")
	}
	end := size - 10 - int64(binary.LittleEndian.Uint32(tail))
	if end < start {
		return nil, errors.New("it is damaged: its footer is longer than the file")
	}
	return openStream(io.NewSectionReader(r, start, end-start), limits)
}

// OpenStream reads the schema of an Arrow stream.
func OpenStream(r io.ReaderAt, size int64, limits table.Limits) (table.Reader, error) {
	return openStream(io.NewSectionReader(r, 0, size), limits)
}

func openStream(stream *io.SectionReader, limits table.Limits) (table.Reader, error) {
	a := &arrowFile{stream: stream, limits: limits}
	reader, err := a.open()
	if err != nil {
		return nil, err
	}
	defer reader.Release()
	if err := flatten("", reader.Schema().Fields(), 0, func(name string) { a.names = append(a.names, name) }); err != nil {
		return nil, err
	}
	if len(a.names) > maxColumns {
		return nil, &table.LimitError{What: "it has", Limit: maxColumns, Unit: "columns"}
	}
	return a, nil
}

// arrowFile is one table.
type arrowFile struct {
	stream *io.SectionReader
	limits table.Limits
	names  []string
	notes  []string
}

// open starts to read the stream.
func (a *arrowFile) open() (*ipc.Reader, error) {
	memory := newBounded(a.limits.Memory)
	stream := *a.stream
	if _, err := stream.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return ipc.NewReaderFromMessageReader(&messages{file: a, stream: &stream, memory: memory},
		ipc.WithAllocator(memory), ipc.WithEnsureNativeEndian(true))
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

func (a *arrowFile) Notes() []string { return a.notes }

func (a *arrowFile) Close() error { return nil }

func (a *arrowFile) Rows(int) (table.Rows, error) {
	reader, err := a.open()
	if err != nil {
		return nil, err
	}
	return &arrowRows{file: a, reader: reader, budget: budget{limit: unpackable(a.limits, a.stream.Size())}}, nil
}

// arrowRows reads batch after batch.
type arrowRows struct {
	file   *arrowFile
	reader *ipc.Reader
	budget budget
	batch  arrow.RecordBatch
	cells  []cellWriter
	at     int
	number int64
	text   []byte
	err    error
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
	if r.err = r.budget.spend(row); r.err != nil {
		return false
	}
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
	if !r.reader.Next() {
		if err := r.reader.Err(); err != nil && !errors.Is(err, io.EOF) {
			r.err = err
		}
		return false
	}
	r.batch = r.reader.RecordBatch()
	r.batch.Retain()
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
	r.reader.Release()
	return nil
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
