package sample

import (
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write sample-data anew")

// golden is where the repository keeps the sample.
const golden = "../../sample-data"

func TestWriteGivesSampleData(t *testing.T) {
	if *update {
		if err := os.RemoveAll(golden); err != nil {
			t.Fatal(err)
		}
		if err := Write(golden); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	if err := Write(dir); err != nil {
		t.Fatal(err)
	}
	got, want := contents(t, dir), contents(t, golden)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Fatalf("files (-want +got):\n%s", diff)
	}
	size := 0
	for name, content := range got {
		size += len(content)
		if content == want[name] {
			continue
		}
		if strings.HasPrefix(name, "inbox") {
			t.Errorf("%s: %d bytes differ from the %d of sample-data; -update writes them", name, len(content), len(want[name]))
		} else {
			t.Errorf("%s (-want +got):\n%s", name, cmp.Diff(want[name], content))
		}
	}
	if size > 9<<20 {
		t.Errorf("the sample has %d bytes, more than is modest", size)
	}
}

// contents reads all files below dir by their slash-separated names.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		files[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestWriteLeavesWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	if err := Write(dir); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "tapcov.yaml")
	before, err := os.Stat(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(dir); err != nil {
		t.Fatalf("a second time: %v", err)
	}
	after, err := os.Stat(config)
	if err != nil {
		t.Fatal(err)
	}
	if !before.ModTime().Equal(after.ModTime()) {
		t.Error("the second time wrote tapcov.yaml again")
	}
}

func TestWriteRefusesAnotherWorkspace(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "tapcov.yaml")
	if err := os.WriteFile(config, []byte("estate: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := Write(dir)
	if err == nil || !strings.Contains(err.Error(), "tapcov.yaml") {
		t.Fatalf("got error %v, want one that names tapcov.yaml", err)
	}
	if diff := cmp.Diff(map[string]string{"tapcov.yaml": "estate: {}\n"}, contents(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}
