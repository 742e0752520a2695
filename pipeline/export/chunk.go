package export

import (
	"context"
	"slices"
	"sync"
	"unicode/utf8"
	"unsafe"

	"github.com/tapcov/tapcov/pipeline/export/text"
)

// A chunk is a part of a file that one goroutine turns into a Block.
//
// A chunk ends at a line end wherever there is one. So the next one nearly always begins with a record,
// and is split at once as if it did. Then it waits for the chunk before it to hand over the line number
// and what is left of a record that began there; if something is, the split is mended (mend.go).
type chunk struct {
	raw    []byte // buffer of the file's bytes
	from   int    // where in raw they start …
	to     int    // … and end
	inLine bool   // the chunk begins within a line
	final  bool   // the chunk ends the file …
	isCut  bool   // … which goes on, but is damaged there
	before <-chan handover
	after  chan<- handover

	splitter      // its data is raw or text
	start    int  // where in data the text starts: from
	inPlace  bool // data is raw: it was UTF-8 already
	text     []byte
	damage   text.Damage
	rest     []byte // the last bytes of raw, if they begin a character
	other    int64  // lines that the other encoding would damage, at least
	first    []Row  // the rows of a first split, while it is mended
}

// A handover is what a chunk has to know of all before it, and in the end what is known of the file.
type handover struct {
	blocks    int
	records   int64
	line      int64 // number of the line at the start of the chunk
	damaged   int64 // lines
	other     int64 // lines that the other encoding would damage, at least
	lineOpen  bool  // the text so far ends within a line …
	onward    bool  // … of a record too long, the row of which is written
	openFault bool  // … that is damaged already

	tail       []byte   // the text of a record that began before, without fault so far
	tailDamage []uint32 // offsets in tail
	rest       []byte   // the first bytes of a character
}

// reading is how a file is read.
type reading struct {
	encoding text.Encoding
	other    text.Encoding // the encoding to count damage under as well, or ""
	syntax   syntax
	limit    int
	cutter   cutter // nil: the splitter makes the cells
}

const (
	rowSize  = int(unsafe.Sizeof(Row{}))
	cellSize = int(unsafe.Sizeof(Cell{}))
)

// headroom is kept free before the text of a chunk for what its predecessor leaves.
const headroom = 64 << 10

// spare is kept free behind it for cells without their escapes.
const spare = 16 << 10

// A shelf keeps the chunks of a pass that are not in use. A pool alone would lose their memory, several
// MiB each, at every garbage collection.
type shelf chan *chunk

// pool keeps the chunks of passes that have ended.
var pool = sync.Pool{New: func() any { return new(chunk) }}

// take returns a chunk with room for size bytes in raw[from:].
func (s shelf) take(size int, r reading) *chunk {
	var c *chunk
	select {
	case c = <-s:
	default:
		c = pool.Get().(*chunk)
	}
	c.syntax, c.limit = r.syntax, r.limit
	c.from = min(headroom, size)
	if need := c.from + size + padding + spare; cap(c.raw) < need {
		c.raw = make([]byte, need)
	}
	c.raw = c.raw[:cap(c.raw)]
	if c.cells == nil {
		c.cells = make([]Cell, 0, size/8) // about what a table of short cells has
	}
	return c
}

// give takes a chunk back; its Block is void.
func (s shelf) give(c *chunk) {
	switch {
	case c.data == nil:
	case c.inPlace:
		c.raw = c.data
	default:
		c.text = c.data
	}
	c.data, c.before, c.after, c.rest, c.isCut = nil, nil, nil, nil, false
	if most := 4 * cap(c.raw); cap(c.rows)*rowSize > most || cap(c.cells)*cellSize > most {
		// A file of line ends or delimiters alone swells; the next one will not.
		c.rows, c.cells, c.first = nil, nil, nil
	}
	select {
	case s <- c:
	default:
		pool.Put(c)
	}
}

// clear leaves the chunks to other passes.
func (s shelf) clear() {
	for {
		select {
		case c := <-s:
			pool.Put(c)
		default:
			return
		}
	}
}

// read decodes and splits the chunk and hands over to the next. The Block is nil if no record ends here.
// An error is that of ctx.
func (c *chunk) read(ctx context.Context, r reading) (*Block, error) {
	var rest int
	var onward bool
	if !c.inLine {
		c.decode(r, nil, false)
		rest, onward = c.run(c.start)
	}
	var h handover
	select {
	case h = <-c.before:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	switch {
	case c.inLine:
		c.decode(r, h.rest, h.openFault)
		rest, onward = c.goOn(h)
	case len(h.tail) > 0:
		rest, onward = c.mend(h.tail, rest, onward)
	}
	marks := c.marks(h)
	c.markRows(marks)
	if c.isCut && c.endsOpen(h) && len(c.rows) > 0 {
		last := &c.rows[len(c.rows)-1]
		last.Fault, last.Count = FaultCut, 0
	}
	for i := range c.rows {
		c.rows[i].Line += h.line
	}
	if r.cutter != nil {
		r.cutter.cut(&c.splitter)
	}
	next := c.handOver(h, marks, rest)
	next.onward = onward
	c.after <- next
	if len(c.rows) == 0 {
		return nil, nil
	}
	return &Block{Index: h.blocks, Data: c.data, Cells: c.cells, Rows: c.rows}, nil
}

// decode makes text of the chunk's bytes, after rest, which began in the chunk before. open says that
// the line it goes on with is damaged already.
func (c *chunk) decode(r reading, rest []byte, open bool) {
	raw := c.raw[c.from:c.to]
	if len(rest) > 0 {
		raw = slices.Concat(rest, raw)
	}
	c.start, c.rest, c.other = c.from, nil, 0
	c.damage.Reset(c.start, open)
	c.inPlace = r.encoding == text.UTF8 && len(rest) == 0 && utf8.Valid(raw)
	data := c.raw[:c.to]
	if !c.inPlace {
		if cap(c.text) < c.start {
			c.text = make([]byte, c.start, c.start+len(raw)*3/2+padding)
		}
		var n int
		data, n = r.encoding.Append(c.text[:c.start], raw, c.final, &c.damage)
		c.rest = slices.Clone(raw[len(raw)-n:])
	}
	end := len(data)
	c.reset(append(data, make([]byte, padding)...), end, c.final)
	if len(c.damage.At) > 0 && r.other != "" && !c.inLine && (c.final || !c.lineOpen()) {
		c.other = int64(r.other.DamagedLines(raw))
	}
}

// lineOpen reports whether the text, which is not empty, ends within a line.
func (c *chunk) lineOpen() bool {
	last := c.data[c.end-1]
	return last != '\n' && last != '\r'
}

// endsOpen reports whether all text so far ends within a line.
func (c *chunk) endsOpen(h handover) bool {
	if c.end > c.start {
		return c.lineOpen()
	}
	return h.lineOpen
}

// marks returns the places of damage in the text, tail included.
func (c *chunk) marks(h handover) []uint32 {
	if len(h.tailDamage) == 0 {
		return c.damage.At
	}
	marks := make([]uint32, 0, len(h.tailDamage)+len(c.damage.At))
	for _, at := range h.tailDamage {
		marks = append(marks, uint32(c.start-len(h.tail))+at)
	}
	return append(marks, c.damage.At...)
}

// markRows sets aside the rows that are damaged.
func (s *splitter) markRows(marks []uint32) {
	i := 0
	for _, at := range marks {
		for i < len(s.rows) && s.rows[i].End <= at {
			i++
		}
		if i < len(s.rows) && s.rows[i].Start <= at {
			s.rows[i].Fault, s.rows[i].Count = FaultEncoding, 0
		}
	}
}

// handOver adds the chunk to what is known of all before it.
func (c *chunk) handOver(h handover, marks []uint32, rest int) handover {
	tail := c.data[rest:c.end]
	next := handover{
		blocks:    h.blocks,
		records:   h.records + int64(len(c.rows)),
		line:      h.line + c.lines + countLines(tail),
		damaged:   h.damaged + int64(len(c.damage.At)),
		other:     h.other + c.other,
		lineOpen:  c.endsOpen(h),
		openFault: c.damage.Open(c.data[:c.end]),
		tail:      slices.Clone(tail),
		rest:      c.rest,
	}
	if len(c.rows) > 0 {
		next.blocks++
	}
	for _, at := range marks {
		if int(at) >= rest {
			next.tailDamage = append(next.tailDamage, at-uint32(rest))
		}
	}
	return next
}
