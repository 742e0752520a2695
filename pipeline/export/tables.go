package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/export/table"
)

// A Table is one table of an export: a sheet of a workbook, a member of an archive. Text is one table.
type Table struct {
	table.Info
	Head *Block // the first records, at least one if there are any; its rows have the table's Index

	width int // of the widest row in Head: shorter rows are null at their end
}

// TableFormat says what became of one table of a file.
type TableFormat struct {
	Name     string `json:"name"`
	IsHidden bool   `json:"hidden,omitempty"`
	IsRead   bool   `json:"read"`
	Rows     int64  `json:"rows"` // of one that was read
}

// headRows is how many rows of a table are looked at before it is read.
const headRows = 1000

// maxTables bounds the tables of a file; a Block's place would not have room for many more.
const maxTables = 1000

// tableFile is a file that is no text.
type tableFile struct {
	reader   table.Reader
	tables   []Table
	selected []int // indexes in tables, ascending
}

// openTables reads the heads of the tables of a file that is no text.
func (e *Export) openTables(f *format, opts Options) error {
	var reader table.Reader
	err := e.guardTables(func() (err error) {
		file, size := e.content()
		reader, err = f.open(file, size, opts.limits())
		return err
	})
	if err != nil {
		return e.refused(err)
	}
	e.tableFile = &tableFile{reader: reader}
	e.setKind(f.kind)
	return e.readHeads(opts.Known)
}

// readHeads reads the first rows of each table.
func (e *Export) readHeads(known func(string) bool) error {
	reader := e.tableFile.reader
	infos := reader.Tables()
	if len(infos) > maxTables {
		return e.refused(&table.LimitError{What: "it has", Limit: maxTables, Unit: "tables"})
	}
	for i, info := range infos {
		head, width, err := e.headOf(i)
		if err != nil {
			return e.refused(fmt.Errorf("%s: %w", describeTable(info.Name), err))
		}
		e.tableFile.tables = append(e.tableFile.tables, Table{Info: info, Head: head, width: width})
		if !info.IsHidden {
			e.tableFile.selected = append(e.tableFile.selected, i)
		}
	}
	if len(infos) == 0 {
		return e.refused(errors.New("it has no table"))
	}
	e.head = mainHead(e.tableFile.tables, e.tableFile.selected, known)
	e.describeTables(nil)
	return nil
}

// mainHead returns the head of the table that has most column names, of those that are shown.
func mainHead(tables []Table, shown []int, known func(string) bool) *Block {
	best, most := 0, -1
	for _, i := range shown {
		head := tables[i].Head
		names := len(head.Names) // a table that names its columns is one
		for _, c := range head.Cells {
			if known != nil && known(strings.TrimSpace(string(head.Text(c)))) {
				names++
			}
		}
		if len(head.Rows) > 0 && names > most {
			best, most = i, names
		}
	}
	return tables[best].Head
}

func describeTable(name string) string {
	if name == "" {
		return "its table"
	}
	return fmt.Sprintf("sheet %q", name)
}

// headOf reads the first rows of a table, all of the width of the widest.
func (e *Export) headOf(index int) (head *Block, width int, err error) {
	head = &Block{Table: index, Names: e.tableFile.reader.Tables()[index].Columns}
	err = e.guardTables(func() error {
		rows, err := e.tableFile.reader.Rows(index)
		if err != nil {
			return err
		}
		defer rows.Close()
		var row table.Row
		for len(head.Rows) < headRows && len(head.Data) < headSize && rows.Next(&row) {
			head.add(&row, 0)
			width = max(width, len(row.Cells))
		}
		return rows.Err()
	})
	var cells []Cell
	for i := range head.Rows {
		row := &head.Rows[i]
		own := head.Row(i)
		row.First = uint32(len(cells))
		cells = append(cells, own...)
		if row.Fault == FaultNone {
			cells = append(cells, make([]Cell, width-len(own))...)
			row.Count = uint32(width)
		}
	}
	head.Cells = cells
	return head, width, err
}

// guardTables calls f, which reads tables: no file can crash it.
func (e *Export) guardTables(f func() error) error {
	err := guard(f)
	var panicked *panicError
	if !errors.As(err, &panicked) {
		return err
	}
	if limit, ok := panicked.value.(*table.LimitError); ok {
		return limit // an allocator has no other way to say so
	}
	return fmt.Errorf("it is damaged: %w", err)
}

// Tables returns the tables of the file with their heads. Text is one table without a name.
func (e *Export) Tables() []Table {
	switch {
	case e.tableFile != nil:
		return e.tableFile.tables
	case e.members != nil:
		return e.members.tables
	}
	return []Table{{Head: e.head}}
}

// Select fixes the tables that Decode reads, by their index in Tables. Without it those that are not
// hidden are read. Blocks then count tables among those selected, from 0.
func (e *Export) Select(indexes []int) {
	sorted := slices.Sorted(slices.Values(indexes))
	switch {
	case e.tableFile != nil:
		e.tableFile.selected = sorted
		e.describeTables(nil)
	case e.members != nil:
		e.members.selected = sorted
		e.describeMembers(nil)
	}
}

// describeTables says in the Format which tables there are. rows has those of the ones that were read.
func (e *Export) describeTables(rows []int64) {
	e.format.Tables = nil
	for i, t := range e.tableFile.tables {
		at, isRead := slices.BinarySearch(e.tableFile.selected, i)
		f := TableFormat{Name: t.Name, IsHidden: t.IsHidden, IsRead: isRead}
		if isRead && rows != nil {
			f.Rows = rows[at]
		}
		e.format.Tables = append(e.format.Tables, f)
	}
}

// add appends a row to the Block, of so many cells at least.
func (b *Block) add(row *table.Row, width int) {
	offset := uint32(len(b.Data))
	b.Data = append(b.Data, row.Text...)
	r := Row{
		Line: row.Number, First: uint32(len(b.Cells)),
		Start: offset + 1, End: uint32(len(b.Data)), Fault: faults[row.Fault],
	}
	if r.Fault == FaultNone {
		r.Count = uint32(max(len(row.Cells), width))
		for _, c := range row.Cells {
			if c != (table.Span{}) {
				c.Start, c.End = c.Start+offset, c.End+offset
			}
			b.Cells = append(b.Cells, Cell(c))
		}
		b.Cells = append(b.Cells, make([]Cell, int(r.Count)-len(row.Cells))...)
	}
	b.Rows = append(b.Rows, r)
}

// faults are the faults of rows as records have them.
var faults = map[table.Fault]Fault{
	table.FaultNone: FaultNone, table.FaultEncoding: FaultEncoding, table.FaultTooLong: FaultTooLong,
	table.FaultSyntax: FaultJSON,
}

// maxBlockRows and maxBlockCells bound a Block of rows that have next to no text.
const (
	maxBlockRows  = 1 << 17
	maxBlockCells = 1 << 20
)

// decodeTables is Decode for a file that is no text: its rows come from one goroutine, in order.
func decodeTables[T any](
	ctx context.Context, e *Export, threads int,
	work func(*Block) (T, error), emit func(T) error, drop func(T),
) (Summary, error) {
	shelf := make(chan *Block, threads+inFlight)
	p := tablePass{export: e, shelf: shelf}
	belt := conveyor[*Block, T]{
		threads: threads, feed: p.feed, emit: emit, drop: drop,
		work: func(_ context.Context, b *Block) (T, bool, error) {
			value, err := work(b)
			if err == nil {
				p.give(b)
			}
			return value, err == nil, err
		},
	}
	if err := belt.run(ctx); err != nil {
		var panicked *panicError
		if errors.As(err, &panicked) {
			err = fmt.Errorf("decode %s: %w", e.path, err)
		}
		return Summary{}, err
	}
	var total int64
	for _, n := range p.rows {
		total += n
	}
	e.describeTables(p.rows)
	format := e.format
	for _, note := range e.tableFile.reader.Notes() {
		format.Note = joinNotes(format.Note, note)
	}
	return Summary{ID: p.id, Bytes: e.info.Size(), Records: total, Format: format}, nil
}

// tablePass is one reading of the selected tables.
type tablePass struct {
	export *Export
	shelf  chan *Block
	blocks int
	rows   []int64 // by selected table
	id     string
}

func (p *tablePass) feed(_ context.Context, put func(*Block) error) error {
	e := p.export
	for at, index := range e.tableFile.selected {
		p.rows = append(p.rows, 0)
		var stopped error // by put: not the file's fault
		err := e.guardTables(func() error {
			return p.feedTable(at, index, func(b *Block) error {
				stopped = put(b)
				return stopped
			})
		})
		switch {
		case stopped != nil:
			return stopped
		case err != nil:
			return e.tableError(index, err)
		}
	}
	var err error
	if p.id, _, err = hash(io.NewSectionReader(e.file, 0, 1<<62)); err != nil {
		return e.readError(err)
	}
	return e.unchanged()
}

// tableError tells a file that is damaged from one that changed while it was read.
func (e *Export) tableError(index int, err error) error {
	if changed := e.unchanged(); changed != nil {
		return changed
	}
	return e.refused(fmt.Errorf("%s: %w", describeTable(e.tableFile.tables[index].Name), err))
}

func (p *tablePass) feedTable(at, index int, put func(*Block) error) error {
	rows, err := p.export.tableFile.reader.Rows(index)
	if err != nil {
		return err
	}
	defer rows.Close()
	var row table.Row
	block := p.take(at)
	width := p.export.tableFile.tables[index].width
	for rows.Next(&row) {
		block.add(&row, width)
		p.rows[at]++
		if len(block.Data) >= p.export.blockSize || len(block.Rows) >= maxBlockRows || len(block.Cells) >= maxBlockCells {
			if err := put(block); err != nil {
				return err
			}
			block = p.take(at)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(block.Rows) == 0 {
		p.blocks--
		return nil
	}
	return put(block)
}

func (p *tablePass) take(at int) *Block {
	var b *Block
	select {
	case b = <-p.shelf:
	default:
		b = new(Block)
	}
	*b = Block{Index: p.blocks, Table: at, Data: b.Data[:0], Cells: b.Cells[:0], Rows: b.Rows[:0]}
	p.blocks++
	return b
}

func (p *tablePass) give(b *Block) {
	select {
	case p.shelf <- b:
	default:
	}
}
