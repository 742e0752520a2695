package guess

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// quickFile is one file given to Quick: what it is, and what its first records say.
type quickFile struct {
	path   string // as given
	name   string // within the inbox of its source
	info   os.FileInfo
	head   *export.Block
	layout conform.Layout  // by what is known of headers; by the profile, once there is one
	sample []sampledColumn // in the order of the headers
}

// quickSource is a source of the workspace that answers: files of one layout, or of a layout that changed
// on the way. The last file tells how it is read now.
type quickSource struct {
	files   []*quickFile
	layout  conform.Layout // of the last file, by the profile
	profile workspace.Source
	counts  quickCounts

	isDateAssumed bool // the snapshot date is a guess that decides numbers
}

// open finds out what a file is and where its header stands.
func (q *quick) open(path string, info os.FileInfo) (*quickFile, error) {
	file := &quickFile{path: path, name: pipeline.InboxName(filepath.Base(path)), info: info}
	profile := provisional(q.mapped(func(string) bool { return true }))
	known := conform.Known(conform.File{Name: file.name, Source: profile, Reference: q.set})
	reading, err := export.Open(path, export.Options{Known: known})
	if err != nil {
		return nil, err
	}
	file.head = reading.Head()
	if err := reading.Close(); err != nil {
		return nil, fmt.Errorf("close %s: %w", path, err)
	}
	file.layout, _ = q.examine(file, profile)
	file.sample = sampleColumns(file.head, file.layout, q.set)
	return file, nil
}

// last is the file whose layout stands for the source's.
func (s *quickSource) last() *quickFile { return s.files[len(s.files)-1] }

// has reports whether a file of the source has a header.
func (s *quickSource) has(header string) bool {
	return slices.ContainsFunc(s.files, func(f *quickFile) bool { return f.has(header) })
}

// has reports whether the file has a header, compared as profiles do.
func (f *quickFile) has(header string) bool {
	return slices.ContainsFunc(f.layout.Headers, func(own string) bool { return fold.Text(own) == fold.Text(header) })
}

// examine says how a profile would read a file, and what keeps it from being read.
func (q *quick) examine(file *quickFile, profile workspace.Source) (conform.Layout, []conform.Problem) {
	return conform.Examine(file.head, conform.File{Name: file.name, Source: profile, Reference: q.set})
}

// placeholderDate stands for a snapshot date where no date is to be had.
const placeholderDate = "2000-01-01"

// mapped is a profile that has only what a person said, as far as a file has the headers for it.
func (q *quick) mapped(has func(header string) bool) workspace.Profile {
	p := workspace.Profile{Columns: map[string]workspace.Column{}, Assume: map[string]string{}}
	q.apply(&p, has)
	return p
}

// provisional completes a profile so that everything about a file can be seen: it takes for granted
// what nothing says, and has a map for words that have none yet.
func provisional(p workspace.Profile) workspace.Source {
	s := workspace.Source{Name: "source", Profile: p}
	s.Assume = map[string]string{"status": "in_service", "device_type": "pos"}
	if s.Status == nil {
		s.Status = map[string]string{"?": "unknown"}
	}
	if s.DeviceTypes == nil {
		s.DeviceTypes = map[string]string{"?": "unknown"}
	}
	if s.SnapshotDate.IsZero() {
		s.SnapshotDate.Value = placeholderDate
	}
	return s.WithDefaults()
}

// sampledColumn is what the first records say of one column.
type sampledColumn struct {
	QuickColumn
	filled, distinct int
	isFlag           bool // every value is a spelling of yes or no, and one of them says so
	digits           int  // every value has this many digits and nothing else; 0: not so
}

// isKey reports whether every record has a value of its own, as in a column of identifiers.
func (c *sampledColumn) isKey(records int) bool {
	return records > 0 && c.filled == records && c.distinct == records
}

const (
	shownValues     = 3  // of a column
	shownCharacters = 24 // of a value
)

// sampleColumns looks at the cells below the header in the first records.
func sampleColumns(head *export.Block, layout conform.Layout, set *reference.Set) []sampledColumn {
	columns := make([]sampledColumn, len(layout.Headers))
	for at := range columns {
		c := &columns[at]
		c.Header, c.Values, c.isFlag = layout.Headers[at], []string{}, true
		seen, says := map[string]bool{}, false
		for _, text := range cellsBelow(head, layout, at) {
			if seen[text] {
				c.filled++
				continue
			}
			seen[text] = true
			flag, isFlag := set.Flags.Value([]byte(text))
			c.isFlag = c.isFlag && isFlag
			says = says || flag != reference.FlagUnknown
			if digits := digitsOf(text); c.filled == 0 || digits == c.digits {
				c.digits = digits
			} else {
				c.digits = 0
			}
			c.filled++
			if len(c.Values) < shownValues {
				c.Values = append(c.Values, shorten(string(conform.Mask([]byte(text)))))
			}
		}
		c.distinct, c.isFlag = len(seen), c.isFlag && says
	}
	return columns
}

// cellsBelow returns the filled cells of a column in the first records that have the header's shape.
// Where no header is known, the record that may be it is left out by what it says.
func cellsBelow(head *export.Block, layout conform.Layout, at int) []string {
	var texts []string
	for i, row := range head.Rows {
		if row.Line <= layout.HeaderLine || int(row.Count) != len(layout.Headers) {
			continue
		}
		if text := fold.Trim(head.Text(head.Row(i)[at])); len(text) > 0 && string(text) != layout.Headers[at] {
			texts = append(texts, string(text))
		}
	}
	return texts
}

// records is how many records the sample has.
func (f *quickFile) records() (most int) {
	for _, c := range f.sample {
		most = max(most, c.filled)
	}
	return most
}

// sampleCells returns the filled cells of a column in the first records of every file.
func (s *quickSource) sampleCells(header string) []string {
	var cells []string
	for _, file := range s.files {
		if at := slices.Index(file.layout.Headers, header); at >= 0 {
			cells = append(cells, cellsBelow(file.head, file.layout, at)...)
		}
	}
	return cells
}

// digitsOf returns the length of a text of digits alone, else 0.
func digitsOf(text string) int {
	if hasOnlyDigits(text) {
		return len(text)
	}
	return 0
}

func hasOnlyDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

func shorten(text string) string {
	characters := []rune(text)
	if len(characters) <= shownCharacters {
		return text
	}
	return string(characters[:shownCharacters-1]) + "…"
}
