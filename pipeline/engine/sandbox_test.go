package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/google/go-cmp/cmp"
)

func sandbox(t *testing.T, options SandboxOptions) *Sandbox {
	t.Helper()
	options.TempDir = t.TempDir()
	s, err := OpenSandbox(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if left, _ := os.ReadDir(options.TempDir); len(left) > 0 {
			t.Errorf("it left %v", left)
		}
	})
	return s
}

// rows reads a small result as text.
func rows(t *testing.T, s *Sandbox, query string, args ...any) (all [][]string) {
	t.Helper()
	c, err := s.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer c.Close()
	for c.Next() {
		batch := c.Batch()
		for i := range int(batch.NumRows()) {
			row := []string{}
			for _, column := range batch.Columns() {
				row = append(row, strings.Clone(column.ValueStr(i))) // the batch owns the text
			}
			all = append(all, row)
		}
		batch.Release()
	}
	if c.Err() != nil {
		t.Fatalf("%s: %v", query, c.Err())
	}
	return all
}

func TestSandboxRunsQueries(t *testing.T) {
	s := sandbox(t, SandboxOptions{})
	if err := s.Fill(t.Context(), "terminals", "terminal_id varchar, count bigint, since date", [][]any{
		{"0012", int64(3), time.Date(2017, 1, 31, 0, 0, 0, 0, time.UTC)}, {`a"'\`, nil, nil},
	}); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string][][]string{
		"select * from terminals order by 1":                    {{"0012", "3", "2017-01-31"}, {`a"'\`, "(null)", "(null)"}},
		"from terminals select count(*);":                       {{"2"}},
		"-- how many\nselect sum(count) from terminals -- done": {{"3"}},
		"values (1), (2)":                                       {{"1"}, {"2"}},
		"with t as (select 1 as a) table t":                     {{"1"}},
		"select column_name from (describe terminals) limit 1":  {{"terminal_id"}},
		"select bitwise_and(7, 2)":                              {{"2"}},
	} {
		if diff := cmp.Diff(want, rows(t, s, query)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	if got := rows(t, s, "select cast(? as varchar), cast(? as bigint)", "x'", nil); !cmp.Equal(got, [][]string{{"x'", "(null)"}}) {
		t.Errorf("with parameters: %v", got)
	}
	for _, query := range []string{"explain select 1", " /* why */ EXPLAIN analyze select 1", "show tables", "summarize terminals"} {
		if len(rows(t, s, query)) == 0 {
			t.Errorf("%s: no rows", query)
		}
	}
}

func TestSandboxHandsOutResultsPieceByPiece(t *testing.T) {
	s := sandbox(t, SandboxOptions{Options: Options{Memory: 64 << 20, Threads: 2}})
	c, err := s.Query(t.Context(), "select range as a, 'a text of some length ' || range as b from range(20000000)")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var count int64
	for c.Next() {
		count += c.Batch().NumRows()
		c.Batch().Release()
	}
	// The whole of it would be 700 MB, ten times what the sandbox may hold.
	if c.Err() != nil || count != 20_000_000 {
		t.Errorf("%d rows, %v", count, c.Err())
	}
}

func TestSandboxSaysWhatBreaksAResultHalfway(t *testing.T) {
	s := sandbox(t, SandboxOptions{})
	c, err := s.Query(t.Context(), "select case when range = 1000000 then error('no such luck') end from range(2000000)")
	for err == nil && c.Next() {
		c.Batch().Release()
	}
	if err == nil {
		err = errors.Join(c.Err(), c.Close())
	}
	if err == nil || !strings.Contains(err.Error(), "no such luck") {
		t.Errorf("got %v, want what the query says", err)
	}
}

func TestSandboxEndsWithItsContext(t *testing.T) {
	s := sandbox(t, SandboxOptions{})
	late := errors.New("too late")
	for _, query := range []string{
		"select count(*) from range(10000000000000) where range % 7 = 8", // before the first row
		"select * from range(10000000000000)",                            // between rows
	} {
		ctx, cancel := context.WithTimeoutCause(t.Context(), 200*time.Millisecond, late)
		c, err := s.Query(ctx, query)
		for err == nil && c.Next() {
			c.Batch().Release()
		}
		if err == nil {
			err = errors.Join(c.Err(), c.Close())
		}
		cancel()
		if !errors.Is(err, late) {
			t.Errorf("%s: %v, want %v", query, err, late)
		}
	}
	before := runtime.NumGoroutine()
	c, err := s.Query(t.Context(), "select * from range(10000000000000)")
	if err != nil || !c.Next() {
		t.Fatal(err)
	}
	c.Batch().Release()
	if err := c.Close(); err != nil || runtime.NumGoroutine() > before {
		t.Errorf("a result that nobody reads to its end: %v, %d goroutines, were %d", err, runtime.NumGoroutine(), before)
	}
}

func TestSandboxSaysWhereTheMistakeIs(t *testing.T) {
	s := sandbox(t, SandboxOptions{})
	if err := s.Exec(t.Context(), "create table terminals (terminal_id varchar, acceptance varchar)"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		query string
		want  Mistake
	}{
		{"select * frm x", Mistake{Kind: "parser", Line: 1, Column: 14, At: 13, Text: "select * frm x"}},
		{"select '商户',\n  '中文', terminl_id\nfrom terminals", Mistake{
			Kind: "binder", What: "column", Name: "terminl_id", Candidates: []string{"terminal_id"}, Line: 2, Column: 9, At: 29, Text: "  '中文', terminl_id",
		}},
		{"explain select *\nfrom terminal", Mistake{
			Kind: "catalog", What: "table", Name: "terminal", Candidates: []string{"terminals"}, Line: 2, Column: 6, At: 22, Text: "from terminal",
		}},
		{"select summ(1)", Mistake{Kind: "catalog", What: "scalar function", Name: "summ", Candidates: []string{"sum"}, Line: 1, Column: 8, At: 7, Text: "select summ(1)"}},
	} {
		err := s.Check(t.Context(), test.query)
		mistake := new(Mistake)
		if !errors.As(err, &mistake) {
			t.Errorf("%s: %v, want a mistake", test.query, err)
			continue
		}
		if mistake.Message == "" || strings.ContainsAny(mistake.Message, "{\n") {
			t.Errorf("%s: message %q", test.query, mistake.Message)
		}
		mistake.Message, mistake.Detail, mistake.Statement = "", "", ""
		if diff := cmp.Diff(&test.want, mistake); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.query, diff)
		}
	}
}

func TestSandboxReadsWhatItMayThroughLinks(t *testing.T) {
	folder := t.TempDir()
	plain := open(t)
	file := filepath.Join(folder, "real", "a.parquet")
	if _, err := plain.Copy(t.Context(), "select 42 as a", file); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(folder, "real"), filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	s := sandbox(t, SandboxOptions{Files: []string{filepath.Join(folder, "link", "a.parquet")}})
	if got := rows(t, s, "from "+Quote(filepath.Join(folder, "link", "a.parquet"))); !cmp.Equal(got, [][]string{{"42"}}) {
		t.Errorf("got %v", got)
	}
}

func TestSandboxWritesParquet(t *testing.T) {
	s := sandbox(t, SandboxOptions{Options: Options{Memory: 64 << 20, Threads: 2}})
	path := filepath.Join(t.TempDir(), "a.parquet")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	written, err := s.Parquet(t.Context(), file, "select range as a, '终端' || range as b from range(1000000) -- a million\n;")
	if err := errors.Join(err, file.Close()); err != nil || written != 1_000_000 {
		t.Fatalf("%d rows, %v", written, err)
	}
	e := open(t)
	var count, sum int64
	if err := e.Scan(t.Context(), "select count(b), cast(sum(a) as bigint) from "+Parquet(path), &count, &sum); err != nil {
		t.Fatal(err)
	}
	if count != 1_000_000 || sum != 499_999_500_000 {
		t.Errorf("%d rows that sum to %d", count, sum)
	}

	full := errors.New("no space left")
	if _, err := s.Parquet(t.Context(), writerFunc(func([]byte) (int, error) { return 0, full }), "from range(10000000)"); !errors.Is(err, full) {
		t.Errorf("where nothing can be written: %v, want %v", err, full)
	}
	for _, query := range []string{"select 1) to '/dev/null'; --", "select nothing", "select error('no') from range(10)"} {
		if _, err := s.Parquet(t.Context(), writerFunc(func(p []byte) (int, error) { return len(p), nil }), query); err == nil {
			t.Errorf("%s: no error", query)
		}
	}
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestSandboxBindsParameters(t *testing.T) {
	s := sandbox(t, SandboxOptions{})
	got := rows(t, s, "select cast($day as date) + 1, $name || $name", Param{"name", "厦门"}, Param{"day", "2017-01-31"}, Param{"unused", "x"})
	if diff := cmp.Diff([][]string{{"2017-02-01", "厦门厦门"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for query, args := range map[string][]any{
		"select $day":      {Param{"date", "x"}},
		"select ?":         nil,
		"select 1":         {"x"},
		"select $a, $b, 1": {Param{"a", "x"}},
	} {
		refusal := new(Refusal)
		if _, err := s.Query(t.Context(), query, args...); !errors.As(err, &refusal) || !strings.Contains(err.Error(), "asks for") {
			t.Errorf("%s: %v", query, err)
		}
	}
}

// A saved database opens in any client of DuckDB, with its views and comments.
func TestSandboxSavesDatabase(t *testing.T) {
	folder := t.TempDir()
	s := sandbox(t, SandboxOptions{Folders: []string{folder}})
	if err := s.Fill(t.Context(), "terminals", "terminal_id varchar, brand varchar", [][]any{{"0012", "a"}, {"0013", nil}}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "saved.duckdb")
	err := s.SaveDatabase(t.Context(), path, []Saved{
		{Name: "terminals", Query: "select * from terminals;", Comment: "one row's worth", Columns: []SavedColumn{{"brand", "the chain"}}},
		{Name: "branded", Query: "select * from terminals where brand is not null", IsView: true, Comment: "some"},
	})
	if err != nil {
		t.Fatal(err)
	}
	connector, err := duckdb.NewConnector(path+"?access_mode=READ_ONLY", nil)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	var count int
	var table, view, column string
	if err := db.QueryRowContext(t.Context(), `select (select count(*) from branded), (select comment from duckdb_tables()),
		(select comment from duckdb_views() where view_name = 'branded'),
		(select comment from duckdb_columns() where table_name = 'terminals' and column_name = 'brand')`).Scan(&count, &table, &view, &column); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(count, table, view, column); got != "1one row's worth"+"some"+"the chain" {
		t.Errorf("got %s", got)
	}
	for _, query := range []string{"select nothing", "create table x as select 1", "select 1) ; drop table terminals; --"} {
		if err := s.SaveDatabase(t.Context(), path+"2", []Saved{{Name: "x", Query: query}}); err == nil {
			t.Errorf("%s: no error", query)
		}
	}
	if got := rows(t, s, "select count(*) from terminals"); !cmp.Equal(got, [][]string{{"2"}}) {
		t.Errorf("afterwards: %v", got)
	}
}

func TestSandboxPartitions(t *testing.T) {
	folder := t.TempDir()
	s := sandbox(t, SandboxOptions{Folders: []string{folder}})
	written, err := s.Partition(t.Context(), filepath.Join(folder, "parts"), []string{"kind"}, "select range as a, range % 2 as kind from range(10)")
	if err != nil || written != 10 {
		t.Fatalf("%d rows, %v", written, err)
	}
	if got := rows(t, s, "select sum(a) from "+Quote(folder+"/parts/kind=1/*.parquet")); !cmp.Equal(got, [][]string{{"25"}}) {
		t.Errorf("got %v", got)
	}
	if _, err := s.Partition(t.Context(), filepath.Join(t.TempDir(), "parts"), []string{"kind"}, "select 1 as kind"); err == nil {
		t.Error("it writes into a folder that is not its own")
	}
}
