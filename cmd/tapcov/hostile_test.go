package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// attacks are texts that a terminal, a spreadsheet or a browser would take for a command.
var attacks = []string{
	hostile, "=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "＝1+1", "＠x", "\t=1", "<script>alert(1)</script>",
	`"><img src=x onerror=alert(1)>`, "javascript:alert(1)", "a\r=1", "' onclick='alert(1)",
}

// hostileBook is a workbook whose sheets, columns and cells are attacks.
func hostileBook() string {
	escape := func(text string) string {
		var b strings.Builder
		for _, r := range text {
			fmt.Fprintf(&b, "&#%d;", r)
		}
		return b.String()
	}
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`)
	row := func(cells ...string) {
		b.WriteString("<Row>")
		for _, cell := range cells {
			b.WriteString(`<Cell><Data Type="String">` + escape(cell) + `</Data></Cell>`)
		}
		b.WriteString("</Row>")
	}
	for i, attack := range attacks {
		b.WriteString(`<Worksheet Name="` + escape(attack) + `"><Table>`)
		row(attack)
		row("终端编号", "商户编号", "商户名称", "终端厂商", "终端型号", "安装日期", attack)
		row(fmt.Sprintf("100000%02d", i), "M1", attack, attack, attack, "2016-01-31", attack)
		row(fmt.Sprintf("200000%02d", i), "M1", attack, "v", "m", attack, attack)
		row("1E+7"+attack, "M1", "m", "v", "m", "2016-01-31", "x")
		b.WriteString("</Table></Worksheet>")
	}
	b.WriteString("</Workbook>")
	return b.String()
}

// What a workbook or an archive calls its sheets, members, columns and values steers nothing: no terminal,
// no spreadsheet and no browser.
func TestNamesInFilesSteerNothing(t *testing.T) {
	t.Parallel()
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	for i, attack := range attacks {
		if strings.ContainsFunc(attack, unicode.IsControl) || strings.Contains(attack, "/") {
			continue // such names refuse the archive, see below
		}
		member, err := w.Create(attack)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(member, "终端编号,商户编号,终端厂商\n300000%02d,M1,v\n1E+7,M1,v\n", i)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var refused bytes.Buffer
	w = zip.NewWriter(&refused)
	if _, err := w.Create(hostile + "/../../x"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	dir := writeFiles(t, map[string]string{
		"tapcov.yaml": `sources:
  - name: book
    snapshot_date: 2017-01-31
    columns: {acquirer_id: {value: "102"}}
    assume: {status: in_service, device_type: pos}
  - name: archive
    snapshot_date: 2017-01-31
    columns: {acquirer_id: {value: "103"}}
    assume: {status: in_service, device_type: pos}
  - name: refused
    snapshot_date: 2017-01-31
    assume: {status: in_service, device_type: pos}
`,
		"inbox/book/a.xls": hostileBook(), "inbox/archive/b.zip": archive.String(), "inbox/refused/c.zip": refused.String(),
	})
	said := map[string]string{}
	check := func(want int, args ...string) string {
		t.Helper()
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), append([]string{"-w", dir}, args...), &stdout, &stderr); code != want {
			t.Errorf("%q: exit code %d, want %d\n%s", args, code, want, stderr.String())
		}
		for _, text := range []string{stdout.String(), stderr.String()} {
			if at := strings.IndexFunc(text, steers); at >= 0 && !strings.HasSuffix(strings.Join(args, " "), "--format csv") {
				t.Errorf("%q prints %.60q", args, text[at:])
			}
		}
		said[args[0]] += stdout.String()
		return stdout.String()
	}
	book, plainArchive := filepath.Join(dir, "inbox/book/a.xls"), filepath.Join(dir, "inbox/archive/b.zip")
	check(4, "run", "--report-languages", "en,zh")
	for _, format := range []string{"table", "json", "jsonl", "csv"} {
		for _, args := range [][]string{
			{"plan"},
			{"status"},
			{"rejects"},
			{"explain", "terminal", "10000001"},
			{"explain", "terminal", "30000002"},
			{"coverage", "--by", "vendor"},
			{"coverage", "--by", "model"},
			{"inspect", book},
			{"inspect", plainArchive},
			{"quick", book, "--map", "terminal_id=终端编号"},
			{"sql", "select * from rejects order by source_line"},
			{"sql", "select * from terminals_full order by terminal_id"},
		} {
			text := check(0, append(args, "--format", format)...)
			if format == "csv" {
				checkHarmless(t, args[0]+".csv", text)
			} else if format == "json" && !json.Valid([]byte(text)) {
				t.Errorf("%q prints no JSON", args)
			}
		}
	}
	check(0, "inspect", "--profile", book)
	if !strings.Contains(said["rejects"], "a.xls") || !strings.Contains(said["rejects"], "b.zip") {
		t.Errorf("the rejects of the workbook and the archive are not there:\n%.2000s", said["rejects"])
	}
	for _, name := range []string{"list.csv", "list.xlsx"} {
		check(0, "rejects", "--to", filepath.Join(dir, name))
	}
	for name, text := range textsBelow(t, dir) {
		checkHarmless(t, name, text)
	}
}

// steers reports whether a character steers a terminal or the direction of text.
func steers(r rune) bool {
	return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
}

func checkNoFormula(t *testing.T, where, text string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Errorf("%s: %v", where, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			isNumber := strings.Trim(cell, "-0123456789.") == ""
			for _, start := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"} {
				if strings.HasPrefix(cell, start) && !isNumber {
					t.Errorf("%s has the cell %q", where, cell)
				}
			}
		}
	}
}

// checkHarmless looks into a file that people open.
func checkHarmless(t *testing.T, name, text string) {
	t.Helper()
	switch filepath.Ext(name) {
	case ".csv":
		checkNoFormula(t, name, strings.TrimPrefix(text, "\ufeff"))
	case ".xlsx":
		if strings.Contains(text, "<f>") || strings.Contains(text, "<hyperlink") {
			t.Errorf("%s has a formula or a link", name)
		}
	case ".html":
		for _, attack := range attacks {
			if strings.ContainsAny(attack, "<>") && strings.Contains(text, attack) || strings.Contains(text, `="`+attack) {
				t.Errorf("%s has %q as it is; want %q", name, attack, html.EscapeString(attack))
			}
		}
	default:
		return
	}
	at := strings.IndexFunc(text, func(r rune) bool { return steers(r) && r != '\r' && r != '\t' })
	if at >= 0 {
		t.Errorf("%s holds %.60q", name, text[at:])
	}
}
