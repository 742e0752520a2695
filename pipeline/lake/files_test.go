package lake

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestCommit(t *testing.T) {
	w := newLake(t)
	final := w.CoveragePath("2017-01-31", "ab12")
	temp := w.Temp(final)
	if filepath.Dir(temp) != w.TempDir() || !strings.HasSuffix(temp, "-ab12.parquet") {
		t.Errorf("Temp = %s", temp)
	}
	if w.Temp(final) == temp {
		t.Error("Temp gives one name twice")
	}
	for _, text := range []string{"first", "second"} {
		write(t, temp, text)
		if err := Commit(temp, final); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(final)
		if string(data) != text || err != nil {
			t.Errorf("read %q, %v; want %q", data, err, text)
		}
		if _, err := os.Stat(temp); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is still there", temp)
		}
	}
}

func TestCommitFails(t *testing.T) {
	w := newLake(t)
	final := w.ClaimsPath("ab12")
	wantError(t, Commit(w.Temp(final), final), "commit "+final, "no such file")

	// A folder stands where the file belongs.
	temp := w.Temp(final)
	write(t, temp, "rows")
	write(t, filepath.Join(final, "in the way"), "")
	wantError(t, Commit(temp, final), "commit "+final)
	if _, err := os.Stat(temp); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s was left behind", temp)
	}
}

func TestDescribe(t *testing.T) {
	w := newLake(t)
	path := w.SettledPath("2017-01-31", "ab12")
	write(t, path, "12345")
	file, err := w.Describe(path, 3, "h")
	if err != nil {
		t.Fatal(err)
	}
	want := File{Path: "settled/snapshot_date=2017-01-31/ab12.parquet", Rows: 3, Hash: "h", Bytes: 5}
	if diff := cmp.Diff(want, file); diff != "" {
		t.Error(diff)
	}
	if !w.Has(file) || w.Abs(file) != path {
		t.Errorf("Has = %t, Abs = %s", w.Has(file), w.Abs(file))
	}
	_, err = w.Describe(filepath.Dir(w.Dir()), 0, "")
	wantError(t, err, "not in lake")
	_, err = w.Describe(w.ClaimsPath("none"), 0, "")
	wantError(t, err, "describe file", "no such file")
}

func TestFacts(t *testing.T) {
	w := newLake(t)
	path := w.SettledPath("2017-01-31", "ab12")
	tally := json.RawMessage(`7`)
	check := func(when string, want File, wantKnown bool) {
		t.Helper()
		got, stored, known, err := w.Facts(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" || known != wantKnown {
			t.Errorf("%s: known %t, want %t: %s", when, known, wantKnown, diff)
		}
		if known != (string(stored) == string(tally)) {
			t.Errorf("%s: known %t with tally %q", when, known, stored)
		}
	}
	check("nothing there", File{}, false)
	write(t, path, "12345")
	check("file without facts", File{}, false)
	file, err := w.WriteFacts(path, 3, "h", tally)
	if err != nil {
		t.Fatal(err)
	}
	check("file and facts", file, true)
	write(t, path, "1234")
	check("cut file", File{}, false)
	write(t, path, "12345")
	write(t, sidecarPath(path), `{"format": 1, "pa`)
	check("cut facts", File{}, false)
	if _, err := w.WriteFacts(path, 3, "h", tally); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	check("facts without file", File{}, false)

	moved := w.SettledPath("2017-02-28", "ab12")
	write(t, path, "12345")
	write(t, moved, "12345")
	data, err := os.ReadFile(sidecarPath(path))
	if err != nil {
		t.Fatal(err)
	}
	write(t, sidecarPath(moved), string(data))
	if _, _, known, err := w.Facts(moved); known || err != nil {
		t.Errorf("facts of another file: known %t, %v", known, err)
	}
}

func TestInventory(t *testing.T) {
	w := newLake(t)
	const id = "ab12"
	check := func(when string, want *Inventory) {
		t.Helper()
		got, err := w.Inventory(id)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", when, diff)
		}
	}
	check("nothing there", nil)
	rows, err := put(w, w.InventoryPath(id), "rows")
	if err != nil {
		t.Fatal(err)
	}
	// Here a run was killed: the rows are in place and nobody knows their accounts.
	check("rows alone", nil)
	rejects, err := put(w, w.RejectsPath(id), "rejects")
	if err != nil {
		t.Fatal(err)
	}
	saved := &Inventory{
		ID: id, ExportID: "ee", Source: "icbc", SnapshotDate: "2017-01-31", Rows: rows, Rejects: rejects,
		Format: json.RawMessage(`"gb18030"`), Tally: json.RawMessage(`7`),
	}
	if err := w.SaveInventory(saved); err != nil {
		t.Fatal(err)
	}
	check("saved", saved)
	all, err := w.Inventories()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]*Inventory{saved}, all); diff != "" {
		t.Error(diff)
	}
	write(t, w.RejectsPath(id), "reject")
	check("cut rejects", nil)
	write(t, w.RejectsPath(id), "rejects")
	write(t, sidecarPath(w.InventoryPath(id)), "")
	check("empty facts", nil)
	if all, err := w.Inventories(); err != nil || len(all) != 0 {
		t.Errorf("Inventories = %v, %v; want none", all, err)
	}
	write(t, sidecarPath(w.InventoryPath(id)), `{"lake_format": 1, "id": "cd34"}`)
	_, err = w.Inventory(id)
	wantError(t, err, "ab12.json", `names inventory "cd34"`)
}

func TestInventoryOfARefusedExport(t *testing.T) {
	w := newLake(t)
	refused := &Inventory{ID: "ab12", ExportID: "ee", Source: "icbc", Refused: "no terminal id found"}
	if err := w.SaveInventory(refused); err != nil {
		t.Fatal(err)
	}
	got, err := w.Inventory("ab12")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(refused, got); diff != "" {
		t.Error(diff)
	}
}

func TestSaveInventoryRefuses(t *testing.T) {
	w := newLake(t)
	rows := File{Path: "inventory/ab12.parquet", Bytes: 4}
	wantError(t, w.SaveInventory(&Inventory{ID: "ab12"}), "save inventory ab12", "either rows or the reason")
	wantError(t, w.SaveInventory(&Inventory{ID: "ab12", Rows: rows, Refused: "why"}), "either rows or the reason")
	wantError(t, w.SaveInventory(&Inventory{ID: "ab12", Rows: rows}), "save inventory ab12", "no such file")
}

func TestSweep(t *testing.T) {
	w := newLake(t)
	mustPublish(t, w)
	keep := listFiles(t, w.Dir())
	write(t, w.Temp("ab12.parquet"), "half")
	write(t, filepath.Join(w.TempDir(), "spill", "block.1"), "spilt")
	write(t, w.SettledPath("2017-01-31", "ab12")+".tmp", "half")
	write(t, w.InventoryPath("ab12")+".tmp", "half")
	removed, err := w.Sweep()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(4, removed); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(keep, listFiles(t, w.Dir())); diff != "" {
		t.Error(diff)
	}
}

func listFiles(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
