package html

import (
	"bytes"
	"errors"
	"io"
	"strconv"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/tapcov/tapcov/pipeline/export/table"
	"github.com/tapcov/tapcov/pipeline/export/workbook/numfmt"
)

// What a table may have at most: columns as workbooks do, spans as browsers do.
const (
	maxColumns = 16_384
	maxColspan = 1000
	maxRowspan = 65_534
)

// rows reads a table, without those that lie in its cells.
type rows struct {
	limits table.Limits
	z      *html.Tokenizer
	err    error
	isDone bool

	number int64
	nested int  // tables within the one that is read
	inRow  bool // behind a <tr>
	cells  []cell
	at     int // in cells, of the cell at hand; -1: none
	below  []span
	size   int // bytes of the row's texts
}

// cell is one cell of the row at hand.
type cell struct {
	text          []byte
	columns, rows int
	number        string // exactly, where a program says it
}

// span is what a cell of a row above has in a column.
type span struct {
	left int64 // rows
	text []byte
}

// Rows starts to read a table.
func (p *Page) Rows(index int) (table.Rows, error) {
	z := p.tokenizer()
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return nil, errors.Join(errors.New("its table is not there"), pageError(z.Err()))
		case html.StartTagToken:
			if name, _ := z.TagName(); atom.Lookup(name) == atom.Table {
				if index == 0 {
					return &rows{limits: p.limits, z: z, at: -1}, nil
				}
				index--
			}
		}
	}
}

func (r *rows) Err() error { return r.err }

// Close does nothing.
func (r *rows) Close() error { return nil }

// Next reads up to the next row that has a text.
func (r *rows) Next(row *table.Row) bool {
	for r.err == nil && !r.isDone {
		kind := r.z.Next()
		switch kind {
		case html.ErrorToken:
			r.isDone = true
			if err := r.z.Err(); !errors.Is(err, io.EOF) {
				r.err = pageError(err)
				return false
			}
			return r.inRow && r.finish(row) // pages are cut short often enough without a loss
		case html.TextToken:
			r.addText(r.z.Text())
			continue
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
		default:
			continue
		}
		name, hasAttributes := r.z.TagName()
		tag := atom.Lookup(name)
		if tag == atom.Table {
			r.table(kind)
		}
		if r.nested > 0 {
			continue
		}
		if r.isDone || tag == atom.Tr {
			wasRow := r.inRow
			r.inRow = !r.isDone && kind == html.StartTagToken
			if wasRow && r.finish(row) {
				return true
			}
			continue
		}
		r.tag(tag, kind, hasAttributes)
	}
	return false
}

// table counts tables within the one that is read, and ends it.
func (r *rows) table(kind html.TokenType) {
	switch kind {
	case html.StartTagToken:
		r.nested++
	case html.EndTagToken:
		if r.nested--; r.nested < 0 {
			r.nested, r.isDone = 0, true
		}
	}
}

// tag reads a tag within the table.
func (r *rows) tag(tag atom.Atom, kind html.TokenType, hasAttributes bool) {
	switch tag {
	case atom.Td, atom.Th:
		r.at = -1
		if kind == html.StartTagToken {
			r.startCell(hasAttributes)
		}
	case atom.Br:
		r.addText([]byte{0})
	case atom.Script, atom.Style:
		if kind == html.StartTagToken {
			r.z.Next() // their text is none of the cell's
		}
	case atom.P, atom.Div:
		if kind == html.StartTagToken && r.at >= 0 && len(r.cells[r.at].text) > 0 {
			r.addText([]byte{0})
		}
	}
}

func (r *rows) startCell(hasAttributes bool) {
	r.inRow = true
	c := cell{columns: 1, rows: 1}
	for hasAttributes {
		var key, value []byte
		key, value, hasAttributes = r.z.TagAttr()
		switch string(key) {
		case "colspan":
			c.columns = spanOf(value, maxColspan)
		case "rowspan":
			c.rows = spanOf(value, maxRowspan)
		case "x:num":
			c.number = string(value)
		}
	}
	if len(r.cells) >= maxColumns {
		r.err = &table.LimitError{What: "a row has", Limit: maxColumns, Unit: "columns"}
		return
	}
	r.cells = append(r.cells, c)
	r.at = len(r.cells) - 1
}

func spanOf(value []byte, most int) int {
	n, err := strconv.Atoi(string(bytes.TrimSpace(value)))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, most)
}

// addText adds to the cell at hand; a zero byte is a line break.
func (r *rows) addText(text []byte) {
	if r.at < 0 || r.nested > 0 || r.size > r.limits.Record {
		return
	}
	c := &r.cells[r.at]
	c.text = append(c.text, text...)
	r.size += len(text)
}

// textOf is the text of a cell as a browser shows it.
func (c *cell) textOf() []byte {
	lines := bytes.Split(c.text, []byte{0})
	for i := range lines {
		lines[i] = squeeze(bytes.ReplaceAll(lines[i], []byte("\u00A0"), []byte{' '}))
	}
	text := bytes.Trim(bytes.Join(lines, []byte{'\n'}), "\n")
	if c.number != "" && bytes.ContainsAny(text, "eE") {
		return numfmt.Format{}.AppendText(nil, []byte(c.number), false) // shown rounded
	}
	return text
}

// finish makes a row of the cells read, and of those that reach into it from above; false if it is blank.
func (r *rows) finish(row *table.Row) bool {
	r.number++
	row.Reset(r.number)
	column, isFilled := 0, false
	add := func(text []byte, isNull bool) {
		if isNull {
			row.AddNull(1)
		} else {
			row.AddBytes(text)
		}
		isFilled = isFilled || len(text) > 0
		column++
	}
	fromAbove := func() bool {
		if column >= len(r.below) || r.below[column].left == 0 {
			return false
		}
		r.below[column].left--
		add(r.below[column].text, false)
		return true
	}
	for i := range r.cells {
		for fromAbove() {
		}
		c := &r.cells[i]
		text := c.textOf()
		for k := range c.columns {
			shown := text // stands in the first column alone
			if k > 0 {
				shown = nil
			}
			if column >= maxColumns || len(row.Text)+len(text) > r.limits.Record {
				break
			}
			if c.rows > 1 {
				for len(r.below) <= column {
					r.below = append(r.below, span{})
				}
				r.below[column] = span{left: int64(c.rows - 1), text: shown}
			}
			add(shown, len(text) == 0)
		}
	}
	for column < len(r.below) {
		if !fromAbove() {
			add(nil, true)
		}
	}
	isLong := r.size > r.limits.Record || len(row.Text) > r.limits.Record
	r.cells, r.at, r.size = r.cells[:0], -1, 0
	if isLong {
		row.Spoil(table.FaultTooLong, bytes.Clone(row.Text[1:min(len(row.Text), r.limits.Record)]))
		return true
	}
	row.Trim()
	return isFilled
}
