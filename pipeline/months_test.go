package pipeline_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/lake"
)

// A source that misses a month is carried on for a while, with its terminals as they stood, and then
// counts with its last known size as unknown.
func TestCarriedSource(t *testing.T) {
	dir := newWorkspace(t, twoBanks+"snapshots: {carry_max: 1}\n")
	put(t, dir, "inbox/south/201701.csv", terminals("YYN-"))
	for month := 1; month <= 3; month++ {
		put(t, dir, fmt.Sprintf("inbox/north/2017%02d.csv", month), terminals("YN"+strings.Repeat("Y", month)))
	}
	checkExit(t, run(t, dir), pipeline.ExitDone)
	checkCounts(t, dir, map[string]counts{
		"2017-01-31": {Yes: 4, No: 2, Unknown: 1},
		"2017-02-28": {Yes: 5, No: 2, Unknown: 1, Carried: 4},
		"2017-03-31": {Yes: 4, No: 1, Unknown: 4, Missing: 4},
	})
	edition := current(t, dir)
	checkLaws(t, edition)
	missing := rows(t, edition, `select level, key, terminal_count, missing_count from coverage
		where missing_count > 0 and population = 'networked' and unit = 'terminal' and reading = 'declared'
			and level in ('acquirer', 'province', 'brand', 'province_acquirer') order by level`)
	want := [][]any{
		{"acquirer", "raw:south", int64(4), int64(4)},
		{"brand", "none", int64(9), int64(4)},
		{"province", "none", int64(9), int64(4)},
		{"province_acquirer", "none|raw:south", int64(4), int64(4)},
	}
	if diff := cmp.Diff(want, missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}

	put(t, dir, "inbox/south/201703.csv", terminals("YYYY"))
	run(t, dir)
	if got, want := nation(t, dir)["2017-03-31"], (counts{Yes: 8, No: 1}); got != want {
		t.Errorf("after the late delivery: %+v, want %+v", got, want)
	}
}

// What is carried weakens the verdict: it is given with carried terminals as unknown as well.
func TestCarriedVerdict(t *testing.T) {
	dir := newWorkspace(t, twoBanks)
	put(t, dir, "reference/claims.yaml", `- id: X1
  text: {en: over half of the estate}
  source: this test
  metric: share
  comparator: ">"
  value: 0.5
  scope: estate
`)
	put(t, dir, "inbox/south/201701.csv", terminals("YYYY"))
	put(t, dir, "inbox/north/201701.csv", terminals("YYN"))
	put(t, dir, "inbox/north/201702.csv", terminals("YYN"))
	run(t, dir)
	got := map[string]string{}
	for _, row := range rows(t, current(t, dir), "select cast(snapshot_date as varchar), verdict, as_carried from claims where claim = 'X1' and snapshot_date is not null") {
		got[fmt.Sprint(row[0])] = fmt.Sprint(row[1], " ", row[2])
	}
	want := map[string]string{"2017-01-31": "supported <nil>", "2017-02-28": "undetermined supported"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("verdict, and as carried (-want +got):\n%s", diff)
	}
}

// rhythm makes both banks deliver by the tenth of the next month.
var rhythm = strings.ReplaceAll(twoBanks, "    assume:", "    due_day: 10\n    assume:")

func onDay(t *testing.T, dir, day string) *pipeline.Summary {
	t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	return runWith(t, load(t, dir), pipeline.Options{AsOf: at})
}

func checkSnapshots(t *testing.T, dir string, want ...string) {
	t.Helper()
	var got []string
	for _, snapshot := range current(t, dir).Snapshots {
		got = append(got, snapshot.Date+" "+string(snapshot.State))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("snapshots (-want +got):\n%s", diff)
	}
}

// A snapshot is open until every delivery is in, or the due day has passed and enough of it is there.
func TestDueDay(t *testing.T) {
	dir := newWorkspace(t, rhythm)
	put(t, dir, "inbox/north/201701.csv", terminals(strings.Repeat("Y", 38)))
	put(t, dir, "inbox/south/201701.csv", terminals("NN"))
	checkExit(t, onDay(t, dir, "2017-02-01"), pipeline.ExitDone)
	checkSnapshots(t, dir, "2017-01-31 complete")

	put(t, dir, "inbox/north/201702.csv", terminals(strings.Repeat("Y", 38)))
	for _, day := range []string{"2017-03-01", "2017-03-10"} {
		checkExit(t, onDay(t, dir, day), pipeline.ExitDone)
		checkSnapshots(t, dir, "2017-01-31 complete", "2017-02-28 open")
	}
	if newest := current(t, dir).Newest(); newest != "2017-01-31" {
		t.Errorf("the newest complete snapshot is %s", newest)
	}
	for _, row := range rows(t, current(t, dir), "select claim, verdict from claims where snapshot_date = '2017-02-28'") {
		t.Errorf("an open snapshot has the verdict %v", row)
	}

	late := onDay(t, dir, "2017-03-11") // 38 of 40 are 0.95
	checkExit(t, late, pipeline.ExitOverdue)
	checkSnapshots(t, dir, "2017-01-31 complete", "2017-02-28 complete")
	if diff := cmp.Diff([]lake.DueDay{{Source: "south", SnapshotDate: "2017-02-28"}}, late.Overdue); diff != "" {
		t.Errorf("overdue (-want +got):\n%s", diff)
	}
	again := onDay(t, dir, "2017-03-20")
	checkExit(t, again, pipeline.ExitOverdue)
	if !again.IsUnchanged {
		t.Error("a day on which nothing fell due made an edition")
	}

	put(t, dir, "inbox/south/201702.csv", terminals("NNN"))
	checkExit(t, onDay(t, dir, "2017-03-21"), pipeline.ExitDone)
	checkSnapshots(t, dir, "2017-01-31 complete", "2017-02-28 complete")
}

// A month for which nobody delivered is overdue too; it makes no edition, since no number depends on it.
func TestMonthOfSilence(t *testing.T) {
	dir := newWorkspace(t, rhythm)
	put(t, dir, "inbox/north/201701.csv", terminals("Y"))
	put(t, dir, "inbox/south/201701.csv", terminals("N"))
	checkExit(t, onDay(t, dir, "2017-03-10"), pipeline.ExitDone)
	silent := onDay(t, dir, "2017-03-11")
	checkExit(t, silent, pipeline.ExitOverdue)
	want := []lake.DueDay{{Source: "north", SnapshotDate: "2017-02-28"}, {Source: "south", SnapshotDate: "2017-02-28"}}
	if diff := cmp.Diff(want, silent.Overdue); diff != "" || !silent.IsUnchanged {
		t.Errorf("unchanged %t, overdue (-want +got):\n%s", silent.IsUnchanged, diff)
	}
}

// A part that does not come is carried on like a source that does not.
func TestMissingPartIsCarried(t *testing.T) {
	dir := newWorkspace(t, `
estate: {area: CN, complete: true}
sources:
  - name: both
    snapshot_date: {file_name: '\d{6}'}
    delivery: parts
    part: {file_name: '_(north|south)'}
    parts: [north, south]
    assume: {status: in_service, device_type: pos}
`)
	put(t, dir, "inbox/both/201701_north.csv", terminals("YY"))
	put(t, dir, "inbox/both/201701_south.csv", strings.ReplaceAll(terminals("NNN"), "T", "S"))
	put(t, dir, "inbox/both/201702_north.csv", terminals("YY"))
	put(t, dir, "inbox/both/201706_north.csv", terminals("YY"))
	run(t, dir)
	checkCounts(t, dir, map[string]counts{
		"2017-01-31": {Yes: 2, No: 3},
		"2017-02-28": {Yes: 2, No: 3, Carried: 3},
		"2017-06-30": {Yes: 2, Unknown: 3, Missing: 3},
	})
}

// After the due day too little of the estate is still no complete snapshot.
func TestThinSnapshot(t *testing.T) {
	dir := newWorkspace(t, rhythm)
	put(t, dir, "inbox/north/201701.csv", terminals(strings.Repeat("Y", 37)))
	put(t, dir, "inbox/south/201701.csv", terminals("NNN"))
	put(t, dir, "inbox/north/201702.csv", terminals(strings.Repeat("Y", 37)))
	checkExit(t, onDay(t, dir, "2017-04-01"), pipeline.ExitOverdue)
	checkSnapshots(t, dir, "2017-01-31 complete", "2017-02-28 open")
}

// A month with enough complete ones after it is closed: neither a corrected profile, nor what comes
// for it later, nor the end of a source changes it.
func TestClosedSnapshot(t *testing.T) {
	config := rhythm + "snapshots: {close_after: 1}\n"
	dir := newWorkspace(t, config)
	for month := 1; month <= 2; month++ {
		put(t, dir, fmt.Sprintf("inbox/north/2017%02d.csv", month), terminals("YN"))
		put(t, dir, fmt.Sprintf("inbox/south/2017%02d.csv", month), terminals("Y"))
		onDay(t, dir, fmt.Sprintf("2017-%02d-09", month+1))
	}
	checkSnapshots(t, dir, "2017-01-31 closed", "2017-02-28 complete")
	closed := current(t, dir).Snapshots[0]
	checkStill := func(what string) {
		t.Helper()
		onDay(t, dir, "2017-03-09")
		if diff := cmp.Diff(closed, current(t, dir).Snapshots[0]); diff != "" {
			t.Errorf("after %s the closed month is another (-before +after):\n%s", what, diff)
		}
	}
	put(t, dir, "tapcov.yaml", strings.ReplaceAll(config, "pos}", "pos, country: CN}"))
	checkStill("a corrected profile")
	put(t, dir, "inbox/north/201701_again.csv", terminals("NNNNN"))
	checkStill("a second delivery")
	put(t, dir, "tapcov.yaml", config[:strings.Index(config, "  - name: south")]+"snapshots: {close_after: 1}\n")
	checkStill("the end of a source")
}
