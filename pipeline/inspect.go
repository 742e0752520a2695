package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/export/dialect"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// Inspection is what a file is, without a profile for it.
type Inspection struct {
	File    string            `json:"file"`
	Refused string            `json:"refused,omitempty"` // why it cannot be read at all; then the rest is empty
	Summary export.Summary    `json:"summary"`
	Dialect *dialect.Finding  `json:"dialect,omitempty"` // of text
	Header  InspectedHeader   `json:"header"`
	Rows    int64             `json:"rows"` // that have the header's shape
	Others  int64             `json:"others"`
	Columns []InspectedColumn `json:"columns"`
	Missing []string          `json:"missing"` // what keeps it from being read as an inventory, if no profile helps
}

// InspectedHeader is the record that names the columns, and why it is taken for that.
type InspectedHeader struct {
	Line     int64    `json:"line"`     // 0: there is none
	Preamble int      `json:"preamble"` // records above it
	Known    []string `json:"known"`    // its names that the table of headers knows
}

// InspectedColumn is one column of a file.
type InspectedColumn struct {
	Number   int      `json:"number"` // from 1
	Header   string   `json:"header"`
	Guess    string   `json:"guess,omitempty"` // the column of the inventory that it is
	Found    string   `json:"found,omitempty"` // how: alias
	Type     string   `json:"type"`            // id, flag, date, count, number, code, text or empty
	Blank    int64    `json:"blank_count"`
	Distinct int64    `json:"distinct_count"`
	AtLeast  bool     `json:"distinct_is_least"` // there are more values than were kept
	Samples  []string `json:"samples"`           // masked as rejects are
}

// Inspect says what files are. A file that cannot be read says why in its answer; an error is one of
// the file system or of ctx.
func Inspect(ctx context.Context, paths []string) ([]Inspection, error) {
	set, err := reference.Load("")
	if err != nil {
		return nil, err
	}
	all := []Inspection{}
	for _, path := range paths {
		one, err := inspect(ctx, path, set)
		var refused *export.RefusedError
		switch {
		case errors.As(err, &refused):
			one = Inspection{Refused: refused.Err.Error(), Columns: []InspectedColumn{}, Missing: []string{}}
		case err != nil:
			return nil, err
		}
		one.File = path
		all = append(all, one)
	}
	return all, nil
}

// inspection is what is needed while one file is looked at.
type inspection struct {
	file    conform.File
	reading *export.Export
	layout  conform.Layout
	names   []string
	known   func(string) bool
}

// openToInspect opens a file as one that has no profile.
func openToInspect(path string, set *reference.Set, options export.Options) (*inspection, error) {
	i := &inspection{file: conform.File{Name: path, Source: provisional(workspace.Profile{}), Reference: set}}
	i.known = conform.Known(i.file)
	options.Known = i.known
	var err error
	if i.reading, err = export.Open(path, options); err != nil {
		return nil, err
	}
	i.layout, _ = conform.Examine(i.reading.Head(), i.file)
	i.findHeader()
	return i, nil
}

// findHeader takes the header that conform found by known names, else the one that the dialect's table
// has, else numbers the columns.
func (i *inspection) findHeader() {
	head := i.reading.Head()
	i.names = i.layout.Headers
	finding := i.reading.Finding()
	largest := largestTable(finding.Tables)
	if len(i.names) > 0 && (len(head.Names) > 0 || i.layout.HeaderLine > 0 && i.isHeaderOf(largest)) {
		return
	}
	i.layout.HeaderLine, i.layout.Preamble, i.names = 0, 0, nil
	if largest != nil && largest.Header > 0 {
		i.layout.HeaderLine, i.layout.Preamble = largest.Line, largest.From
		for at, row := range head.Rows {
			if row.Line == largest.Line {
				for _, cell := range head.Row(at) {
					i.names = append(i.names, string(fold.Trim(head.Text(cell))))
				}
			}
		}
		return
	}
	width := finding.Width()
	for _, row := range head.Rows {
		if largest == nil {
			width = max(width, int(row.Count))
		}
	}
	if largest != nil {
		i.layout.Preamble = largest.From
	}
	for n := range width {
		i.names = append(i.names, fmt.Sprintf("column_%d", n+1))
	}
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
	return known > 1 || largest == nil || largest.Header == 0 || largest.Line == i.layout.HeaderLine
}

func largestTable(tables []dialect.Table) (largest *dialect.Table) {
	for at := range tables {
		if t := &tables[at]; largest == nil || (t.To-t.From)*t.Width > (largest.To-largest.From)*largest.Width {
			largest = t
		}
	}
	return largest
}

func inspect(ctx context.Context, path string, set *reference.Set) (Inspection, error) {
	options := export.Options{}
	for {
		one, err := inspectAs(ctx, path, set, options)
		if !options.Retry(err) {
			return one, err
		}
	}
}

func inspectAs(ctx context.Context, path string, set *reference.Set, options export.Options) (Inspection, error) {
	i, err := openToInspect(path, set, options)
	if err != nil {
		return Inspection{}, err
	}
	defer i.reading.Close()
	total := newColumnCounts(len(i.names))
	work := func(block *export.Block) (*columnCounts, error) { return i.count(block), nil }
	emit := func(counts *columnCounts) error {
		total.add(counts)
		return nil
	}
	summary, err := export.Decode(ctx, i.reading, runtime.GOMAXPROCS(0), work, emit, nil)
	if err != nil {
		return Inspection{}, err
	}
	one := Inspection{
		Summary: summary, Header: InspectedHeader{Line: i.layout.HeaderLine, Preamble: i.layout.Preamble, Known: []string{}},
		Rows: total.rows, Others: total.others, Columns: i.columns(total, set), Missing: i.missing(),
	}
	if summary.Format.Kind == "" {
		finding := i.reading.Finding()
		one.Dialect = &finding
	}
	for _, name := range i.names {
		if i.layout.HeaderLine > 0 && i.known(name) {
			one.Header.Known = append(one.Header.Known, name)
		}
	}
	return one, nil
}

// missing says what conform lacks, other than what every profile has to say.
func (i *inspection) missing() []string {
	_, problems := conform.Examine(i.reading.Head(), conform.File{
		Name: i.file.Name, Source: workspace.Source{Name: "source"}.WithDefaults(), Reference: i.file.Reference,
	})
	missing := []string{}
	for _, problem := range problems {
		missing = append(missing, problem.Message)
	}
	return missing
}

// keptValues bounds the distinct values that are kept of a column.
const keptValues = 1000

// columnCounts are the counts of all columns over some records.
type columnCounts struct {
	rows, others int64
	columns      []valueCounts
}

type valueCounts struct {
	blank  int64
	isFull bool
	first  []string // in the order of the file
	values map[string]bool
}

func newColumnCounts(columns int) *columnCounts {
	c := &columnCounts{columns: make([]valueCounts, columns)}
	for at := range c.columns {
		c.columns[at].values = map[string]bool{}
	}
	return c
}

// count counts the records of a Block below the header that have its shape.
func (i *inspection) count(block *export.Block) *columnCounts {
	counts := newColumnCounts(len(i.names))
	for at, row := range block.Rows {
		if row.Line <= i.layout.HeaderLine {
			continue
		}
		if row.Fault != export.FaultNone || int(row.Count) != len(i.names) || i.isHeader(block, at) {
			counts.others++
			continue
		}
		counts.rows++
		for column, cell := range block.Row(at) {
			counts.columns[column].see(fold.Trim(block.Text(cell)))
		}
	}
	return counts
}

// isHeader reports whether a record is the header once more.
func (i *inspection) isHeader(block *export.Block, at int) bool {
	for column, cell := range block.Row(at) {
		if string(fold.Trim(block.Text(cell))) != i.names[column] {
			return false
		}
	}
	return true
}

func (v *valueCounts) see(text []byte) {
	switch {
	case len(text) == 0:
		v.blank++
	case v.values[string(text)]:
	case len(v.values) == keptValues:
		v.isFull = true
	default:
		value := string(text)
		v.values[value] = true
		if len(v.first) < shownValues {
			v.first = append(v.first, value)
		}
	}
}

func (c *columnCounts) add(other *columnCounts) {
	c.rows += other.rows
	c.others += other.others
	for at := range other.columns {
		own, next := &c.columns[at], &other.columns[at]
		own.blank += next.blank
		own.isFull = own.isFull || next.isFull
		for _, value := range next.first {
			own.see([]byte(value))
		}
		for value := range next.values {
			if !own.values[value] && len(own.values) == keptValues {
				own.isFull = true
				break
			}
			own.values[value] = true
		}
	}
}

func (i *inspection) columns(total *columnCounts, set *reference.Set) []InspectedColumn {
	columns := make([]InspectedColumn, len(i.names))
	for at, name := range i.names {
		counts := &total.columns[at]
		c := &columns[at]
		*c = InspectedColumn{
			Number: at + 1, Header: name, Blank: counts.blank, Distinct: int64(len(counts.values)), AtLeast: counts.isFull,
			Type: typeOf(counts, total.rows, set), Samples: []string{},
		}
		for _, value := range counts.first {
			c.Samples = append(c.Samples, shorten(string(conform.Mask([]byte(value)))))
		}
		for _, m := range i.layout.Columns {
			if slices.Contains(m.Headers, name) {
				c.Guess, c.Found = m.Column, string(m.Found)
			}
		}
	}
	return columns
}

// typeOf says what the values of a column look like.
func typeOf(counts *valueCounts, rows int64, set *reference.Set) string {
	values := slices.Collect(maps.Keys(counts.values))
	every := func(is func(string) bool) bool {
		return !slices.ContainsFunc(values, func(v string) bool { return !is(v) })
	}
	isFlag := func(v string) bool { _, ok := set.Flags.Value([]byte(v)); return ok }
	filled := rows - counts.blank
	switch {
	case len(values) == 0:
		return "empty"
	case len(values) <= 4 && every(isFlag):
		return "flag"
	case isDates(values):
		return "date"
	case int64(len(values)) == filled && filled > 1 || counts.isFull && every(hasDigit):
		return "id"
	case every(hasOnlyDigits) && !slices.ContainsFunc(values, func(v string) bool { return len(v) > 1 && v[0] == '0' }):
		return "count"
	case every(isDecimal):
		return "number"
	case !counts.isFull && int64(len(values))*2 <= filled:
		return "code"
	default:
		return "text"
	}
}

func isDates(values []string) bool {
	_, known := dateNotation(values)
	return known && slices.ContainsFunc(values, hasDigit)
}

func hasDigit(text string) bool { return strings.ContainsAny(text, "0123456789") }

func isDecimal(text string) bool {
	return hasDigit(text) && strings.Trim(text, "0123456789.,-+") == ""
}

// DraftProfiles returns the profiles of files as YAML, a list for `sources:` of tapcov.yaml, with what
// they assume.
func DraftProfiles(ctx context.Context, paths []string) (yaml string, assumptions []string, err error) {
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			return "", nil, err
		}
	}
	q, err := drafted(ctx, paths, nil)
	if err != nil {
		return "", nil, err
	}
	if key := q.likelyKey(); len(q.answer.SetAside) > 0 && key != "" {
		if q, err = drafted(ctx, paths, []QuickMapping{{Column: "terminal_id", Header: key}}); err != nil {
			return "", nil, err
		}
		assumptions = append(assumptions, fmt.Sprintf("%q is the terminal id: every record has a value of its own there", key))
	}
	for _, aside := range q.answer.SetAside {
		return "", nil, fmt.Errorf("draft a profile of %s: %s", aside.File, aside.Why)
	}
	for _, note := range q.answer.Assumptions {
		assumptions = append(assumptions, note.Text)
	}
	var text strings.Builder
	text.WriteString("sources:\n")
	for _, source := range q.sources {
		text.Write(workspace.RenderSource(source.profile))
	}
	return text.String(), assumptions, nil
}

// drafted guesses the profiles of files, as Quick does.
func drafted(ctx context.Context, paths []string, mappings []QuickMapping) (q *quick, err error) {
	q = &quick{QuickOptions: QuickOptions{Mappings: mappings}, answer: &QuickAnswer{}}
	if q.set, err = reference.Load(""); err != nil {
		return nil, err
	}
	if err := q.look(paths); err != nil {
		return nil, err
	}
	return q, q.guess(ctx)
}

// likelyKey is the first header under which every record of every file has a value of its own.
func (q *quick) likelyKey() string {
	if len(q.files) == 0 {
		return ""
	}
	for _, c := range q.files[0].sample {
		isKey := !slices.ContainsFunc(q.files, func(f *quickFile) bool {
			return !slices.ContainsFunc(f.sample, func(other sampledColumn) bool {
				return other.Header == c.Header && other.isKey(f.records())
			})
		})
		if isKey {
			return c.Header
		}
	}
	return ""
}
