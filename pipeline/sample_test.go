package pipeline_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/sample"
	"github.com/tapcov/tapcov/pipeline/settle"
)

var expectedTruth = sync.OnceValues(sample.ExpectedTruth)

func sampleTruth(t *testing.T) sample.Truth {
	t.Helper()
	truth, err := expectedTruth()
	if err != nil {
		t.Fatal(err)
	}
	return truth
}

// exportSums is what a run says of one export of the sample.
type exportSums struct {
	File, Source, SnapshotDate           string
	Preamble, HeaderLine                 int64
	Records, Inventory, Terminal, Others int64
	Defects                              map[string]int64
	Rejects                              []string // line, class, reason
}

// Every export of the sample gives the rows, the rejects and the defects that its maker put into it.
func TestSampleExports(t *testing.T) {
	edition := sampleEdition(t)
	var want, got []exportSums
	for _, x := range sampleTruth(t).Exports {
		sums := exportSums{
			File: x.File, Source: x.Source, SnapshotDate: x.SnapshotDate,
			Preamble: int64(x.PreambleLines), HeaderLine: int64(x.HeaderLine),
			Records: int64(x.RecordCount), Inventory: int64(x.InventoryCount), Defects: map[string]int64{},
		}
		for _, r := range x.Rejects {
			sums.Rejects = append(sums.Rejects, fmt.Sprintf("%d %s %s", r.Line, r.Class, r.Reason))
			if r.Class == conform.ClassTerminal {
				sums.Terminal++
			} else {
				sums.Others++
			}
		}
		for reason, count := range x.Defects {
			sums.Defects[reason] = int64(count)
		}
		want = append(want, sums)
	}
	stored := inventories(t, sampleHome)
	for _, d := range edition.Deliveries {
		tally := tallyOf[conform.Tally](t, stored[d.ExportID].Tally)
		layout := tallyOf[conform.Layout](t, stored[d.ExportID].Layout)
		sums := exportSums{
			File: d.Source + "/" + d.Files[0], Source: d.Source, SnapshotDate: d.SnapshotDate,
			Preamble: tally.Preamble, HeaderLine: layout.HeaderLine, Records: tally.Records - tally.Skipped(),
			Inventory: d.Rows.Rows, Terminal: tally.RejectTerminal, Others: tally.RejectNotTerminal, Defects: map[string]int64{},
		}
		maps.Copy(sums.Defects, tally.Defects)
		for _, row := range rows(t, edition, `select source_line, class, reason from rejects
				where source_file = ? and class in ('terminal', 'not_terminal') order by source_line`, sums.File) {
			sums.Rejects = append(sums.Rejects, fmt.Sprint(row[0], " ", row[1], " ", row[2]))
		}
		got = append(got, sums)
	}
	for _, list := range [][]exportSums{want, got} {
		slices.SortFunc(list, func(a, b exportSums) int { return cmp.Compare(a.File, b.File) })
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("exports (-want +got):\n%s", diff)
	}
}

// Every snapshot of the sample comes to the counts that the maker's own arithmetic gives.
func TestSampleSnapshots(t *testing.T) {
	edition := sampleEdition(t)
	for i, want := range sampleTruth(t).Snapshots {
		tally := tallyOf[settle.Result](t, edition.Snapshots[i].Tally)
		got := sample.SnapshotTruth{
			SnapshotDate: edition.Snapshots[i].Date, InventoryCount: int(tally.InventoryRows),
			TerminalCount: int(tally.Terminals), DuplicateCount: int(tally.DuplicateRows),
		}
		countTerminals(t, edition, &got)
		countCoverage(t, edition, &got)
		// Chains and blanks beside the three real brands are not in the truth.
		maps.DeleteFunc(got.ByBrand, func(brand string, _ sample.Counts) bool { return brand == "none" })
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.SnapshotDate, diff)
		}
	}
}

// countTerminals fills in what the settled terminals say.
func countTerminals(t *testing.T, edition *editions.Edition, truth *sample.SnapshotTruth) {
	t.Helper()
	const out = `(device_type in ('atm', 'barcode') or in_service = 'no')`
	const undecided = `(device_type = 'unknown' or in_service = 'unknown')`
	row := rows(t, edition, `select
			count(*) filter (where `+out+` and status <> 'in_service'),
			count(*) filter (where `+out+` and status = 'in_service'),
			count(*) filter (where not `+out+`),
			count(*) filter (where not `+out+` and not `+undecided+` and is_conflict)
		from terminals where snapshot_date = cast(? as date)`, truth.SnapshotDate)[0]
	truth.NotInService, truth.OtherDevices = number(row[0]), number(row[1])
	truth.CountedCount, truth.ConflictCount = number(row[2]), number(row[3])
}

func number(value any) int {
	n, _ := value.(int64)
	return int(n)
}

// countCoverage fills in what the cube says of the default population.
func countCoverage(t *testing.T, edition *editions.Edition, truth *sample.SnapshotTruth) {
	t.Helper()
	truth.ByAcquirer, truth.ByProvince, truth.ByBrand = map[string]sample.Counts{}, map[string]sample.Counts{}, map[string]sample.Counts{}
	tables := map[string]map[string]sample.Counts{
		"acquirer": truth.ByAcquirer, "province": truth.ByProvince, "brand": truth.ByBrand,
	}
	for _, row := range rows(t, edition, `select reading, level, key, terminal_count, yes_count, no_count, unknown_count,
				undecided_count, rejected_count, merchant_count, merchant_any_count, merchant_any_upper_count,
				merchant_all_count, merchant_all_upper_count, merchant_none_count
			from coverage where population = 'networked' and unit = 'terminal' and snapshot_date = cast(? as date)`, truth.SnapshotDate) {
		counts := sample.Counts{Terminals: number(row[3]), Yes: number(row[4]), No: number(row[5]), Unknown: number(row[6])}
		reading, level, key := row[0].(string), row[1].(string), row[2].(string)
		switch {
		case level == "nation" && reading == "strict":
			truth.Strict = counts
		case level == "nation" && reading == "declared":
			truth.Declared = counts
			truth.UndecidedCount, truth.RejectedCount = number(row[7]), number(row[8])
			truth.MerchantCount, truth.MerchantAny, truth.MerchantAnyUpper = number(row[9]), number(row[10]), number(row[11])
			truth.MerchantAll, truth.MerchantAllUpper, truth.MerchantNone = number(row[12]), number(row[13]), number(row[14])
		case reading == "declared" && tables[level] != nil:
			tables[level][key] = counts
		}
	}
}

// The sample's own claim moves from refuted to supported; the national one is not the sample's to judge.
func TestSampleClaims(t *testing.T) {
	summary := sampleSummary(t)
	want := map[string]string{
		"S1 2016-10-31": "refuted", "S1 2016-11-30": "undetermined", "S1 2016-12-31": "undetermined",
		"S1 2017-01-31": "supported", "S1 ": "undetermined",
		"C1 ": "not_comparable", "C2 ": "not_comparable", "C3 ": "not_comparable",
	}
	for _, s := range sampleTruth(t).Snapshots {
		if verdict := s.Declared.Verdict(); verdict != want["S1 "+s.SnapshotDate] {
			t.Errorf("%s: the truth itself says %s", s.SnapshotDate, verdict)
		}
	}
	got := map[string]string{}
	for _, row := range rows(t, sampleEdition(t), "select claim, cast(snapshot_date as varchar), verdict, reason from claims") {
		date, _ := row[1].(string)
		got[row[0].(string)+" "+date] = row[2].(string)
		if reason, _ := row[3].(string); row[2] == "not_comparable" && !strings.Contains(reason, " ") {
			t.Errorf("claim %s is not comparable for the reason %q", row[0], reason)
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
	if code := summary.ExitCode(); code != pipeline.ExitDone {
		t.Errorf("the run ends with %d: %+v", code, summary.SetAside)
	}
}
