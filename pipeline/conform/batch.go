package conform

import (
	"bytes"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// assembler copies what columns collected into the memory of the batch and wraps it as Arrow arrays.
// The batch is one allocation: calls into C and fresh pages are what allocating costs. Columns that
// read no cells share a range of zeros.
type assembler struct {
	rows   int
	memory *memory.Buffer
	used   int
	zeros  *memory.Buffer
}

// alignment is what Arrow recommends for the start of a buffer.
const alignment = 64

// inventory builds the inventory batch, whose rows name its traits.
func (w *worker) inventory(t *[len(traitKinds)]traits) arrow.RecordBatch {
	a := &assembler{rows: len(w.lines), memory: memory.NewResizableBuffer(w.file.Memory)}
	defer a.memory.Release()
	a.memory.Resize(w.batchSize())
	a.zeros = a.allocate((a.rows + 1) * 8)
	clear(a.zeros.Bytes())
	defer a.zeros.Release()

	arrays := make([]arrow.Array, 0, w.schema.NumFields())
	arrays = append(arrays, a.array(arrow.PrimitiveTypes.Int64, nil, nil, copied(a, w.lines)))
	if !w.file.isUsage() {
		for i := range t {
			arrays = append(arrays, a.array(arrow.PrimitiveTypes.Int32, nil, nil, copied(a, t[i].numbers)))
		}
	}
	for i := range w.columns {
		c := &w.columns[i]
		if c.isTrait {
			continue
		}
		dataType := w.schema.Field(len(arrays)).Type
		if len(c.cells) > 0 {
			arrays = append(arrays, a.column(c, dataType))
		} else {
			arrays = append(arrays, a.constant(c.bound, dataType))
		}
	}
	batch := array.NewRecordBatch(w.schema, arrays, int64(a.rows))
	for _, column := range arrays {
		column.Release()
	}
	return batch
}

// column wraps what a column has read.
func (a *assembler) column(c *column, dataType arrow.DataType) arrow.Array {
	switch c.kind {
	case kindTerminalID, kindIdentifier, kindText:
		return a.array(dataType, &c.nulls, nil, copied(a, c.text.offsets), copied(a, c.text.data))
	case kindDate:
		return a.array(dataType, &c.nulls, nil, copied(a, c.small))
	case kindTime, kindCount:
		return a.array(dataType, &c.nulls, nil, copied(a, c.large))
	default:
		return a.array(dataType, &c.nulls, &c.known.values, copied(a, c.small))
	}
}

// constant wraps a column that has the same value, or none, in every row.
func (a *assembler) constant(b *bound, dataType arrow.DataType) arrow.Array {
	var all *nulls
	if b.constant == "" {
		all = &nulls{count: a.rows, valid: make([]byte, (a.rows+7)/8)}
	}
	switch b.kind {
	case kindTerminalID, kindIdentifier, kindText:
		if all != nil {
			return a.array(dataType, all, nil, a.retainZeros(), nil)
		}
		offsets := make([]int32, a.rows+1)
		for i := range offsets {
			offsets[i] = int32(i * len(b.constant))
		}
		data := bytes.Repeat([]byte(b.constant), a.rows)
		return a.array(dataType, nil, nil, copied(a, offsets), copied(a, data))
	case kindDate, kindTime, kindCount:
		if all != nil {
			return a.array(dataType, all, nil, a.retainZeros())
		}
		if b.kind == kindDate {
			return a.array(dataType, nil, nil, copied(a, repeated(int32(b.number), a.rows)))
		}
		return a.array(dataType, nil, nil, copied(a, repeated(b.number, a.rows)))
	default:
		var values texts
		values.reset()
		values.append([]byte(b.constant))
		return a.array(dataType, all, &values, a.retainZeros())
	}
}

// array takes the buffers over. dictionary is that of a dictionary type, else nil.
func (a *assembler) array(
	dataType arrow.DataType, n *nulls, dictionary *texts, buffers ...*memory.Buffer,
) arrow.Array {
	count := 0
	validity := []*memory.Buffer{nil}
	if n != nil && n.count > 0 {
		count = n.count
		for len(n.valid) < (a.rows+7)/8 {
			n.valid = append(n.valid, 0xFF)
		}
		validity[0] = copied(a, n.valid)
	}
	data := array.NewData(dataType, a.rows, append(validity, buffers...), nil, count, 0)
	defer data.Release()
	if dictionary != nil {
		offsets, text := copied(a, dictionary.offsets), copied(a, dictionary.data)
		values := array.NewData(arrow.BinaryTypes.String, dictionary.len(), []*memory.Buffer{nil, offsets, text}, nil, 0, 0)
		data.SetDictionary(values)
		values.Release()
		release(offsets, text)
	}
	release(validity[0])
	release(buffers...)
	return array.MakeFromData(data)
}

func (a *assembler) retainZeros() *memory.Buffer {
	a.zeros.Retain()
	return a.zeros
}

// allocate returns the next range of the batch's memory.
func (a *assembler) allocate(size int) *memory.Buffer {
	buffer := memory.SliceBuffer(a.memory, a.used, size)
	a.used += aligned(size)
	return buffer
}

func aligned(size int) int { return (size + alignment - 1) &^ (alignment - 1) }

// batchSize returns the bytes that the assembler will allocate, or a few more.
func (w *worker) batchSize() int {
	rows := len(w.lines)
	size := aligned(8*rows) + aligned(8*(rows+1)) + len(traitKinds)*aligned(4*rows) // lines, zeros, numbers
	for i := range w.columns {
		c := &w.columns[i]
		if c.isTrait {
			continue
		}
		size += aligned(rows/8 + 1)
		switch {
		case len(c.cells) > 0:
			size += c.text.size() + aligned(4*len(c.small)) + aligned(8*len(c.large)) + c.known.values.size()
		case c.constant != "":
			size += aligned(8*(rows+1)) + aligned((rows+1)*len(c.constant))
		default:
			size += 2 * alignment
		}
	}
	return size
}

// copied returns a buffer with a copy of values, nil for none.
func copied[T byte | int32 | int64](a *assembler, values []T) *memory.Buffer {
	if len(values) == 0 {
		return nil
	}
	size := len(values) * int(unsafe.Sizeof(values[0]))
	buffer := a.allocate(size)
	copy(buffer.Bytes(), unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), size))
	return buffer
}

func release(buffers ...*memory.Buffer) {
	for _, buffer := range buffers {
		if buffer != nil {
			buffer.Release()
		}
	}
}

func repeated[T int32 | int64](value T, count int) []T {
	values := make([]T, count)
	for i := range values {
		values[i] = value
	}
	return values
}
