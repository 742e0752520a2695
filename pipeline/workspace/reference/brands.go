package reference

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

var brandsLayout = &layout{
	file: "brands.csv", columns: []string{"id", "name_en", "name_zh", "aliases"},
	keys: 1, required: 2, fold: strings.TrimSpace,
}

// Brand is a chain of merchants.
type Brand struct {
	ID      string // such as carrefour
	NameEN  string
	NameZH  string   // the English name where there is no Chinese one
	Aliases []string // as the table writes them, the names first
}

// Brands finds chains in merchant names.
type Brands struct {
	list    []Brand
	aliases map[string]string // folded alias → brand id
	pattern string
	search  func() *regexp.Regexp
}

func newBrands(t *table, bad *problems) *Brands {
	b := &Brands{aliases: map[string]string{}}
	for _, r := range t.byID() {
		b.list = append(b.list, Brand{
			ID: r.cells[0], NameEN: r.cells[1], NameZH: cmp.Or(r.cells[2], r.cells[1]), Aliases: aliasesOf(r),
		})
	}
	for _, r := range t.ownLast() {
		for _, alias := range aliasesOf(r) {
			folded := fold.Text(alias)
			if other, ok := b.aliases[folded]; ok && other != r.cells[0] {
				bad.add(r.at(3), "alias %q is brand %q as well", alias, other)
				continue
			}
			if utf8.RuneCountInString(folded) < 2 {
				bad.add(r.at(3), "alias %q would be found in every other name: it needs two characters", alias)
				continue
			}
			b.aliases[folded] = r.cells[0]
		}
	}
	b.pattern = brandPattern(slices.Collect(maps.Keys(b.aliases)))
	b.search = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(b.pattern) })
	return b
}

// aliasesOf returns what a brand is called, its names first.
func aliasesOf(r *row) []string { return splitList(r.cells[1] + "|" + r.cells[2] + "|" + r.cells[3]) }

// brandPattern joins the aliases, longest first: an alternation takes the first that fits.
func brandPattern(list []string) string {
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	for i, alias := range list {
		list[i] = wordBorder(alias[0]) + regexp.QuoteMeta(alias) + wordBorder(alias[len(alias)-1])
	}
	return strings.Join(list, "|")
}

// wordBorder asks for a border beside a Latin letter or a digit. Borders are those of ASCII, so a
// Chinese character next to it is one.
func wordBorder(edge byte) string {
	if 'a' <= edge && edge <= 'z' || '0' <= edge && edge <= '9' {
		return `\b`
	}
	return ""
}

// List returns the brands in the order of their ids.
func (b *Brands) List() []Brand { return slices.Clone(b.list) }

// ByID returns the brand with that id.
func (b *Brands) ByID(id string) (brand Brand, ok bool) {
	i := slices.IndexFunc(b.list, func(b Brand) bool { return b.ID == id })
	if i < 0 {
		return Brand{}, false
	}
	return b.list[i], true
}

// Pattern returns one RE2 alternation to search merchant names in lower case and half width
// (fold.Text) with; "" if there is no brand. ByAlias tells whose alias was found.
func (b *Brands) Pattern() string { return b.pattern }

// ByAlias returns the id of the brand that an alias found by Pattern belongs to.
func (b *Brands) ByAlias(matched string) (id string, ok bool) {
	id, ok = b.aliases[fold.Text(matched)]
	return id, ok
}

// Match returns the id of the brand in a merchant name as written; the first one in it wins.
func (b *Brands) Match(name string) (id string, ok bool) {
	if b.pattern == "" {
		return "", false
	}
	return b.ByAlias(b.search().FindString(fold.Text(name)))
}
