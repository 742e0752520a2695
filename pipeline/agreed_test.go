package pipeline_test

import (
	"crypto/md5"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/lake"
)

// agreeing is a workspace of one source with a line of its own.
func agreeing(line string) string {
	return "sources:\n  - name: bank\n    snapshot_date: {file_name: '(\\d{6})', layout: yyyymm}\n" +
		"    assume: {status: in_service, device_type: pos}\n    " + line + "\n"
}

// rejecting returns an export of so many terminals, of which some have no id.
func rejecting(terminals, rejected int) string {
	var b strings.Builder
	b.WriteString("终端编号,是否支持非接\n")
	for i := range terminals {
		if i < rejected {
			b.WriteString(",是\n")
		} else {
			fmt.Fprintf(&b, "%08d,是\n", i)
		}
	}
	return b.String()
}

// delivered returns the only delivery of a workspace.
func delivered(t *testing.T, dir string) lake.Delivery {
	t.Helper()
	deliveries := current(t, dir).Deliveries
	if len(deliveries) != 1 {
		t.Fatalf("there are %d deliveries", len(deliveries))
	}
	return deliveries[0]
}

// At a limit an export is good, one reject above it is set aside; a wider limit lets it in as it lies
// in the lake.
func TestRejectLimits(t *testing.T) {
	for _, test := range []struct {
		line             string
		terminals, wrong int
		why              string
	}{
		{"max_rejects: 2", 10, 2, ""},
		{"max_rejects: 2", 10, 3, "3 of 10 terminals were rejected, more than max_rejects: 2"},
		{"max_rejects: 0", 10, 0, ""},
		{"max_rejects: 0", 10, 1, "1 of 10 terminals were rejected, more than max_rejects: 0"},
		{"max_reject_share: 0.1", 10, 1, ""},
		{"max_reject_share: 0.1", 10, 2, "2 of 10 terminals were rejected, a share above max_reject_share: 0.1"},
		{"max_reject_share: 0.3", 10, 3, ""}, // 0.3 as a float is less
		{"max_reject_share: 0", 10, 1, "1 of 10 terminals were rejected, a share above max_reject_share: 0"},
		{"max_reject_share: 1", 3, 3, ""},
		{"{max_rejects: 9, max_reject_share: 0.01}", 100, 2, "2 of 100 terminals were rejected, a share above max_reject_share: 0.01"},
	} {
		t.Run(fmt.Sprintf("%s, %d of %d", test.line, test.wrong, test.terminals), func(t *testing.T) {
			line := strings.ReplaceAll(strings.Trim(test.line, "{}"), ", ", "\n    ")
			dir := newWorkspace(t, agreeing(line))
			put(t, dir, "inbox/bank/201701.csv", rejecting(test.terminals, test.wrong))
			summary := run(t, dir)
			d := delivered(t, dir)
			if d.Why != test.why || (d.State == lake.Refused) != (test.why != "") || (d.Reason == "rejects_over_limit") != (test.why != "") {
				t.Errorf("%s for %s: %q, want %q", d.State, d.Reason, d.Why, test.why)
			}
			want := pipeline.ExitDone
			if test.why != "" {
				want = pipeline.ExitSetAside
			}
			checkExit(t, summary, want)
			if test.why == "" {
				return
			}
			put(t, dir, "tapcov.yaml", agreeing("max_rejects: 100"))
			if again := run(t, dir); again.ReadFiles != 0 {
				t.Errorf("%d files were read again for a wider limit", again.ReadFiles)
			}
			if d := delivered(t, dir); d.State != lake.InForce {
				t.Errorf("under a wider limit the delivery is %s: %s", d.State, d.Why)
			}
		})
	}
}

func TestSideFiles(t *testing.T) {
	export := rejecting(5, 1)
	sum, wrong := fmt.Sprintf("%x", md5.Sum([]byte(export))), strings.Repeat("0", 32)
	id := fmt.Sprintf("%x", sha256.Sum256([]byte(export)))
	for _, test := range []struct {
		name, text, line string
		why              string
	}{
		{"201701.csv.ok", "", "", ""},
		{"201701.ok", "rows=5\n", "", ""},
		{"201701.csv.count", "5\n", "", ""},
		{"201701.csv.md5", sum + "  201701.csv\n", "", ""},
		{"201701.csv.SHA256", "SHA256 (201701.csv) = " + id + "\n", "", ""},
		{"201701.ok", fmt.Sprintf("size=%d\n", len(export)), "", ""},
		{"201701.csv.count", "6\n", "control: {counts: records}", ""},
		{"201701.csv.count", "7\n", "control: {ignore: true}", ""},
		{
			"201701.csv.count", "4\n", "",
			"201701.csv.count counts 4, but the export has 5 (4 read, 1 rejected)",
		},
		{
			"201701.csv.count", "6\n", "",
			"201701.csv.count counts 6, but the export has 5 (4 read, 1 rejected); if it counts the header too, set control.counts: records",
		},
		{"201701.ok", "size=1\n", "", fmt.Sprintf("201701.ok gives a size of 1 bytes, the export has %d", len(export))},
		{
			"201701.csv.md5", wrong, "",
			"201701.csv.md5 gives the MD5 " + wrong + ", the export has " + sum + ": it is damaged or not whole",
		},
		{
			"201701.csv.sha256", wrong + wrong, "",
			"201701.csv.sha256 gives the SHA-256 " + wrong + wrong + ", the export has " + id + ": it is damaged or not whole",
		},
		{
			"201701.csv.count", "see letter\n", "",
			"201701.csv.count cannot be used: there is no number in it; ask for it again, or set control.ignore",
		},
	} {
		t.Run(test.name+" "+test.text, func(t *testing.T) {
			dir := newWorkspace(t, agreeing(test.line))
			put(t, dir, "inbox/bank/201701.csv", export)
			put(t, dir, "inbox/bank/"+test.name, test.text)
			summary := run(t, dir)
			d := delivered(t, dir)
			if d.Why != test.why || (d.State == lake.Refused) != (test.why != "") {
				t.Errorf("%s: %q, want %q", d.State, d.Why, test.why)
			}
			if test.why != "" {
				checkExit(t, summary, pipeline.ExitSetAside)
			}
		})
	}
}

// What a side file has said holds when it is gone, and a better one takes its place; the export itself
// is read once.
func TestSideFileThatComesLater(t *testing.T) {
	dir := newWorkspace(t, agreeing(""))
	put(t, dir, "inbox/bank/201701.csv", rejecting(3, 0))
	checkExit(t, run(t, dir), pipeline.ExitDone)
	side := "inbox/bank/201701.csv.count"
	put(t, dir, side, "4")
	checkExit(t, run(t, dir), pipeline.ExitSetAside)
	if err := os.Remove(filepath.Join(dir, side)); err != nil {
		t.Fatal(err)
	}
	checkExit(t, run(t, dir), pipeline.ExitSetAside)
	put(t, dir, side, "3")
	mended := run(t, dir)
	checkExit(t, mended, pipeline.ExitDone)
	if mended.ReadFiles != 0 {
		t.Errorf("%d files were read again", mended.ReadFiles)
	}
	for _, name := range []string{side, "inbox/bank/201701.csv"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	checkExit(t, run(t, dir), pipeline.ExitDone)
	checkStates(t, dir, "bank/201701.csv in_force")
}

// Where side files are required, an export without one is not touched.
func TestRequiredSideFile(t *testing.T) {
	dir := newWorkspace(t, agreeing("control: {required: true}"))
	put(t, dir, "inbox/bank/201701.csv", rejecting(3, 0))
	plan, err := pipeline.Plan(t.Context(), load(t, dir))
	if err != nil || len(plan) != 1 || plan[0].Action != pipeline.PlanWait {
		t.Errorf("the plan is %+v, %v", plan, err)
	}
	waiting := run(t, dir)
	checkExit(t, waiting, pipeline.ExitSetAside)
	want := []pipeline.SetAside{{
		Source: "bank", File: "201701.csv", State: pipeline.Waiting, Reason: "side_file", IsNew: true,
		Why: "no side file stands beside it yet, and control.required asks for one",
	}}
	if diff := cmp.Diff(want, waiting.SetAside); diff != "" || waiting.ReadFiles != 0 {
		t.Errorf("%d files read (-want +got):\n%s", waiting.ReadFiles, diff)
	}
	if status, err := pipeline.ReadStatus(t.Context(), load(t, dir), asOf); err != nil || len(status.SetAside) != 1 {
		t.Errorf("status %+v, %v", status, err)
	}
	if again := run(t, dir); again.SetAside[0].IsNew {
		t.Error("what the run before has said is new again")
	}
	put(t, dir, "inbox/bank/201701.ok", "")
	checkExit(t, run(t, dir), pipeline.ExitDone)
	checkStates(t, dir, "bank/201701.csv in_force")
	if err := os.Remove(filepath.Join(dir, "inbox/bank/201701.ok")); err != nil {
		t.Fatal(err)
	}
	checkExit(t, run(t, dir), pipeline.ExitDone)
}

// An export that was refused when it was read says by which reason; one that was refused before says so
// once.
func TestRefusedOnce(t *testing.T) {
	dir := newWorkspace(t, agreeing(""))
	put(t, dir, "inbox/bank/201701.csv", "dear colleague\nno terminals\n")
	first, again := run(t, dir), run(t, dir)
	checkExit(t, again, pipeline.ExitSetAside)
	if !first.SetAside[0].IsNew || again.SetAside[0].IsNew || first.SetAside[0].Reason != "no_terminal_id" {
		t.Errorf("first %+v, then %+v", first.SetAside, again.SetAside)
	}
	put(t, dir, "inbox/bank/201702.csv", "dear colleague\nno terminals again\n")
	third := run(t, dir)
	if len(third.SetAside) != 2 || third.SetAside[0].IsNew == third.SetAside[1].IsNew {
		t.Errorf("with a second one: %+v", third.SetAside)
	}
}
