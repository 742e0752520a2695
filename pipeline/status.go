package pipeline

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/tapcov/tapcov/pipeline/acceptance"
	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// Status is the state of a workspace.
type Status struct {
	Edition     int               `json:"edition"` // 0: nothing is published
	Fingerprint string            `json:"fingerprint"`
	Snapshots   []SnapshotSummary `json:"snapshots"`
	SetAside    []SetAside        `json:"set_aside"`
	Overdue     []lake.DueDay     `json:"overdue"`
	LastRun     *lake.Run         `json:"last_run"`
}

// ExitCode is 6 if a source is past its due day, else 0.
func (s *Status) ExitCode() int {
	if len(s.Overdue) > 0 {
		return ExitOverdue
	}
	return ExitDone
}

// ReadStatus reads the state of a workspace as of a day, which decides what is overdue.
func ReadStatus(ctx context.Context, ws *workspace.Workspace, asOf time.Time) (*Status, error) {
	opened, err := lake.Open(ws.Lake())
	if err != nil {
		return nil, err
	}
	status := &Status{Snapshots: []SnapshotSummary{}, SetAside: []SetAside{}, Overdue: []lake.DueDay{}}
	runs, err := opened.Runs()
	if err != nil {
		return nil, err
	}
	if len(runs) > 0 {
		status.LastRun = runs[len(runs)-1]
	}
	manifest, err := opened.Current()
	if err != nil || manifest == nil {
		return status, err
	}
	r := &run{ws: ws, lake: opened}
	known, err := r.knownInventories()
	if err != nil {
		return nil, err
	}
	decisions, err := readDecisions(filepath.Join(ws.ReferenceDir(), "decisions.csv"))
	if err != nil {
		return nil, &workspace.ConfigError{Err: err}
	}
	summary := newSummary()
	if err := r.awaited(known, summary); err != nil {
		return nil, err
	}
	where := place(ws.Config, known.list(), decisions, asOf)
	summary.fill(manifest, where.overdue(ws.Config, asOf), true)
	if err := r.tellUsage(manifest, summary); err != nil {
		return nil, err
	}
	if err := addShares(ctx, ws, summary); err != nil {
		return nil, err
	}
	status.Edition, status.Fingerprint = manifest.Edition, manifest.Fingerprint
	status.Snapshots, status.SetAside, status.Overdue = summary.Snapshots, summary.SetAside, summary.Overdue
	return status, nil
}

// addShares adds the shares of the current edition to a summary of it.
func addShares(ctx context.Context, ws *workspace.Workspace, summary *Summary) error {
	if len(summary.Snapshots) == 0 {
		return nil
	}
	edition, err := editions.Open(ctx, ws, summary.Edition)
	if err != nil {
		return err
	}
	defer edition.Close()
	return summary.addShares(ctx, edition)
}

// CheckConditions checks every condition that a workspace writes: those of its rules and its populations.
func CheckConditions(ctx context.Context, ws *workspace.Workspace) error {
	rules, err := acceptance.Load(ws.Rules())
	if err != nil {
		return &workspace.ConfigError{Err: err}
	}
	return checkConditions(ctx, ws, rules, editions.Populations(ws.Config, time.Time{}))
}

// checkConditions checks conditions in a sandbox: whoever writes a rule decides how terminals are judged,
// and nothing else.
func checkConditions(ctx context.Context, ws *workspace.Workspace, rules *acceptance.Set, populations []coverage.Population) (err error) {
	sandbox, err := engine.OpenSandbox(ctx, engine.SandboxOptions{Options: engine.Options{Memory: 64 << 20, Threads: 1}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sandbox.Close()) }()
	place := func(population, before string) string {
		line, column := ws.PlaceInPopulation(population, before)
		return fmt.Sprintf("%s:%d:%d", workspace.FileName, line, column)
	}
	if err := errors.Join(rules.Check(ctx, sandbox), coverage.Check(ctx, sandbox, populations, place)); err != nil {
		return &workspace.ConfigError{Err: err}
	}
	return nil
}

// TestRules runs the examples written beside each rule.
func TestRules(ctx context.Context, rules *acceptance.Set) (ran int, failures []acceptance.Failure, err error) {
	if err := checkConditions(ctx, nil, rules, nil); err != nil {
		return 0, nil, err
	}
	err = withEngine(ctx, func(e *engine.Engine) (err error) {
		ran, failures, err = rules.Test(ctx, e)
		return err
	})
	return ran, failures, err
}

func withEngine(ctx context.Context, do func(*engine.Engine) error) error {
	e, err := engine.Open(ctx, engine.Options{})
	if err != nil {
		return err
	}
	defer e.Close()
	return do(e)
}
