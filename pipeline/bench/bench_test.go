package bench

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Every comparison runs and has its line. What it measured is not judged here: machines differ.
func TestEveryComparisonHasItsLine(t *testing.T) {
	program := filepath.Join(t.TempDir(), "tapcov")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "duckdb_arrow", "-o", program, "github.com/tapcov/tapcov/cmd/tapcov")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	dir := t.TempDir()
	lines := map[string]int{}
	err := Run(t.Context(), Spec{
		Dir: dir, Program: program, Rows: []int64{2000, 4000}, Runs: 1, Seed: 7, Sources: 2, Months: 300,
		Say: func(l Line) {
			if l.Value <= 0 {
				t.Errorf("%s: %v", l.What, l.Value)
			}
			lines[l.Unit]++
		},
		Doing: func(string) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	if lines["ratio"] != 2*4+3+1+1+1 || lines["MiB"] != 2 || lines["s"] != 2 {
		t.Errorf("lines by unit: %v", lines)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "months-300", "inbox", "*", "*")); err != nil || len(left) != 12*2 {
		t.Errorf("%d exports are in the inbox again, want all 24 (%v)", len(left), err)
	}
	if _, err := os.Stat(filepath.Join(dir, "later", "inbox")); err == nil {
		if left, _ := filepath.Glob(filepath.Join(dir, "later", "inbox", "*", "*")); len(left) > 0 {
			t.Errorf("%d exports are left aside", len(left))
		}
	}
}
