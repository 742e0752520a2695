package reference

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

var categoriesLayout = &layout{
	file: "categories.csv", columns: []string{"id", "name_en", "name_zh", "codes"},
	keys: 1, required: 4, fold: strings.TrimSpace,
}

// Category is a group of merchant category codes.
type Category struct {
	ID     string // such as restaurants
	NameEN string
	NameZH string
}

// Categories groups ISO 18245 merchant category codes.
type Categories struct {
	list   []Category
	groups [10000]uint8 // by code: index in list and 1, 0 for none
}

// A codeRange is the codes from one to another, both included.
type codeRange struct {
	from, to int
	category int
	row      *row
}

// newCategories fills the codes, wide ranges first: a narrower range beats a wider one, and the
// workspace's rows beat the embedded ones.
func newCategories(t *table, bad *problems) *Categories {
	c := &Categories{}
	slices.SortStableFunc(t.rows, func(a, b row) int { return strings.Compare(a.key, b.key) })
	var ranges []codeRange
	for i := range t.rows {
		r := &t.rows[i]
		if i == 255 {
			bad.add(r.at(0), "more than 255 categories")
			break
		}
		c.list = append(c.list, Category{ID: r.cells[0], NameEN: r.cells[1], NameZH: r.cells[2]})
		for _, text := range splitList(r.cells[3]) {
			from, to, ok := parseCodeRange(text)
			if !ok {
				bad.add(r.at(3), "%q is neither a category code of four digits nor a range such as 5811-5814", text)
				continue
			}
			ranges = append(ranges, codeRange{from, to, i, r})
		}
	}
	slices.SortStableFunc(ranges, func(a, b codeRange) int {
		return cmp.Or(compareBool(a.row.own, b.row.own), cmp.Compare(b.to-b.from, a.to-a.from), cmp.Compare(a.from, b.from))
	})
	for i, r := range ranges {
		if i > 0 && r.overlaps(ranges[i-1]) {
			bad.add(r.row.at(3), "codes %04d-%04d are in category %q as well", r.from, r.to, c.list[ranges[i-1].category].ID)
		}
		for code := r.from; code <= r.to; code++ {
			c.groups[code] = uint8(r.category + 1)
		}
	}
	return c
}

// overlaps reports whether two ranges claim the same codes with equal right.
func (r codeRange) overlaps(other codeRange) bool {
	return r.row.own == other.row.own && r.to-r.from == other.to-other.from && r.from <= other.to && r.category != other.category
}

func parseCodeRange(text string) (from, to int, ok bool) {
	low, high, isRange := strings.Cut(text, "-")
	if !isRange {
		high = low
	}
	if len(low) != 4 || len(high) != 4 || !isDigits(low) || !isDigits(high) || low > high {
		return 0, 0, false
	}
	from, _ = strconv.Atoi(low)
	to, _ = strconv.Atoi(high)
	return from, to, true
}

// Group returns the group of a four-digit code; one that lost leading zeros is padded. ok is false
// if no row holds it.
func (c *Categories) Group(code string) (category Category, ok bool) {
	code = fold.Text(code)
	if len(code) > 4 || !isDigits(code) {
		return Category{}, false
	}
	number, _ := strconv.Atoi(code)
	group := c.groups[number]
	if group == 0 {
		return Category{}, false
	}
	return c.list[group-1], true
}

// ByID returns the group with that id.
func (c *Categories) ByID(id string) (category Category, ok bool) {
	i, ok := slices.BinarySearchFunc(c.list, id, func(c Category, id string) int { return strings.Compare(c.ID, id) })
	if !ok {
		return Category{}, false
	}
	return c.list[i], true
}

// List returns the groups in the order of their ids.
func (c *Categories) List() []Category { return slices.Clone(c.list) }
