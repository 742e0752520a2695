package conform_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// usageProfile is a profile of an export of usage that says whose terminals it is about.
func usageProfile(rows string, change func(*workspace.Profile)) workspace.Profile {
	p := workspace.Profile{
		SnapshotDate: workspace.DateFrom{Value: "2016-12-31"},
		Columns:      map[string]workspace.Column{"acquirer_id": {Value: "102"}},
		Usage:        workspace.Usage{Rows: rows},
	}
	if change != nil {
		change(&p)
	}
	return p
}

// usageRows conforms an export of usage and returns some columns of its rows, "-" for null, and its rejects.
func usageRows(t *testing.T, text string, profile workspace.Profile, columns ...string) (rows, rejects []string) {
	t.Helper()
	head, blocks := blocksOf(t, text)
	binding, err := conform.Bind(head, fileOf(t, "a.csv", profile))
	if err != nil {
		t.Fatal(err)
	}
	var tally conform.Tally
	for _, block := range blocks {
		batch, err := binding.Conform(block)
		if err != nil {
			t.Fatal(err)
		}
		tally.Add(&batch.Tally)
		for _, row := range rowsOf(batch.Inventory) {
			var cells []string
			for _, column := range columns {
				if value, ok := row[column]; ok {
					cells = append(cells, value)
				} else {
					cells = append(cells, "-")
				}
			}
			rows = append(rows, strings.Join(cells, " "))
		}
		if batch.Rejects != nil {
			for _, row := range rowsOf(batch.Rejects) {
				rejects = append(rejects, strings.TrimRight(fmt.Sprintln(row["source_line"], row["class"], row["reason"], row["value"], row["raw_text"]), " \n"))
			}
		}
		batch.Release()
	}
	if err := binding.Check(&tally); err != nil {
		t.Error(err)
	}
	return rows, rejects
}

// The codes of F22 are whole: 9x is no class, and a longer number is none of them.
func TestEntryModes(t *testing.T) {
	var text strings.Builder
	text.WriteString("终端号,服务点输入方式\n")
	meant := map[string]string{
		"071": "contactless", "072": "contactless", "07": "contactless", "910": "contactless", "911": "contactless", "91": "contactless",
		"981": "contactless", "982": "contactless", "98": "contactless", "961": "mobile", "96": "mobile",
		"051": "contact", "052": "contact", "05": "contact", "951": "contact", "95": "contact",
		"021": "magstripe", "022": "magstripe", "012": "manual", "01": "manual",
		"030": "code", "032": "code", "040": "code",
		"900": "unknown", "901": "unknown", "90": "unknown", "921": "unknown", "931": "unknown", "941": "unknown", "97": "unknown", "991": "unknown",
		"000": "unknown", "080": "unknown", "107": "unknown", "170": "unknown", "791": "unknown", "196": "unknown", "698": "unknown",
		"7": "unknown", "9": "unknown", "0071": "unknown", "0710": "unknown", "91 ": "contactless", "０７１": "contactless", "x7": "unknown", "7.1": "unknown", "": "unknown",
	}
	codes := slices.Sorted(maps.Keys(meant))
	var want []string
	for _, code := range codes {
		fmt.Fprintf(&text, "T1,%s\n", code)
		want = append(want, meant[code])
	}
	got, _ := usageRows(t, text.String(), usageProfile(workspace.UsageTransactions, nil), "entry")
	for i, code := range codes {
		if got[i] != want[i] {
			t.Errorf("entry mode %q: got %s, want %s", code, got[i], want[i])
		}
	}
}

// The manual's table of entry modes is the one in force, and there are no others.
func TestEntryModesAreThoseOfTheManual(t *testing.T) {
	text, err := os.ReadFile("../../docs/usage.md")
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]string{
		"contactless": "contactless", "contactless, by a phone": "mobile", "contact chip": "contact", "magnetic stripe": "magstripe",
		"keyed in by hand": "manual", "a code was scanned": "code",
	}
	told := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| ((?:`\\d\\d`(?:, )?)+) \\| (.*) \\|$").FindAllStringSubmatch(string(text), -1) {
		for _, code := range regexp.MustCompile(`\d\d`).FindAllString(row[1], -1) {
			told[code] = words[row[2]]
		}
	}
	var export strings.Builder
	export.WriteString("终端号,服务点输入方式\n")
	for code := range 100 {
		fmt.Fprintf(&export, "T,%02d1\n", code)
	}
	got, _ := usageRows(t, export.String(), usageProfile(workspace.UsageTransactions, nil), "entry")
	for code, word := range got {
		if want := meaningOf(told, code); word != want {
			t.Errorf("entry mode %02d: got %s, the manual says %s", code, word, want)
		}
	}
	if len(told) != 10 {
		t.Errorf("the manual tells of %d entry modes: %v", len(told), told)
	}
}

func TestEntryModesOfTheProfileGoFirst(t *testing.T) {
	got, rejects := usageRows(t, "终端号,F22\nT1,971\nT2,981\nT3,071\nT4,x1\n", usageProfile(workspace.UsageTransactions, func(p *workspace.Profile) {
		p.Usage.EntryModes = map[string]string{"97": "contactless", "98": "unknown"}
		p.Columns["entry_mode"] = workspace.Column{Header: "F22"}
	}), "terminal_id", "entry_mode", "entry")
	if diff := cmp.Diff([]string{"T1 971 contactless", "T2 981 unknown", "T3 071 contactless", "T4 x1 unknown"}, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"5 field value_unknown x1"}, rejects); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}

func TestCardSchemes(t *testing.T) {
	cells := []string{
		"A000000333010101", "a0 00 00 03 33 01 01 02", "A0000000031010", "A0000000041010", "银联", "UnionPay", "CUP", "VISA", "万事达",
		"unknown", "", "6222", "what",
	}
	want := []string{
		"unionpay", "unionpay", "other", "other", "unionpay", "unionpay", "unionpay", "other", "other",
		"unknown", "unknown", "unknown", "unknown",
	}
	got, rejects := usageRows(t, "终端号,服务点输入方式,卡组织\nT,071,"+strings.Join(cells, "\nT,071,")+"\n",
		usageProfile(workspace.UsageTransactions, nil), "card_scheme")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schemes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"13 field value_unknown 6222", "14 field value_unknown what"}, rejects); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}

// A month is its last day here, whatever it is written like; without any the export's own date stands.
func TestMonthsOfUsage(t *testing.T) {
	got, rejects := usageRows(t, "月份,终端号,总笔数\n201611,1,1\n2016-11,2,1\n2016年2月,3,1\n2016-11-05,4,1\n2016/13,5,1\n,6,1\n",
		usageProfile(workspace.UsageCounts, nil), "terminal_id", "month")
	if diff := cmp.Diff([]string{"1 2016-11-30", "2 2016-11-30", "3 2016-02-29", "4 2016-11-05", "5 -", "6 -"}, got); diff != "" {
		t.Errorf("months (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"6 field date_invalid 2016/13"}, rejects); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
	got, _ = usageRows(t, "终端号,总笔数\n1,1\n", usageProfile(workspace.UsageCounts, nil), "terminal_id", "month", "acquirer_raw")
	if diff := cmp.Diff([]string{"1 2016-12-31 102"}, got); diff != "" {
		t.Errorf("months (-want +got):\n%s", diff)
	}
}

func TestCountsOfUsage(t *testing.T) {
	got, _ := usageRows(t, "终端编号,商户编号,总笔数,非接联机笔数,非接脱机笔数,云闪付笔数,Appl笔数,HCE笔数,Sams笔数\n00018644,M1,\"1,200\",7,6,5,4,3,\n",
		usageProfile(workspace.UsageCounts, nil), "terminal_id", "merchant_id", "transaction_count", "contactless_transaction_count",
		"offline_contactless_transaction_count", "mobile_contactless_transaction_count", "apple_pay_transaction_count",
		"hce_transaction_count", "samsung_pay_transaction_count")
	if diff := cmp.Diff([]string{"00018644 M1 1200 7 6 5 4 3 -"}, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

// The numbers of cards are shown nowhere, not even where their digits are wrong or a row is damaged.
func TestCardNumbersOfTransactionsAreHidden(t *testing.T) {
	_, rejects := usageRows(t, "卡号,终端号,服务点输入方式\n6222020200112345674,1.8E+07,071\n6222020200112345674,T1\n", usageProfile(workspace.UsageTransactions, nil))
	if diff := cmp.Diff([]string{"2 terminal terminal_id_scientific 1.8E+07 ***,1.8E+07,071", "3 terminal columns_missing"}, rejects); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}

// What is taken for an inventory and tells of transactions is refused with a word about usage.
func TestUsageTakenForAnInventory(t *testing.T) {
	head, _ := blocksOf(t, "终端号,服务点输入方式,交易日期\n1,071,2017-01-05\n")
	_, err := conform.Bind(head, fileOf(t, "a.csv", workspace.Profile{SnapshotDate: workspace.DateFrom{Value: "2016-12-31"}}))
	const want = `if its rows tell of transactions, as "交易日期" does, the source needs "usage: transactions"`
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}

func TestUsageThatCannotBeRead(t *testing.T) {
	for _, test := range []struct {
		name, text, rows, want string
		change                 func(*workspace.Profile)
	}{
		{"no acquirer", "终端号,总笔数\n1,1\n", workspace.UsageCounts, "whose terminals", func(p *workspace.Profile) { delete(p.Columns, "acquirer_id") }},
		{"no counts", "终端号,月份\n1,201612\n", workspace.UsageCounts, "no column is known to hold any count", nil},
		{"no entry mode", "终端号,总笔数\n1,1\n", workspace.UsageTransactions, "no column is known to hold the entry mode", nil},
		{"no terminal", "商户号,总笔数\n1,1\n", workspace.UsageCounts, "no column is known to hold the terminal id", nil},
	} {
		head, _ := blocksOf(t, test.text)
		_, err := conform.Bind(head, fileOf(t, "a.csv", usageProfile(test.rows, test.change)))
		var refused *conform.SetAsideError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

// meaningOf is what the manual says of an entry mode; of those that it does not name it says that they mean nothing.
func meaningOf(told map[string]string, code int) string {
	if word := told[fmt.Sprintf("%02d", code)]; word != "" {
		return word
	}
	return "unknown"
}
