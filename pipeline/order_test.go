package pipeline_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/sample"
)

// emptySample returns a workspace with the sample's configuration and nothing in its inbox.
func emptySample(t *testing.T) string {
	t.Helper()
	sampleSummary(t)
	dir := t.TempDir()
	lend(t, filepath.Join(sampleHome, "tapcov.yaml"), filepath.Join(dir, "tapcov.yaml"))
	lend(t, filepath.Join(sampleHome, "reference"), filepath.Join(dir, "reference"))
	return dir
}

// deliver puts those exports of the sample into a workspace's inbox that are wanted.
func deliver(t *testing.T, dir string, isWanted func(sample.ExportTruth) bool) {
	t.Helper()
	for _, x := range sampleTruth(t).Exports {
		if isWanted(x) {
			lend(t, filepath.Join(sampleHome, "inbox", x.File), filepath.Join(dir, "inbox", x.File))
		}
	}
}

func ofMonths(dates ...string) func(sample.ExportTruth) bool {
	return func(x sample.ExportTruth) bool { return slices.Contains(dates, x.SnapshotDate) }
}

func ofSource(name string) func(sample.ExportTruth) bool {
	return func(x sample.ExportTruth) bool { return x.Source == name }
}

// The same exports give the same report, byte for byte, and the same rows, in whatever order they
// come, with however many runs in between and on however many threads.
func TestOrderDoesNotMatter(t *testing.T) {
	type parts = []func(sample.ExportTruth) bool
	const october, november, december, january = "2016-10-31", "2016-11-30", "2016-12-31", "2017-01-31"
	everything := ofMonths(october, november, december, january)
	orders := map[string]struct {
		threads string
		parts   parts
	}{
		"the newest months first, on one thread": {"1", parts{ofMonths(december, january), ofMonths(october, november)}},
	}
	if !testing.Short() {
		maps.Copy(orders, map[string]struct {
			threads string
			parts   parts
		}{
			"at once, on one thread":         {"1", parts{everything}},
			"month by month, on two threads": {"2", parts{ofMonths(october), ofMonths(november), ofMonths(december), ofMonths(january)}},
			"source by source, on two threads": {"2", parts{
				ofSource("spruce"), ofSource("orangesail"), ofSource("harbour_taps"), ofSource("harbour"), ofSource("pomegranate"), ofSource("egret"),
			}},
		})
	}
	want := publishedState(t, sampleEdition(t))
	for name, order := range orders {
		t.Run(name, func(t *testing.T) {
			dir := emptySample(t)
			for _, part := range order.parts {
				deliver(t, dir, part)
				run(t, dir, "limits.threads", order.threads)
			}
			edition := current(t, dir)
			if edition.Edition != len(order.parts) {
				t.Errorf("%d runs made edition %d", len(order.parts), edition.Edition)
			}
			if diff := cmp.Diff(want, publishedState(t, edition)); diff != "" {
				t.Errorf("edition (-want +got):\n%s", diff)
			}
			checkSameReport(t, sampleEdition(t), edition)
		})
	}
}

// publishedState is what must be equal in two editions of the same inputs.
func publishedState(t *testing.T, edition *editions.Edition) map[string]string {
	t.Helper()
	state := map[string]string{"fingerprint": edition.Fingerprint, "claims": edition.Claims.Hash}
	for _, d := range edition.Deliveries {
		state["delivery "+d.Source+"/"+d.Files[0]] = fmt.Sprint(d.State, d.InventoryID, d.Rows.Rows, d.Rows.Hash, d.Rejects.Rows, d.Rejects.Hash)
	}
	for _, s := range edition.Snapshots {
		state["snapshot "+s.Date] = fmt.Sprint(s.State, s.Members, s.Settled.Rows, s.Settled.Hash, s.Coverage.Rows, s.Coverage.Hash, string(s.Tally))
	}
	for _, view := range views {
		state["rows of "+view] = rowsOf(t, edition, view)
	}
	return state
}

var views = []string{"inventory", "usage", "rejects", "terminals", "coverage", "claims"}

// rowsOf is the number of rows of a view and a hash of all their columns that does not depend on order.
func rowsOf(t *testing.T, edition *editions.Edition, view string) string {
	t.Helper()
	row := rows(t, edition, "select count(*), cast(sum(cast(hash(columns_of) as hugeint)) as varchar) from (select * exclude (edition) from "+view+") as columns_of")[0]
	return fmt.Sprintf("%d rows, hash %v", row[0], row[1])
}

// checkSameReport compares two report folders file by file.
func checkSameReport(t *testing.T, one, other *editions.Edition) {
	t.Helper()
	want, got := reportOf(t, one), reportOf(t, other)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("files of the report (-want +got):\n%s", diff)
	}
	for name, content := range want {
		if text, there := got[name]; there && !bytes.Equal(content, text) {
			t.Errorf("%s differs (-want +got):\n%s", name, firstDifference(content, text))
		}
	}
	if len(want) == 0 {
		t.Error("the report has no files")
	}
}

// firstDifference shows the first line in which two files differ.
func firstDifference(want, got []byte) string {
	wanted, found := bytes.Split(want, []byte("\n")), bytes.Split(got, []byte("\n"))
	for i := range min(len(wanted), len(found)) {
		if !bytes.Equal(wanted[i], found[i]) {
			return fmt.Sprintf("line %d\n- %.300s\n+ %.300s", i+1, wanted[i], found[i])
		}
	}
	return fmt.Sprintf("%d lines, %d lines", len(wanted), len(found))
}

// reportOf reads the report folder of an edition.
func reportOf(t *testing.T, edition *editions.Edition) map[string][]byte {
	t.Helper()
	return filesBelow(t, filepath.Join(edition.Workspace().Reports(), fmt.Sprintf("%06d", edition.Edition)))
}

// filesBelow reads every file below a folder.
func filesBelow(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
