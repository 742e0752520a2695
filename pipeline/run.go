package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/tapcov/tapcov/pipeline/acceptance"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// Options says how to run.
type Options struct {
	Version   string    // of the tool
	Args      []string  // for the ledger
	AsOf      time.Time // which due days have passed
	Wait      bool      // wait for the lock
	Rehash    bool      // do not trust the inbox cache
	Reconform []string  // read the exports of these sources again; "*": of all
	Progress  Progress
}

// TieOutError says that sums do not add up. Nothing was published.
type TieOutError struct{ what string }

// Error says which sum is broken.
func (e *TieOutError) Error() string {
	return "the tie-out is broken: " + e.what + "; nothing was published"
}

// run is one execution.
type run struct {
	Options
	ws        *workspace.Workspace
	lake      *lake.Lake
	writer    *lake.Writer
	engine    *engine.Engine
	rules     *acceptance.Set
	divisions *reference.Divisions
	decisions Decisions
	sql       string
	threads   int
	progress  tracker
	summary   *Summary
	fresh     []*intake // the files that this run read
}

// Run does the whole job: reads what is new in the inbox, settles, covers, judges and publishes, and
// writes the reports. A run with nothing new changes nothing and says so. When ctx ends, it stops
// soon; what is finished is kept for the next run.
func Run(ctx context.Context, ws *workspace.Workspace, options Options) (summary *Summary, err error) {
	if err := checkSources(ws, options.Reconform); err != nil {
		return nil, err
	}
	if limit := ws.Config.Limits.Timeout; limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit, fmt.Errorf("the run took longer than limits.timeout, %s; what was finished is kept", limit))
		defer cancel()
	}
	opened, err := lake.Open(ws.Lake())
	if err != nil {
		return nil, err
	}
	writer, err := opened.Lock(ctx, options.Wait)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, writer.Close()) }()
	record, err := writer.StartRun(options.Args, options.Version)
	if err != nil {
		return nil, err
	}
	r := &run{Options: options, ws: ws, lake: opened, writer: writer, progress: tracker{report: options.Progress}, summary: newSummary()}
	err = r.execute(ctx)
	record.Edition, record.Summary = r.summary.Edition, encode(r.summary)
	state, exit := lake.Done, r.summary.ExitCode()
	switch {
	case err == nil:
	case ctx.Err() != nil:
		state, exit = lake.Cancelled, cancelledWith(context.Cause(ctx))
	default:
		state, exit = lake.Failed, ExitFailed
		record.Error = err.Error()
	}
	return r.summary, errors.Join(err, writer.FinishRun(record, state, exit))
}

// Interruption is the cause of a context that a signal ended.
type Interruption struct{ Code int }

// Error says what became of the run.
func (i Interruption) Error() string {
	if i.Code == ExitTerminated {
		return "terminated; what was finished is kept, run again to go on"
	}
	return "interrupted; what was finished is kept, run again to go on"
}

// cancelledWith is the exit code of a run whose context ended.
func cancelledWith(cause error) int {
	var interruption Interruption
	if errors.As(cause, &interruption) {
		return interruption.Code
	}
	return ExitFailed
}

// checkSources refuses names that are no source of the workspace; "*" stands for all.
func checkSources(ws *workspace.Workspace, names []string) error {
	known := []string{"*"}
	for _, source := range ws.Config.Sources {
		known = append(known, source.Name)
	}
	for _, name := range names {
		if err := editions.CheckName("source", name, known); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) execute(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	defer r.engine.Close()
	if _, err := r.writer.Sweep(); err != nil {
		return err
	}
	inventories, err := r.readInbox(ctx)
	if err != nil {
		return err
	}
	where := place(r.ws.Config, inventories, r.decisions, r.AsOf)
	manifest := r.newManifest(where)
	current, err := r.lake.Current()
	if err != nil {
		return err
	}
	for _, at := range where.snapshots {
		snapshot, err := r.snapshotOrClosed(ctx, at, current)
		if err != nil {
			return err
		}
		manifest.Snapshots = append(manifest.Snapshots, snapshot)
	}
	if err := r.judge(ctx, manifest, where); err != nil {
		return err
	}
	published, err := r.writer.Publish(manifest)
	if err != nil {
		return err
	}
	r.summary.fill(manifest, where.overdue(r.ws.Config, r.AsOf), published)
	if err := r.tellUsage(manifest, r.summary); err != nil {
		return err
	}
	before, err := r.lake.LastSummary()
	if err != nil {
		return err
	}
	r.summary.tellNew(before)
	if err := r.tellDrift(where.deliveries); err != nil {
		return err
	}
	return r.writeReports(ctx, manifest, published)
}

// prepare opens everything a run needs.
func (r *run) prepare(ctx context.Context) (err error) {
	r.sql = sqlVersion()
	r.threads = r.ws.Config.Limits.Threads
	if r.threads <= 0 {
		r.threads = runtime.GOMAXPROCS(0)
	}
	if r.rules, err = acceptance.Load(r.ws.Rules()); err != nil {
		return &workspace.ConfigError{Err: err}
	}
	if r.divisions, err = r.ws.Reference.Regions.At(r.ws.Config.Regions.Vintage); err != nil {
		return &workspace.ConfigError{Err: err}
	}
	if r.decisions, err = readDecisions(filepath.Join(r.ws.ReferenceDir(), "decisions.csv")); err != nil {
		return &workspace.ConfigError{Err: err}
	}
	// Half of the memory is the engine's, a fifth is for Arrow batches, which C allocates; the rest is Go's.
	debug.SetMemoryLimit(r.ws.Config.Limits.Memory * 3 / 10)
	if r.engine, err = engine.Open(ctx, engine.Options{
		Memory: r.ws.Config.Limits.Memory / 2, Threads: r.threads, TempDir: r.writer.TempDir(),
	}); err != nil {
		return err
	}
	if err := checkConditions(ctx, r.ws, r.rules, editions.Populations(r.ws.Config, r.AsOf)); err != nil {
		return errors.Join(err, r.engine.Close())
	}
	return nil
}

// snapshotOrClosed makes a snapshot, or keeps it as published where it is closed.
func (r *run) snapshotOrClosed(ctx context.Context, at estateAt, current *lake.Manifest) (lake.Snapshot, error) {
	if current != nil {
		if before := current.Snapshot(at.date); before != nil && before.State == lake.SnapshotClosed && at.state == lake.SnapshotClosed {
			return *before, nil
		}
	}
	return r.makeSnapshot(ctx, at)
}

// newManifest starts the manifest of the edition: what it is made from.
func (r *run) newManifest(where placement) *lake.Manifest {
	inputs := lake.Inputs{
		Rules: r.rules.Hash, SQL: r.sql, References: map[string]string{}, Settings: map[string]string{},
		DueDaysPassed: where.dueDays,
	}
	for _, table := range reference.Names() {
		inputs.References[table] = r.ws.Reference.Hash(table)
	}
	config := r.ws.Config
	inputs.Settings["estate"] = contentKey(string(encode(config.Estate)))
	inputs.Settings["populations"] = contentKey(string(encode(config.Populations)))
	inputs.Settings["snapshots"] = contentKey(string(encode(config.Snapshots)))
	inputs.Settings["evidence"] = contentKey(string(encode(config.Evidence)))
	inputs.Settings["regions"] = contentKey(r.divisions.Vintage())
	inputs.Settings["report"] = contentKey(string(encode(config.Report)))
	if text, err := os.ReadFile(filepath.Join(r.ws.ReferenceDir(), "decisions.csv")); err == nil {
		inputs.Decisions = contentKey(string(text))
	} else if !errors.Is(err, fs.ErrNotExist) {
		r.summary.warn("reference/decisions.csv: %v", err)
	}
	return &lake.Manifest{ToolVersion: r.Version, Inputs: inputs, Deliveries: where.deliveries}
}

// tellDrift notes how the layouts of the files that this run read have changed.
func (r *run) tellDrift(deliveries []lake.Delivery) error {
	for _, i := range r.fresh {
		if i.inventory == nil {
			continue
		}
		d, err := editions.DriftOfInventory(r.lake, deliveries, i.inventory)
		if err != nil {
			return err
		}
		if d != nil {
			r.summary.Drift = append(r.summary.Drift, editions.FileDrift{Source: i.source.Name, File: i.name, Drift: *d})
		}
	}
	return nil
}
