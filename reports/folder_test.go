package reports

import (
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sampleCoverage yields every row of the sample's breakdowns, under two populations.
func sampleCoverage() iter.Seq2[CoverageRow, error] {
	return func(yield func(CoverageRow, error) bool) {
		for _, breakdown := range sample().Breakdowns {
			for _, row := range breakdown.Rows {
				if !yield(row, nil) {
					return
				}
			}
		}
		unknown := row("nation", "nation", "", Counts{})
		unknown.Population = "active_3m"
		unknown.Transactions.Valid, unknown.Contactless.Valid = false, false
		yield(unknown, nil)
	}
}

var everything = Formats{CSV: true, HTML: true}

func write(t *testing.T, dir string, r *Report) []string {
	t.Helper()
	names, err := WriteFolder(dir, r, everything, sampleCoverage())
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func namesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// The golden folder is the whole report of the sample, byte for byte.
func TestFolderGolden(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "000007")
	names := write(t, dir, sample())
	for _, name := range names {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, got)
	}
	slices.Sort(names)
	if diff := cmp.Diff(namesIn(t, "testdata"), names); diff != "" {
		t.Errorf("golden files and written ones (-golden +written):\n%s", diff)
	}
}

func TestFolderAppearsWhole(t *testing.T) {
	home := t.TempDir()
	dir := filepath.Join(home, "reports", "000007")
	names := write(t, dir, sample())
	if got := names[len(names)-2:]; !slices.Equal(got, []string{"index.html", "index.zh.html"}) {
		t.Errorf("the pages are not last: %v", got)
	}
	slices.Sort(names)
	if diff := cmp.Diff(names, namesIn(t, dir)); diff != "" {
		t.Errorf("files (-said +found):\n%s", diff)
	}
	if got := namesIn(t, filepath.Join(home, "reports")); !slices.Equal(got, []string{"000007"}) {
		t.Errorf("beside the report lies %v", got)
	}
}

func TestFolderKeepsOtherFiles(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(other, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	write(t, dir, &Report{Title: "old"})
	write(t, dir, sample())
	if text, err := os.ReadFile(other); err != nil || string(text) != "mine" {
		t.Errorf("notes.txt is now %q, %v", text, err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "S1") {
		t.Error("the old page was not replaced")
	}
	for _, name := range namesIn(t, dir) {
		if strings.HasPrefix(name, ".") {
			t.Errorf("%s was left behind", name)
		}
	}
}

// A run that fails leaves the old report as it was, and nothing else.
func TestFailedWriteLeavesOldReport(t *testing.T) {
	broken := errors.New("the engine went away")
	failing := func(yield func(CoverageRow, error) bool) {
		if yield(row("nation", "nation", "", counts(1, 1, 0, 0)), nil) {
			yield(CoverageRow{}, broken)
		}
	}
	home := t.TempDir()
	dir := filepath.Join(home, "latest")
	write(t, dir, sample())
	before := snapshotOf(t, dir)

	changed := sample()
	changed.Title = "new"
	if _, err := WriteFolder(dir, changed, everything, failing); !errors.Is(err, broken) {
		t.Errorf("got error %v, want %v", err, broken)
	}
	if diff := cmp.Diff(before, snapshotOf(t, dir)); diff != "" {
		t.Errorf("the old report changed (-before +after):\n%s", diff)
	}

	fresh := filepath.Join(home, "fresh")
	if _, err := WriteFolder(fresh, changed, everything, failing); !errors.Is(err, broken) {
		t.Errorf("got error %v, want %v", err, broken)
	}
	if _, err := os.Stat(fresh); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half a report was left: %v", err)
	}
	if got := namesIn(t, home); !slices.Equal(got, []string{"latest"}) {
		t.Errorf("left behind: %v", got)
	}
}

func snapshotOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	for _, name := range namesIn(t, dir) {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(text)
	}
	return files
}

func TestFormats(t *testing.T) {
	check := func(formats Formats, coverage iter.Seq2[CoverageRow, error], has, hasNot string) {
		t.Helper()
		dir := filepath.Join(t.TempDir(), "report")
		names, err := WriteFolder(dir, sample(), formats, coverage)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(names, has) || slices.Contains(names, hasNot) {
			t.Errorf("%+v wrote %v", formats, names)
		}
	}
	check(Formats{HTML: true}, sampleCoverage(), "index.html", "claims.csv")
	check(Formats{CSV: true}, sampleCoverage(), "coverage.csv", "index.html")
	check(Formats{CSV: true}, nil, "claims.csv", "coverage.csv")
}

func TestContradictingReportIsRefused(t *testing.T) {
	check := func(want string, change func(*Report)) {
		t.Helper()
		r := sample()
		change(r)
		dir := filepath.Join(t.TempDir(), "report")
		_, err := WriteFolder(dir, r, everything, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			t.Error("it was written all the same")
		}
	}
	check("headline: yes 12243 + no 5819 + unknown 1779 are not 19840", func(r *Report) { r.Headline.Counts.Yes++ })
	check("headline: claim \"C9\" is not in the report", func(r *Report) { r.Headline.ClaimID = "C9" })
	check("headline: \"maybe\" is no verdict", func(r *Report) { r.Headline.Verdict = "maybe" })
	check("snapshot 2016-09-30: undecided, rejected and missing are", func(r *Report) { r.Trend[0].Counts.Missing = 9000 })
	check("province \"110000\": a count is negative", func(r *Report) { r.Breakdowns[0].Rows[0].Carried = -1 })
	check("population \"networked\", reading \"strict\": carried 1 (yes 2, no 0)", func(r *Report) {
		r.Readings[0].Counts.Carried, r.Readings[0].Counts.CarriedYes = 1, 2
	})
	check("claim \"S1\": \"?\" is no verdict", func(r *Report) { r.Claims[1].Snapshots[2].Verdict = "?" })
	check("published figure \"F2014\": \"?\" is no verdict", func(r *Report) { r.Figures[1].Verdict = "?" })
	check("languages: no words in language \"fr\"", func(r *Report) { r.Languages = []string{"fr"} })
	check("language \"en\": it is in the report twice", func(r *Report) { r.Languages = []string{"zh", "en", "en"} })
	check("breakdown \"../brand\"", func(r *Report) { r.Breakdowns[2].Level = "../brand" })
	check("breakdown \"brand\": it is in the report twice", func(r *Report) { r.Breakdowns[3].Level = "brand" })
	check(`export "2016-12-31" "haixia" "终端清单_201612.csv" does not tie out`, func(r *Report) { r.TieOut.Exports[0].Skipped = nil })
	check(`snapshot "2016-12-31" does not tie out`, func(r *Report) { r.TieOut.Snapshots[0].Duplicates = 0 })
	check(`population "2016-12-31" "networked" does not tie out`, func(r *Report) { r.TieOut.Populations[0].LeftOut[0].Count++ })
	check(`terminal_count "2016-12-31" "networked" does not tie out`, func(r *Report) { r.TieOut.Populations[0].Missing++ })
	check(`level "2016-12-31" "networked" "province" does not tie out`, func(r *Report) { r.TieOut.Levels[0].Sum-- })
}
