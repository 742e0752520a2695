package conform

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace"
)

// trailerLabel stands for a trailer among the totals of a Tally.
const trailerLabel = "trailer"

// siftTrailer sets a record that ends the export aside and keeps the count that it prints.
func (w *worker) siftTrailer(i int) bool {
	match := w.trailer.FindSubmatch(w.block.Raw(i))
	if match == nil {
		return false
	}
	total := Total{Line: w.origin + w.block.Rows[i].Line, Label: trailerLabel}
	if digits := strings.TrimLeft(string(match[1]), "0"); digits == "" && len(match[1]) > 0 {
		total.Count = new(int64)
	} else if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
		total.Count = &n
	}
	w.tally.Totals = append(w.tally.Totals, total)
	w.setAside(i, ClassNotTerminal, reasonTrailer, nil)
	return true
}

// Terminals returns the number of terminals that an export has, read or not.
func (t *Tally) Terminals() int64 { return t.Inventory + t.RejectTerminal }

// Agrees reports whether a control total is what was counted: the terminals, or all records with the
// header, where a trailer may count itself or not.
func (t *Tally) Agrees(total int64, control workspace.Control) bool {
	if control.Counts != "records" {
		return total == t.Terminals()
	}
	return total == t.Records || total == t.Records-t.Reasons[reasonTrailer]
}

// Counted says what a control total is held against, in words.
func (t *Tally) Counted(control workspace.Control) string {
	if control.Counts == "records" {
		return fmt.Sprintf("the export has %d records, the header included", t.Records)
	}
	return fmt.Sprintf("the export has %d (%d read, %d rejected)", t.Terminals(), t.Inventory, t.RejectTerminal)
}

// controlTotal compares the totals that the export prints with what it has. Totals of sections are
// good if they add up, or if the last one is that of all; a trailer speaks of the whole export.
func (b *Binding) controlTotal(t *Tally) []Problem {
	control := b.file.Source.Control
	var problems []Problem
	blame := func(format string, args ...any) {
		problems = append(problems, Problem{Code: ProblemControlTotal, Message: fmt.Sprintf(format, args...)})
	}
	var sum, last, line int64
	hasTrailer := false
	for _, total := range t.Totals {
		switch {
		case total.Label == trailerLabel && total.Count == nil:
			blame("%s is a trailer without a count", b.place(total.Line))
		case total.Label == trailerLabel && !t.Agrees(*total.Count, control):
			blame("%s is a trailer of %d, but %s", b.place(total.Line), *total.Count, t.Counted(control))
		case total.Label != trailerLabel && total.Count != nil:
			last, line = *total.Count, total.Line
			sum += last
		}
		hasTrailer = hasTrailer || total.Label == trailerLabel
	}
	if b.trailer != nil && !hasTrailer {
		blame("no record is the trailer that control.trailer describes, %q: the export is cut short, or has none", control.Trailer)
	}
	if line != 0 && last != t.Terminals() && sum != t.Terminals() {
		blame("%s prints a total of %d terminals, but %s", b.place(line), last, t.Counted(workspace.Control{}))
	}
	return problems
}
