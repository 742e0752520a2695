package conform

import (
	"fmt"
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/tapcov/tapcov/pipeline/export"
)

// Batch is a conformed Block.
type Batch struct {
	Inventory arrow.RecordBatch // of the Binding's Schema, in the order of the records; never nil; see Numbering
	Rejects   arrow.RecordBatch // of RejectSchema, in order of line; nil if there are none
	Tally     Tally

	traits [len(traitKinds)]traits // that the rows of Inventory name, until a Numbering has numbered them
}

// Release gives the memory of both batches back.
func (b *Batch) Release() {
	b.Inventory.Release()
	if b.Rejects != nil {
		b.Rejects.Release()
	}
}

// tile is how many records go through all columns before the next ones do: few enough that their
// cells stay in the processor's cache, enough that a column's loop pays.
const tile = 512

// worker is what one goroutine needs to conform Blocks; it is used again for the next.
type worker struct {
	*Binding
	block    *export.Block
	first    int      // the row of the batch that selected[0] becomes
	selected []uint32 // the first cells of the records of this tile that are in the inventory
	lines    []int64  // of all rows of the batch
	columns  []column // in the order of the schema, source_line left out
	stated   []column // columns that state the snapshot date, part or version
	rejects  []reject
	tally    Tally
	combine  [len(traitKinds)]combiner

	padded, misshapen, shortened int64
}

func newWorker(b *Binding) *worker {
	w := &worker{Binding: b}
	for i := range b.columns {
		w.columns = append(w.columns, newColumn(&b.columns[i]))
	}
	for i := range b.stated {
		w.stated = append(w.stated, newColumn(&b.stated[i]))
	}
	return w
}

// Conform turns a Block of the bound export into a batch. It is safe for concurrent use; the batch
// keeps nothing of the Block. The error is a broken limit of Arrow, never bad data.
func (b *Binding) Conform(block *export.Block) (*Batch, error) {
	b = b.of(block)
	w := b.workers.Get().(*worker)
	defer b.workers.Put(w)
	w.reset(block)
	for from := 0; from < len(block.Rows); from += tile {
		w.first = len(w.lines)
		w.sift(from, min(from+tile, len(block.Rows)))
		for i := range w.columns {
			if i != w.id {
				w.columns[i].fill(w, w.first)
			}
		}
		for i := range w.stated {
			w.stated[i].fill(w, w.first)
		}
	}
	return w.finish()
}

func (w *worker) reset(block *export.Block) {
	w.block = block
	w.tally = Tally{}
	w.padded, w.misshapen, w.shortened = 0, 0, 0
	w.lines = slices.Grow(w.lines[:0], len(block.Rows))
	w.rejects = w.rejects[:0]
	for i := range w.columns {
		w.columns[i].reset()
	}
	for i := range w.stated {
		w.stated[i].reset()
	}
}

func (w *worker) finish() (*Batch, error) {
	for i := range w.columns {
		if c := &w.columns[i]; len(c.text.data) > math.MaxInt32 || len(c.known.values.data) > math.MaxInt32 {
			return nil, fmt.Errorf("conform %s: column %s of one block is larger than 2 GiB", w.file.Name, c.name)
		}
	}
	w.tally.Records = int64(len(w.block.Rows))
	w.tally.Inventory = int64(len(w.lines))
	count(&w.tally.Notes, NotePadded, w.padded)
	count(&w.tally.Notes, NoteShape, w.misshapen)
	count(&w.tally.Notes, NoteShort, w.shortened)
	for i := range w.stated {
		w.countStated(&w.stated[i])
	}
	traits, err := w.combineTraits()
	if err != nil {
		return nil, err
	}
	batch := &Batch{
		Inventory: w.inventory(&traits),
		traits:    traits,
		Rejects:   w.newRejects(),
		Tally:     w.tally,
	}
	w.block = nil
	clear(w.rejects) // they point into the Block
	return batch, nil
}

// maxStated bounds what is kept of a snapshot date, part or version, in bytes.
const maxStated = 256

// countStated counts the values of a column in which every row must agree.
func (w *worker) countStated(c *column) {
	met := make([]Met, c.known.values.len()+1) // the last one counts blanks
	for row, index := range c.small {
		if c.nulls.has(row) {
			index = int32(len(met) - 1)
		}
		if met[index].Count++; met[index].Line == 0 {
			met[index].Line = w.lines[row]
		}
	}
	for i, m := range met {
		switch {
		case m.Count == 0:
		case i == len(met)-1:
			w.tally.Stated.put(c.name, "", m)
		default:
			w.tally.Stated.put(c.name, string(cut(c.known.values.at(int32(i)), maxStated)), m)
		}
	}
	w.tally.Stated.prune(c.name, maxValues)
}
