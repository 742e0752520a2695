package sample

import (
	"context"
	"encoding/csv"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// generate makes a workspace in a new folder and returns its files by name.
func generate(t *testing.T, spec Spec) map[string]string {
	t.Helper()
	dir := t.TempDir()
	if err := Generate(t.Context(), dir, spec); err != nil {
		t.Fatal(err)
	}
	return contents(t, dir)
}

// rowsOf reads the records of an export below the header.
func rowsOf(t *testing.T, content string) [][]string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(content))
	r.FieldsPerRecord = 20
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// allRows reads the records of all exports of a snapshot, by terminal key where the id is good.
func allRows(t *testing.T, files map[string]string, date string) [][]string {
	t.Helper()
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(name, date+".csv") {
			rows = append(rows, rowsOf(t, files[name])...)
		}
	}
	return rows
}

func TestGenerateDependsOnNoThread(t *testing.T) {
	spec := Spec{Rows: 5000, Seed: 7, Sources: 6, Snapshots: 2}
	spec.Threads = 1
	one := generate(t, spec)
	spec.Threads = 3
	if diff := cmp.Diff(one, generate(t, spec)); diff != "" {
		t.Errorf("one thread and three differ (-one +three):\n%s", diff)
	}
	spec.Seed = 8
	if cmp.Equal(one, generate(t, spec)) {
		t.Error("another seed gives the same files")
	}
}

func TestGenerateShape(t *testing.T) {
	const wanted = 40_000
	files := generate(t, Spec{Rows: wanted, Seed: 1})
	rows := allRows(t, files, "20161231")
	size, exports := 0, 0
	for name, content := range files {
		if strings.HasPrefix(name, "inbox") {
			size += len(content)
			exports++
		}
	}
	check := func(what string, got, least, most int) {
		t.Helper()
		if got < least || got > most {
			t.Errorf("%s: got %d, want %d to %d", what, got, least, most)
		}
	}
	check("rows", len(rows), wanted, wanted)
	check("exports", exports, 30, 30)
	check("bytes a row", size/wanted, 180, 220)

	const (
		terminal, merchant, acquirer, serial, status, region, accepts = 0, 1, 3, 7, 9, 13, 15
	)
	terminals, shops, regions, serials := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	statuses, answers := map[string]int{}, map[string]int{}
	damaged := 0
	for _, row := range rows {
		if strings.Contains(row[terminal], "E+") {
			damaged++
		}
		terminals[row[acquirer]+"/"+row[terminal]]++
		shops[row[acquirer]+"/"+row[merchant]]++
		regions[row[region]]++
		serials[row[serial]]++
		statuses[row[status]]++
		answers[row[accepts]]++
	}
	largest := slices.Max(slices.Collect(maps.Values(shops)))
	check("terminals", len(terminals), wanted*95/100, wanted*99/100)
	check("merchants", len(shops), wanted/10, wanted/2)
	check("terminals of the largest merchant", largest, 5, wanted/10)
	check("counties", len(regions), 2500, 3500)
	check("terminals of the largest county", slices.Max(slices.Collect(maps.Values(regions))), 50, wanted/20)
	check("serial numbers", len(serials), wanted*9/10, wanted*99/100)
	check("damaged ids", damaged, 1, 20)
	check("in service", statuses["1"], wanted*90/100, wanted*96/100)
	check("accepting", answers["是"], wanted*40/100, wanted*60/100)
	check("blank", answers[""], wanted*6/100, wanted*10/100)
}

// Months follow each other: nearly all terminals stay, some go, some come, and none that accepts stops.
func TestGenerateDrifts(t *testing.T) {
	files := generate(t, Spec{Rows: 20_000, Sources: 3, Snapshots: 12, First: day(2016, time.January, 5)})
	at := func(date string) map[string][]string {
		byKey := map[string][]string{}
		for _, row := range allRows(t, files, date) {
			byKey[row[3]+"/"+row[0]] = row
		}
		return byKey
	}
	first, last := at("20160131"), at("20161231")
	stayed, converted := 0, 0
	for key, before := range first {
		after, ok := last[key]
		if !ok || strings.Contains(key, "E+") {
			continue
		}
		stayed++
		for _, column := range []int{1, 2, 4, 5, 6, 7, 8, 9, 10, 13, 14} {
			if before[column] != after[column] {
				t.Fatalf("%s: column %d changed from %q to %q", key, column+1, before[column], after[column])
			}
		}
		switch {
		case before[15] == "否" && after[15] == "是":
			converted++
		case before[15] != after[15]:
			t.Fatalf("%s: acceptance went from %q to %q", key, before[15], after[15])
		}
	}
	if share := 100 * stayed / len(first); share < 92 || share > 96 {
		t.Errorf("%d%% of the terminals stayed eleven months, want about 94%%", share)
	}
	if share := 100 * converted / stayed; share < 10 || share > 20 {
		t.Errorf("%d%% of the terminals were converted, want about 15%%", share)
	}
	// A longer series begins like a shorter one.
	shorter := generate(t, Spec{Rows: 20_000, Sources: 3, Snapshots: 2, First: day(2016, time.January, 31)})
	for name, content := range shorter {
		if strings.HasPrefix(name, "inbox") && files[name] != content {
			t.Errorf("%s depends on how many snapshots follow", name)
		}
	}
}

func TestGenerateEncoding(t *testing.T) {
	spec := Spec{Rows: 2000, Sources: 5}
	plain := generate(t, spec)
	spec.Encoding = "gb18030"
	for name, content := range generate(t, spec) {
		if strings.HasPrefix(name, "inbox") {
			decoded, err := simplifiedchinese.GB18030.NewDecoder().String(content)
			if err != nil {
				t.Fatal(err)
			}
			content = decoded
		}
		if content != plain[name] {
			t.Errorf("%s decoded from GB18030 is not the file in UTF-8", name)
		}
	}
}

func TestGenerateQuotedBreaks(t *testing.T) {
	files := generate(t, Spec{Rows: 20_000, Sources: 2, QuotedBreaks: 10})
	rows := allRows(t, files, "20161231")
	broken := 0
	for _, row := range rows {
		if strings.Contains(row[14], "\n") {
			broken++
		}
	}
	if len(rows) != 20_000 || broken < 150 || broken > 250 {
		t.Errorf("%d of %d addresses have a line break, want about 200 of 20000", broken, len(rows))
	}
}

func TestGenerateProcessorRepeats(t *testing.T) {
	files := generate(t, Spec{Rows: 10_000, Sources: 5})
	own := map[string]bool{}
	repeated, total := 0, 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasSuffix(name, ".csv") || !strings.HasPrefix(name, "inbox") {
			continue
		}
		for _, row := range rowsOf(t, files[name]) {
			switch k := row[3] + "/" + row[0]; {
			case !strings.Contains(name, sourceName(4)):
				own[k] = true
			case own[k]:
				repeated++
				fallthrough
			default:
				total++
			}
		}
	}
	if total == 0 || repeated < total*95/100 {
		t.Errorf("%d of %d rows of the processor are terminals of other sources, want nearly all", repeated, total)
	}
}

func TestGenerateManySmallSources(t *testing.T) {
	files := generate(t, Spec{Rows: 300, Sources: 200})
	if rows := allRows(t, files, "20161231"); len(rows) != 300 {
		t.Errorf("got %d rows, want 300", len(rows))
	}
}

func TestGenerateRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tapcov.yaml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, want string
		spec       Spec
	}{
		{"a workspace", "is there already", Spec{Rows: 1}},
		{"no rows", "at least one", Spec{}},
		{"negative sources", "negative", Spec{Rows: 1, Sources: -1}},
		{"too many rows", "eight digits", Spec{Rows: 1 << 40}},
		{"an encoding", `"latin1"`, Spec{Rows: 1, Encoding: "latin1"}},
		{"too many breaks", "1001", Spec{Rows: 1, QuotedBreaks: 1001}},
		{"an early date", "2015-07-01", Spec{Rows: 1, First: day(2014, time.May, 1)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Generate(t.Context(), dir, c.spec)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestGenerateStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	if err := Generate(ctx, dir, Spec{Rows: 100_000}); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v", err, context.Canceled)
	}
	if _, err := os.Stat(filepath.Join(dir, "tapcov.yaml")); err == nil {
		t.Error("a generation that was stopped left a workspace")
	}
}

func BenchmarkRows(b *testing.B) {
	g, err := newGenerator(Spec{Rows: 1_000_000, Sources: 30, Snapshots: 1, First: day(2016, time.December, 31), Encoding: encodingUTF8})
	if err != nil {
		b.Fatal(err)
	}
	p := inventory{g, 0, 0}.newPrinter()
	var row []byte
	size := 0
	b.ReportAllocs()
	for i := range b.N {
		row = p.appendRow(row[:0], uint64(i)%uint64(g.rows[0]))
		size += len(row)
	}
	b.SetBytes(int64(size / b.N))
}
