package conform

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/arrow/memory/mallocator"

	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// File is an export about to be read.
type File struct {
	Name      string // path below the inbox, with slashes: for messages, and for dates in names
	Source    workspace.Source
	Reference *reference.Set
	Memory    memory.Allocator // where batches live; nil: C's, which may be handed to the engine
}

// Binding is how one export's cells become inventory columns. It is read-only and safe for
// concurrent use.
type Binding struct {
	file         File
	layout       Layout
	schema       *arrow.Schema
	rejectSchema *arrow.Schema
	dates        dates

	columns  []bound // in the order of the schema, source_line left out
	stated   []bound // columns in which every row must agree
	id       int     // index of the terminal id in columns
	acquirer int     // index of the acquirer in columns

	above       int64          // the last line above the data
	width       int            // cells of the header
	needed      int            // cells up to the last header with a name
	headerID    []byte         // the header of the terminal id, as in the file
	trailer     *regexp.Regexp // what a trailer looks like; nil: there is none
	isMeasure   []bool         // by position: a count that a row of totals sums up
	identifiers []int          // positions of cells in which digits are no card numbers
	private     []int          // positions of cells that are shown nowhere, ascending

	sheet  string     // the table's name, "" in text
	origin int64      // of the positions of its rows
	sheets []*Binding // of the tables that are read, this one first; nil: it is the only one

	workers sync.Pool
}

// Layout says how the export is read.
func (b *Binding) Layout() Layout { return b.layout }

// Schema returns the schema of the inventory batches, or UsageSchema for an export of usage.
func (b *Binding) Schema() *arrow.Schema { return b.schema }

// Bind finds the header among the first records of an export and binds the canonical columns to its
// cells: first what the profile maps by name, then what the table of known headers knows. It also
// finds the snapshot date, and part and version where the profile says so.
//
// head is a Block with the first records, in the export's own lines. If the export cannot be read
// by this profile the error is a *SetAsideError with all the reasons.
func Bind(head *export.Block, file File) (*Binding, error) {
	b := bind(head, file)
	if err := setAsideOrNil(file.Name, b.layout, b.problems); err != nil {
		return nil, err
	}
	return b.binding(), nil
}

// Known returns a function that reports whether a text is a header that the profile names or the table
// of headers knows.
func Known(file File) func(header string) bool {
	named := namedHeaders(&file.Source.Profile)
	return func(header string) bool {
		if key := fold.Text(header); key == "" || named[key] {
			return key != ""
		}
		if !strings.ContainsFunc(header, unicode.IsLetter) {
			return false // as most cells below a header are told from it
		}
		if _, ok := file.Reference.Headers.Column(header); ok {
			return true
		}
		_, _, ok := file.Reference.Headers.Region(header)
		return ok
	}
}

// Examine does what Bind does and tells as much as can be told, whatever is wrong: what was bound
// and what keeps the export from being read.
func Examine(head *export.Block, file File) (Layout, []Problem) {
	b := bind(head, file)
	return b.layout, b.problems
}

func bind(head *export.Block, file File) *binder {
	b := newBinder(head, file)
	b.bind()
	return b
}

func newBinder(head *export.Block, file File) *binder {
	b := &binder{
		head: head, file: file, known: Known(file),
		taken: map[int]bool{}, absent: map[string]bool{}, shadowed: map[int]string{},
	}
	if b.file.Memory == nil {
		b.file.Memory = mallocator.NewMallocator()
	}
	return b
}

func (b *binder) bind() {
	b.readProfile()
	if b.findHeader() {
		b.mapColumns()
		b.hidePrivate()
		b.findOrigins()
		if b.file.isUsage() {
			b.fixMonth()
		}
		b.listUnmapped()
	}
}

// binding freezes what the binder found; it is called without problems only.
func (b *binder) binding() *Binding {
	schema := UsageSchema()
	if !b.file.isUsage() {
		schema = Schema(Extras(b.file.Source.Profile))
	}
	result := &Binding{
		file: b.file, layout: b.layout, dates: b.dates,
		schema: schema, rejectSchema: RejectSchema(),
		columns: b.columns, stated: b.stated,
		width: len(b.keys), isMeasure: make([]bool, len(b.keys)), private: b.private,
	}
	for at, key := range b.keys {
		if key != "" {
			result.needed = at + 1
		}
	}
	for i := range b.columns {
		c := &b.columns[i]
		c.isTrait = !b.file.isUsage() && isTrait(c.name)
		switch {
		case c.name == terminalIDColumn:
			result.id = i
		case c.name == acquirerColumn:
			result.acquirer = i
		}
		switch c.kind {
		case kindTerminalID, kindIdentifier:
			result.identifiers = append(result.identifiers, c.cells...)
		case kindCount:
			for _, at := range c.cells {
				result.isMeasure[at] = true
			}
		}
		c.isPrivate = slices.ContainsFunc(c.cells, func(at int) bool { return slices.Contains(b.private, at) })
	}
	if expression := b.file.Source.Control.Trailer; expression != "" {
		result.trailer = regexp.MustCompile(expression) // readProfile has looked at it
	}
	result.above = max(b.layout.HeaderLine, b.layout.FirstLine-1)
	result.headerID = b.headerText(b.columns[result.id].cells[0])
	result.workers.New = func() any { return newWorker(result) }
	return result
}
