package conform_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// plain is a profile for exports of terminal_id and whatever a test adds.
func plain(change func(*workspace.Profile)) workspace.Profile {
	p := workspace.Profile{
		SnapshotDate: workspace.DateFrom{Value: "2016-12-31"},
		Assume:       map[string]string{"status": "in_service", "device_type": "pos"},
		Columns:      map[string]workspace.Column{},
	}
	if change != nil {
		change(&p)
	}
	return p
}

// What becomes of a record: its terminal id if it is in the inventory, else the class and reason of
// its reject with the value to blame.
func TestRows(t *testing.T) {
	const header = "终端号,商户编号,商户名称,是否支持非接\n"
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"good", "00018644,m,n,是\n", []string{"2 00018644"}},
		{"folded", "０００１８６４４,m,n,是\n 'S1 ,m,n,\n\"=\"\"00018644\"\"\",m,n,\n", []string{"2 00018644", "3 S1", "4 00018644"}},
		{"damaged ids", ",m,n,是\n1.02581E+14,m,n,是\n\"a\tb\",m,n,\n" + strings.Repeat("x", 65) + ",m,n,\n", []string{
			"2 terminal terminal_id_blank", "3 terminal terminal_id_scientific 1.02581E+14",
			"4 terminal terminal_id_control a\tb", "5 terminal terminal_id_too_long " + strings.Repeat("x", 65),
		}},
		{"blank rows", "1,m,n,\n\n,,,\n  ,　,\t,\n", []string{
			"2 1", "3 not_terminal blank", "4 not_terminal blank", "5 not_terminal blank",
		}},
		{"too few and too many cells", "1,m,n\n2,m,n,是,\n3,m,n,是,,　\n4,m,n,是,x\n", []string{
			"2 terminal columns_missing", "3 2", "4 3", "5 terminal columns_extra",
		}},
		{"repeated header", "1,m,n,\n终端号,商户编号,商户名称,是否支持非接\n2,m,n,\n", []string{
			"2 1", "3 not_terminal header_repeated", "4 2",
		}},
		{"totals", "1,m,n,\n小计,1,,\n合计,,,\n总计：1台,,,\n", []string{
			"2 1", "3 not_terminal total", "4 not_terminal total", "5 not_terminal total",
		}},
		{"a total shorter than the header", "1,m,n,\n合计,1\n", []string{"2 1", "3 not_terminal total"}},
		{"notes", "1,m,n,\n制表人：张三,,,\n注：数据截至年底\n", []string{"2 1", "3 not_terminal note", "4 not_terminal note"}},
		{"faults", "1,m,n,\n2,\"m\"x,n,\n3,\"m,n,\n", []string{"2 1", "3 terminal quote_stray", "4 terminal quote_open"}},
	} {
		r := conformed(t, "a.csv", header+test.text, plain(nil))
		if diff := cmp.Diff(test.want, outcomes(r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// outcomes lists what became of the records, in the order of lines.
func outcomes(r result) []string {
	var lines []string
	inventory, rejects := r.inventory, r.rejects
	for len(inventory)+len(rejects) > 0 {
		if len(rejects) == 0 || len(inventory) > 0 && len(inventory[0]["source_line"]) <= len(rejects[0]["source_line"]) &&
			inventory[0]["source_line"] < rejects[0]["source_line"] {
			lines = append(lines, inventory[0]["source_line"]+" "+inventory[0]["terminal_id"])
			inventory = inventory[1:]
			continue
		}
		line := rejects[0]["source_line"] + " " + rejects[0]["class"] + " " + rejects[0]["reason"]
		if value, ok := rejects[0]["value"]; ok {
			line += " " + value
		}
		lines = append(lines, line)
		rejects = rejects[1:]
	}
	return lines
}

// A row is a total by its looks, not by a word that a name may start with.
func TestTotalsAreNoTerminals(t *testing.T) {
	const header = "商户名称,终端号,商户编号,SN号,总笔数\n"
	for _, test := range []struct {
		name, row string
		want      string
	}{
		{"a filling station", "Total,00000001,898,SN1,7", "2 00000001"},
		{"a filling station of which little is known", "Total,00000001,,,", "2 00000001"},
		{"label and count", "合计,,,,", "2 not_terminal total"},
		{"count in the id's place", "合计,1095,,,", "2 not_terminal total"},
		{"numbers everywhere", "合计,1095,12,13,14", "2 not_terminal total"},
		{"blank id, else a terminal", "合计,,898,SN1,7", "2 terminal terminal_id_blank"},
		{"first cell blank", ",合计,,,7", "2 not_terminal total"},
	} {
		r := conformed(t, "a.csv", header+test.row+"\n", plain(nil))
		if diff := cmp.Diff([]string{test.want}, outcomes(r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestControlTotal(t *testing.T) {
	const header = "区域,终端号,商户编号,状态备注,总笔数\n"
	const terminals = "东,1,898,a,\n东,2,898,b,\n西,,898,c,\n" // the third is a reject
	for _, test := range []struct {
		name, totals string
		wantError    string
	}{
		{"none", "", ""},
		{"in the label", "合计：3台,,,,\n", ""},
		{"in the id's place", "合计,3,,,7\n", ""},
		{"right of the label", "合计,3,,,\n", ""},
		{"no count", "合计,,,,\n", ""},
		{"a sum of another column", "合计,,,,99\n", ""},
		{"sections that add up", "合计,2,,,\n合计,1,,,\n", ""},
		{"sections and the total of all", "合计,2,,,\n合计,1,,,\n总计,3,,,\n", ""},
		{"a subtotal counts a part", "小计,2,,,\n合计,3,,,\n", ""},
		{"wrong", "合计,4,,,\n", "a.csv: line 5 prints a total of 4 terminals, but the export has 3 (2 read, 1 rejected)"},
		{"wrong in the label", "合计 2 台,,,,\n", "a.csv: line 5 prints a total of 2 terminals, but the export has 3 (2 read, 1 rejected)"},
	} {
		r := conformed(t, "a.csv", header+terminals+test.totals, plain(nil))
		got := ""
		if r.check != nil {
			got = r.check.Error()
		}
		if got != test.wantError {
			t.Errorf("%s: got %q, want %q", test.name, got, test.wantError)
		}
	}
}

// Records above the header are skipped, whatever they are, and counted.
func TestPreamble(t *testing.T) {
	const text = "某某银行终端明细\n统计日期：2016-12-31,单位：台\n\n终端号,商户编号\n1,a\n2,b\n合计,2\n"
	p := plain(func(p *workspace.Profile) { p.SnapshotDate = workspace.DateFrom{Cell: "统计日期：(.*)"} })
	r := conformed(t, "a.csv", text, p)
	if r.layout.HeaderLine != 4 || r.layout.Preamble != 3 || r.layout.SnapshotDate != "2016-12-31" {
		t.Errorf("got header in line %d, %d records above it, snapshot date %s", r.layout.HeaderLine, r.layout.Preamble, r.layout.SnapshotDate)
	}
	want := conform.Tally{
		Records: 7, Preamble: 3, Header: 1, Inventory: 2, RejectNotTerminal: 1,
		Reasons: map[string]int64{"total": 1},
		Totals:  []conform.Total{{Line: 7, Label: "合计", Count: count(2)}},
	}
	if diff := cmp.Diff(want, r.tally); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.check != nil {
		t.Error(r.check)
	}
}

func count(n int64) *int64 { return &n }

func TestNumericIDs(t *testing.T) {
	p := plain(func(p *workspace.Profile) { p.NumericIDs = true })
	r := conformed(t, "a.csv", "终端号,n\n18644,a\n00018645,b\nS18,c\n123456789,d\n", p)
	want := []string{"2 00018644", "3 00018645", "4 S18", "5 123456789"}
	if diff := cmp.Diff(want, outcomes(r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantNotes := map[string]int64{conform.NotePadded: 1, conform.NoteShape: 1}
	if diff := cmp.Diff(wantNotes, r.tally.Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// What is written of a record set aside shows neither card numbers nor private cells, and keeps
// identifiers as they are.
func TestRawText(t *testing.T) {
	const header = "终端号,商户编号,商户名称,联系人,收单机构\n"
	const card = "4111111111111111"
	private := plain(func(p *workspace.Profile) { p.Private = []string{"联系人"} })
	for _, test := range []struct {
		name    string
		profile workspace.Profile
		row     string
		want    map[string]string
	}{
		{
			"card number", plain(nil), ",m," + card + ",x,工行",
			map[string]string{
				"class": "terminal", "reason": "terminal_id_blank", "column_name": "terminal_id", "header": "终端号",
				"raw_text": ",m,411111******1111,x,工行", "acquirer_raw": "工行",
			},
		},
		{
			"identifiers are no card numbers", plain(nil), "1E+14," + card + "," + card + ",x,工行",
			map[string]string{
				"class": "terminal", "reason": "terminal_id_scientific", "column_name": "terminal_id", "header": "终端号",
				"value": "1E+14", "raw_text": "1E+14," + card + ",411111******1111,x,工行", "acquirer_raw": "工行",
			},
		},
		{
			"cells in unknown places", plain(nil), "1," + card + ",工行",
			map[string]string{"class": "terminal", "reason": "columns_missing", "raw_text": "1,411111******1111,工行"},
		},
		{
			"private cell", private, ",m,n,\"张三, 138\",工行",
			map[string]string{
				"class": "terminal", "reason": "terminal_id_blank", "column_name": "terminal_id", "header": "终端号",
				"raw_text": ",m,n,\"***\",工行", "acquirer_raw": "工行",
			},
		},
		{
			"private cell with quotes", private, ",m,n,\"张\"\"三\",工行",
			map[string]string{
				"class": "terminal", "reason": "terminal_id_blank", "column_name": "terminal_id", "header": "终端号",
				"acquirer_raw": "工行",
			},
		},
		{
			"private cell in an unknown place", private, "1,m,张三",
			map[string]string{"class": "terminal", "reason": "columns_missing"},
		},
	} {
		r := conformed(t, "a.csv", header+test.row+"\n", test.profile)
		test.want["source_line"] = "2"
		if diff := cmp.Diff([]map[string]string{test.want}, r.rejects); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestRawTextIsCut(t *testing.T) {
	long := strings.Repeat("终", 2000)
	r := conformed(t, "a.csv", "终端号,商户名称\n,"+long+"\n", plain(nil))
	if got, want := r.rejects[0]["raw_text"], ","+strings.Repeat("终", 1365); got != want {
		t.Errorf("got %d bytes, want %d", len(got), len(want))
	}
}
