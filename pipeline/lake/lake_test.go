package lake

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var trials = flag.Int("trials", 20, "how often a publishing process is killed")

// TestMain lets the test binary play the other process: see child_test.go.
func TestMain(m *testing.M) {
	if role := os.Getenv(childRole); role != "" {
		os.Exit(playChild(role, os.Getenv(childLake)))
	}
	os.Exit(m.Run())
}

func open(t *testing.T, dir string) *Lake {
	t.Helper()
	l, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func lock(t *testing.T, l *Lake) *Writer {
	t.Helper()
	w, err := l.Lock(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// newLake returns the writer of an empty lake.
func newLake(t *testing.T) *Writer {
	t.Helper()
	return lock(t, open(t, filepath.Join(t.TempDir(), "lake")))
}

// put makes a finished file of the lake that holds text.
func put(w *Writer, path, text string) (File, error) {
	temp := w.Temp(path)
	if err := os.WriteFile(temp, []byte(text), 0o644); err != nil {
		return File{}, err
	}
	if err := Commit(temp, path); err != nil {
		return File{}, err
	}
	return w.Describe(path, int64(len(text)), "hash of "+text)
}

// grown returns what follows on base (nil for an empty lake): one more delivery and its snapshot, with
// their files in place.
func grown(w *Writer, base *Manifest) (*Manifest, error) {
	next := &Manifest{ToolVersion: "0.1.0", Inputs: Inputs{Rules: "rules-1", SQL: "sql-1"}}
	if base != nil {
		next.Deliveries, next.Snapshots = base.Deliveries, base.Snapshots
	}
	number := len(next.Deliveries) + 1
	id := fmt.Sprintf("inventory%06d", number)
	date := fmt.Sprintf("%04d-01-31", 2000+number)
	rows, err := put(w, w.InventoryPath(id), "rows of "+id)
	if err != nil {
		return nil, err
	}
	err = w.SaveInventory(&Inventory{ID: id, ExportID: "export of " + id, Source: "icbc", SnapshotDate: date, Rows: rows})
	if err != nil {
		return nil, err
	}
	if _, err := put(w, w.SettledPath(date, "key"), "terminals of "+date); err != nil {
		return nil, err
	}
	settled, err := w.WriteFacts(w.SettledPath(date, "key"), 1, "settled "+date, nil)
	if err != nil {
		return nil, err
	}
	next.Deliveries = append(next.Deliveries, Delivery{
		Source: "icbc", SnapshotDate: date, ExportID: "export of " + id, InventoryID: id,
		State: InForce, Files: []string{id + ".csv"}, Rows: rows,
	})
	next.Snapshots = append(next.Snapshots, Snapshot{
		Date: date, State: SnapshotComplete, Members: []Member{{InventoryID: id}}, Settled: settled,
	})
	return next, nil
}

// publishGrown publishes what follows on the current edition.
func publishGrown(w *Writer) (*Manifest, error) {
	current, err := w.Current()
	if err != nil {
		return nil, err
	}
	next, err := grown(w, current)
	if err != nil {
		return nil, err
	}
	published, err := w.Publish(next)
	if err == nil && !published {
		err = fmt.Errorf("edition %d was not published", next.Edition)
	}
	return next, err
}

func mustPublish(t *testing.T, w *Writer) *Manifest {
	t.Helper()
	manifest, err := publishGrown(w)
	if err != nil {
		t.Fatal(err)
	}
	return manifest
}

// wantError checks that err says all of that.
func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
}

func TestReadingCreatesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lake")
	l := open(t, dir)
	manifest, err := l.Current()
	if manifest != nil || err != nil {
		t.Errorf("Current = %v, %v; want nil, nil", manifest, err)
	}
	editions, err := l.Editions()
	if len(editions) != 0 || err != nil {
		t.Errorf("Editions = %v, %v; want none", editions, err)
	}
	runs, err := l.Runs()
	if len(runs) != 0 || err != nil {
		t.Errorf("Runs = %v, %v; want none", runs, err)
	}
	inventories, err := l.Inventories()
	if len(inventories) != 0 || err != nil {
		t.Errorf("Inventories = %v, %v; want none", inventories, err)
	}
	if _, err := l.Seen(false); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading made the folder %s", dir)
	}
}

func TestOpenRefusesWhatIsNoLake(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lake")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(file)
	wantError(t, err, file, "is not a folder")
}

func TestNewerFormatIsRefused(t *testing.T) {
	w := newLake(t)
	edition := mustPublish(t, w)
	check := func(name, path, text string, read func() error) {
		t.Helper()
		old, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		err = read()
		var newer *FormatError
		if !errors.As(err, &newer) {
			t.Errorf("%s: error %v, want a FormatError", name, err)
		} else if diff := cmp.Diff(&FormatError{Path: path, Format: Format + 1}, newer); diff != "" {
			t.Errorf("%s: %s", name, diff)
		} else {
			wantError(t, err, path, "use a newer tapcov")
		}
		if err := os.WriteFile(path, old, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	check("lake", w.path("format"), "2\n", func() error {
		_, err := Open(w.Dir())
		return err
	})
	check("lock", w.path("format"), "2\n", w.enter)
	// The newer format has made a number of what was a list.
	check("manifest", w.editionPath(1), `{"format": 2, "edition": 1, "deliveries": 7}`, func() error {
		_, err := w.Current()
		return err
	})
	check("inventory", sidecarPath(w.InventoryPath("inventory000001")), `{"lake_format": 2}`, func() error {
		_, err := w.Inventory("inventory000001")
		return err
	})
	settled := w.Abs(edition.Snapshots[0].Settled)
	check("facts", sidecarPath(settled), `{"format": 2}`, func() error {
		_, _, _, err := w.Facts(settled)
		return err
	})
}

func TestEverythingIsPrivate(t *testing.T) {
	w := newLake(t)
	mustPublish(t, w)
	run, err := w.StartRun([]string{"run"}, "0.1.0")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.FinishRun(run, Done, 0); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(w.Dir(), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if entry.IsDir() {
			want = 0o700
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestPaths(t *testing.T) {
	l := open(t, t.TempDir())
	got := []string{
		l.InventoryPath("ab12"), l.RejectsPath("ab12"), l.SettledPath("2017-01-31", "cd34"),
		l.MerchantsPath("2017-01-31", "cd34"), l.CoveragePath("2017-01-31", "cd34"), l.ClaimsPath("ef56"),
	}
	for i := range got {
		got[i] = strings.TrimPrefix(got[i], l.Dir()+"/")
	}
	want := []string{
		"inventory/ab12.parquet", "rejects/ab12.parquet", "settled/snapshot_date=2017-01-31/cd34.parquet",
		"merchants/snapshot_date=2017-01-31/cd34.parquet", "coverage/snapshot_date=2017-01-31/cd34.parquet",
		"claims/ef56.parquet",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLockNeedsAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l := &Lake{dir: filepath.Join(file, "lake")}
	_, err := l.Lock(context.Background(), false)
	wantError(t, err, "lock lake", file)
}
