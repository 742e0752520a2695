// Package export says what a delivered file is and yields its rows as Blocks of raw cells.
//
// A format is a producer of Blocks: plain text today, workbooks tomorrow. Everything after this
// package sees Blocks only, so one path serves every format.
package export

// A Block is a run of consecutive records of one export, about 4 MiB of text.
//
// Data holds the text in UTF-8, whatever the encoding of the file. Cells are byte ranges in it,
// row after row; Rows says where each row starts and where it stands in the file. A Block is valid
// until the function it was handed to returns: its memory is used again.
type Block struct {
	Index int    // counts from 0 in file order
	Table int    // of the tables read, counted from 0: a Block is of one table; text has one only
	Data  []byte // UTF-8
	Cells []Cell
	Rows  []Row

	// Names are the columns' names where no record holds them: in a Head only.
	Names []string
}

// A Cell is the byte range of one field in Block.Data, quotes and escapes resolved.
// The zero Cell is null: an unquoted field with nothing in it. A quoted empty field has Start == End > 0.
type Cell struct{ Start, End uint32 }

// IsNull reports whether the field was absent or unquoted and empty.
func (c Cell) IsNull() bool { return c == Cell{} }

// A Row is one record and its place in the file.
type Row struct {
	Line       int64  // the first line of the record, or its row in the table, counted from 1
	First      uint32 // index in Block.Cells of the first cell
	Count      uint32 // number of cells
	Start, End uint32 // the raw record in Block.Data, without its line end
	Fault      Fault  // why the record could not be split; Count is then 0
}

// Fault says what stopped a record from being split into cells.
type Fault uint8

// The faults of a record, each a reject reason of class terminal.
const (
	FaultNone      Fault = iota
	FaultEncoding        // bytes that are not text in the encoding of the file
	FaultOpenQuote       // a quoted field still open at limits.record or at the end of the file
	FaultQuote           // text between a closing quote and the next delimiter
	FaultTooLong         // a record longer than limits.record
	FaultCut             // the record at which compressed data is damaged
	FaultTorn            // a column of fixed width ends within a character
	FaultJSON            // a record that is no JSON object, or names a column twice
)

// Row returns the cells of row i.
func (b *Block) Row(i int) []Cell {
	row := b.Rows[i]
	return b.Cells[row.First : row.First+row.Count]
}

// Text returns the bytes of a cell; they belong to the Block.
func (b *Block) Text(c Cell) []byte { return b.Data[c.Start:c.End] }

// Raw returns the text of row i as it stood in the file (decoded to UTF-8), without its line end.
func (b *Block) Raw(i int) []byte { return b.Data[b.Rows[i].Start:b.Rows[i].End] }
