package guess

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/export/dialect"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// inspection is what is needed while one table of a file is looked at.
type inspection struct {
	file    conform.File
	reading *export.Export
	known   func(string) bool

	table      int // counted from 0: of a text those found in its head, else those of the file
	head       *export.Block
	layout     conform.Layout
	names      []string
	headerLine int64 // 0: there is none
	preamble   int
	first      int64 // line from which on there are records
	last       int64 // of the records; 0: up to the end of the file
}

// openToInspect opens a file as one that has no profile.
func openToInspect(path string, set *reference.Set, a *attempt) (*inspection, error) {
	i := &inspection{file: conform.File{Name: path, Source: provisional(workspace.Profile{}), Reference: set}}
	i.known = conform.Known(i.file)
	options := a.Options
	options.Known = i.known
	var err error
	if i.reading, err = export.Open(path, options); err != nil {
		return nil, err
	}
	if err := i.choose(a.table); err != nil {
		i.reading.Close()
		return nil, err
	}
	return i, nil
}

// choose settles which table is looked at.
func (i *inspection) choose(wanted string) error {
	i.head = i.reading.Head()
	i.table = i.head.Table
	tables := i.reading.Tables()
	isText := len(tables) == 1 && tables[0].Name == ""
	if !isText && wanted != "" {
		if i.table = tableNamed(tables, wanted); i.table < 0 {
			return &NoTableError{i.file.Name, wanted, len(tables)}
		}
		i.head = tables[i.table].Head
	}
	i.layout, _ = conform.Examine(i.head, i.file)
	found := i.reading.TablesIn(i.head)
	at := largestTable(found)
	if isText && wanted != "" {
		n, err := strconv.Atoi(wanted)
		if err != nil || n < 1 || n > len(found) {
			return &NoTableError{i.file.Name, wanted, len(found)}
		}
		at = n - 1
	}
	at = i.findHeader(found, at, wanted != "" && isText)
	if isText {
		i.table = max(at, 0)
		if at >= 0 && (len(found) > 1 || i.reading.IsWhole()) {
			i.endAt(found, at)
		}
		return nil
	}
	i.reading.Select(i.alike(tables))
	return nil
}

// A NoTableError says that a file does not have the table that was asked for.
type NoTableError struct {
	File, Table string
	Tables      int // that the file has
}

func (e *NoTableError) Error() string {
	return fmt.Sprintf("%s has no table %q: it has %d, counted from 1", e.File, e.Table, e.Tables)
}

// tableNamed returns the table of a name, or of a number from 1; -1 if there is none.
func tableNamed(tables []export.Table, name string) int {
	if at := slices.IndexFunc(tables, func(t export.Table) bool { return t.Name == name }); at >= 0 {
		return at
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(tables) {
		return n - 1
	}
	return -1
}

// alike lists the tables that have the same header in the same place: the sheets of one inventory.
func (i *inspection) alike(tables []export.Table) (indexes []int) {
	for at := range tables {
		t := &tables[at]
		if at == i.table || !t.IsHidden && len(i.names) > 0 && i.hasHeader(t.Head) {
			indexes = append(indexes, at)
		}
	}
	return indexes
}

func (i *inspection) hasHeader(head *export.Block) bool {
	if len(head.Names) > 0 {
		return slices.Equal(head.Names, i.names)
	}
	for at, row := range head.Rows {
		if i.headerLine > 0 && row.Line == i.headerLine {
			return slices.Equal(textsOf(head, at), textsOf(i.head, slices.IndexFunc(i.head.Rows, func(r export.Row) bool {
				return r.Line == i.headerLine
			})))
		}
	}
	return false
}

// textsOf returns the cells of a row, trimmed.
func textsOf(block *export.Block, at int) (texts []string) {
	for _, cell := range block.Row(at) {
		texts = append(texts, string(fold.Trim(block.Text(cell))))
	}
	return texts
}

// findHeader takes the header that conform found by known names, else the one that the table has by what
// it shows, else numbers the columns. It returns the index of the table that has the header.
func (i *inspection) findHeader(found []dialect.Table, at int, isFixed bool) int {
	i.names, i.headerLine, i.preamble = i.layout.Headers, i.layout.HeaderLine, i.layout.Preamble
	if len(i.names) > 0 && len(i.head.Names) > 0 {
		return at
	}
	var t *dialect.Table
	if at >= 0 {
		t = &found[at]
	}
	if !isFixed && len(i.names) > 0 && i.headerLine > 0 && i.isHeaderOf(t) {
		i.first = i.headerLine + 1
		return slices.IndexFunc(found, func(t dialect.Table) bool {
			return i.headerLine >= t.Line && (t.To >= len(i.head.Rows) || i.headerLine < i.head.Rows[t.To].Line)
		})
	}
	i.headerLine, i.preamble, i.names, i.layout = 0, 0, nil, conform.Layout{}
	width := 0
	if t == nil {
		finding := i.reading.Finding()
		width = finding.Width()
		for _, row := range i.head.Rows {
			width = max(width, int(row.Count))
		}
	} else {
		width, i.preamble, i.first = t.Width, t.From, t.Line
		if t.Header > 0 {
			i.headerLine, i.first = t.Line, t.Line+1
			i.names = textsOf(i.head, t.From)
		}
	}
	for n := len(i.names); n < width; n++ {
		i.names = append(i.names, fmt.Sprintf("column_%d", n+1))
	}
	return at
}

// isHeaderOf reports whether the header found by known names can be trusted: a single one may be the name of
// a column in any table, so it must be where the largest table has its header.
func (i *inspection) isHeaderOf(largest *dialect.Table) bool {
	known := 0
	for _, name := range i.names {
		if i.known(name) {
			known++
		}
	}
	return known > 1 || largest == nil || largest.Header == 0 || largest.Line == i.headerLine
}

// endAt ends the records where a table does. Records behind it that are most of one belong to it.
func (i *inspection) endAt(found []dialect.Table, at int) {
	t, rows := found[at], i.head.Rows
	end := len(rows)
	if at+1 < len(found) {
		end = found[at+1].From
	}
	for t.To < end && (rows[t.To].Fault != export.FaultNone || int(rows[t.To].Count)*2 > t.Width && rows[t.To].Count > 1) {
		t.To++
	}
	if t.To < len(rows) {
		i.last = rows[t.To].Line - 1
	}
}

// largestTable returns the index of the table with most cells, -1 of none.
func largestTable(tables []dialect.Table) (largest int) {
	largest = -1
	for at, t := range tables {
		if largest < 0 || (t.To-t.From)*t.Width > (tables[largest].To-tables[largest].From)*tables[largest].Width {
			largest = at
		}
	}
	return largest
}

// holds reports whether a row is a record of the table.
func (i *inspection) holds(row export.Row) bool {
	return row.Line >= i.first && (i.last == 0 || row.Line <= i.last)
}
