package conform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// TableStep is how far the lines of one table of an export are from those of the next: row 12 of the
// second sheet that is read has the source_line 10000000012. So no two rows of an export have the same,
// and those of the first table have their plain number.
const TableStep = 10_000_000_000

// Row returns the row of a source_line within its table, which for text is the line.
func Row(sourceLine int64) int64 { return sourceLine % TableStep }

// TableOf returns the name of the table that a source_line is in; "" in text.
func (l *Layout) TableOf(sourceLine int64) string {
	if at := int(sourceLine / TableStep); at < len(l.Sheets) {
		return l.Sheets[at].Name
	}
	return ""
}

// Sheet is a table of an export that is read.
type Sheet struct {
	Name       string `json:"name"`
	HeaderLine int64  `json:"header_line"`
}

// BindTables binds all tables of an export whose header is that of an inventory, or those that the
// profile names, and returns their indexes in order: the ones that Decode must be told to read. A hidden
// table is read only if the profile names it.
//
// The error is a *SetAsideError if no table can be read, or if one that has terminal ids cannot.
func BindTables(tables []export.Table, file File) (*Binding, []int, error) {
	s := bindSheets(tables, file)
	if err := setAsideOrNil(file.Name, s.layout(), s.problems); err != nil {
		return nil, nil, err
	}
	var bound []*Binding
	for i, b := range s.bound {
		binding := b.binding()
		binding.origin, binding.sheet = int64(i)*TableStep, b.sheet
		bound = append(bound, binding)
	}
	first := bound[0]
	first.layout = s.layout()
	if len(bound) > 1 {
		first.sheets = bound
	}
	return first, s.read, nil
}

// ExamineTables does what BindTables does and tells as much as can be told, whatever is wrong.
func ExamineTables(tables []export.Table, file File) (Layout, []Problem) {
	s := bindSheets(tables, file)
	return s.layout(), s.problems
}

// sheetBinder binds the tables of one export.
type sheetBinder struct {
	bound    []*binder
	read     []int
	problems []Problem
}

// layout is that of the first table, with the places of all.
func (s *sheetBinder) layout() Layout {
	if len(s.bound) == 0 {
		return Layout{}
	}
	layout := s.bound[0].layout
	for _, b := range s.bound {
		if b.sheet != "" {
			layout.Sheets = append(layout.Sheets, Sheet{b.sheet, b.layout.HeaderLine})
		}
	}
	return layout
}

func bindSheets(tables []export.Table, file File) *sheetBinder {
	s := &sheetBinder{}
	candidates := s.candidates(tables, file)
	var best *binder
	for _, i := range candidates {
		b := bindSheet(&tables[i], file, outside(tables, i))
		if best == nil || b.namesKnown > best.namesKnown {
			best = b
		}
		if b.isInventory() || len(candidates) == 1 {
			s.bound, s.read = append(s.bound, b), append(s.read, i)
		}
	}
	switch {
	case len(s.problems) > 0:
		return s
	case best == nil:
		s.problems = append(s.problems, Problem{Code: ProblemNoHeader, Message: "no header: the export has no records"})
		return s
	case len(s.bound) == 0:
		s.bound = []*binder{best}
	}
	s.agree()
	for _, b := range s.bound {
		for _, p := range b.problems {
			if len(tables) > 1 {
				p.Message = fmt.Sprintf("sheet %q: %s", clipped([]byte(b.sheet)), p.Message)
			}
			s.problems = append(s.problems, p)
		}
	}
	return s
}

func bindSheet(table *export.Table, file File, outside []string) *binder {
	b := newBinder(table.Head, file)
	b.sheet, b.outside = table.Name, outside
	b.bind()
	return b
}

// outside are the texts that may say what an export is, other than those of the table itself: the
// tables' names, and whatever stands in short tables such as a cover.
func outside(tables []export.Table, own int) (texts []string) {
	if len(tables) == 1 && tables[0].Name == "" {
		return nil
	}
	texts = append(texts, tables[own].Name)
	for i := range tables {
		if i == own || tables[i].IsHidden || len(tables[i].Head.Rows) > titleRows*4 {
			continue
		}
		for _, cell := range tables[i].Head.Cells {
			texts = append(texts, string(fold.Trim(tables[i].Head.Text(cell))))
		}
	}
	return texts
}

// candidates are the tables that may be read: those that the profile names, else all that are shown and
// not empty.
func (s *sheetBinder) candidates(tables []export.Table, file File) (indexes []int) {
	named := file.Source.Format.Sheets
	for _, name := range named {
		at := slices.IndexFunc(tables, func(t export.Table) bool { return fold.Text(t.Name) == fold.Text(name) })
		if at < 0 {
			s.problems = append(s.problems, Problem{
				Code: ProblemNoSheet, Values: namesOfTables(tables),
				Message: fmt.Sprintf("format.sheets: there is no sheet %q; there are %s", name, quoteAll(namesOfTables(tables))),
			})
			continue
		}
		indexes = append(indexes, at)
	}
	if len(named) > 0 {
		slices.Sort(indexes)
		return slices.Compact(indexes)
	}
	for i, t := range tables {
		if !t.IsHidden && (len(t.Head.Rows) > 0 || len(tables) == 1) {
			indexes = append(indexes, i)
		}
	}
	return indexes
}

func namesOfTables(tables []export.Table) (names []string) {
	for _, t := range tables {
		names = append(names, t.Name)
	}
	return names
}

// isInventory reports whether a table has terminal ids, so that not to read it would lose them.
func (b *binder) isInventory() bool {
	column := b.profile[terminalIDColumn]
	for _, name := range append(slices.Clone(column.Headers), column.Header) {
		if _, ok := b.lookup(name); ok {
			return true
		}
	}
	return slices.Contains(b.aliases, terminalIDColumn) && b.layout.HeaderLine+b.layout.FirstLine > 0
}

// agree holds the tables against each other: what one says of the whole export, its date for instance,
// holds for those that do not say it, and they must not differ.
func (s *sheetBinder) agree() {
	for _, about := range []struct {
		what, code string
		of         func(*Layout) *string
	}{
		{"snapshot date", ProblemSnapshotDate, func(l *Layout) *string { return &l.SnapshotDate }},
		{"part", ProblemPart, func(l *Layout) *string { return &l.Part }},
		{"version", ProblemVersion, func(l *Layout) *string { return &l.Version }},
	} {
		said, by := "", ""
		for _, b := range s.bound {
			text := *about.of(&b.layout)
			if text != "" && said != "" && text != said {
				s.problems = append(s.problems, Problem{
					Code:    ProblemDisagreement,
					Message: fmt.Sprintf("sheet %q has the %s %q, sheet %q has %q", by, about.what, said, b.sheet, text),
				})
			}
			if said == "" {
				said, by = text, b.sheet
			}
		}
		if said == "" {
			continue
		}
		for _, b := range s.bound {
			if own := about.of(&b.layout); *own == "" {
				*own = said
				b.problems = slices.DeleteFunc(b.problems, func(p Problem) bool { return p.Code == about.code })
			}
		}
	}
}

// of returns the Binding of a Block's table.
func (b *Binding) of(block *export.Block) *Binding {
	if len(b.sheets) > 0 {
		return b.sheets[block.Table]
	}
	return b
}

// place says where a row stands, for messages: its line, or its row and sheet.
func (b *Binding) place(position int64) string {
	line, table := position%TableStep, int(position/TableStep)
	if table < len(b.layout.Sheets) {
		return fmt.Sprintf("row %d of sheet %q", line, b.layout.Sheets[table].Name)
	}
	return fmt.Sprintf("line %d", line)
}

// cellAddress returns the address of a cell, or of a whole row if column is negative, as workbooks
// write it; "" in text, where a line says enough.
func (b *Binding) cellAddress(line int64, column int) string {
	if b.sheet == "" {
		return ""
	}
	sheet := b.sheet
	if strings.ContainsFunc(sheet, func(r rune) bool {
		return r < 0x80 && r != '_' && !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
	}) {
		sheet = "'" + strings.ReplaceAll(sheet, "'", "''") + "'"
	}
	if column < 0 {
		return fmt.Sprintf("%s!%d:%d", sheet, line, line)
	}
	return fmt.Sprintf("%s!%s%d", sheet, columnLetters(column), line)
}

// columnLetters writes 0 as A and 26 as AA.
func columnLetters(column int) string {
	letters := ""
	for column++; column > 0; column = (column - 1) / 26 {
		letters = string(rune('A'+(column-1)%26)) + letters
	}
	return letters
}
