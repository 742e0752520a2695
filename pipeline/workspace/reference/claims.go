package reference

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// What a claim's Metric may say. Whatever it is, the key's terminals, devices, merchants, … are
// counted by Of.
const (
	MetricShare  = "share"  // the accepting part of all
	MetricCount  = "count"  // the number that accept
	MetricGrowth = "growth" // the share's change since a date
)

// The comparators of claims. Between includes its ends; about needs a tolerance.
const (
	CompareMore    = ">"
	CompareAtLeast = ">="
	CompareLess    = "<"
	CompareAtMost  = "<="
	CompareBetween = "between"
	CompareAbout   = "about"
)

var (
	metrics     = []string{MetricShare, MetricCount, MetricGrowth}
	comparators = []string{CompareMore, CompareAtLeast, CompareLess, CompareAtMost, CompareBetween, CompareAbout}
	counted     = []string{"terminal", "merchant_any", "merchant_all", "brand", "acquirer"}
	claimUnits  = []string{"", "terminal", "device"}
	readings    = []string{"", "strict", "declared", "inferred"}
	claimLevels = []string{
		"", "nation", "province", "reporting_area", "city", "county", "merchant", "brand", "category", "acquirer",
		"vendor", "model", "device_type", "province_brand", "province_acquirer",
	}
)

// Claim is a published statement in terms that can be judged. A field that the statement leaves open
// is empty, and is judged under the default definition.
type Claim struct {
	ID         string
	Text       Text
	Source     string
	Metric     string // share, count or growth
	Of         string // what is counted: terminal, merchant_any, merchant_all, brand, acquirer
	Comparator string // > >= < <= between about; "" if there is no verdict
	Value      string // decimal text; of between, the lower end
	Upper      string // decimal text; between only
	Tolerance  string // decimal text; about only
	Scope      Scope
	Level      string // "" if the statement is about all of its scope
	Key        string // at that level; "" for nation and for every key
	Every      bool   // the statement is made of every key of the level
	Population string
	Unit       string
	Reading    string
	AsOf       Period
	Since      string // yyyy-mm-dd; growth only
	NoVerdict  Text   // why the statement cannot be judged, empty if it can
	Note       string
}

// Scope is the estate that a claim is about.
type Scope struct {
	Estate    bool     // the workspace's own, whatever it is
	Area      string   // CN or a region key
	Acquirers []string // nil means all
}

// Rational returns Value as p/q in lowest terms, q > 0.
func (c Claim) Rational() (p, q int64, err error) {
	r, err := parseDecimal(c.Value)
	if err != nil {
		return 0, 0, fmt.Errorf("claim %s: %w", c.ID, err)
	}
	return r.P, r.Q, nil
}

// Bounds returns the lowest and the highest value that a claim with the comparator between or about
// allows, both included; an error for any other comparator.
func (c Claim) Bounds() (lowest, highest Rational, err error) {
	var low, high *big.Rat
	switch c.Comparator {
	case CompareBetween:
		if low, err = parseRat(c.Value); err == nil {
			high, err = parseRat(c.Upper)
		}
	case CompareAbout:
		var middle, tolerance *big.Rat
		if middle, err = parseRat(c.Value); err == nil {
			tolerance, err = parseRat(c.Tolerance)
		}
		if err == nil {
			low, high = new(big.Rat).Sub(middle, tolerance), new(big.Rat).Add(middle, tolerance)
		}
	default:
		err = fmt.Errorf("comparator %s has no range", c.Comparator)
	}
	if err == nil {
		lowest, err = rational(low)
	}
	if err == nil {
		highest, err = rational(high)
	}
	if err != nil {
		return Rational{}, Rational{}, fmt.Errorf("claim %s: %w", c.ID, err)
	}
	return lowest, highest, nil
}

var claimsDocument = &document{
	file: "claims.yaml",
	keys: []string{
		"id", "text.en", "text.zh", "source", "metric", "of", "comparator", "value", "upper", "tolerance",
		"scope", "scope.area", "scope.acquirers", "level", "key", "every", "population", "unit", "reading",
		"as_of", "as_of.from", "as_of.to", "as_of.note", "since", "no_verdict.en", "no_verdict.zh", "note",
	},
	list: "scope.acquirers", text: []string{"as_of", "scope", "scope.acquirers"},
}

// Claims are the embedded claims and the workspace's own.
type Claims struct {
	table func() *claimTable
}

type claimTable struct {
	entries []entry // in the order of list
	list    []Claim
}

func newClaimTable(entries []entry, bad *problems) *claimTable {
	t := &claimTable{entries: slices.SortedStableFunc(slices.Values(entries), func(a, b entry) int {
		return strings.Compare(a.id, b.id)
	})}
	for i := range t.entries {
		e := &t.entries[i]
		c := Claim{
			ID: e.id, Text: Text{EN: e.get("text.en"), ZH: e.get("text.zh")}, Source: e.get("source"),
			Metric: cmp.Or(e.get("metric"), MetricShare), Of: cmp.Or(e.get("of"), "terminal"),
			Comparator: e.get("comparator"), Value: e.get("value"), Upper: e.get("upper"), Tolerance: e.get("tolerance"),
			Scope: e.scope(bad), Level: e.get("level"), Key: e.get("key"), Every: e.get("every") == "true",
			Population: e.get("population"), Unit: e.get("unit"), Reading: e.get("reading"), AsOf: e.period(bad),
			NoVerdict: Text{EN: e.get("no_verdict.en"), ZH: e.get("no_verdict.zh")}, Note: e.get("note"),
		}
		c.check(e, bad)
		t.list = append(t.list, c)
	}
	return t
}

// scope reads the key scope: the word estate, or the keys area and acquirers below it.
func (e *entry) scope(bad *problems) Scope {
	if word := e.get("scope"); word != "" {
		if word != "estate" {
			bad.add(e.at("scope"), "%s", unknownWord("scope", word, []string{"estate", "or area and acquirers below it"}))
		}
		return Scope{Estate: true}
	}
	s := Scope{Area: cmp.Or(e.get("scope.area"), "CN"), Acquirers: e.values["scope.acquirers"].list}
	if s.Area != "CN" && (len(s.Area) != 6 || !isDigits(s.Area)) {
		bad.add(e.at("scope.area"), "scope.area: %q is neither CN nor a region key such as 350000", s.Area)
	}
	if word := e.get("scope.acquirers"); word != "" && word != "all" {
		bad.add(e.at("scope.acquirers"), "scope.acquirers: expected all or a list of acquirer ids, found %q", word)
	}
	return s
}
