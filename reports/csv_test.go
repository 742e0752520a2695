package reports

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCSVCells(t *testing.T) {
	check := func(want string, add func(*csvTable)) {
		t.Helper()
		var out bytes.Buffer
		table := newCSVTable(&out, "a")
		add(table)
		table.end()
		if err := table.close(); err != nil {
			t.Fatal(err)
		}
		if got, want := out.String(), "\ufeffa\r\n"+want+"\r\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	text := func(s string) func(*csvTable) { return func(t *csvTable) { t.text(s) } }
	check("家乐福", text("家乐福"))
	check("", text(""))
	check(`"a,b"`, text("a,b"))
	check(`"a ""b"""`, text(`a "b"`))
	check("\"a\r\nb\rc\nd\"", text("a\r\nb\rc\nd")) // kept as it is
	check(`" a"`, text(" a"))
	check("a;b\tc", text("a;b\tc"))
	check(`"'=1+1"`, text("=1+1"))
	check(`"'+86 21"`, text("+86 21"))
	check(`"'-"`, text("-"))
	check(`"'--"`, text("--"))
	check(`"'@sum(a)"`, text("@sum(a)"))
	check("\"'\t=1\"", text("\t=1"))
	check("\"'\r=1\"", text("\r=1"))
	check("\"'\n=1\"", text("\n=1"))
	check(`"'＝1"`, text("＝1"))
	check(`"'=a""b"`, text(`=a"b`))
	check("-12", func(t *csvTable) { t.number(-12) })
	check("-0.125000", func(t *csvTable) { t.share(Ratio{-1, 8}) })
	check("2.000000", func(t *csvTable) { t.share(Ratio{2, 1}) })
	check("0.728767", func(t *csvTable) { t.share(Ratio{798, 1095}) })
	check("", func(t *csvTable) { t.share(Ratio{}) })
	check("", func(t *csvTable) { t.positive(0) })
	check("true,false", func(t *csvTable) { t.boolean(true).boolean(false) })
}

// Whatever the cells hold, a CSV reader finds as many rows and columns as were written, and no cell
// that begins a formula.
func TestCSVOfHostileReport(t *testing.T) {
	r := hostile()
	writers := map[string]func(io.Writer) error{
		"coverage": func(w io.Writer) error { return WriteCoverage(w, r.Breakdowns[2].all()) },
		"claims":   func(w io.Writer) error { return WriteClaims(w, r.Claims) },
		"figures":  func(w io.Writer) error { return WriteFigures(w, r.Figures) },
		"rejects":  func(w io.Writer) error { return WriteRejects(w, r.Rejects) },
		"exports":  func(w io.Writer) error { return WriteExports(w, r.Provenance.Exports) },
		"tie-out":  func(w io.Writer) error { return WriteTieOut(w, r.TieOut) },
	}
	for name, write := range writers {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		text, hasMark := strings.CutPrefix(out.String(), byteOrderMark)
		if !hasMark || !strings.HasSuffix(text, "\r\n") {
			t.Errorf("%s: no byte order mark or no last line end", name)
		}
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, row := range rows[1:] {
			for j, cell := range row {
				isNumber := strings.Trim(cell, "-0123456789.") == "" && strings.Trim(cell, "-") != ""
				if StartsFormula(cell) && !isNumber {
					t.Errorf("%s: row %d, column %s begins a formula: %q", name, i+1, rows[0][j], cell)
				}
			}
		}
	}
}

// The columns of coverage.csv are those of the coverage table, in its order.
func TestCoverageColumns(t *testing.T) {
	var out bytes.Buffer
	if err := WriteCoverage(&out, sampleCoverage()); err != nil {
		t.Fatal(err)
	}
	header, _, _ := strings.Cut(strings.TrimPrefix(out.String(), byteOrderMark), "\r\n")
	want := strings.Fields(`snapshot_date population unit reading level key name
		terminal_count yes_count no_count unknown_count
		undecided_count rejected_count carried_count carried_yes_count carried_no_count missing_count
		lower_share known_share upper_share
		merchant_count merchant_any_count merchant_any_upper_count merchant_all_count merchant_all_upper_count merchant_none_count
		transaction_count contactless_transaction_count is_additive`)
	if diff := cmp.Diff(want, strings.Split(header, ",")); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
}

// A full disk ends the writing with its error.
func TestCSVKeepsTheFirstError(t *testing.T) {
	full := fmt.Errorf("no space left")
	many := func(yield func(CoverageRow, error) bool) {
		for range 5000 {
			if !yield(row("brand", "a", "b", counts(3, 1, 1, 0)), nil) {
				return
			}
		}
	}
	if err := WriteCoverage(fullDisk{full}, many); !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
}

type fullDisk struct{ err error }

func (d fullDisk) Write([]byte) (int, error) { return 0, d.err }

func BenchmarkWriteCoverage(b *testing.B) {
	one := row("province_brand", "350000/carrefour", "福建省 家乐福", counts(402, 180, 90, 12))
	rows := func(yield func(CoverageRow, error) bool) {
		for range b.N {
			if !yield(one, nil) {
				return
			}
		}
	}
	b.ReportAllocs()
	if err := WriteCoverage(io.Discard, rows); err != nil {
		b.Fatal(err)
	}
}
