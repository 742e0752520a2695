package editions

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// DeliverySelection picks deliveries; empty fields stand for all.
type DeliverySelection struct{ Source, Snapshot, State string }

// SourceDeliveries is what there is to say to one source: what became of its deliveries, and what is
// expected next. It names no other source, so that it can be sent to this one.
type SourceDeliveries struct {
	Source     string          `json:"source"`
	NextDue    *Due            `json:"next_due"` // null: it declares no rhythm
	Deliveries []DeliveryTally `json:"deliveries"`
}

// Due is a delivery that is expected.
type Due struct {
	SnapshotDate string `json:"snapshot_date"`
	DueOn        string `json:"due_on"`
	IsOverdue    bool   `json:"is_overdue"`
}

// DeliveryTally is what became of one delivery.
type DeliveryTally struct {
	SnapshotDate string             `json:"snapshot_date"` // empty if it was refused before it was known
	Part         string             `json:"part,omitempty"`
	Version      string             `json:"version,omitempty"`
	State        lake.DeliveryState `json:"state"`
	Reason       string             `json:"reason,omitempty"` // code, of a refused one
	Why          string             `json:"why,omitempty"`
	Files        []string           `json:"files"`
	ExportID     string             `json:"export_id"`
	Records      int64              `json:"record_count"`
	Accepted     int64              `json:"accepted_count"`
	Rejected     int64              `json:"rejected_count"` // rows that were terminals
	NotTerminal  int64              `json:"not_terminal_count"`
	Defects      int64              `json:"defect_count"` // cells
	Reasons      map[string]int64   `json:"reasons"`      // reason code → rows and cells
	SideFiles    []lake.SideFile    `json:"side_files,omitempty"`
	Against      *Against           `json:"against,omitempty"`
	Drift        *Drift             `json:"drift,omitempty"`
	Cured        *Cured             `json:"cured,omitempty"`
}

// Against compares a delivery with the source's one in force before it.
type Against struct {
	SnapshotDate string `json:"snapshot_date"`
	Accepted     int64  `json:"accepted_change"`
	Rejected     int64  `json:"rejected_change"`
	Defects      int64  `json:"defect_change"`
}

// SourceDeliveries returns what became of the deliveries of the edition, source by source in the order
// of the config, the newest snapshot first. asOf decides which due days have passed.
func (e *Edition) SourceDeliveries(ctx context.Context, s DeliverySelection, asOf time.Time) ([]SourceDeliveries, error) {
	if err := e.checkDelivery(s.Source, s.Snapshot); err != nil {
		return nil, err
	}
	if err := CheckName("state", s.State, deliveryStates); s.State != "" && err != nil {
		return nil, err
	}
	all := []SourceDeliveries{}
	for _, source := range e.deliverers() {
		if s.Source != "" && source.Name != s.Source {
			continue
		}
		of := SourceDeliveries{Source: source.Name, NextDue: e.nextDue(source, asOf), Deliveries: []DeliveryTally{}}
		for _, d := range e.Deliveries {
			if d.Source != source.Name || s.Snapshot != "" && d.SnapshotDate != s.Snapshot || s.State != "" && string(d.State) != s.State {
				continue
			}
			tally, err := e.tallyOf(ctx, &d)
			if err != nil {
				return nil, err
			}
			of.Deliveries = append(of.Deliveries, *tally)
		}
		slices.SortStableFunc(of.Deliveries, func(a, b DeliveryTally) int {
			return cmp.Or(-cmp.Compare(a.SnapshotDate, b.SnapshotDate), cmp.Compare(a.Part, b.Part), -lake.CompareVersions(a.Version, b.Version))
		})
		all = append(all, of)
	}
	return all, nil
}

var deliveryStates = []string{
	string(lake.InForce), string(lake.Superseded), string(lake.Ambiguous), string(lake.Withdrawn), string(lake.Refused),
}

// deliverers are the sources of the config, and then those of the edition that are not there any more.
func (e *Edition) deliverers() []workspace.Source {
	sources := slices.Clone(e.ws.Config.Sources)
	for _, d := range e.Deliveries {
		if !slices.ContainsFunc(sources, func(s workspace.Source) bool { return s.Name == d.Source }) {
			sources = append(sources, workspace.Source{Name: d.Source})
		}
	}
	return sources
}

// tallyOf says what became of one delivery.
func (e *Edition) tallyOf(ctx context.Context, d *lake.Delivery) (*DeliveryTally, error) {
	inventory, err := e.lake.Inventory(d.InventoryID)
	if err != nil {
		return nil, err
	}
	t := &DeliveryTally{
		SnapshotDate: d.SnapshotDate, Part: d.Part, Version: d.Version, State: d.State, Reason: d.Reason, Why: d.Why,
		Files: d.Files, ExportID: d.ExportID, Reasons: map[string]int64{},
	}
	if inventory == nil {
		return t, nil
	}
	t.SideFiles = inventory.SideFiles
	if err := t.count(inventory); err != nil {
		return nil, err
	}
	if t.Drift, err = DriftOfInventory(e.lake, e.Deliveries, inventory); err != nil {
		return nil, err
	}
	if t.Against, err = e.against(d, t); err != nil {
		return nil, err
	}
	t.Cured, err = e.curedBy(ctx, d)
	return t, err
}

// count takes the counts of an inventory's tally; a refused one has none.
func (t *DeliveryTally) count(inventory *lake.Inventory) error {
	if len(inventory.Tally) == 0 {
		return nil
	}
	var tally conform.Tally
	if err := json.Unmarshal(inventory.Tally, &tally); err != nil {
		return fmt.Errorf("read tally of export %s: %w", inventory.ExportID, err)
	}
	t.Records, t.Accepted, t.Rejected, t.NotTerminal = tally.Records, tally.Inventory, tally.RejectTerminal, tally.RejectNotTerminal
	for _, counts := range []map[string]int64{tally.Reasons, tally.Defects} {
		for code, n := range counts {
			t.Reasons[code] += n
		}
	}
	for _, n := range tally.Defects {
		t.Defects += n
	}
	return nil
}

// against compares a delivery with the one of the same part that was in force last before it.
func (e *Edition) against(d *lake.Delivery, t *DeliveryTally) (*Against, error) {
	if d.SnapshotDate == "" || d.Rows.IsZero() {
		return nil, nil
	}
	last, err := lastAccepted(e.lake, e.Deliveries, d.Source, d.Part, d.SnapshotDate, d.ExportID)
	if err != nil || last == nil {
		return nil, err
	}
	inventory, err := e.lake.Inventory(last.delivery.InventoryID)
	if err != nil || inventory == nil {
		return nil, err
	}
	before := &DeliveryTally{Reasons: map[string]int64{}}
	if err := before.count(inventory); err != nil {
		return nil, err
	}
	return &Against{
		SnapshotDate: last.delivery.SnapshotDate, Accepted: t.Accepted - before.Accepted,
		Rejected: t.Rejected - before.Rejected, Defects: t.Defects - before.Defects,
	}, nil
}

// nextDue is the first snapshot after the source's last one in force for which it is expected.
func (e *Edition) nextDue(source workspace.Source, asOf time.Time) *Due {
	if source.DueDay == 0 {
		return nil
	}
	last := ""
	for _, d := range e.Deliveries {
		if d.Source == source.Name && d.State == lake.InForce {
			last = max(last, d.SnapshotDate)
		}
	}
	next := workspace.MonthEnd(asOf, 0)
	if at, err := time.Parse(time.DateOnly, last); err == nil {
		next = workspace.MonthEnd(at, 1)
	}
	date := next.Format(time.DateOnly)
	due := source.DueOn(date)
	return &Due{SnapshotDate: date, DueOn: due.Format(time.DateOnly), IsOverdue: !asOf.Before(due.AddDate(0, 0, 1))}
}
