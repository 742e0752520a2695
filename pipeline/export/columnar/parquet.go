// Package columnar reads Parquet and Arrow files as tables of text: dates in ISO 8601, decimals exact,
// dictionaries resolved, members of structs as columns of their own. Lists and maps of Parquet files have
// no place in a row and are left out, with a note.
package columnar

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"

	"github.com/tapcov/tapcov/pipeline/export/table"
)

// maxColumns bounds the columns of a file.
const maxColumns = 10_000

var parquetMagic = []byte("PAR1")

// SniffParquet reports whether a file is Parquet by its first bytes.
func SniffParquet(head []byte, _ io.ReaderAt, _ int64) bool {
	return bytes.HasPrefix(head, parquetMagic) || bytes.HasPrefix(head, []byte("PARE"))
}

// OpenParquet reads the footer of a Parquet file.
func OpenParquet(r io.ReaderAt, size int64, limits table.Limits) (table.Reader, error) {
	head := make([]byte, 4)
	if _, err := r.ReadAt(head, 0); err != nil {
		return nil, err
	}
	if !bytes.Equal(head, parquetMagic) {
		return nil, errors.New("it is encrypted")
	}
	tail := make([]byte, 8)
	if _, err := r.ReadAt(tail, max(size-8, 0)); err != nil || !bytes.Equal(tail[4:], parquetMagic) {
		return nil, errors.New("it ends too early: the end of a Parquet file tells what is in it")
	}
	footer := int64(tail[0]) | int64(tail[1])<<8 | int64(tail[2])<<16 | int64(tail[3])<<24
	if footer > min(size, limits.Memory/4) {
		return nil, fmt.Errorf("its footer is said to be %d bytes long", footer)
	}
	p := &parquetFile{limits: limits, size: size}
	properties := parquet.NewReaderProperties(newBounded(limits.Memory))
	properties.BufferedStreamEnabled = true
	properties.MaxUncompressedPageSize = limits.Memory / 2
	properties.MaxCompressedPageSize = limits.Memory / 2
	var err error
	if p.file, err = file.NewParquetReader(io.NewSectionReader(r, 0, size), file.WithReadProps(properties)); err != nil {
		return nil, err
	}
	schema := p.file.MetaData().Schema
	if schema.NumColumns() > maxColumns {
		return nil, &table.LimitError{What: "it has", Limit: maxColumns, Unit: "columns"}
	}
	for i := range schema.NumColumns() {
		column := schema.Column(i)
		if column.MaxRepetitionLevel() > 0 {
			p.left = append(p.left, column.Path())
			continue
		}
		p.columns = append(p.columns, i)
		p.names = append(p.names, column.Path())
	}
	return p, nil
}

// parquetFile is one table.
type parquetFile struct {
	file    *file.Reader
	limits  table.Limits
	size    int64
	columns []int    // that are read
	names   []string // of these
	left    []string // columns that are not read
}

func (p *parquetFile) Tables() []table.Info { return []table.Info{{Columns: p.names}} }

func (p *parquetFile) Notes() []string { return leftOut(p.left) }

// leftOut says which columns are not read.
func leftOut(names []string) []string {
	const most = 10
	if len(names) == 0 {
		return nil
	}
	shown := fmt.Sprintf("%q", names[:min(most, len(names))])
	return []string{fmt.Sprintf("columns of lists and maps are not read: %s", shown)}
}

func (p *parquetFile) Close() error { return p.file.Close() }

func (p *parquetFile) Rows(int) (table.Rows, error) {
	rows := &parquetRows{file: p, budget: budget{limit: unpackable(p.limits, p.size)}}
	for at, i := range p.columns {
		c, err := newParquetColumn(p.file.MetaData().Schema.Column(i))
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", p.names[at], err)
		}
		rows.columns = append(rows.columns, c)
	}
	return rows, nil
}

// batch is how many rows are read of one column before the next one has its turn.
const batch = 1024

// parquetRows reads row group after row group, of each a batch of all columns at a time.
type parquetRows struct {
	file    *parquetFile
	columns []*parquetColumn
	budget  budget
	group   int   // the next one
	left    int64 // rows of the group at hand that are not read yet
	have    int   // rows in the batch
	at      int   // the next one of them
	number  int64
	err     error
}

// Next fills the row.
func (r *parquetRows) Next(row *table.Row) bool {
	for r.at == r.have {
		if r.err != nil || !r.more() {
			return false
		}
	}
	r.number++
	row.Reset(r.number)
	for _, c := range r.columns {
		if text, ok := c.cell(r.at); ok {
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
func (r *parquetRows) more() bool {
	r.at, r.have = 0, 0
	if r.left == 0 {
		if r.group == r.file.file.NumRowGroups() {
			return false
		}
		group := r.file.file.RowGroup(r.group)
		if r.left = group.NumRows(); r.left < 0 {
			r.err = fmt.Errorf("row group %d is said to have %d rows", r.group+1, r.left)
			return false
		}
		for at, c := range r.columns {
			if c.reader, r.err = group.Column(r.file.columns[at]); r.err != nil {
				r.err = fmt.Errorf("column %q: %w", r.file.names[at], r.err)
				return false
			}
		}
		r.group++
		return true
	}
	n := int(min(r.left, batch))
	for at, c := range r.columns {
		if err := c.fill(n); err != nil {
			r.err = fmt.Errorf("row group %d, column %q: %w", r.group, r.file.names[at], err)
			return false
		}
	}
	if len(r.columns) == 0 {
		r.err = errors.New("it has no column that is one value a row")
		return false
	}
	r.left -= int64(n)
	r.have = n
	return true
}

// Err is why the rows ended before the table did.
func (r *parquetRows) Err() error { return r.err }

// Close ends the reading.
func (r *parquetRows) Close() error { return nil }
