package reference

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// None is the key of what is not known.
const None = "none"

// The levels that regions have keys at, as in a coverage row.
const (
	LevelProvince      = "province"
	LevelReportingArea = "reporting_area"
	LevelCity          = "city"
	LevelCounty        = "county"
)

// The schemes that a region can be given in.
const (
	SchemeGB2260 = "gb2260"
	SchemeName   = "name"
)

var regionsLayout = &layout{
	file: "regions.csv", columns: []string{"code", "first", "name", "last", "name_en"},
	keys: 2, required: 3, fold: strings.TrimSpace,
}

var successorsLayout = &layout{
	file: "successors.csv", columns: []string{"code", "successors", "basis"},
	keys: 1, required: 2, fold: strings.TrimSpace,
}

// Regions holds the division codes of GB/T 2260 in the revisions that are embedded, and what became
// of those that were abolished (the heads of regions.csv and successors.csv say how that is known).
//
// The revision before 1997 is left out on purpose: no inventory of card terminals is that old, and
// its numbers were given to other places since. Numbers are reused later too, if rarely (the
// counties of Hainan in 2007): a code that is valid in the vintage asked for stands for itself.
type Regions struct {
	table func() *regionTable
}

// regionTable is regions.csv and successors.csv, parsed.
type regionTable struct {
	regions, successors *table
	vintages            []string
	spans               []span // by code, then revision
	after, before       map[string][]string
}

// A span is a code with one name over a run of revisions, given as indexes of vintages.
type span struct {
	code, name, nameEN string
	from, to           int
	row                *row
}

// newRegionTable parses the rows of both tables.
func newRegionTable(regions, successors *table, bad *problems) *regionTable {
	t := &regionTable{
		regions: regions, successors: successors,
		after: make(map[string][]string, len(successors.rows)),
	}
	t.readSpans(t.readVintages(bad), bad)
	t.readSuccessors(bad)
	return t
}

// readVintages collects the revisions that some row begins or ends with, and returns the index of
// each in vintages.
func (t *regionTable) readVintages(bad *problems) map[string]int {
	index := map[string]int{}
	for i := range t.regions.rows {
		r := &t.regions.rows[i]
		for _, c := range []int{1, 3} {
			revision := r.cells[c]
			if _, seen := index[revision]; seen || revision == "" {
				continue
			}
			if !isRevision(revision) {
				bad.add(r.at(c), "%q is no revision: expected a month such as 202306", revision)
			}
			index[revision] = -1
		}
	}
	t.vintages = slices.Sorted(maps.Keys(index))
	for i, vintage := range t.vintages {
		index[vintage] = i
	}
	return index
}

func isRevision(s string) bool {
	return len(s) == 6 && isDigits(s) && s >= "1949" && "01" <= s[4:] && s[4:] <= "12"
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func (t *regionTable) readSpans(vintages map[string]int, bad *problems) {
	newest := len(t.vintages) - 1
	t.spans = make([]span, 0, len(t.regions.rows))
	for i := range t.regions.rows {
		r := &t.regions.rows[i]
		s := span{code: r.cells[0], name: r.cells[2], nameEN: r.cells[4], to: newest, row: r}
		if len(s.code) != 6 || !isDigits(s.code) {
			bad.add(r.at(0), "%q is no code of six digits", s.code)
			continue
		}
		s.from = vintages[r.cells[1]]
		if r.cells[3] != "" {
			s.to = vintages[r.cells[3]]
		}
		if s.from > s.to {
			bad.add(r.at(3), "code %s ends in %s, before it begins in %s", s.code, r.cells[3], r.cells[1])
			continue
		}
		t.spans = append(t.spans, s)
	}
	slices.SortFunc(t.spans, func(a, b span) int {
		if a.code != b.code {
			return strings.Compare(a.code, b.code)
		}
		return a.from - b.from
	})
	for i := 1; i < len(t.spans); i++ {
		older, newer := t.spans[i-1], t.spans[i]
		if older.code == newer.code && older.to >= newer.from {
			blamed := newer.row
			if older.row.own {
				blamed = older.row
			}
			bad.add(blamed.at(0), "code %s has two names in %s, %q and %q: fill last of the older row",
				newer.code, t.vintages[newer.from], older.name, newer.name)
		}
	}
}

func (t *regionTable) readSuccessors(bad *problems) {
	t.before = make(map[string][]string, len(t.successors.rows))
	for i := range t.successors.rows {
		r := &t.successors.rows[i]
		code, successors := r.cells[0], splitList(r.cells[1])
		if len(code) != 6 || !isDigits(code) {
			bad.add(r.at(0), "%q is no code of six digits", code)
			continue
		}
		for _, successor := range successors {
			if len(t.history(successor)) == 0 || successor == code {
				bad.add(r.at(1), "%q cannot be a successor of %s: no other code of regions.csv", successor, code)
			}
			t.before[successor] = append(t.before[successor], code)
		}
		t.after[code] = successors
	}
	visited := map[string]bool{} // false while what comes after a code is looked at
	for i := range t.successors.rows {
		r := &t.successors.rows[i]
		if t.circles(r.cells[0], visited) {
			bad.add(r.at(1), "the successors of %s lead in a circle", r.cells[0])
			return
		}
	}
}

// circles reports whether the successors of code lead back to a code on the way to it.
func (t *regionTable) circles(code string, visited map[string]bool) bool {
	if done, seen := visited[code]; seen {
		return !done
	}
	visited[code] = false
	found := slices.ContainsFunc(t.after[code], func(successor string) bool { return t.circles(successor, visited) })
	visited[code] = true
	return found
}

// splitList splits a cell at | and leaves out blank entries.
func splitList(cell string) []string {
	list := strings.Split(cell, "|")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

// at returns the span of a code that holds in a vintage.
func (t *regionTable) at(code string, vintage int) (*span, bool) {
	history := t.history(code)
	for i := range history {
		if history[i].from <= vintage && vintage <= history[i].to {
			return &history[i], true
		}
	}
	return nil, false
}

// history returns the spans of a code in order, none if no revision has it.
func (t *regionTable) history(code string) []span {
	begin, _ := slices.BinarySearchFunc(t.spans, code, func(s span, code string) int {
		return strings.Compare(s.code, code)
	})
	end := begin
	for end < len(t.spans) && t.spans[end].code == code {
		end++
	}
	return t.spans[begin:end]
}

// Vintages lists the revisions as yyyymm, oldest first.
func (r *Regions) Vintages() []string { return slices.Clone(r.table().vintages) }

// At returns the divisions as of one vintage; "" is the newest. A vintage that is not in Vintages
// is an error that lists them.
func (r *Regions) At(vintage string) (*Divisions, error) {
	t := r.table()
	i := len(t.vintages) - 1
	if vintage != "" {
		i = slices.Index(t.vintages, vintage)
	}
	if i < 0 {
		return nil, fmt.Errorf("unknown vintage %q of GB/T 2260: one of %s", vintage, strings.Join(t.vintages, ", "))
	}
	d := &Divisions{table: t, vintage: i}
	d.names = sync.OnceValue(d.indexNames)
	return d, nil
}
