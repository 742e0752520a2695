package conform

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Check judges the sum of the Tallies of all Blocks of the export: nil, or a *SetAsideError with every
// reason not to use it. The reasons are values that a map must know and does not, rows that state
// different snapshot dates, parts or versions, and a printed total that is not what was counted.
// Any other error is a broken tie-out: records that are neither skipped nor inventory nor rejects.
func (b *Binding) Check(t *Tally) error {
	if sum := t.Skipped() + t.Inventory + t.RejectTerminal + t.RejectNotTerminal; sum != t.Records {
		return fmt.Errorf("conform %s: broken tie-out: %d records, but %d skipped, %d in the inventory and %d rejects",
			b.file.Name, t.Records, t.Skipped(), t.Inventory, t.RejectTerminal+t.RejectNotTerminal)
	}
	var problems []Problem
	for _, column := range slices.Sorted(maps.Keys(t.Unknown)) {
		problems = append(problems, b.unknownValues(column, t.Unknown[column]))
	}
	for _, column := range slices.Sorted(maps.Keys(t.Stated)) {
		problems = append(problems, b.disagreement(column, t.Stated[column])...)
	}
	problems = append(problems, b.controlTotal(t)...)
	return setAsideOrNil(b.file.Name, b.layout, problems)
}

func (b *Binding) unknownValues(column string, values map[string]Met) Problem {
	if len(values) >= maxValues {
		first := inOrder(values)[0]
		return Problem{
			Code: ProblemUnknownValue, Column: column,
			Message: fmt.Sprintf("%s: more than %d different values that the profile's map does not know, the first is %q at %s",
				column, maxValues-1, first, b.place(values[first].Line)),
		}
	}
	names := slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(cmp.Compare(values[b].Count, values[a].Count), cmp.Compare(a, b))
	})
	var listed []string
	for _, name := range names[:min(len(names), maxListed)] {
		listed = append(listed, fmt.Sprintf("%q (%s, first at %s)", name, rows(values[name].Count), b.place(values[name].Line)))
	}
	return Problem{
		Code: ProblemUnknownValue, Column: column, Values: names,
		Message: fmt.Sprintf("%s: the profile's map does not know %s", column, strings.Join(listed, ", ")),
		Hint:    mapHint(b.file, column, names),
	}
}

func rows(n int64) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// disagreement compares what the rows state with what the export was taken for.
func (b *Binding) disagreement(column string, values map[string]Met) []Problem {
	want := map[string]string{
		statedSnapshot: b.layout.SnapshotDate, statedPart: b.layout.Part, statedVersion: b.layout.Version,
	}[column]
	var others []string
	for _, value := range inOrder(values) {
		stated := value
		if column == statedSnapshot {
			if date, err := snapshotDate(value, b.file.Source.SnapshotDate.Layout); err == nil {
				stated = date
			}
		}
		if stated != want {
			others = append(others, fmt.Sprintf("%q (%s, first at %s)", clipped([]byte(value)), rows(values[value].Count), b.place(values[value].Line)))
		}
	}
	if len(others) == 0 {
		return nil
	}
	return []Problem{{
		Code: ProblemDisagreement,
		Message: fmt.Sprintf("%s: every row must state %q, but there are %s",
			column, want, strings.Join(others[:min(len(others), maxListed)], ", ")),
	}}
}
