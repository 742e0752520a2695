package guess

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// QuickMapping is one thing that a person told Quick about a column: the header it is read from, the
// value of every row, or what a cell means.
type QuickMapping struct {
	Column string // canonical
	Header string // COLUMN=HEADER
	Value  string // COLUMN==VALUE
	Cell   string // COLUMN:CELL=WORD
	Word   string
}

// quickColumns are the columns that can be mapped.
var quickColumns = slices.DeleteFunc(slices.Clone(workspace.CanonicalColumns), func(column string) bool {
	return slices.Contains([]string{"export_id", "source", "source_file", "source_line", "acquirer_raw", "region_scheme"}, column)
})

// ParseQuickMapping reads COLUMN=HEADER, COLUMN==VALUE or COLUMN:CELL=WORD. Columns are canonical
// ones; region and acquirer stand for region_raw and acquirer_id.
func ParseQuickMapping(text string) (QuickMapping, error) {
	at := strings.IndexAny(text, "=:")
	if at <= 0 {
		return QuickMapping{}, fmt.Errorf("%q is not of the form COLUMN=HEADER, COLUMN==VALUE or COLUMN:CELL=WORD", text)
	}
	m := QuickMapping{Column: strings.TrimSpace(text[:at])}
	switch m.Column {
	case "region":
		m.Column = "region_raw"
	case "acquirer":
		m.Column = "acquirer_id"
	}
	if !slices.Contains(quickColumns, m.Column) {
		hint := ""
		if nearest := fold.Nearest(m.Column, quickColumns); nearest != "" {
			hint = fmt.Sprintf("; did you mean %q?", nearest)
		}
		return m, fmt.Errorf("%q: there is no column %q%s", text, m.Column, hint)
	}
	rest := text[at+1:]
	switch {
	case text[at] == ':':
		return m.withWord(text, rest)
	case strings.HasPrefix(rest, "="):
		m.Value = strings.TrimSpace(rest[1:])
		return m, m.checkWord(text, m.Value)
	default:
		m.Header = strings.TrimSpace(rest)
		if m.Header == "" {
			return m, fmt.Errorf("%q names no header", text)
		}
		return m, nil
	}
}

// withWord takes CELL=WORD; a cell may have an equals sign in it, a word has none.
func (m QuickMapping) withWord(text, rest string) (QuickMapping, error) {
	at := strings.LastIndexByte(rest, '=')
	if at < 0 {
		return m, fmt.Errorf("%q does not say what the cell means: COLUMN:CELL=WORD", text)
	}
	m.Cell, m.Word = strings.TrimSpace(rest[:at]), strings.TrimSpace(rest[at+1:])
	if workspace.Vocabulary(m.Column) == nil {
		return m, fmt.Errorf("%q: the cells of %s are taken as they stand", text, m.Column)
	}
	return m, m.checkWord(text, m.Word)
}

// checkWord holds a value against the vocabulary of the column.
func (m QuickMapping) checkWord(text, word string) error {
	vocabulary := workspace.Vocabulary(m.Column)
	switch {
	case m.Column == "terminal_id" || m.Column == "snapshot_date":
		return fmt.Errorf("%q: %s cannot be the same in every row by --map", text, m.Column)
	case word == "":
		return fmt.Errorf("%q gives no value", text)
	case vocabulary != nil && !slices.Contains(vocabulary, word):
		return fmt.Errorf("%q: %q is none of %s", text, word, strings.Join(vocabulary, ", "))
	}
	return nil
}

// apply puts the mappings that a file of these headers can follow into a profile.
func (q *quick) apply(p *workspace.Profile, has func(header string) bool) {
	var regions []string
	for _, m := range q.Mappings {
		switch {
		case m.Header != "" && !has(m.Header):
		case m.Header != "" && m.Column == "region_raw":
			regions = append(regions, m.Header)
		case m.Header != "" && m.Column == "snapshot_date":
			p.SnapshotDate = workspace.DateFrom{Column: m.Header}
		case m.Header != "":
			column := p.Columns[m.Column]
			if column.Header == "" {
				column.Header = m.Header
			} else {
				column.Headers = append(column.Headers, m.Header)
			}
			p.Columns[m.Column] = column
		case m.Value != "":
			p.Columns[m.Column] = workspace.Column{Value: m.Value}
		default:
			m.explainCell(p)
		}
	}
	switch {
	case len(regions) == 1:
		p.Columns["region_raw"] = workspace.Column{Header: regions[0]}
	case len(regions) > 1:
		p.RegionScheme, p.RegionLevels = "name", regions
	}
}

// explainCell puts what a cell means where the profile has such meanings.
func (m QuickMapping) explainCell(p *workspace.Profile) {
	words := map[string]*map[string]string{
		"status": &p.Status, "device_type": &p.DeviceTypes, "use": &p.Uses, "connection": &p.Connections,
	}[m.Column]
	if words == nil {
		column := p.Columns[m.Column]
		words = &column.Values
		defer func() { p.Columns[m.Column] = column }()
	}
	if *words == nil {
		*words = map[string]string{}
	}
	(*words)[m.Cell] = m.Word
}

// checkMappings refuses a header that no file has.
func (q *quick) checkMappings() error {
	if len(q.files) == 0 {
		return nil
	}
	var headers []string
	for _, file := range q.files {
		headers = append(headers, file.layout.Headers...)
	}
	for _, m := range q.Mappings {
		if m.Header == "" || slices.ContainsFunc(q.files, func(f *quickFile) bool { return f.has(m.Header) }) {
			continue
		}
		hint := ""
		if nearest := fold.Nearest(m.Header, headers); nearest != "" {
			hint = fmt.Sprintf("; did you mean %q?", nearest)
		}
		return quickMistake("no column %q for %s%s", m.Header, m.Column, hint)
	}
	return nil
}
