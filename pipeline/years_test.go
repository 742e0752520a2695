package pipeline_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// tenYears makes a workspace whose lake holds 120 months of some sources: the files of the sample's newest
// month, under as many names.
func tenYears(tb testing.TB, sources int) *workspace.Workspace {
	tb.Helper()
	if _, err := sampleRun(); err != nil {
		tb.Fatal(err)
	}
	dir := tb.TempDir()
	text, err := os.ReadFile(filepath.Join(sampleHome, "tapcov.yaml"))
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tapcov.yaml"), text, 0o600); err != nil {
		tb.Fatal(err)
	}
	ws, err := workspace.Load(dir, workspace.Overrides{})
	if err != nil {
		tb.Fatal(err)
	}
	from, err := lake.Open(filepath.Join(sampleHome, "lake"))
	if err != nil {
		tb.Fatal(err)
	}
	sample, err := from.Current()
	if err != nil {
		tb.Fatal(err)
	}
	to, err := lake.Open(ws.Lake())
	if err != nil {
		tb.Fatal(err)
	}
	writer, err := to.Lock(tb.Context(), false)
	if err != nil {
		tb.Fatal(err)
	}
	defer writer.Close()
	copied := func(file lake.File, path string) lake.File {
		if file.IsZero() {
			return file
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			tb.Fatal(err)
		}
		if err := os.Link(from.Abs(file), path); err != nil {
			tb.Fatal(err)
		}
		described, err := to.Describe(path, file.Rows, file.Hash)
		if err != nil {
			tb.Fatal(err)
		}
		return described
	}
	manifest := &lake.Manifest{ToolVersion: "test", Inputs: sample.Inputs}
	newest := sample.Snapshots[len(sample.Snapshots)-1]
	deliveries := sample.Deliveries[len(sample.Deliveries)-len(newest.Members):]
	for month := range 120 {
		date := time.Date(2010, time.Month(month+2), 0, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		snapshot := lake.Snapshot{Date: date, State: lake.SnapshotComplete, Tally: newest.Tally}
		for i := range sources {
			delivery := deliveries[i%len(deliveries)]
			id := fmt.Sprintf("%032x", month*sources+i)
			delivery.Source, delivery.SnapshotDate, delivery.InventoryID = fmt.Sprintf("source%02d", i), date, id
			delivery.Rows = copied(delivery.Rows, to.InventoryPath(id))
			delivery.Traits = copied(delivery.Traits, to.TraitsPath(id))
			delivery.Rejects = copied(delivery.Rejects, to.RejectsPath(id))
			manifest.Deliveries = append(manifest.Deliveries, delivery)
			snapshot.Members = append(snapshot.Members, lake.Member{InventoryID: id})
		}
		snapshot.Settled = copied(newest.Settled, to.SettledPath(date, "key"))
		snapshot.Merchants = copied(newest.Merchants, to.MerchantsPath(date, "key"))
		snapshot.Coverage = copied(newest.Coverage, to.CoveragePath(date, "key"))
		manifest.Snapshots = append(manifest.Snapshots, snapshot)
	}
	if _, err := writer.Publish(manifest); err != nil {
		tb.Fatal(err)
	}
	return ws
}

// A session over ten years is there at once: what it does not ask of is not opened.
func TestSessionOverTenYears(t *testing.T) {
	ws := tenYears(t, 5)
	begun := time.Now()
	s := session(t, ws, editions.SessionOptions{})
	for query, want := range map[string]string{
		"select count(*) from snapshots":                                    "120",
		"select count(*) from terminals where snapshot_date = '2015-06-30'": "20801",
		"select count(distinct snapshot_date) from coverage":                "120",
	} {
		if got := ask(t, s, query); got[0] != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
	// By hand it takes some tenths of a second. The bound only tells it from opening every file of the lake.
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}

// BenchmarkSession opens a session over 120 months and asks one question.
func BenchmarkSession(b *testing.B) {
	for _, sources := range []int{5, 50} {
		ws := tenYears(b, sources)
		for _, query := range []string{
			"select 1",
			"select lower_share from coverage where level = 'nation' and snapshot_date = '2015-06-30'",
			"select lower_share from coverage where level = 'nation'",
			"select count(*) from terminals where snapshot_date = '2015-06-30'",
			"select count(*) from terminals",
			"select count(*) from deliveries",
			"select count(*) from rejects where source = 'source01'",
			"select count(*) from inventory where snapshot_date = '2015-06-30'",
		} {
			b.Run(fmt.Sprintf("%d sources/%s", sources, query), func(b *testing.B) {
				for b.Loop() {
					s, err := editions.OpenSession(b.Context(), ws, editions.SessionOptions{})
					if err != nil {
						b.Fatal(err)
					}
					result, err := s.Query(b.Context(), query)
					if err != nil {
						b.Fatal(err)
					}
					for result.Next() {
						result.Batch().Release()
					}
					if err := result.Close(); err != nil {
						b.Fatal(err)
					}
					if err := s.Close(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
