package sample

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	filesOnce = sync.OnceValues(sampleFiles)
	truthOnce = sync.OnceValues(ExpectedTruth)
)

func expectedTruth(t *testing.T) Truth {
	t.Helper()
	truth, err := truthOnce()
	if err != nil {
		t.Fatal(err)
	}
	return truth
}

// S1 moves from refuted through undetermined to supported, and each bound that decides is at least
// two points away from 60%.
func TestClaimMoves(t *testing.T) {
	want := []string{"refuted", "undetermined", "undetermined", "supported"}
	for i, s := range expectedTruth(t).Snapshots {
		c := s.Declared
		if got := c.Verdict(); got != want[i] {
			t.Errorf("%s: S1 is %s, want %s", s.SnapshotDate, got, want[i])
		}
		if got := s.Strict.Verdict(); got != "undetermined" {
			t.Errorf("%s: under strict S1 is %s, want undetermined", s.SnapshotDate, got)
		}
		for _, bound := range []int{c.Yes, c.Yes + c.Unknown} {
			if points := 100*bound - 60*c.Terminals; max(points, -points) < 2*c.Terminals {
				t.Errorf("%s: a bound of %d in %d is within two points of 60%%", s.SnapshotDate, bound, c.Terminals)
			}
		}
	}
}

func TestTruthTiesOut(t *testing.T) {
	truth := expectedTruth(t)
	inventory, rejected := map[string]int{}, map[string]int{}
	for _, x := range truth.Exports {
		if x.IsUsage {
			continue
		}
		inventory[x.SnapshotDate] += x.InventoryCount
		ofTerminals := 0
		for _, r := range x.Rejects {
			if r.Class == "terminal" {
				ofTerminals++
			}
		}
		rejected[x.SnapshotDate] += ofTerminals
		if x.ControlTotal != 0 && x.ControlTotal != x.InventoryCount+ofTerminals {
			t.Errorf("%s: prints a total of %d over %d rows", x.File, x.ControlTotal, x.InventoryCount+ofTerminals)
		}
		if x.RecordCount != x.InventoryCount+len(x.Rejects) {
			t.Errorf("%s: %d records are not %d accepted and %d rejects", x.File, x.RecordCount, x.InventoryCount, len(x.Rejects))
		}
	}
	for _, s := range truth.Snapshots {
		check := func(what string, got, want int) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %s: got %d, want %d", s.SnapshotDate, what, got, want)
			}
		}
		check("inventory of the exports", inventory[s.SnapshotDate], s.InventoryCount)
		check("terminals and duplicates", s.TerminalCount+s.DuplicateCount, s.InventoryCount)
		check("counted and left out", s.CountedCount+s.NotInService+s.OtherDevices, s.TerminalCount)
		check("counted and rejected", s.CountedCount+s.RejectedCount, s.Declared.Terminals)
		check("rejects of the exports", rejected[s.SnapshotDate], s.RejectedCount)
		for reading, c := range map[string]Counts{"declared": s.Declared, "strict": s.Strict} {
			check(reading, c.Yes+c.No+c.Unknown, c.Terminals)
		}
		for level, keys := range map[string]map[string]Counts{"acquirer": s.ByAcquirer, "province": s.ByProvince} {
			var sum Counts
			for _, c := range keys {
				sum = Counts{sum.Terminals + c.Terminals, sum.Yes + c.Yes, sum.No + c.No, sum.Unknown + c.Unknown}
			}
			if diff := cmp.Diff(s.Declared, sum); diff != "" {
				t.Errorf("%s: by %s (-nation +sum of keys):\n%s", s.SnapshotDate, level, diff)
			}
		}
	}
}

// Each month shows the vices that the README tells of.
func TestEveryMonthHasItsVices(t *testing.T) {
	truth := expectedTruth(t)
	for _, s := range truth.Snapshots {
		if s.TerminalCount < 19_000 || s.TerminalCount > 22_000 {
			t.Errorf("%s: %d terminals, want about 20,000", s.SnapshotDate, s.TerminalCount)
		}
		seen := map[string]int{}
		for _, x := range truth.Exports {
			if x.SnapshotDate != s.SnapshotDate {
				continue
			}
			for _, r := range x.Rejects {
				seen[string(r.Reason)]++
			}
			for reason, n := range x.Defects {
				seen[reason] += n
			}
		}
		want := map[string]int{
			"terminal_id_scientific": 10, "terminal_id_blank": 4, "encoding": 9, "columns_missing": 2, "columns_extra": 4,
			"blank": 1, "total": 1, "header_repeated": 2, "note": 1,
			"merchant_id_scientific": 6, "date_invalid": 5, "flag_unknown": 5,
		}
		if diff := cmp.Diff(want, seen); diff != "" {
			t.Errorf("%s: rejects and defects (-want +got):\n%s", s.SnapshotDate, diff)
		}
		for what, n := range map[string]int{
			"duplicates": s.DuplicateCount, "undecided": s.UndecidedCount, "conflicts": s.ConflictCount,
			"not in service": s.NotInService, "cash machines and barcode boxes": s.OtherDevices, "without merchant": s.MerchantNone,
		} {
			if n == 0 {
				t.Errorf("%s: no %s", s.SnapshotDate, what)
			}
		}
	}
}

func TestAcceptance(t *testing.T) {
	check := func(name string, withDeclared bool, want answer, wantConflict bool, said ...*record) {
		t.Helper()
		got, conflict := acceptance(said, withDeclared)
		if got != want || conflict != wantConflict {
			t.Errorf("%s: got %q, conflict %v, want %q, %v", name, got, conflict, want, wantConflict)
		}
	}
	check("nothing said", true, blank, false, &record{})
	check("a flag", true, yes, false, &record{declared: yes})
	check("a flag under strict", false, blank, false, &record{declared: no})
	check("a tap outranks a flag", true, yes, false, &record{declared: no, taps: 1})
	check("a parameter outranks a flag", true, no, false, &record{declared: yes, parameter: no})
	check("two rows agree", true, no, false, &record{declared: no}, &record{declared: no})
	check("two rows contradict", true, blank, true, &record{declared: no}, &record{declared: yes})
	check("one row is blank", true, yes, false, &record{}, &record{declared: yes})
	check("quick payment is on", true, yes, false, &record{noPinParameter: yes})
	check("quick payment is off", true, blank, false, &record{noPinParameter: no})
	check("parameters contradict", true, blank, true, &record{parameter: no, noPinParameter: yes})
}

func TestVerdict(t *testing.T) {
	check := func(yes, no, unknown int, want string) {
		t.Helper()
		c := Counts{Terminals: yes + no + unknown, Yes: yes, No: no, Unknown: unknown}
		if got := c.Verdict(); got != want {
			t.Errorf("%d yes, %d no, %d unknown: got %s, want %s", yes, no, unknown, got, want)
		}
	}
	check(3, 2, 0, "refuted")
	check(3, 1, 1, "undetermined")
	check(4, 1, 0, "supported")
	check(0, 0, 0, "undetermined")
}
