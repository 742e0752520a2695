package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Encoding changes how a column is stored and nothing that a query or a copy of it says.
func TestEncodedTextsAreTheSame(t *testing.T) {
	e := open(t)
	ctx := t.Context()
	if err := e.Create(ctx, "things", `select * from (values (1, '京', 'a', cast(null as varchar)), (2, null, 'b', null), (3, '京', 'a''b', null))
		as things(number, city, name, nothing)`); err != nil {
		t.Fatal(err)
	}
	const all = "select string_agg(coalesce(city, '-') || ' ' || name || ' ' || coalesce(nothing, '-'), ', ' order by number) from "
	var before, after, copied string
	if err := e.Scan(ctx, all+"things", &before); err != nil {
		t.Fatal(err)
	}
	if err := e.Encode(ctx, "things"); err != nil {
		t.Fatal(err)
	}
	if err := e.Scan(ctx, all+"things where name like '%a%' or name = 'b'", &after); err != nil {
		t.Fatal(err)
	}
	path := t.TempDir() + "/things.parquet"
	if _, err := e.Copy(ctx, "select * from things", path); err != nil {
		t.Fatal(err)
	}
	if err := e.Scan(ctx, all+Parquet(path), &copied); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{before, before}, []string{after, copied}); diff != "" {
		t.Errorf("(-before +encoded, copied):\n%s", diff)
	}
	var types string
	if err := e.Scan(ctx, "select string_agg(data_type[1:4], ' ' order by column_index) from duckdb_columns() where table_name = 'things'", &types); err != nil {
		t.Fatal(err)
	}
	if want := "INTE ENUM ENUM VARC"; types != want {
		t.Errorf("types are %s, want %s", types, want)
	}
}
