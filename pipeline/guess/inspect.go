package guess

import (
	"context"
	"errors"
	"runtime"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/export/dialect"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// Inspection is what a file is, without a profile for it.
type Inspection struct {
	File    string            `json:"file"`
	Refused string            `json:"refused,omitempty"` // why it cannot be read at all; then the rest is empty
	Summary export.Summary    `json:"summary"`
	Reading *TextReading      `json:"encoding,omitempty"` // of text: how sure its encoding is
	Dialect *dialect.Finding  `json:"dialect,omitempty"`  // of text
	Table   int               `json:"table"`              // the one that the rest is about, from 1; of a file of sheets the first one that is
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

// InspectOptions say what of a file is looked at.
type InspectOptions struct {
	Table    string // a number from 1, or the name of a sheet; empty: the one with most known names, or the largest
	Encoding string // empty: found out
}

// Inspect says what files are. A file that cannot be read says why in its answer; an error is one of
// the file system or of ctx, or a table that is not there.
func Inspect(ctx context.Context, paths []string, options InspectOptions) ([]Inspection, error) {
	set, err := reference.Load("")
	if err != nil {
		return nil, err
	}
	all := []Inspection{}
	for _, path := range paths {
		one, err := inspect(ctx, path, set, newAttempt(options))
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

func inspect(ctx context.Context, path string, set *reference.Set, a *attempt) (Inspection, error) {
	for {
		one, err := inspectAs(ctx, path, set, a)
		if !a.again(err) {
			return one, err
		}
	}
}

// attempt is one of the readings of a file, each of which may tell how the next has to be.
type attempt struct {
	export.Options
	table     string
	isGuessed bool // the encoding is, by what the refusal of the file suggests
}

func newAttempt(options InspectOptions) *attempt {
	return &attempt{Options: export.Options{Encoding: options.Encoding}, table: options.Table}
}

// again reports whether a reading that ended with err is to be followed by another. Other than a run, an
// inspection takes an encoding that is no more than likely.
func (a *attempt) again(err error) bool {
	if a.Retry(err) {
		return true
	}
	guessed := a.RetryAs(err)
	a.isGuessed = a.isGuessed || guessed
	return guessed
}

func inspectAs(ctx context.Context, path string, set *reference.Set, a *attempt) (Inspection, error) {
	i, err := openToInspect(path, set, a)
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
		Summary: summary, Table: i.table + 1,
		Header: InspectedHeader{Line: i.headerLine, Preamble: i.preamble, Known: []string{}},
		Rows:   total.rows, Others: total.others, Columns: i.columns(total, set), Missing: i.missing(),
	}
	if summary.Format.Kind == "" {
		finding := i.reading.Finding()
		one.Dialect, one.Reading = &finding, readingOf(summary, total, a)
	}
	for _, name := range i.names {
		if i.headerLine > 0 && i.known(name) {
			one.Header.Known = append(one.Header.Known, name)
		}
	}
	return one, nil
}

// missing says what conform lacks, other than what every profile has to say.
func (i *inspection) missing() []string {
	_, problems := conform.Examine(i.head, conform.File{
		Name: i.file.Name, Source: workspace.Source{Name: "source"}.WithDefaults(), Reference: i.file.Reference,
	})
	missing := []string{}
	for _, problem := range problems {
		missing = append(missing, problem.Message)
	}
	return missing
}
