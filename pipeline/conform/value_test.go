package conform

import (
	"testing"
	"time"
)

// dateCases are texts under the layouts of a profile, and the moment that each means.
var dateCases = []struct {
	layouts []string
	text    string
	want    string // as time.DateTime in UTC, "" for none
}{
	{nil, "2016-12-31", "2016-12-31 00:00:00"},
	{nil, "2016/12/31", "2016-12-31 00:00:00"},
	{nil, "2016.12.31", "2016-12-31 00:00:00"},
	{nil, "2016/1/2", "2016-01-02 00:00:00"},
	{nil, "20161231", "2016-12-31 00:00:00"},
	{nil, "2016年12月31日", "2016-12-31 00:00:00"},
	{nil, "2016年1月2日", "2016-01-02 00:00:00"},
	{nil, "2016年1月2号 8:05", "2016-01-02 08:05:00"},
	{nil, "2016-12-31 23:59:58", "2016-12-31 23:59:58"},
	{nil, "2016-12-31T23:59:58Z", "2016-12-31 23:59:58"},
	{nil, "2016-12-31 23:59:58.25", "2016-12-31 23:59:58"},
	{nil, "2016-12-31 23:59:58 UTC", "2016-12-31 23:59:58"},
	{nil, "2016-12-31T07:00:00+08:00", "2016-12-30 23:00:00"},
	{nil, "2016-12-31 07:00:00 -0530", "2016-12-31 12:30:00"},
	{nil, "20161231235958", "2016-12-31 23:59:58"},
	{nil, "20161231 2359", "2016-12-31 23:59:00"},
	{nil, "1900-02-28", "1900-02-28 00:00:00"},
	{nil, "2000-02-29", "2000-02-29 00:00:00"},
	{nil, "9999-12-31", "9999-12-31 00:00:00"},
	{nil, "1970-01-01", "1970-01-01 00:00:00"},
	{nil, "1900-02-29", ""},
	{nil, "2015-02-29", ""},
	{nil, "2016-13-01", ""},
	{nil, "2016-00-10", ""},
	{nil, "2016-12/31", ""},
	{nil, "16-12-31", ""},
	{nil, "31/12/2016", ""},
	{nil, "42735", ""},
	{nil, "2016-12-31 25:00", ""},
	{nil, "2016-12-31 10:61:00", ""},
	{nil, "2016-12-31 noon", ""},
	{nil, "2016-12-31 10:00 CST", ""},
	{nil, "2016-12-31x", ""},
	{nil, "201612", ""},
	{[]string{"dd/mm/yyyy"}, "31/12/2016", "2016-12-31 00:00:00"},
	{[]string{"dd/mm/yyyy"}, "31/12/2016 10:20", "2016-12-31 10:20:00"},
	{[]string{"dd/mm/yyyy"}, "2016-12-31", ""},
	{[]string{"dd/mm/yyyy"}, "1/2/2016", ""},
	{[]string{"d/m/yyyy"}, "1/2/2016", "2016-02-01 00:00:00"},
	{[]string{"d/m/yyyy", "yyyymmdd"}, "20160201", "2016-02-01 00:00:00"},
	{[]string{"d-mmm-yy"}, "3-Feb-16", "2016-02-03 00:00:00"},
	{[]string{"d-mmm-yy"}, "3-FEB-99", "1999-02-03 00:00:00"},
	{[]string{"d-mmm-yy"}, "3-anu-16", ""},
	{[]string{"yyyy年mm月dd日"}, "2016年12月31日", "2016-12-31 00:00:00"},
	{[]string{"dd.mm.yyyy hh:mi:ss"}, "31.12.2016 10:20:30", "2016-12-31 10:20:30"},
	{[]string{"dd.mm.yyyy hh:mi:ss"}, "31.12.2016 10:20:30x", ""},
	{[]string{"excel"}, "42735", "2016-12-31 00:00:00"},
	{[]string{"excel"}, "42735.5", "2016-12-31 12:00:00"},
	{[]string{"excel"}, "1", "1900-01-01 00:00:00"},
	{[]string{"excel"}, "59", "1900-02-28 00:00:00"},
	{[]string{"excel"}, "61", "1900-03-01 00:00:00"},
	{[]string{"excel"}, "60", ""},
	{[]string{"excel"}, "42735.", "2016-12-31 00:00:00"},
	{[]string{"excel"}, "42735.x", ""},
	{[]string{"excel"}, "20161231", ""},
	{[]string{"excel"}, "2016-12-31", ""},
	{[]string{"yyyy-mm-dd", "excel"}, "2016-12-31", "2016-12-31 00:00:00"},
}

func TestDates(t *testing.T) {
	for _, test := range dateCases {
		d, problems := newDates(test.layouts)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		got := ""
		if m, ok := d.parse([]byte(test.text)); ok {
			got = time.UnixMicro(m.timestamp()).UTC().Format(time.DateTime)
		}
		if got != test.want {
			t.Errorf("%q with %q: got %q, want %q", test.text, test.layouts, got, test.want)
		}
	}
}

// Every day is the one after the day before.
func TestDaysOf(t *testing.T) {
	day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	for ; day.Year() < 2200; day = day.AddDate(0, 0, 1) {
		got, ok := daysOf(day.Year(), int(day.Month()), day.Day())
		if want := int32(day.Unix() / secondsPerDay); !ok || got != want {
			t.Fatalf("%s: got %d %t, want %d", day.Format(time.DateOnly), got, ok, want)
		}
	}
}

func TestNewDatesRefuses(t *testing.T) {
	for _, notation := range []string{"yyyymm", "dd.mm", "yyyy-mm-dd-dd", "MM/DD/YYYY"} {
		if _, problems := newDates([]string{notation}); len(problems) != 1 {
			t.Errorf("%q: got %v, want one problem", notation, problems)
		}
	}
}

func TestNullDate(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "--": true, "NULL": true, "0": true, "00000000": true, "0000-00-00": true,
		"0000-00-00 00:00:00": true, "0000/00/00": true,
		"0000-00-01": false, "x": false, "2016": false,
	} {
		if got := isNullDate([]byte(text)); got != want {
			t.Errorf("%q: got %t, want %t", text, got, want)
		}
	}
}

func TestParseCount(t *testing.T) {
	for _, test := range []struct {
		text string
		want int64 // -1 for none
	}{
		{"0", 0},
		{"12", 12},
		{"1,095", 1095},
		{"12,345,678", 12345678},
		{"007", 7},
		{"12.00", 12},
		{"1,000.0", 1000},
		{"999999999999999999", 999999999999999999},
		{"9,223,372,036,854,775,807", 9223372036854775807},
		{"", -1},
		{"-1", -1},
		{"1.5", -1},
		{"1,2", -1},
		{"1,0950", -1},
		{",095", -1},
		{"1095,", -1},
		{"12a", -1},
		{"1234,567", -1},
		{"9,223,372,036,854,775,808", -1},
		{"1e3", -1},
		{".0", -1},
		{"99999999999999999999", -1},
	} {
		got, ok := parseCount([]byte(test.text))
		if !ok {
			got = -1
		}
		if got != test.want {
			t.Errorf("%q: got %d, want %d", test.text, got, test.want)
		}
	}
}

func TestCleanID(t *testing.T) {
	for _, test := range []struct{ raw, want, damage string }{
		{"00018644", "00018644", ""},
		{"S1234567", "S1234567", ""},
		{"  00018644\t", "00018644", ""},
		{"'00018644", "00018644", ""},
		{"０００１８６４４", "00018644", ""},
		{"　00018644　", "00018644", ""},
		{`="00018644"`, "00018644", ""},
		{"7", "7", ""},
		{"A B", "A B", ""},
		{"E+05", "E+05", ""},
		{"12E+05", "12E+05", ""},
		{"1.E+05", "1.E+05", ""},
		{"终端7", "终端7", ""},
		{"", "", "blank"},
		{"  ", "", "blank"},
		{"--", "", "blank"},
		{"- -", "", "blank"},
		{"null", "", "blank"},
		{"(NULL)", "", "blank"},
		{"1.02581E+14", "", "scientific"},
		{"1.02581e+14", "", "scientific"},
		{"1E+14", "", "scientific"},
		{"１．０２E+14", "", "scientific"},
		{"a\x00b", "", "control"},
		{"a\u0085b", "", "control"},
		{"a\nb", "", "control"},
		{"ab\uFFFD1", "", "replacement_character"},
		{"0123456789012345678901234567890123456789012345678901234567890123", "0123456789012345678901234567890123456789012345678901234567890123", ""},
		{"01234567890123456789012345678901234567890123456789012345678901234", "", "too_long"},
	} {
		var scratch []byte
		raw := []byte(test.raw)
		id, damage := cleanID(&scratch, raw)
		if string(id) != test.want || damage != test.damage {
			t.Errorf("%q: got %q %q, want %q %q", test.raw, id, damage, test.want, test.damage)
		}
		if isPlainID(raw) && (string(id) != test.raw || damage != "") {
			t.Errorf("%q: taken as it stands, but it is %q %q", test.raw, id, damage)
		}
	}
}

// The short way takes only what the long way would leave alone.
func FuzzPlainID(f *testing.F) {
	for _, seed := range []string{"00018644", "1E+14", "null", "=\"12345\"", "(null)", "- -"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var scratch []byte
		if !isPlainID(raw) {
			return
		}
		if id, damage := cleanID(&scratch, raw); string(id) != string(raw) || damage != "" {
			t.Fatalf("%q is plain, but cleaned it is %q %q", raw, id, damage)
		}
	})
}

func TestTotalLabel(t *testing.T) {
	for _, test := range []struct {
		cell  string
		want  label
		isOne bool
	}{
		{"合计", label{text: "合计"}, true},
		{" 合计：", label{text: "合计"}, true},
		{"合计：1,095台", label{text: "合计", count: 1095, hasCount: true}, true},
		{"总计 20 台", label{text: "总计", count: 20, hasCount: true}, true},
		{"小计", label{text: "小计", isSubtotal: true}, true},
		{"ＴＯＴＡＬ", label{text: "total"}, true},
		{"Grand Total", label{text: "grand total"}, true},
		{"Total: 12", label{text: "total", count: 12, hasCount: true}, true},
		{"sum", label{text: "sum"}, true},
		{"Total Petroleum", label{}, false},
		{"total2016", label{}, false},
		{"合计超市", label{}, false},
		{"00018644", label{}, false},
		{"", label{}, false},
	} {
		got, isOne := totalLabel([]byte(test.cell))
		if got != test.want || isOne != test.isOne {
			t.Errorf("%q: got %+v %t, want %+v %t", test.cell, got, isOne, test.want, test.isOne)
		}
	}
}

func TestDatesIn(t *testing.T) {
	for text, want := range map[string]string{
		"terminals_20161231.csv":           "2016-12-31",
		"terminals-2016-12.csv":            "2016-12-31",
		"201702终端.csv":                     "2017-02-28",
		"2016年12月31日":                      "2016-12-31",
		"2016年2月":                          "2016-02-29",
		"2016_12_31.csv.gz":                "2016-12-31",
		"a20161231b20161231.csv":           "2016-12-31",
		"id120161231.csv":                  "",
		"export.csv":                       "",
		"20161399.csv":                     "",
		"20161231_until_20170115_full.csv": "2016-12-31 2017-01-15",
	} {
		got := ""
		for i, date := range datesIn(text) {
			if i > 0 {
				got += " "
			}
			got += date
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestDictionary(t *testing.T) {
	d := newDictionary()
	raws := [][]byte{}
	for i := range 300 {
		raws = append(raws, []byte{byte(i), byte(i >> 8)}, make([]byte, i+1), append(make([]byte, i), 1))
	}
	index := map[string]int32{}
	for _, raw := range raws {
		if m, ok := d.find(raw); ok {
			if m.index != index[string(raw)] {
				t.Fatalf("%q: got %d, want %d", raw, m.index, index[string(raw)])
			}
			continue
		}
		index[string(raw)] = int32(len(index))
		d.learn(raw, meaning{index: index[string(raw)]})
	}
	for _, raw := range raws {
		if m, ok := d.find(raw); !ok || m.index != index[string(raw)] {
			t.Errorf("%q: got %d %t, want %d", raw, m.index, ok, index[string(raw)])
		}
	}
}
