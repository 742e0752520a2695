package reports

import "fmt"

// tieOutSum is one sum that must hold: the first item is the whole, the others are its parts.
type tieOutSum struct {
	check                                             string // export, snapshot, population, terminal_count, level
	date, source, export, exportID, population, level string
	items                                             []Tally
}

func (s tieOutSum) holds() bool {
	var parts int64
	for _, part := range s.items[1:] {
		parts += part.Count
	}
	return s.items[0].Count == parts
}

// err says what does not add up, or nil.
func (s tieOutSum) err() error {
	if s.holds() {
		return nil
	}
	var place string
	for _, name := range []string{s.date, s.source, s.export, s.population, s.level} {
		if name != "" {
			place += fmt.Sprintf(" %q", name)
		}
	}
	return fmt.Errorf("%s%s does not tie out: %v", s.check, place, s.items)
}

// sums returns every sum of the tie-out in the order of its parts.
func (t TieOut) sums() []tieOutSum {
	var sums []tieOutSum
	for _, export := range t.Exports {
		sums = append(sums, export.sum())
	}
	for _, snapshot := range t.Snapshots {
		sums = append(sums, snapshot.sum())
	}
	for _, population := range t.Populations {
		membership, count := population.sums()
		sums = append(sums, membership, count)
	}
	for _, level := range t.Levels {
		sums = append(sums, level.sum())
	}
	return sums
}

func (t ExportTieOut) sum() tieOutSum {
	items := append([]Tally{{"records", t.Records}}, prefixed("skipped", t.Skipped)...)
	accepted := "inventory"
	if t.IsUsage {
		accepted = "usage"
	}
	items = append(items, Tally{accepted, t.Inventory},
		Tally{"rejected_terminal", t.RejectedTerminals}, Tally{"rejected_not_terminal", t.RejectedOther})
	return tieOutSum{
		check: "export", date: t.SnapshotDate, source: t.Source, export: t.Name, exportID: t.SHA256, items: items,
	}
}

func (t SnapshotTieOut) sum() tieOutSum {
	return tieOutSum{check: "snapshot", date: t.SnapshotDate, items: []Tally{
		{"inventory", t.Inventory}, {"terminals", t.Terminals}, {"duplicates", t.Duplicates},
	}}
}

func (t PopulationTieOut) sums() (membership, count tieOutSum) {
	membership = tieOutSum{check: "population", date: t.SnapshotDate, population: t.Population}
	membership.items = append([]Tally{{"terminals", t.Terminals}, {"counted", t.Counted}}, prefixed("left_out", t.LeftOut)...)
	count = tieOutSum{check: "terminal_count", date: t.SnapshotDate, population: t.Population, items: []Tally{
		{"terminal_count", t.TerminalCount}, {"counted", t.Counted}, {"rejected", t.Rejected}, {"missing", t.Missing},
	}}
	return membership, count
}

func (t LevelTieOut) sum() tieOutSum {
	return tieOutSum{
		check: "level", date: t.SnapshotDate, population: t.Population, level: t.Level,
		items: []Tally{{"nation", t.Nation}, {"keys", t.Sum}},
	}
}

// Holds reports whether every record of the export is accounted for.
func (t ExportTieOut) Holds() bool { return t.sum().holds() }

// Holds reports whether every inventory row is a terminal or a duplicate of one.
func (t SnapshotTieOut) Holds() bool { return t.sum().holds() }

// Holds reports whether every terminal is counted or left out for a reason, and whether the total
// is what was counted, rejected and missing.
func (t PopulationTieOut) Holds() bool {
	membership, count := t.sums()
	return membership.holds() && count.holds()
}

// Holds reports whether the keys of the level sum to the nation.
func (t LevelTieOut) Holds() bool { return t.sum().holds() }

func prefixed(word string, tallies []Tally) []Tally {
	named := make([]Tally, 0, len(tallies))
	for _, tally := range tallies {
		named = append(named, Tally{word + "_" + tally.Reason, tally.Count})
	}
	return named
}
