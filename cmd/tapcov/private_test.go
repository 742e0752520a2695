package main

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tapcov/tapcov/pipeline/engine"
)

// cardNumber finds the number 6222020200112230434, which is no one's, however it is written: the six
// digits that masking hides in any case.
var cardNumber = regexp.MustCompile(`6\D{0,3}2\D{0,3}2\D{0,3}2\D{0,3}0\D{0,3}2\D{0,3}0\D{0,3}2\D{0,3}0\D{0,3}0\D{0,3}1\D{0,3}1`)

// A card number in an export, whole or torn, reaches nothing that is written or printed.
func TestCardNumbersReachNothing(t *testing.T) {
	t.Parallel()
	const card, spaced, dashed = "6222020200112230434", "6222 0202 0011 2230 434", "6222-0202-0011-2230-434"
	header := "终端编号,商户名称,终端厂商,安装日期,是否支持非接,备注\n"
	dir := writeFiles(t, map[string]string{
		"tapcov.yaml": `sources:
  - name: bank
    snapshot_date: 2017-01-31
    columns: {acquirer_id: {value: "102"}, extra_note: 备注}
    assume: {status: in_service, device_type: pos}
  - name: words
    snapshot_date: 2017-01-31
    assume: {device_type: pos}
    status: {a: in_service}
  - name: dated
    snapshot_date: {column: 统计日期}
    assume: {status: in_service, device_type: pos}
  - name: headless
    snapshot_date: 2017-01-31
`,
		"inbox/bank/a.csv": header +
			"10000001," + card + "," + spaced + "," + card + "," + card + "," + dashed + "\n" + // in the wrong columns
			"10000002,店" + spaced + ",v," + dashed + "," + spaced + "," + card + "\n" +
			"," + card + ",v," + spaced + ",是," + dashed + "\n" + // no id
			"1E+7,m,v,2016-01-31,是," + card + "\n" + // damaged id
			"10000003," + card + ",v\n" + // too short
			"10000004,m,v,2016-01-31,是,x," + dashed + "\n" + // too long
			"10000005,6222020200,112230434,2016-01-31,是,x,y,z\n" + // across a border
			"10000006,m\xff" + card + ",v,2016-01-31,是,6222020200\xff112230434\n" + // damaged text
			strings.Repeat("10000007,m,v,2016-01-31,是,\n", 300) + // the two damaged lines are less than 1%
			"10000008,\"m\"" + card + ",v,2016-01-31,是,\n" + // a stray quote
			"10000009,\"" + card + "\n", // an open quote
		"inbox/words/b.csv":    "终端编号," + card + ",终端状态\n20000001,,x " + card + "\n20000002,," + spaced + "\n",
		"inbox/dated/c.csv":    "终端编号,统计日期\n30000001,2017-01-31\n30000002," + card + "\n",
		"inbox/dated/d.csv":    "终端编号,统计日期\n30000001," + card + "\n",
		"inbox/headless/e.csv": "x," + card + "\ny," + spaced + "\n",
	})
	var printed bytes.Buffer
	do := func(args ...string) {
		t.Helper()
		run(t.Context(), append([]string{"-w", dir}, args...), &printed, &printed)
	}
	do("plan")
	do("run", "--report-languages", "en,zh")
	for _, format := range []string{"table", "json", "jsonl", "csv"} {
		do("plan", "--format", format)
		do("rejects", "--format", format)
		do("status", "--format", format)
		do("explain", "terminal", "10000001", "--format", format)
		do("explain", "terminal", "10000002", "--format", format)
		do("coverage", "--by", "vendor", "--format", format)
	}
	do("rejects", "--to", filepath.Join(dir, "list.csv"))
	do("rejects", "--to", filepath.Join(dir, "list.xlsx"))
	if strings.Count(printed.String(), "quote_open") == 0 || strings.Count(printed.String(), "encoding") == 0 {
		t.Errorf("the torn lines are not among the rejects:\n%.3000s", printed.String())
	}
	checkNoCard(t, "what was printed", printed.String())
	for name, text := range textsBelow(t, dir) {
		checkNoCard(t, name, text)
	}
}

func checkNoCard(t *testing.T, where, text string) {
	t.Helper()
	if at := cardNumber.FindStringIndex(text); at != nil {
		t.Errorf("%s has a card number: …%s…", where, text[max(0, at[0]-60):min(len(text), at[1]+20)])
	}
}

// textsBelow returns the text of every file of a workspace but its exports, packed ones unpacked.
func textsBelow(t *testing.T, dir string) map[string]string {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	texts := map[string]string{}
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "inbox":
			return filepath.SkipDir
		case entry.IsDir() || entry.Type()&fs.ModeSymlink != 0:
			return nil
		}
		switch filepath.Ext(path) {
		case ".parquet":
			var text string
			err = e.Scan(t.Context(), "select coalesce(string_agg(cast(r as varchar), chr(10)), '') from "+engine.Parquet(path)+" as r", &text)
			texts[path] = text
		case ".xlsx":
			texts[path] = unpacked(t, path)
		default:
			var text []byte
			text, err = os.ReadFile(path)
			texts[path] = string(text)
		}
		return err
	})
	if err != nil || len(texts) < 10 {
		t.Fatalf("%d files, %v", len(texts), err)
	}
	return texts
}

func unpacked(t *testing.T, path string) string {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var text bytes.Buffer
	for _, part := range archive.File {
		file, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&text, file); err != nil {
			t.Fatal(err)
		}
	}
	return text.String()
}
