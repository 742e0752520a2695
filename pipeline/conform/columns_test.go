package conform_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// A full row of each kind of column, found by the headers alone.
func TestColumns(t *testing.T) {
	const text = "终端号,商户编号,商户名称,收单机构,MCC,序列号,厂商,型号,入网认证编号,设备类型,状态,装机日期,撤机日期,最后修改时间," +
		"行政区划代码,装机地址,是否支持非接,是否支持双免,是否支持银联二维码,总笔数,非接联机笔数\n" +
		"00018644,102581045112345, 沙县小吃 ,工行,5812,SN００1,联迪,E350,P3100,02,正常,2015年3月1日,0000-00-00,2016-12-30 08:00:00," +
		"350203,中山路１号,支持,N,--,\"1,095\",12\n"
	p := workspace.Profile{
		SnapshotDate: workspace.DateFrom{Value: "201612"},
		Status:       map[string]string{"正常": "in_service"},
		DeviceTypes:  map[string]string{"unionpay": "table"},
	}
	r := conformed(t, "a.csv", text, p)
	want := []map[string]string{{
		"source_line": "2", "acquirer_raw": "工行", "terminal_id": "00018644", "merchant_id": "102581045112345",
		"merchant_name": "沙县小吃", "category_code": "5812", "serial_number": "SN001", "vendor": "联迪", "model": "E350",
		"license_code": "P3100", "device_type": "pos", "status": "in_service", "use": "unknown", "connection": "unknown",
		"installed_on": "2015-03-01", "updated_at": "2016-12-30T08:00:00", "region_raw": "350203", "region_scheme": "gb2260",
		"address": "中山路１号", "contactless_flag": "yes", "contactless_parameter": "unknown", "no_pin_flag": "no",
		"no_pin_parameter": "unknown", "mobile_flag": "unknown", "qr_flag": "unknown", "is_registered": "unknown",
		"transaction_count": "1095", "contactless_transaction_count": "12",
	}}
	if diff := cmp.Diff(want, r.inventory); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.layout.SnapshotDate != "2016-12-31" || len(r.rejects) > 0 || r.check != nil {
		t.Errorf("snapshot date %q, rejects %v, check %v", r.layout.SnapshotDate, r.rejects, r.check)
	}
}

// cellCases are cells under the rules of one column.
var cellCases = []struct {
	name   string
	column string
	rules  workspace.Column
	cells  []string
	want   []string // value, with its defect behind a !
}{
	{
		"flags", "contactless_flag",
		workspace.Column{},
		[]string{"是", "0", "", "--", "不支持", "非接", "Ｙ", "maybe"},
		[]string{"yes", "no", "unknown", "unknown", "no", "unknown!flag_unknown", "yes", "unknown!flag_unknown"},
	},
	{
		"flags by a map first", "contactless_flag",
		workspace.Column{Values: map[string]string{"1": "no", "Ａ": "yes"}},
		[]string{"1", "a", "0", "2"},
		[]string{"no", "yes", "no", "unknown!flag_unknown"},
	},
	{
		"tokens", "contactless_flag",
		workspace.Column{Tokens: []string{"APPLE_PAY", "v"}},
		[]string{"A D M V", "A D M", "", "  ", "XV", "a,apple_pay;b"},
		[]string{"yes", "no", "unknown", "unknown", "no", "yes"},
	},
	{
		"tokens split by a sign", "contactless_flag",
		workspace.Column{Tokens: []string{"tap and go"}, Split: "|"},
		[]string{"chip|Tap and Go", "tap", "|"},
		[]string{"yes", "no", "unknown"},
	},
	{
		"a part of a cell", "vendor",
		workspace.Column{Take: `^(\S+)`},
		[]string{"Cale CWT-C", "Reino TTX-S", "", " Duncan"},
		[]string{"Cale", "Reino", "", "Duncan"},
	},
	{
		"a part of a cell, or nothing", "model",
		workspace.Column{Take: `\d+`},
		[]string{"S90", "none", "E350"},
		[]string{"90", "", "350"},
	},
	{
		"a map of codes", "vendor",
		workspace.Column{Values: map[string]string{"01": "Verifone", "99": ""}},
		[]string{"01", "02", "99", "null"},
		[]string{"Verifone", "02", "", ""},
	},
	{
		"uses", "use",
		workspace.Column{Values: map[string]string{"个人": "personal"}},
		[]string{"个人", "merchant", "", "?"},
		[]string{"personal", "merchant", "unknown", "unknown!value_unknown"},
	},
	{
		"dates", "installed_on",
		workspace.Column{},
		[]string{"2016-12-31", "2016年1月2日", "", "0000-00-00", "soon", "20161301"},
		[]string{"2016-12-31", "2016-01-02", "", "", "!date_invalid", "!date_invalid"},
	},
	{
		"dates of which a part is one", "installed_on",
		workspace.Column{Take: `\d{8}`},
		[]string{"installed 20161231", "not yet"},
		[]string{"2016-12-31", ""},
	},
	{
		"times", "updated_at",
		workspace.Column{},
		[]string{"2016-12-31", "2016-12-31T08:00:00+08:00", "--", "later"},
		[]string{"2016-12-31T00:00:00", "2016-12-31T00:00:00", "", "!date_invalid"},
	},
	{
		"counts", "transaction_count",
		workspace.Column{},
		[]string{"12", "1,095", "１２", "", "-1", "1.5", "-"},
		[]string{"12", "1095", "12", "", "!count_invalid", "!count_invalid", ""},
	},
	{
		"counts by a map", "transaction_count",
		workspace.Column{Values: map[string]string{"无": "0"}},
		[]string{"无", "7"},
		[]string{"0", "7"},
	},
	{
		"merchant ids", "merchant_id",
		workspace.Column{},
		[]string{"102581045112345", "1.02581E+14", "", "'1025", "a\x01b", "898\uFFFD"},
		[]string{
			"102581045112345", "!merchant_id_scientific", "", "1025", "!merchant_id_control",
			"!merchant_id_replacement_character",
		},
	},
	{
		"card numbers in free text", "merchant_name",
		workspace.Column{},
		[]string{"会员4111111111111111", " 名称 ", ""},
		[]string{"会员411111******1111", "名称", ""},
	},
	{
		"a further column", "extra_note",
		workspace.Column{Values: map[string]string{"x": "y"}},
		[]string{"x", "4111111111111111", ""},
		[]string{"y", "411111******1111", ""},
	},
}

// One cell under the rules of one column, with the value that becomes of it and its field defect.
func TestCells(t *testing.T) {
	for _, test := range cellCases {
		test.rules.Header = "cell"
		text := "终端号,cell\n"
		for i, cell := range test.cells {
			text += strings.Repeat("0", 7) + string(rune('1'+i)) + ",\"" + cell + "\"\n"
		}
		p := plain(func(p *workspace.Profile) { p.Columns[test.column] = test.rules })
		r := conformed(t, "a.csv", text, p)
		got := make([]string, len(test.cells))
		for i, row := range r.inventory {
			got[i] = row[test.column]
		}
		for _, reject := range r.rejects {
			got[int(reject["source_line"][0]-'2')] += "!" + reject["reason"]
			if reject["column_name"] != test.column || reject["class"] != conform.ClassField || reject["header"] != "cell" {
				t.Errorf("%s: got the defect %v", test.name, reject)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestConstants(t *testing.T) {
	p := plain(func(p *workspace.Profile) {
		p.Assume["country"] = "CN"
		p.Assume["contactless_flag"] = "no"
		for name, value := range map[string]string{
			"acquirer_id": "102", "merchant_name": "某某", "merchant_id": "898", "installed_on": "2015-01-01",
			"updated_at": "2016-01-01 10:00:00", "transaction_count": "1,000", "use": "merchant", "qr_flag": "是",
		} {
			p.Columns[name] = workspace.Column{Value: value}
		}
	})
	r := conformed(t, "a.csv", "终端号\n1\n2\n", p)
	for _, row := range r.inventory {
		delete(row, "source_line")
		delete(row, "terminal_id")
		want := map[string]string{
			"country": "CN", "acquirer_raw": "102", "merchant_id": "898", "merchant_name": "某某", "device_type": "pos",
			"status": "in_service", "use": "merchant", "connection": "unknown", "installed_on": "2015-01-01",
			"updated_at": "2016-01-01T10:00:00", "contactless_flag": "no", "contactless_parameter": "unknown",
			"no_pin_flag": "unknown", "no_pin_parameter": "unknown", "mobile_flag": "unknown", "qr_flag": "yes",
			"is_registered": "unknown", "transaction_count": "1000",
		}
		if diff := cmp.Diff(want, row); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	wantAssumed := []conform.Assumption{{"country", "CN"}, {"device_type", "pos"}, {"status", "in_service"}, {"contactless_flag", "no"}}
	if diff := cmp.Diff(wantAssumed, r.layout.Assumptions); diff != "" {
		t.Errorf("assumptions (-want +got):\n%s", diff)
	}
}

func TestRegions(t *testing.T) {
	named := func(p *workspace.Profile) {
		p.RegionScheme, p.RegionLevels = "name", []string{"State", "City"}
	}
	for _, test := range []struct {
		name    string
		profile workspace.Profile
		text    string
		want    []string // scheme and value
	}{
		{"codes", plain(nil), "终端号,行政区划代码\n1,350203\n2,\n3,３50200\n", []string{"gb2260 350203", "gb2260 ", "gb2260 350200"}},
		{"codes of UnionPay", plain(nil), "终端号,银联地区代码\n1,5810\n", []string{"unionpay 5810"}},
		{"codes before names", plain(nil), "终端号,省,行政区划代码\n1,福建,350203\n", []string{"gb2260 350203"}},
		{"names by level", plain(nil), "终端号,市,省,区县\n1,厦门市,福建省,思明区\n2,,福建省,\n", []string{"name 福建省/厦门市/思明区", "name 福建省"}},
		{"names, the widest level missing", plain(nil), "终端号,城市\n1,厦门市\n2,\n", []string{"name /厦门市", "name "}},
		{"named levels", plain(named), "终端号,City,State\n1,Seattle,WA\n2,,WA\n3,Kent/Sea,\n", []string{"name WA/Seattle", "name WA", "name /Kent／Sea"}},
		{"one named level", plain(func(p *workspace.Profile) {
			p.RegionScheme = "name"
			p.Columns["region_raw"] = workspace.Column{Header: "StreetName"}
		}), "终端号,StreetName\n1, Dodds Street \n", []string{"name Dodds Street"}},
		{"none", plain(nil), "终端号\n1\n", []string{" "}},
	} {
		r := conformed(t, "a.csv", test.text, test.profile)
		var got []string
		for _, row := range r.inventory {
			got = append(got, row["region_scheme"]+" "+row["region_raw"])
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// The words of a status are the profile's, then the inventory's own; another one refuses the export.
func TestUnknownStatus(t *testing.T) {
	p := plain(func(p *workspace.Profile) {
		delete(p.Assume, "status")
		p.Status = map[string]string{"1": "in_service", "２": "suspended"}
	})
	r := conformed(t, "a.csv", "终端号,状态\n1,1\n2,2\n3,removed\n4,\n5,9\n6,停用\n7,9\n", p)
	var got []string
	for _, row := range r.inventory {
		got = append(got, row["status"])
	}
	want := []string{"in_service", "suspended", "removed", "unknown", "unknown", "unknown", "unknown"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	const wantError = `a.csv: status: the profile's map does not know "9" (2 rows, first at line 6), "停用" (1 row, first at line 7); ` +
		`add under "status:" of source "acquirer" the lines` + "\n" + `  "9": WORD` + "\n" + `  "停用": suspended` + "\n" +
		`each one of in_service, pending, suspended, removed, lost, unknown`
	if r.check == nil || r.check.Error() != wantError {
		t.Errorf("got %v\nwant %s", r.check, wantError)
	}
	if len(r.rejects) > 0 {
		t.Errorf("got rejects %v", r.rejects)
	}
}

func TestStatedDates(t *testing.T) {
	p := plain(func(p *workspace.Profile) { p.SnapshotDate = workspace.DateFrom{Column: "日期"} })
	r := conformed(t, "a.csv", "终端号,日期\n1,20161231\n2,2016-12-31\n", p)
	if r.check != nil || r.layout.SnapshotDate != "2016-12-31" {
		t.Errorf("got %s %v", r.layout.SnapshotDate, r.check)
	}
	r = conformed(t, "a.csv", "终端号,日期\n1,20161231\n2,2017-01-31\n3,\n4,20170131\n", p)
	const want = `a.csv: snapshot_date: every row must state "2016-12-31", but there are ` +
		`"2017-01-31" (1 row, first at line 3), "" (1 row, first at line 4), "20170131" (1 row, first at line 5)`
	if r.check == nil || r.check.Error() != want {
		t.Errorf("got %v\nwant %s", r.check, want)
	}
}
