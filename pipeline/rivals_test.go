package pipeline_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/lake"
)

// states lists what became of the deliveries of a workspace: "north/201701.csv in_force".
func states(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	for _, d := range current(t, dir).Deliveries {
		found = append(found, fmt.Sprintf("%s/%s %s", d.Source, d.Files[0], d.State))
		if (d.Why == "") != (d.State == lake.InForce) {
			t.Errorf("%s/%s is %s because %q", d.Source, d.Files[0], d.State, d.Why)
		}
	}
	slices.Sort(found)
	return found
}

func checkStates(t *testing.T, dir string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, states(t, dir)); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
}

func checkExit(t *testing.T, summary *pipeline.Summary, want int) {
	t.Helper()
	if code := summary.ExitCode(); code != want {
		t.Errorf("the run ends with %d, want %d; set aside: %+v", code, want, summary.SetAside)
	}
}

// exportID returns the id under which a file was delivered.
func exportID(t *testing.T, dir, source, name string) string {
	t.Helper()
	for _, d := range current(t, dir).Deliveries {
		if d.Source == source && slices.Contains(d.Files, name) {
			return d.ExportID
		}
	}
	t.Fatalf("%s/%s was not delivered", source, name)
	return ""
}

// Of two exports in one place without a version neither counts, until somebody decides.
func TestAmbiguousDelivery(t *testing.T) {
	dir := newWorkspace(t, twoBanks)
	put(t, dir, "inbox/north/201701.csv", terminals("YYY"))
	put(t, dir, "inbox/south/201701.csv", terminals("N"))
	run(t, dir)
	put(t, dir, "inbox/north/201701_corrected.csv", terminals("YNNN"))
	checkExit(t, run(t, dir), pipeline.ExitSetAside)
	checkStates(t, dir, "north/201701.csv ambiguous", "north/201701_corrected.csv ambiguous", "south/201701.csv in_force")
	checkCounts(t, dir, map[string]counts{"2017-01-31": {No: 1}})
	again := run(t, dir)
	checkExit(t, again, pipeline.ExitSetAside)
	if !again.IsUnchanged {
		t.Error("nothing was decided, and still an edition was published")
	}

	old, corrected := exportID(t, dir, "north", "201701.csv"), exportID(t, dir, "north", "201701_corrected.csv")
	put(t, dir, "reference/decisions.csv", "decision,export_id,reason\nprefer,"+corrected+",the bank says so\n")
	checkExit(t, run(t, dir), pipeline.ExitDone)
	checkStates(t, dir, "north/201701.csv superseded", "north/201701_corrected.csv in_force", "south/201701.csv in_force")
	checkCounts(t, dir, map[string]counts{"2017-01-31": {Yes: 1, No: 4}})

	put(t, dir, "reference/decisions.csv", "withdraw,"+corrected[:8]+",sent in error\n")
	checkExit(t, run(t, dir), pipeline.ExitDone)
	checkStates(t, dir, "north/201701.csv in_force", "north/201701_corrected.csv withdrawn", "south/201701.csv in_force")
	checkCounts(t, dir, map[string]counts{"2017-01-31": {Yes: 3, No: 1}})

	put(t, dir, "reference/decisions.csv", "prefer,"+old[:4]+",short\n")
	_, err := pipeline.Run(t.Context(), load(t, dir), pipeline.Options{AsOf: asOf})
	if err == nil || !strings.Contains(err.Error(), "decisions.csv:1:") {
		t.Errorf("a decision of four digits ends with %v", err)
	}
}

// The highest version wins, whichever came last.
func TestVersions(t *testing.T) {
	dir := newWorkspace(t, strings.Replace(twoBanks, "- name: north", "- name: north\n    version: {file_name: '_v(.*)[.]csv'}", 1))
	for _, delivery := range []struct {
		version, flags string
		want           counts
	}{
		{"9", "N", counts{No: 1}},
		{"10", "Y", counts{Yes: 1}},
		{"2", "NN", counts{Yes: 1}},
	} {
		put(t, dir, "inbox/north/201701_v"+delivery.version+".csv", terminals(delivery.flags))
		checkExit(t, run(t, dir), pipeline.ExitDone)
		checkCounts(t, dir, map[string]counts{"2017-01-31": delivery.want})
	}
	checkStates(t, dir, "north/201701_v10.csv in_force", "north/201701_v2.csv superseded", "north/201701_v9.csv superseded")
}

// The same bytes under two versions are one delivery, of the higher version.
func TestSameBytesUnderTwoVersions(t *testing.T) {
	dir := newWorkspace(t, strings.Replace(twoBanks, "- name: north", `- name: north
    version: {file_name: '_v(\d+)'}`, 1))
	put(t, dir, "inbox/north/201701_v9.csv", terminals("Y"))
	put(t, dir, "inbox/north/201701_v10.csv", terminals("Y"))
	run(t, dir)
	if again := run(t, dir); !again.IsUnchanged || again.ReadFiles != 0 {
		t.Errorf("the second run: unchanged %t, %d files read", again.IsUnchanged, again.ReadFiles)
	}
	deliveries := current(t, dir).Deliveries
	if len(deliveries) != 1 || deliveries[0].Version != "10" {
		t.Errorf("deliveries %+v, want one of version 10", deliveries)
	}
}

// An export that cannot be read is set aside with the reason, and the rest is published.
func TestRefusedExports(t *testing.T) {
	dir := newWorkspace(t, twoBanks)
	refused := map[string]struct{ text, reason string }{
		"201701_no_text.csv":     {"\x00\x01\x02\x03\xff\xfe\x00\x00PK\x03\x04\x00\x00", "are not utf-8"},
		"201701_no_id.csv":       {"shop,contactless_flag\n1,Y\n", "terminal_id"},
		"201701_nothing.csv":     {"", "no records"},
		"201701_wrong_total.csv": {terminals("YN") + "合计,5,\n", "5 terminals"},
		"201701_half.csv.gz":     {"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b\x4c", "gzip"},
		"no_date.csv":            {terminals("YN"), "snapshot_date"},
	}
	want := []string{"south/201701.csv in_force"}
	for name, export := range refused {
		put(t, dir, "inbox/north/"+name, export.text)
		want = append(want, "north/"+name+" refused")
	}
	put(t, dir, "inbox/south/201701.csv", terminals("YN"))
	first := run(t, dir)
	checkExit(t, first, pipeline.ExitSetAside)
	checkStates(t, dir, slices.Sorted(slices.Values(want))...)
	checkCounts(t, dir, map[string]counts{"2017-01-31": {Yes: 1, No: 1}})
	for _, aside := range first.SetAside {
		if reason := refused[aside.File].reason; !strings.Contains(aside.Why, reason) {
			t.Errorf("%s is set aside because %q, want the reason to name %q", aside.File, aside.Why, reason)
		}
		if strings.Contains(aside.Why, dir) {
			t.Errorf("%s: the reason names the machine's folder: %s", aside.File, aside.Why)
		}
	}
	again := run(t, dir)
	checkExit(t, again, pipeline.ExitSetAside)
	if !again.IsUnchanged || again.ReadFiles != 0 || len(again.SetAside) != len(refused) {
		t.Errorf("the second run: unchanged %t, %d files read, %d set aside", again.IsUnchanged, again.ReadFiles, len(again.SetAside))
	}
}

// A refused export is taken up when its profile is corrected, and let go when it is replaced.
func TestRefusedExportIsSettled(t *testing.T) {
	dir := newWorkspace(t, twoBanks)
	put(t, dir, "inbox/north/201701.csv", strings.Replace(terminals("YN"), "terminal_id", "name of the box", 1))
	put(t, dir, "inbox/south/201701.csv", terminals("Y"))
	checkExit(t, run(t, dir), pipeline.ExitSetAside)

	put(t, dir, "tapcov.yaml", strings.Replace(twoBanks, "- name: north", "- name: north\n    columns: {terminal_id: name of the box}", 1))
	checkExit(t, run(t, dir), pipeline.ExitDone)
	checkStates(t, dir, "north/201701.csv in_force", "south/201701.csv in_force")
	checkCounts(t, dir, map[string]counts{"2017-01-31": {Yes: 2, No: 1}})

	put(t, dir, "inbox/north/201702.csv", "no header here\n")
	checkExit(t, run(t, dir), pipeline.ExitSetAside)
	put(t, dir, "inbox/north/201702.csv", strings.Replace(terminals("N"), "terminal_id", "name of the box", 1))
	checkExit(t, run(t, dir), pipeline.ExitDone)
	checkStates(t, dir, "north/201701.csv in_force", "north/201702.csv in_force", "south/201701.csv in_force")
}

// Where nothing is in force there is an edition that says so, and nothing to count.
func TestNothingInForce(t *testing.T) {
	dir := newWorkspace(t, twoBanks)
	checkExit(t, run(t, dir), pipeline.ExitDone)
	put(t, dir, "inbox/north/201701.csv", "no header here\n")
	summary := run(t, dir)
	checkExit(t, summary, pipeline.ExitSetAside)
	if summary.Report != "" || len(summary.Snapshots) > 0 {
		t.Errorf("report %q of the snapshots %+v, want none", summary.Report, summary.Snapshots)
	}
	edition := current(t, dir)
	_, coverageErr := edition.Coverage(t.Context(), editions.Selection{})
	_, claimsErr := edition.Judgements(t.Context())
	_, explainErr := edition.Explain(t.Context(), "T0000001", "")
	for _, err := range []error{coverageErr, claimsErr, explainErr} {
		if !errors.Is(err, editions.ErrNoSnapshot) {
			t.Errorf("got %v, want %v", err, editions.ErrNoSnapshot)
		}
	}
	rejects, err := edition.Rejects(t.Context(), editions.RejectSelection{}, 0)
	if err != nil || len(rejects.Rows) > 0 {
		t.Errorf("rejects %+v, %v", rejects, err)
	}
}

// Trouble of the machine is no delivery's fault: the run fails, and what is published stays.
func TestMachineTrouble(t *testing.T) {
	dir := newWorkspace(t, twoBanks)
	put(t, dir, "inbox/north/201701.csv", terminals("YN"))
	run(t, dir)
	seen := filepath.Join(dir, "lake", "seen.json")
	if err := os.Remove(seen); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(seen, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := pipeline.Run(t.Context(), load(t, dir), pipeline.Options{AsOf: asOf}); err == nil {
		t.Error("the run did not fail")
	}
	checkLedger(t, dir, lake.Done, lake.Failed)
	checkCounts(t, dir, map[string]counts{"2017-01-31": {Yes: 1, No: 1}})
}
