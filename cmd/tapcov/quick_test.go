package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// estate is an export with a little of everything, and an escape sequence that no terminal may see.
const estate = "统计日期：2017年1月31日\n" +
	"终端号,商户号,商户名称,行政区划代码,终端状态,是否支持非接\n" +
	"00000001,102350253110001,厦门家乐福湖滨南路店,350203,在用,是\n" +
	"00000002,102350253110001,厦门家乐福湖滨南路店,350203,在用,否\n" +
	"00000003,102350158120003,\x1b[31m红饭店,350102,在用,\n" +
	"00000004,102310158120004,上海饭店,310101,3\x1b]0;x\x07,是\n" +
	"00000005,102310158120004,上海饭店,310101,撤机,是\n"

// writeEstate writes the export into a folder of its own.
func writeEstate(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "my bank.csv")
	if err := os.WriteFile(path, []byte(estate), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// tapcov runs the program and returns both streams; it must end with a code.
func tapcov(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, words bytes.Buffer
	if got := run(t.Context(), args, &out, &words); got != code {
		t.Fatalf("tapcov %s: exit code %d, want %d:\n%s", strings.Join(args, " "), got, code, words.String())
	}
	return out.String(), words.String()
}

func TestQuickScreen(t *testing.T) {
	screen, words := tapcov(t, 0, "quick", writeEstate(t))
	want := `between 25.0% and 75.0% of 4 terminals accept QuickPass
1 yes, 1 no, 2 unknown (of these 1 perhaps not in service or no POS)

province  terminals  yes  unknown  share
福建省            3    1        1  33.3%–66.7%
上海市            1    0        1  0.0%–100.0%

merchant              terminals  yes  unknown  share
厦门家乐福湖滨南路店          2    1        0  50.00%
上海饭店                      1    0        1  0.0%–100.0%
�[31m红饭店                   1    0        1  0.0%–100.0%

assumed:
  known by header: 终端号 terminal_id, 商户号 merchant_id, 商户名称
    merchant_name, 行政区划代码 region
  snapshot 2017-01-31, from a line above the header
  no column of acquirers: all terminals belong to one, called "my-bank"
  no column of device types: every terminal is a POS
  status by what the words mean: 在用 = in_service, 撤机 = removed
  status 3�]0;x� (1 row) may mean anything: whether these terminals are in
    service stays open
  a terminal accepts QuickPass if "是否支持非接" says yes

to add:
  --save DIR  to keep this as a workspace
`
	if diff := cmp.Diff(want, screen); diff != "" {
		t.Errorf("screen (-want +got):\n%s", diff)
	}
	if words != "" {
		t.Errorf("says on the side: %s", words)
	}
	for _, line := range strings.Split(screen, "\n") {
		if displayWidth(line) > 80 {
			t.Errorf("%d columns: %s", displayWidth(line), line)
		}
	}
}

func TestQuickFormats(t *testing.T) {
	path := writeEstate(t)
	printed, words := tapcov(t, 0, "quick", "--format", "json", path)
	var answer struct {
		Headline struct {
			Terminals int64 `json:"terminal_count"`
			Yes       int64 `json:"yes_count"`
		}
		Assumptions, Merchants []any
	}
	if err := json.Unmarshal([]byte(printed), &answer); err != nil {
		t.Fatalf("%v:\n%s", err, printed)
	}
	if answer.Headline.Terminals != 4 || answer.Headline.Yes != 1 || len(answer.Assumptions) != 7 || len(answer.Merchants) != 3 {
		t.Errorf("json says %+v", answer)
	}
	if words != "" {
		t.Errorf("json says on the side: %s", words)
	}
	printed, words = tapcov(t, 0, "quick", "--format", "csv", "--limit", "1", path)
	if lines := strings.Split(printed, "\n"); len(lines) != 5 || !strings.HasPrefix(lines[1], "nation,all,all,4,1,1,2,1,0,0,0,0.25,0.75,") {
		t.Errorf("csv is\n%s", printed)
	}
	if n := strings.Count(words, "tapcov: assumed: "); n != 7 {
		t.Errorf("csv states %d assumptions on the side:\n%s", n, words)
	}
}

func TestQuickHelpsWithoutATerminalID(t *testing.T) {
	path := filepath.Join(t.TempDir(), "meters.csv")
	if err := os.WriteFile(path, []byte("MeterId,Kind\x1b[1m,TapAndGo\nM1,a,YES\nM2,a,NO\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	screen, words := tapcov(t, 4, "quick", path)
	want := "tapcov: error: " + path + `: not counted: no column is known to hold the terminal id
header    first values
MeterId   M1, M2
TapAndGo  YES, NO
Kind�[1m  a
tapcov: hint: try --map terminal_id=MeterId
`
	if diff := cmp.Diff(want, words); diff != "" || screen != "" {
		t.Errorf("words (-want +got):\n%s\nscreen: %s", diff, screen)
	}
	screen, _ = tapcov(t, 0, "quick", path, "--map", "terminal_id=MeterId")
	if !strings.HasPrefix(screen, "1 of 2 terminals (50.00%) accept QuickPass\n") {
		t.Errorf("with the hint:\n%s", screen)
	}
}

func TestQuickSaved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	path := writeEstate(t)
	screen, _ := tapcov(t, 0, "quick", "--save", dir, path)
	if !strings.Contains(screen, dir+" is a workspace now: tapcov -w "+dir+" run\n") {
		t.Errorf("screen:\n%s", screen)
	}
	printed, _ := tapcov(t, 0, "-w", dir, "run", "--quiet")
	if !strings.Contains(printed, "25.0%–75.0%") {
		t.Errorf("the run says:\n%s", printed)
	}
	if _, words := tapcov(t, 2, "quick", "--save", dir, path); !strings.Contains(words, "is a workspace already") {
		t.Errorf("the second time: %s", words)
	}
}

func TestQuickUsage(t *testing.T) {
	path := writeEstate(t)
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"quick", "none.csv"}, "tapcov: error: there is no file \"none.csv\"\n"},
		{[]string{"quick", "."}, "tapcov: error: \".\" is a folder: name its files, or make a workspace with `tapcov init`\n"},
		{[]string{"quick", "--map", "terminl_id=x", path}, "tapcov: error: --map \"terminl_id=x\": there is no column \"terminl_id\"; did you mean \"terminal_id\"?\n"},
		{[]string{"quick", "--map", "terminal_id=终端", path}, "tapcov: error: no column \"终端\" for terminal_id; did you mean \"终端号\"?\n"},
		{[]string{"quick", "--snapshot", "1.2.2017", path}, "tapcov: error: date \"1.2.2017\" is not of the form 2017-01-31\n"},
		{[]string{"quick", "--format", "xml", path}, "tapcov: error: unknown format \"xml\", want one of table, json, jsonl, csv\n"},
	} {
		if _, words := tapcov(t, 2, test.args...); words != test.want {
			t.Errorf("%q: got %s", test.args, words)
		}
	}
}

func TestQuoteWord(t *testing.T) {
	for word, want := range map[string]string{
		"terminal_id=终端号":     "terminal_id=终端号",
		"region=Street Name":  "'region=Street Name'",
		"status:it's=removed": `'status:it'\''s=removed'`,
		"x=$(reboot)":         "'x=$(reboot)'",
		"":                    "''",
	} {
		if got := quoteWord(word); got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
	}
}
