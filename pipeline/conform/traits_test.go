package conform_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
)

// numbered reads a text in Blocks of a size and returns the numbers of its rows and its traits.
func numbered(t *testing.T, text string, blockSize int) (rows, traits []map[string]string, takes int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	opened, err := export.Open(path, export.Options{BlockSize: blockSize})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	profile := wideProfile
	profile.Assume = map[string]string{"status": "in_service", "device_type": "pos"}
	file := fileOf(t, "a.csv", profile)
	checked := memory.NewCheckedAllocator(memory.NewGoAllocator())
	file.Memory = checked
	binding, err := conform.Bind(opened.Head(), file)
	if err != nil {
		t.Fatal(err)
	}
	numbering := conform.NewNumbering(binding)
	take := func() {
		batch := numbering.Take()
		traits = append(traits, rowsOf(batch)...)
		batch.Release()
		takes++
	}
	_, err = export.Decode(t.Context(), opened, 2, binding.Conform, func(batch *conform.Batch) error {
		numbering.Number(batch)
		rows = append(rows, rowsOf(batch.Inventory)...)
		if batch.Release(); numbering.IsFull() {
			take()
		}
		return nil
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	take()
	checked.AssertSize(t, 0)
	return rows, traits, takes
}

// What a number is depends on what the export says first and not on how it is cut into Blocks.
func TestNumbersDoNotDependOnBlocks(t *testing.T) {
	text := wideExport(3000)
	rows, traits, _ := numbered(t, text, 0)
	otherRows, otherTraits, _ := numbered(t, text, 16<<10)
	if diff := cmp.Diff(rows, otherRows); diff != "" {
		t.Errorf("rows (-one block +many):\n%s", diff)
	}
	if diff := cmp.Diff(traits, otherTraits); diff != "" {
		t.Errorf("traits (-one block +many):\n%s", diff)
	}
	if rows[0]["place"] != "1" || rows[0]["device"] != "1" || rows[0]["terms"] != "1" {
		t.Errorf("the first row is %v, want numbers 1", rows[0])
	}
}

// An export whose rows have nothing in common is numbered in bounded memory, each number once.
func TestTraitsWithoutEnd(t *testing.T) {
	var text strings.Builder
	text.WriteString("终端号,厂商,型号,行政区划代码\n")
	for i := range 60_000 {
		fmt.Fprintf(&text, "%08d,maker %d,%s,%06d\n", i, i, strings.Repeat("m", 200), i%7)
	}
	rows, traits, takes := numbered(t, text.String(), 512<<10)
	if takes < 2 {
		t.Errorf("taken %d times, want several", takes)
	}
	devices, places := map[string]string{}, 0
	for _, trait := range traits {
		switch trait["kind"] {
		case "device":
			if devices[trait["number"]] != "" {
				t.Fatalf("device %s is there twice", trait["number"])
			}
			devices[trait["number"]] = trait["vendor"]
		case "place":
			places++
		}
	}
	for i, row := range rows {
		if got, want := devices[row["device"]], fmt.Sprintf("maker %d", i); got != want {
			t.Fatalf("row %d: got %q, want %q", i, got, want)
		}
	}
	if places > 7*takes {
		t.Errorf("%d places, want at most 7 for each of %d times", places, takes)
	}
}
