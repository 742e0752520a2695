package conform_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// The columns of the files that DuckDB tests its rejects with, as it reads them and as a profile does.
var rejectCases = map[string]struct {
	columns string
	profile map[string]workspace.Column
}{
	"a,b,c,d": {"{a: 'varchar', b: 'integer', c: 'integer', d: 'integer'}", map[string]workspace.Column{
		"terminal_id": {Header: "a"}, "transaction_count": {Header: "b"}, "contactless_transaction_count": {Header: "d"},
	}},
	"a,b": {"{a: 'varchar', b: 'integer'}", map[string]workspace.Column{
		"terminal_id": {Header: "a"}, "transaction_count": {Header: "b"},
	}},
	"name,age,current_day, barks": {"{name: 'varchar', age: 'integer', current_day: 'date', barks: 'integer'}", map[string]workspace.Column{
		"terminal_id": {Header: "name"}, "transaction_count": {Header: "age"}, "updated_at": {Header: "current_day"},
		"contactless_transaction_count": {Header: "barks"},
	}},
	"name,age,current_day, tomorrow": {"{name: 'varchar', age: 'integer', current_day: 'date', tomorrow: 'date'}", map[string]workspace.Column{
		"terminal_id": {Header: "name"}, "transaction_count": {Header: "age"}, "updated_at": {Header: "current_day"},
		"installed_on": {Header: "tomorrow"},
	}},
	"name,last_name, age,current_day, barks": {"{name: 'varchar', last_name: 'varchar', age: 'integer', current_day: 'date', barks: 'integer'}", map[string]workspace.Column{
		"terminal_id": {Header: "name"}, "transaction_count": {Header: "age"}, "updated_at": {Header: "current_day"},
		"contactless_transaction_count": {Header: "barks"},
	}},
}

// For every line that DuckDB rejects in the files of its own tests there is a reject with that line and a reason.
func TestEveryLineThatDuckDBRejects(t *testing.T) {
	folder := filepath.Join(sharedData, "torture", "duckdb", "data", "csv", "rejects")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("shared/data is not beside the project")
	}
	files, lines := 0, 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		header, _, _ := strings.Cut(string(content), "\n")
		c, isCase := rejectCases[strings.TrimSuffix(header, "\r")]
		if !isCase {
			return nil // files of one column, and of columns that no inventory has
		}
		files++
		limit := 0
		if strings.Contains(d.Name(), "max") {
			limit = 40
		}
		want := linesRejectedByDuckDB(t, path, c.columns, limit)
		head, blocks := blocksWith(t, path, export.Options{Delimiter: ",", RecordLimit: limit})
		file := fileOf(t, d.Name(), workspace.Profile{
			Columns: c.profile, SnapshotDate: workspace.DateFrom{Value: "2023-12-31"},
			Assume: map[string]string{"status": "in_service", "device_type": "pos"},
		})
		got := conformedBlocks(t, head, blocks, file)
		for line, why := range want {
			lines++
			isRejected := slices.ContainsFunc(got.rejects, func(reject map[string]string) bool {
				return reject["source_line"] == strconv.FormatInt(line, 10) && reject["reason"] != ""
			})
			if !isRejected {
				t.Errorf("%s: DuckDB rejects line %d (%s), got %v", d.Name(), line, why, got.rejects)
			}
		}
		for _, reject := range got.rejects {
			if conform.Reasons()[reject["reason"]] == "" {
				t.Errorf("%s: reason %q has no words", d.Name(), reject["reason"])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 || lines < 30 {
		t.Errorf("got %d files with %d rejected lines", files, lines)
	}
	t.Logf("%d files, %d lines", files, lines)
}

// linesRejectedByDuckDB returns what is wrong by line.
func linesRejectedByDuckDB(t *testing.T, path, columns string, limit int) map[int64]string {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{Memory: 256 << 20, Threads: 1, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	options := ""
	if limit > 0 {
		options = fmt.Sprintf(", max_line_size = %d", limit)
	}
	var records int64
	if err := e.Scan(t.Context(), "select count(*) from (select * from read_csv("+engine.Quote(path)+
		", auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', new_line = '\\n', strict_mode = true, store_rejects = true, columns = "+columns+options+"))", &records); err != nil {
		t.Fatal(err)
	}
	rows, err := e.Query(t.Context(), "select line, cast(error_type as varchar) || ' ' || coalesce(column_name, '') from reject_errors")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	rejected := map[int64]string{}
	for rows.Next() {
		var line int64
		var why string
		if err := rows.Scan(&line, &why); err != nil {
			t.Fatal(err)
		}
		rejected[line] += why + "; "
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return rejected
}
