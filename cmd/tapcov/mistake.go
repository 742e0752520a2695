package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/cmd/tapcov/internal/shell"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// explainMistake says what is wrong with a statement, which may be a file's, shows where, and what may be
// meant.
func (p *program) explainMistake(m *engine.Mistake, file string) {
	place := ""
	switch {
	case file != "" && m.Line > 0:
		place = fmt.Sprintf("%s:%d:%d: ", file, m.Line, m.Column)
	case file != "":
		place = file + ": "
	}
	p.say("error", "%s%s", place, m.Words())
	if m.Line > 0 {
		for _, line := range pointAt(m, 80) {
			fmt.Fprintln(p.stderr, line)
		}
	}
	if hint := mistakeHint(m); hint != "" {
		p.hint("%s", hint)
	}
	if p.verbose {
		fmt.Fprintln(p.stderr, output.CleanLines(m.Detail))
	}
}

// mistakeHint says what a name may stand for, or how to find out.
func mistakeHint(m *engine.Mistake) string {
	if m.Kind == "permission" {
		return "--allow-files DIR lets it read the files of a folder"
	}
	if m.Name == "" {
		return keywordHint(m)
	}
	candidates := m.Candidates
	for _, table := range editions.Tables() {
		switch m.What {
		case "table":
			candidates = append(candidates, table.Name)
		case "column":
			for _, column := range table.Columns {
				if strings.Contains(m.Statement, table.Name) {
					candidates = append(candidates, column.Name)
				}
			}
		}
	}
	if nearest := fold.Nearest(m.Name, candidates); nearest != "" {
		return fmt.Sprintf("did you mean %q?", nearest)
	}
	switch m.What {
	case "table":
		return "the tables are " + strings.Join(tableNames(), ", ")
	case "column":
		return "describe TABLE lists the columns of a table"
	}
	return ""
}

var wordOfSQL = regexp.MustCompile(`[\pL_][\pL\d_]*`)

// keywordHint says which word of SQL the one at a syntax error, or the one before it, is likely a slip of.
func keywordHint(m *engine.Mistake) string {
	if m.Line == 0 || m.Kind != "parser" && m.Kind != "syntax" {
		return ""
	}
	words := []string{wordOfSQL.FindString(m.Statement[m.At:])}
	if before := wordOfSQL.FindAllString(m.Statement[:m.At], -1); len(before) > 0 {
		words = []string{before[len(before)-1], words[0]}
	}
	keywords := shell.Keywords()
	for _, word := range words {
		if len(word) < 3 || slices.Contains(keywords, strings.ToLower(word)) {
			continue
		}
		if nearest := fold.Nearest(word, keywords); nearest != "" {
			return fmt.Sprintf("did you mean %q for %q?", nearest, word)
		}
	}
	return ""
}

func tableNames() []string {
	var names []string
	for _, table := range editions.Tables() {
		names = append(names, table.Name)
	}
	return names
}

// pointAt shows the line of a mistake, or the part of it that fits into a width, and below it a caret.
func pointAt(m *engine.Mistake, width int) []string {
	prefix := fmt.Sprintf("%4d | ", m.Line)
	text := []rune(strings.ReplaceAll(output.Clean(strings.ReplaceAll(m.Text, "\t", " ")), "\r", ""))
	at := min(m.Column-1, len(text))
	start := 0
	for start < at && displayWidth(string(text[start:at])) > width/2 {
		start++
	}
	end := len(text)
	for end > at && displayWidth(string(text[start:end])) > width-len(prefix)-2 {
		end--
	}
	shown := string(text[start:end])
	indent := displayWidth(string(text[start:at]))
	if start > 0 {
		shown, indent = "…"+shown, indent+1
	}
	if end < len(text) {
		shown += "…"
	}
	return []string{prefix + shown, strings.Repeat(" ", len(prefix)+indent) + "^"}
}
