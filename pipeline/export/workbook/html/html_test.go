package html_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/tapcov/tapcov/pipeline/export/workbook/booktest"
	"github.com/tapcov/tapcov/pipeline/export/workbook/html"
)

func TestTables(t *testing.T) {
	check := func(page, want string) {
		t.Helper()
		if !html.Sniff([]byte(page), nil, 0) {
			t.Errorf("%.60q is no page", page)
		}
		got, err := booktest.Read(html.Open, []byte(page))
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%.60q:\n%s", page, diff)
		}
	}
	check(`<table><caption> 终端 </caption><thead><tr><th>终端号<th>状态</thead><tbody><tr><td>00012345<td>在用</table>`,
		"终端\n1: 终端号|状态\n2: 00012345|在用\n")
	check("<html><body>x<table><tr><td colspan=2>title</td></tr><tr></tr><tr><td rowspan=2>id</td><td colspan='2'>group</td></tr>"+
		"<tr><td>a</td><td>b</td></tr><tr><td>1</td><td></td><td>A&nbsp;&amp;\n B<br>c</td></tr></table></body></html>",
		"table 1\n1: title|\n3: id|group|\n4: id|a|b\n5: 1|∅|A & B\nc\n")
	check(`<div><table><tr><td>outer<table><tr><td>inner</td></tr></table></td><td>x</td></tr></table></div>`,
		"table 1\n1: outer|x\ntable 2\n1: inner\n")
	check(`<table><tr><td x:num="123456789012345">1.23457E+14</td><td x:num="1">1</td><td><script>no()</script>y</td></tr>`, "table 1\n1: 123456789012345|1|y\n")
	gbk := func(text string) string {
		b, err := simplifiedchinese.GBK.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	check(gbk(`<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><table><tr><td>终端号</td></tr></table>`), "table 1\n1: 终端号\n")
	check(gbk(`<table><tr><td>终端号</td></tr></table>`), "table 1\n1: 终端号\n")
	check("<meta charset=windows-1252><table><tr><td>caf\xe9</td></tr></table>", "table 1\n1: café\n")
	check("\xff\xfe<\x00t\x00a\x00b\x00l\x00e\x00>\x00<\x00t\x00d\x00>\x00-\x4e", "table 1\n1: 中\n")
}

func TestASpreadsheetThatIsAPage(t *testing.T) {
	got, err := booktest.Read(html.Open, booktest.Sample(t, "html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1: 终端情况表 截至2016-12-31||||\n", ": 终端号|非接|扫码|安装日期|笔数\n", ": 00012345|是|否|2016-03-31|12\n", ": 00012346|TRUE|∅|2012-02-29|"} {
		if !strings.Contains(got, want) {
			t.Errorf("no row %q in %.600s", want, got)
		}
	}
}

func TestPagesThatAreRefused(t *testing.T) {
	check := func(page, want string) {
		t.Helper()
		if got, err := booktest.Read(html.Open, []byte(page)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %.100q, %v; want an error that says %q", page, got, err, want)
		}
	}
	check("<html>session expired", "a web page without a table")
	check("<table><tr>"+strings.Repeat("<td>x", 16_385), "a row has more than 16384 columns")
	check("<table a='"+strings.Repeat("x", 5<<20), "its HTML has a tag or a text of more than 4194304 bytes")
}

func TestWhatIsNoPage(t *testing.T) {
	for _, text := range []string{"", "a,b", "<", "<tablespace>", "<?xml version='1.0'?><Workbook>", "<id>,<name>"} {
		if html.Sniff([]byte(text), nil, 0) {
			t.Errorf("%q is taken for a page", text)
		}
	}
}

func TestDamagedPagesDoNoHarm(t *testing.T) {
	booktest.Survives(t, html.Open, booktest.Sample(t, "html"), 2000)
}

func FuzzHTML(f *testing.F) {
	f.Add([]byte(`<table><tr><td colspan=3 rowspan=2>a<td>b<tr><td>c</table>`))
	f.Fuzz(func(t *testing.T, page []byte) {
		if err := booktest.Safely(html.Open, page); err != nil {
			t.Fatal(err)
		}
	})
}
