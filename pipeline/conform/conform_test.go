package conform_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// fileOf is an export of a source with this profile.
func fileOf(tb testing.TB, name string, profile workspace.Profile) conform.File {
	tb.Helper()
	set, err := reference.Load("")
	if err != nil {
		tb.Fatal(err)
	}
	return conform.File{
		Name: name, Source: workspace.Source{Name: "acquirer", Profile: profile}, Reference: set,
		Memory: memory.NewGoAllocator(),
	}
}

// blocksOf splits a text as export does and returns its head and copies of its Blocks.
func blocksOf(tb testing.TB, text string) (head *export.Block, blocks []*export.Block) {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "export.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return blocksOfFile(tb, path)
}

func blocksOfFile(tb testing.TB, path string) (head *export.Block, blocks []*export.Block) {
	tb.Helper()
	return blocksWith(tb, path, export.Options{})
}

func blocksWith(tb testing.TB, path string, options export.Options) (head *export.Block, blocks []*export.Block) {
	tb.Helper()
	opened, err := export.Open(path, options)
	if err != nil {
		tb.Fatal(err)
	}
	defer opened.Close()
	_, err = export.Decode(context.Background(), opened, 1,
		func(b *export.Block) (*export.Block, error) {
			return &export.Block{
				Index: b.Index, Data: slices.Clone(b.Data), Cells: slices.Clone(b.Cells), Rows: slices.Clone(b.Rows),
			}, nil
		},
		func(b *export.Block) error {
			blocks = append(blocks, b)
			return nil
		}, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return opened.Head(), blocks
}

// result is everything that became of an export.
type result struct {
	layout    conform.Layout
	inventory []map[string]string // null cells are left out
	rejects   []map[string]string
	tally     conform.Tally
	check     error
}

// conformed reads an export with a profile and checks that no memory is left behind and that every
// record is accounted for.
func conformed(t *testing.T, name, text string, profile workspace.Profile) result {
	t.Helper()
	head, blocks := blocksOf(t, text)
	return conformedBlocks(t, head, blocks, fileOf(t, name, profile))
}

func conformedBlocks(t *testing.T, head *export.Block, blocks []*export.Block, file conform.File) result {
	t.Helper()
	checked := memory.NewCheckedAllocator(memory.NewGoAllocator())
	file.Memory = checked
	binding, err := conform.Bind(head, file)
	if err != nil {
		t.Fatal(err)
	}
	r := result{layout: binding.Layout()}
	for _, block := range blocks {
		batch, err := binding.Conform(block)
		if err != nil {
			t.Fatal(err)
		}
		r.inventory = append(r.inventory, inventoryOf(binding, batch)...)
		if batch.Rejects != nil {
			r.rejects = append(r.rejects, rowsOf(batch.Rejects)...)
		}
		r.tally.Add(&batch.Tally)
		batch.Release()
	}
	checked.AssertSize(t, 0)
	if got := int64(len(r.inventory)); got != r.tally.Inventory {
		t.Errorf("%d rows in the inventory, %d in the tally", got, r.tally.Inventory)
	}
	r.check = binding.Check(&r.tally)
	return r
}

// inventoryOf prints the rows of a batch's inventory with what their traits stand for.
func inventoryOf(binding *conform.Binding, batch *conform.Batch) []map[string]string {
	numbering := conform.NewNumbering(binding)
	numbering.Number(batch)
	taken := numbering.Take()
	defer taken.Release()
	traits := map[[2]string]map[string]string{}
	for _, row := range rowsOf(taken) {
		at := [2]string{row["kind"], row["number"]}
		delete(row, "kind")
		delete(row, "number")
		traits[at] = row
	}
	rows := rowsOf(batch.Inventory)
	for _, row := range rows {
		for _, kind := range []string{"place", "device", "terms"} {
			number := row[kind]
			delete(row, kind)
			maps.Copy(row, traits[[2]string{kind, number}])
		}
	}
	return rows
}

// rowsOf prints the cells of a batch.
func rowsOf(batch arrow.RecordBatch) []map[string]string {
	rows := make([]map[string]string, batch.NumRows())
	for i := range rows {
		rows[i] = map[string]string{}
		for c, column := range batch.Columns() {
			if !column.IsNull(i) {
				rows[i][batch.ColumnName(c)] = strings.Clone(valueOf(column, i)) // the batch may go
			}
		}
	}
	return rows
}

func valueOf(column arrow.Array, i int) string {
	if dictionary, ok := column.(*array.Dictionary); ok {
		return dictionary.Dictionary().ValueStr(dictionary.GetValueIndex(i))
	}
	return column.ValueStr(i)
}
