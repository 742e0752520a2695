package pipeline_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/sample"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

var trials = flag.Int("trials", 20, "how often a run is killed; 3 with -short")

// childWorkspace is the environment that makes the test binary a run on a workspace, to be killed.
const childWorkspace = "TAPCOV_TEST_RUN"

func TestMain(m *testing.M) {
	flag.Parse()
	if dir := os.Getenv(childWorkspace); dir != "" {
		os.Exit(runChild(dir))
	}
	code := m.Run()
	if err := os.RemoveAll(sampleHome); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// asOf is the day on which the tests run the pipeline, unless a test is about days.
var asOf = time.Date(2017, 6, 1, 0, 0, 0, 0, time.UTC)

// load opens a workspace as it is, with settings laid over it (limits.threads, 1).
func load(t *testing.T, dir string, settings ...string) *workspace.Workspace {
	t.Helper()
	overrides := workspace.Overrides{Flags: map[string]string{}}
	for i := 0; i < len(settings); i += 2 {
		overrides.Flags[settings[i]] = settings[i+1]
	}
	ws, err := workspace.Load(dir, overrides)
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

// run runs the pipeline on a workspace, which must succeed.
func run(t *testing.T, dir string, settings ...string) *pipeline.Summary {
	t.Helper()
	return runWith(t, load(t, dir, settings...), pipeline.Options{AsOf: asOf})
}

func runWith(t *testing.T, ws *workspace.Workspace, options pipeline.Options) *pipeline.Summary {
	t.Helper()
	summary, err := pipeline.Run(t.Context(), ws, options)
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

// rows returns what a query over the views of an edition finds.
func rows(t *testing.T, edition *editions.Edition, query string, args ...any) [][]any {
	t.Helper()
	table, err := edition.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return table.Rows
}

// tallyOf decodes the accounts that a stage left in the lake.
func tallyOf[T any](t *testing.T, text json.RawMessage) T {
	t.Helper()
	var tally T
	if err := json.Unmarshal(text, &tally); err != nil {
		t.Fatal(err)
	}
	return tally
}

// inventories returns the inventories of a workspace's lake by the id of the export.
func inventories(t *testing.T, dir string) map[string]*lake.Inventory {
	t.Helper()
	opened, err := lake.Open(filepath.Join(dir, "lake"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := opened.Inventories()
	if err != nil {
		t.Fatal(err)
	}
	byExport := map[string]*lake.Inventory{}
	for _, inventory := range all {
		byExport[inventory.ExportID] = inventory
	}
	return byExport
}

// sampleHome is where the sample lies that every test may read and none may change, and sampleTook
// how long the one run on it took.
var (
	sampleHome string
	sampleTook time.Duration
)

// sampleRun writes the sample and runs it once, undisturbed.
var sampleRun = sync.OnceValues(func() (summary *pipeline.Summary, err error) {
	if sampleHome, err = os.MkdirTemp("", "tapcov-sample-*"); err != nil {
		return nil, err
	}
	if err := sample.Write(sampleHome); err != nil {
		return nil, err
	}
	if err := age(filepath.Join(sampleHome, "inbox")); err != nil {
		return nil, err
	}
	ws, err := workspace.Load(sampleHome, workspace.Overrides{})
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	defer func() { sampleTook = time.Since(begun) }()
	return pipeline.Run(context.Background(), ws, pipeline.Options{AsOf: asOf})
})

// age makes every file below a folder an hour old: only what has not changed for a while is trusted
// to be what it was.
func age(dir string) error {
	then := time.Now().Add(-time.Hour)
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return os.Chtimes(path, then, then)
	})
}

// sampleSummary returns the summary of the one run of the sample, which lies in sampleHome.
func sampleSummary(t *testing.T) *pipeline.Summary {
	t.Helper()
	summary, err := sampleRun()
	if err != nil {
		t.Fatal(err)
	}
	return summary
}

// sampleEdition opens the edition of the sample.
func sampleEdition(t *testing.T) *editions.Edition {
	t.Helper()
	sampleSummary(t)
	return current(t, sampleHome)
}

// lend puts a file into a folder under a name: a link if the file system can, so that no bytes are
// copied.
func lend(t *testing.T, file, target string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		t.Fatal(err)
	}
	absolute, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(absolute, target); err != nil {
		t.Fatal(err)
	}
}
