package workspace

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// setting of the tutorial that is commented out: # before text, or before an even number of blanks.
var commentedSetting = regexp.MustCompile(`(?m)^( *)#((?:  )*[^ \n].*)$`)

// uncommented is the tutorial with all its settings in force.
func uncommented() []byte { return commentedSetting.ReplaceAll(tutorial, []byte("$1$2")) }

func TestInit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "workspace")
	if err := Init(dir); err != nil {
		t.Fatal(err)
	}
	w, err := Load(dir, Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{w.Inbox("my_bank"), w.ReferenceDir(), w.Queries(), w.Rules(), w.Lake(), w.Reports()} {
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			t.Errorf("no folder %s: %v", folder, err)
		}
	}
	if info, err := os.Stat(w.Lake()); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("lake: got mode %v, want 0700", info.Mode())
	}
	want := `"` + dir + `" is a workspace already: it has a tapcov.yaml`
	if err := Init(dir); err == nil || err.Error() != want {
		t.Errorf("second Init: got %v, want %s", err, want)
	}
}

func TestInitKeepsWhatIsThere(t *testing.T) {
	dir := newWorkspace(t, map[string]string{"inbox/my_bank/a.csv": "x", "README": "y"})
	if err := Init(dir); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "inbox", "my_bank", "a.csv")); string(got) != "x" {
		t.Errorf("export: got %q, %v", got, err)
	}
}

func TestInitLeavesNoHalf(t *testing.T) {
	dir := newWorkspace(t, map[string]string{"rules": "a file where a folder must go"})
	want := "make a workspace: " + filepath.Join(dir, "rules") + " is not a folder"
	if err := Init(dir); err == nil || err.Error() != want {
		t.Fatalf("got %v, want %s", err, want)
	}
	if got := listing(t, dir); !slices.Equal(got, []string{"rules"}) {
		t.Errorf("left behind: %q", got)
	}
}

func listing(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if name, _ := filepath.Rel(dir, path); name != "." {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestTutorialSettingsLoad holds the tutorial to its word: each setting it shows loads.
func TestTutorialSettingsLoad(t *testing.T) {
	text := uncommented()
	if bytes.Count(text, []byte("\n#")) == 0 || bytes.Equal(text, tutorial) {
		t.Fatal("the tutorial has no prose, or no settings")
	}
	w, err := Load(newWorkspace(t, map[string]string{FileName: string(text)}), Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	// Every key there is has its line in the tutorial.
	missing := map[string]bool{}
	for _, f := range fieldsOf(reflect.TypeFor[Source]()) {
		missing[f.name] = true
	}
	for _, key := range SettingKeys() {
		missing[key] = true
	}
	for _, s := range Effective(w) {
		if s.Origin == "default" {
			continue
		}
		delete(missing, s.Key)
		for _, f := range fieldsOf(reflect.TypeFor[Source]()) {
			for _, source := range w.Config.Sources {
				if key, of := strings.CutPrefix(s.Key, "sources."+source.Name+"."+f.name); of && (key == "" || key[0] == '.') {
					delete(missing, f.name)
				}
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("the tutorial does not show %v", missing)
	}
}

func TestTutorialHasTenLines(t *testing.T) {
	effective := regexp.MustCompile(`(?m)^ *[^ #\n]`).FindAll(tutorial, -1)
	if got, want := len(effective), 10; got != want {
		t.Errorf("got %d lines in force, want %d", got, want)
	}
}

func roundTrips() map[string]Config {
	full := Config{
		Estate: Estate{Area: "350000", Acquirers: []string{"102", "工行"}, Complete: true},
		Sources: []Source{{
			Name: "工行", Kind: "processor", DueDay: 5,
			Profile: Profile{
				Files:        "2016-*.csv",
				Format:       Format{Encoding: "utf-16le", Delimiter: "|", HeaderRow: 2},
				SnapshotDate: DateFrom{FileName: `^it's (\d{8})\.csv$`, Layout: "yyyymmdd"},
				Columns: map[string]Column{
					"terminal_id":      {Header: "POS终端号 "},
					"acquirer_id":      {Value: "0102"},
					"vendor":           {Header: "a: b # c", Take: `"(.*)"\t`},
					"contactless_flag": {Headers: []string{"x", "", "null"}, Values: map[string]string{"": "unknown", "1": "yes", "~": "no", "\u3000": "no"}},
					"mobile_flag":      {Header: "cards", Tokens: []string{"a,b", "[c]"}, Split: "\t"},
					"extra_note":       {Header: "line\nbreak"},
				},
				Status:       map[string]string{"true": "in_service", "01": "removed", "- x": "lost", "#": "pending"},
				DeviceTypes:  map[string]string{"unionpay": "table"},
				Assume:       map[string]string{"country": "CN", "use": "merchant"},
				Dates:        []string{"d/m/yyyy"},
				RegionScheme: "name",
				RegionLevels: []string{"State", "City"},
				TerminalKey:  []string{"acquirer_id", "merchant_id", "terminal_id"},
				Private:      []string{"联系人"},
				Delivery:     "parts",
				Part:         DateFrom{Column: "part"},
				Parts:        []string{"north", "1"},
				MobileIs:     "qr",
				NumericIDs:   true,
			},
		}, {Name: "b", Profile: Profile{SnapshotDate: DateFrom{Value: "2016-12-31"}}}},
		Populations: []Population{
			{Name: "one", Title: "One: the first", Where: "a = 'x'\n  and b -- c\n"},
			{Name: "two", Where: "a\n\nb "},
			{Name: "three", Where: " a\nb"},
		},
		Snapshots: Snapshots{CompleteShare: "0.9", CloseAfter: 0, CarryMax: 1},
		Limits:    Limits{Memory: 3 << 29, Record: 1 << 20, Unpacked: 1 << 40, Threads: 7, Timeout: 90 * time.Minute},
		Report:    Report{Languages: []string{"zh", "en"}, TopN: 20, Title: "\x1b 😀\u2028\U0001f9e8\U000e0001"},
	}
	full.Sources[0].Columns["contactless_flag"] = Column{
		Headers: []string{"x", "null"},
		Values:  map[string]string{"": "unknown", "1": "yes", "~": "no", "\u3000": "no"},
	}
	return map[string]Config{
		"nothing": {},
		"guessed": {Sources: []Source{{Name: "melbourne", Profile: Profile{
			SnapshotDate: DateFrom{Value: "2016-12-31"},
			Columns:      map[string]Column{"contactless_flag": {Header: "TapAndGo"}},
			Assume:       map[string]string{"status": "in_service", "device_type": "pos", "country": "AU"},
		}}}},
		"everything": full,
	}
}

func TestWriteRoundTrip(t *testing.T) {
	for name, c := range roundTrips() {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "saved")
			if err := Write(dir, c); err != nil {
				t.Fatalf("%v\n%s", err, Render(c))
			}
			w, err := Load(dir, Overrides{})
			if err != nil {
				t.Fatal(err)
			}
			want := c.WithDefaults()
			want.Regions = w.Config.Regions
			if diff := cmp.Diff(want, w.Config, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s\nwritten:\n%s", diff, Render(c))
			}
		})
	}
}

func TestWriteRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "saved")
	err := Write(dir, Config{Sources: []Source{{Name: "a"}}})
	want := "tapcov.yaml:8:5: snapshot_date needs exactly one of value, file_name, cell, column"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a refused configuration left a folder behind")
	}
}

func TestRender(t *testing.T) {
	want := `# What this workspace counts and how its exports are read.
# tapcov config check finds mistakes; tapcov config check --show prints what is left out here.

estate:
  area: CN  # a country, or a region key such as 350000
  acquirers: all  # all, or a list of acquirer ids
sources:
  - name: melbourne  # also the folder below inbox
    snapshot_date: 2016-12-31  # the date the rows describe
    columns:  # column of tapcov: header of the export; common headers are known
      contactless_flag: TapAndGo
    assume:  # the same for every row; reports print each of these
      country: AU
      device_type: pos
      status: in_service
`
	if diff := cmp.Diff(want, string(Render(roundTrips()["guessed"]))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	source := RenderSource(Source{Name: "b", Profile: Profile{SnapshotDate: DateFrom{Column: "日期"}}})
	want = `  - name: b  # also the folder below inbox
    snapshot_date:  # the date the rows describe
      column: 日期
`
	if diff := cmp.Diff(want, string(source)); diff != "" {
		t.Errorf("source (-want +got):\n%s", diff)
	}
}

// FuzzRender holds that every text survives as a value, a key, an entry of a list and a block.
func FuzzRender(f *testing.F) {
	for _, text := range []string{"", " ", "null", "~", "yes", "a: b", "- a", "# a", "it's", `"`, `\`, "\t", "a\nb", "a\n\n", "0x1", "1e3", "2016-12-31", "[", "{", "*a", "&a", "!a", "%", "@", "`", "终端号", "\u3000", "\u0085", "\ufeff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 10_000 {
			t.Skip("no text of a configuration")
		}
		c := Config{
			Sources: []Source{{Name: text, Profile: Profile{
				Status:  map[string]string{text: "x", "y": text},
				Columns: map[string]Column{text: {Header: text}, "model": {Header: "m", Headers: []string{text, "z"}}},
			}}},
			Populations: []Population{{Where: text}, {Where: text + "\n" + text}},
		}.WithDefaults()
		got := Defaults()
		_, problems := decode(FileName, Render(c), &got)
		if len(problems) > 0 {
			t.Fatalf("%v\nin what Render wrote:\n%s", problems, Render(c))
		}
		got = got.WithDefaults()
		if diff := cmp.Diff(string(canonicalJSON(c)), string(canonicalJSON(got))); diff != "" {
			t.Errorf("(-want +got):\n%s\nwritten:\n%s", diff, Render(c))
		}
	})
}
