package result

import (
	"bytes"
	"io"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/tapcov/tapcov/reports"
)

// textWriter writes CSV, or with a tab as comma TSV. In both null is nothing. In CSV an empty text is "",
// and a text that a spreadsheet would take for a formula has ' before it. TSV has no quotes: tab, line
// ends and backslash are written \t, \n, \r and \\, and texts stay as they are otherwise.
type textWriter struct {
	w       io.Writer
	comma   byte
	line    []byte
	scratch []byte
}

func (t *textWriter) begin(fields []arrow.Field) error {
	t.line = t.line[:0]
	for i, field := range fields {
		if i > 0 {
			t.line = append(t.line, t.comma)
		}
		t.appendText([]byte(field.Name))
	}
	return t.endLine()
}

func (t *textWriter) batch(batch arrow.RecordBatch) error {
	columns := columnsOf(batch)
	for row := range int(batch.NumRows()) {
		t.line = t.line[:0]
		for i, c := range columns {
			if i > 0 {
				t.line = append(t.line, t.comma)
			}
			switch {
			case c.IsNull(row):
			case c.isText:
				t.scratch = c.add(t.scratch[:0], row)
				t.appendText(t.scratch)
			default:
				t.line = c.add(t.line, row)
			}
		}
		if err := t.endLine(); err != nil {
			return err
		}
	}
	return nil
}

func (t *textWriter) end() error { return nil }

func (t *textWriter) endLine() error {
	t.line = append(t.line, '\n')
	_, err := t.w.Write(t.line)
	return err
}

func (t *textWriter) appendText(text []byte) {
	if t.comma == '\t' {
		t.line = appendEscaped(t.line, text)
		return
	}
	meaning := meaningOf(text)
	if meaning&steers != 0 {
		text = cleaned(text)
		meaning = meaningOf(text)
	}
	isFormula := reports.StartsFormula(text)
	if len(text) > 0 && !isFormula && text[0] != ' ' && meaning&divides == 0 {
		t.line = append(t.line, text...)
		return
	}
	t.line = append(t.line, '"')
	if isFormula {
		t.line = append(t.line, '\'')
	}
	for _, b := range text {
		if b == '"' {
			t.line = append(t.line, '"')
		}
		t.line = append(t.line, b)
	}
	t.line = append(t.line, '"')
}

func appendEscaped(to, text []byte) []byte {
	if meaningOf(text)&steers != 0 {
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
		text = cleaned(text)
	}
	for _, b := range text {
		switch b {
		case '\t':
			to = append(to, `\t`...)
		case '\n':
			to = append(to, `\n`...)
		case '\\':
			to = append(to, `\\`...)
		default:
			to = append(to, b)
		}
	}
	return to
}

// jsonWriter writes one object a row: a list of them, or one a line.
type jsonWriter struct {
	w       io.Writer
	isList  bool
	names   [][]byte
	line    []byte
	scratch []byte
	rows    int
}

func (j *jsonWriter) begin(fields []arrow.Field) error {
	for _, field := range fields {
		j.names = append(j.names, append(appendJSONText(nil, []byte(field.Name)), ':'))
	}
	if j.isList {
		_, err := io.WriteString(j.w, "[")
		return err
	}
	return nil
}

func (j *jsonWriter) batch(batch arrow.RecordBatch) error {
	columns := columnsOf(batch)
	for row := range int(batch.NumRows()) {
		j.line = j.line[:0]
		if j.isList {
			if j.rows > 0 {
				j.line = append(j.line, ',')
			}
			j.line = append(j.line, "\n  "...)
		}
		j.rows++
		j.line = append(j.line, '{')
		for i, c := range columns {
			if i > 0 {
				j.line = append(j.line, ',')
			}
			j.line = append(j.line, j.names[i]...)
			j.line = c.appendJSON(j.line, row, &j.scratch)
		}
		j.line = append(j.line, '}')
		if !j.isList {
			j.line = append(j.line, '\n')
		}
		if _, err := j.w.Write(j.line); err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonWriter) end() error {
	if !j.isList {
		return nil
	}
	closing := "\n]\n"
	if j.rows == 0 {
		closing = "]\n"
	}
	_, err := io.WriteString(j.w, closing)
	return err
}

// markdownWriter writes a table as GitHub shows it.
type markdownWriter struct {
	w    io.Writer
	line []byte
}

func (m *markdownWriter) begin(fields []arrow.Field) error {
	m.line = append(m.line[:0], '|')
	rule := []byte("|")
	for _, field := range fields {
		m.line = append(m.line, ' ')
		m.line = appendMarkdown(m.line, []byte(field.Name))
		m.line = append(m.line, " |"...)
		if isNumeric(field.Type) {
			rule = append(rule, " ---: |"...)
		} else {
			rule = append(rule, " --- |"...)
		}
	}
	m.line = append(append(append(m.line, '\n'), rule...), '\n')
	_, err := m.w.Write(m.line)
	return err
}

func (m *markdownWriter) batch(batch arrow.RecordBatch) error {
	columns := columnsOf(batch)
	for row := range int(batch.NumRows()) {
		m.line = append(m.line[:0], '|')
		for _, c := range columns {
			m.line = append(m.line, ' ')
			if !c.IsNull(row) {
				m.line = appendMarkdown(m.line, c.add(nil, row))
			}
			m.line = append(m.line, " |"...)
		}
		if _, err := m.w.Write(append(m.line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

func (m *markdownWriter) end() error { return nil }

func appendMarkdown(to, text []byte) []byte {
	for _, b := range cleaned(text) {
		switch b {
		case '|', '\\', '<', '*', '_', '`', '[':
			to = append(to, '\\', b)
		case '\n':
			to = append(to, "<br>"...)
		case '\t':
			to = append(to, ' ')
		default:
			to = append(to, b)
		}
	}
	return to
}
