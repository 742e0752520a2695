package pipeline_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
)

// laws are queries over the views of an edition that find rows which no edition may have.
var laws = map[string]string{
	"yes, no and unknown are all": `select * from coverage
		where yes_count + no_count + unknown_count <> terminal_count
			or least(terminal_count, yes_count, no_count, unknown_count, undecided_count, rejected_count, missing_count) < 0
			or undecided_count + rejected_count + missing_count > unknown_count`,
	"what is carried is a part": `select * from coverage
		where carried_count > terminal_count or carried_yes_count > yes_count or carried_no_count > no_count
			or carried_yes_count + carried_no_count > carried_count`,
	"a share stands with its bounds": `select * from coverage
		where terminal_count > 0 and not (lower_share <= coalesce(known_share, lower_share) and coalesce(known_share, upper_share) <= upper_share)
			or (terminal_count > 0) <> (lower_share is not null and upper_share is not null)`,
	"readings nest": `select weak.* from coverage as strong
		inner join coverage as weak using (snapshot_date, population, unit, level, key)
		where (strong.reading, weak.reading) in (('strict', 'declared'), ('declared', 'inferred'), ('strict', 'inferred'))
			and (weak.yes_count < strong.yes_count or weak.no_count < strong.no_count
				or weak.terminal_count <> strong.terminal_count
				or weak.merchant_any_count < strong.merchant_any_count
				or weak.merchant_all_count < strong.merchant_all_count
				or weak.merchant_any_upper_count > strong.merchant_any_upper_count
				or weak.merchant_all_upper_count > strong.merchant_all_upper_count
				or weak.merchant_count <> strong.merchant_count)`,
	"every row has every reading": `select snapshot_date, population, unit, level, key from coverage
		group by all having count(*) <> 3 or count(distinct reading) <> 3`,
	"merchants are parts of parts": `select * from coverage
		where population = 'networked' and not coalesce(merchant_all_count <= merchant_any_count and merchant_any_count <= merchant_any_upper_count
			and merchant_all_count <= merchant_all_upper_count and merchant_any_upper_count <= merchant_count
			and merchant_all_upper_count <= merchant_any_upper_count, false)`,
	"merchants are unknown where they are not counted": `select * from coverage
		where population <> 'networked' and coalesce(merchant_count, merchant_any_count, merchant_any_upper_count,
			merchant_all_count, merchant_all_upper_count) is not null`,
	"additive levels sum to the nation": `select sums.*, nation.terminal_count from (
			select snapshot_date, population, unit, reading, level,
				sum(terminal_count) as terminals, sum(yes_count) as yes, sum(no_count) as no, sum(undecided_count) as undecided,
				sum(rejected_count) as rejected, sum(missing_count) as missing, sum(carried_count) as carried
			from coverage where is_additive group by all
		) as sums inner join coverage as nation using (snapshot_date, population, unit, reading)
		where nation.level = 'nation' and (
			terminals <> nation.terminal_count or yes <> nation.yes_count or no <> nation.no_count
			or undecided <> nation.undecided_count or rejected <> nation.rejected_count
			or missing <> nation.missing_count or carried <> nation.carried_count)`,
	"all levels of terminals are additive": `select * from coverage where unit = 'terminal' and not is_additive`,
	"populations are parts of the default one": `select part.* from coverage as part
		inner join coverage as whole using (snapshot_date, unit, reading, level, key)
		where whole.population = 'networked' and part.terminal_count > whole.terminal_count
			and part.population in ('indirect_pos', 'merchant', 'active_3m', 'registered', 'with_serial')`,
	"devices carry terminals": `select devices.* from coverage as devices
		inner join coverage as terminals using (snapshot_date, population, reading, level, key)
		where devices.unit = 'device' and terminals.unit = 'terminal' and (
			devices.terminal_count > terminals.terminal_count or devices.yes_count > terminals.yes_count
			or devices.no_count > terminals.no_count or devices.rejected_count <> terminals.rejected_count
			or devices.missing_count <> terminals.missing_count)`,
}

// checkLaws holds an edition against the laws, and the sums of its report against themselves.
func checkLaws(t *testing.T, edition *editions.Edition) {
	t.Helper()
	if counted := rows(t, edition, "select count(*) from coverage")[0][0]; counted == int64(0) {
		t.Error("the edition has no coverage to hold against the laws")
	}
	for law, query := range laws {
		if broken := rows(t, edition, query+" limit 3"); len(broken) > 0 {
			t.Errorf("%s: %v", law, broken)
		}
	}
	checkReport(t, edition)
}

// checkReport adds up what the report prints.
func checkReport(t *testing.T, edition *editions.Edition) {
	t.Helper()
	report, err := edition.Report(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same := func(what string, got, want int64) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %d is not %d", what, got, want)
		}
	}
	sums := report.TieOut
	inventory := map[string]int64{}
	for _, x := range sums.Exports {
		skipped := int64(0)
		for _, tally := range x.Skipped {
			skipped += tally.Count
		}
		same("records of "+x.Name, skipped+x.Inventory+x.RejectedTerminals+x.RejectedOther, x.Records)
		if !x.IsUsage {
			inventory[x.SnapshotDate] += x.Inventory
		}
	}
	for _, s := range sums.Snapshots {
		same("inventory of "+s.SnapshotDate, inventory[s.SnapshotDate]+s.Carried, s.Inventory)
		same("terminals of "+s.SnapshotDate, s.Terminals+s.Duplicates, s.Inventory)
		row := rows(t, edition, "select count(*), sum(row_count) from terminals where snapshot_date = cast(? as date)", s.SnapshotDate)[0]
		same("settled terminals of "+s.SnapshotDate, int64(number(row[0])), s.Terminals)
	}
	for _, p := range sums.Populations {
		left := int64(0)
		for _, tally := range p.LeftOut {
			left += tally.Count
		}
		same("population "+p.Population, p.Counted+left, p.Terminals)
		same("count of population "+p.Population, p.Counted+p.Rejected+p.Missing, p.TerminalCount)
	}
	for _, l := range sums.Levels {
		same(l.Population+" by "+l.Level, l.Sum, l.Nation)
	}
	for what, count := range map[string]int{
		"exports": len(sums.Exports), "snapshots": len(sums.Snapshots), "populations": len(sums.Populations), "levels": len(sums.Levels),
	} {
		if count == 0 {
			t.Errorf("the report ties out no %s", what)
		}
	}
	if err := report.Check(); err != nil {
		t.Error(err)
	}
}

func TestSampleLaws(t *testing.T) {
	checkLaws(t, sampleEdition(t))
}

// Every count of the cube is what counting terminal by terminal, device by device and merchant by
// merchant gives.
func TestCubeByBruteForce(t *testing.T) {
	edition := sampleEdition(t)
	snapshots := edition.Snapshots
	if testing.Short() {
		snapshots = snapshots[len(snapshots)-1:]
	}
	for _, snapshot := range snapshots {
		checkByBruteForce(t, edition, snapshot.Date)
	}
}

// The merchants of a level of devices with few keys are counted another way than those of one with many.
func TestMerchantsWithManyMakesByBruteForce(t *testing.T) {
	for _, makes := range []int{3, 11, 40} {
		t.Run(fmt.Sprint(makes), func(t *testing.T) {
			var text strings.Builder
			text.WriteString("terminal_id,merchant_id,vendor,model,contactless_flag,transaction_count\n")
			for i := range 600 {
				fmt.Fprintf(&text, "T%07d,M%d,V%d,%d,%c,%d\n", i, i*i%97, i%makes, i%(3*makes/2), "YN-"[i*7%5%3], i%4)
			}
			dir := newWorkspace(t, twoBanks)
			put(t, dir, "inbox/north/201701.csv", text.String())
			checkExit(t, run(t, dir), pipeline.ExitDone)
			checkByBruteForce(t, current(t, dir), "2017-01-31")
		})
	}
}

func checkByBruteForce(t *testing.T, edition *editions.Edition, date string) {
	t.Helper()
	brute := newBruteForce(t, edition, date)
	for what, query := range map[string]string{"terminals": brute.terminals(), "devices": brute.devices(), "merchants": brute.merchants()} {
		if differing := rows(t, edition, query); len(differing) > 0 {
			t.Errorf("%s of %s, counted and in the cube:\n%s", what, date, lines(differing))
		}
	}
}

func lines(table [][]any) string {
	var text strings.Builder
	for _, row := range table {
		fmt.Fprintln(&text, row...)
	}
	return text.String()
}
