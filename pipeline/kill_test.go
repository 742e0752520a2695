package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// runChild is what the test binary does when it is started to be killed: one run on a workspace. It
// prints each step, so that its parent can say how far it came.
func runChild(dir string) int {
	step := ""
	progress := func(event pipeline.Event) {
		if event.Step != step {
			step = event.Step
			fmt.Println(step)
		}
	}
	ws, err := workspace.Load(dir, workspace.Overrides{})
	if err == nil {
		_, err = pipeline.Run(context.Background(), ws, pipeline.Options{AsOf: asOf, Progress: progress})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// A run that is killed or stopped at any instant leaves the edition before it, or its own, whole; the
// next run does the rest, and what comes out is what an undisturbed run makes.
func TestDisturbedRun(t *testing.T) {
	sampleSummary(t)
	count := *trials
	if testing.Short() {
		count = min(count, 3)
	}
	t.Run("killed on an empty lake", func(t *testing.T) {
		disturb(t, count/4, sampleTook, killAfter, func() string {
			dir := emptySample(t)
			deliver(t, dir, ofMonths("2016-10-31", "2016-11-30", "2016-12-31", "2017-01-31"))
			return dir
		})
	})
	base := emptySample(t)
	deliver(t, base, ofMonths("2016-10-31", "2016-11-30", "2016-12-31"))
	run(t, base)
	deliver(t, base, ofMonths("2017-01-31"))
	fresh := func() string {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(base)); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	t.Run("killed on the lake of three months", func(t *testing.T) {
		disturb(t, count-count/4, sampleTook/3, killAfter, fresh)
	})
	t.Run("stopped on the lake of three months", func(t *testing.T) {
		disturb(t, max(1, count/4), sampleTook/3, stopAfter, fresh)
	})
}

// disturb disturbs runs on fresh workspaces at random instants of the time that such a run takes.
func disturb(t *testing.T, count int, takes time.Duration, after func(*testing.T, string, time.Duration) (string, bool), fresh func() string) {
	random := rand.New(rand.NewPCG(20151212, uint64(count)))
	for trial := range count {
		// One stratum a trial, so that few trials too meet every stage.
		at := time.Duration((float64(trial) + random.Float64()) / float64(count) * float64(takes))
		dir := fresh()
		step, disturbed := after(t, dir, at)
		for !disturbed { // the machine is faster now
			at /= 2
			dir = fresh()
			step, disturbed = after(t, dir, at)
		}
		t.Logf("after %v, at step %q", at.Round(time.Millisecond), step)
		checkCompleted(t, dir)
	}
}

// stopAfter starts a run, ends its context after some time, and returns the step that it had come to.
func stopAfter(t *testing.T, dir string, after time.Duration) (step string, stopped bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	_, err := pipeline.Run(ctx, load(t, dir), pipeline.Options{AsOf: asOf, Progress: func(event pipeline.Event) { step = event.Step }})
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a run that was stopped ends with: %v", err)
	}
	return step, err != nil
}

// killAfter starts a run in a process of its own, kills it after some time, and returns the step that
// it had come to. A run that ended before was not killed.
func killAfter(t *testing.T, dir string, after time.Duration) (step string, killed bool) {
	t.Helper()
	var steps, words strings.Builder
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), childWorkspace+"="+dir)
	command.Stdout, command.Stderr = &steps, &words
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = command.Process.Kill() })
	err := command.Wait()
	killed = !timer.Stop()
	if err != nil && !killed || words.Len() > 0 {
		t.Fatalf("a run in a process of its own: %v\n%s", err, &words)
	}
	done := strings.Fields(steps.String())
	if len(done) == 0 {
		return "", err != nil
	}
	return done[len(done)-1], err != nil
}

// checkCompleted looks at a disturbed workspace, completes it, and compares it with the undisturbed one.
func checkCompleted(t *testing.T, dir string) {
	t.Helper()
	before, err := editions.Open(t.Context(), load(t, dir), 0)
	switch {
	case errors.Is(err, editions.ErrNoEdition):
	case err != nil:
		t.Errorf("after the disturbance: %v", err)
	default:
		checkWhole(t, before)
		if err := before.Close(); err != nil {
			t.Error(err)
		}
	}

	checkExit(t, run(t, dir), pipeline.ExitDone)
	edition := current(t, dir)
	want := sampleEdition(t)
	if edition.Fingerprint != want.Fingerprint {
		t.Errorf("the edition differs from an undisturbed run's:\n%s", cmp.Diff(publishedState(t, want), publishedState(t, edition)))
	}
	checkWhole(t, edition)
	checkSameReport(t, want, edition)
	checkNothingLeft(t, dir, edition)
}

// checkWhole reads every row of an edition and compares with what the manifest promises.
func checkWhole(t *testing.T, edition *editions.Edition) {
	t.Helper()
	promised := map[string]int64{"claims": edition.Claims.Rows}
	for _, d := range edition.Deliveries {
		if d.IsUsage {
			promised["usage"] += d.Rows.Rows
		} else {
			promised["inventory"] += d.Rows.Rows
		}
		promised["rejects"] += d.Rejects.Rows
	}
	for _, s := range edition.Snapshots {
		promised["terminals"] += s.Settled.Rows
		promised["coverage"] += 3 * s.Coverage.Rows // readings
	}
	for _, view := range views {
		if got := rowsOf(t, edition, view); !strings.HasPrefix(got, fmt.Sprintf("%d rows,", promised[view])) {
			t.Errorf("edition %d: the view %s has %s; the manifest says %d", edition.Edition, view, got, promised[view])
		}
	}
}

// checkNothingLeft finds what a disturbed run left behind, or did twice.
func checkNothingLeft(t *testing.T, dir string, edition *editions.Edition) {
	t.Helper()
	for name := range filesBelow(t, filepath.Join(dir, "lake", "tmp")) {
		t.Errorf("lake/tmp/%s is left", name)
	}
	for name := range filesBelow(t, filepath.Join(dir, "reports")) {
		if strings.Contains(name, ".tmp") || strings.HasPrefix(filepath.Base(name), ".") {
			t.Errorf("reports/%s is left", name)
		}
	}
	if got, want := len(inventories(t, dir)), len(edition.Deliveries); got != want {
		t.Errorf("%d inventories of %d exports", got, want)
	}
	opened, err := lake.Open(filepath.Join(dir, "lake"))
	if err != nil {
		t.Fatal(err)
	}
	editions, err := opened.Editions()
	if err != nil {
		t.Fatal(err)
	}
	if len(editions) != edition.Edition {
		t.Errorf("%d editions, and the current one is number %d", len(editions), edition.Edition)
	}
	runs, err := opened.Runs()
	if err != nil {
		t.Fatal(err)
	}
	for i, run := range runs {
		if run.State != lake.Done && (i == len(runs)-1 || run.State != lake.Killed && run.State != lake.Cancelled) {
			t.Errorf("run %d of %d is %s", i+1, len(runs), run.State)
		}
	}
}
