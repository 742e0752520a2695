package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// hostile sets a title, rings the bell, turns red (in two ways) and turns the direction of the text.
const hostile = "\x1b]0;owned\x07\x1b[31m\u009b31m\u202e\u2066x"

// writeFiles writes files, named relative to a new folder, and returns the folder.
func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// What stands in an export, or is its name, does not steer the terminal of whoever reads about it.
func TestNothingSteersTheTerminal(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{
		"tapcov.yaml": `sources:
  - name: bank
    snapshot_date: 2017-01-31
    columns: {acquirer_id: {value: "102"}, extra_note: 备注}
    assume: {status: in_service, device_type: pos}
  - name: other
    snapshot_date: 2017-01-31
    assume: {device_type: pos}
    status: {a: in_service}
`,
		"inbox/bank/" + hostile + ".csv": "终端编号,商户编号,商户名称,行政区划代码,终端厂商,终端型号,安装日期,是否支持非接,备注\n" +
			"10000001,M1,家乐福" + hostile + "," + hostile + "," + hostile + "," + hostile + ",2016-01-31,是," + hostile + "\n" +
			"10000002,M1,m,350203,v,m," + hostile + "," + hostile + ",\n" +
			"1E+7" + hostile + ",M1,m,350203,v,m,2016-01-31,是,\"a\nb\"\n" +
			"2E+7,M1,m,350203,v,m,2016-01-31,是,\"" + hostile + "\nb\"\n",
		"inbox/other/b.csv":      "终端编号," + hostile + ",终端状态\n20000001,,a" + hostile + "\n",
		"inbox/other/" + hostile: "nothing that could be read" + hostile + "\n",
	})
	check := func(want int, args ...string) string {
		t.Helper()
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), append([]string{"-w", dir}, args...), &stdout, &stderr); code != want {
			t.Errorf("%q: exit code %d, want %d\n%s", args, code, want, stderr.String())
		}
		for _, text := range []string{stdout.String(), stderr.String()} {
			for _, r := range text {
				if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
					t.Errorf("%q prints %U:\n%q", args, r, text)
					break
				}
			}
		}
		return stdout.String() + stderr.String()
	}
	check(0, "plan")
	check(4, "run")
	for _, format := range []string{"table", "json", "jsonl", "csv"} {
		check(0, "plan", "--format", format)
		check(4, "run", "--format", format)
		check(0, "status", "--format", format)
		for _, level := range []string{"county", "brand", "vendor", "model"} {
			check(0, "coverage", "--by", level, "--format", format)
		}
		check(0, "explain", "terminal", "10000001", "--format", format)
		if rejects := check(0, "rejects", "--format", format); !strings.Contains(rejects, "terminal_id_") {
			t.Errorf("the rejects are not there:\n%s", rejects)
		}
	}
	for _, name := range []string{"list.csv", "list.xlsx"} {
		check(0, "rejects", "--to", filepath.Join(dir, name))
	}
	for name, text := range textsBelow(t, dir) {
		isRead := slices.Contains([]string{".csv", ".xlsx", ".html"}, filepath.Ext(name))
		at := strings.IndexFunc(text, func(r rune) bool {
			return !strings.ContainsRune("\r\n\t", r) && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
		})
		if isRead && at >= 0 {
			t.Errorf("%s holds %.100q", name, text[at:])
		}
	}
	check(2, "explain", "terminal", hostile)
	check(2, "coverage", "--snapshot", hostile)
	check(2, "coverage", "--"+hostile)
	check(2, hostile)
	check(2, "-w", hostile, "status")
}
