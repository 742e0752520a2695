package pipeline_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/queries"
)

func session(t *testing.T, ws *workspace.Workspace, options editions.SessionOptions) *editions.Session {
	t.Helper()
	s, err := editions.OpenSession(t.Context(), ws, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask reads a small result of a session as text, null as NULL.
func ask(t *testing.T, s *editions.Session, query string, values ...any) (rows []string) {
	t.Helper()
	result, err := s.Query(t.Context(), query, values...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	for result.Next() {
		batch := result.Batch()
		for i := range int(batch.NumRows()) {
			var cells []string
			for _, column := range batch.Columns() {
				cell := "NULL"
				if !column.IsNull(i) {
					cell = strings.Clone(column.ValueStr(i))
				}
				cells = append(cells, cell)
			}
			rows = append(rows, strings.Join(cells, " "))
		}
		batch.Release()
	}
	if err := errors.Join(result.Err(), result.Close()); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return rows
}

// Every table is as the catalogue describes it, with data and without.
func TestTablesAreAsDescribed(t *testing.T) {
	empty := t.TempDir()
	put(t, empty, "tapcov.yaml", "estate: {area: CN}\nsources:\n  - name: south\n    snapshot_date: {file_name: '(\\d{8})'}\n")
	run(t, empty)
	for name, s := range map[string]*editions.Session{
		"sample":       session(t, sampleEdition(t).Workspace(), editions.SessionOptions{}),
		"as published": session(t, sampleEdition(t).Workspace(), editions.SessionOptions{IsAsPublished: true}),
		"empty":        session(t, load(t, empty), editions.SessionOptions{}),
	} {
		for _, table := range queries.Catalog() {
			var want []string
			for _, column := range table.Columns {
				want = append(want, column.Name+" "+column.Type)
			}
			got := ask(t, s, "select column_name, lower(column_type) from (describe "+table.Name+")")
			if table.Name == "inventory" { // and what the profiles keep
				got = got[:min(len(got), len(want))]
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: columns of %s (-described +there):\n%s", name, table.Name, diff)
			}
			if rows := ask(t, s, "select * from "+table.Name+" limit 3"); len(rows) == 0 && name == "sample" && table.Name != "usage" {
				t.Errorf("%s: %s has no rows", name, table.Name)
			}
		}
	}
}

func TestTablesAgree(t *testing.T) {
	s := session(t, sampleEdition(t).Workspace(), editions.SessionOptions{})
	for query, what := range map[string]string{
		`select snapshot_date from snapshots where terminal_count <>
			(select count(*) from terminals where terminals.snapshot_date = snapshots.snapshot_date)`: "terminals of a snapshot",
		`select snapshot_date from snapshots where inventory_count <> (select count(*) from inventory
			where state = 'in_force' and inventory.snapshot_date = snapshots.snapshot_date)`: "inventory rows of a snapshot",
		`select * from (select count(*) as n from terminals) as a, (select count(*) as n from terminals_full) as b where a.n <> b.n`: "terminals_full",
		`select snapshot_date, merchants.n, coverage.n from (select snapshot_date, count(*) as n, sum(yes_count) as yes from merchants group by snapshot_date) as merchants
			join (select snapshot_date, merchant_count as n from coverage where level = 'nation' and population = 'networked' and unit = 'terminal' and reading = 'declared') as coverage
			using (snapshot_date) where merchants.n <> coverage.n`: "merchants of the nation",
		`select counted.*, coverage.yes_count, coverage.no_count from
				(select snapshot_date, count(*) filter (where is_networked and acceptance = 'yes') as yes,
					count(*) filter (where is_networked and acceptance = 'no') as no,
					count(*) filter (where coalesce(is_networked, true)) as counted from terminals group by snapshot_date) as counted
				join coverage using (snapshot_date)
			where level = 'nation' and population = 'networked' and unit = 'terminal' and reading = 'declared'
				and (yes <> yes_count or no <> no_count or counted <> terminal_count - rejected_count - missing_count)`: "networked terminals",
		`select source_file from exports where record_count <> skipped_count + inventory_count + reject_terminal_count + reject_not_terminal_count`: "tie-out of an export",
		`select source_file, snapshot_date from deliveries where row_count <> case kind
				when 'usage' then (select count(*) from usage where usage.export_id = deliveries.export_id)
				else (select count(*) from inventory where inventory.export_id = deliveries.export_id) end`: "rows of a delivery",
		`select region from terminals where region <> 'none' and region not in (select region from regions) and region not like '%:%'`: "regions",
		`select brand from terminals where brand is not null and brand not in (select brand from brands)`:                              "brands",
		`select category from terminals where category is not null and category not in (select category from categories)`:              "categories",
		`select edition from editions where is_current and published_at is null`:                                                       "editions",
	} {
		if rows := ask(t, s, query); len(rows) > 0 {
			t.Errorf("%s do not agree: %v", what, rows[:min(len(rows), 3)])
		}
	}
}

func TestSessionStopsAfterItsTimeout(t *testing.T) {
	s := session(t, sampleEdition(t).Workspace(), editions.SessionOptions{Timeout: 100 * time.Millisecond})
	_, err := s.Query(t.Context(), "select count(*) from range(10000000000000) where range % 7 = 8")
	if late := new(editions.TimeoutError); !errors.As(err, &late) {
		t.Errorf("got %v, want that it took too long", err)
	}
	if got := ask(t, s, "select 1"); !cmp.Equal(got, []string{"1"}) {
		t.Errorf("after that: %v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Query(ctx, "select 1"); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that is done: %v", err)
	}
}

func TestSessionReadsNothingElse(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "mine/stores.csv", "store,city\n1,厦门\n")
	ws := sampleEdition(t).Workspace()
	closed := session(t, ws, editions.SessionOptions{})
	open := session(t, ws, editions.SessionOptions{Folders: []string{dir + "/mine"}})
	query := "select city from '" + dir + "/mine/stores.csv'"
	if got := ask(t, open, query); !cmp.Equal(got, []string{"厦门"}) {
		t.Errorf("an allowed file: %v", got)
	}
	mistake := new(engine.Mistake)
	if _, err := closed.Query(t.Context(), query); !errors.As(err, &mistake) || mistake.Kind != "permission" {
		t.Errorf("a file that is not allowed: %v", err)
	}
	if _, err := open.Query(t.Context(), "from '"+ws.Dir+"/tapcov.yaml'"); err == nil {
		t.Error("it reads the workspace")
	}
}

func TestCount(t *testing.T) {
	s := session(t, sampleEdition(t).Workspace(), editions.SessionOptions{})
	count, err := s.Count(t.Context(), time.Minute, "select * from range(34112); -- all")
	if err != nil || count != 34112 {
		t.Errorf("%d, %v", count, err)
	}
}
