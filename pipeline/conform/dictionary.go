package conform

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// meaning is what a raw cell of a dictionary column stands for.
type meaning struct {
	index int32 // of the value in the dictionary, nullIndex for none
	fault fault
}

const nullIndex = -1

// dictionary maps raw cells to their meaning, so that each distinct raw cell is interpreted once.
// Its values are the dictionary of the Arrow column; several raw cells may share one.
//
// It outlives the Block, because the values of one export are much the same in the next Block, and
// starts anew when it has grown past maxEntries: memory stays bounded and so does the dictionary
// that every batch carries.
type dictionary struct {
	slots   []int32 // 1 + index into entries, 0 for empty; a power of two of them
	entries []entry
	keys    []byte // of the entries longer than 16 bytes
	values  texts
	indexes map[string]int32 // value → index
	secret  [2]uint64        // nobody outside can choose cells that collide
	seed    maphash.Seed
}

// entry is one raw cell. Up to 16 bytes, low, high and length are the cell itself.
type entry struct {
	low, high uint64
	length    uint32
	key       uint32 // where a longer cell starts in keys
	meaning   meaning
}

const (
	maxEntries  = 1 << 14
	maxKeyBytes = 1 << 20
	firstSlots  = 64
	firstValues = 16
)

func newDictionary() dictionary {
	return dictionary{
		slots:   make([]int32, firstSlots),
		indexes: make(map[string]int32, firstValues),
		values:  texts{offsets: make([]int32, 1, firstValues), data: make([]byte, 0, 16*firstValues)},
		secret:  [2]uint64{rand.Uint64(), rand.Uint64()},
		seed:    maphash.MakeSeed(),
	}
}

// isFull reports whether the dictionary should start anew with the next Block.
func (d *dictionary) isFull() bool {
	return len(d.entries) > maxEntries || len(d.keys) > maxKeyBytes || len(d.values.data) > maxKeyBytes
}

// find returns the meaning of a raw cell, which is not empty, and whether it is known.
func (d *dictionary) find(raw []byte) (meaning, bool) {
	low, high := d.pack(raw)
	for slot := d.slot(low, high); ; slot = (slot + 1) & (len(d.slots) - 1) {
		at := d.slots[slot]
		if at == 0 {
			return meaning{}, false
		}
		e := &d.entries[at-1]
		if e.low == low && e.high == high && int(e.length) == len(raw) &&
			(len(raw) <= 16 || bytes.Equal(d.keys[e.key:e.key+e.length], raw)) {
			return e.meaning, true
		}
	}
}

// learn adds a raw cell that find did not know.
func (d *dictionary) learn(raw []byte, m meaning) {
	if 2*len(d.entries) >= len(d.slots) {
		d.grow()
	}
	low, high := d.pack(raw)
	e := entry{low: low, high: high, length: uint32(len(raw)), key: uint32(len(d.keys)), meaning: m}
	if len(raw) > 16 {
		d.keys = append(d.keys, raw...)
	}
	d.entries = append(d.entries, e)
	d.place(len(d.entries), e)
}

// intern returns the index of a value, adding it to the values if it is new.
func (d *dictionary) intern(value []byte) int32 {
	if index, ok := d.indexes[string(value)]; ok {
		return index
	}
	index := int32(d.values.len())
	d.values.append(value)
	d.indexes[string(value)] = index
	return index
}

func (d *dictionary) grow() {
	d.slots = make([]int32, 2*len(d.slots))
	for i, e := range d.entries {
		d.place(i+1, e)
	}
}

func (d *dictionary) place(at int, e entry) {
	slot := d.slot(e.low, e.high)
	for d.slots[slot] != 0 {
		slot = (slot + 1) & (len(d.slots) - 1)
	}
	d.slots[slot] = int32(at)
}

// pack returns two words that, with the length, are the cell itself up to 16 bytes; of a longer one
// they are a hash and its last 8 bytes.
func (d *dictionary) pack(raw []byte) (low, high uint64) {
	switch n := len(raw); {
	case n > 16:
		return maphash.Bytes(d.seed, raw), binary.LittleEndian.Uint64(raw[n-8:])
	case n >= 8:
		return binary.LittleEndian.Uint64(raw), binary.LittleEndian.Uint64(raw[n-8:])
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(raw)) | uint64(binary.LittleEndian.Uint32(raw[n-4:]))<<32, 0
	default:
		return uint64(raw[0]) | uint64(raw[n/2])<<8 | uint64(raw[n-1])<<16, 0
	}
}

func (d *dictionary) slot(low, high uint64) int {
	above, below := bits.Mul64(low^d.secret[0], high^d.secret[1])
	return int(above^below) & (len(d.slots) - 1)
}

// texts are values end to end, as an Arrow text column stores them.
type texts struct {
	offsets []int32 // one more than values; the first is 0
	data    []byte
}

func (t *texts) len() int { return len(t.offsets) - 1 }

// size returns the bytes that the values take in a batch.
func (t *texts) size() int { return aligned(4*len(t.offsets)) + aligned(len(t.data)) }

func (t *texts) at(i int32) []byte { return t.data[t.offsets[i]:t.offsets[i+1]] }

func (t *texts) append(value []byte) {
	t.data = append(t.data, value...)
	t.offsets = append(t.offsets, int32(len(t.data)))
}

func (t *texts) clone() texts { return texts{slices.Clone(t.offsets), slices.Clone(t.data)} }

func (t *texts) reset() {
	t.offsets, t.data = append(t.offsets[:0], 0), t.data[:0]
}
