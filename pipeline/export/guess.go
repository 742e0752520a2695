package export

import (
	"errors"
	"math"
	"strings"

	"github.com/tapcov/tapcov/pipeline/export/dialect"
)

// headSize is how much of a file is looked at before it is read.
const headSize = 256 << 10

// sampleSize is how much of it tells the dialect.
const sampleSize = 32 << 10

// fixDialect takes over what Options say of delimiter, quote and escape.
func (e *Export) fixDialect(opts Options) error {
	d := &e.dialect
	d.Quote = '"'
	var err error
	if opts.Delimiter != "" {
		e.isFixed = true
		if d.Delimiter, err = dialect.ParseDelimiter(opts.Delimiter); err != nil {
			return err
		}
	}
	if opts.Quote != "" {
		if d.Quote, err = dialect.ParseQuote(opts.Quote); err != nil {
			return err
		}
	}
	if opts.Escape != "" {
		if d.Escape, err = dialect.ParseQuote(opts.Escape); err != nil {
			return err
		}
		if d.Escape == d.Quote {
			d.Escape = 0 // a doubled quote is text anyway
		}
	}
	if e.areQuotesFixed = opts.Quote != "" || opts.Escape != ""; e.areQuotesFixed && !e.isFixed {
		return errors.New("a quote or an escape needs the delimiter beside it")
	}
	return d.Check()
}

// detectDialect finds out, from the first records, what is not fixed.
func (e *Export) detectDialect(s *splitter, content []byte, end int, whole bool, known func(string) bool) {
	text := content[:end]
	if end > sampleSize {
		// Whole lines, if there are any; one more line tells nothing new.
		if cut := lastLineEnd(content[:sampleSize]); cut > 0 {
			text, whole = content[:cut], false
		}
	}
	sample := dialect.Sample{
		Text: text, Quote: e.areQuotesFixed,
		Split: func(d dialect.Dialect) dialect.Rows {
			s.syntax = syntaxOf(d)
			s.reset(content, len(text), whole && len(text) == end)
			s.run(0)
			return blockRows{Block: Block{Data: s.data, Cells: s.cells, Rows: s.rows}, quote: s.quote, end: uint32(end)}
		},
		Known: trimming(known),
	}
	if e.isFixed {
		sample.Fixed = &e.dialect
	}
	e.finding = dialect.Detect(sample)
	e.dialect = e.finding.Dialect
}

// lastLineEnd returns the place behind the last line end in text.
func lastLineEnd(text []byte) int {
	for i := len(text) - 1; i > 0; i-- {
		if text[i] == '\n' || text[i] == '\r' && i < len(text)-1 {
			return i + 1
		}
	}
	return 0
}

// blockRows are the records of a Block as dialect looks at them.
type blockRows struct {
	Block
	quote byte
	end   uint32 // of the text: cells behind it had escapes
}

func (b blockRows) Len() int { return len(b.Rows) }

func (b blockRows) Line(row int) int64 { return b.Rows[row].Line }

func (b blockRows) IsFaulty(row int) bool { return b.Rows[row].Fault != FaultNone }

func (b blockRows) Width(row int) int { return int(b.Rows[row].Count) }

func (b blockRows) Cell(row, at int) ([]byte, bool) {
	c := b.Cells[int(b.Rows[row].First)+at]
	isQuoted := c.Start >= b.end || c.Start > b.Rows[row].Start && b.Data[c.Start-1] == b.quote
	return b.Text(c), isQuoted
}

// describe says in the Format what the dialect is.
func (e *Export) describe() {
	e.format.Delimiter = dialect.Name(e.dialect.Delimiter)
	e.format.Quote, e.format.Escape = "", ""
	if e.dialect.Quote != '"' {
		e.format.Quote = quoteName(e.dialect.Quote)
	}
	if e.dialect.Escape != 0 {
		e.format.Escape = quoteName(e.dialect.Escape)
	}
}

func quoteName(c byte) string {
	if c == 0 {
		return "none"
	}
	return dialect.Name(string(rune(c)))
}

// trimming makes known blind to blanks around a name.
func trimming(known func(string) bool) func(string) bool {
	return func(name string) bool { return known != nil && known(strings.TrimSpace(name)) }
}

// Finding says what the head of a text tells of its dialect, tables and headers, and how surely.
func (e *Export) Finding() dialect.Finding {
	f := e.finding
	f.Tables = nil
	if e.tableFile == nil && e.members == nil && e.reading.cutter == nil {
		f.Tables = e.TablesIn(e.head)
	}
	return f
}

// TablesIn finds the tables in the head of one: runs of rows that belong together.
func (e *Export) TablesIn(head *Block) []dialect.Table {
	if len(head.Names) > 0 && !e.noHeader {
		return nil // there are no rows but records
	}
	rows := blockRows{Block: *head, end: math.MaxUint32}
	if head == e.head && e.tableFile == nil && e.members == nil {
		rows.quote, rows.end = syntaxOf(e.dialect).quote, e.headEnd
	}
	return dialect.Tables(rows, trimming(e.known))
}

// IsWhole reports whether Head holds all of a text.
func (e *Export) IsWhole() bool { return e.isWhole }
