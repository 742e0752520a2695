package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// sampleParams are parameters without which a query has no answer.
var sampleParams = map[string]map[string]string{
	"merchant_terminals": {"merchant": "901350172300001"},
	"terminal_history":   {"terminal": "00010021"},
}

// unanswered are the queries for which the sample has nothing: it tells no licences, and taps of every
// model that it tells transactions of. testdata/script/query.txtar asks them.
var unanswered = []string{"licence_cohorts", "models_never_tapped"}

// goldenRows is how many rows of an answer are kept.
const goldenRows = 25

// Every query of the library is asked of the sample, and its answer compared with the one that was looked
// at: testdata/query, rewritten by -update.
func TestQueriesOnTheSample(t *testing.T) {
	demo := filepath.Join(t.TempDir(), "demo")
	if code := run(t.Context(), []string{"demo", demo}, new(bytes.Buffer), new(bytes.Buffer)); code != pipeline.ExitDone && code != pipeline.ExitSetAside {
		t.Fatalf("exit code %d", code)
	}
	ws, err := workspace.Load(demo, workspace.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	session, err := editions.OpenSession(t.Context(), ws, editions.SessionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	library, err := editions.LoadLibrary(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range library.Queries {
		t.Run(query.Name, func(t *testing.T) {
			values, err := session.Asked().Bind(query, sampleParams[query.Name])
			if err != nil {
				t.Fatal(err)
			}
			table, _, err := session.Ask(t.Context(), query, values, goldenRows)
			if err != nil {
				t.Fatal(err)
			}
			checkAnswer(t, query, table)
		})
	}
}

// checkAnswer holds an answer against the golden one, its columns against the header of the query, and its
// table against the width of a terminal.
func checkAnswer(t *testing.T, query editions.NamedQuery, table *editions.Table) {
	t.Helper()
	rows := output.Rows{Columns: table.Columns, Values: table.Rows}
	var answer bytes.Buffer
	if err := rows.Write(&answer, "csv", 0); err != nil {
		t.Fatal(err)
	}
	compareGolden(t, filepath.Join("testdata", "query", query.Name+".csv"), answer.String())
	if len(table.Rows) == 0 != slices.Contains(unanswered, query.Name) {
		t.Errorf("%d rows", len(table.Rows))
	}
	var described []string
	for _, column := range query.Columns {
		described = append(described, column.Name)
	}
	if diff := cmp.Diff(described, table.Columns); diff != "" {
		t.Errorf("its header and its answer differ (-header +answer):\n%s", diff)
	}
	var shown bytes.Buffer
	if err := rows.Write(&shown, "table", 80, query.Shown...); err != nil {
		t.Fatal(err)
	}
	checkWidth(t, shown.String())
}

func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", file, diff)
	}
}

func TestQueryListIsComplete(t *testing.T) {
	var rows []struct{ Name, What, Topic string }
	if err := json.Unmarshal([]byte(must(t, "query", "--format", "json")), &rows); err != nil {
		t.Fatal(err)
	}
	list := must(t, "query")
	checkWidth(t, list)
	for _, row := range rows {
		if !strings.Contains(list, "\n  "+row.Name+" ") || row.What == "" || row.Topic == "" {
			t.Errorf("%+v is not in the list, or not described", row)
		}
	}
	if len(rows) < 24 {
		t.Errorf("%d queries", len(rows))
	}
}
