package conform_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// What acquirers send: each case is a whole file, and what becomes of every record of it.
func TestDirtyText(t *testing.T) {
	const header = "终端号,商户编号,商户名称,是否支持非接\n"
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{
			"preamble and footer", "某某银行终端明细,,,\n统计日期：2016-12-31\n\n" + header + "1,m,n,是\n\n制表人：张三,,,\n第 1 页 共 1 页\n",
			[]string{"5 1", "6 not_terminal blank", "7 not_terminal note", "8 not_terminal note"},
		},
		{
			"rows of totals", header + "1,m,n,是\n小计,1,,\n2,m,n,否\nSubtotal,1,,\n合计,2,,\n总计,2,,\nGrand Total,2,,\n共计：2台,,,\n",
			[]string{
				"2 1", "3 not_terminal total", "4 2", "5 not_terminal total", "6 not_terminal total", "7 not_terminal total",
				"8 not_terminal total", "9 not_terminal total",
			},
		},
		{
			"header in every part of a concatenated file, with its byte-order mark",
			"\uFEFF" + header + "1,m,n,是\n\uFEFF" + header + "2,m,n,是\n" + header + "3,m,n,是\n",
			[]string{"2 1", "3 not_terminal header_repeated", "4 2", "5 not_terminal header_repeated", "6 3"},
		},
		{
			"quoted header in the middle", header + "1,m,n,是\n\"终端号\",\"商户编号\",\"商户名称\",\"是否支持非接\"\n2,m,n,是\n",
			[]string{"2 1", "3 not_terminal header_repeated", "4 2"},
		},
		{
			"byte-order mark before a terminal id", header + "1,m,n,是\n\uFEFF2,m,n,是\n",
			[]string{"2 1", "3 2"},
		},
		{
			"header with line breaks", "\"终端\n号\",商户编号,商户名称,\"是否\r\n支持非接\"\n1,m,n,是\n",
			[]string{"4 1"},
		},
		{
			"duplicate names that nothing reads", "终端号,备注,商户编号,备注\n1,x,m,y\n",
			[]string{"2 1"},
		},
		{
			"ragged rows", header + "1,m,n\n2,m,n,是,\n3,m,n,是,多\n4\n5,m,n,是\n",
			[]string{"2 terminal columns_missing", "3 2", "4 terminal columns_extra", "5 terminal columns_missing", "6 5"},
		},
		{
			"a quote that never closes costs its line", header + "1,m,\"n,是\n2,m,n,是\n3,m,n,是\n",
			[]string{"2 terminal quote_open", "3 2", "4 3"},
		},
		{
			"NUL bytes", header + "1,m,n\x00x,是\n2\x00,m,n,是\n3,m,n,\x00\n",
			[]string{"2 1", "3 terminal terminal_id_control 2\x00", "4 field flag_unknown \x00", "4 3"},
		},
		{
			"lone CR", strings.ReplaceAll(header+"1,m,n,是\n2,m,n,是\n", "\n", "\r"),
			[]string{"2 1", "3 2"},
		},
		{
			"mixed line ends", strings.TrimSuffix(header, "\n") + "\r\n1,m,n,是\r2,m,n,是\n3,m,n,是\r\n4,m,n,是",
			[]string{"2 1", "3 2", "4 3", "5 4"},
		},
		{
			"invalid bytes in one cell", header + "2,m,\xff\xfe,是\n" + strings.Repeat("1,m,n,是\n", 200),
			append([]string{"2 terminal encoding"}, repeated(3, 202)...),
		},
		{
			"quoted header behind a byte-order mark", header + "1,m,n,是\n\uFEFF\"终端号\",\"商户编号\",\"商户名称\",\"是否支持非接\"\n2,m,n,是\n",
			[]string{"2 1", "3 not_terminal header_repeated", "4 2"},
		},
		{"header only", header, nil},
	} {
		r := conformed(t, "a.csv", test.text, plain(nil))
		if diff := cmp.Diff(test.want, outcomes(r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if r.check != nil && !strings.Contains(test.name, "totals") {
			t.Errorf("%s: %v", test.name, r.check)
		}
	}
}

func repeated(from, to int) (lines []string) {
	for line := from; line <= to; line++ {
		lines = append(lines, strconv.Itoa(line)+" 1")
	}
	return lines
}

// A name that two columns have cannot be mapped, and nothing at all has no header.
func TestDirtyHeaders(t *testing.T) {
	wide := "终端号" + strings.Repeat(",", 1_000_000)
	for _, test := range []struct{ name, text, want string }{
		{"duplicate name", "终端号,商户编号,终端号\n1,m,2\n", "twice"},
		{"empty file", "", "the export has no records"},
		{"blank lines", "\n\n\r\n", "no header"},
		{"a million columns without a header", strings.Repeat("1,", 500_000) + "\n", "no header found"},
		{"a million columns", wide + "\n1" + strings.Repeat(",", 1_000_000) + "\n", ""},
	} {
		head, _ := blocksOf(t, test.text)
		_, err := conform.Bind(head, fileOf(t, "a.csv", plain(nil)))
		if got := ""; err != nil {
			got = err.Error()
			if test.want == "" || !strings.Contains(got, test.want) || len(got) > 8000 {
				t.Errorf("%s: got %d bytes: %.300s", test.name, len(got), got)
			}
		} else if test.want != "" {
			t.Errorf("%s: got no error, want %q", test.name, test.want)
		}
	}
}

// Where a profile says so, the cells that a row lacks are blank; what is no terminal stays none.
func TestShortRows(t *testing.T) {
	const text = "终端号,商户编号,商户名称,是否支持非接\n1,m,n\n2\n合计,2\n注：以上\n\n,m\n3,m,n,是,x\n4,m,n,是\n"
	r := conformed(t, "a.csv", text, plain(func(p *workspace.Profile) { p.Format.ShortRows = "pad" }))
	want := []string{
		"2 1", "3 2", "4 not_terminal total", "5 not_terminal note", "6 not_terminal blank", "7 terminal terminal_id_blank",
		"8 terminal columns_extra", "9 4",
	}
	if diff := cmp.Diff(want, outcomes(r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := r.tally.Notes[conform.NoteShort]; got != 3 {
		t.Errorf("got %d rows noted as padded, want 3", got)
	}
	if got := r.inventory[0]["contactless_flag"]; got != "unknown" {
		t.Errorf("got flag %q of a row that lacks it, want unknown", got)
	}
}

// Exports without a header have their names from the profile, or numbers.
func TestNoHeader(t *testing.T) {
	const text = "H20161231\n00018644,898,是\n00018645,898,否\n"
	mapped := func(p *workspace.Profile) {
		p.Format.FirstRow = 2
		p.Columns = map[string]workspace.Column{"terminal_id": {Header: "1"}, "contactless_flag": {Header: "3"}}
		p.SnapshotDate = workspace.DateFrom{Cell: `H(\d{8})`}
	}
	fixed := &export.Fixed{Columns: []export.FixedColumn{{Name: "1", Start: 0, Width: 8}, {Name: "3", Start: 13, Width: 3}}}
	for _, test := range []struct {
		name    string
		options export.Options
	}{
		{"numbers", export.Options{NoHeader: true}},
		{"names", export.Options{NoHeader: true, Columns: []string{"1", "M", "3"}}},
		{"fixed", export.Options{Fixed: fixed}},
	} {
		path := filepath.Join(t.TempDir(), "a.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		head, blocks := blocksWith(t, path, test.options)
		r := conformedBlocks(t, head, blocks, fileOf(t, "a.csv", plain(mapped)))
		if diff := cmp.Diff([]string{"2 00018644", "3 00018645"}, outcomes(r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if r.inventory[0]["contactless_flag"] != "yes" || r.tally.Preamble != 1 || r.tally.Header != 0 || r.layout.SnapshotDate != "2016-12-31" {
			t.Errorf("%s: got flag %q, %+v, %+v", test.name, r.inventory[0]["contactless_flag"], r.tally, r.layout)
		}
	}
}
