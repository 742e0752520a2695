package coverage

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// judged judges one claim over coverage rows given as (date, reading, all, yes, no, carried yes) of the
// nation, and returns "date verdict" of each judgement.
func judged(t *testing.T, claim reference.Claim, estate Estate, rows [][]any) []string {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	dates := map[string]bool{}
	var snapshots []Snapshot
	var full [][]any
	for _, row := range rows {
		date := row[0].(string)
		if !dates[date] {
			dates[date] = true
			snapshots = append(snapshots, Snapshot{Date: date, IsComplete: true})
		}
		full = append(full, append([]any{}, row[0], row[1], int64(row[2].(int)), int64(row[3].(int)), int64(row[4].(int)), int64(row[5].(int))))
	}
	if err := e.Fill(t.Context(), "given", `snapshot_date varchar, reading varchar, terminal_count bigint, yes_count bigint,
		no_count bigint, carried_yes_count bigint`, full); err != nil {
		t.Fatal(err)
	}
	if err := e.View(t.Context(), "coverage", `select cast(snapshot_date as date) as snapshot_date, 'networked' as population,
		'terminal' as unit, reading, 'nation' as level, 'all' as key, terminal_count, yes_count, no_count,
		carried_yes_count as carried_count, carried_yes_count, cast(0 as bigint) as carried_no_count from given`); err != nil {
		t.Fatal(err)
	}
	judgements, err := Judge(t.Context(), e, []reference.Claim{claim}, estate, snapshots)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, j := range judgements {
		lines = append(lines, strings.TrimSpace(j.SnapshotDate+" "+string(j.Verdict)+" "+j.StrictestReading))
	}
	return lines
}

func claimOver60(scope reference.Scope) reference.Claim {
	return reference.Claim{ID: "X", Metric: "share", Comparator: ">", Value: "0.60", Scope: scope}
}

func TestRangeHoldsOnlyIfItHoldsEverywhere(t *testing.T) {
	estate := reference.Scope{Estate: true}
	check := func(name string, rows [][]any, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, judged(t, claimOver60(estate), Estate{Area: "CN"}, rows)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	check("so at all of them", [][]any{
		{"2016-12-31", "declared", 10, 7, 1, 0}, {"2017-01-31", "declared", 10, 8, 1, 0},
	}, "2016-12-31 supported declared", "2017-01-31 supported declared", "supported declared")
	check("not so at one", [][]any{
		{"2016-12-31", "declared", 10, 3, 6, 0}, {"2017-01-31", "declared", 10, 8, 1, 0},
	}, "2016-12-31 refuted declared", "2017-01-31 supported declared", "undetermined declared")
	check("the narrowest reading that decides is named", [][]any{
		{"2016-12-31", "strict", 10, 7, 0, 0}, {"2016-12-31", "declared", 10, 8, 1, 0},
	}, "2016-12-31 supported strict", "supported strict")
	check("carried terminals as unknown weaken it", [][]any{
		{"2016-12-31", "declared", 10, 7, 1, 2},
	}, "2016-12-31 undetermined", "undetermined")
	check("no terminals", [][]any{{"2016-12-31", "declared", 0, 0, 0, 0}}, "2016-12-31 undetermined", "undetermined")
}

func TestMoreThanTheEstateIsNotComparable(t *testing.T) {
	rows := [][]any{{"2016-12-31", "declared", 10, 7, 1, 0}}
	check := func(name string, claim reference.Claim, estate Estate, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, judged(t, claim, estate, rows)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	nation := claimOver60(reference.Scope{Area: "CN"})
	check("some acquirers", nation, Estate{Area: "CN", Acquirers: []string{"102"}, IsComplete: true}, "not_comparable")
	check("one province", nation, Estate{Area: "350000", IsComplete: true}, "not_comparable")
	check("not declared complete", nation, Estate{Area: "CN"}, "not_comparable")
	check("a source never delivered", nation, Estate{Area: "CN", IsComplete: true, NeverSeen: []string{"bank"}}, "not_comparable")
	check("the whole", nation, Estate{Area: "CN", IsComplete: true}, "2016-12-31 supported declared", "supported declared")
	past := nation
	past.AsOf = reference.Period{From: "2015-01-01", To: "2015-12-31"}
	check("other dates", past, Estate{Area: "CN", IsComplete: true}, "not_comparable")
}

func TestOfficialTotalMakesTheRestUnknown(t *testing.T) {
	nation := claimOver60(reference.Scope{Area: "CN"})
	check := func(name string, total int64, row []any, want ...string) {
		t.Helper()
		estate := Estate{Area: "CN", Acquirers: []string{"102"}, Official: Official{Area: "CN", Date: "2016-12-31", Total: total}}
		if diff := cmp.Diff(want, judged(t, nation, estate, [][]any{row})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	check("enough for any outcome of the rest", 10, []any{"2016-12-31", "declared", 8, 7, 1, 0}, "2016-12-31 supported declared", "supported declared")
	check("the rest leaves it open", 20, []any{"2016-12-31", "declared", 8, 7, 1, 0}, "2016-12-31 undetermined", "undetermined")
	check("too many no", 20, []any{"2016-12-31", "declared", 10, 1, 9, 0}, "2016-12-31 refuted declared", "refuted declared")
	check("more than there are", 5, []any{"2016-12-31", "declared", 8, 7, 1, 0}, "2016-12-31 not_comparable", "not_comparable")
	check("another date", 10, []any{"2016-11-30", "declared", 8, 7, 1, 0}, "not_comparable")
}

func TestCountsAreComparedAsNumbers(t *testing.T) {
	claim := reference.Claim{ID: "X", Metric: "count", Comparator: ">=", Value: "7", Scope: reference.Scope{Estate: true}}
	check := func(want string, yes, no int) {
		t.Helper()
		got := judged(t, claim, Estate{Area: "CN"}, [][]any{{"2016-12-31", "declared", 10, yes, no, 0}})
		if diff := cmp.Diff(want, got[0]); diff != "" {
			t.Errorf("%d yes, %d no of 10 (-want +got):\n%s", yes, no, diff)
		}
	}
	check("2016-12-31 supported declared", 7, 1)
	check("2016-12-31 undetermined", 6, 1)
	check("2016-12-31 refuted declared", 3, 4)
}
