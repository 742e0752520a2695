package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// environment stands in for os.Getenv; pairs are names and values.
func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestFind(t *testing.T) {
	top := newWorkspace(t, map[string]string{
		"tapcov.yaml":       "",
		"inbox/bank/x.csv":  "",
		"other/tapcov.yaml": "",
		"none/file":         "",
	})
	check := func(flag, variable, cwd, want string) {
		t.Helper()
		got, err := Find(flag, environment(Variable, variable), filepath.Join(top, cwd))
		if err != nil || got != filepath.Join(top, want) {
			t.Errorf("Find(%q, %q, %q): got %q, %v; want %q", flag, variable, cwd, got, err, want)
		}
	}
	check("", "", ".", ".")
	check("", "", "inbox/bank", ".")
	check("", "", "other", "other")
	check("", filepath.Join(top, "other"), "inbox", "other")
	check("../other", top, "inbox", "other")
	check("..", filepath.Join(top, "other"), "inbox", ".")

	checkError := func(flag, variable, cwd, want string) {
		t.Helper()
		if _, err := Find(flag, environment(Variable, variable), cwd); err == nil || err.Error() != want {
			t.Errorf("Find(%q, %q, %q): got %v, want %s", flag, variable, cwd, err, want)
		}
	}
	checkError("none", "", top, `no tapcov.yaml in "none" (named by -w): to make a workspace there run: tapcov init none`)
	checkError("none/file", "", top, `no tapcov.yaml in "none/file" (named by -w): to make a workspace there run: tapcov init none/file`)
	checkError("", "gone", top, `no tapcov.yaml in "gone" (named by $TAPCOV_WORKSPACE): to make a workspace there run: tapcov init gone`)
	outside := t.TempDir()
	checkError("", "", outside, `no workspace: no tapcov.yaml in "`+outside+`" or above it; run: tapcov init DIR, or name one with -w DIR or $TAPCOV_WORKSPACE`)
}

func TestPrecedence(t *testing.T) {
	dir := newWorkspace(t, map[string]string{FileName: `limits:
  memory: 256MiB
  record: 2MiB
report: {languages: [en]}
sources:
- name: a
  snapshot_date: {column: d}
  status: {1: in_service}
`})
	w, err := Load(dir, Overrides{
		Flags: map[string]string{"limits.memory": "2GiB", "limits.timeout": "90s"},
		Env: environment(
			"TAPCOV_LIMITS_MEMORY", "512MiB", "TAPCOV_LIMITS_THREADS", "3", "TAPCOV_REPORT_LANGUAGES", "zh, en",
			"TAPCOV_SNAPSHOTS_COMPLETE_SHARE", "0.8",
		),
	})
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, s := range Effective(w) {
		if s.Key != "regions.vintage" { // grows with the reference data
			got.WriteString(s.Key + " = " + s.Value + " (" + s.Origin + ")\n")
		}
	}
	want := `estate.area = CN (default)
estate.acquirers = all (default)
estate.complete = false (default)
estate.official_total =  (default)
sources.a.name = a (tapcov.yaml:6)
sources.a.kind = acquirer (default)
sources.a.files = * (default)
sources.a.snapshot_date.column = d (tapcov.yaml:7)
sources.a.status.1 = in_service (tapcov.yaml:8)
sources.a.region_scheme = gb2260 (default)
sources.a.terminal_key = acquirer_id,terminal_id (default)
sources.a.delivery = whole (default)
sources.a.no_pin_scope = merchant (default)
snapshots.complete_share = 0.8 (environment TAPCOV_SNAPSHOTS_COMPLETE_SHARE)
snapshots.close_after = 3 (default)
snapshots.carry_max = 3 (default)
evidence.observed_months = 12 (default)
evidence.max_terminals_per_serial = 20 (default)
limits.memory = 2GiB (flag --limits-memory)
limits.record = 2MiB (tapcov.yaml:3)
limits.unpacked = 4GiB (default)
limits.threads = 3 (environment TAPCOV_LIMITS_THREADS)
limits.timeout = 1m30s (flag --limits-timeout)
report.title =  (default)
report.languages = zh,en (environment TAPCOV_REPORT_LANGUAGES)
report.top_n = 20 (default)
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestEveryOverrideReadsBack sets each setting from outside to the text Effective prints for it.
func TestEveryOverrideReadsBack(t *testing.T) {
	dir := newWorkspace(t, map[string]string{FileName: "report: {title: t}"})
	w, err := Load(dir, Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	flags := map[string]string{}
	for _, s := range Effective(w) {
		flags[s.Key] = s.Value
	}
	for key := range flags {
		if strings.HasPrefix(key, "estate.") {
			delete(flags, key)
		}
	}
	if got, want := len(flags), len(SettingKeys()); got != want {
		t.Fatalf("got %d settings, want %d", got, want)
	}
	again, err := Load(dir, Overrides{Flags: flags})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w.Config, again.Config); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUnknownOverride(t *testing.T) {
	dir := newWorkspace(t, map[string]string{FileName: ""})
	got := loadError(t, dir, Overrides{Flags: map[string]string{"limits.memroy": "1GiB", "estate.complete": "true"}})
	want := "unknown setting \"estate.complete\"\nunknown setting \"limits.memroy\", did you mean \"limits.memory\"?"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadingHash(t *testing.T) {
	profile := func(text string) Source {
		t.Helper()
		w, err := Load(newWorkspace(t, map[string]string{FileName: source(text)}), Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		return w.Config.Sources[0]
	}
	base := profile("  status: {1: in_service, 2: removed}\n  columns: {vendor: v, model: m}\n  private: [x, y]")
	same := func(what string, s Source) {
		t.Helper()
		if ReadingHash(s) != ReadingHash(base) {
			t.Errorf("%s changes the hash", what)
		}
	}
	same("order, comments, quotes", profile("  private: [y, x] # c\n  columns:\n    model: {header: 'm'}\n    vendor: v\n  status: {2: removed, '1': in_service}"))
	same("a default spelled out", profile("  region_scheme: gb2260\n  status: {1: in_service, 2: removed}\n  columns: {vendor: v, model: m}\n  private: [x, y]"))
	same("a source without its defaults", Source{Profile: Profile{
		Status:  map[string]string{"1": "in_service", "2": "removed"},
		Columns: map[string]Column{"vendor": {Header: "v"}, "model": {Header: "m"}},
		Private: []string{"x", "y"},
	}})
	other := base
	other.Name, other.Kind, other.DueDay, other.Files = "b", "processor", 3, "*.csv"
	other.SnapshotDate, other.Version = DateFrom{FileName: "(.*)", Layout: "yyyymm"}, DateFrom{Value: "2"}
	other.MaxRejects, other.MaxRejectShare, other.Language, other.Control.Required = "3", "0.1", "zh", true
	same("what does not touch rows", other)

	different := func(what string, change func(*Source)) {
		t.Helper()
		s := profile("  status: {1: in_service, 2: removed}\n  columns: {vendor: v, model: m}\n  private: [x, y]")
		change(&s)
		if ReadingHash(s) == ReadingHash(base) {
			t.Errorf("%s does not change the hash", what)
		}
	}
	different("a status", func(s *Source) { s.Status["2"] = "lost" })
	different("a header", func(s *Source) { s.Columns["vendor"] = Column{Header: "w"} })
	different("an encoding", func(s *Source) { s.Format.Encoding = "gb18030" })
	different("an assumption", func(s *Source) { s.Assume = map[string]string{"use": "merchant"} })
	different("a private header", func(s *Source) { s.Private = []string{"x"} })
	different("a date column", func(s *Source) { s.SnapshotDate = DateFrom{Column: "d"} })
	different("a cell", func(s *Source) { s.SnapshotDate = DateFrom{Cell: "d(.*)"} })
	different("a trailer", func(s *Source) { s.Control.Trailer = "^T(.*)" })
	different("what is counted", func(s *Source) { s.Control.Counts = "records" })
	different("padding", func(s *Source) { s.NumericIDs = true })

	// Inventories outlive versions of tapcov: the hash of an old profile is fixed.
	if got, want := ReadingHash(base), "0fa107679a0e29d4ac7b01af5e26610ca970f23d91912563ae2a7f77a6d90d5a"; got != want {
		t.Errorf("the encoding changed: got %s, want %s", got, want)
	}
}

func TestClaimsOnPopulations(t *testing.T) {
	files := map[string]string{
		FileName: "populations: [{name: own, where: is_x}]\n",
		"reference/claims.yaml": `- id: X1
  text: {en: over 60%, zh: 超过60%}
  metric: share
  comparator: ">"
  value: 0.6
  population: own
- id: X2
  text: {en: over 60%, zh: 超过60%}
  metric: share
  comparator: ">"
  value: 0.6
  population: owns
`,
	}
	dir := newWorkspace(t, files)
	want := `reference/claims.yaml:12:15: claim "X2": unknown population "owns", did you mean "own"?`
	if got := loadError(t, dir, Overrides{}); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := os.WriteFile(filepath.Join(dir, FileName), []byte("populations: [{name: own, where: a}, {name: owns, where: b}]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir, Overrides{}); err != nil {
		t.Errorf("with the population defined: %v", err)
	}
}
