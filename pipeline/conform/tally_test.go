package conform

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Sums do not depend on the order in which Blocks are done, and what is kept of many values does not
// either.
func TestTallyAdd(t *testing.T) {
	var parts []Tally
	for i := range int64(8) {
		var part Tally
		part.Records = i
		count(&part.Reasons, "blank", i)
		part.Totals = []Total{{Line: 100 - i, Label: "合计"}}
		for j := range int64(400) {
			part.Unknown.add("status", fmt.Sprint(i*200+j), i*200+j+1)
		}
		parts = append(parts, part)
	}
	var forward, backward Tally
	for i := range parts {
		forward.Add(&parts[i])
		backward.Add(&parts[len(parts)-1-i])
	}
	if forward.Records != 28 || forward.Reasons["blank"] != 28 || forward.Totals[0].Line != 93 {
		t.Errorf("got %d records, %v, first total in line %d", forward.Records, forward.Reasons, forward.Totals[0].Line)
	}
	kept := forward.Unknown["status"]
	if len(kept) != maxValues || kept["0"] != (Met{1, 1}) || kept["999"].Line != 1000 {
		t.Errorf("got %d values, the first %v, the last %v", len(kept), kept["0"], kept["999"])
	}
	lines := func(values map[string]Met) map[string]int64 {
		first := map[string]int64{}
		for value, met := range values {
			first[value] = met.Line
		}
		return first
	}
	if diff := cmp.Diff(lines(kept), lines(backward.Unknown["status"])); diff != "" {
		t.Errorf("values kept (-forward +backward):\n%s", diff)
	}
	forward.Unknown, backward.Unknown = nil, nil
	if diff := cmp.Diff(forward, backward); diff != "" {
		t.Errorf("(-forward +backward):\n%s", diff)
	}
}
