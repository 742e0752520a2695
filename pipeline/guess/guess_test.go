package guess_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// sharedData is the folder of real exports beside the project; tests that need it skip without it.
const sharedData = "../../../shared/data"

// load opens a workspace as it is.
func load(t *testing.T, dir string) *workspace.Workspace {
	t.Helper()
	ws, err := workspace.Load(dir, workspace.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

// run runs the pipeline on a workspace, which must succeed.
func run(t *testing.T, dir string) *pipeline.Summary {
	t.Helper()
	summary, err := pipeline.Run(t.Context(), load(t, dir), pipeline.Options{AsOf: time.Date(2017, 6, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return summary
}

// current opens the current edition of a workspace until the test ends.
func current(t *testing.T, dir string) *editions.Edition {
	t.Helper()
	edition, err := editions.Open(t.Context(), load(t, dir), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := edition.Close(); err != nil {
			t.Error(err)
		}
	})
	return edition
}

// rows returns what a query over the tables of an edition finds.
func rows(t *testing.T, edition *editions.Edition, query string, args ...any) [][]any {
	t.Helper()
	table, err := edition.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return table.Rows
}

// lend puts a link to a file into a folder under a name.
func lend(t *testing.T, file, target string) {
	t.Helper()
	absolute, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(absolute, target); err != nil {
		t.Fatal(err)
	}
}
