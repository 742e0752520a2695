package guess_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/guess"
)

// A file scores 10 points: one for being loaded at all, and three each for the header, the records and the
// cells: precision, recall and their harmonic mean, counted as multisets.
func (want sheet) score(got sheet) float64 {
	points := 1.0
	points += agreement([]string{strings.Join(want.header, "\x00")}, []string{strings.Join(got.header, "\x00")})
	points += agreement(joined(want.records), joined(got.records))
	return points + agreement(slices.Concat(want.records...), slices.Concat(got.records...))
}

func joined(records [][]string) (lines []string) {
	for _, record := range records {
		lines = append(lines, strings.Join(record, "\x00"))
	}
	return lines
}

// agreement is precision, recall and their mean: 3 if both hold the same.
func agreement(want, got []string) float64 {
	counts, common := map[string]int{}, 0
	for _, text := range want {
		counts[text]++
	}
	for _, text := range got {
		if counts[text] > 0 {
			counts[text]--
			common++
		}
	}
	if len(want) == 0 && len(got) == 0 {
		return 3
	}
	if common == 0 {
		return 0
	}
	precision, recall := float64(common)/float64(len(got)), float64(common)/float64(len(want))
	return precision + recall + 2*precision*recall/(precision+recall)
}

// generated are names that a loader gives columns that have none.
var generated = regexp.MustCompile(`^column_?\d+$`)

// shown makes a sheet of what a loader returned.
func shown(header []string, records [][]string) sheet {
	if !slices.ContainsFunc(header, func(name string) bool { return !generated.MatchString(name) }) {
		header = nil
	}
	for i := range records {
		for k := range records[i] {
			records[i][k] = strings.ReplaceAll(records[i][k], "\r\n", "\n")
		}
	}
	return sheet{header, records}
}

func byTapcov(t *testing.T, path string) (sheet, error) {
	t.Helper()
	var text bytes.Buffer
	if _, err := guess.WriteCSV(t.Context(), path, &text, guess.InspectOptions{}); err != nil {
		return sheet{}, err
	}
	reader := csv.NewReader(&text)
	reader.FieldsPerRecord = -1
	all, err := reader.ReadAll()
	if err != nil || len(all) == 0 {
		return sheet{}, err
	}
	return shown(all[0], all[1:]), nil
}

// bySniffer reads a file as DuckDB takes it.
func bySniffer(t *testing.T, e *engine.Engine, path, options string) (sheet, error) {
	t.Helper()
	rows, err := e.Query(t.Context(), "select * from read_csv("+engine.Quote(path)+", all_varchar = true"+options+")")
	if err != nil {
		return sheet{}, err
	}
	defer rows.Close()
	header, err := rows.Columns()
	if err != nil {
		return sheet{}, err
	}
	var records [][]string
	for rows.Next() {
		record, pointers := make([]*string, len(header)), make([]any, len(header))
		for i := range record {
			pointers[i] = &record[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			return sheet{}, err
		}
		texts := make([]string, len(header))
		for i, text := range record {
			if text != nil {
				texts[i] = *text
			}
		}
		records = append(records, texts)
	}
	return shown(header, records), rows.Err()
}

// sniffing are the options of DuckDB's reader that polluted files are read with. Of each file the best of
// them counts, which nobody who loads it can know.
var sniffing = []string{
	"", ", null_padding = true", ", strict_mode = false", ", ignore_errors = true",
	", null_padding = true, strict_mode = false", ", null_padding = true, strict_mode = false, ignore_errors = true",
}

// Of what a polluted file says more is understood than by DuckDB's sniffer, the best loader of its field.
func TestPollutionIsUnderstoodBetterThanBySniffing(t *testing.T) {
	e, err := engine.Open(t.Context(), engine.Options{Memory: 256 << 20, Threads: 1, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	type tally struct {
		files        int
		own, sniffed float64
	}
	kinds := map[string]*tally{}
	tried := sniffing
	if testing.Short() {
		tried = nil // it takes its time
	}
	var total tally
	for n, p := range pollutions() {
		path := filepath.Join(t.TempDir(), fmt.Sprintf("%d.csv", n))
		if err := os.WriteFile(path, []byte(p.text), 0o600); err != nil {
			t.Fatal(err)
		}
		own, sniffed := 0.0, 0.0
		if got, err := byTapcov(t, path); err == nil {
			own = p.want.score(got)
		}
		for _, options := range tried {
			if got, err := bySniffer(t, e, path, options); err == nil {
				sniffed = max(sniffed, p.want.score(got))
			}
		}
		k := kinds[p.kind]
		if k == nil {
			k = &tally{}
			kinds[p.kind] = k
		}
		for _, t := range []*tally{k, &total} {
			t.files, t.own, t.sniffed = t.files+1, t.own+own, t.sniffed+sniffed
		}
		if own < 9.9 {
			t.Logf("%-60s own %6.3f, sniffed %6.3f", p.name, own, sniffed)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		k := kinds[kind]
		t.Logf("%-20s %4d files: own %6.3f, sniffed %6.3f", kind, k.files, k.own/float64(k.files), k.sniffed/float64(k.files))
	}
	own, sniffed := total.own/float64(total.files), total.sniffed/float64(total.files)
	t.Logf("%-20s %4d files: own %6.3f, sniffed %6.3f", "all", total.files, own, sniffed)
	if own < 9.99 || own < sniffed {
		t.Errorf("got %.3f of 10, want 9.99 and more than the sniffer's %.3f", own, sniffed)
	}
}
