package shell

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/result"
	"github.com/tapcov/tapcov/pipeline/editions"
)

// Candidate is what a word may become.
type Candidate struct{ Value, About string }

// Keywords lists the words of SQL that are completed.
func Keywords() []string {
	return strings.Fields(`
		all and as asc between by case cast coalesce count cross current_date date describe desc distinct else end
		except exists explain false filter from full group having in inner intersect interval is join left like
		limit max min not null nullif offset on or order over partition qualify round select sum summarize then
		true union using values when where with`)
}

// unfinished matches the word that the text before the cursor ends in, and what stands before a dot.
var unfinished = regexp.MustCompile(`(?:([\pL_][\pL\d_]*)\.)?([\pL_][\pL\d_]*)?$`)

// Complete returns what the word at the end of a text may become, and the word.
func Complete(text string) (word string, candidates []Candidate) {
	if trimmed := strings.TrimLeft(text, " \n\t"); strings.HasPrefix(trimmed, ".") {
		return completeCommand(trimmed)
	}
	if strings.Count(text, "'")%2 == 1 {
		return "", nil // within a literal
	}
	found := unfinished.FindStringSubmatch(text)
	owner, word := strings.ToLower(found[1]), found[2]
	if owner != "" {
		return word, matching(word, columnsOf(owner, text))
	}
	if word == "" {
		return "", nil
	}
	var all []Candidate
	for _, table := range editions.Tables() {
		all = append(all, Candidate{table.Name, table.Grain})
		if mentions(text, table.Name) {
			for _, column := range table.Columns {
				all = append(all, Candidate{column.Name, column.Meaning})
			}
		}
	}
	for _, keyword := range Keywords() {
		all = append(all, Candidate{Value: keyword})
	}
	return word, matching(word, all)
}

func completeCommand(line string) (word string, candidates []Candidate) {
	words := strings.Fields(line)
	if len(words) == 1 && !strings.HasSuffix(line, " ") {
		for _, c := range dotCommands() {
			candidates = append(candidates, Candidate{c.name, c.about})
		}
		return line, matching(line, candidates)
	}
	if !strings.HasSuffix(line, " ") {
		word = words[len(words)-1]
	}
	switch words[0] {
	case ".describe", ".schema":
		for _, table := range editions.Tables() {
			candidates = append(candidates, Candidate{table.Name, table.Grain})
		}
	case ".mode":
		for _, format := range result.Formats {
			candidates = append(candidates, Candidate{Value: string(format)})
		}
	case ".query":
		candidates = completeQuery(words, strings.HasSuffix(line, " "))
	case ".timer":
		candidates = []Candidate{{Value: "on"}, {Value: "off"}}
	}
	return word, matching(word, candidates)
}

// matching keeps the candidates that begin with a word, each once.
func matching(word string, candidates []Candidate) (kept []Candidate) {
	word = strings.ToLower(word)
	for _, c := range candidates {
		if strings.HasPrefix(c.Value, word) && !slices.ContainsFunc(kept, func(k Candidate) bool { return k.Value == c.Value }) {
			kept = append(kept, c)
		}
	}
	return kept
}

// columnsOf returns the columns of what stands before a dot: a table, or the alias of one.
func columnsOf(owner, text string) (columns []Candidate) {
	for _, table := range editions.Tables() {
		alias := regexp.MustCompile(`(?i)\b` + table.Name + `\s+(?:as\s+)?` + regexp.QuoteMeta(owner) + `\b`)
		if table.Name != owner && !alias.MatchString(text) {
			continue
		}
		for _, column := range table.Columns {
			columns = append(columns, Candidate{column.Name, column.Meaning})
		}
	}
	return columns
}

// mentions tells whether a text has a name as a word of its own.
func mentions(text, name string) bool {
	return regexp.MustCompile(`(?i)\b` + name + `\b`).MatchString(text)
}
