package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/lake"
)

// twoBanks configures two sources that say everything by their headers and the names of their files.
const twoBanks = `
estate: {area: CN, complete: true}
sources:
  - name: north
    snapshot_date: {file_name: '\d{6}'}
    assume: {status: in_service, device_type: pos}
  - name: south
    snapshot_date: {file_name: '\d{6}'}
    assume: {status: in_service, device_type: pos}
`

// newWorkspace makes a workspace of a configuration.
func newWorkspace(t *testing.T, config string) string {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, "tapcov.yaml", config)
	return dir
}

// put writes a file of a workspace that has not changed for a while.
func put(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := age(path); err != nil {
		t.Fatal(err)
	}
}

// terminals is an export of one terminal a letter: Y accepts, N does not, - says nothing. Two
// neighbours have a merchant in common.
func terminals(flags string) string {
	var text strings.Builder
	text.WriteString("terminal_id,merchant_id,contactless_flag\n")
	for i, flag := range flags {
		fmt.Fprintf(&text, "T%07d,M%d,%c\n", i, i/2, flag)
	}
	return text.String()
}

// counts is the nation at one snapshot.
type counts struct{ Yes, No, Unknown, Carried, Missing int }

// nation returns the counts of every snapshot of the current edition.
func nation(t *testing.T, dir string) map[string]counts {
	t.Helper()
	edition := current(t, dir)
	found := map[string]counts{}
	for _, row := range rows(t, edition, `select cast(snapshot_date as varchar), yes_count, no_count, unknown_count, carried_count, missing_count
			from coverage where level = 'nation' and population = 'networked' and unit = 'terminal' and reading = 'declared'`) {
		found[row[0].(string)] = counts{number(row[1]), number(row[2]), number(row[3]), number(row[4]), number(row[5])}
	}
	return found
}

func checkCounts(t *testing.T, dir string, want map[string]counts) {
	t.Helper()
	if diff := cmp.Diff(want, nation(t, dir)); diff != "" {
		t.Errorf("nation (-want +got):\n%s", diff)
	}
}

// fileState is what may not change in a file that is left alone.
type fileState struct {
	Text     string
	Modified time.Time
}

// published returns every file that runs have made in a workspace.
func published(t *testing.T, dir string) map[string]fileState {
	t.Helper()
	state := map[string]fileState{}
	for _, folder := range []string{"lake", "reports"} {
		for name, text := range filesBelow(t, filepath.Join(dir, folder)) {
			name = folder + "/" + name
			info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil {
				t.Fatal(err)
			}
			state[name] = fileState{string(text), info.ModTime()}
		}
	}
	return state
}

// changed lists the files that are new, gone or not as they were.
func changed(before, after map[string]fileState) []string {
	names := map[string]bool{}
	for name, state := range after {
		if before[name] != state {
			names[name] = true
		}
	}
	for name := range before {
		if _, there := after[name]; !there {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// Whatever happens to the inbox without a new byte in it, the next run reads nothing: it leaves its
// entry in the ledger, and may note where it has seen what. Only a new name, which reports print, makes
// a new edition, of the same numbers.
func TestNothingNew(t *testing.T) {
	dir := newWorkspace(t, twoBanks)
	put(t, dir, "inbox/north/201701.csv", terminals("YYN"))
	put(t, dir, "inbox/south/201701.csv", terminals("N-"))
	first := run(t, dir)
	if first.IsUnchanged || first.Edition != 1 || first.ReadFiles != 2 {
		t.Errorf("the first run: edition %d, unchanged %t, %d files read", first.Edition, first.IsUnchanged, first.ReadFiles)
	}
	north := filepath.Join(dir, "inbox", "north")
	export, copied, renamed := filepath.Join(north, "201701.csv"), filepath.Join(north, "a_201701.csv"), filepath.Join(north, "old", "201701.csv")
	edition := 1
	for i, event := range []struct {
		name    string
		happens func() error
		isNoted bool // in the cache of what was seen
		isNamed bool // under a name that is new
	}{
		{"nothing", func() error { return nil }, false, false},
		{"touched", func() error { return age(export) }, true, false},
		{"copied over", func() error { return errors.Join(os.WriteFile(export, []byte(terminals("YYN")), 0o644), age(export)) }, true, false},
		{"a side file", func() error { return os.WriteFile(export+".ok", []byte("3"), 0o644) }, false, false},
		{"delivered twice", func() error { return os.Link(export, copied) }, true, true},
		{"renamed", func() error { return errors.Join(os.Mkdir(filepath.Dir(renamed), 0o755), os.Rename(export, renamed)) }, true, true},
		{"nothing after that", func() error { return nil }, false, false},
		{"removed", func() error { return errors.Join(os.Remove(renamed), os.Remove(copied)) }, false, false},
		{"brought back", func() error { return errors.Join(os.WriteFile(export, []byte(terminals("YYN")), 0o644), age(export)) }, true, false},
	} {
		before := published(t, dir)
		if err := event.happens(); err != nil {
			t.Fatal(err)
		}
		again := run(t, dir)
		if event.isNamed {
			edition++
		}
		if again.IsUnchanged == event.isNamed || again.Edition != edition || again.ReadFiles != 0 || again.Fingerprint != first.Fingerprint {
			t.Errorf("%s: edition %d, unchanged %t, %d files read", event.name, again.Edition, again.IsUnchanged, again.ReadFiles)
		}
		want := []string{fmt.Sprintf("lake/runs/%06d.json", i+2)}
		if event.isNoted {
			want = append(want, "lake/seen.json")
		}
		got := slices.DeleteFunc(changed(before, published(t, dir)), func(name string) bool {
			return event.isNamed && (strings.HasPrefix(name, fmt.Sprintf("reports/%06d/", edition)) || name == "lake/current" ||
				name == fmt.Sprintf("lake/editions/%06d.json", edition))
		})
		if event.name == "a side file" {
			got = slices.DeleteFunc(got, func(name string) bool { return strings.HasPrefix(name, "lake/inventory/") })
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: files that changed (-want +got):\n%s", event.name, diff)
		}
	}
}

// A name that says another date makes another delivery of the same bytes.
func TestSameBytesUnderAnotherDate(t *testing.T) {
	dir := newWorkspace(t, twoBanks)
	put(t, dir, "inbox/north/201701.csv", terminals("YN"))
	run(t, dir)
	put(t, dir, "inbox/north/201702.csv", terminals("YN"))
	run(t, dir)
	checkCounts(t, dir, map[string]counts{"2017-01-31": {Yes: 1, No: 1}, "2017-02-28": {Yes: 1, No: 1}})
}

// Two parts of a delivery may have the same bytes.
func TestSamePartsOfADelivery(t *testing.T) {
	dir := newWorkspace(t, `
sources:
  - name: north
    snapshot_date: {file_name: '\d{6}'}
    delivery: parts
    part: {file_name: '_(east|west)'}
    parts: [east, west]
    terminal_key: [acquirer_id, merchant_id, terminal_id]
    assume: {status: in_service, device_type: pos}
`)
	put(t, dir, "inbox/north/201701_east.csv", terminals("YN"))
	run(t, dir)
	put(t, dir, "inbox/north/201701_west.csv", terminals("YN"))
	run(t, dir)
	if got := len(current(t, dir).Deliveries); got != 2 {
		t.Errorf("%d deliveries, want both parts", got)
	}
}

// A corrected profile reads its exports again; what was published stays as it was.
func TestCorrectedProfile(t *testing.T) {
	dir := newWorkspace(t, twoBanks)
	put(t, dir, "inbox/north/201701.csv", strings.ReplaceAll(terminals("YYN"), "contactless_flag", "tap"))
	put(t, dir, "inbox/south/201701.csv", terminals("N"))
	run(t, dir)
	checkCounts(t, dir, map[string]counts{"2017-01-31": {No: 1, Unknown: 3}})
	before := filesBelow(t, filepath.Join(dir, "reports", "000001"))

	put(t, dir, "tapcov.yaml", strings.Replace(twoBanks, "- name: north", "- name: north\n    columns: {contactless_flag: tap}", 1))
	again := run(t, dir)
	if again.IsUnchanged || again.ReadFiles != 1 || again.Edition != 2 {
		t.Errorf("the run after the correction: edition %d, unchanged %t, %d files read", again.Edition, again.IsUnchanged, again.ReadFiles)
	}
	checkCounts(t, dir, map[string]counts{"2017-01-31": {Yes: 2, No: 2}})
	if got := len(current(t, dir).Deliveries); got != 2 {
		t.Errorf("%d deliveries, want 2", got)
	}
	first, err := editions.Open(t.Context(), load(t, dir), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if got := rows(t, first, "select count(*) from terminals where acceptance = 'unknown'")[0][0]; got != int64(3) {
		t.Errorf("the first edition has %d terminals unknown now, want 3", got)
	}
	if diff := cmp.Diff(before, filesBelow(t, filepath.Join(dir, "reports", "000001"))); diff != "" {
		t.Errorf("the first report changed (-before +after):\n%s", diff)
	}
}

// What has nothing to do with reading reads nothing.
func TestSettingsReadNothing(t *testing.T) {
	dir := newWorkspace(t, twoBanks)
	put(t, dir, "inbox/north/201701.csv", terminals("YYN"))
	run(t, dir)
	put(t, dir, "tapcov.yaml", "# a comment\n"+twoBanks+"limits: {threads: 1}\n")
	if again := run(t, dir); !again.IsUnchanged || again.ReadFiles != 0 {
		t.Errorf("a comment and a limit: unchanged %t, %d files read", again.IsUnchanged, again.ReadFiles)
	}
	put(t, dir, "tapcov.yaml", twoBanks+"report: {title: Terminals}\n")
	if again := run(t, dir); again.IsUnchanged || again.ReadFiles != 0 {
		t.Errorf("a title: unchanged %t, %d files read", again.IsUnchanged, again.ReadFiles)
	}
}

func TestReconform(t *testing.T) {
	dir := newWorkspace(t, twoBanks)
	put(t, dir, "inbox/north/201701.csv", terminals("YYN"))
	put(t, dir, "inbox/south/201701.csv", terminals("N"))
	first := run(t, dir)
	for source, want := range map[string]int{"north": 1, "south": 1, "*": 2} {
		again := runWith(t, load(t, dir), pipeline.Options{AsOf: asOf, Reconform: []string{source}})
		if again.ReadFiles != want || !again.IsUnchanged || again.Fingerprint != first.Fingerprint {
			t.Errorf("reconform %s: unchanged %t, %d files read", source, again.IsUnchanged, again.ReadFiles)
		}
	}
	rehashed := runWith(t, load(t, dir), pipeline.Options{AsOf: asOf, Rehash: true})
	if rehashed.ReadFiles != 0 || !rehashed.IsUnchanged {
		t.Errorf("rehash: unchanged %t, %d files read", rehashed.IsUnchanged, rehashed.ReadFiles)
	}
}

// An inventory of an older conform version does not come back once the export was conformed anew.
func TestReconformedStays(t *testing.T) {
	dir := newWorkspace(t, twoBanks)
	put(t, dir, "inbox/north/201701.csv", terminals("YYN"))
	first := run(t, dir)
	for _, id := range []string{strings.Repeat("0", 32), strings.Repeat("f", 32)} {
		keepOlder(t, dir, id)
		if again := run(t, dir); !again.IsUnchanged || again.Fingerprint != first.Fingerprint {
			t.Errorf("with an older inventory %s: unchanged %t", id, again.IsUnchanged)
		}
	}
}

// keepOlder adds the inventory of an older conform version to the one inventory of a lake.
func keepOlder(t *testing.T, dir, id string) {
	t.Helper()
	opened, err := lake.Open(filepath.Join(dir, "lake"))
	if err != nil {
		t.Fatal(err)
	}
	writer, err := opened.Lock(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, inventory := range inventories(t, dir) {
		inventory.ID, inventory.Conform = id, "0"
		if err := writer.SaveInventory(inventory); err != nil {
			t.Error(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
}

// A run that is stopped says so in the ledger and leaves what it finished to the next one.
func TestStopped(t *testing.T) {
	dir := newWorkspace(t, twoBanks)
	put(t, dir, "inbox/north/201701.csv", terminals("YYN"))
	put(t, dir, "inbox/south/201701.csv", terminals("N"))
	ctx, stop := context.WithCancelCause(t.Context())
	impatient := errors.New("no time")
	_, err := pipeline.Run(ctx, load(t, dir), pipeline.Options{AsOf: asOf, Progress: func(event pipeline.Event) {
		if event.Item == "south/201701.csv" {
			stop(impatient)
		}
	}})
	if !errors.Is(err, impatient) && !errors.Is(err, context.Canceled) {
		t.Errorf("the run ended with %v", err)
	}
	checkLedger(t, dir, lake.Cancelled)
	if _, err := editions.Open(t.Context(), load(t, dir), 0); !errors.Is(err, editions.ErrNoEdition) {
		t.Errorf("after a stopped first run: %v", err)
	}
	run(t, dir)
	checkLedger(t, dir, lake.Cancelled, lake.Done)
	checkCounts(t, dir, map[string]counts{"2017-01-31": {Yes: 2, No: 2}})
}

// checkLedger compares how the runs of a workspace ended.
func checkLedger(t *testing.T, dir string, want ...lake.RunState) {
	t.Helper()
	opened, err := lake.Open(filepath.Join(dir, "lake"))
	if err != nil {
		t.Fatal(err)
	}
	runs, err := opened.Runs()
	if err != nil {
		t.Fatal(err)
	}
	var got []lake.RunState
	for _, run := range runs {
		got = append(got, run.State)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
}
