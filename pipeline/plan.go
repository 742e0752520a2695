package pipeline

import (
	"context"
	"errors"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// What a run would do with a file.
const (
	PlanRead     = "read"      // new: it would be read
	PlanKnown    = "known"     // its bytes are in the lake already
	PlanSetAside = "set_aside" // it cannot be read as it is
	PlanWait     = "wait"      // it may still be on its way: its side file is not there
)

// PlannedFile is what a run would do with one file of the inbox, and why.
type PlannedFile struct {
	Source       string          `json:"source"`
	File         string          `json:"file"`
	Action       string          `json:"action"`
	Why          string          `json:"why"`
	SnapshotDate string          `json:"snapshot_date"`
	Bytes        int64           `json:"bytes"`
	Layout       *conform.Layout `json:"layout,omitempty"`
	Drift        *editions.Drift `json:"drift,omitempty"` // since the source's last accepted export
}

// Plan says what a run would do, leaving no trace: it reads the head of new files and nothing else.
func Plan(ctx context.Context, ws *workspace.Workspace) ([]PlannedFile, error) {
	opened, err := lake.Open(ws.Lake())
	if err != nil {
		return nil, err
	}
	r := &run{ws: ws, lake: opened}
	files, err := look(ws)
	if err != nil {
		return nil, err
	}
	known, err := r.knownInventories()
	if err != nil {
		return nil, err
	}
	seen, err := opened.Seen(false)
	if err != nil {
		return nil, err
	}
	current, err := opened.Current()
	if err != nil {
		return nil, err
	}
	var deliveries []lake.Delivery
	if current != nil {
		deliveries = current.Deliveries
	}
	plan := []PlannedFile{}
	for _, file := range files {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		planned := PlannedFile{Source: file.source.Name, File: file.name, Bytes: file.info.Size()}
		exportID, isSeen := seen.Lookup(file.source.Name+"/"+file.name, file.info)
		if inventory := known.find(file, exportID, r.conformInputs()); isSeen && inventory != nil {
			planned.Action, planned.SnapshotDate, planned.Why = PlanKnown, inventory.SnapshotDate, inventory.Refused
		} else if file.isAwaited() {
			planned.Action, planned.Why = PlanWait, whyAwaited
		} else if err := r.planNew(file, deliveries, &planned); err != nil {
			return nil, err
		}
		plan = append(plan, planned)
	}
	return plan, nil
}

// planNew looks at the head of a file as a run would.
func (r *run) planNew(file inboxFile, deliveries []lake.Delivery, planned *PlannedFile) error {
	planned.Action, planned.Why = PlanRead, "new"
	setAside := func(err error) error {
		var refused *export.RefusedError
		if !errors.As(err, &refused) {
			return err
		}
		planned.Action, planned.Why = PlanSetAside, r.why(file, err)
		return nil
	}
	reading, err := export.Open(file.path, r.exportOptions(file))
	if err != nil {
		return setAside(err)
	}
	defer reading.Close()
	layout, problems := conform.ExamineTables(reading.Tables(), r.conformFile(file))
	planned.Layout, planned.SnapshotDate = &layout, layout.SnapshotDate
	if len(problems) > 0 {
		planned.Action = PlanSetAside
		planned.Why = (&conform.SetAsideError{File: file.name, Problems: problems}).Error()
	}
	planned.Drift, err = editions.DriftOf(r.lake, deliveries, file.source.Name, "", &layout)
	return err
}
