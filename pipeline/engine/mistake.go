package engine

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mistake is what DuckDB has against a statement, and where.
type Mistake struct {
	Message    string   // the first line of what DuckDB says
	Detail     string   // all of it
	Kind       string   // DuckDB's name for the kind: parser, binder, catalog, …
	Name       string   // the table, column or function that does not exist; "": something else is wrong
	What       string   // table, column, …  where Name is set
	Candidates []string // what DuckDB would take for Name, the nearest first
	Line       int      // from 1; 0: no place is known
	Column     int      // in characters from 1
	At         int      // the byte of the statement; 0: no place is known
	Text       string   // the line of the statement
	Statement  string
}

// Error says what is wrong.
func (m *Mistake) Error() string { return m.Words() }

// Words says what is wrong as tapcov says things.
func (m *Mistake) Words() string {
	switch {
	case m.Name != "" && strings.HasSuffix(m.What, "function"):
		return fmt.Sprintf("there is no function %q", m.Name)
	case m.Name != "" && (m.What == "table" || m.What == "column"):
		return fmt.Sprintf("there is no %s %q", m.What, m.Name)
	case m.Kind == "permission" && strings.HasPrefix(m.Message, "Cannot access"):
		file, _, _ := strings.Cut(strings.TrimPrefix(m.Message, "Cannot access "), " - ")
		return fmt.Sprintf("%s may not be read: a query reads the edition alone", file)
	}
	message := strings.TrimRight(m.Message, ".! ")
	first, size := utf8.DecodeRuneInString(message)
	if second, _ := utf8.DecodeRuneInString(message[size:]); !unicode.IsUpper(second) {
		message = string(unicode.ToLower(first)) + message[size:]
	}
	return message
}

// IsOfWords tells whether the words of the statement are wrong, and not what it met in the data.
func (m *Mistake) IsOfWords() bool {
	return slices.Contains([]string{"parser", "binder", "catalog", "permission", "syntax"}, m.Kind)
}

// newMistake reads the JSON that DuckDB puts into its messages when errors_as_json is set.
func newMistake(statement, message string) *Mistake {
	m := &Mistake{Message: message, Detail: message, Statement: statement}
	start := strings.IndexByte(message, '{')
	var said struct {
		Kind       string `json:"exception_type"`
		ParserKind string `json:"error_type"` // as json_serialize_sql writes it
		Message    string `json:"exception_message"`
		ParserSaid string `json:"error_message"`
		Subtype    string `json:"error_subtype"`
		Name       string `json:"name"`
		Type       string `json:"type"`
		Candidates string `json:"candidates"`
		Position   string `json:"position"`
	}
	if start < 0 || json.Unmarshal([]byte(message[start:]), &said) != nil {
		m.Message, _, _ = strings.Cut(message, "\n")
		return m
	}
	m.Kind, m.Detail = strings.ToLower(cmp.Or(said.Kind, said.ParserKind)), cmp.Or(said.Message, said.ParserSaid)
	m.Message, _, _ = strings.Cut(m.Detail, "\n")
	switch said.Subtype {
	case "COLUMN_NOT_FOUND":
		m.Name, m.What = said.Name, "column"
	case "MISSING_ENTRY":
		m.Name, m.What = said.Name, strings.ToLower(said.Type)
	}
	if said.Candidates != "" && m.Name != "" {
		for _, candidate := range strings.Split(said.Candidates, ",") {
			m.Candidates = append(m.Candidates, strings.Trim(candidate, ` "`))
		}
	}
	if at, err := strconv.Atoi(said.Position); err == nil && at <= len(statement) {
		m.place(statement, at)
	}
	return m
}

// place finds line and column of a byte of the statement.
func (m *Mistake) place(statement string, at int) {
	before := statement[:at]
	start := strings.LastIndexByte(before, '\n') + 1
	m.At = at
	m.Line = strings.Count(before, "\n") + 1
	m.Column = utf8.RuneCountInString(statement[start:at]) + 1
	m.Text, _, _ = strings.Cut(statement[start:], "\n")
}
