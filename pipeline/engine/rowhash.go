package engine

import (
	"context"
	"fmt"
	"math/bits"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/zeebo/xxh3"
)

// RowHash returns a hash of some columns of the rows of a Parquet file that does not depend on the
// order of the rows; "" if there are none. Of large files the columns are those that decide, since
// hashing every column of a nation takes as long as writing them.
func (e *Engine) RowHash(ctx context.Context, path, columns string) (string, error) {
	var hash string
	err := e.Scan(ctx, "select coalesce(printf('%032x', sum(cast(hash(rows) as hugeint))), '') from (select "+columns+" from "+
		Parquet(path)+") as rows", &hash)
	return hash, err
}

// odd is 2^64 through the golden ratio: multiplying by it spreads bits.
const odd = 0x9e3779b97f4a7c15

// A StreamHash hashes rows on their way into the engine, so that what was written need not be read again.
// It adds up a hash of each row: neither the order of the rows nor how they are cut into batches matters.
// It is another function than that of [Engine.RowHash].
type StreamHash struct {
	low, high uint64
	isUsed    bool
	columns   []int    // of the batches; nil: all
	rows      []uint64 // of the batch at hand
}

// NewStreamHash returns a hash over the columns of those names; over all if there are none.
func NewStreamHash(schema *arrow.Schema, columns ...string) *StreamHash {
	h := &StreamHash{}
	for _, name := range columns {
		h.columns = append(h.columns, schema.FieldIndices(name)...)
	}
	if len(columns) == 0 {
		for i := range schema.NumFields() {
			h.columns = append(h.columns, i)
		}
	}
	return h
}

// Add hashes the rows of a batch. Columns are whole numbers or text.
func (h *StreamHash) Add(batch arrow.RecordBatch) error {
	h.rows = append(h.rows[:0], make([]uint64, batch.NumRows())...)
	for _, column := range h.columns {
		if err := h.mix(batch.Column(column)); err != nil {
			return fmt.Errorf("hash column %s: %w", batch.ColumnName(column), err)
		}
	}
	for _, row := range h.rows {
		var carry uint64
		high, low := bits.Mul64(row^odd, odd)
		h.low, carry = bits.Add64(h.low, high^low, 0)
		h.high += carry
	}
	h.isUsed = h.isUsed || len(h.rows) > 0
	return nil
}

// mix takes the values of a column into the hashes of their rows.
func (h *StreamHash) mix(values arrow.Array) error {
	switch values := values.(type) {
	case *array.String:
		h.mixEach(values, func(i int) uint64 { return xxh3.HashString(values.Value(i)) })
	case *array.Int32:
		h.mixEach(values, func(i int) uint64 { return uint64(values.Value(i)) })
	case *array.Int64:
		h.mixEach(values, func(i int) uint64 { return uint64(values.Value(i)) })
	default:
		return fmt.Errorf("no hash of %s is known", values.DataType())
	}
	return nil
}

// mixEach mixes so that a value counts otherwise in another column, and null otherwise than any value.
func (h *StreamHash) mixEach(values arrow.Array, hash func(int) uint64) {
	for i, row := range h.rows {
		row = bits.RotateLeft64(row, 29) * odd
		if values.IsValid(i) {
			row ^= hash(i) + odd
		}
		h.rows[i] = row
	}
}

// Sum returns the hash of the rows so far, "" if there were none.
func (h *StreamHash) Sum() string {
	if !h.isUsed {
		return ""
	}
	return fmt.Sprintf("%016x%016x", h.high, h.low)
}
