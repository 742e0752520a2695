package pipeline_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// What is written of a file of the spectrum of CSV is what its author says it holds.
func TestWrittenCSVHoldsWhatOthersRead(t *testing.T) {
	folder := filepath.Join(sharedData, "torture", "csv-spectrum")
	files, err := filepath.Glob(filepath.Join(folder, "csvs", "*.csv"))
	if err != nil || len(files) == 0 {
		t.Skip("shared/data is not beside the project")
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		if name == "location_coordinates" {
			continue // its JSON has another telephone number than its CSV
		}
		t.Run(name, func(t *testing.T) {
			var text bytes.Buffer
			if _, err := pipeline.WriteCSV(t.Context(), file, &text); err != nil {
				t.Fatal(err)
			}
			records, err := csv.NewReader(&text).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			got := []map[string]string{}
			for _, record := range records[1:] {
				object := map[string]string{}
				for at, value := range record {
					object[records[0][at]] = value
				}
				got = append(got, object)
			}
			want := []map[string]string{}
			data, err := os.ReadFile(filepath.Join(folder, "json", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatal(err)
			}
			unified := cmp.Transformer("LineEnds", func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") })
			if diff := cmp.Diff(want, got, unified); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A table among titles and notes, without a header and with an odd delimiter, is found by what it shows.
func TestPollutedFilesAreUnderstood(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{
			"two-character delimiter",
			"id||name||since\n1||a, b||2016-01-02\n2||c||2016-01-03\n3||d||2016-01-04\n",
			"id,name,since\n1,\"a, b\",2016-01-02\n2,c,2016-01-03\n3,d,2016-01-04\n",
		},
		{
			"no header",
			"1;4.5;2016-01-02\n2;3.5;2016-01-03\n3;9.5;2016-01-04\n4;1.5;2016-01-05\n",
			"column_1,column_2,column_3\n1,4.5,2016-01-02\n2,3.5,2016-01-03\n3,9.5,2016-01-04\n4,1.5,2016-01-05\n",
		},
		{
			"GB18030 with a preamble",
			"\xd6\xd5\xb6\xcb\xc7\xe5\xb5\xa5\n\n\xd6\xd5\xb6\xcb\xba\xc5,\xd7\xb4\xcc\xac\n001,a\n002,b\n",
			"终端号,状态\n001,a\n002,b\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.txt")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if _, err := pipeline.WriteCSV(t.Context(), path, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A drafted profile is taken by a run as it is, and reads every row.
func TestDraftedProfileRuns(t *testing.T) {
	const text = "终端编号,商户编号,商户名称,状态,设备类型,是否支持非接\n" +
		"00000001,m1,沙县小吃,正常,POS,是\n00000002,m1,沙县小吃,停机,POS,否\n00000003,m2,永辉超市,正常,ATM,\n" +
		"00000004,m2,永辉超市,正常,POS,是\n00000005,m2,永辉超市,停机,ATM,否\n00000006,m1,沙县小吃,正常,POS,\n"
	dir := t.TempDir()
	path := filepath.Join(t.TempDir(), "terminals_20170131.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	inspected, err := pipeline.Inspect(t.Context(), []string{path})
	if err != nil {
		t.Fatal(err)
	}
	types := ""
	for _, c := range inspected[0].Columns {
		types += c.Guess + ":" + c.Type + " "
	}
	const want = "terminal_id:id merchant_id:code merchant_name:code status:code device_type:code contactless_flag:flag "
	if inspected[0].Rows != 6 || inspected[0].Header.Line != 1 || types != want {
		t.Errorf("got %d rows below line %d, %s", inspected[0].Rows, inspected[0].Header.Line, types)
	}
	yaml, _, err := pipeline.DraftProfiles(t.Context(), []string{path})
	if err != nil {
		t.Fatal(err)
	}
	config := "estate: {area: CN}\n" + yaml
	if err := os.WriteFile(filepath.Join(dir, workspace.FileName), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	ws := load(t, dir)
	inbox := ws.Inbox(ws.Config.Sources[0].Name)
	if err := os.MkdirAll(inbox, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(inbox, filepath.Base(path)), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if summary := run(t, dir); len(summary.Snapshots) != 1 || summary.Snapshots[0].Terminals != 6 {
		t.Errorf("got %+v, want one snapshot of 6 terminals\n%s", summary.Snapshots, config)
	}
}
