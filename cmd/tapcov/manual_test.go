package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/editions"
)

// The manual's page on SQL lists every table and column in the words that .describe uses. -update writes
// them into the page.
func TestManualDescribesEveryTable(t *testing.T) {
	const page, begin, end = "../../docs/sql.md", "<!-- generated: tables -->\n", "<!-- end -->\n"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no part between %q and %q", page, begin, end)
	}
	want := before + begin + tablesInWords(editions.Tables()) + end + after
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("%s is not what queries/catalog.yaml says; go test ./cmd/tapcov -run Manual -update writes it (-want +got):\n%s", page, diff)
	}
}

// tablesInWords writes tables as a page of Markdown.
func tablesInWords(tables []editions.TableInfo) string {
	var b strings.Builder
	for _, table := range tables {
		fmt.Fprintf(&b, "\n### %s\n\n%s. %s", table.Name, strings.ToUpper(table.Grain[:1])+table.Grain[1:], table.About)
		if table.NotFor != "" {
			fmt.Fprintf(&b, " Not for %s.", table.NotFor)
		}
		fmt.Fprintf(&b, " Source: %s.\n\n", table.Source)
		columns := table.Columns
		if table.Like != "" {
			for _, other := range tables {
				if other.Name == table.Like {
					columns = columns[len(other.Columns):]
				}
			}
			fmt.Fprintf(&b, "The columns of [%s](#%s), and:\n\n", table.Like, table.Like)
		}
		b.WriteString("| column | type | unit | meaning |\n| --- | --- | --- | --- |\n")
		for _, column := range columns {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", column.Name, column.Type, column.Unit, strings.ReplaceAll(column.Meaning, "|", `\|`))
		}
	}
	return b.String() + "\n"
}
