package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/lake"
)

// The exit codes of tapcov; the root help lists them.
const (
	ExitDone        = 0
	ExitFailed      = 1
	ExitUsage       = 2
	ExitCheck       = 3
	ExitSetAside    = 4
	ExitLocked      = 5
	ExitOverdue     = 6
	ExitHeld        = 7
	ExitInterrupted = 130
	ExitTerminated  = 143
)

// Summary is what a run came to.
type Summary struct {
	Edition     int                  `json:"edition"`
	Fingerprint string               `json:"fingerprint"`
	IsUnchanged bool                 `json:"is_unchanged"` // nothing was new; nothing was written
	ReadFiles   int                  `json:"read_files"`
	Snapshots   []SnapshotSummary    `json:"snapshots"`
	SetAside    []SetAside           `json:"set_aside"`
	Drift       []editions.FileDrift `json:"drift"` // of the files that were read
	Overdue     []lake.DueDay        `json:"overdue"`
	Warnings    []string             `json:"warnings"`
	Judgements  []coverage.Judgement `json:"judgements"`
	Claims      []string             `json:"-"`      // one line a claim, for people
	Report      string               `json:"report"` // path of the page
	ExitCodes   []int                `json:"exit_codes"`
}

// SnapshotSummary is one line of the run's summary.
type SnapshotSummary struct {
	Date      string             `json:"snapshot_date"`
	State     lake.SnapshotState `json:"state"`
	Exports   int                `json:"exports"`
	Carried   int                `json:"carried"`
	Rows      int64              `json:"rows"`
	Terminals int64              `json:"terminals"`
	Rejects   int64              `json:"rejects"`
	Share     string             `json:"share"` // the headline interval as printed
	Usage     *UsageSummary      `json:"usage,omitempty"`
}

// SetAside is a delivery that was not used, and why.
type SetAside struct {
	Source string             `json:"source"`
	File   string             `json:"file"`
	State  lake.DeliveryState `json:"state"`
	Reason string             `json:"reason"` // code; see docs/rejects
	Why    string             `json:"why"`
	IsNew  bool               `json:"is_new"` // no earlier run has said so
}

// Waiting is the state of a file that is not read yet, because what is to stand beside it does not.
const Waiting lake.DeliveryState = "waiting"

func newSummary() *Summary {
	return &Summary{Snapshots: []SnapshotSummary{}, SetAside: []SetAside{}, Drift: []editions.FileDrift{}, Overdue: []lake.DueDay{}, Warnings: []string{}, Judgements: []coverage.Judgement{}}
}

func (s *Summary) warn(format string, args ...any) {
	s.Warnings = append(s.Warnings, fmt.Sprintf(format, args...))
}

// fill takes over what the published manifest says, and which due days have passed.
func (s *Summary) fill(manifest *lake.Manifest, dueDays []lake.DueDay, published bool) {
	s.Edition, s.Fingerprint, s.IsUnchanged = manifest.Edition, manifest.Fingerprint, !published
	deliveries := map[string]lake.Delivery{} // by inventory
	for _, d := range manifest.Deliveries {
		deliveries[d.InventoryID] = d
	}
	for _, snapshot := range manifest.Snapshots {
		line := SnapshotSummary{Date: snapshot.Date, State: snapshot.State, Terminals: snapshot.Settled.Rows}
		for _, m := range snapshot.Members {
			line.Exports++
			line.Rows += deliveries[m.InventoryID].Rows.Rows
			line.Rejects += deliveries[m.InventoryID].Rejects.Rows
			if m.CarriedMonths > 0 {
				line.Carried++
			}
		}
		s.Snapshots = append(s.Snapshots, line)
	}
	for _, d := range manifest.Deliveries {
		if d.State == lake.Refused || d.State == lake.Ambiguous {
			s.SetAside = append(s.SetAside, SetAside{Source: d.Source, File: d.File(), State: d.State, Reason: d.Reason, Why: d.Why})
		}
	}
	s.Overdue = append(s.Overdue, dueDays...)
	s.ExitCodes = s.exitCodes()
}

// tellNew marks what no run before this one has said of deliveries that are set aside.
func (s *Summary) tellNew(before json.RawMessage) {
	var said struct {
		SetAside []SetAside `json:"set_aside"`
	}
	if len(before) > 0 && json.Unmarshal(before, &said) != nil {
		said.SetAside = nil // of a version that we do not understand: say it again
	}
	for i := range s.SetAside {
		aside := &s.SetAside[i]
		aside.IsNew = !slices.ContainsFunc(said.SetAside, func(old SetAside) bool {
			return old.Source == aside.Source && old.File == aside.File && old.State == aside.State && old.Why == aside.Why
		})
	}
}

func (s *Summary) exitCodes() []int {
	codes := []int{}
	if len(s.SetAside) > 0 {
		codes = append(codes, ExitSetAside)
	}
	if len(s.Overdue) > 0 {
		codes = append(codes, ExitOverdue)
	}
	return codes
}

// ExitCode is the one code of several that a process ends with: the first of 1, 7, 4, 6, 3 that
// applies, else 0.
func (s *Summary) ExitCode() int {
	for _, code := range []int{ExitFailed, ExitHeld, ExitSetAside, ExitOverdue, ExitCheck} {
		if slices.Contains(s.ExitCodes, code) {
			return code
		}
	}
	return ExitDone
}

// addShares adds the headline interval to every snapshot, and a line for every claim.
func (s *Summary) addShares(ctx context.Context, e *editions.Edition) error {
	shares, err := e.Shares(ctx)
	if err != nil {
		return err
	}
	for i := range s.Snapshots {
		s.Snapshots[i].Share = shares[s.Snapshots[i].Date]
	}
	for _, j := range s.Judgements {
		if j.SnapshotDate == "" {
			s.Claims = append(s.Claims, fmt.Sprintf("claim %s: %s: %s", j.ClaimID, j.Verdict, j.Reason))
		}
	}
	return nil
}
