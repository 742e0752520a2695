package conform

import (
	"cmp"
	"maps"
	"slices"
)

// Tally counts what became of the records of Blocks. Sums of Tallies do not depend on their order.
type Tally struct {
	Records           int64            `json:"records"`
	Preamble          int64            `json:"preamble"` // skipped: above the header
	Header            int64            `json:"header"`   // skipped: the header itself
	Inventory         int64            `json:"inventory"`
	RejectTerminal    int64            `json:"reject_terminal"`
	RejectNotTerminal int64            `json:"reject_not_terminal"`
	Reasons           map[string]int64 `json:"reasons,omitempty"` // reason code → records set aside
	Defects           map[string]int64 `json:"defects,omitempty"` // reason code → field defects
	Notes             map[string]int64 `json:"notes,omitempty"`   // note code → rows
	// Unknown are the values that a profile's map must know and does not, by column.
	Unknown Values `json:"unknown,omitempty"`
	// Stated are the snapshot dates, parts and versions that rows state, where a column says them.
	Stated Values  `json:"stated,omitempty"`
	Totals []Total `json:"totals,omitempty"` // in the order of lines once they are added up
}

// Total is a row of totals. Count is the number of terminals that it prints, nil if it prints none
// or is a subtotal.
type Total struct {
	Line  int64  `json:"line"`
	Label string `json:"label"`
	Count *int64 `json:"count,omitempty"`
}

// Skipped returns the records that are neither inventory nor rejects.
func (t *Tally) Skipped() int64 { return t.Preamble + t.Header }

// Add adds the counts of another Tally.
func (t *Tally) Add(other *Tally) {
	t.Records += other.Records
	t.Preamble += other.Preamble
	t.Header += other.Header
	t.Inventory += other.Inventory
	t.RejectTerminal += other.RejectTerminal
	t.RejectNotTerminal += other.RejectNotTerminal
	addCounts(&t.Reasons, other.Reasons)
	addCounts(&t.Defects, other.Defects)
	addCounts(&t.Notes, other.Notes)
	t.Unknown.merge(other.Unknown)
	t.Stated.merge(other.Stated)
	t.Totals = append(t.Totals, other.Totals...)
	slices.SortFunc(t.Totals, func(a, b Total) int { return cmp.Compare(a.Line, b.Line) })
}

func addCounts(to *map[string]int64, from map[string]int64) {
	for key, n := range from {
		count(to, key, n)
	}
}

func count(to *map[string]int64, key string, n int64) {
	if n == 0 {
		return
	}
	if *to == nil {
		*to = map[string]int64{}
	}
	(*to)[key] += n
}

// Values are the distinct values met in columns.
type Values map[string]map[string]Met

// Met is how often a value was met, and the line where it was first.
type Met struct {
	Count int64 `json:"count"`
	Line  int64 `json:"line"`
}

// maxValues bounds the distinct values kept of a column; the ones met first are kept.
const maxValues = 1000

func (v *Values) add(column, value string, line int64) {
	v.put(column, value, Met{Count: 1, Line: line})
	v.prune(column, 2*maxValues)
}

func (v *Values) put(column, value string, met Met) {
	if *v == nil {
		*v = Values{}
	}
	values := (*v)[column]
	if values == nil {
		values = map[string]Met{}
		(*v)[column] = values
	}
	if known, ok := values[value]; ok {
		met.Count += known.Count
		met.Line = min(met.Line, known.Line)
	}
	values[value] = met
}

func (v *Values) merge(other Values) {
	for column, values := range other {
		for value, met := range values {
			v.put(column, value, met)
		}
		v.prune(column, maxValues)
	}
}

// prune keeps the values met first if there are more than limit.
func (v *Values) prune(column string, limit int) {
	values := (*v)[column]
	if len(values) <= limit {
		return
	}
	for _, value := range inOrder(values)[maxValues:] {
		delete(values, value)
	}
}

// inOrder lists values as they were met.
func inOrder(values map[string]Met) []string {
	return slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(cmp.Compare(values[a].Line, values[b].Line), cmp.Compare(a, b))
	})
}
