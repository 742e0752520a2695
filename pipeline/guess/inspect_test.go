package guess_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/tapcov/tapcov/pipeline/guess"
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
			if _, err := guess.WriteCSV(t.Context(), file, &text, guess.InspectOptions{}); err != nil {
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
			if _, err := guess.WriteCSV(t.Context(), path, &got, guess.InspectOptions{}); err != nil {
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
	path := filepath.Join(t.TempDir(), "terminals_20170131.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	inspected, err := guess.Inspect(t.Context(), []string{path}, guess.InspectOptions{})
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
	checkDrafts(t, 6, path)
}

// Of a file of several tables each can be had, by number or by the name of its sheet; of a workbook the
// sheets that have one header are one table.
func TestTablesAreChosen(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "a.csv")
	content := "shop,city\n1,Oslo\n2,Bergen\n\nday,sum,tax\n2016-01-01,5,1\n2016-01-02,6,1\n2016-01-03,7,2\nsaid by the system\n"
	if err := os.WriteFile(text, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(dir, "b.html")
	content = "<html><table><caption>east</caption><tr><td>id<td>sum<tr><td>1<td>2</table>" +
		"<table><caption>notes</caption><tr><td>word<td>meaning<td>x<tr><td>a<td>b<td>c</table>" +
		"<table><caption>west</caption><tr><td>id<td>sum<tr><td>3<td>4</table></html>"
	if err := os.WriteFile(page, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, table, want string }{
		{text, "", "day,sum,tax\n2016-01-01,5,1\n2016-01-02,6,1\n2016-01-03,7,2\n"},
		{text, "1", "shop,city\n1,Oslo\n2,Bergen\n"},
		{text, "2", "day,sum,tax\n2016-01-01,5,1\n2016-01-02,6,1\n2016-01-03,7,2\n"},
		{text, "3", "a.csv has no table \"3\": it has 2, counted from 1"},
		{page, "", "id,sum\n1,2\n3,4\n"},
		{page, "notes", "word,meaning,x\na,b,c\n"},
		{page, "2", "word,meaning,x\na,b,c\n"},
		{page, "north", "b.html has no table \"north\": it has 3, counted from 1"},
	} {
		var got bytes.Buffer
		_, err := guess.WriteCSV(t.Context(), c.path, &got, guess.InspectOptions{Table: c.table})
		if err != nil {
			got.Reset()
			got.WriteString(strings.TrimPrefix(err.Error(), dir+"/"))
		}
		if got.String() != c.want {
			t.Errorf("table %q of %s: got %q, want %q", c.table, filepath.Base(c.path), got.String(), c.want)
		}
	}
}

// How sure an encoding is shows in what the characters are.
func TestEncodingIsSure(t *testing.T) {
	folder := filepath.Join(sharedData, "torture", "x_text_encodings")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("shared/data is not beside the project")
	}
	for _, c := range []struct {
		file, encoding string
		least, most    float64
	}{
		{"sunzi-bingfa-simplified-gbk.txt", "gb18030", 0.95, 1},
		{"sunzi-bingfa-simplified-utf-8.txt", "utf-8", 1, 1},
		{"candide-utf-16le.txt", "utf-16le", 0.9, 1},
		{"sunzi-bingfa-traditional-big5.txt", "big5", 0.5, 0.5},
		{"candide-windows-1252.txt", "windows-1252", 0.5, 0.5},
	} {
		all, err := guess.Inspect(t.Context(), []string{filepath.Join(folder, c.file)}, guess.InspectOptions{})
		if err != nil {
			t.Fatal(err)
		}
		one := all[0]
		if one.Reading == nil || one.Summary.Format.Encoding != c.encoding || one.Reading.Sure < c.least || one.Reading.Sure > c.most {
			t.Errorf("%s: got %+v, %+v, want %s", c.file, one.Summary.Format, one.Reading, c.encoding)
		}
	}
}

// No file that others torture their readers with does harm: each is inspected and written as CSV that can be
// read again, or refused with a reason, by both.
func TestTorturedFilesAreInspected(t *testing.T) {
	folder := filepath.Join(sharedData, "torture")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("shared/data is not beside the project")
	}
	written, refused := 0, map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		all, err := guess.Inspect(t.Context(), []string{path}, guess.InspectOptions{})
		if err != nil {
			t.Errorf("inspect %s: %v", path, err)
			return nil
		}
		var text bytes.Buffer
		records, err := guess.WriteCSV(t.Context(), path, &text, guess.InspectOptions{})
		if (err != nil) != (all[0].Refused != "") {
			t.Errorf("%s: written with %v, inspected with %q", path, err, all[0].Refused)
		}
		if err != nil {
			refused[d.Name()] = all[0].Refused
			return nil
		}
		written++
		reader := csv.NewReader(&text)
		reader.FieldsPerRecord = -1
		again, err := reader.ReadAll()
		if err != nil || int64(max(len(again)-1, 0)) < records-blankRecords(all[0]) {
			t.Errorf("%s: %d records were written, %d are read again, %v", path, records, len(again)-1, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d written, %d refused: %q", written, len(refused), refused)
	if written < 180 || len(refused) > 5 {
		t.Errorf("%d files were written, %d refused", written, len(refused))
	}
}

// blankRecords is how many records of one column may be blank, which CSV cannot tell from none.
func blankRecords(one guess.Inspection) int64 {
	if len(one.Columns) == 1 {
		return one.Columns[0].Blank
	}
	return 0
}

// checkDrafts drafts the profile of each file and runs all of them as they are.
func checkDrafts(t *testing.T, terminals int64, paths ...string) {
	t.Helper()
	dir, config := t.TempDir(), "estate: {area: CN}\nsources:\n"
	for _, path := range paths {
		yaml, _, err := guess.DraftProfiles(t.Context(), []string{path})
		if err != nil {
			t.Fatal(err)
		}
		config += strings.TrimPrefix(yaml, "sources:\n")
	}
	if err := os.WriteFile(filepath.Join(dir, workspace.FileName), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	ws := load(t, dir)
	for i, path := range paths {
		inbox := ws.Inbox(ws.Config.Sources[i].Name)
		if err := os.MkdirAll(inbox, 0o700); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(inbox, filepath.Base(path)), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	summary := run(t, dir)
	if len(summary.Snapshots) != 1 || summary.Snapshots[0].Terminals != terminals || len(summary.SetAside) > 0 {
		t.Errorf("got %+v, %+v, want one snapshot of %d terminals\n%s", summary.Snapshots, summary.SetAside, terminals, config)
	}
}

// The drafts of files that nobody here wrote are taken by a run, with every row that is one.
func TestDraftsOfRealInventoriesRun(t *testing.T) {
	for file, terminals := range map[string]int64{
		"melbourne_parking_meters.csv": 1095, "us_afdc_stations_wa.csv": 1704, "uk_national_chargepoint_registry.csv": 3964,
	} {
		t.Run(file, func(t *testing.T) {
			path := filepath.Join(sharedData, "inventory", file)
			if _, err := os.Stat(path); err != nil {
				t.Skip("shared/data is not beside the project")
			}
			checkDrafts(t, terminals, path)
		})
	}
}

// So are those of one inventory in every form that it may come in.
func TestDraftsOfEveryFormatRun(t *testing.T) {
	header := []string{"终端编号", "商户编号", "商户名称", "状态", "设备类型", "是否支持非接"}
	var records [][]string
	for i := range 9 {
		records = append(records, []string{
			fmt.Sprintf("%08d", i), fmt.Sprintf("m%d", i/3), "沙县小吃", []string{"正常", "停机"}[i%2], "POS", []string{"是", "否", ""}[i%3],
		})
	}
	joined := func(open, between, end string, rows ...[]string) (text string) {
		for _, row := range rows {
			text += open + strings.Join(row, between) + end
		}
		return text
	}
	all := append([][]string{header}, records...)
	plain := joined("", ",", "\n", all...)
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	var objects string
	for _, record := range records {
		object := map[string]string{}
		for i, name := range header {
			object[name] = record[i]
		}
		line, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		objects += string(line) + "\n"
	}
	var packed, zipped bytes.Buffer
	gz := gzip.NewWriter(&packed)
	archive := zip.NewWriter(&zipped)
	member, err := archive.Create("in.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []io.Writer{gz, member} {
		if _, err := io.WriteString(to, plain); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(gz.Close(), archive.Close()); err != nil {
		t.Fatal(err)
	}
	var paths []string
	for name, content := range map[string]string{
		"a_20170131.csv":    plain,
		"b_20170131.txt":    gbk,
		"c_20170131.csv":    "终端清单\n\n" + joined("", "||", "\r\n", all...),
		"d_20170131.jsonl":  objects,
		"e_20170131.json":   "[" + strings.ReplaceAll(strings.TrimSpace(objects), "\n", ",") + "]",
		"f_20170131.xls":    "<html><table>" + joined("<tr><td>", "<td>", "\n", all...) + "</table></html>",
		"g_20170131.csv.gz": packed.String(),
		"h_20170131.zip":    zipped.String(),
		"i_20170131.xls": `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet Name="一"><Table>` +
			joined(`<Row><Cell><Data Type="String">`, `</Data></Cell><Cell><Data Type="String">`, `</Data></Cell></Row>`, all...) +
			`</Table></Worksheet></Workbook>`,
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	checkDrafts(t, int64(len(paths)*len(records)), paths...)
}
