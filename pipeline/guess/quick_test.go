package guess_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/guess"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// mappings parses what --map would be given.
func mappings(t *testing.T, texts ...string) []guess.QuickMapping {
	t.Helper()
	var list []guess.QuickMapping
	for _, text := range texts {
		m, err := guess.ParseQuickMapping(text)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, m)
	}
	return list
}

// quick asks about files with mappings; it must have an answer.
func quick(t *testing.T, paths []string, texts ...string) *guess.QuickAnswer {
	t.Helper()
	answer, err := guess.Quick(t.Context(), paths, guess.QuickOptions{Mappings: mappings(t, texts...)})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// file writes a file of that name into a folder of its own.
func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// tally is a row without what follows from it.
type tally struct{ All, Yes, No, Undecided, Rejected int64 }

func tallyRow(row guess.QuickRow) tally {
	return tally{row.TerminalCount, row.YesCount, row.NoCount, row.UndecidedCount, row.RejectedCount}
}

func TestQuickOnMeters(t *testing.T) {
	path := filepath.Join(sharedData, "inventory", "melbourne_parking_meters.csv")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the real exports are not here: %v", err)
	}
	lost := quick(t, []string{path})
	if len(lost.SetAside) != 1 || lost.Headline.TerminalCount != 0 {
		t.Fatalf("without a terminal id it counts %+v", lost.Headline)
	}
	aside := lost.SetAside[0]
	if want := []string{"--map", "terminal_id=MeterId"}; !slices.Equal(aside.Words, want) {
		t.Errorf("suggests %q, want %q", aside.Words, want)
	}
	if want := (guess.QuickColumn{Header: "MeterId", Values: []string{"GPW1", "124TA", "337A"}}); !cmp.Equal(aside.Columns[0], want) {
		t.Errorf("shows %+v first, want %+v", aside.Columns[0], want)
	}

	found := quick(t, []string{path}, "terminal_id=MeterId")
	if got, want := tallyRow(found.Headline), (tally{All: 1095, Yes: 798, No: 297}); got != want || found.Headline.Share != "72.88%" {
		t.Errorf("counts %+v (%s), want %+v", got, found.Headline.Share, want)
	}
	if found.Steps[0].Words[1] != "region=StreetName" {
		t.Errorf("suggests %q first", found.Steps[0].Words)
	}
	streets := quick(t, []string{path}, "terminal_id=MeterId", "region=StreetName")
	if got, want := tallyRow(streets.Regions[0]), (tally{All: 51, Yes: 23, No: 28}); got != want || streets.Regions[0].Name != "Queen Street" {
		t.Errorf("%s counts %+v, want %+v", streets.Regions[0].Name, got, want)
	}
	if streets.RegionTitle != "StreetName" || streets.RegionCount != 163 {
		t.Errorf("%d regions of %q, want 163 of StreetName", streets.RegionCount, streets.RegionTitle)
	}
}

// sampleFiles lists the exports of a source of the sample.
func sampleFiles(t *testing.T, source string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "sample-data", "inbox", source, "*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("the sample has no exports of %s (%v)", source, err)
	}
	return paths
}

// With the words of its codes, a source of the sample comes to the numbers of its own profile.
func TestQuickIsAsGoodAsAProfile(t *testing.T) {
	for source, told := range map[string][]string{
		"harbour": {
			"status:0=lost", "status:1=in_service", "status:2=pending", "status:3=removed", "status:4=removed", "status:6=suspended",
		},
		"egret": {
			"status:0=suspended", "status:1=in_service", "status:2=removed", "status:3=pending",
			"device_type:SMART=smart_pos", "device_type:TEL=telephone", "device_type:QRBOX=barcode",
		},
		"orangesail": {
			"contactless_flag=闪付开通情况",
		},
		"spruce": {
			"status=STATE", "status:00=pending", "status:01=in_service", "status:02=suspended", "status:99=removed",
			"device_type=TYPE", "merchant_id=MER_NO", "contactless_parameter=CTLS_ON", "installed_on=INST_DATE",
			"removed_on=REMOVE_DATE", "updated_at=UPD_DATE",
		},
	} {
		t.Run(source, func(t *testing.T) {
			paths := sampleFiles(t, source)
			paths = paths[len(paths)-1:]
			answer := quick(t, paths, told...)
			want := profileRows(t, source, paths)
			var got [][]any
			for _, row := range append([]guess.QuickRow{answer.Headline}, answer.Regions...) {
				got = append(got, []any{row.Level, row.Key, row.TerminalCount, row.YesCount, row.NoCount, row.UndecidedCount, row.RejectedCount})
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("profile and quick (-profile +quick):\n%s", diff)
			}
		})
	}
}

// profileRows returns the coverage of nation and provinces by the sample's own profile of a source alone.
func profileRows(t *testing.T, source string, paths []string) [][]any {
	t.Helper()
	ws, err := workspace.Load(filepath.Join("..", "..", "sample-data"), workspace.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	config := ws.Config
	config.Estate = workspace.Estate{}
	config.Sources = slices.DeleteFunc(config.Sources, func(s workspace.Source) bool { return s.Name != source })
	dir := t.TempDir()
	if err := workspace.Write(dir, config); err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		lend(t, path, filepath.Join(dir, "inbox", source, filepath.Base(path)))
	}
	run(t, dir)
	edition := current(t, dir)
	return rows(t, edition, `select level, key, terminal_count, yes_count, no_count, undecided_count, rejected_count from coverage
		where level in ('nation', 'province') and population = 'networked' and unit = 'terminal' and reading = 'declared'
			and snapshot_date = cast(? as date)
		order by level, key = 'none', terminal_count desc, key`, edition.Newest())
}

// guessed are exports that leave much to guess, and what must be said about it.
var guessed = []struct {
	name, file, content string
	told                []string
	want                tally
	assumed             []string
	next                []string
}{
	{
		"nothing but ids", "a.csv", "TID,NFC\n00000001,1\n00000002,0\n00000003,\n", nil,
		tally{All: 3, Yes: 1, No: 1},
		[]string{
			`known by header: TID terminal_id`,
			`no date found: 2000-01-01 stands for it, and no number depends on it`,
			`no column of acquirers: all terminals belong to one, called "a"`,
			`no column of status or device type: every terminal is a POS in service`,
			`a terminal accepts QuickPass if "NFC" (hardware that reads NFC need not accept QuickPass) says yes`,
		},
		nil,
	},
	{
		"a removal", "a.csv", "TID,NFC,removal date\n00000001,1,\n00000002,1,2016-05-01\n", nil,
		tally{All: 2, Yes: 1, Undecided: 1},
		[]string{
			`known by header: TID terminal_id, removal date removed_on`,
			`no snapshot date found: 2016-05-01, the newest date in "removal date"`,
			`no column of acquirers: all terminals belong to one, called "a"`,
			`no column of status or device type: every terminal is a POS in service`,
			`a terminal accepts QuickPass if "NFC" (hardware that reads NFC need not accept QuickPass) says yes`,
		},
		[]string{"--snapshot YYYY-MM-DD"},
	},
	{
		"words of status", "estate_2017-01.csv", "终端号,收单行,终端状态,是否支持非接\n00000001,工行,在用,是\n00000002,工行,撤机,是\n00000003,工行,别样,是\n", nil,
		tally{All: 2, Yes: 1, Undecided: 1},
		[]string{
			`known by header: 收单行 acquirer, 终端号 terminal_id`,
			`snapshot 2017-01-31, from the name of the file`,
			`no column of device types: every terminal is a POS`,
			`status by what the words mean: 在用 = in_service, 撤机 = removed`,
			`status 别样 (1 row) may mean anything: whether these terminals are in service stays open`,
			`a terminal accepts QuickPass if "是否支持非接" says yes`,
		},
		[]string{"--map status:别样=WORD"},
	},
	{
		"codes of device types", "a.csv", "终端号,终端类型,状态,非接笔数,是否支持非接\n00000001,02,1,3,1\n00000002,01,1,0,1\n00000003,02,2,1,0\n",
		[]string{"status:1=in_service", "status:2=in_service"},
		tally{All: 2, Yes: 1, No: 1},
		[]string{
			`known by header: 终端号 terminal_id`,
			`no date found: 2000-01-01 stands for it, and no number depends on it`,
			`no column of acquirers: all terminals belong to one, called "a"`,
			`device types as UnionPay registers them: 02 = pos, 01 = atm`,
			`a terminal accepts QuickPass if "是否支持非接" says yes`,
			`"非接笔数" is not used: it may count the taps of any card scheme`,
		},
		nil,
	},
	{
		"codes of another set", "a.csv", "终端号,终端类型,是否支持非接\n00000001,02,1\n00000002,77,1\n",
		[]string{"device_type:02=pos"},
		tally{All: 2, Yes: 1, Undecided: 1},
		[]string{
			`known by header: 终端号 terminal_id`,
			`no date found: 2000-01-01 stands for it, and no number depends on it`,
			`no column of acquirers: all terminals belong to one, called "a"`,
			`no column of status: every terminal is in service`,
			`device types 77 (1 row) are not known: whether these are POS terminals stays open`,
			`a terminal accepts QuickPass if "是否支持非接" says yes`,
		},
		[]string{"--map device_type:77=pos"},
	},
	{
		"a country, dates with the day first, the newest of them", "a.csv",
		"terminal id,country,installed,contactless,status code\nT0000001,gb,25/12/2015,Y,E\nT0000002,gb,01/02/2016,N,E\nT0000003,fr,01/02/2016,N,E\n",
		nil,
		tally{All: 2, Yes: 1, No: 1},
		[]string{
			`dates are written d/m/yyyy`,
			`known by header: country country, terminal id terminal_id, installed installed_on`,
			`no snapshot date found: 2016-02-01, the newest date in "installed"`,
			`no column of acquirers: all terminals belong to one, called "a"`,
			`no column of status or device type: every terminal is a POS in service`,
			`a terminal accepts QuickPass if "contactless" says yes`,
			`terminals of GB are counted, the country of most rows`,
		},
		[]string{"--map status=status code", "--snapshot YYYY-MM-DD"},
	},
	{
		"what cannot be read", "a.csv", "终端号,是否支持非接\n1.2E+10,1\n00000002,也许\n合计,2\n", nil,
		tally{All: 2, Rejected: 1},
		[]string{
			`known by header: 终端号 terminal_id`,
			`no date found: 2000-01-01 stands for it, and no number depends on it`,
			`no column of acquirers: all terminals belong to one, called "a"`,
			`no column of status or device type: every terminal is a POS in service`,
			`a terminal accepts QuickPass if "是否支持非接" says yes`,
			`1 unreadable row counts as an unknown terminal: terminal id scientific (line 2)`,
			`1 row is no terminal: total (line 4)`,
			`1 unreadable cell counts as blank: 是否支持非接 "也许" (line 3)`,
		},
		nil,
	},
}

func TestQuickStatesWhatItAssumes(t *testing.T) {
	for _, test := range guessed {
		t.Run(test.name, func(t *testing.T) {
			answer := quick(t, []string{file(t, test.file, test.content)}, test.told...)
			if got := tallyRow(answer.Headline); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			var assumed, next []string
			for _, note := range answer.Assumptions {
				assumed = append(assumed, note.Text)
			}
			for _, step := range answer.Steps {
				next = append(next, strings.Join(step.Words, " "))
			}
			if diff := cmp.Diff(test.assumed, assumed); diff != "" {
				t.Errorf("assumptions (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.next, next); diff != "" {
				t.Errorf("next steps (-want +got):\n%s", diff)
			}
		})
	}
}

func TestQuickSetsFilesAside(t *testing.T) {
	paths := []string{file(t, "good.csv", "TID,NFC\n00000001,1\n")}
	tests := []struct{ name, content, why string }{
		{"empty", "", "it has no rows"},
		{"no terminal id", "contactless,merchant id\n1,2\n", "no column is known to hold the terminal id"},
		{"no header", "a,b\n1,2\n", "no header is known, so no column holds the terminal id"},
		{"twice the header", "TID,TID\n1,2\n", `terminal_id: the header has "TID" twice, as columns 1 and 2`},
		{"a total that is not so", "TID,NFC\n00000001,1\n合计,7\n", "line 3 prints a total of 7 terminals, but the export has 1 (1 read, 0 rejected)"},
		{"an archive", "PK\x03\x04 and so on", "it is a damaged ZIP archive: zip: not a valid zip file"},
		{"no text", strings.Repeat("\x80\x81\xff\n", 20), "20 of 20 lines are not utf-8 and no fewer are not gb18030, more than 1%"},
	}
	want := map[string]string{}
	for _, test := range tests {
		bad := file(t, test.name+".csv", test.content)
		paths = append(paths, bad)
		want[bad] = test.why
	}
	answer := quick(t, paths)
	got := map[string]string{}
	for _, aside := range answer.SetAside {
		got[aside.File] = aside.Why
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("set aside (-want +got):\n%s", diff)
	}
	if got, want := tallyRow(answer.Headline), (tally{All: 1, Yes: 1}); got != want {
		t.Errorf("the good file counts %+v, want %+v", got, want)
	}
}

func TestQuickOnAHeaderAlone(t *testing.T) {
	answer := quick(t, []string{file(t, "a.csv", "TID,NFC\n")})
	if len(answer.Snapshots) != 1 || len(answer.SetAside) != 0 || answer.Headline.TerminalCount != 0 {
		t.Errorf("got %+v", answer)
	}
}

func TestQuickFilesOfOneLayout(t *testing.T) {
	months := []string{
		file(t, "bank_201611.csv", "TID,NFC\n00000001,0\n00000002,0\n"),
		file(t, "bank_201612.csv", "TID,NFC\n00000001,1\n00000002,0\n"),
	}
	answer := quick(t, months)
	if got, want := tallyRow(answer.Headline), (tally{All: 2, Yes: 1, No: 1}); got != want {
		t.Errorf("months of one source: got %+v, want %+v", got, want)
	}
	if len(answer.Snapshots) != 2 {
		t.Errorf("%d snapshots, want 2", len(answer.Snapshots))
	}
	parts := []string{
		file(t, "bank.csv", "TID,NFC\n00000001,1\n00000002,1\n"),
		file(t, "bank.csv", "TID,NFC\n00000002,1\n00000003,0\n"),
	}
	answer = quick(t, append(parts, parts[0]))
	if got, want := tallyRow(answer.Headline), (tally{All: 3, Yes: 2, No: 1}); got != want {
		t.Errorf("parts of one whole: got %+v, want %+v", got, want)
	}
}

// A value that stands in the second sheet only, and a column that the head of a file does not have, are
// values and columns like others.
func TestQuickReadsAllOfAFile(t *testing.T) {
	sheet := func(rows ...string) string {
		text := "<table><tr><td>备注<td>终端编号<td>状态"
		if strings.HasPrefix(rows[0], "<td>") {
			text = "<table><tr><td>终端编号<td>状态"
		}
		return text + "<tr>" + strings.Join(rows, "<tr>") + "</table>"
	}
	book := file(t, "bank_201612.xls", "<html>"+sheet("<td>00000001<td>正常", "<td>00000002<td>正常")+
		sheet("x<td>x<td>00000003<td>停机", "x<td>x<td>00000004<td>撤机")+"</html>")
	var lines strings.Builder
	for i := range 40_000 {
		fmt.Fprintf(&lines, `{"终端编号":"%08d","商户编号":"m%d"}`+"\n", i, i%7)
	}
	lines.WriteString(`{"终端编号":"90000001","商户编号":"m1","状态":"停机"}` + "\n")
	for _, c := range []struct {
		path string
		want tally
	}{
		{book, tally{All: 2}},
		{file(t, "bank_201612.jsonl", lines.String()), tally{All: 40_000, Undecided: 40_000}},
	} {
		answer := quick(t, []string{c.path})
		got := tallyRow(answer.Headline)
		if len(answer.SetAside) > 0 || got != c.want {
			t.Errorf("%s: got %+v, want %+v; set aside %+v\n%+v", filepath.Base(c.path), got, c.want, answer.SetAside, answer.Assumptions)
		}
	}
}

func TestQuickFollowsAChangedLayout(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for name, content := range map[string]string{
		"bank_201611.csv": "TID,contactless,status\n00000001,0,in use\n00000002,0,in use\n",
		"bank_201612.csv": "TID,taps,status\n00000001,1,in use\n00000002,0,removed\n",
	} {
		paths = append(paths, filepath.Join(dir, name))
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(paths)
	answer := quick(t, paths)
	if got, want := tallyRow(answer.Headline), (tally{All: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if note := "the columns changed: bank_201612.csv has no contactless_flag"; !slices.ContainsFunc(answer.Assumptions, func(n guess.QuickNote) bool { return n.Text == note }) {
		t.Errorf("does not say %q: %+v", note, answer.Assumptions)
	}
	answer = quick(t, paths, "contactless_flag=taps")
	if got, want := tallyRow(answer.Headline), (tally{All: 1, Yes: 1}); got != want {
		t.Errorf("mapped: got %+v, want %+v", got, want)
	}
	if got := answer.Snapshots[0].Share; got != "0.00%" {
		t.Errorf("mapped, the month before is %s, want 0.00%%", got)
	}
}
