package lake

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// RunState says how far a run came.
type RunState string

// The states of a run.
const (
	Running   RunState = "running"
	Done      RunState = "done"
	Failed    RunState = "failed"
	Cancelled RunState = "cancelled" // interrupted or terminated, and it had time to say so
	Killed    RunState = "killed"    // it ended without a word
	Damaged   RunState = "damaged"   // its record cannot be read; Error says why
)

// A Run is one execution of the pipeline as the ledger keeps it. Times and hosts live here and reach no
// table and no report.
type Run struct {
	ID          string          `json:"id"`
	State       RunState        `json:"state"`
	PID         int             `json:"pid"`
	Host        string          `json:"host"`
	StartedAt   time.Time       `json:"started_at"`
	EndedAt     time.Time       `json:"ended_at,omitzero"` // zero while it runs, and for ever if it was killed
	Args        []string        `json:"args"`
	ToolVersion string          `json:"tool_version"`
	Edition     int             `json:"edition,omitempty"` // the edition it published or found unchanged
	ExitCode    int             `json:"exit_code"`         // of no meaning before EndedAt is set
	Error       string          `json:"error,omitempty"`
	Summary     json.RawMessage `json:"summary,omitempty"`
}

// StartRun enters a new run into the ledger as running.
func (w *Writer) StartRun(args []string, toolVersion string) (*Run, error) {
	numbers, err := w.numbered("runs")
	if err != nil {
		return nil, err
	}
	next := 1
	if len(numbers) > 0 {
		next = numbers[len(numbers)-1] + 1
	}
	self := w.self()
	run := &Run{
		ID: runID(next), State: Running, PID: self.PID, Host: self.Host, StartedAt: w.now().UTC(),
		Args: args, ToolVersion: toolVersion,
	}
	return run, w.SaveRun(run)
}

// SaveRun writes what is known of the run by now.
func (w *Writer) SaveRun(run *Run) error { return w.writeJSON(w.runPath(run.ID), run) }

// FinishRun writes the end of the run: its state, its exit code and the time.
func (w *Writer) FinishRun(run *Run, state RunState, exitCode int) error {
	run.State, run.ExitCode, run.EndedAt = state, exitCode, w.now().UTC()
	return w.SaveRun(run)
}

// Runs returns the ledger, oldest first. A run that says it is running while nobody holds the lock is
// returned as killed, and a record that cannot be read as damaged.
func (l *Lake) Runs() ([]*Run, error) {
	numbers, err := l.numbered("runs")
	if err != nil {
		return nil, err
	}
	runs := make([]*Run, 0, len(numbers))
	for _, number := range numbers {
		runs = append(runs, l.run(number))
	}
	if len(runs) == 0 || runs[len(runs)-1].State != Running {
		return runs, nil
	}
	// Whoever takes the lock marks the dead before anything else, so only the last can be in doubt.
	locked, err := l.isLocked()
	if err != nil {
		return nil, err
	}
	if !locked {
		runs[len(runs)-1].State = Killed
	}
	return runs, nil
}

// LastSummary returns the summary of the last run that left one, nil if none did.
func (l *Lake) LastSummary() (json.RawMessage, error) {
	numbers, err := l.numbered("runs")
	if err != nil {
		return nil, err
	}
	for _, number := range slices.Backward(numbers) {
		if run := l.run(number); len(run.Summary) > 0 {
			return run.Summary, nil
		}
	}
	return nil, nil
}

// buryRuns marks the run as killed that the process which had the lock before left as running.
func (w *Writer) buryRuns() error {
	numbers, err := w.numbered("runs")
	if err != nil || len(numbers) == 0 {
		return err
	}
	run := w.run(numbers[len(numbers)-1])
	if run.State != Running {
		return nil
	}
	run.State = Killed
	return w.SaveRun(run)
}

// run reads one record. One that is damaged must not keep the others from being listed, or the next
// run from starting.
func (l *Lake) run(number int) *Run {
	id := runID(number)
	var run Run
	if err := readJSON(l.runPath(id), &run); err != nil {
		return &Run{ID: id, State: Damaged, Error: err.Error()}
	}
	return &run
}

func (l *Lake) runPath(id string) string { return l.path("runs", id+".json") }

func runID(number int) string { return fmt.Sprintf("%06d", number) }
