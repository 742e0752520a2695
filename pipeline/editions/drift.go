package editions

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// Drift is how the columns of an export differ from those of its source's last accepted export.
type Drift struct {
	SinceFile    string     `json:"since_file"`
	SinceDate    string     `json:"since_snapshot_date"`
	New          []string   `json:"new"`     // headers, as all below
	Missing      []string   `json:"missing"` // without those that were renamed
	Renamed      []Renaming `json:"renamed"`
	NoLongerRead []string   `json:"no_longer_read"` // columns of the inventory that nothing is read into now
}

// Renaming is a header in whose place another one stands.
type Renaming struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Column string `json:"column"`  // of the inventory, that both are read into; empty if To is read into none
	IsSure bool   `json:"is_sure"` // both are read into the same column; else the names are alike, and that is all
}

// FileDrift is the drift of a file that was read or is to be.
type FileDrift struct {
	Source string `json:"source"`
	File   string `json:"file"`
	Drift
}

// compareLayouts compares the layouts of two exports of one source; nil if the columns are the same. The order
// of columns means nothing.
func compareLayouts(before, now *conform.Layout) *Drift {
	if before.HeaderLine == 0 || len(now.Headers) == 0 {
		return nil // there is no header to compare
	}
	d := Drift{
		New: without(now.Headers, before.Headers), Missing: without(before.Headers, now.Headers),
		Renamed: []Renaming{}, NoLongerRead: []string{},
	}
	if len(d.New) == 0 && len(d.Missing) == 0 {
		return nil
	}
	for _, from := range slices.Clone(d.Missing) {
		if renaming, ok := d.renamed(from, before, now); ok {
			d.Renamed = append(d.Renamed, renaming)
			d.Missing = slices.DeleteFunc(d.Missing, func(name string) bool { return name == from })
			d.New = slices.DeleteFunc(d.New, func(name string) bool { return name == renaming.To })
		}
	}
	for _, was := range before.Columns {
		if _, is := now.Column(was.Column); !is && len(was.Headers) > 0 {
			d.NoLongerRead = append(d.NoLongerRead, was.Column)
		}
	}
	return &d
}

// without returns the names that are not among others, blank ones aside.
func without(names, others []string) []string {
	kept := []string{}
	for _, name := range names {
		key := fold.Text(name)
		if key != "" && !slices.ContainsFunc(others, func(other string) bool { return fold.Text(other) == key }) {
			kept = append(kept, name)
		}
	}
	return kept
}

// renamed finds the new header that stands in the place of one that is missing: one that is read into
// the same column, or else one whose name is nearly the same.
func (d *Drift) renamed(from string, before, now *conform.Layout) (Renaming, bool) {
	for _, was := range before.Columns {
		is, ok := now.Column(was.Column)
		if !ok || len(was.Headers) != 1 || len(is.Headers) != 1 || was.Headers[0] != from {
			continue
		}
		if slices.Contains(d.New, is.Headers[0]) {
			return Renaming{From: from, To: is.Headers[0], Column: was.Column, IsSure: true}, true
		}
	}
	to := fold.Nearest(from, d.New)
	return Renaming{From: from, To: to}, to != ""
}

// Sentences says the drift in words, one thing each.
func (d *Drift) Sentences() []string {
	var said []string
	for _, r := range d.Renamed {
		if r.IsSure {
			said = append(said, fmt.Sprintf("column %q is called %q now", r.From, r.To))
		} else {
			said = append(said, fmt.Sprintf("column %q is missing, did you mean %q, which is new?", r.From, r.To))
		}
	}
	if len(d.Missing) > 0 {
		said = append(said, "missing: "+quoteNames(d.Missing))
	}
	if len(d.New) > 0 {
		said = append(said, "new: "+quoteNames(d.New))
	}
	if len(d.NoLongerRead) > 0 {
		said = append(said, "nothing is read into "+strings.Join(d.NoLongerRead, ", ")+" any more")
	}
	return said
}

func quoteNames(names []string) string {
	const most = 20
	var quotes []string
	for _, name := range names[:min(len(names), most)] {
		quotes = append(quotes, fmt.Sprintf("%q", name))
	}
	if rest := len(names) - most; rest > 0 {
		return strings.Join(quotes, ", ") + fmt.Sprintf(" and %d more", rest)
	}
	return strings.Join(quotes, ", ")
}

// accepted is an export that stood in force, and its layout.
type accepted struct {
	delivery lake.Delivery
	layout   conform.Layout
}

// lastAccepted finds the export of a source and part that was in force last before a snapshot, or last
// of all where the snapshot is not known; nil if there is none.
func lastAccepted(l *lake.Lake, deliveries []lake.Delivery, source, part, before, exportID string) (*accepted, error) {
	var last *lake.Delivery
	for i := range deliveries {
		d := &deliveries[i]
		isOther := d.Source != source || d.Part != part || d.State != lake.InForce || d.ExportID == exportID
		if isOther || before != "" && d.SnapshotDate >= before || last != nil && d.SnapshotDate <= last.SnapshotDate {
			continue
		}
		last = d
	}
	if last == nil {
		return nil, nil
	}
	inventory, err := l.Inventory(last.InventoryID)
	if err != nil || inventory == nil {
		return nil, err
	}
	found := &accepted{delivery: *last}
	if json.Unmarshal(inventory.Layout, &found.layout) != nil {
		return nil, nil // of a version that says it in other words
	}
	return found, nil
}

// DriftOf compares the layout of an export with that of the last accepted one of its source; nil if there
// is nothing to tell.
func DriftOf(l *lake.Lake, deliveries []lake.Delivery, source, exportID string, now *conform.Layout) (*Drift, error) {
	last, err := lastAccepted(l, deliveries, source, now.Part, now.SnapshotDate, exportID)
	if err != nil || last == nil {
		return nil, err
	}
	d := compareLayouts(&last.layout, now)
	if d != nil {
		d.SinceFile, d.SinceDate = last.delivery.File(), last.delivery.SnapshotDate
	}
	return d, nil
}

// DriftOfInventory is DriftOf for an export that was read.
func DriftOfInventory(l *lake.Lake, deliveries []lake.Delivery, inventory *lake.Inventory) (*Drift, error) {
	var layout conform.Layout
	if len(inventory.Layout) == 0 || json.Unmarshal(inventory.Layout, &layout) != nil {
		return nil, nil
	}
	return DriftOf(l, deliveries, inventory.Source, inventory.ExportID, &layout)
}
