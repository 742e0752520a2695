package conform_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// badExports are exports that cannot be read by their profile, and why.
var badExports = []struct {
	name, text string
	profile    workspace.Profile
	want       []conform.Problem
}{
	{
		"no header", "MeterId,AssetId\nGPW1,12\n", plain(nil),
		[]conform.Problem{{
			Code: conform.ProblemNoTerminalID, Column: "terminal_id", Values: []string{"MeterId"},
			Message: `no header found: no record has a name that the profile or the table of headers knows; line 1 has "MeterId", "AssetId"`,
			Hint:    `did you mean "MeterId"? add under "columns:" of source "acquirer" the line terminal_id: MeterId`,
		}},
	},
	{
		"no terminal id", "商户名称,设备标识,a\nx,1,2\n", plain(nil),
		[]conform.Problem{{
			Code: conform.ProblemNoTerminalID, Column: "terminal_id", Values: []string{"设备标识"},
			Message: `no column is known to hold the terminal id; the header (line 1) has "商户名称", "设备标识", "a"`,
			Hint:    `did you mean "设备标识"? add under "columns:" of source "acquirer" the line terminal_id: 设备标识`,
		}},
	},
	{
		"nothing like an id", "商户名称,a\nx,1\n", plain(nil),
		[]conform.Problem{{
			Code: conform.ProblemNoTerminalID, Column: "terminal_id",
			Message: `no column is known to hold the terminal id; the header (line 1) has "商户名称", "a"`,
			Hint:    `add under "columns:" of source "acquirer" the line terminal_id: HEADER, where HEADER is the name of the column with the terminal ids`,
		}},
	},
	{
		"empty", "\n\n", plain(nil),
		[]conform.Problem{{Code: conform.ProblemNoHeader, Message: "no header: the export has no records"}},
	},
	{
		"header row", "终端号\n1\n", plain(func(p *workspace.Profile) { p.Format.HeaderRow = 7 }),
		[]conform.Problem{{
			Code:    conform.ProblemNoHeader,
			Message: "no record starts at line 7, where format.header_row expects the header",
		}},
	},
	{
		"a mapped header is absent, another twice", "终端号,Vendor,型 号,型 号\n1,x,y,z\n",
		plain(func(p *workspace.Profile) {
			p.Columns["vendor"] = workspace.Column{Header: "Vender", Headers: []string{"Maker"}}
			p.Columns["model"] = workspace.Column{Header: "型 号"}
		}),
		[]conform.Problem{
			{Code: conform.ProblemHeaderAbsent, Message: `columns.vendor: the header (line 1) has no column "Vender", "Maker"`, Hint: `did you mean "Vendor"?`},
			{Code: conform.ProblemHeaderTwice, Message: `model: the header has "型 号" twice, as columns 3 and 4`, Hint: "rename one of them in the export"},
		},
	},
	{
		"a known header twice", "终端号,终端号\n1,2\n", plain(nil),
		[]conform.Problem{
			{Code: conform.ProblemHeaderTwice, Message: `terminal_id: the header has "终端号" twice, as columns 1 and 2`, Hint: "rename one of them in the export"},
		},
	},
	{
		"nothing assumed", "终端号\n1\n",
		workspace.Profile{SnapshotDate: workspace.DateFrom{Value: "2016-12-31"}},
		[]conform.Problem{
			{
				Code: conform.ProblemUnassumed, Column: "device_type", Message: "the export has no device_type column and the profile assumes none",
				Hint: `add under "assume:" of source "acquirer" the line device_type: pos, if that is so for every row`,
			},
			{
				Code: conform.ProblemUnassumed, Column: "status", Message: "the export has no status column and the profile assumes none",
				Hint: `add under "assume:" of source "acquirer" the line status: in_service, if that is so for every row`,
			},
		},
	},
	{
		"no map", "终端号,状态,设备类型\n1,正常,pos\n2,停用,atm\n3,3,\n",
		workspace.Profile{SnapshotDate: workspace.DateFrom{Value: "2016-12-31"}},
		[]conform.Problem{{
			Code: conform.ProblemNoMap, Column: "status", Values: []string{"正常", "停用", "3"},
			Message: `the profile has no map for the values of status in column "状态" and assumes none`,
			Hint: `add under "status:" of source "acquirer" the lines` + "\n" + `  "正常": in_service` + "\n" + `  "停用": suspended` + "\n" +
				`  "3": WORD` + "\n" + `each one of in_service, pending, suspended, removed, lost, unknown`,
		}},
	},
	{
		"no date", "终端号\n1\n",
		workspace.Profile{Assume: plain(nil).Assume},
		[]conform.Problem{{
			Code: conform.ProblemSnapshotDate, Message: "the profile does not say where the snapshot date stands, and the file's name has no date",
			Hint: `add under "snapshot_date:" of source "acquirer" the line value: YYYY-MM-DD, or file_name, cell or column`,
		}},
	},
	{
		"origins that are not there", "title\n终端号\n1\n", plain(func(p *workspace.Profile) {
			p.SnapshotDate = workspace.DateFrom{FileName: `_(\d{8})_`}
			p.Version = workspace.DateFrom{Cell: `V(\d+)`}
			p.Part = workspace.DateFrom{Column: "分公司"}
			p.Private = []string{"联系人"}
		}),
		[]conform.Problem{
			{Code: conform.ProblemHeaderAbsent, Message: `private: the header (line 2) has no column "联系人"`},
			{Code: conform.ProblemSnapshotDate, Message: `snapshot_date: "_(\\d{8})_" matches nothing in the name of the file`},
			{Code: conform.ProblemHeaderAbsent, Message: `part.column: the header (line 2) has no column "分公司"`},
			{Code: conform.ProblemVersion, Message: `version: "V(\\d+)" matches nothing in the cells of the 1 records above the header`},
		},
	},
	{
		"a profile that cannot be used", "终端号,厂商\n1,a\n", plain(func(p *workspace.Profile) {
			p.Columns["teminal_id"] = workspace.Column{Header: "x"}
			p.Columns["vendor"] = workspace.Column{Take: "("}
			p.Columns["use"] = workspace.Column{Value: "shop"}
			p.Columns["installed_on"] = workspace.Column{Value: "soon"}
			p.Assume["terminal_id"] = "1"
			p.Status = map[string]string{"1": "running"}
			p.Dates = []string{"yyyymm"}
		}),
		[]conform.Problem{
			{Code: conform.ProblemProfile, Message: "columns.teminal_id: there is no such column in the inventory"},
			{Code: conform.ProblemProfile, Message: "assume.terminal_id: there is no such column to assume a value for"},
			{Code: conform.ProblemProfile, Message: `status.1: "running" is none of in_service, pending, suspended, removed, lost, unknown`},
			{Code: conform.ProblemProfile, Message: `dates: date layout "yyyymm" has no day`},
			{Code: conform.ProblemProfile, Message: "columns.vendor.take: error parsing regexp: missing closing ): `(`"},
			{Code: conform.ProblemProfile, Message: `columns.use: "shop" is none of merchant, self_service, personal, unknown`},
			{Code: conform.ProblemProfile, Message: `columns.installed_on: "soon" is no date`},
		},
	},
}

// Everything that is wrong with an export under its profile, at once.
func TestBindRefuses(t *testing.T) {
	for _, test := range badExports {
		head, _ := blocksOf(t, test.text)
		file := fileOf(t, "a.csv", test.profile)
		_, err := conform.Bind(head, file)
		var aside *conform.SetAsideError
		if !errors.As(err, &aside) {
			t.Errorf("%s: got error %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(test.want, aside.Problems); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if _, problems := conform.Examine(head, file); !cmp.Equal(problems, aside.Problems) {
			t.Errorf("%s: examined it has %v", test.name, problems)
		}
	}
}

func TestLayout(t *testing.T) {
	const text = "终端明细,,,,,,\n批次 V3,,,,,,\n" +
		"ＰＯＳ终端号,商户名称,经营名称,MeterType,状态,设备状态,x\n1,a,b,Cale CWT-C,正常,y,z\n"
	p := plain(func(p *workspace.Profile) {
		p.SnapshotDate = workspace.DateFrom{FileName: `(\d{6})`, Layout: "yyyymm"}
		p.Version = workspace.DateFrom{Cell: `V(\d+)`}
		p.Part = workspace.DateFrom{FileName: `^\d+_([a-z]+)`}
		p.Parts = []string{"east", "west"}
		p.Columns["vendor"] = workspace.Column{Header: "metertype", Take: `^(\S+)`}
		p.Columns["model"] = workspace.Column{Headers: []string{"Type", "METERTYPE"}}
		p.Columns["country"] = workspace.Column{Value: "CN"}
	})
	head, _ := blocksOf(t, text)
	binding, err := conform.Bind(head, fileOf(t, "acquirer/201702_east.csv", p))
	if err != nil {
		t.Fatal(err)
	}
	want := conform.Layout{
		HeaderLine: 3, Preamble: 2,
		Headers: []string{"ＰＯＳ终端号", "商户名称", "经营名称", "MeterType", "状态", "设备状态", "x"},
		Columns: []conform.Mapped{
			{Column: "country", Found: conform.FoundConstant, Value: "CN"},
			{Column: "terminal_id", Found: conform.FoundAlias, Headers: []string{"ＰＯＳ终端号"}},
			{Column: "merchant_name", Found: conform.FoundAlias, Headers: []string{"商户名称"}},
			{Column: "vendor", Found: conform.FoundProfile, Headers: []string{"MeterType"}},
			{Column: "model", Found: conform.FoundProfile, Headers: []string{"MeterType"}},
			{Column: "device_type", Found: conform.FoundAssumed, Value: "pos"},
			{Column: "status", Found: conform.FoundAssumed, Value: "in_service"},
		},
		Assumptions: []conform.Assumption{{Column: "device_type", Value: "pos"}, {Column: "status", Value: "in_service"}},
		Unmapped: []conform.Unmapped{
			{Header: "经营名称", Why: `merchant_name is read from "商户名称"`},
			{Header: "状态", Why: `status is assumed to be "in_service"`},
			{Header: "设备状态", Why: `status is assumed to be "in_service"`},
			{Header: "x"},
		},
		SnapshotDate: "2017-02-28", Part: "east", Version: "3",
	}
	if diff := cmp.Diff(want, binding.Layout()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The header is the record with the most known names, wherever the profile does not fix it.
func TestHeaderIsFound(t *testing.T) {
	const text = "终端号 明细,状态\n终端号,商户号,状态说明\n1,2,3\n"
	for line, want := range map[int]int64{0: 2, 1: 1} {
		p := plain(func(p *workspace.Profile) {
			p.Format.HeaderRow = line
			if line == 1 {
				p.Columns["terminal_id"] = workspace.Column{Header: "终端号 明细"}
			}
		})
		head, _ := blocksOf(t, text)
		binding, err := conform.Bind(head, fileOf(t, "a.csv", p))
		if err != nil {
			t.Fatal(err)
		}
		if got := binding.Layout().HeaderLine; got != want {
			t.Errorf("header_row %d: got line %d, want %d", line, got, want)
		}
	}
}

// The snapshot date comes from the name where the profile says nothing.
func TestDateFromName(t *testing.T) {
	for name, want := range map[string]string{
		"a/pos_20161231.csv":                "2016-12-31",
		"a/pos_2016-11.csv":                 "2016-11-30",
		"a/pos.csv":                         "",
		"a/pos_20161231_to_20170131.csv":    "",
		"2015-12-31/pos_2016年12月31日.csv.gz": "2016-12-31",
	} {
		p := plain(func(p *workspace.Profile) { p.SnapshotDate = workspace.DateFrom{} })
		head, _ := blocksOf(t, "终端号\n1\n")
		layout, problems := conform.Examine(head, fileOf(t, name, p))
		if layout.SnapshotDate != want || (len(problems) > 0) != (want == "") {
			t.Errorf("%s: got %q and %v, want %q", name, layout.SnapshotDate, problems, want)
		}
	}
}
