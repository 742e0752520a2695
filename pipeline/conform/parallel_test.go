package conform_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
)

// Many goroutines with one Binding give what one gives, Block by Block and in sum, although each
// has met other values before.
func TestParallel(t *testing.T) {
	text := wideExport(3000) + ",,,\n合计,3000\n1E+12" + wideExport(5)
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(threads, blockSize int) (result, int) {
		opened, err := export.Open(path, export.Options{BlockSize: blockSize})
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		checked := memory.NewCheckedAllocator(memory.NewGoAllocator())
		file := fileOf(t, "a.csv", wideProfile)
		file.Memory = checked
		binding, err := conform.Bind(opened.Head(), file)
		if err != nil {
			t.Fatal(err)
		}
		var r result
		blocks := 0
		_, err = export.Decode(context.Background(), opened, threads, binding.Conform, func(batch *conform.Batch) error {
			r.inventory = append(r.inventory, inventoryOf(binding, batch)...)
			if batch.Rejects != nil {
				r.rejects = append(r.rejects, rowsOf(batch.Rejects)...)
			}
			r.tally.Add(&batch.Tally)
			batch.Release()
			blocks++
			return nil
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		checked.AssertSize(t, 0)
		return r, blocks
	}
	want, blocks := run(1, 0)
	if blocks != 1 {
		t.Fatalf("got %d blocks, want one", blocks)
	}
	got, blocks := run(8, 16<<10)
	if blocks < 8 {
		t.Fatalf("got %d blocks, want many", blocks)
	}
	if diff := cmp.Diff(want.inventory, got.inventory); diff != "" {
		t.Errorf("inventory (-one +many):\n%s", diff)
	}
	if diff := cmp.Diff(want.rejects, got.rejects); diff != "" {
		t.Errorf("rejects (-one +many):\n%s", diff)
	}
	if diff := cmp.Diff(want.tally, got.tally); diff != "" {
		t.Errorf("tally (-one +many):\n%s", diff)
	}
}

// One Binding conforms the same Blocks on several goroutines at once.
func TestConcurrentUse(t *testing.T) {
	head, blocks := blocksOf(t, wideExport(2000))
	binding, err := conform.Bind(head, fileOf(t, "a.csv", wideProfile))
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	tallies := make([]conform.Tally, 8)
	for i := range tallies {
		wait.Go(func() {
			for _, block := range blocks {
				batch, err := binding.Conform(block)
				if err != nil {
					t.Error(err)
					return
				}
				tallies[i].Add(&batch.Tally)
				batch.Release()
			}
		})
	}
	wait.Wait()
	for i := range tallies {
		if diff := cmp.Diff(tallies[0], tallies[i]); diff != "" || tallies[i].Inventory != 2000 {
			t.Errorf("goroutine %d (-first +this):\n%s", i, diff)
		}
	}
}
