package pipeline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/lake"
)

// bankWithUsage configures a bank, its transactions, and its counts of transactions.
const bankWithUsage = `
estate: {area: CN, complete: true}
sources:
  - name: north
    snapshot_date: {file_name: '\d{6}'}
    assume: {status: in_service, device_type: pos}
  - name: taps
    usage: transactions
    snapshot_date: {file_name: '\d{6}'}
    version: {file_name: '\d{6}(?:_v(\d+))?'}
    columns: {acquirer_id: {value: north}}
    contactless_scheme: unionpay
  - name: sums
    usage: counts
    snapshot_date: {file_name: '\d{6}'}
    columns: {acquirer_id: {value: north}}
    contactless_scheme: unionpay
`

// tapsOf is an export of transactions, each "TERMINAL DATE ENTRY".
func tapsOf(transactions ...string) string {
	text := "终端号,交易日期,服务点输入方式\n"
	for _, transaction := range transactions {
		text += strings.ReplaceAll(transaction, " ", ",") + "\n"
	}
	return text
}

// observed lists the terminals that are observed at each snapshot: "2017-01-31 T0000000".
func observed(t *testing.T, dir string) []string {
	t.Helper()
	found := []string{}
	for _, row := range rows(t, current(t, dir), `select cast(snapshot_date as varchar) || ' ' || terminal_id from terminals
			where tier = 'observed' and acceptance = 'yes' order by snapshot_date, terminal_id`) {
		found = append(found, row[0].(string))
	}
	return found
}

func checkObserved(t *testing.T, dir string, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, observed(t, dir)); diff != "" {
		t.Errorf("observed (-want +got):\n%s", diff)
	}
}

// A snapshot sees twelve months: its own and the eleven before.
func TestWindowOfUsage(t *testing.T) {
	dir := newWorkspace(t, bankWithUsage)
	put(t, dir, "inbox/north/201612.csv", terminals("N-NN"))
	put(t, dir, "inbox/north/201701.csv", terminals("N-NN"))
	put(t, dir, "inbox/taps/201701.csv", tapsOf(
		"T0000000 2016-02-01 071", "T0000001 2016-01-31 071", "T0000002 2017-01-31 071", "T0000003 2017-02-01 071",
	))
	run(t, dir)
	checkObserved(t, dir, "2016-12-31 T0000000", "2016-12-31 T0000001", "2017-01-31 T0000000", "2017-01-31 T0000002")
	checkCounts(t, dir, map[string]counts{"2016-12-31": {Yes: 2, No: 2}, "2017-01-31": {Yes: 2, No: 1, Unknown: 1}})
	run(t, dir, "evidence.observed_months", "1")
	checkObserved(t, dir, "2017-01-31 T0000002")
}

// New usage makes the months anew that see it, and no others.
func TestLateUsageRestates(t *testing.T) {
	dir := newWorkspace(t, bankWithUsage)
	for _, month := range []string{"201611", "201612", "201701"} {
		put(t, dir, "inbox/north/"+month+".csv", terminals("N-"))
	}
	put(t, dir, "inbox/taps/201611.csv", tapsOf("T0000001 2016-11-05 051"))
	run(t, dir)
	checkObserved(t, dir)
	before := settledFiles(t, dir)
	put(t, dir, "inbox/taps/201612.csv", tapsOf("T0000000 2016-12-05 911"))
	run(t, dir)
	checkObserved(t, dir, "2016-12-31 T0000000", "2017-01-31 T0000000")
	after := settledFiles(t, dir)
	for i, isSame := range []bool{true, false, false} {
		if (before[i] == after[i]) != isSame {
			t.Errorf("snapshot %d was settled to %s and then to %s", i, before[i], after[i])
		}
	}
	if summary := run(t, dir); !summary.IsUnchanged {
		t.Error("nothing was new, and an edition was published")
	}
}

func settledFiles(t *testing.T, dir string) (paths []string) {
	t.Helper()
	for _, s := range current(t, dir).Snapshots {
		paths = append(paths, s.Settled.Path)
	}
	return paths
}

// An export of usage that is corrected, withdrawn or ambiguous is treated as one of an inventory.
func TestCorrectedUsage(t *testing.T) {
	dir := newWorkspace(t, bankWithUsage)
	put(t, dir, "inbox/north/201701.csv", terminals("N-"))
	put(t, dir, "inbox/taps/201701_v1.csv", tapsOf("T0000000 2017-01-05 071"))
	run(t, dir)
	checkObserved(t, dir, "2017-01-31 T0000000")
	put(t, dir, "inbox/taps/201701_v2.csv", tapsOf("T0000001 2017-01-05 071"))
	run(t, dir)
	checkObserved(t, dir, "2017-01-31 T0000001")
	checkStates(t, dir, "north/201701.csv in_force", "taps/201701_v1.csv superseded", "taps/201701_v2.csv in_force")
	put(t, dir, "inbox/taps/201701_v2_again.csv", tapsOf("T0000000 2017-01-06 071"))
	checkExit(t, run(t, dir), pipeline.ExitSetAside)
	checkObserved(t, dir)
	put(t, dir, "reference/decisions.csv", "withdraw,"+exportID(t, dir, "taps", "201701_v2.csv")+",wrong\n")
	checkExit(t, run(t, dir), pipeline.ExitDone)
	checkObserved(t, dir, "2017-01-31 T0000000")
}

// Of counts the newest export that tells a month stands for it; transactions add up.
func TestMonthsToldTwice(t *testing.T) {
	dir := newWorkspace(t, bankWithUsage)
	put(t, dir, "inbox/north/201701.csv", terminals("N-N"))
	put(t, dir, "inbox/sums/201612.csv", "月份,终端号,总笔数,非接联机笔数\n201611,T0000000,5,1\n201612,T0000001,5,1\n")
	put(t, dir, "inbox/sums/201701.csv", "月份,终端号,总笔数,非接联机笔数\n201612,T0000001,6,0\n201701,T0000002,3,0\n")
	run(t, dir)
	checkObserved(t, dir, "2017-01-31 T0000000")
	put(t, dir, "inbox/taps/201612.csv", tapsOf("T0000001 2016-12-05 071"))
	put(t, dir, "inbox/taps/201701.csv", tapsOf("T0000001 2016-12-06 051"))
	run(t, dir)
	checkObserved(t, dir, "2017-01-31 T0000000", "2017-01-31 T0000001")
	if got := rows(t, current(t, dir), `select transaction_count, contactless_transaction_count, cast(last_transaction_on as varchar)
			from terminals where terminal_id = 'T0000001'`); fmt.Sprint(got) != "[[8 1 2016-12-06]]" {
		t.Errorf("T0000001 has %v, want 6 counted, 2 transactions, the last of them on the sixth", got)
	}
}

// Usage makes no snapshot and has no part in which of them are complete; alone it is nothing to count.
func TestUsageMakesNoSnapshot(t *testing.T) {
	dir := newWorkspace(t, bankWithUsage)
	put(t, dir, "inbox/taps/201703.csv", tapsOf("T0000000 2017-03-05 071"))
	run(t, dir)
	if got := len(current(t, dir).Snapshots); got != 0 {
		t.Errorf("usage alone made %d snapshots", got)
	}
	put(t, dir, "inbox/north/201701.csv", terminals("N"))
	run(t, dir)
	checkObserved(t, dir)
	checkSnapshots(t, dir, "2017-01-31 complete")
	if usage := current(t, dir).Snapshots[0].Usage; len(usage) != 0 {
		t.Errorf("the snapshot sees the usage of later months: %v", usage)
	}
}

// In whatever order inventories and usage come, and on however many threads, an edition is the same.
func TestOrderOfUsageDoesNotMatter(t *testing.T) {
	deliveries := map[string]string{
		"inbox/north/201612.csv":   terminals("N-NY"),
		"inbox/north/201701.csv":   terminals("N-NY"),
		"inbox/taps/201612.csv":    tapsOf("T0000000 2016-12-05 071", "T0000001 2016-12-05 051", "T0000009 2016-12-05 071"),
		"inbox/taps/201701_v1.csv": tapsOf("T0000001 2017-01-05 071"),
		"inbox/taps/201701_v2.csv": tapsOf("T0000002 2017-01-05 981", "T0000002 2016-12-05 981"),
		"inbox/sums/201701.csv":    "月份,终端号,非接联机笔数\n201612,T0000003,2\n201701,T0000003,\n",
	}
	names := []string{}
	for name := range deliveries {
		names = append(names, name)
	}
	slices.Sort(names)
	reversed := slices.Clone(names)
	slices.Reverse(reversed)
	var want map[string]string
	for i, order := range [][]string{names, reversed, names} {
		dir := newWorkspace(t, bankWithUsage)
		for _, name := range order {
			put(t, dir, name, deliveries[name])
			if i < 2 {
				run(t, dir, "limits.threads", fmt.Sprint(2-i))
			}
		}
		run(t, dir)
		edition := current(t, dir)
		got := publishedState(t, edition)
		delete(got, "delivery taps/201701_v1.csv") // its state is the same whenever it came; its rows may be read or not
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("order %d (-want +got):\n%s", i, diff)
		}
	}
}

// A large export comes in many Blocks: every row is in what it is collapsed to, under its own values.
func TestManyBlocksOfTransactions(t *testing.T) {
	const transactions, ids = 200_000, 1000
	modes := []string{"051", "071", "021", "911", "961", "032", "951"}
	var text strings.Builder
	text.WriteString("终端号,商户号,交易日期,服务点输入方式,终端读取能力,AID\n")
	want := map[string][3]int{} // by terminal: rows, taps, UnionPay's
	for i := range transactions {
		id, mode, aid := fmt.Sprintf("T%07d", i*7919%ids), modes[i%13%len(modes)], []string{"", "A000000333010101", "A0000000031010"}[i%3]
		fmt.Fprintf(&text, "%s,M%d,2017-01-%02d,%s,%d,%s\n", id, i*7919%ids/3, 1+i%28, mode, 5+i%2, aid)
		sums := want[id]
		sums[0]++
		if mode == "071" || mode == "911" || mode == "961" {
			sums[1]++
			if strings.HasPrefix(aid, "A000000333") {
				sums[2]++
			}
		}
		want[id] = sums
	}
	dir := newWorkspace(t, bankWithUsage)
	put(t, dir, "inbox/taps/201701.csv", text.String())
	put(t, dir, "inbox/north/201701.csv", terminals("N"))
	run(t, dir)
	got := map[string][3]int{}
	for _, row := range rows(t, current(t, dir), `select terminal_id, cast(sum(row_count) as bigint), cast(sum(contactless_transaction_count) as bigint),
			cast(coalesce(sum(contactless_transaction_count) filter (where card_scheme = 'unionpay'), 0) as bigint) from usage group by terminal_id`) {
		got[row[0].(string)] = [3]int{number(row[1]), number(row[2]), number(row[3])}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
}

// A closed month stays as it was published, whatever usage comes for it, and so does what it stands on.
func TestUsageOfAClosedMonth(t *testing.T) {
	config := strings.Replace(bankWithUsage, "- name: north", "- name: north\n    due_day: 10", 1) + "snapshots: {close_after: 1}\n"
	dir := newWorkspace(t, config)
	put(t, dir, "inbox/taps/201611.csv", tapsOf("T0000000 2016-11-05 071"))
	for _, month := range []string{"201611", "201612", "201701"} {
		put(t, dir, "inbox/north/"+month+".csv", terminals("NN"))
	}
	run(t, dir)
	checkSnapshots(t, dir, "2016-11-30 closed", "2016-12-31 closed", "2017-01-31 complete")
	put(t, dir, "inbox/taps/201612.csv", tapsOf("T0000001 2016-11-06 071"))
	put(t, dir, "tapcov.yaml", strings.Replace(config, "usage: transactions", "usage: {rows: transactions, entry_modes: {'07': unknown}}", 1))
	run(t, dir)
	checkObserved(t, dir, "2016-11-30 T0000000", "2016-12-31 T0000000", "2017-01-31 T0000000")
	for _, d := range current(t, dir).Deliveries {
		if d.State != lake.InForce {
			t.Errorf("%s/%s is %s: %s", d.Source, d.Files[0], d.State, d.Why)
		}
	}
}
