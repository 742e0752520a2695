package columnar

import (
	"encoding/binary"
	"errors"
)

// An Arrow message begins with a flatbuffer, and its reader believes every length that stands there and
// makes room for it: a few wrong bytes would end the process, which cannot be recovered from. So all
// lengths are held against the bytes there are before anything is read. What else is wrong in a message
// ends in a panic, which can.

// errMessage is all that can be said of a message whose lengths are wrong.
var errMessage = errors.New("it is damaged: a message says that it has more than it holds")

// maxNodes bounds the tables of one message: they may stand in several places at once.
const maxNodes = 200_000

// A shape says where in a flatbuffer's table lengths stand.
type shape struct {
	vectors map[int]int           // field → bytes of an element
	tables  map[int]*shape        // field → of the table there
	lists   map[int]*shape        // field → of the tables in a vector
	unions  map[int]map[int]shape // field → kind, which the field before it says → of the table there
}

var (
	keyValue   = &shape{vectors: map[int]int{0: 1, 1: 1}}
	arrowTypes = map[int]shape{
		10: {vectors: map[int]int{1: 1}}, // a timestamp's zone
		14: {vectors: map[int]int{1: 4}}, // a union's kinds
	}
	arrowField = &shape{
		vectors: map[int]int{0: 1}, unions: map[int]map[int]shape{3: arrowTypes},
		tables: map[int]*shape{4: {tables: map[int]*shape{1: {}}}}, lists: map[int]*shape{6: keyValue},
	}
	arrowSchema = shape{lists: map[int]*shape{1: arrowField, 2: keyValue}, vectors: map[int]int{3: 8}}
	recordBatch = shape{vectors: map[int]int{1: 16, 2: 16, 4: 8}, tables: map[int]*shape{3: {}}}
	message     = &shape{
		unions: map[int]map[int]shape{2: {1: arrowSchema, 2: {tables: map[int]*shape{1: &recordBatch}}, 3: recordBatch}},
		lists:  map[int]*shape{4: keyValue},
	}
)

// verifier walks through the tables of a flatbuffer.
type verifier struct {
	data  []byte
	nodes int
}

// checkMessage holds the lengths in a message against its size and returns the length of its body.
func checkMessage(data []byte) (body int64, err error) {
	v := &verifier{data: data}
	root, ok := v.follow(0)
	if !ok || !v.table(root, message, 0) {
		return 0, errMessage
	}
	if at, ok := v.field(root, 3); ok {
		if at+8 > len(data) {
			return 0, errMessage
		}
		body = int64(binary.LittleEndian.Uint64(data[at:]))
	}
	if body < 0 {
		return 0, errMessage
	}
	return body, nil
}

// follow returns where the offset at a place leads.
func (v *verifier) follow(at int) (int, bool) {
	if at < 0 || at+4 > len(v.data) {
		return 0, false
	}
	to := at + int(binary.LittleEndian.Uint32(v.data[at:]))
	return to, to+4 <= len(v.data)
}

// field returns the place of a field's value; false if the table does not have it.
func (v *verifier) field(table, i int) (int, bool) {
	vtable := table - int(int32(binary.LittleEndian.Uint32(v.data[table:])))
	if vtable < 0 || vtable+4 > len(v.data) {
		return 0, false
	}
	slot := 4 + 2*i
	if slot+2 > int(binary.LittleEndian.Uint16(v.data[vtable:])) || vtable+slot+2 > len(v.data) {
		return 0, false
	}
	offset := int(binary.LittleEndian.Uint16(v.data[vtable+slot:]))
	return table + offset, offset > 0 && table+offset < len(v.data)
}

// table reports whether all lengths below a table are possible.
func (v *verifier) table(at int, s *shape, depth int) bool {
	if v.nodes++; v.nodes > maxNodes || depth > maxNested*2 {
		return false
	}
	for i, size := range s.vectors {
		if place, ok := v.field(at, i); ok {
			if _, _, ok := v.vector(place, size); !ok {
				return false
			}
		}
	}
	for i, inner := range s.tables {
		if place, ok := v.field(at, i); ok {
			if to, ok := v.follow(place); !ok || !v.table(to, inner, depth+1) {
				return false
			}
		}
	}
	for i, inner := range s.lists {
		if place, ok := v.field(at, i); ok && !v.list(place, inner, depth) {
			return false
		}
	}
	for i, kinds := range s.unions {
		kind, hasKind := v.field(at, i-1)
		place, ok := v.field(at, i)
		if !ok || !hasKind {
			continue
		}
		inner := kinds[int(v.data[kind])]
		if to, ok := v.follow(place); !ok || !v.table(to, &inner, depth+1) {
			return false
		}
	}
	// The children of a field are fields.
	if place, ok := v.field(at, 5); ok && s == arrowField {
		return v.list(place, arrowField, depth)
	}
	return true
}

// vector returns where the elements of a vector stand, and their number.
func (v *verifier) vector(place, size int) (start, n int, ok bool) {
	to, ok := v.follow(place)
	if !ok {
		return 0, 0, false
	}
	n = int(binary.LittleEndian.Uint32(v.data[to:]))
	return to + 4, n, n <= (len(v.data)-to-4)/size
}

func (v *verifier) list(place int, inner *shape, depth int) bool {
	start, n, ok := v.vector(place, 4)
	for i := 0; ok && i < n; i++ {
		to, found := v.follow(start + 4*i)
		ok = found && v.table(to, inner, depth+1)
	}
	return ok
}
