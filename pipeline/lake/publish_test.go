package lake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPublish(t *testing.T) {
	w := newLake(t)
	first := mustPublish(t, w)
	second := mustPublish(t, w)
	if first.Edition != 1 || second.Edition != 2 {
		t.Errorf("editions %d and %d, want 1 and 2", first.Edition, second.Edition)
	}
	current, err := w.Current()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(second, current); diff != "" {
		t.Error(diff)
	}
	old, err := w.Manifest(1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(1, len(old.Deliveries)); diff != "" {
		t.Error(diff)
	}
	editions, err := w.Editions()
	if err != nil {
		t.Fatal(err)
	}
	want := []EditionInfo{
		{Edition: 1, Fingerprint: first.Fingerprint, ToolVersion: "0.1.0", Snapshots: 1, Newest: "2001-01-31"},
		{Edition: 2, IsCurrent: true, Fingerprint: second.Fingerprint, ToolVersion: "0.1.0", Snapshots: 2, Newest: "2002-01-31"},
	}
	if diff := cmp.Diff(want, editions); diff != "" {
		t.Error(diff)
	}
}

func TestPublishNothingNew(t *testing.T) {
	w := newLake(t)
	first := mustPublish(t, w)
	again := *first
	again.Edition, again.ToolVersion = 0, "0.2.0"
	published, err := w.Publish(&again)
	if err != nil || published {
		t.Errorf("Publish = %t, %v; want false and no error", published, err)
	}
	if again.Edition != 1 || again.Fingerprint != first.Fingerprint {
		t.Errorf("edition %d %s, want that of edition 1", again.Edition, again.Fingerprint)
	}
	if editions, err := w.Editions(); err != nil || len(editions) != 1 {
		t.Errorf("%d editions, %v; want 1", len(editions), err)
	}
}

// The names under which exports were delivered are printed in reports, so a new one is a new edition,
// with the fingerprint of the same numbers.
func TestPublishNewName(t *testing.T) {
	w := newLake(t)
	first := mustPublish(t, w)
	again := *first
	again.Deliveries = slices.Clone(first.Deliveries)
	again.Deliveries[0].Files = []string{"another name.csv"}
	published, err := w.Publish(&again)
	if err != nil || !published || again.Edition != 2 || again.Fingerprint != first.Fingerprint {
		t.Errorf("Publish = %t, %v: edition %d %s, want edition 2 of the same fingerprint", published, err, again.Edition, again.Fingerprint)
	}
}

// A file that was damaged and made again has the same rows in other bytes: only a new manifest can
// say so.
func TestPublishHeals(t *testing.T) {
	w := newLake(t)
	first := mustPublish(t, w)
	settled := &first.Snapshots[0].Settled
	path := w.Abs(*settled)
	if err := os.WriteFile(path, []byte("packed otherwise"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, known, err := w.Facts(path); known || err != nil {
		t.Errorf("Facts = %t, %v; want false", known, err)
	}
	healed, err := w.WriteFacts(path, settled.Rows, settled.Hash, nil)
	if err != nil {
		t.Fatal(err)
	}
	fingerprint := first.Fingerprint
	*settled = healed
	published, err := w.Publish(first)
	if err != nil || !published {
		t.Fatalf("Publish = %t, %v; want true", published, err)
	}
	if first.Edition != 2 || first.Fingerprint != fingerprint {
		t.Errorf("edition %d %s, want 2 with the fingerprint of 1", first.Edition, first.Fingerprint)
	}
}

// A run that was killed between manifest and pointer is completed under the same number.
func TestPublishTakesUpWhatWasLeft(t *testing.T) {
	w := newLake(t)
	mustPublish(t, w)
	second := mustPublish(t, w)
	if err := w.point(1); err != nil {
		t.Fatal(err)
	}
	again := mustPublish(t, w)
	if again.Edition != 2 || again.Fingerprint != second.Fingerprint {
		t.Errorf("edition %d, want 2 again", again.Edition)
	}
	if numbers, err := w.numbers(); err != nil || len(numbers) != 2 {
		t.Errorf("editions %v, %v; want two", numbers, err)
	}
}

// The same, where there was no edition before.
func TestPublishTakesUpTheFirst(t *testing.T) {
	w := newLake(t)
	first := mustPublish(t, w)
	if err := w.point(0); err != nil {
		t.Fatal(err)
	}
	if manifest, err := w.Current(); manifest != nil || err != nil {
		t.Errorf("Current = %v, %v; want nothing published", manifest, err)
	}
	again := mustPublish(t, w)
	if again.Edition != 1 || again.Fingerprint != first.Fingerprint {
		t.Errorf("edition %d, want 1 again", again.Edition)
	}
}

func TestPoint(t *testing.T) {
	w := newLake(t)
	first := mustPublish(t, w)
	mustPublish(t, w)
	if err := w.Point(1); err != nil {
		t.Fatal(err)
	}
	current, err := w.Current()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, current); diff != "" {
		t.Error(diff)
	}
	if err := w.Point(3); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want one of a missing file", err)
	}
	if err := os.Remove(w.SettledPath("2002-01-31", "key")); err != nil {
		t.Fatal(err)
	}
	wantError(t, w.Point(2), "edition 2 is not whole", "settled/snapshot_date=2002-01-31/key.parquet")
}

func TestPublishRefuses(t *testing.T) {
	w := newLake(t)
	check := func(change func(*Manifest), parts ...string) {
		t.Helper()
		manifest, err := grown(w, nil)
		if err != nil {
			t.Fatal(err)
		}
		change(manifest)
		_, err = w.Publish(manifest)
		wantError(t, err, append(parts, "publish: ")...)
	}
	check(func(m *Manifest) { m.Snapshots[0].Settled.Bytes++ }, "key.parquet has 23 bytes and should have 24")
	check(func(m *Manifest) { m.Claims = File{Path: "claims/none.parquet"} }, "claims/none.parquet", "no such file")
	check(func(m *Manifest) { m.Claims = File{Path: "../outside.parquet"} }, `"../outside.parquet" is no path within`)
	check(func(m *Manifest) { m.Claims = File{Path: "."} }, "is no file")
	check(func(m *Manifest) { m.Deliveries = append(m.Deliveries, m.Deliveries[0]) }, `delivered twice for "2001-01-31"`)
	check(func(m *Manifest) { m.Deliveries[0].Rows = File{} }, "in force without rows")
	check(func(m *Manifest) { m.Deliveries[0].State = "new" }, `state "new"`)
	check(func(m *Manifest) { m.Snapshots = append(m.Snapshots, m.Snapshots[0]) }, "snapshot 2001-01-31 stands twice")
	check(func(m *Manifest) { m.Snapshots[0].Members[0].InventoryID = "x" }, `inventory "x", which no delivery has`)
	check(func(m *Manifest) { m.Snapshots[0].Date = "2001-02-31" }, `snapshot "2001-02-31" has no iso date`)
	check(func(m *Manifest) { m.Snapshots[0].State = "" }, `state ""`)
	if manifest, err := w.Current(); manifest != nil || err != nil {
		t.Errorf("Current = %v, %v; want nothing published", manifest, err)
	}
}

func TestDamage(t *testing.T) {
	const second = "editions/000002.json"
	tests := []struct {
		name   string
		damage func(*testing.T, *Writer)
		file   string
		whole  int
		says   string
	}{
		{"empty manifest", overwrite(second, ""), second, 1, "unexpected end of JSON input"},
		{"cut manifest", overwrite(second, `{"format": 1, "edit`), second, 1, "unexpected end of JSON input"},
		{"no format", overwrite(second, `{}`), second, 1, "names no lake format"},
		{"changed count", edit(second, `"rows": 1,`, `"rows": 2,`), second, 1, "do not match its fingerprint"},
		{"other number", edit(second, `"edition": 2`, `"edition": 3`), second, 1, "it says it is edition 3"},
		{"lost manifest", remove(second), second, 1, "no such file"},
		{"empty pointer", overwrite("current", ""), "current", 2, "does not hold a number"},
		{"wild pointer", overwrite("current", "-1"), "current", 2, "does not hold a number"},
		{"lost pointer", remove("current"), "current", 2, "no such file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newLake(t)
			mustPublish(t, w)
			mustPublish(t, w)
			test.damage(t, w)
			_, err := w.Current()
			var damage *DamagedError
			if !errors.As(err, &damage) {
				t.Fatalf("error %v, want a DamagedError", err)
			}
			if damage.Path != w.path(test.file) || damage.Whole != test.whole {
				t.Errorf("damaged %s, whole %d; want %s, %d", damage.Path, damage.Whole, test.file, test.whole)
			}
			wantError(t, err, test.file, test.says, fmt.Sprintf("`tapcov rollback %d`", test.whole))
			if _, err := w.Publish(&Manifest{}); !errors.As(err, &damage) {
				t.Errorf("publish on a damaged lake: error %v", err)
			}
			if editions, err := w.Editions(); err != nil || len(editions) == 0 {
				t.Errorf("Editions = %v, %v; want those that are left", editions, err)
			}
			// What the message says helps.
			if err := w.Point(damage.Whole); err != nil {
				t.Fatal(err)
			}
			current, err := w.Current()
			if err != nil || current.Edition != test.whole {
				t.Errorf("after the rollback: %v, %v", current, err)
			}
		})
	}
}

// overwrite, edit and remove damage a file of the lake.
func overwrite(name, text string) func(*testing.T, *Writer) {
	return func(t *testing.T, w *Writer) {
		t.Helper()
		write(t, w.path(name), text)
	}
}

func edit(name, old, text string) func(*testing.T, *Writer) {
	return func(t *testing.T, w *Writer) {
		t.Helper()
		data, err := os.ReadFile(w.path(name))
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(data), old, text, 1)
		if changed == string(data) {
			t.Fatalf("%s does not hold %q", name, old)
		}
		write(t, w.path(name), changed)
	}
}

func remove(name string) func(*testing.T, *Writer) {
	return func(t *testing.T, w *Writer) {
		t.Helper()
		if err := os.Remove(w.path(name)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDamageWithoutAWholeEdition(t *testing.T) {
	w := newLake(t)
	mustPublish(t, w)
	if err := os.Truncate(w.editionPath(1), 10); err != nil {
		t.Fatal(err)
	}
	_, err := w.Current()
	wantError(t, err, "editions/000001.json is damaged", "restore it from a backup")
	editions, err := w.Editions()
	if err != nil || len(editions) != 1 || !editions[0].IsCurrent || editions[0].Err == nil {
		t.Errorf("Editions = %v, %v; want the damaged one", editions, err)
	}
}

// Readers never see half an edition, while editions are published and old ones collected.
func TestReadersWhilePublishing(t *testing.T) {
	w := newLake(t)
	const editions = 25
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() { read(t, w.Dir(), done) })
	}
	for range editions {
		manifest := mustPublish(t, w)
		if manifest.Edition > 1 {
			if err := os.Remove(w.editionPath(manifest.Edition - 1)); err != nil {
				t.Error(err)
			}
		}
	}
	close(done)
	readers.Wait()
	current, err := w.Current()
	if err != nil || current.Edition != editions {
		t.Errorf("at last %v, %v; want edition %d", current, err, editions)
	}
}

// read looks at the current edition, again and again, until done.
func read(t *testing.T, dir string, done <-chan struct{}) {
	t.Helper()
	l, err := Open(dir)
	if err != nil {
		t.Error(err)
		return
	}
	newest := 0
	for {
		select {
		case <-done:
			return
		default:
		}
		manifest, err := l.Current()
		if err != nil {
			t.Error(err)
			return
		}
		if manifest == nil {
			continue
		}
		if manifest.Edition < newest || len(manifest.Deliveries) != manifest.Edition {
			t.Errorf("edition %d after %d, with %d deliveries", manifest.Edition, newest, len(manifest.Deliveries))
		}
		if err := l.whole(manifest); err != nil {
			t.Error(err)
		}
		newest = manifest.Edition
	}
}
