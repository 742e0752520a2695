package lake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// A Manifest is one edition: every file of a published state, and what made it.
//
// It holds no time, host or absolute path. What an export held in detail (its format, layout and
// tally) is in its [Inventory].
type Manifest struct {
	Format      int        `json:"format"`
	Edition     int        `json:"edition"`     // set by Publish
	Fingerprint string     `json:"fingerprint"` // set by Publish
	ToolVersion string     `json:"tool_version"`
	Inputs      Inputs     `json:"inputs"`
	Deliveries  []Delivery `json:"deliveries"`
	Snapshots   []Snapshot `json:"snapshots"`
	Claims      File       `json:"claims,omitzero"`
}

// Inputs is what an edition was made with besides its deliveries. All but DueDaysPassed are hashes.
type Inputs struct {
	Rules         string            `json:"rules"`               // the acceptance rule set
	SQL           string            `json:"sql"`                 // the queries, and the code that computes beside them
	Decisions     string            `json:"decisions,omitempty"` // reference/decisions.csv
	References    map[string]string `json:"references"`          // by table: regions, brands, claims …
	Settings      map[string]string `json:"settings"`            // by section of the config that a number depends on
	DueDaysPassed []DueDay          `json:"due_days_passed"`
}

// A DueDay is a day on which a source should have delivered a snapshot; it had passed when the edition
// was made. It is all that the clock has to say about an edition.
type DueDay struct {
	Source       string `json:"source"`
	SnapshotDate string `json:"snapshot_date"`
}

// DeliveryState says what became of a delivered export.
type DeliveryState string

// The states of a delivery.
const (
	InForce    DeliveryState = "in_force"
	Superseded DeliveryState = "superseded" // a higher version took its place
	Ambiguous  DeliveryState = "ambiguous"  // two exports in one place, and nothing says which counts
	Withdrawn  DeliveryState = "withdrawn"  // by a line in reference/decisions.csv
	Refused    DeliveryState = "refused"    // could not be read
)

var deliveryStates = []DeliveryState{InForce, Superseded, Ambiguous, Withdrawn, Refused}

// A Delivery is one export in its place: (source, snapshot date, part).
type Delivery struct {
	Source       string        `json:"source"`
	SnapshotDate string        `json:"snapshot_date"` // iso; empty if the export was refused before it was known
	Part         string        `json:"part,omitempty"`
	Version      string        `json:"version,omitempty"`
	ExportID     string        `json:"export_id"`
	InventoryID  string        `json:"inventory_id"`
	State        DeliveryState `json:"state"`
	Reason       string        `json:"reason,omitempty"` // of a refused one: the code of the first reason
	Why          string        `json:"why,omitempty"`    // the state in words, where it is not in_force
	Files        []string      `json:"files"`            // names below inbox/<source> under which it was delivered
	Rows         File          `json:"rows,omitzero"`
	Traits       File          `json:"traits,omitzero"` // what the numbers in the rows stand for
	Rejects      File          `json:"rejects,omitzero"`
	IsUsage      bool          `json:"is_usage,omitempty"` // it tells of transactions, and makes no snapshot
}

// File returns the first of the names under which it was delivered, "" if none is known.
func (d Delivery) File() string {
	if len(d.Files) == 0 {
		return ""
	}
	return d.Files[0]
}

// SnapshotState says how far a snapshot can be trusted.
type SnapshotState string

// The states of a snapshot.
const (
	SnapshotOpen     SnapshotState = "open"     // not every expected delivery is in
	SnapshotComplete SnapshotState = "complete" // claims are judged from here on
	SnapshotClosed   SnapshotState = "closed"   // changes only by a restatement
)

var snapshotStates = []SnapshotState{SnapshotOpen, SnapshotComplete, SnapshotClosed}

// A Snapshot is the estate at one date: what it was settled from, and the files it came to.
type Snapshot struct {
	Date      string          `json:"snapshot_date"` // iso
	State     SnapshotState   `json:"state"`
	Members   []Member        `json:"members"`         // the inventories in force
	Usage     []UsageMonths   `json:"usage,omitempty"` // the usage in its window
	Settled   File            `json:"settled"`
	Merchants File            `json:"merchants,omitzero"`
	Coverage  File            `json:"coverage,omitzero"`
	Tally     json.RawMessage `json:"tally,omitempty"` // the tie-out of the snapshot, kept as it is
}

// A Member is one inventory that a snapshot was settled from.
type Member struct {
	InventoryID   string `json:"inventory_id"`
	CarriedMonths int    `json:"carried_months,omitempty"` // its age; 0: delivered for this snapshot
}

// UsageMonths are the months of an export of usage that a snapshot was settled with.
type UsageMonths struct {
	InventoryID string   `json:"inventory_id"`
	Months      []string `json:"months"` // iso, their first days; in order
}

// Files returns every file that the manifest names, in order of their paths.
func (m *Manifest) Files() []File {
	var files []File
	add := func(some ...File) {
		for _, file := range some {
			if !file.IsZero() {
				files = append(files, file)
			}
		}
	}
	for _, delivery := range m.Deliveries {
		add(delivery.Rows, delivery.Traits, delivery.Rejects)
	}
	for _, snapshot := range m.Snapshots {
		add(snapshot.Settled, snapshot.Merchants, snapshot.Coverage)
	}
	add(m.Claims)
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return slices.Compact(files)
}

// Snapshot returns the snapshot of that date, or nil.
func (m *Manifest) Snapshot(date string) *Snapshot {
	for i := range m.Snapshots {
		if m.Snapshots[i].Date == date {
			return &m.Snapshots[i]
		}
	}
	return nil
}

// equals reports whether two sorted manifests say the same: the same numbers, from exports that were
// delivered under the same names, which reports print.
func (m *Manifest) equals(other *Manifest) bool {
	return m.Fingerprint == other.Fingerprint && slices.EqualFunc(m.Deliveries, other.Deliveries, func(a, b Delivery) bool {
		return slices.Equal(a.Files, b.Files)
	})
}

// sort brings everything whose order means nothing into one order, so that equal manifests are equal
// as JSON.
func (m *Manifest) sort() {
	m.Inputs.References = present(m.Inputs.References)
	m.Inputs.Settings = present(m.Inputs.Settings)
	m.Inputs.DueDaysPassed = inOrder(m.Inputs.DueDaysPassed, func(a, b DueDay) int {
		return cmp.Or(cmp.Compare(a.SnapshotDate, b.SnapshotDate), cmp.Compare(a.Source, b.Source))
	})
	m.Deliveries = inOrder(m.Deliveries, compareDeliveries)
	for i := range m.Deliveries {
		delivery := &m.Deliveries[i]
		for j, name := range delivery.Files {
			delivery.Files[j] = Name(name)
		}
		delivery.Files = slices.Compact(inOrder(delivery.Files, cmp.Compare))
	}
	m.Snapshots = inOrder(m.Snapshots, func(a, b Snapshot) int { return cmp.Compare(a.Date, b.Date) })
	for i := range m.Snapshots {
		snapshot := &m.Snapshots[i]
		snapshot.Members = inOrder(snapshot.Members, func(a, b Member) int {
			return cmp.Compare(a.InventoryID, b.InventoryID)
		})
		slices.SortFunc(snapshot.Usage, func(a, b UsageMonths) int { return cmp.Compare(a.InventoryID, b.InventoryID) })
	}
}

// inOrder returns the sorted list, and an empty one for none, which JSON would tell apart.
func inOrder[T any](list []T, compare func(a, b T) int) []T {
	if list == nil {
		return []T{}
	}
	slices.SortFunc(list, compare)
	return list
}

func present(hashes map[string]string) map[string]string {
	if hashes == nil {
		return map[string]string{}
	}
	return hashes
}

func compareDeliveries(a, b Delivery) int {
	return cmp.Or(
		cmp.Compare(a.SnapshotDate, b.SnapshotDate),
		cmp.Compare(a.Source, b.Source),
		cmp.Compare(a.Part, b.Part),
		cmp.Compare(a.ExportID, b.ExportID),
	)
}

// check finds what no edition may say. The manifest is sorted.
func (m *Manifest) check() error {
	inventories := make(map[string]bool)
	for i, delivery := range m.Deliveries {
		if !slices.Contains(deliveryStates, delivery.State) {
			return fmt.Errorf("export %s of %s has state %q", delivery.ExportID, delivery.Source, delivery.State)
		}
		if i > 0 && compareDeliveries(m.Deliveries[i-1], delivery) == 0 {
			return fmt.Errorf("export %s of %s is delivered twice for %q", delivery.ExportID, delivery.Source, delivery.SnapshotDate)
		}
		if delivery.State == InForce && delivery.Rows.IsZero() {
			return fmt.Errorf("export %s of %s is in force without rows", delivery.ExportID, delivery.Source)
		}
		inventories[delivery.InventoryID] = true
	}
	for i, snapshot := range m.Snapshots {
		if _, err := time.Parse(time.DateOnly, snapshot.Date); err != nil {
			return fmt.Errorf("snapshot %q has no iso date: %w", snapshot.Date, err)
		}
		if !slices.Contains(snapshotStates, snapshot.State) {
			return fmt.Errorf("snapshot %s has state %q", snapshot.Date, snapshot.State)
		}
		if i > 0 && m.Snapshots[i-1].Date == snapshot.Date {
			return fmt.Errorf("snapshot %s stands twice", snapshot.Date)
		}
		for _, member := range snapshot.Members {
			if !inventories[member.InventoryID] {
				return fmt.Errorf("snapshot %s was settled from inventory %q, which no delivery has", snapshot.Date, member.InventoryID)
			}
		}
		for _, usage := range snapshot.Usage {
			if !inventories[usage.InventoryID] {
				return fmt.Errorf("snapshot %s was settled with usage %q, which no delivery has", snapshot.Date, usage.InventoryID)
			}
		}
	}
	return nil
}
