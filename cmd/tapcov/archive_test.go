package main

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// zipOf makes an archive of members: name, content, name, content.
func zipOf(t *testing.T, members ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		to, err := w.Create(members[i])
		if err == nil {
			_, err = to.Write([]byte(members[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A row of an archive is named by its member, wherever it is named: in rejects, in the list for the acquirer,
// in the explanation of a terminal, and when a corrected archive cures it.
func TestPlacesInArchives(t *testing.T) {
	t.Parallel()
	const header = "终端编号,商户编号,安装日期\n"
	north := header + "00000001,M1,2016-01-01\n1E+7,M1,2016-01-02\n"
	dir := writeFiles(t, map[string]string{
		"tapcov.yaml": `sources:
  - name: bank
    snapshot_date: 2017-01-31
    columns: {acquirer_id: {value: "102"}}
    assume: {status: in_service, device_type: pos}
    version: {file_name: 'v(\d)'}
`,
		"inbox/bank/v1.zip": zipOf(t, "north.csv", north, "south.csv", header+"00000002,M1,2016-01-01\n00000003,M1,20xx\n"),
	})
	do := func(want int, args ...string) string {
		t.Helper()
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), append([]string{"-w", dir}, args...), &stdout, &stderr); code != want {
			t.Fatalf("%q: exit code %d, want %d\n%s", args, code, want, stderr.String())
		}
		return stdout.String()
	}
	has := func(text string, parts ...string) {
		t.Helper()
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%q is not in:\n%s", part, text)
			}
		}
	}
	do(0, "run")
	has(do(0, "rejects"), "'north.csv'!A3", "'south.csv'!C3")
	has(do(0, "rejects", "--format", "csv"), "10000000003", "'south.csv'!C3")
	has(do(0, "explain", "terminal", "00000003"), `from row 3 of "south.csv" in bank/v1.zip`)
	list := filepath.Join(dir, "list.csv")
	do(0, "rejects", "--to", list)
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	has(string(text), "north.csv", "south.csv", "20xx")

	corrected := zipOf(t, "north.csv", north, "south.csv", header+"00000002,M1,2016-01-01\n00000003,M1,2016-01-03\n")
	if err := os.WriteFile(filepath.Join(dir, "inbox/bank/v2.zip"), []byte(corrected), 0o600); err != nil {
		t.Fatal(err)
	}
	do(0, "run")
	has(do(0, "rejects", "--cured"), "date_invalid", "00000003")
}
