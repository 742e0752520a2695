package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	eastasian "golang.org/x/text/width"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/lake"
)

// columnsOf is how many columns of a terminal a line takes.
func columnsOf(line string) int {
	columns := 0
	for _, r := range line {
		switch eastasian.LookupRune(r).Kind() {
		case eastasian.EastAsianWide, eastasian.EastAsianFullwidth:
			columns += 2
		default:
			columns++
		}
	}
	return columns
}

func checkWidth(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if n := columnsOf(line); n > 80 && !strings.HasPrefix(line, "report: ") { // a path stays whole
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// must runs the program and returns what it prints.
func must(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), args, &stdout, &stderr); code != 0 {
		t.Fatalf("tapcov %s: exit code %d\n%s", strings.Join(args, " "), code, stderr.String())
	}
	return stdout.String()
}

// TestTablesFit prints every table of the sample, which is full of Chinese names, for a terminal of 80 columns.
func TestTablesFit(t *testing.T) {
	t.Chdir(t.TempDir())
	summary := must(t, "demo", "sample")
	if !strings.Contains(summary, "2017-01-31  complete") {
		t.Errorf("the summary does not have the last snapshot:\n%s", summary)
	}
	checkWidth(t, summary)
	t.Setenv("TAPCOV_WORKSPACE", "sample")
	for _, level := range levels(t) {
		table := must(t, "coverage", "--by", level)
		checkWidth(t, table)
		checkAligned(t, table)
	}
	checkWidth(t, must(t, "coverage", "--snapshot", "all", "--by", "brand"))
	for _, args := range [][]string{
		{"claims"}, {"status"}, {"plan"}, {"rejects", "--limit", "0"}, {"rules", "list"}, {"config", "check", "--show"},
	} {
		checkWidth(t, must(t, args...))
	}
	figures, _, _ := strings.Cut(must(t, "claims", "--figures"), "\n\n") // then come sources, which are long
	checkWidth(t, figures)
}

// levels lists the levels of coverage as the program tells them to whoever misspells one.
func levels(t *testing.T) []string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	run(t.Context(), []string{"coverage", "--by", "nowhere"}, &stdout, &stderr)
	_, list, found := strings.Cut(strings.TrimSpace(stderr.String()), "; there are ")
	if !found {
		t.Fatalf("no levels in %q", stderr.String())
	}
	return strings.Split(list, ", ")
}

// checkAligned wants the last column, which is set right, to end at one place in every row.
func checkAligned(t *testing.T, table string) {
	t.Helper()
	rows := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	if len(rows) < 2 {
		t.Errorf("no rows:\n%s", table)
	}
	for _, row := range rows {
		if columnsOf(row) != columnsOf(rows[0]) {
			t.Errorf("%d columns, the header has %d: %s", columnsOf(row), columnsOf(rows[0]), row)
		}
	}
}

// The summary of a month of forty million terminals fits as well, and keeps the share whole.
func TestSummaryOfMillionsFits(t *testing.T) {
	var b bytes.Buffer
	p := &program{stdout: &b, stderr: &b}
	err := p.printSummary(&pipeline.Summary{
		Edition: 120, ReadFiles: 60,
		Snapshots: []pipeline.SnapshotSummary{{
			Date: "2017-01-31", State: lake.SnapshotComplete, Exports: 60, Carried: 3,
			Rows: 43_210_987, Terminals: 40_123_456, Rejects: 234_567, Share: "57.91%–63.24%",
		}},
		Claims: []string{"claim S1: undetermined: " + strings.Repeat("2017-01-31 undetermined, ", 12) + "2017-02-28 不可比"},
	}, "table", 75*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	checkWidth(t, b.String())
	if !strings.Contains(b.String(), " 57.91%–63.24%\n") {
		t.Errorf("the share is cut:\n%s", b.String())
	}
}
