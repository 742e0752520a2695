package queries

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// HeaderProblem is something wrong in the header of a query.
type HeaderProblem struct {
	File   string
	Line   int
	What   string
	Word   string   // the word that is not known; "": it is something else
	Wanted []string // the words that are
}

// Error says where, what is wrong, and what there is instead.
func (p *HeaderProblem) Error() string {
	text := fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.What)
	if len(p.Wanted) > 0 {
		text += "; there are " + strings.Join(p.Wanted, ", ")
	}
	return text
}

// ParseQuery reads a query: comment lines that say what it is, and one statement.
//
//	-- NAME: one row per …, the grain
//	-- what: the question
//	-- topic: one of Topics
//	-- reads: the tables that it reads
//	-- not for: what it must not be used for
//	-- limit: how many rows are shown unless more are asked for
//	-- shown: columns that a narrow table keeps
//	-- param NAME TYPE = DEFAULT: what it stands for
//	-- columns of TABLE: columns that mean what they mean in that table
//	-- column NAME: what it means
//
// A line that begins with more than two blanks goes on with the one above it. Comments of any other
// shape say nothing. All a query needs is its statement: its name is the file's.
func ParseQuery(file, text string) (Query, []*HeaderProblem) {
	p := &headerParser{file: file, query: Query{
		Name: strings.TrimSuffix(filepath.Base(file), ".sql"), SQL: text, File: file,
	}}
	for _, entry := range entriesOf(text) {
		p.entry(entry)
	}
	if places := placeholders(text); len(p.problems) == 0 && len(places) != len(p.query.Params) {
		line := 1
		if len(places) > len(p.query.Params) {
			line = places[len(p.query.Params)].line
		}
		p.problem(line, fmt.Sprintf("the statement has %d ? and the header %d parameters", len(places), len(p.query.Params)))
	}
	return p.query, p.problems
}

// entry is one thing that a header says.
type entry struct {
	line      int
	key, text string
}

var (
	entryLine = regexp.MustCompile(`^-- ?((?:param|column|columns of) [^:]*|not for|[\p{L}\p{N}_.-]+):\s*(.*)$`)
	noMeaning = regexp.MustCompile(`^-- ?(param [^:]*)()$`)
	goesOn    = regexp.MustCompile(`^--\s{3,}(\S.*)$`)
)

// entriesOf returns what the comment lines at the head of a query say.
func entriesOf(text string) []entry {
	var entries []entry
	isOpen := false
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, " \r")
		if !strings.HasPrefix(line, "--") {
			break
		}
		if more := goesOn.FindStringSubmatch(line); more != nil && isOpen {
			entries[len(entries)-1].text = strings.TrimSpace(entries[len(entries)-1].text + " " + more[1])
			continue
		}
		found := entryLine.FindStringSubmatch(line)
		if found == nil {
			found = noMeaning.FindStringSubmatch(line)
		}
		if isOpen = found != nil; isOpen {
			entries = append(entries, entry{i + 1, strings.Join(strings.Fields(found[1]), " "), found[2]})
		}
	}
	return entries
}

type headerParser struct {
	file     string
	query    Query
	problems []*HeaderProblem
}

func (p *headerParser) problem(line int, what string) {
	p.problems = append(p.problems, &HeaderProblem{File: p.file, Line: line, What: what})
}

func (p *headerParser) unknown(line int, what, word string, wanted []string) {
	p.problems = append(p.problems, &HeaderProblem{
		File: p.file, Line: line, What: fmt.Sprintf("there is no %s %q", what, word), Word: word, Wanted: wanted,
	})
}

func (p *headerParser) entry(e entry) {
	key, rest, _ := strings.Cut(e.key, " ")
	switch {
	case e.key == p.query.Name:
		p.query.Grain = strings.TrimSuffix(e.text, ".")
	case e.key == "what":
		p.query.What = e.text
	case e.key == "topic":
		p.query.Topic = e.text
		if topicPlace(e.text) < 0 {
			var names []string
			for _, topic := range Topics {
				names = append(names, topic.Name)
			}
			p.unknown(e.line, "topic", e.text, names)
		}
	case e.key == "reads":
		p.query.Reads = e.text
	case e.key == "not for":
		p.query.NotFor = e.text
	case e.key == "limit":
		limit, err := strconv.Atoi(e.text)
		if err != nil || limit < 0 {
			p.problem(e.line, fmt.Sprintf("limit %q is no number of rows", e.text))
		}
		p.query.Limit = limit
	case e.key == "shown":
		p.query.Shown = names(e.text)
	case key == "param":
		p.param(e, rest)
	case key == "columns":
		p.columnsOf(e, strings.TrimPrefix(rest, "of "))
	case key == "column":
		p.column(e, Column{Name: rest, Meaning: e.text})
	case strings.HasPrefix(e.text, "one row"):
		p.problem(e.line, fmt.Sprintf("the header is of %q, the file of %q: a query has the name of its file", e.key, p.query.Name))
	}
}

var paramWords = regexp.MustCompile(`^(\S+) ([a-z]+)(?: ?\(([^)]*)\))?(?: ?= ?(.*))?$`)

func (p *headerParser) param(e entry, words string) {
	found := paramWords.FindStringSubmatch(words)
	if found == nil {
		p.problem(e.line, fmt.Sprintf("parameter %q is not of the form NAME TYPE = DEFAULT", words))
		return
	}
	param := Param{Name: found[1], Type: ParamType(found[2]), Default: found[4], Meaning: e.text, Required: !strings.Contains(words, "=")}
	switch {
	case !slices.Contains(paramTypes, param.Type):
		var wanted []string
		for _, known := range paramTypes {
			wanted = append(wanted, string(known))
		}
		p.unknown(e.line, "type of parameter", found[2], wanted)
		return
	case !paramName.MatchString(param.Name):
		p.problem(e.line, fmt.Sprintf("the parameter's name %q is not of letters, digits and _", param.Name))
		return
	case slices.ContainsFunc(p.query.Params, func(other Param) bool { return other.Name == param.Name }):
		p.problem(e.line, fmt.Sprintf("parameter %q stands there twice", param.Name))
		return
	}
	if param.Type == ChoiceParam {
		param.Choices = names(found[3])
		if len(param.Choices) == 0 {
			p.problem(e.line, fmt.Sprintf("parameter %q has no choices: write choice(one, other)", param.Name))
		}
	}
	p.query.Params = append(p.query.Params, param)
}

var paramName = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_]*$`)

func (p *headerParser) column(e entry, column Column) {
	if slices.ContainsFunc(p.query.Columns, func(other Column) bool { return other.Name == column.Name }) {
		p.problem(e.line, fmt.Sprintf("column %q stands there twice", column.Name))
		return
	}
	p.query.Columns = append(p.query.Columns, column)
}

// columnsOf takes over what the catalogue says of columns.
func (p *headerParser) columnsOf(e entry, name string) {
	table, ok := Describe(name)
	if !ok {
		var known []string
		for _, t := range readCatalog() {
			known = append(known, t.Name)
		}
		p.unknown(e.line, "table", name, known)
		return
	}
	for _, wanted := range names(e.text) {
		at := slices.IndexFunc(table.Columns, func(c Column) bool { return c.Name == wanted })
		if at < 0 {
			var known []string
			for _, c := range table.Columns {
				known = append(known, c.Name)
			}
			p.unknown(e.line, "column of "+name, wanted, known)
			continue
		}
		p.column(e, table.Columns[at])
	}
}

// names splits a list at its commas.
func names(list string) []string {
	var found []string
	for _, name := range strings.Split(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			found = append(found, name)
		}
	}
	return found
}
