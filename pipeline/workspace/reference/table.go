package reference

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed *.csv *.yaml
var embedded embed.FS

const (
	embeddedPrefix = "embedded:"
	maxCSVSize     = 4 << 20 // bytes; the largest embedded file has some 130 kB
)

// A layout says what the columns of a CSV file are. The first keys columns name a row: a row of the
// workspace replaces the embedded row of the same key, and one that holds nothing but its key
// removes it. The columns up to required must be filled.
type layout struct {
	file     string
	columns  []string
	keys     int
	required int
	fold     func(string) string // of a key column, for comparing
}

// A row is one record of a table, its cells trimmed, in the order of the layout's columns.
type row struct {
	cells  []string
	key    string
	line   int
	starts []int32 // the column in the file where each cell starts, 0 if the file has no such column
	own    bool    // of the workspace, not embedded
	file   string
}

// at returns where cell i stands.
func (r *row) at(i int) Place { return Place{r.file, r.line, max(1, int(r.starts[i]))} }

// A table is the embedded rows with the workspace's laid over them.
type table struct {
	layout *layout
	rows   []row // in the order of the files; a row that replaces another takes its place
}

// readTable reads the embedded file and lays the file of the same name in the folder overrides over
// it, if there is one.
func readTable(l *layout, overrides string, bad *problems) *table {
	text, err := embedded.ReadFile(l.file)
	if err != nil {
		panic("reference: " + err.Error())
	}
	t := &table{layout: l}
	t.rows = parseRows(l, embeddedPrefix+l.file, text, bad)
	index := make(map[string]int, len(t.rows))
	for i := range t.rows {
		r := &t.rows[i]
		if first, ok := index[r.key]; ok {
			bad.add(r.at(0), "%s stands twice, first in line %d", r.title(l), t.rows[first].line)
		}
		index[r.key] = i
	}
	path, text, ok := readOverride(overrides, l.file, maxCSVSize, bad)
	if ok {
		t.lay(index, parseRows(l, path, text, bad), bad)
	}
	return t
}

// lay lays the rows of the workspace over the embedded ones.
func (t *table) lay(index map[string]int, own []row, bad *problems) {
	seen := make(map[string]int, len(own))
	removed := false
	for _, r := range own {
		r.own = true
		if line, ok := seen[r.key]; ok {
			bad.add(r.at(0), "%s stands twice, first in line %d", r.title(t.layout), line)
			continue
		}
		seen[r.key] = r.line
		i, replaces := index[r.key]
		switch {
		case replaces:
			removed = removed || r.isRemoval(t.layout)
			t.rows[i] = r
		case r.isRemoval(t.layout):
			bad.add(r.at(0), "%s has only its key, which removes a row, but there is none to remove", r.title(t.layout))
		default:
			t.rows = append(t.rows, r)
		}
	}
	if removed {
		t.rows = slices.DeleteFunc(t.rows, func(r row) bool { return r.own && r.isRemoval(t.layout) })
	}
}

// isRemoval reports whether a row holds nothing but its key.
func (r *row) isRemoval(l *layout) bool {
	for _, cell := range r.cells[l.keys:] {
		if cell != "" {
			return false
		}
	}
	return l.required > l.keys
}

// title names a row in messages.
func (r *row) title(l *layout) string {
	return fmt.Sprintf("%s %q", l.columns[l.keys-1], strings.Join(r.cells[:l.keys], " "))
}

// exists reports whether the folder overrides has something of that name, be it readable or not.
func exists(overrides, name string) bool {
	if overrides == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(overrides, name))
	return !errors.Is(err, fs.ErrNotExist)
}

// readOverride reads a file of the workspace; ok is false if there is none or it cannot be read.
func readOverride(folder, name string, limit int, bad *problems) (path string, text []byte, ok bool) {
	if folder == "" {
		return "", nil, false
	}
	path = filepath.Join(folder, name)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, false
	}
	if err == nil {
		defer f.Close()
		text, err = io.ReadAll(io.LimitReader(f, int64(limit)+1))
	}
	switch {
	case err != nil:
		var cause *fs.PathError
		if errors.As(err, &cause) {
			err = cause.Err
		}
		bad.add(Place{File: path}, "read: %v", err)
	case len(text) > limit:
		bad.add(Place{File: path}, "is larger than %d bytes", limit)
	default:
		return path, text, true
	}
	return "", nil, false
}

// parseRows reads the records of a CSV file below its header. Columns stand in any order and
// optional ones may be missing; lines that begin with # are comments.
func parseRows(l *layout, file string, text []byte, bad *problems) []row {
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if at, ok := notUTF8(text); ok {
		bad.add(Place{file, at, 1}, "not UTF-8 text: save the file as CSV in UTF-8")
		return nil
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.Comment, reader.FieldsPerRecord, reader.LazyQuotes = '#', -1, false
	header, err := reader.Read()
	if err != nil {
		bad.add(csvPlace(file, err), "%s", csvMessage(err))
		return nil
	}
	order, ok := columnOrder(l, file, reader, header, bad)
	if !ok {
		return nil
	}
	reader.ReuseRecord = true
	most := bytes.Count(text, []byte("\n")) + 1
	rows := make([]row, 0, most)
	cells, starts := make([]string, most*len(l.columns)), make([]int32, most*len(l.columns))
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			bad.add(csvPlace(file, err), "%s", csvMessage(err))
			return rows
		}
		r := row{file: file, cells: cells[:len(l.columns):len(l.columns)], starts: starts[:len(l.columns):len(l.columns)]}
		if r.fill(l, reader, record, order, bad) {
			rows = append(rows, r)
			cells, starts = cells[len(l.columns):], starts[len(l.columns):]
		}
	}
}

// columnOrder returns, for each field of the file, the column of the layout it holds.
func columnOrder(l *layout, file string, reader *csv.Reader, header []string, bad *problems) (order []int, ok bool) {
	before := len(*bad)
	for i, name := range header {
		line, column := reader.FieldPos(i)
		at := Place{file, line, column}
		c := slices.Index(l.columns, strings.TrimSpace(name))
		switch {
		case c < 0:
			bad.add(at, "%s", unknownWord("column", strings.TrimSpace(name), l.columns))
		case slices.Contains(order, c):
			bad.add(at, "column %q stands twice", l.columns[c])
		}
		order = append(order, c)
	}
	for c, name := range l.columns[:l.required] {
		if !slices.Contains(order, c) {
			line, _ := reader.FieldPos(0)
			bad.add(Place{file, line, 1}, "column %q is missing", name)
		}
	}
	return order, len(*bad) == before
}

// fill puts the fields of a record into the order of the layout; false if the row cannot be used.
func (r *row) fill(l *layout, reader *csv.Reader, record []string, order []int, bad *problems) bool {
	r.line, _ = reader.FieldPos(0)
	if len(record) != len(order) {
		bad.add(Place{r.file, r.line, 1}, "%d fields where the header has %d", len(record), len(order))
		return false
	}
	for i, cell := range record {
		_, column := reader.FieldPos(i)
		r.cells[order[i]], r.starts[order[i]] = strings.TrimSpace(cell), int32(column)
	}
	r.key = l.fold(r.cells[0])
	for _, cell := range r.cells[1:l.keys] {
		r.key += "\x1f" + l.fold(cell)
	}
	if r.cells[0] != "" && r.isRemoval(l) && !strings.HasPrefix(r.file, embeddedPrefix) {
		return true
	}
	for i := range l.required {
		if r.cells[i] == "" {
			bad.add(r.at(i), "%s is blank", l.columns[i])
			return false
		}
	}
	return true
}

// byID returns the rows in the order of their keys: numbers by value, before words.
func (t *table) byID() []*row {
	rows := t.ownLast()
	slices.SortFunc(rows, func(a, b *row) int {
		if isDigits(a.key) && isDigits(b.key) {
			return cmp.Or(cmp.Compare(len(a.key), len(b.key)), strings.Compare(a.key, b.key))
		}
		return strings.Compare(a.key, b.key)
	})
	return rows
}

// ownLast returns the embedded rows, then those of the workspace: where two rows claim the same
// name, it is the workspace's that is to blame.
func (t *table) ownLast() []*row {
	rows := make([]*row, len(t.rows))
	for i := range t.rows {
		rows[i] = &t.rows[i]
	}
	slices.SortStableFunc(rows, func(a, b *row) int { return compareBool(a.own, b.own) })
	return rows
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// hash returns the SHA-256 of the rows in the order of their keys, whatever files they came from.
func (t *table) hash() string {
	h := sha256.New()
	for _, r := range t.byID() {
		for _, cell := range r.cells {
			h.Write([]byte(cell))
			h.Write([]byte{0x1f})
		}
		h.Write([]byte{0x1e})
	}
	return hex.EncodeToString(h.Sum(nil))
}

func csvPlace(file string, err error) Place {
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		return Place{file, syntax.Line, syntax.Column}
	}
	return Place{file, 1, 1}
}

func csvMessage(err error) string {
	var syntax *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return "the file has no header"
	case errors.As(err, &syntax):
		return "not valid CSV: " + syntax.Err.Error()
	}
	return err.Error()
}

// notUTF8 returns the line of the first byte that is not UTF-8.
func notUTF8(text []byte) (line int, found bool) {
	if utf8.Valid(text) {
		return 0, false
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return 1 + bytes.Count(text[:i], []byte("\n")), true
		}
		i += size
	}
	return 0, false
}
