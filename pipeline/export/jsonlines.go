package export

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/tapcov/tapcov/pipeline/export/jsonrow"
)

// maxColumns bounds the columns of a file whose records name them.
const maxColumns = 10_000

// A ColumnsError says that records further down have columns that the head of the file does not have.
// What was emitted is void: open the file again with Options.Columns set to Columns.
type ColumnsError struct {
	Path    string
	Member  string // of the archive that the file is; empty: it is none
	Columns []string
}

func (e *ColumnsError) Error() string {
	return fmt.Sprintf("decode %s: it has %d columns, more than its head", e.Path, len(e.Columns))
}

// jsonColumns are the columns of JSON records, by the order in which they were met.
type jsonColumns struct {
	names []string
	at    map[string]int
}

func newJSONColumns(names []string) *jsonColumns {
	c := &jsonColumns{names: slices.Clone(names), at: map[string]int{}}
	for i, name := range names {
		c.at[name] = i
	}
	return c
}

func (c *jsonColumns) add(name string) {
	if _, known := c.at[name]; !known && len(c.names) <= maxColumns {
		c.at[name] = len(c.names)
		c.names = append(c.names, name)
	}
}

// jsonCutter makes cells of lines that are a JSON object each.
type jsonCutter struct {
	columns *jsonColumns

	mu    sync.Mutex
	extra map[string]int64 // columns that the head does not have → a line
}

var errTwice = errors.New("a name stands there twice")

func (j *jsonCutter) cut(s *splitter) {
	s.cells = s.cells[:0]
	width := len(j.columns.names)
	row := make([]Cell, width)
	isSet := make([]bool, width)
	var unknown []string
	parser := jsonrow.Parser{Visit: func(path []byte, v jsonrow.Value) error {
		at, known := j.columns.at[string(path)]
		switch {
		case !known:
			unknown = append(unknown, string(path))
			return nil
		case isSet[at]:
			return errTwice
		}
		isSet[at] = true
		row[at] = s.jsonCell(v)
		return nil
	}}
	for i := range s.rows {
		r := &s.rows[i]
		r.First, r.Count = uint32(len(s.cells)), 0
		if r.Fault != FaultNone || len(bytes.TrimSpace(s.data[r.Start:r.End])) == 0 {
			continue
		}
		clear(row)
		clear(isSet)
		unknown = unknown[:0]
		if err := parser.Object(s.data, int(r.Start), int(r.End)); err != nil {
			r.Fault = FaultJSON
			continue
		}
		if len(unknown) > 0 {
			j.note(unknown, r.Line)
		}
		s.cells = append(s.cells, row...)
		r.Count = uint32(width)
	}
}

// jsonCell returns a value as a cell; a string with escapes is written behind the text.
func (s *splitter) jsonCell(v jsonrow.Value) Cell {
	switch {
	case v.IsNull:
		return Cell{}
	case !v.IsEscaped:
		return Cell{Start: uint32(v.Start), End: uint32(v.End)}
	}
	at := len(s.data)
	s.data = jsonrow.Unescape(s.data, s.data[v.Start:v.End])
	return Cell{Start: uint32(at), End: uint32(len(s.data))}
}

// note remembers columns that the head of the file does not have, with the first line that has them.
func (j *jsonCutter) note(names []string, line int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, name := range names {
		if first, known := j.extra[name]; known && first <= line || !known && len(j.extra) > maxColumns {
			continue
		}
		if j.extra == nil {
			j.extra = map[string]int64{}
		}
		j.extra[name] = line
	}
}

// further returns the columns met that are not in the head, in the order of lines.
func (j *jsonCutter) further() []string {
	names := make([]string, 0, len(j.extra))
	for name := range j.extra {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if j.extra[a] != j.extra[b] {
			return int(min(max(j.extra[a]-j.extra[b], -1), 1))
		}
		return bytes.Compare([]byte(a), []byte(b))
	})
	return names
}

// furtherColumns is the error of a file with columns that its head does not have.
func (e *Export) furtherColumns() error {
	if e.json == nil || len(e.json.extra) == 0 {
		return nil
	}
	columns := slices.Concat(e.json.columns.names, e.json.further())
	if len(columns) > maxColumns {
		return e.refused(fmt.Errorf("its records have more than %d columns", maxColumns))
	}
	return &ColumnsError{Path: e.path, Columns: columns}
}

// newJSONCutter looks at the first lines for their columns.
func newJSONCutter(s *splitter, names []string) *jsonCutter {
	columns := newJSONColumns(names)
	parser := jsonrow.Parser{Visit: func(path []byte, _ jsonrow.Value) error {
		columns.add(string(path))
		return nil
	}}
	for _, r := range s.rows {
		if r.Fault == FaultNone {
			met := len(columns.names)
			if err := parser.Object(s.data, int(r.Start), int(r.End)); err != nil {
				columns.forget(met)
			}
		}
	}
	return &jsonCutter{columns: columns}
}

// forget drops the columns of a record that turned out to be none.
func (c *jsonColumns) forget(from int) {
	for _, name := range c.names[from:] {
		delete(c.at, name)
	}
	c.names = c.names[:from]
}

// areJSONLines reports whether the first lines of a text are JSON objects: two of them, or the only one.
func areJSONLines(text []byte, whole bool) bool {
	found := 0
	parser := jsonrow.Parser{Visit: func([]byte, jsonrow.Value) error { return nil }}
	isTable := false
	for len(text) > 0 && found < 2 {
		end := indexLineEnd(text)
		if end < 0 {
			if !whole {
				break
			}
			end = len(text)
		}
		if line := text[:end]; len(bytes.TrimSpace(line)) > 0 {
			if parser.Object(line, 0, len(line)) != nil {
				return false
			}
			found++
			isTable = bytes.Contains(line, []byte("[{"))
		}
		text = text[min(end+1, len(text)):]
	}
	return found > 1 || found == 1 && whole && !isTable
}
