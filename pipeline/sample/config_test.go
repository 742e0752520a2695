package sample

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/workspace"
)

// The configurations that are written load under the strict rules, and name what was written.
func TestWorkspacesLoad(t *testing.T) {
	check := func(dir string, acquirers ...string) {
		t.Helper()
		w := load(t, dir)
		var sources, folders []string
		for _, s := range w.Config.Sources {
			sources = append(sources, s.Name)
			if found, err := filepath.Glob(filepath.Join(w.Inbox(s.Name), s.Files)); err != nil || len(found) == 0 {
				t.Errorf("%s: no export of source %q matches %q: %v", dir, s.Name, s.Files, err)
			}
		}
		entries, err := os.ReadDir(w.Inbox(""))
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			folders = append(folders, entry.Name())
		}
		slices.Sort(sources)
		slices.Sort(folders)
		if diff := cmp.Diff(sources, folders); diff != "" {
			t.Errorf("%s: folders of the inbox (-sources +folders):\n%s", dir, diff)
		}
		for _, id := range acquirers {
			if _, ok := w.Reference.Acquirers.ByID(id); !ok {
				t.Errorf("%s: acquirer %q is not in its reference data", dir, id)
			}
		}
	}
	check(golden, "901", "902", "903", "904", "905")
	generated := t.TempDir()
	if err := Generate(t.Context(), generated, Spec{Rows: 600, Sources: 6}); err != nil {
		t.Fatal(err)
	}
	check(generated, "9001", "9006")
}

func load(t *testing.T, dir string) *workspace.Workspace {
	t.Helper()
	w, err := workspace.Load(dir, workspace.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// The sample's own claim is known, and its acquirers are those of the estate.
func TestSampleClaimAndEstate(t *testing.T) {
	w := load(t, golden)
	claim, ok := w.Reference.Claims.ByID("S1")
	if !ok || !claim.Scope.Estate || claim.Comparator != ">" || claim.Value != "0.60" {
		t.Errorf("claim S1 is %+v, known %v", claim, ok)
	}
	if diff := cmp.Diff([]string{"901", "902", "903", "904", "905"}, w.Config.Estate.Acquirers); diff != "" {
		t.Errorf("acquirers of the estate (-want +got):\n%s", diff)
	}
	for _, raw := range []string{"海港", "00000901", "海港银行"} {
		if acquirer, ok := w.Reference.Acquirers.Match(raw); !ok || acquirer.ID != "901" {
			t.Errorf("acquirer %q is %q, want 901", raw, acquirer.ID)
		}
	}
}

// The truth by province and brand presumes that reference data resolves what the exports say.
func TestPlacesAndBrandsResolve(t *testing.T) {
	w := load(t, golden)
	divisions, err := w.Reference.Regions.At("")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range places {
		for _, code := range []string{p.code, p.former} {
			if code == "" {
				continue
			}
			if key, ok := divisions.Resolve(code); !ok || divisions.Province(key) != p.provinceCode() {
				t.Errorf("code %s of %s resolves to %q, %v", code, p.county, key, ok)
			}
		}
		for _, names := range [][3]string{
			{p.province, p.city, p.county}, {trimSuffix(p.province), trimSuffix(p.city), p.county},
		} {
			if key, ok := divisions.ByName(names[0], names[1], names[2]); !ok || divisions.Province(key) != p.provinceCode() {
				t.Errorf("%v resolves to %q, %v", names, key, ok)
			}
		}
	}
	for _, b := range brands {
		if id, _ := w.Reference.Brands.Match(b.name + "(思明店)"); id != b.id {
			t.Errorf("brand of %s: got %q, want %q", b.name, id, b.id)
		}
	}
	for _, head := range nameHeads {
		for _, kind := range trades {
			if id, ok := w.Reference.Brands.Match("思明" + head + nameTails[0] + kind.name); ok {
				t.Errorf("an invented merchant of %s and %s passes for the brand %q", head, kind.name, id)
			}
		}
	}
}
