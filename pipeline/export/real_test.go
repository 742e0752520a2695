package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/export/container"
	"github.com/tapcov/tapcov/pipeline/export/text"
)

// shared returns the path of real data kept beside the project.
func shared(t *testing.T, path string) string {
	t.Helper()
	path = filepath.Join("..", "..", "..", "shared", "data", path)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no shared data: %v", err)
	}
	return path
}

func TestSpectrum(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "torture/csv-spectrum/csvs"), "*.csv"))
	if err != nil || len(files) != 12 {
		t.Fatalf("got %d files, %v, want 12", len(files), err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".csv")
		oracle, err := os.ReadFile(shared(t, filepath.Join("torture/csv-spectrum/json", name+".json")))
		if err != nil {
			t.Fatal(err)
		}
		if name == "location_coordinates" {
			// The oracle is a bare object, and has another telephone number than the file.
			oracle = fmt.Appendf(nil, "[%s]", bytes.Replace(oracle, []byte("1234567890"), []byte("2095257564"), 1))
		}
		var want []map[string]string
		if err := json.Unmarshal(oracle, &want); err != nil {
			t.Fatal(err)
		}
		rows, _, err := decodeAll(t, path, Options{}, 2)
		if err != nil || len(rows) == 0 {
			t.Errorf("%s: got %d rows, %v", name, len(rows), err)
			continue
		}
		var got []map[string]string
		for _, r := range rows[1:] {
			object := map[string]string{}
			for i, header := range rows[0].Cells {
				object[header] = strings.ReplaceAll(r.Cells[i], null, "")
			}
			got = append(got, object)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

// Inventories that nobody here wrote: how many rows of which width, and where the odd ones are.
func TestInventories(t *testing.T) {
	for _, c := range []struct {
		file   string
		format Format
		widths map[int]int
		first  string
		odd    map[int64]int // line → width
	}{
		{
			"melbourne_parking_meters.csv",
			Format{Container: "none", Encoding: "utf-8", Delimiter: ",", LineEnd: "lf"},
			map[int]int{10: 1096},
			"MeterId", nil,
		},
		{
			// Two records are cut in two by a carriage return outside quotes.
			"uk_national_chargepoint_registry.csv",
			Format{Container: "none", Encoding: "utf-8", Delimiter: ",", LineEnd: "lf"},
			map[int]int{158: 3965, 52: 2, 107: 2},
			"chargeDeviceID",
			map[int64]int{993: 52, 994: 107, 996: 52, 997: 107},
		},
		{
			"us_afdc_stations_wa.csv",
			Format{Container: "none", Encoding: "utf-8", BOM: true, Delimiter: ",", LineEnd: "lf"},
			map[int]int{70: 1705},
			"Fuel Type Code", nil,
		},
	} {
		path := shared(t, filepath.Join("inventory", c.file))
		for _, blockSize := range []int{0, 1000} {
			rows, summary, err := decodeAll(t, path, Options{BlockSize: blockSize}, 2)
			if err != nil {
				t.Errorf("%s: %v", c.file, err)
				continue
			}
			if diff := cmp.Diff(c.format, summary.Format); diff != "" {
				t.Errorf("%s: -want +got\n%s", c.file, diff)
			}
			widths := map[int]int{}
			for _, r := range rows {
				widths[len(r.Cells)]++
				if want, ok := c.odd[r.Line]; ok && want != len(r.Cells) {
					t.Errorf("%s:%d: got %d cells, want %d", c.file, r.Line, len(r.Cells), want)
				}
			}
			if diff := cmp.Diff(c.widths, widths); diff != "" {
				t.Errorf("%s: -want +got\n%s", c.file, diff)
			}
			if rows[0].Cells[0] != c.first {
				t.Errorf("%s: got header %q, want %q", c.file, rows[0].Cells[0], c.first)
			}
		}
	}
}

// checkJSON compares records with the objects that encoding/json finds in a file, as far as their values are
// texts or numbers.
func checkJSON(t *testing.T, path string, rows []record) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	decoder := json.NewDecoder(file)
	decoder.UseNumber()
	if text, err := os.ReadFile(path); err != nil || text[0] == '[' {
		if _, err := decoder.Token(); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range rows {
		var object map[string]any
		if err := decoder.Decode(&object); err != nil || r.Fault != FaultNone {
			t.Errorf("%s:%d: got fault %d, encoding/json says %v", path, r.Line, r.Fault, err)
		}
		for name, value := range object {
			switch value.(type) {
			case string, json.Number:
				if !slices.Contains(r.Cells, fmt.Sprint(value)) {
					t.Errorf("%s:%d: %s is %q, got %q", path, r.Line, name, value, r.Cells)
				}
			}
		}
	}
}

// Every odd file of other parsers' tests loads as the reference reads it, or is refused.
func TestTorture(t *testing.T) {
	loaded, refusals := 0, map[string]string{}
	for _, root := range []string{"torture/duckdb/data", "torture/miller/test", "torture/univocity/src", "torture/x_text_encodings"} {
		err := filepath.WalkDir(shared(t, root), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			_, rows, summary, err := decodeAgain(t, path, Options{BlockSize: 64})
			var refused *RefusedError
			switch {
			case errors.As(err, &refused):
				refusals[d.Name()] = refused.Err.Error()
				return nil
			case err != nil:
				t.Errorf("%s: %v", path, err)
				return nil
			}
			loaded++
			if summary.Format.Kind != "" {
				checkJSON(t, path, rows)
				return nil
			}
			want := readWhole(t, path, summary.Format)
			if diff := cmp.Diff(want, rows); diff != "" {
				t.Errorf("%s: -want +got\n%s", path, diff)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if loaded < 100 {
		t.Errorf("got %d files loaded", loaded)
	}
	for _, name := range []string{"latin1.csv", "all_latin1.csv", "candide-windows-1252.txt"} {
		if !strings.Contains(refusals[name], "more than 1%; if it is windows-1252, say so in format.encoding") {
			t.Errorf("%s: got %q, want it refused", name, refusals[name])
		}
	}
	t.Logf("%d loaded, %d refused: %v", loaded, len(refusals), refusals)
}

// readWhole reads a file by the reference splitter.
func readWhole(t *testing.T, path string, f Format) []record {
	t.Helper()
	e, err := Open(path, Options{Encoding: f.Encoding})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	stream, err := e.stream(false)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	raw := readAll(t, stream)
	var damage text.Damage
	content, _ := text.Encoding(f.Encoding).Append(nil, raw[e.bom:], true, &damage)
	return reference(content, damage.At, e.dialect, defaultRecordLimit)
}

func readAll(t *testing.T, s *container.Stream) (all []byte) {
	t.Helper()
	buf := make([]byte, 1000)
	for {
		n, err := s.Read(buf)
		all = append(all, buf[:n]...)
		if err != nil {
			return all
		}
	}
}
