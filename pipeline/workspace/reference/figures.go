package reference

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kinds of published figures.
const (
	KindNumerator = "numerator" // terminals (or merchants) that accept
	KindTotal     = "total"     // all terminals
	KindShare     = "share"     // a printed share
	KindNeeded    = "needed"    // what "over 60%" would have needed; derived
	KindTarget    = "target"    // what was planned
)

// Units of published figures.
const (
	UnitTerminals = "terminals"
	UnitMerchants = "merchants"
	UnitRatio     = "ratio" // 0.60 is 60%
)

// Figure is one number as published, with what is known of its meaning.
type Figure struct {
	ID          string
	AsOf        Period
	Kind        string
	Comparator  string // how the source qualifies the value: = > >= about
	Value       string // exact decimal text in Unit
	Unit        string // terminals, merchants or ratio
	Printed     string // the value as printed
	Scope       string // what it counts, in the source's words where they are known
	Area        string // CN, a region key, outside-CN or world
	Population  string // the closest population of the method, "" if none
	Denominator string // id of the total that this is compared with, "" if there is none
	Sources     []string
	Mark        string // V verified, W weak source, D derived, GK not verified; V/D and the like for mixtures
	Note        string
}

// Count returns the value of a figure that counts something; an error for a ratio.
func (f Figure) Count() (int64, error) {
	if f.Unit == UnitRatio {
		return 0, fmt.Errorf("figure %s is a ratio, not a count", f.ID)
	}
	n, err := strconv.ParseInt(f.Value, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("figure %s: %q is no count", f.ID, f.Value)
	}
	return n, nil
}

// Rational returns the value as an exact fraction.
func (f Figure) Rational() (Rational, error) {
	r, err := parseDecimal(f.Value)
	if err != nil {
		return Rational{}, fmt.Errorf("figure %s: %w", f.ID, err)
	}
	return r, nil
}

var figuresDocument = &document{
	file: "figures.yaml",
	keys: []string{
		"id", "as_of", "as_of.from", "as_of.to", "as_of.note", "kind", "comparator", "value", "unit", "printed",
		"scope", "area", "population", "denominator", "sources", "mark", "note",
	},
	list: "sources", text: []string{"as_of"},
}

// Figures is the timeline of published figures.
type Figures struct {
	table func() *figureTable
}

type figureTable struct {
	entries []entry
	list    []Figure
	byID    map[string]Figure
}

func newFigureTable(entries []entry, bad *problems) *figureTable {
	t := &figureTable{entries: entries, byID: make(map[string]Figure, len(entries))}
	for i := range entries {
		e := &entries[i]
		f := Figure{
			ID: e.id, AsOf: e.period(bad), Kind: e.get("kind"), Comparator: cmp.Or(e.get("comparator"), "="),
			Value: e.get("value"), Unit: cmp.Or(e.get("unit"), UnitTerminals), Printed: e.get("printed"),
			Scope: e.get("scope"), Area: cmp.Or(e.get("area"), "CN"), Population: e.get("population"),
			Denominator: e.get("denominator"), Sources: e.values["sources"].list, Mark: e.get("mark"), Note: e.get("note"),
		}
		t.list, t.byID[f.ID] = append(t.list, f), f
	}
	for i := range entries {
		t.check(&entries[i], t.list[i], bad)
	}
	slices.SortStableFunc(t.list, func(a, b Figure) int {
		return cmp.Or(
			compareBool(a.AsOf.IsZero(), b.AsOf.IsZero()),
			strings.Compare(a.AsOf.To, b.AsOf.To), strings.Compare(a.AsOf.From, b.AsOf.From), strings.Compare(a.ID, b.ID),
		)
	})
	return t
}

// check reports what is wrong with one figure.
func (t *figureTable) check(e *entry, f Figure, bad *problems) {
	for _, word := range []struct {
		key, text string
		known     []string
	}{
		{"kind", f.Kind, []string{KindNumerator, KindTotal, KindShare, KindNeeded, KindTarget}},
		{"comparator", f.Comparator, []string{"=", ">", ">=", "about"}},
		{"unit", f.Unit, []string{UnitTerminals, UnitMerchants, UnitRatio}},
	} {
		if !slices.Contains(word.known, word.text) {
			bad.add(e.at(word.key), "%s", unknownWord(word.key, word.text, word.known))
		}
	}
	for _, part := range strings.Split(f.Mark, "/") {
		if known := []string{"V", "W", "D", "GK"}; !slices.Contains(known, part) {
			bad.add(e.at("mark"), "%s", unknownWord("mark", part, known))
		}
	}
	if _, err := parseDecimal(f.Value); err != nil {
		bad.add(e.at("value"), "value: %v", err)
	} else if _, err := f.Count(); err != nil && f.Unit != UnitRatio {
		bad.add(e.at("value"), "value: %q is no whole number of %s", f.Value, f.Unit)
	}
	if f.Denominator == "" {
		return
	}
	if t.byID[f.Denominator].Kind != KindTotal {
		bad.add(e.at("denominator"), "denominator: no figure of kind total has the id %q", f.Denominator)
	}
}

// List returns the figures by date, then id; those without a date come last.
func (f *Figures) List() []Figure { return slices.Clone(f.table().list) }

// ByID returns the figure with that id.
func (f *Figures) ByID(id string) (figure Figure, ok bool) {
	figure, ok = f.table().byID[id]
	return figure, ok
}
