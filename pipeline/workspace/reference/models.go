package reference

import (
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// What a device model says of contactless reading.
const (
	ContactlessAlways  = "always"
	ContactlessNever   = "never"
	ContactlessVariant = "variant" // sold with and without, or not documented
)

var modelsLayout = &layout{
	file: "models.csv", columns: []string{"vendor", "model", "contactless", "source"},
	keys: 2, required: 3, fold: fold.Text,
}

// Model is what is documented of a device model.
type Model struct {
	Vendor      string
	Model       string
	Contactless string // always, never or variant
	Source      string
}

// Models is the table of device models.
type Models struct {
	list  []Model
	index map[string]int // folded vendor and model → index in list
}

func newModels(t *table, bad *problems) *Models {
	slices.SortStableFunc(t.rows, func(a, b row) int { return strings.Compare(a.key, b.key) })
	m := &Models{index: make(map[string]int, len(t.rows))}
	known := []string{ContactlessAlways, ContactlessNever, ContactlessVariant}
	for i := range t.rows {
		r := &t.rows[i]
		if !slices.Contains(known, r.cells[2]) {
			bad.add(r.at(2), "%s", unknownWord("contactless", r.cells[2], known))
		}
		m.list = append(m.list, Model{Vendor: r.cells[0], Model: r.cells[1], Contactless: r.cells[2], Source: r.cells[3]})
		m.index[r.key] = i
	}
	return m
}

// Contactless returns always, never or variant; variant for a model the table does not hold.
func (m *Models) Contactless(vendor, model string) string {
	i, ok := m.index[fold.Text(vendor)+"\x1f"+fold.Text(model)]
	if !ok {
		return ContactlessVariant
	}
	return m.list[i].Contactless
}

// List returns the models in order of vendor and model.
func (m *Models) List() []Model { return slices.Clone(m.list) }
