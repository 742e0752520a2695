package queries

import (
	"regexp"
	"strings"
)

// placeholder is a ? of a statement that stands for a value.
type placeholder struct{ line, offset int }

// token matches what a ? may stand in without being a placeholder (comments, literals, quoted names), and
// the placeholder itself.
var token = regexp.MustCompile(`(?s)--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\$.*?\$\$|\?`)

func placeholders(text string) []placeholder {
	var found []placeholder
	for _, at := range token.FindAllStringIndex(text, -1) {
		if text[at[0]] == '?' {
			found = append(found, placeholder{strings.Count(text[:at[0]], "\n") + 1, at[0]})
		}
	}
	return found
}

// Filled returns the statement with values in the place of its parameters, nil for null, so that it can
// be run where there are none. A comment after each value names the parameter.
func (q Query) Filled(values []any) string {
	var filled strings.Builder
	last := 0
	for i, place := range placeholders(q.SQL) {
		literal := "null"
		if text, ok := values[i].(string); ok {
			literal = "'" + strings.ReplaceAll(text, "'", "''") + "'"
		}
		filled.WriteString(q.SQL[last:place.offset] + literal + " /* " + q.Params[i].Name + " */")
		last = place.offset + 1
	}
	return filled.String() + q.SQL[last:]
}
