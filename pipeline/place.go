package pipeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// held is an inventory that the lake holds and the names its export was delivered under.
type held struct {
	*lake.Inventory
	names []string

	isClosed bool // a closed snapshot stands on it
}

// member is an inventory in force at a snapshot.
type member struct {
	*lake.Inventory
	source  workspace.Source
	carried int // months since it was delivered; 0: delivered for this snapshot
}

// gone is a source that no longer delivers: its last known size counts as unknown.
type gone struct {
	source workspace.Source
	last   *lake.Inventory
}

// estateAt is what is known of the estate at one snapshot date.
type estateAt struct {
	date      string // yyyy-mm-dd
	state     lake.SnapshotState
	members   []member
	usage     []usageMember
	gone      []gone
	neverSeen []string // sources without any delivery up to the date
}

// placement is where every export stands.
type placement struct {
	deliveries []lake.Delivery
	usage      []usageMember // in force
	snapshots  []estateAt    // oldest first
	dueDays    []lake.DueDay
}

// place gives each export its place (source, snapshot, part), decides which one is in force there,
// and carries the last delivery of a source on into snapshots that it did not deliver. It depends on
// the exports alone, never on the order in which they came; asOf decides only which due days passed.
func place(config workspace.Config, inventories []held, decisions Decisions, asOf time.Time) placement {
	var p placement
	byPlace := map[string][]held{}
	for _, inventory := range inventories {
		key := strings.Join([]string{inventory.Source, inventory.SnapshotDate, inventory.Part}, "\x00")
		byPlace[key] = append(byPlace[key], inventory)
	}
	sources := map[string]workspace.Source{}
	for _, source := range config.Sources {
		sources[source.Name] = source
	}
	inForce := map[string][]*lake.Inventory{} // by source
	for _, rivals := range byPlace {
		for _, d := range settleRivals(rivals, sources[rivals[0].Source], decisions) {
			p.deliveries = append(p.deliveries, d.Delivery)
			switch {
			case d.State != lake.InForce:
			case d.IsUsage: // which makes no snapshot
				p.usage = append(p.usage, usageMember{Inventory: d.inventory, source: sources[d.Source]})
			default:
				inForce[d.Source] = append(inForce[d.Source], d.inventory)
			}
		}
	}
	for _, inventories := range inForce {
		slices.SortFunc(inventories, func(a, b *lake.Inventory) int {
			return cmp.Or(cmp.Compare(a.SnapshotDate, b.SnapshotDate), cmp.Compare(a.Part, b.Part))
		})
	}
	settleMonths(p.usage)
	for _, date := range datesOf(inForce) {
		snapshot := estateAt{date: date}
		for _, source := range config.Sources {
			if !source.Usage.IsSet() {
				snapshot.add(source, inForce[source.Name], config.Snapshots.CarryMax)
			}
		}
		if day, err := time.Parse(time.DateOnly, date); err == nil {
			snapshot.usage = usageAt(p.usage, day, config.Evidence.ObservedMonths)
		}
		p.snapshots = append(p.snapshots, snapshot)
	}
	p.setStates(config, asOf)
	return p
}

func datesOf(inForce map[string][]*lake.Inventory) []string {
	var dates []string
	for _, inventories := range inForce {
		for _, inventory := range inventories {
			dates = append(dates, inventory.SnapshotDate)
		}
	}
	slices.Sort(dates)
	return slices.Compact(dates)
}

type placed struct {
	lake.Delivery
	inventory *lake.Inventory
}

// settleRivals decides between exports in one place: the highest version wins; without one, nothing
// does until a decision says which.
func settleRivals(rivals []held, source workspace.Source, decisions Decisions) []placed {
	slices.SortFunc(rivals, func(a, b held) int {
		return cmp.Or(-lake.CompareVersions(a.Version, b.Version), cmp.Compare(a.ExportID, b.ExportID))
	})
	var placedRivals []placed
	open := []int{} // indexes of those that may be in force
	for i, rival := range rivals {
		d := lake.Delivery{
			Source: rival.Source, SnapshotDate: rival.SnapshotDate, Part: rival.Part, Version: rival.Version,
			ExportID: rival.ExportID, InventoryID: rival.ID, Files: rival.names, Rows: rival.Rows, Traits: rival.Traits, Rejects: rival.Rejects,
			IsUsage: rival.Usage != nil,
		}
		code, why := broken(rival, source)
		switch {
		case decisions.withdrawn(rival.ExportID):
			d.State, d.Why = lake.Withdrawn, "withdrawn in reference/decisions.csv"
		case why != "":
			d.State, d.Reason, d.Why = lake.Refused, code, why
		default:
			open = append(open, i)
		}
		placedRivals = append(placedRivals, placed{d, rival.Inventory})
	}
	if len(open) == 0 {
		return placedRivals
	}
	winner, why := choose(rivals, open, decisions)
	for _, i := range open {
		d := &placedRivals[i]
		switch {
		case i == winner:
			d.State = lake.InForce
		case winner < 0:
			d.State, d.Why = lake.Ambiguous, why
		default:
			d.State, d.Why = lake.Superseded, why
		}
	}
	return placedRivals
}

// choose returns the index of the export in force among open ones, or -1 where nothing decides.
func choose(rivals []held, open []int, decisions Decisions) (winner int, why string) {
	if len(open) == 1 {
		return open[0], ""
	}
	for _, i := range open {
		if decisions.preferred(rivals[i].ExportID) {
			return i, "another export is preferred in reference/decisions.csv"
		}
	}
	first, second := rivals[open[0]], rivals[open[1]]
	if lake.CompareVersions(first.Version, second.Version) > 0 {
		return open[0], fmt.Sprintf("version %q took its place", first.Version)
	}
	return -1, fmt.Sprintf("%d exports claim the same place and no version tells which is newer; prefer one: "+
		"add the line `prefer,%s,REASON` to reference/decisions.csv", len(open), first.ExportID)
}

// add finds what a source contributes: its own delivery, its last one carried on, or its last known
// size once that is too old; each part that it delivers for itself.
func (s *estateAt) add(source workspace.Source, inventories []*lake.Inventory, carryMax int) {
	if len(source.Parts) == 0 {
		s.addPart(source, inventories, carryMax)
		return
	}
	byPart := map[string][]*lake.Inventory{}
	parts := slices.Clone(source.Parts)
	for _, inventory := range inventories {
		byPart[inventory.Part] = append(byPart[inventory.Part], inventory)
		if !slices.Contains(parts, inventory.Part) {
			parts = append(parts, inventory.Part) // delivered before the list of parts was another
		}
	}
	for _, part := range parts {
		s.addPart(source, byPart[part], carryMax)
	}
	s.neverSeen = slices.Compact(s.neverSeen)
}

func (s *estateAt) addPart(source workspace.Source, inventories []*lake.Inventory, carryMax int) {
	last := ""
	for _, inventory := range inventories {
		if inventory.SnapshotDate <= s.date {
			last = inventory.SnapshotDate
		}
	}
	if last == "" {
		s.neverSeen = append(s.neverSeen, source.Name)
		return
	}
	age := monthsBetween(last, s.date)
	for _, inventory := range inventories {
		switch {
		case inventory.SnapshotDate != last:
		case last == s.date:
			s.members = append(s.members, member{inventory, source, 0})
		case age <= carryMax:
			s.members = append(s.members, member{inventory, source, max(age, 1)})
		default:
			s.gone = append(s.gone, gone{source, inventory})
		}
	}
}

func monthsBetween(from, to string) int {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil {
		return 0
	}
	return (b.Year()-a.Year())*12 + int(b.Month()-a.Month())
}

// setStates says which snapshots are complete. A workspace whose sources declare no rhythm has
// complete snapshots at once. Otherwise every expected delivery is in, or its due day has passed with
// at least complete_share of the terminals before.
func (p *placement) setStates(config workspace.Config, asOf time.Time) {
	completeSince := 0
	for i := len(p.snapshots) - 1; i >= 0; i-- {
		snapshot := &p.snapshots[i]
		expected, awaited, overdue := 0, 0, 0
		for _, source := range config.Sources {
			if source.DueDay == 0 {
				continue
			}
			expected++
			if snapshot.has(source) {
				continue
			}
			if due := source.DueOn(snapshot.date); !asOf.Before(due.AddDate(0, 0, 1)) {
				p.dueDays = append(p.dueDays, lake.DueDay{Source: source.Name, SnapshotDate: snapshot.date})
				overdue++
				continue
			}
			awaited++
		}
		snapshot.state = lake.SnapshotComplete
		isThin := overdue > 0 && i > 0 && snapshot.isThin(p.snapshots[i-1], config.Snapshots.CompleteShare)
		if awaited > 0 || isThin {
			snapshot.state = lake.SnapshotOpen
			continue
		}
		if expected > 0 && completeSince >= config.Snapshots.CloseAfter {
			snapshot.state = lake.SnapshotClosed
		}
		completeSince++
	}
}

// overdue lists the due days that have passed without a delivery: those of the snapshots there are, and
// those of the month after the newest one, of which there may be no snapshot because nobody delivered.
// The latter are no input of an edition, since no number depends on them.
func (p *placement) overdue(config workspace.Config, asOf time.Time) []lake.DueDay {
	days := slices.Clone(p.dueDays)
	if len(p.snapshots) == 0 {
		return days
	}
	newest, err := time.Parse(time.DateOnly, p.snapshots[len(p.snapshots)-1].date)
	if err != nil {
		return days
	}
	next := workspace.MonthEnd(newest, 1).Format(time.DateOnly)
	for _, source := range config.Sources {
		if source.DueDay > 0 && !asOf.Before(source.DueOn(next).AddDate(0, 0, 1)) {
			days = append(days, lake.DueDay{Source: source.Name, SnapshotDate: next})
		}
	}
	return days
}

// has tells whether a source delivered the snapshot, with all the parts that are expected of it.
func (s *estateAt) has(source workspace.Source) bool {
	delivered := func(part string) bool {
		return slices.ContainsFunc(s.members, func(m member) bool {
			return m.Source == source.Name && m.carried == 0 && (part == "" || m.Part == part)
		})
	}
	for _, part := range source.Parts {
		if !delivered(part) {
			return false
		}
	}
	return delivered("")
}

// isThin tells whether a snapshot has fewer rows than the given share of the one before.
func (s *estateAt) isThin(before estateAt, share string) bool {
	var least float64
	if _, err := fmt.Sscanf(share, "%g", &least); err != nil {
		return false
	}
	return float64(s.rows()) < least*float64(before.rows())
}

func (s *estateAt) rows() (rows int64) {
	for _, m := range s.members {
		if m.carried == 0 {
			rows += m.Rows.Rows
		}
	}
	return rows
}
