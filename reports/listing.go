package reports

import (
	"strings"

	"github.com/tapcov/tapcov/reports/reasons"
	"github.com/tapcov/tapcov/reports/words"
)

// listing is a list that grows with the number of snapshots, cut down for the page; File has it whole.
type listing[T any] struct {
	Rows  []T
	Total int
	File  string
}

// IsCut reports whether rows were left out.
func (l listing[T]) IsCut() bool { return len(l.Rows) < l.Total }

// list keeps a short list whole and cuts a long one down to the headline's snapshot.
func list[T any](p *page, file string, rows []T, dateOf func(T) string) listing[T] {
	l := listing[T]{Rows: rows, Total: len(rows), File: file}
	if len(rows) <= mostRows {
		return l
	}
	l.Rows = nil
	for _, row := range rows {
		if dateOf(row) == p.Headline.SnapshotDate {
			l.Rows = append(l.Rows, row)
		}
	}
	return l
}

// ListRejects is the rejects to print.
func (p *page) ListRejects() listing[RejectTotal] {
	return list(p, fileRejects, p.Rejects, func(r RejectTotal) string { return r.SnapshotDate })
}

// ListExports is the exports to print.
func (p *page) ListExports() listing[Export] {
	return list(p, fileExports, p.Provenance.Exports, func(e Export) string { return e.SnapshotDate })
}

// ListExportSums is the tie-out of exports to print.
func (p *page) ListExportSums() listing[ExportTieOut] {
	return list(p, fileTieOut, p.TieOut.Exports, func(t ExportTieOut) string { return t.SnapshotDate })
}

// ListSnapshotSums is the tie-out of snapshots to print.
func (p *page) ListSnapshotSums() listing[SnapshotTieOut] {
	return list(p, fileTieOut, p.TieOut.Snapshots, func(t SnapshotTieOut) string { return t.SnapshotDate })
}

// ListPopulationSums is the tie-out of populations to print.
func (p *page) ListPopulationSums() listing[PopulationTieOut] {
	return list(p, fileTieOut, p.TieOut.Populations, func(t PopulationTieOut) string { return t.SnapshotDate })
}

// ListLevelSums is the tie-out of levels to print.
func (p *page) ListLevelSums() listing[LevelTieOut] {
	return list(p, fileTieOut, p.TieOut.Levels, func(t LevelTieOut) string { return t.SnapshotDate })
}

// SumsHeld is the number of sums of the tie-out that hold, and SumsTotal of all.
func (p *page) SumsHeld() string {
	held := 0
	for _, sum := range p.TieOut.sums() {
		if sum.holds() {
			held++
		}
	}
	return Number(int64(held))
}

// SumsTotal is the number of sums of the tie-out.
func (p *page) SumsTotal() string { return Number(int64(len(p.TieOut.sums()))) }

// Tallies prints reasons and counts in one line: header 1, footer 2.
func (p *page) Tallies(prefix string, tallies []Tally) string {
	said := make([]string, 0, len(tallies))
	for _, tally := range tallies {
		if tally.Count != 0 {
			said = append(said, p.Term(prefix, tally.Reason)+" "+Number(tally.Count))
		}
	}
	if len(said) == 0 {
		return "0"
	}
	return strings.Join(said, p.Say("list.separator"))
}

// RejectMeaning says a reason code in words, or nothing where the catalogue does not know it.
func (p *page) RejectMeaning(r RejectTotal) string { return r.meaning().In(p.Language()) }

// meaning is what the report was given, else what the catalogue of reasons says.
func (r RejectTotal) meaning() Text {
	if r.Meaning != (Text{}) {
		return r.Meaning
	}
	reason, _ := reasons.Of(r.Reason)
	return Text{EN: reason.Name.En, ZH: reason.Name.Zh}
}

// Files are the names of the CSV set.
func (p *page) Files() []string { return p.csvFiles() }

// StandardDefinitions are the definitions that the words hold: the terms of the report, then the
// populations that it uses.
func (p *page) StandardDefinitions() []string {
	var said []string
	for _, term := range words.DefinitionTerms() {
		said = append(said, p.Say("definition."+term))
	}
	for _, population := range p.Populations {
		if key := "definition.population." + population.Name; words.Has(key) {
			said = append(said, p.Say(key))
		}
	}
	return said
}
