package columnar

import (
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/tapcov/tapcov/pipeline/export/table"
)

// bounded is an allocator that gives a limited number of bytes. Beyond it panics with a
// *table.LimitError, for an allocator has no error to return; whoever reads tables recovers.
type bounded struct {
	memory.Allocator
	limit int64
	used  atomic.Int64
}

func newBounded(limit int64) *bounded {
	return &bounded{Allocator: memory.NewGoAllocator(), limit: limit}
}

func (b *bounded) claim(n int) {
	if used := b.used.Add(int64(n)); n > 0 && used > b.limit {
		b.used.Add(-int64(n))
		panic(&table.LimitError{What: "pages that are read together need", Limit: b.limit, Unit: "bytes"})
	}
}

// Allocate gives memory within the limit.
func (b *bounded) Allocate(size int) []byte {
	b.claim(size)
	return b.Allocator.Allocate(size)
}

// Reallocate grows or shrinks memory within the limit.
func (b *bounded) Reallocate(size int, old []byte) []byte {
	b.claim(size - len(old))
	return b.Allocator.Reallocate(size, old)
}

// Free takes memory back.
func (b *bounded) Free(old []byte) {
	b.used.Add(-int64(len(old)))
	b.Allocator.Free(old)
}

// maxRatio is how much text a file of columns may be, for each byte of it, beyond what limits say:
// columns that repeat themselves pack well.
const maxRatio = 200

// unpackable is how much text a file may become.
func unpackable(limits table.Limits, size int64) int64 { return max(limits.Unpacked, maxRatio*size) }

// budget is what is left of the text that a file may become.
type budget struct{ limit, spent int64 }

// spend counts a row: its text, and what its cells take, for a row of nulls is not for nothing.
func (b *budget) spend(row *table.Row) error {
	b.spent += int64(len(row.Text) + len(row.Cells) + 1)
	if b.spent > b.limit {
		return &table.LimitError{What: "it unpacks to", Limit: b.limit, Unit: "bytes of text"}
	}
	return nil
}
