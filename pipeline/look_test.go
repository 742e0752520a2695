package pipeline

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/workspace"
)

// A folder of the inbox is often a link to where a share is mounted, and so is a file in it.
func TestLookFollowsLinks(t *testing.T) {
	share, dir := t.TempDir(), t.TempDir()
	write := func(path string) string {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("a\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	link := func(target, name string) {
		if err := os.Symlink(target, name); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(share, "bank", "2017", "01.csv"))
	elsewhere := write(filepath.Join(share, "elsewhere.csv"))
	write(filepath.Join(dir, "inbox", "switch", "02.csv"))
	link(filepath.Join(share, "bank"), filepath.Join(dir, "inbox", "bank"))
	link(elsewhere, filepath.Join(dir, "inbox", "switch", "03.csv"))
	ws := &workspace.Workspace{Dir: dir}
	ws.Config.Sources = []workspace.Source{{Name: "bank"}, {Name: "switch"}, {Name: "never"}}
	files, err := look(ws)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		found = append(found, file.path)
		if file.info.Size() != 2 {
			t.Errorf("%s: %d bytes", file.name, file.info.Size())
		}
	}
	want := []string{
		filepath.Join(dir, "inbox", "bank", "2017", "01.csv"),
		filepath.Join(dir, "inbox", "switch", "02.csv"), filepath.Join(dir, "inbox", "switch", "03.csv"),
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}
