package reference

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

var acquirersLayout = &layout{
	file: "acquirers.csv", columns: []string{"id", "name_en", "name_zh", "aliases"},
	keys: 1, required: 2, fold: strings.TrimSpace,
}

// Acquirer is an institution that acquires card payments.
type Acquirer struct {
	ID      string // institution number without leading zeros, such as 102
	NameEN  string
	NameZH  string // the English name where there is no Chinese one
	Aliases []string
}

// Acquirers matches what exports write in their acquirer column.
type Acquirers struct {
	list  []Acquirer
	names map[string]*Acquirer // by folded name, alias or number
}

func newAcquirers(t *table, bad *problems) *Acquirers {
	a := &Acquirers{list: make([]Acquirer, 0, len(t.rows)), names: make(map[string]*Acquirer, 8*len(t.rows))}
	byID := make(map[string]*Acquirer, len(t.rows))
	for _, r := range t.byID() {
		id := r.cells[0]
		if isDigits(id) && id[0] == '0' {
			bad.add(r.at(0), "%q: ids are written without leading zeros", id)
		}
		a.list = append(a.list, Acquirer{
			ID: id, NameEN: r.cells[1], NameZH: cmp.Or(r.cells[2], r.cells[1]), Aliases: splitList(r.cells[3]),
		})
		byID[id] = &a.list[len(a.list)-1]
	}
	for _, r := range t.ownLast() {
		acquirer := byID[r.cells[0]]
		for _, name := range append([]string{number(acquirer.ID), acquirer.NameEN, acquirer.NameZH}, acquirer.Aliases...) {
			name = fold.Text(name)
			if other := a.names[name]; other != nil && other != acquirer {
				bad.add(r.at(3), "%q is acquirer %s as well", name, other.ID)
				continue
			}
			a.names[name] = acquirer
		}
	}
	return a
}

// number writes an id of digits as merchant ids do, with three digits or more; text stays as it is.
func number(id string) string {
	if !isDigits(id) {
		return id
	}
	id = strings.TrimLeft(id, "0")
	return "000"[min(len(id), 3):] + id
}

// Match returns the acquirer that raw names: by name or alias, or by number, 102 = 0102 = 01020000
// (at least three digits: a shorter number is some system's own). Unmatched text keeps its own key,
// raw:TEXT, which is the caller's to form.
func (a *Acquirers) Match(raw string) (acquirer Acquirer, ok bool) {
	name := fold.Text(raw)
	if acquirer, ok = a.named(name); ok || !isDigits(name) || len(name) < 3 || len(name) > 11 {
		return acquirer, ok
	}
	if acquirer, ok = a.named(number(name)); ok {
		return acquirer, true
	}
	// Field 32 has eight digits, the institution in the first four and zeros for its head office.
	head, cut := strings.CutSuffix(name, "0000")
	if !cut {
		return Acquirer{}, false
	}
	return a.named(number(head))
}

func (a *Acquirers) named(name string) (acquirer Acquirer, ok bool) {
	found := a.names[name]
	if found == nil {
		return Acquirer{}, false
	}
	return *found, true
}

// ByID returns the acquirer with that id.
func (a *Acquirers) ByID(id string) (acquirer Acquirer, ok bool) {
	acquirer, ok = a.named(fold.Text(number(id)))
	return acquirer, ok && acquirer.ID == id
}

// List returns the acquirers in the order of their ids, numbers first.
func (a *Acquirers) List() []Acquirer { return slices.Clone(a.list) }
