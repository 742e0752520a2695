package conform

import (
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// A header may have two rows: names, and above them what groups of them have in common. A column is then
// known by its own name, or by both with the group's before it, where its own is not enough.

// lowerRow returns the last row of the header that has its most known names in row: the next one, if
// that goes on with columns for which row itself has no name, or has that of their group.
func (b *binder) lowerRow(row int) int {
	next := row + 1
	if next >= len(b.head.Rows) || b.head.Rows[next].Line != b.head.Rows[row].Line+1 || b.head.Rows[next].Count == 0 {
		return row
	}
	upper, lower := b.head.Row(row), b.head.Row(next)
	names, goesOn := 0, false
	for at, cell := range lower {
		text := string(fold.Trim(b.head.Text(cell)))
		if text == "" {
			continue
		}
		if !strings.ContainsFunc(text, isLetter) {
			return row
		}
		above := ""
		if at < len(upper) {
			above = string(fold.Trim(b.head.Text(upper[at])))
		}
		switch {
		case above == "":
			goesOn = true
		case above != text && b.isColumn(above) && !b.isGroup(upper, at):
			return row // a value of a column that has its name already
		}
		names++
	}
	if !goesOn || names == 0 {
		return row
	}
	return next
}

func isLetter(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= 0x80 }

// isColumn reports whether a text is a name of its own in the table of headers or in the profile.
func (b *binder) isColumn(text string) bool { return b.known(text) }

// isGroup reports whether a name is that of the columns on its right as well.
func (b *binder) isGroup(row []export.Cell, at int) bool {
	return at+1 < len(row) && len(fold.Trim(b.head.Text(row[at+1]))) == 0
}

// parents returns the group's name of each column of a header, "" for none. A name covers the cells on
// its right that are merged with it, or blank where the format does not know merged cells.
func (b *binder) parents(row int) []string {
	width := int(b.head.Rows[row].Count)
	parents := make([]string, width)
	if row == 0 || b.head.Rows[row-1].Line != b.head.Rows[row].Line-1 {
		return parents
	}
	upper := b.head.Row(row - 1)
	last := ""
	for at := range min(width, len(upper)) {
		text := string(fold.Trim(b.head.Text(upper[at])))
		switch {
		case text != "":
			last = text
		case upper[at].IsNull() && b.sheet != "": // not merged with what stands before it
			last = ""
		}
		parents[at] = last
	}
	return parents
}

// nameColumns names the columns of the header whose last row is row.
func (b *binder) nameColumns(row int) {
	var own []string
	times := map[string]int{} // by folded name
	for _, cell := range b.head.Row(row) {
		name := string(fold.Trim(b.head.Text(cell)))
		own = append(own, name)
		times[fold.Text(name)]++
	}
	parents := b.parents(row)
	if b.upperRow == row { // one row, as nearly all headers
		if !slices.ContainsFunc(parents, func(p string) bool { return p != "" }) {
			parents = nil
		}
	}
	for at, name := range own {
		full := name
		if parents != nil && parents[at] != "" && parents[at] != name {
			full = strings.TrimSpace(parents[at] + " " + name)
		}
		isShared := name != "" && times[fold.Text(name)] > 1
		switch {
		case name == "" && b.upperRow < row: // the upper row alone names it
			if at < len(b.head.Row(b.upperRow)) {
				name = string(fold.Trim(b.head.Text(b.head.Row(b.upperRow)[at])))
			}
			full = name
		case isShared:
			name = full
		}
		b.addHeader(name)
		b.full = append(b.full, squeezed(full))
		if b.aliases[at] == "" && full != name {
			column, _ := b.file.Reference.Headers.Column(strings.ReplaceAll(full, " ", ""))
			b.aliases[at] = b.file.aliasFor(canonicalName(column))
		}
	}
}

// squeezed is a name without blanks, folded: a group's name and a column's are put together in many ways.
func squeezed(name string) string { return strings.ReplaceAll(fold.Text(name), " ", "") }
