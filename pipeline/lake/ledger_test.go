package lake

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestLedger(t *testing.T) {
	w := newLake(t)
	start := time.Date(2017, 2, 3, 4, 5, 6, 0, time.UTC)
	w.now = func() time.Time { return start }
	run, err := w.StartRun([]string{"run", "--wait"}, "0.1.0")
	if err != nil {
		t.Fatal(err)
	}
	run.Summary = json.RawMessage(`"reading"`)
	if err := w.SaveRun(run); err != nil {
		t.Fatal(err)
	}
	check := func(want ...*Run) {
		t.Helper()
		got, err := w.Runs()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Run{}, "PID", "Host")); diff != "" {
			t.Error(diff)
		}
	}
	first := &Run{
		ID: "000001", State: Running, StartedAt: start, Args: []string{"run", "--wait"}, ToolVersion: "0.1.0",
		Summary: json.RawMessage(`"reading"`),
	}
	check(first)

	w.now = func() time.Time { return start.Add(time.Minute) }
	run.Edition = 7
	if err := w.FinishRun(run, Failed, 4); err != nil {
		t.Fatal(err)
	}
	first.State, first.ExitCode, first.Edition, first.EndedAt = Failed, 4, 7, start.Add(time.Minute)
	check(first)

	// The clock has gone back; the order of runs is that of their numbers.
	w.now = func() time.Time { return start.Add(-time.Hour) }
	if _, err := w.StartRun(nil, "0.2.0"); err != nil {
		t.Fatal(err)
	}
	second := &Run{ID: "000002", State: Running, StartedAt: start.Add(-time.Hour), ToolVersion: "0.2.0"}
	check(first, second)
}

// A damaged record hides no other run and keeps no run from starting.
func TestDamagedRecord(t *testing.T) {
	w := newLake(t)
	run, err := w.StartRun(nil, "0.1.0")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.FinishRun(run, Done, 0); err != nil {
		t.Fatal(err)
	}
	write(t, w.runPath("000002"), `{"id": "0000`)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	again := lock(t, w.Lake)
	if _, err := again.StartRun(nil, "0.1.0"); err != nil {
		t.Fatal(err)
	}
	checkRun(t, w.Lake, Done, Damaged, Running)
	runs, err := w.Runs()
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, errors.New(runs[1].Error), "000002.json", "unexpected end of JSON input")
}
