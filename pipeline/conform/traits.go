package conform

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Most of what an export says of a terminal it says of many: its place, its device, the terms it
// runs under. Such columns are not in the rows of the inventory. The rows hold a number for each kind of
// trait, and what the number stands for is kept once: a star of one table of facts and a small one of
// traits. It is written, read, joined and grouped in a fraction of the time of as many columns of text.

// traitKind is columns whose values are kept together under one number.
type traitKind struct {
	name    string // also the column of the inventory that holds the number
	columns []string
}

// traitKinds parts the columns so that few values of one kind go with many of another: a nation has
// three thousand counties and some dozen device models, and would have their product together.
var traitKinds = [...]traitKind{
	{"place", []string{"country", schemeColumn, regionColumn}},
	{"device", []string{"vendor", "model", "device_type"}},
	{"terms", []string{
		acquirerColumn, "category_code", "status", "use", "connection",
		"contactless_flag", "contactless_parameter", "no_pin_flag", "no_pin_parameter",
		"mobile_flag", "qr_flag", "is_registered", "entry_modes",
	}},
}

// isTrait reports whether a column of the inventory is kept as a trait.
func isTrait(column string) bool {
	return slices.ContainsFunc(traitKinds[:], func(k traitKind) bool { return slices.Contains(k.columns, column) })
}

// TraitSchema returns the schema of trait batches: one row per kind (place, device, terms) and number,
// with the values of the kind's columns; those of other kinds are null.
func TraitSchema() *arrow.Schema {
	fields := []arrow.Field{
		{Name: "kind", Type: arrow.BinaryTypes.String},
		{Name: "number", Type: arrow.PrimitiveTypes.Int32},
	}
	for _, kind := range traitKinds {
		for _, column := range kind.columns {
			fields = append(fields, arrow.Field{Name: column, Type: arrow.BinaryTypes.String, Nullable: true})
		}
	}
	return arrow.NewSchema(fields, nil)
}

// traits are the distinct combinations of one kind that a batch holds, in the order in which they first
// occur; rows name them by that order, from 0.
type traits struct {
	numbers []int32 // of each row
	values  texts   // encoded, column after column
}

// combiner finds the distinct combinations of a batch. It is used again for the next.
type combiner struct {
	keys    []uint64
	slots   []slot
	numbers []int32
	firsts  []int32
	values  texts
}

// slot is a place of the combiner's hash table; number is 0 in an empty one.
type slot struct {
	key    uint64
	number int32
}

// combineTraits finds the traits of the batch, once all of its columns are filled.
func (w *worker) combineTraits() (all [len(traitKinds)]traits, err error) {
	if w.file.isUsage() {
		return all, nil
	}
	for i, kind := range traitKinds {
		var columns []*column
		for _, name := range kind.columns {
			at := slices.IndexFunc(w.columns, func(c column) bool { return c.name == name })
			columns = append(columns, &w.columns[at])
		}
		all[i] = w.combine[i].combine(columns, len(w.lines))
		if len(all[i].values.data) > math.MaxInt32 {
			return all, fmt.Errorf("conform %s: the %s of one block are larger than 2 GiB", w.file.Name, kind.name)
		}
	}
	return all, nil
}

// combine numbers the combinations of some columns over the rows of a batch.
func (c *combiner) combine(columns []*column, rows int) traits {
	c.keys = slices.Grow(c.keys[:0], rows)[:rows]
	clear(c.keys)
	distinct := uint64(1) // that keys can tell apart
	for _, column := range columns {
		if len(column.cells) == 0 {
			continue // the same in every row
		}
		radix := uint64(column.known.values.len()) + 1
		if high, _ := bits.Mul64(distinct, radix); high > 0 {
			distinct = c.compact()
		}
		column.appendDigits(c.keys, radix)
		distinct *= radix
	}
	c.number()
	c.values.reset()
	for _, row := range c.firsts {
		for _, column := range columns {
			c.values.data = column.appendValue(c.values.data, int(row))
		}
		c.values.offsets = append(c.values.offsets, int32(len(c.values.data)))
	}
	return traits{numbers: c.numbers, values: c.values.clone()}
}

// appendDigits adds a digit to the key of every row: 0 for null, else one more than the value's index.
func (c *column) appendDigits(keys []uint64, radix uint64) {
	indexes := c.small[:len(keys)]
	if c.nulls.count == 0 {
		for i, index := range indexes {
			keys[i] = keys[i]*radix + uint64(index) + 1
		}
		return
	}
	for i, index := range indexes {
		keys[i] *= radix
		if !c.nulls.has(i) {
			keys[i] += uint64(index) + 1
		}
	}
}

// appendValue encodes the value of a dictionary column in a row.
func (c *column) appendValue(to []byte, row int) []byte {
	switch {
	case len(c.cells) > 0 && !c.nulls.has(row):
		return encodeValue(to, c.known.values.at(c.small[row]))
	case len(c.cells) == 0 && c.constant != "":
		return encodeValue(to, c.constant)
	}
	return append(to, 0)
}

// compact replaces the keys by numbers from 0, so that further digits fit, and returns how many there are.
func (c *combiner) compact() uint64 {
	c.number()
	for i, number := range c.numbers {
		c.keys[i] = uint64(number)
	}
	return uint64(len(c.firsts))
}

// number gives equal keys equal numbers, from 0 in the order in which they first occur.
func (c *combiner) number() {
	c.numbers = slices.Grow(c.numbers[:0], len(c.keys))[:len(c.keys)]
	c.firsts = c.firsts[:0]
	if c.slots == nil {
		c.slots = make([]slot, 1<<12)
	}
	clear(c.slots)
	var last uint64 // exports are often sorted by what these columns say
	number := int32(-1)
	for row, key := range c.keys {
		if key != last || number < 0 {
			last, number = key, c.numberOf(key, row)
		}
		c.numbers[row] = number
	}
}

func (c *combiner) numberOf(key uint64, row int) int32 {
	at := c.find(key)
	if c.slots[at].number == 0 {
		if 2*len(c.firsts) >= len(c.slots) {
			c.grow()
			at = c.find(key)
		}
		c.firsts = append(c.firsts, int32(row))
		c.slots[at] = slot{key, int32(len(c.firsts))}
	}
	return c.slots[at].number - 1
}

// find returns the slot of a key, or the empty one where it belongs.
func (c *combiner) find(key uint64) int {
	mask := len(c.slots) - 1
	at := int((key*0x9E3779B97F4A7C15)>>32) & mask
	for c.slots[at].number != 0 && c.slots[at].key != key {
		at = (at + 1) & mask
	}
	return at
}

func (c *combiner) grow() {
	old := c.slots
	c.slots = make([]slot, 4*len(old))
	for _, s := range old {
		if s.number != 0 {
			c.slots[c.find(s.key)] = s
		}
	}
}

// encodeValue encodes a value so that encoded values can stand one after the other: one more than its
// length, and then itself. Null is 0.
func encodeValue[T string | []byte](to []byte, value T) []byte {
	return append(binary.AppendUvarint(to, uint64(len(value))+1), value...)
}

// cutValue returns the first encoded value, nil for null, and the rest.
func cutValue(encoded []byte) (value, rest []byte) {
	size, n := binary.Uvarint(encoded)
	if size == 0 {
		return nil, encoded[n:]
	}
	end := n + int(size) - 1
	return encoded[n:end:end], encoded[end:]
}

// Numbering gives the traits of one export their numbers, from 1 in the order in which the export first
// names them, so that they do not depend on where Blocks begin. It is not safe for concurrent use.
type Numbering struct {
	memory memory.Allocator
	kinds  [len(traitKinds)]numbered
	held   int // bytes of values
	lookup []int32
}

// numbered are the traits of one kind.
type numbered struct {
	known map[string]int32
	last  int32 // number that was given
	fresh texts // values of the numbers up to last that Take has not returned
}

// maxTraitBytes bounds the values a Numbering remembers: an export that has no traits, since all its
// rows differ in them, must not fill the memory.
const maxTraitBytes = 8 << 20

// NewNumbering starts the numbering of one export.
func NewNumbering(b *Binding) *Numbering {
	n := &Numbering{memory: b.file.Memory}
	n.forget()
	return n
}

// forget lets numbers go on and knows none of them: a trait that comes again gets a second number.
func (n *Numbering) forget() {
	n.held = 0
	for i := range n.kinds {
		n.kinds[i].known = map[string]int32{}
		n.kinds[i].fresh.reset()
	}
}

// Number writes the numbers of the export into a batch, which counts its own traits. Batches come in
// the order of the export, each once.
func (n *Numbering) Number(batch *Batch) {
	for i := range n.kinds {
		kind := &n.kinds[i]
		values := &batch.traits[i].values
		n.lookup = n.lookup[:0]
		for at := range int32(values.len()) {
			encoded := values.at(at)
			number, known := kind.known[string(encoded)]
			if !known {
				kind.last++
				number = kind.last
				kind.known[string(encoded)] = number
				kind.fresh.append(encoded)
				n.held += len(encoded)
			}
			n.lookup = append(n.lookup, number)
		}
		rows := batch.Inventory.Column(1 + i).(*array.Int32).Int32Values()
		for row, local := range rows {
			rows[row] = n.lookup[local]
		}
	}
}

// IsFull reports whether Take should be called before the next batch.
func (n *Numbering) IsFull() bool { return n.held > maxTraitBytes }

// Take returns the traits numbered so far that it has not returned yet, of TraitSchema, and forgets them.
func (n *Numbering) Take() arrow.RecordBatch {
	builder := array.NewRecordBuilder(n.memory, TraitSchema())
	defer builder.Release()
	field := 2
	for i := range n.kinds {
		kind := &n.kinds[i]
		first := kind.last - int32(kind.fresh.len()) + 1
		for at := range int32(kind.fresh.len()) {
			builder.Field(0).(*array.StringBuilder).Append(traitKinds[i].name)
			builder.Field(1).(*array.Int32Builder).Append(first + at)
			encoded := kind.fresh.at(at)
			for column := range builder.Schema().NumFields() - 2 {
				text := builder.Field(2 + column).(*array.StringBuilder)
				var value []byte
				if own := column - (field - 2); own >= 0 && own < len(traitKinds[i].columns) {
					value, encoded = cutValue(encoded)
				}
				if value == nil {
					text.AppendNull()
				} else {
					text.BinaryBuilder.Append(value)
				}
			}
		}
		field += len(traitKinds[i].columns)
	}
	n.forget()
	return builder.NewRecordBatch()
}
