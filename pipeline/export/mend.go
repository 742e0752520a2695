package export

import "sort"

// goOn splits a chunk that begins within a line.
func (c *chunk) goOn(h handover) (rest int, onward bool) {
	if !h.onward {
		return c.run(c.prepend(h.tail))
	}
	lineEnd := indexLineEnd(c.data[c.start:c.end])
	if lineEnd < 0 {
		return c.end, !c.final
	}
	c.lines = 1
	return c.run(c.behindLineEnd(c.start + lineEnd))
}

// mend splits anew from the tail on until a record starts where one started in the first split, the
// outcome of which was rest and onward. From there the first split holds.
func (c *chunk) mend(tail []byte, rest int, onward bool) (int, bool) {
	if len(tail) > c.start {
		return c.run(c.prepend(tail))
	}
	c.first = append(c.first[:0], c.rows...)
	lines := c.lines
	c.rows, c.memo = c.rows[:0], failure{}
	pos := c.prepend(tail)
	// Nearly always they agree after a record or two. If not, text and quotes were the wrong way round.
	for range 8 {
		if pos >= c.start {
			i := sort.Search(len(c.first), func(i int) bool { return int(c.first[i].Start) >= pos })
			if pos == rest || i < len(c.first) && int(c.first[i].Start) == pos {
				c.rows = append(c.rows, c.first[i:]...)
				c.lines = lines
				return rest, onward
			}
		}
		if pos == c.end {
			return pos, false
		}
		next, d := c.record(pos)
		if d != decided {
			// Undecided: a line that runs on behind the text is the only one in the chunk, where they agree.
			return pos, false
		}
		pos = next
	}
	return c.run(pos)
}

// prepend puts the tail before the text and returns where it starts. If there is no room for it, the
// text moves and a first split is void.
func (c *chunk) prepend(tail []byte) int {
	if move := len(tail) - c.start; move > 0 {
		data := make([]byte, c.end+move, c.end+move+padding+c.end/8)
		copy(data[len(tail):], c.data[c.start:c.end])
		c.start += move
		c.damage.Shift(move)
		c.reset(append(data, make([]byte, padding)...), c.end+move, c.final)
	}
	copy(c.data[c.start-len(tail):], tail)
	c.lines = -countLines(tail)
	return c.start - len(tail)
}
