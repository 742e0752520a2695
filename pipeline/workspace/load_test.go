package workspace

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// newWorkspace writes files, named relative to a new folder, and returns the folder.
func newWorkspace(t *testing.T, files map[string]string) string {
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

// loadError loads a workspace that must be refused and returns the text of its *Error.
func loadError(t *testing.T, dir string, overrides Overrides) string {
	t.Helper()
	_, err := Load(dir, overrides)
	var refused *Error
	if !errors.As(err, &refused) {
		t.Fatalf("Load: got error %v, want an *Error", err)
	}
	return refused.Error()
}

// everyKey is what testdata/every_key.yaml says, without the vintage of regions, which is the newest.
var everyKey = Config{
	Estate: Estate{Area: "350000", Acquirers: []string{"102", "0103"}, Complete: true},
	Sources: []Source{
		{Name: "工行", Kind: "processor", DueDay: 10, MaxRejects: "100", MaxRejectShare: "0.010", Language: "zh", Profile: Profile{
			Files:        "*.csv",
			Format:       Format{Encoding: "gb18030", Delimiter: "tab", HeaderRow: 3, Sheets: []string{"机具"}},
			SnapshotDate: DateFrom{Cell: "统计日期(.*)", Layout: "yyyy年mm月dd日"},
			Columns: map[string]Column{
				"terminal_id":      {Header: "终端号"},
				"vendor":           {Header: "机型", Headers: []string{"型号"}, Optional: true, Take: `^\d+\. (.*) -`},
				"contactless_flag": {Header: "非接", Values: map[string]string{"1": "yes", "0": "no", "": "unknown"}},
				"mobile_flag":      {Header: "cards", Tokens: []string{"android_pay"}, Split: " "},
				"qr_flag":          {Value: "unknown"},
				"extra_note":       {Header: "备注"},
			},
			Status:            map[string]string{"1": "in_service", "02": "removed", "已装": "in_service", "~": "unknown", "true": "lost"},
			DeviceTypes:       map[string]string{"unionpay": "table"},
			Uses:              map[string]string{"a": "merchant"},
			Connections:       map[string]string{"b": "direct"},
			Assume:            map[string]string{"country": "CN", "installed_on": "2015-07-01"},
			Dates:             []string{"yyyymmdd"},
			RegionScheme:      "name",
			RegionLevels:      []string{"省", "市"},
			TerminalKey:       []string{"acquirer_id", "merchant_id", "terminal_id"},
			Private:           []string{"联系人"},
			Delivery:          "parts",
			Part:              DateFrom{FileName: `_(\w+)_`},
			Parts:             []string{"n", "s"},
			Version:           DateFrom{Column: "v"},
			ContactlessScheme: "unionpay",
			MobileIs:          "nfc",
			NoPinScope:        "terminal",
			NumericIDs:        true,
			Control:           Control{Required: true, Counts: "records", Trailer: `^T\|0*(\d+)`},
		}},
		{Name: "b", Kind: "acquirer", Profile: Profile{
			Files:        "*",
			SnapshotDate: DateFrom{Value: "2016-12-31"},
			RegionScheme: "gb2260",
			TerminalKey:  []string{"acquirer_id", "terminal_id"},
			Delivery:     "whole",
			NoPinScope:   "merchant",
			Control:      Control{Ignore: true},
		}},
		usageSource("taps", Usage{Rows: "transactions", EntryModes: map[string]string{"97": "contactless"}, OfflineIs: "online_capable"},
			map[string]Column{"acquirer_id": {Value: "b"}, "entry_mode": {Header: "F22"}, "month": {Header: "月"}}),
		usageSource("sums", Usage{Rows: "counts"}, map[string]Column{"hce_transaction_count": {Header: "HCE"}}),
	},
	Populations: []Population{{Name: "own", Title: "Our own", Where: "status = 'in_service'\nand vendor = 'x'\n"}},
	Snapshots:   Snapshots{CompleteShare: "0.90", CloseAfter: 2, CarryMax: 0},
	Evidence:    Evidence{ObservedMonths: 6, MaxTerminalsPerSerial: 5},
	Limits:      Limits{Memory: 512 << 20, Record: 64 << 10, Unpacked: 1 << 30, Threads: 2, Timeout: 90 * time.Minute},
	Report:      Report{Title: "T", Languages: []string{"zh", "en"}, TopN: 5},
}

func TestLoadEveryKey(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "every_key.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := newWorkspace(t, map[string]string{FileName: string(text)})
	w, err := Load(dir, Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	want, vintages := everyKey, w.Reference.Regions.Vintages()
	want.Regions.Vintage = vintages[len(vintages)-1]
	if diff := cmp.Diff(want, w.Config); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
	if got, want := w.Inbox("工行"), filepath.Join(dir, "inbox", "工行"); got != want {
		t.Errorf("Inbox: got %q, want %q", got, want)
	}
	if got, want := w.Populations()[len(BuiltinPopulations):], []string{"own"}; !cmp.Equal(got, want) {
		t.Errorf("own populations: got %q, want %q", got, want)
	}
}

func TestLoadEmptySections(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "---\n", "sources:\nestate:\nlimits: {}\n", "\ufeffestate:\r\n  area: CN\r\n"} {
		w, err := Load(newWorkspace(t, map[string]string{FileName: text}), Overrides{})
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		want := Defaults()
		want.Regions = w.Config.Regions
		if diff := cmp.Diff(want, w.Config); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestLoadWithoutFile(t *testing.T) {
	dir := t.TempDir()
	want := `no tapcov.yaml in "` + dir + `": to make a workspace there run: tapcov init ` + dir
	if got := loadError(t, dir, Overrides{}); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLoadReportsAllInFileOrder(t *testing.T) {
	dir := newWorkspace(t, map[string]string{
		FileName: `limits: {memory: 1k}
sorces: []
sources:
  - name: a
    status: {1: in_servce}
    snapshot_date: yesterday
    colums: {}
`,
		"reference/claims.yaml": `- {id: X1, text: {en: t, zh: t}, metric: share, comparator: ">", value: 0.6, population: networkd}
`,
	})
	got := loadError(t, dir, Overrides{
		Flags: map[string]string{"report.top_n": "many"},
		Env:   environment("TAPCOV_SNAPSHOTS_CARRY_MAX", "999"),
	})
	want := `tapcov.yaml:1:18: expected a size such as 512MiB or 1GiB, found the text "1k"
tapcov.yaml:2:1: unknown key "sorces", did you mean "sources"?
tapcov.yaml:5:17: "in_servce" is no value of status, did you mean "in_service"?
tapcov.yaml:6:20: "yesterday" is no date: expected yyyy-mm-dd
tapcov.yaml:7:5: unknown key "colums", did you mean "columns"?
--report-top-n: expected a whole number, found "many"
TAPCOV_SNAPSHOTS_CARRY_MAX: 999 is out of bounds: 0 to 120
reference/claims.yaml:1:90: claim "X1": unknown population "networkd", did you mean "networked"?`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReferenceProblemsArePlaced(t *testing.T) {
	dir := newWorkspace(t, map[string]string{
		FileName:                "limit: {}\n",
		"reference/claims.yaml": "- {id: X1, txt: {}}\n",
	})
	got := loadError(t, dir, Overrides{})
	want := "tapcov.yaml:1:1: unknown key \"limit\", did you mean \"limits\"?\nreference/claims.yaml:1:12: "
	if !strings.HasPrefix(got, want) {
		t.Errorf("got %s, want it to begin with %s", got, want)
	}
}

func TestErrorIsCutAfterTwenty(t *testing.T) {
	dir := newWorkspace(t, map[string]string{FileName: strings.Repeat("x: 1\n", 25)})
	lines := strings.Split(loadError(t, dir, Overrides{}), "\n")
	if got, want := len(lines), 21; got != want {
		t.Fatalf("got %d lines, want %d", got, want)
	}
	if got, want := lines[1], `tapcov.yaml:2:1: duplicate key "x", first in line 1`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := lines[20], "and 5 more"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// FuzzLoad holds that no text can do worse than be refused at a place in it, and that every
// configuration that is accepted survives being written.
func FuzzLoad(f *testing.F) {
	set, err := reference.Load("")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tutorial)
	f.Add(uncommented())
	for _, c := range badConfigs {
		f.Add([]byte(c.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, _, problems := configure(text, Overrides{}, set)
		lines := strings.Count(string(text), "\n") + 1
		for _, p := range problems {
			if p.File != FileName || p.Line < 1 || p.Line > lines || p.Column < 1 || p.Message == "" {
				if p.Line == 0 && len(text) > maxFileSize {
					continue
				}
				t.Errorf("problem without a place in %d lines: %#v", lines, p)
			}
		}
		if len(problems) > 0 {
			return
		}
		written := Render(c)
		again, _, problems := configure(written, Overrides{}, set)
		if len(problems) > 0 {
			t.Fatalf("%v\nin what Render wrote:\n%s", problems, written)
		}
		if diff := cmp.Diff(string(canonicalJSON(c)), string(canonicalJSON(again))); diff != "" {
			t.Errorf("(-want +got):\n%s\nwritten:\n%s", diff, written)
		}
	})
}
