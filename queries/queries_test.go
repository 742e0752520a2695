package queries

import (
	"regexp"
	"strings"
	"testing"
)

// banned is what runs on DuckDB and not on Trino, or reads badly.
var banned = map[string]*regexp.Regexp{
	"a cast by two colons":           regexp.MustCompile(`::`),
	"qualify":                        regexp.MustCompile(`\bqualify\b`),
	"group by all":                   regexp.MustCompile(`\b(group|order) by all\b`),
	"group by position":              regexp.MustCompile(`\bgroup by\s+\d`),
	"a trailing comma":               regexp.MustCompile(`,\s*\n\s*(from\b|where|group|order|\))`),
	"enum, unsigned or hugeint":      regexp.MustCompile(`\b(enum|u(tiny|small|big)?int(eger)?|hugeint)\b`),
	"greatest or least":              regexp.MustCompile(`\b(greatest|least)\(`),
	"left(…)":                        regexp.MustCompile(`\bleft\(`),
	"sum or avg of distinct":         regexp.MustCompile(`\b(sum|avg)\(distinct\b`),
	"upper case keywords":            regexp.MustCompile(`\b(SELECT|FROM|WHERE|JOIN|GROUP|ORDER|CASE|WHEN)\b`),
	"a right join":                   regexp.MustCompile(`\bright join\b`),
	"exclude or replace in select":   regexp.MustCompile(`\*\s+(exclude|replace)\b`),
	"an implicit lambda":             regexp.MustCompile(`->`),
	"a semicolon":                    regexp.MustCompile(`;\s*$`),
	"a tab":                          regexp.MustCompile(`\t`),
	"white space at a line's end":    regexp.MustCompile(`(?m)[ ]+$`),
	"concat(…), where || will do":    regexp.MustCompile(`\bconcat\(`),
	"a double-quoted identifier":     regexp.MustCompile(`"`),
	"select distinct over a fan-out": regexp.MustCompile(`\bselect distinct\b`),
}

var (
	header = regexp.MustCompile(`^-- [a-z_]+:\s+one row|^-- [a-z_]+:\s+(the inventory rows|counts of terminals)`)
	reads  = regexp.MustCompile(`(?m)^-- reads: `)
)

func TestEveryQueryKeepsTheRules(t *testing.T) {
	names := Names()
	if len(names) < 15 {
		t.Fatalf("only %d queries are embedded: %v", len(names), names)
	}
	for _, name := range names {
		text := Text(name)
		statement := code(text)
		for what, pattern := range banned {
			if found := pattern.FindString(statement); found != "" {
				t.Errorf("%s: %s: %q", name, what, found)
			}
		}
		if !header.MatchString(text) {
			t.Errorf("%s: its first line does not say the name and the grain: %q", name, firstLine(text))
		}
		if !reads.MatchString(text) {
			t.Errorf("%s: its header does not say what it reads", name)
		}
		if !strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\n\n") {
			t.Errorf("%s: does not end with one line end", name)
		}
		for i, line := range strings.Split(text, "\n") {
			if len([]rune(line)) > 100 {
				t.Errorf("%s:%d: %d characters, want 100 at most", name, i+1, len([]rune(line)))
			}
		}
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// code is a query without its comments.
func code(text string) string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			lines = append(lines, line)
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
