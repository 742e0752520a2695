package queries

import (
	_ "embed"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the manual's page on named queries")

const manualPage = "../docs/queries.md"

// manualHead is what stands above the queries in the manual.
//
//go:embed testdata/manual.md
var manualHead string

// The manual's page says of every query what its header says.
func TestManualIsCurrent(t *testing.T) {
	want := manual()
	if *update {
		if err := os.WriteFile(manualPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(manualPage)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", manualPage, diff)
	}
}

func manual() string {
	var b strings.Builder
	b.WriteString("<!-- Written by `go test ./queries -update` from the headers in queries/library. -->\n" + manualHead)
	for _, topic := range Topics {
		fmt.Fprintf(&b, "\n## %s\n", topic.Title)
		for _, q := range Library() {
			if q.Topic == topic.Name {
				describe(&b, q)
			}
		}
	}
	return b.String()
}

func describe(b *strings.Builder, q Query) {
	fmt.Fprintf(b, "\n### %s\n\n**%s** %s.", q.Name, q.What, strings.ToUpper(q.Grain[:1])+q.Grain[1:])
	if q.NotFor != "" {
		fmt.Fprintf(b, " Not for %s.", q.NotFor)
	}
	if q.Limit > 0 {
		fmt.Fprintf(b, " A table shows the first %d rows.", q.Limit)
	}
	b.WriteString("\n")
	if len(q.Params) > 0 {
		b.WriteString("\n| parameter | takes | default | meaning |\n|---|---|---|---|\n")
	}
	for _, p := range q.Params {
		takes, value := string(p.Type), "`"+p.Default+"`"
		if p.Type == ChoiceParam {
			takes = strings.Join(p.Choices, ", ")
		}
		if p.Required {
			value = "must be given"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", p.Name, takes, value, cell(p.Meaning))
	}
	b.WriteString("\n| column | meaning |\n|---|---|\n")
	for _, c := range q.Columns {
		unit := ""
		if c.Unit != "" {
			unit = " (" + c.Unit + ")"
		}
		fmt.Fprintf(b, "| `%s` | %s%s |\n", c.Name, cell(c.Meaning), unit)
	}
}

// cell is a text as a cell of a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
