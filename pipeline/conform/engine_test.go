package conform_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory/mallocator"
	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/export"
)

// What the engine reads from the batches of many Blocks is what they hold: nulls in dictionaries,
// dictionaries that differ from batch to batch, columns that share their memory. Every byte that C
// gave is given back.
func TestEngineReadsBatches(t *testing.T) {
	allocator := mallocator.NewMallocator()
	var inventory, rejects []arrow.RecordBatch
	var want, wantRejects []map[string]string
	numbering, schema := conformInto(t, wideExport(9000)+",,,\n1E+12", allocator, func(batch *conform.Batch) {
		inventory = append(inventory, batch.Inventory)
		want = append(want, rowsOf(batch.Inventory)...)
		if batch.Rejects != nil {
			rejects = append(rejects, batch.Rejects)
			wantRejects = append(wantRejects, rowsOf(batch.Rejects)...)
		}
	})
	if len(inventory) < 3 || len(rejects) != 1 {
		t.Fatalf("got %d inventory batches and %d of rejects, want several and one", len(inventory), len(rejects))
	}
	if diff := cmp.Diff(want, throughEngine(t, schema, inventory, "source_line")); diff != "" {
		t.Errorf("inventory (-batches +engine):\n%s", diff)
	}
	if diff := cmp.Diff(wantRejects, throughEngine(t, conform.RejectSchema(), rejects, "source_line")); diff != "" {
		t.Errorf("rejects (-batches +engine):\n%s", diff)
	}
	traits := numbering.Take()
	if traits.NumRows() < 1000 {
		t.Errorf("got %d traits, want many", traits.NumRows())
	}
	wantTraits := rowsOf(traits)
	slices.SortStableFunc(wantTraits, func(a, b map[string]string) int { return strings.Compare(a["kind"], b["kind"]) })
	got := throughEngine(t, conform.TraitSchema(), []arrow.RecordBatch{traits}, "kind, number")
	if diff := cmp.Diff(wantTraits, got); diff != "" {
		t.Errorf("traits (-batches +engine):\n%s", diff)
	}
	if left := allocator.AllocatedBytes(); left != 0 {
		t.Errorf("%d bytes were not given back", left)
	}
}

// conformInto reads a text in small Blocks and returns the numbering and the schema of the batches.
func conformInto(t *testing.T, text string, allocator *mallocator.Mallocator, emit func(*conform.Batch)) (*conform.Numbering, *arrow.Schema) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	opened, err := export.Open(path, export.Options{BlockSize: 512 << 10})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	file := fileOf(t, "a.csv", wideProfile)
	file.Memory = allocator
	binding, err := conform.Bind(opened.Head(), file)
	if err != nil {
		t.Fatal(err)
	}
	numbering := conform.NewNumbering(binding)
	_, err = export.Decode(t.Context(), opened, 2, binding.Conform, func(batch *conform.Batch) error {
		numbering.Number(batch)
		emit(batch)
		return nil
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return numbering, binding.Schema()
}

// throughEngine writes batches as Parquet, releases them and returns the rows of the file.
func throughEngine(t *testing.T, schema *arrow.Schema, batches []arrow.RecordBatch, order string) []map[string]string {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{TempDir: t.TempDir(), Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	queue := make(chan arrow.RecordBatch, len(batches))
	for _, batch := range batches {
		queue <- batch
	}
	close(queue)
	reader := engine.NewChannel(context.Background(), schema, queue)
	path := filepath.Join(t.TempDir(), "inventory.parquet")
	if _, err := e.Ingest(t.Context(), reader, "select * from "+engine.Source, path); err != nil {
		t.Fatal(err)
	}
	reader.Release()
	var columns []string
	for _, field := range schema.Fields() {
		column := "cast(" + field.Name + " as varchar)"
		if _, isTime := field.Type.(*arrow.TimestampType); isTime {
			column = "strftime(" + field.Name + ", '%Y-%m-%dT%H:%M:%S')"
		}
		columns = append(columns, column)
	}
	rows, err := e.Query(t.Context(), fmt.Sprintf("select %s from %s order by %s",
		strings.Join(columns, ", "), engine.Parquet(path), order))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []map[string]string
	for rows.Next() {
		cells := make([]sql.NullString, len(columns))
		pointers := make([]any, len(columns))
		for i := range cells {
			pointers[i] = &cells[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			t.Fatal(err)
		}
		row := map[string]string{}
		for i, cell := range cells {
			if cell.Valid {
				row[schema.Field(i).Name] = cell.String
			}
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
