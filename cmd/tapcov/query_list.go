package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/pipeline/editions"
)

// listQueries prints what can be asked: for people in groups, else one row per query.
func (p *program) listQueries(library *editions.Library, format string) error {
	if err := checkFormat(format); err != nil {
		return err
	}
	if format == "table" {
		if err := p.printQueries(library); err != nil {
			return err
		}
	} else {
		t := &editions.Table{Columns: []string{"name", "topic", "what", "grain", "params", "file"}, Rows: [][]any{}}
		for _, q := range library.Queries {
			var params []string
			for _, param := range q.Params {
				params = append(params, param.Name+"="+param.Default)
			}
			t.Rows = append(t.Rows, []any{q.Name, absent(q.Topic), absent(q.What), absent(q.Grain), strings.Join(params, " "), absent(q.File)})
		}
		if err := p.print(t, format); err != nil {
			return err
		}
	}
	for _, name := range library.Shadowed {
		p.warn("queries/%s.sql hides the query of that name that comes with tapcov", name)
	}
	for _, name := range slices.Sorted(maps.Keys(library.Broken)) {
		for _, line := range strings.Split(library.Broken[name].Error(), "\n") {
			p.warn("%s", line)
		}
	}
	return nil
}

func absent(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// printQueries prints queries by topic, each with its question beside it, wrapped.
func (p *program) printQueries(library *editions.Library) error {
	longest := 0
	for _, q := range library.Queries {
		longest = max(longest, displayWidth(q.Name))
	}
	longest = min(longest, 30)
	titles := map[string]string{"": "Queries of this workspace"}
	for _, topic := range editions.QueryTopics() {
		titles[topic.Name] = topic.Title
	}
	room := min(width(p.stdout), 120) - longest - 4
	topic := "none yet"
	var b strings.Builder
	for _, q := range library.Queries {
		of := q.Topic
		if q.File != "" {
			of = ""
		}
		if of != topic {
			if topic != "none yet" {
				b.WriteByte('\n')
			}
			topic = of
			fmt.Fprintln(&b, titles[topic])
		}
		name := q.Name + strings.Repeat(" ", max(0, longest-displayWidth(q.Name)))
		for _, line := range wrap(cmp.Or(q.What, q.Grain, "–"), room) {
			fmt.Fprintf(&b, "  %s  %s\n", name, line)
			name = strings.Repeat(" ", longest)
		}
	}
	_, err := fmt.Fprint(p.stdout, output.CleanLines(b.String()))
	return err
}

// wrap breaks a text at blanks into lines no wider than room, Chinese characters counted as two.
func wrap(text string, room int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case displayWidth(*last)+1+displayWidth(word) <= room:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}
