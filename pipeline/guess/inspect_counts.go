package guess

import (
	"maps"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// keptValues bounds the distinct values that are kept of a column.
const keptValues = 1000

// columnCounts are the counts of all columns over some records.
type columnCounts struct {
	rows, others int64
	characters
	columns []valueCounts
}

type valueCounts struct {
	blank  int64
	isFull bool
	first  []string // in the order of the file
	values map[string]bool
}

func newColumnCounts(columns int) *columnCounts {
	c := &columnCounts{columns: make([]valueCounts, columns)}
	for at := range c.columns {
		c.columns[at].values = map[string]bool{}
	}
	return c
}

// count counts the records of a Block below the header that have its shape.
func (i *inspection) count(block *export.Block) *columnCounts {
	counts := newColumnCounts(len(i.names))
	for at, row := range block.Rows {
		if !i.holds(row) {
			continue
		}
		counts.seeCharacters(block.Raw(at))
		if row.Fault != export.FaultNone || int(row.Count) != len(i.names) || i.isHeader(block, at) {
			counts.others++
			continue
		}
		counts.rows++
		for column, cell := range block.Row(at) {
			counts.columns[column].see(fold.Trim(block.Text(cell)))
		}
	}
	return counts
}

// isHeader reports whether a record is the header once more.
func (i *inspection) isHeader(block *export.Block, at int) bool {
	for column, cell := range block.Row(at) {
		if string(fold.Trim(block.Text(cell))) != i.names[column] {
			return false
		}
	}
	return true
}

func (v *valueCounts) see(text []byte) {
	switch {
	case len(text) == 0:
		v.blank++
	case v.values[string(text)]:
	case len(v.values) == keptValues:
		v.isFull = true
	default:
		value := string(text)
		v.values[value] = true
		if len(v.first) < shownValues {
			v.first = append(v.first, value)
		}
	}
}

func (c *columnCounts) add(other *columnCounts) {
	c.rows += other.rows
	c.others += other.others
	c.characters.add(other.characters)
	for at := range other.columns {
		own, next := &c.columns[at], &other.columns[at]
		own.blank += next.blank
		own.isFull = own.isFull || next.isFull
		for _, value := range next.first {
			own.see([]byte(value))
		}
		for value := range next.values {
			if !own.values[value] && len(own.values) == keptValues {
				own.isFull = true
				break
			}
			own.values[value] = true
		}
	}
}

func (i *inspection) columns(total *columnCounts, set *reference.Set) []InspectedColumn {
	columns := make([]InspectedColumn, len(i.names))
	for at, name := range i.names {
		counts := &total.columns[at]
		c := &columns[at]
		*c = InspectedColumn{
			Number: at + 1, Header: name, Blank: counts.blank, Distinct: int64(len(counts.values)), AtLeast: counts.isFull,
			Type: typeOf(counts, total.rows, set), Samples: []string{},
		}
		for _, value := range counts.first {
			c.Samples = append(c.Samples, shorten(string(conform.Mask([]byte(value)))))
		}
		for _, m := range i.layout.Columns {
			if slices.Contains(m.Headers, name) {
				c.Guess, c.Found = m.Column, string(m.Found)
			}
		}
	}
	return columns
}

// typeOf says what the values of a column look like.
func typeOf(counts *valueCounts, rows int64, set *reference.Set) string {
	values := slices.Collect(maps.Keys(counts.values))
	every := func(is func(string) bool) bool {
		return !slices.ContainsFunc(values, func(v string) bool { return !is(v) })
	}
	isFlag := func(v string) bool { _, ok := set.Flags.Value([]byte(v)); return ok }
	filled := rows - counts.blank
	switch {
	case len(values) == 0:
		return "empty"
	case len(values) <= 4 && every(isFlag):
		return "flag"
	case isDates(values):
		return "date"
	case int64(len(values)) == filled && filled > 1 || counts.isFull && every(hasDigit):
		return "id"
	case every(hasOnlyDigits) && !slices.ContainsFunc(values, func(v string) bool { return len(v) > 1 && v[0] == '0' }):
		return "count"
	case every(isDecimal):
		return "number"
	case !counts.isFull && int64(len(values))*2 <= filled:
		return "code"
	default:
		return "text"
	}
}

func isDates(values []string) bool {
	_, known := dateNotation(values)
	return known && slices.ContainsFunc(values, hasDigit)
}

func hasDigit(text string) bool { return strings.ContainsAny(text, "0123456789") }

func isDecimal(text string) bool {
	return hasDigit(text) && strings.Trim(text, "0123456789.,-+") == ""
}
