package export

import (
	"bytes"
	"unicode/utf8"

	"github.com/tapcov/tapcov/pipeline/export/dialect"
)

// dialects are what the splitter is compared with the reference in.
var dialects = []dialect.Dialect{
	{Delimiter: ",", Quote: '"'},
	{Delimiter: "\t", Quote: '"'},
	{Delimiter: ";", Quote: '"'},
	{Delimiter: "|", Quote: '"'},
	{Quote: '"'},
	{},
	{Delimiter: ","},
	{Delimiter: ",", Quote: '\''},
	{Delimiter: "||", Quote: '"'},
	{Delimiter: ",-", Quote: '"'},
	{Delimiter: "~|~", Quote: '\'', Escape: '\\'},
	{Delimiter: ",", Quote: '"', Escape: '\\'},
	{Delimiter: "\x01", Quote: '"', Escape: '-'},
	{Delimiter: "|", Escape: '\\'},
}

// A record is a row as tests compare it.
type record struct {
	Line  int64
	Fault Fault
	Raw   string
	Cells []string // null is "∅"
}

const null = "∅"

// reference splits a whole text one character at a time, from each record's start anew. marks are the
// first places of damage of each line.
func reference(content []byte, marks []uint32, d dialect.Dialect, limit int) (records []record) {
	line := int64(1)
	for pos := 0; pos < len(content); {
		cells, end, fault := referenceRecord(content, pos, d, limit)
		if fault != FaultNone {
			cells = nil
			end = pos
			for end < len(content) && content[end] != '\n' && content[end] != '\r' {
				end++
			}
		}
		next := end
		if next < len(content) {
			next++
			if content[end] == '\r' && next < len(content) && content[next] == '\n' {
				next++
			}
		}
		shown := end
		if fault != FaultNone && end-pos > limit {
			for shown = pos + limit; shown > pos && !utf8.RuneStart(content[shown]); shown-- {
			}
		}
		for _, at := range marks {
			if pos <= int(at) && int(at) < shown {
				fault, cells = FaultEncoding, nil
			}
		}
		records = append(records, record{Line: line, Fault: fault, Raw: string(content[pos:shown]), Cells: cells})
		for i := pos; i < next; i++ {
			if content[i] == '\n' || content[i] == '\r' && !bytes.HasPrefix(content[i+1:], []byte("\n")) {
				line++
			}
		}
		pos = next
	}
	return records
}

func referenceRecord(content []byte, pos int, d dialect.Dialect, limit int) (cells []string, end int, fault Fault) {
	const start, plain, quoted, closed = 0, 1, 2, 3
	var cell []byte
	now, wasQuoted := start, false
	finish := func() {
		if len(cell) == 0 && !wasQuoted {
			cells = append(cells, null)
		} else {
			cells = append(cells, string(cell))
		}
		cell, wasQuoted, now = nil, false, start
	}
	delimiter := []byte(d.Delimiter)
	delimits := func(i int) bool { return len(delimiter) > 0 && bytes.HasPrefix(content[i:], delimiter) }
	isQuote := func(i int) bool { return d.Quote != 0 && i < len(content) && content[i] == d.Quote }
	isEscape := func(i int) bool { return d.Escape != 0 && i < len(content) && content[i] == d.Escape }
	for i := pos; ; i++ {
		if i == len(content) {
			if now == quoted {
				return nil, 0, FaultOpenQuote
			}
			break
		}
		c := content[i]
		if now != quoted && (c == '\n' || c == '\r') && i-pos <= limit {
			if i == pos {
				return nil, i, FaultNone
			}
			finish()
			return cells, i, FaultNone
		}
		if i-pos >= limit {
			switch {
			case now == quoted, now == closed && isQuote(i):
				return nil, 0, FaultOpenQuote
			case now == closed && (d.Delimiter == "" || c != d.Delimiter[0]):
				return nil, 0, FaultQuote
			}
			return nil, 0, FaultTooLong
		}
		switch {
		case now == quoted && isEscape(i):
			if i+1 < len(content) {
				i++
				if !isQuote(i) && !isEscape(i) && !delimits(i) {
					cell = append(cell, c)
				}
			}
			cell = append(cell, content[i])
		case now == quoted && isQuote(i):
			now = closed
		case now == quoted:
			cell = append(cell, c)
		case delimits(i):
			finish()
			i += len(d.Delimiter) - 1
		case now == closed && isQuote(i):
			cell, now = append(cell, c), quoted
		case now == closed:
			return nil, 0, FaultQuote
		case now == start && isQuote(i):
			now, wasQuoted = quoted, true
		case isEscape(i) && i+1 < len(content) && (isQuote(i+1) || isEscape(i+1) || delimits(i+1)):
			i++
			cell, now = append(cell, content[i]), plain
		default:
			cell, now = append(cell, c), plain
		}
	}
	finish()
	return cells, len(content), FaultNone
}

// records copies what a Block holds.
func records(b *Block) (all []record) {
	for i, row := range b.Rows {
		r := record{Line: row.Line, Fault: row.Fault, Raw: string(b.Raw(i))}
		for _, c := range b.Row(i) {
			if c.IsNull() {
				r.Cells = append(r.Cells, null)
			} else {
				r.Cells = append(r.Cells, string(b.Text(c)))
			}
		}
		all = append(all, r)
	}
	return all
}
