package reference

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The golden arithmetic of the published figures: what the printed counts make of "over 60%".
func TestFiguresAgainstSixtyPercent(t *testing.T) {
	figures := load(t).Figures
	for _, test := range []struct {
		id      string
		percent int64 // hundredths of a percent, rounded half up
	}{
		{"quickpass-2014", 2510}, {"quickpass-2015", 3681}, {"quickpass-2016-10", 4035}, {"quickpass-2016", 5584},
	} {
		figure, ok := figures.ByID(test.id)
		if !ok {
			t.Fatalf("no figure %s", test.id)
		}
		total, ok := figures.ByID(figure.Denominator)
		if !ok {
			t.Fatalf("no total for %s", test.id)
		}
		yes, err := figure.Count()
		if err != nil {
			t.Fatal(err)
		}
		all, err := total.Count()
		if err != nil {
			t.Fatal(err)
		}
		if got := (yes*20000 + all) / (2 * all); got != test.percent {
			t.Errorf("%s: %d / %d is %d hundredths of a percent, want %d", test.id, yes, all, got, test.percent)
		}
		if 5*yes > 3*all {
			t.Errorf("%s: %d of %d is over 60%%", test.id, yes, all)
		}
	}
}

func TestFigures(t *testing.T) {
	figures := load(t).Figures
	check := func(id, from, to, value, unit, mark string) {
		t.Helper()
		got, ok := figures.ByID(id)
		if !ok {
			t.Errorf("no figure %s", id)
		}
		if diff := cmp.Diff([]string{from, to, value, unit, mark}, []string{got.AsOf.From, got.AsOf.To, got.Value, got.Unit, got.Mark}); diff != "" {
			t.Errorf("%s:\n%s", id, diff)
		}
	}
	check("pos-2016", "2016-12-31", "2016-12-31", "24535000", UnitTerminals, "V")
	check("pos-2015", "2015-12-31", "2015-12-31", "22821000", UnitTerminals, "D")
	check("pos-2017", "2017-12-31", "2017-12-31", "31188600", UnitTerminals, "V/D")
	check("quickpass-2016", "2016-12-31", "2016-12-31", "13700700", UnitTerminals, "W")
	check("quickpass-2013-07", "2013-07-01", "2013-07-31", "1200000", UnitTerminals, "V")
	check("quickpass-abroad-2017", "2017-01-01", "2017-12-31", "500000", UnitTerminals, "V")
	check("shandong-2017", "2017-12-31", "2017-12-31", "0.9654", UnitRatio, "V")
	check("nfc-share-2016-02", "2016-02-23", "2016-02-23", "0.60", UnitRatio, "V")
	check("quickpass-share-tutorial", "", "", "0.60", UnitRatio, "V")
	if share, _ := figures.ByID("shandong-2017"); share.Area != "370000" {
		t.Errorf("the area of Shandong is %q", share.Area)
	}
	if _, err := (Figure{ID: "x", Value: "0.5", Unit: UnitRatio}).Count(); err == nil {
		t.Error("a ratio is a count")
	}
	list := figures.List()
	dated := slices.IndexFunc(list, func(f Figure) bool { return f.AsOf.IsZero() })
	if !slices.IsSortedFunc(list[:dated], func(a, b Figure) int { return cmpDates(a.AsOf, b.AsOf) }) {
		t.Error("figures are not in the order of their dates")
	}
	if slices.ContainsFunc(list[dated:], func(f Figure) bool { return !f.AsOf.IsZero() }) {
		t.Error("a figure without a date stands before one with a date")
	}
}

func cmpDates(a, b Period) int {
	switch {
	case a.To < b.To:
		return -1
	case a.To > b.To:
		return 1
	}
	return 0
}

// Derived figures follow from those they are derived from.
func TestDerivedFigures(t *testing.T) {
	figures := load(t).Figures
	needed := 0
	for _, figure := range figures.List() {
		if figure.Kind != KindNeeded {
			continue
		}
		needed++
		total, _ := figures.ByID(figure.Denominator)
		part, err := figure.Count()
		if err != nil {
			t.Fatal(err)
		}
		all, err := total.Count()
		if err != nil {
			t.Fatal(err)
		}
		if part*5 != all*3 {
			t.Errorf("%s: %d is not 0.6 of %d", figure.ID, part, all)
		}
	}
	if needed != 5 {
		t.Errorf("%d figures of what was needed, want 5", needed)
	}
	end, _ := figures.ByID("shandong-2017")
	begin, _ := figures.ByID("shandong-2016")
	e, err := end.Rational()
	if err != nil {
		t.Fatal(err)
	}
	b, err := begin.Rational()
	if err != nil {
		t.Fatal(err)
	}
	if e.P*b.Q*10000-b.P*e.Q*10000 != 812*e.Q*b.Q {
		t.Errorf("Shandong went from %s to %s, not by 8.12 percentage points", b, e)
	}
}

func TestTutorialClaims(t *testing.T) {
	claims := load(t).Claims
	ids := []string{}
	for _, claim := range claims.List() {
		ids = append(ids, claim.ID)
		if claim.Text.EN == "" || claim.Text.ZH == "" || claim.Source == "" {
			t.Errorf("claim %s lacks a text or its source", claim.ID)
		}
	}
	if diff := cmp.Diff([]string{"C1", "C2", "C3"}, ids); diff != "" {
		t.Error(diff)
	}
	c1, _ := claims.ByID("C1")
	p, q, err := c1.Rational()
	if err != nil || p != 3 || q != 5 || c1.Value != "0.60" {
		t.Errorf("the value of C1 is %s = %d/%d, %v", c1.Value, p, q, err)
	}
	want := Claim{
		ID: "C1", Text: c1.Text, Source: c1.Source, Metric: MetricShare, Of: "terminal", Comparator: CompareMore, Value: "0.60",
		Scope: Scope{Area: "CN"}, AsOf: Period{From: "2015-12-01", To: "2017-12-31", Note: c1.AsOf.Note}, Note: c1.Note,
	}
	if diff := cmp.Diff(want, c1); diff != "" {
		t.Error(diff)
	}
	if !c1.NoVerdict.IsZero() {
		t.Error("C1 can be judged, on figures and bounds")
	}
	for _, id := range []string{"C2", "C3"} {
		if claim, _ := claims.ByID(id); claim.NoVerdict.EN == "" || claim.NoVerdict.ZH == "" {
			t.Errorf("claim %s does not say why it has no verdict", id)
		}
	}
}

func TestClaimsOfTheWorkspace(t *testing.T) {
	claims := load(t, "claims.yaml", `
- id: W1
  text: {en: between, zh: 介于}
  comparator: between
  value: 0.55
  upper: "0.65"
  level: province
  every: true
  scope: {area: "350000", acquirers: [102, "103"]}
  population: mine
  unit: device
  reading: strict
  as_of: 2016-Q4
- id: W2
  text: {en: about}
  metric: growth
  since: 2015-12-31
  comparator: about
  value: -0.05
  tolerance: 0.1
  scope: estate
  as_of:
    from: 2016-02
`).Claims
	w1, _ := claims.ByID("W1")
	want := Claim{
		ID: "W1", Text: Text{EN: "between", ZH: "介于"}, Metric: MetricShare, Of: "terminal", Comparator: CompareBetween,
		Value: "0.55", Upper: "0.65", Scope: Scope{Area: "350000", Acquirers: []string{"102", "103"}}, Level: "province", Every: true,
		Population: "mine", Unit: "device", Reading: "strict", AsOf: Period{From: "2016-10-01", To: "2016-12-31"},
	}
	if diff := cmp.Diff(want, w1); diff != "" {
		t.Error(diff)
	}
	if place := claims.Place("W1", "population"); place.Line != 10 || place.Column != 15 {
		t.Errorf("population of W1 stands at %s", place)
	}
	if place := claims.Place("W2", "population"); place.Line != 14 {
		t.Errorf("W2 stands at %s", place)
	}
	bounds := func(id string, wantLower, wantUpper Rational) {
		t.Helper()
		claim, _ := claims.ByID(id)
		lower, upper, err := claim.Bounds()
		if err != nil || lower != wantLower || upper != wantUpper {
			t.Errorf("%s: got %s to %s (%v), want %s to %s", id, lower, upper, err, wantLower, wantUpper)
		}
	}
	bounds("W1", Rational{11, 20}, Rational{13, 20})
	bounds("W2", Rational{-3, 20}, Rational{1, 20})
	if c1, _ := claims.ByID("C1"); c1.Comparator == CompareMore {
		if _, _, err := c1.Bounds(); err == nil {
			t.Error("a claim of one value has a range")
		}
	}
	w2, _ := claims.ByID("W2")
	if w2.AsOf != (Period{From: "2016-02-01"}) || !w2.AsOf.Contains("2030-01-01") || w2.AsOf.Contains("2016-01-31") {
		t.Errorf("W2 is as of %+v", w2.AsOf)
	}
}

func TestPeriods(t *testing.T) {
	for _, test := range []struct{ text, from, to string }{
		{"2016-12-31", "2016-12-31", "2016-12-31"},
		{"2016-02", "2016-02-01", "2016-02-29"},
		{"2017", "2017-01-01", "2017-12-31"},
		{"2016-Q1", "2016-01-01", "2016-03-31"},
		{"2016-Q4", "2016-10-01", "2016-12-31"},
		{"2016-Q5", "", ""},
		{"2016-02-30", "", ""},
		{"16-02", "", ""},
		{"", "", ""},
		{"soon", "", ""},
	} {
		got, err := parsePeriod(test.text)
		if got.From != test.from || got.To != test.to || (err == nil) != (test.from != "") {
			t.Errorf("%q: got %s to %s, %v", test.text, got.From, got.To, err)
		}
	}
	if (Period{}).Contains("2016-12-31") {
		t.Error("a period without dates contains a date")
	}
}

func TestDecimals(t *testing.T) {
	for _, test := range []struct {
		text string
		want Rational
	}{
		{"0.60", Rational{3, 5}},
		{"60", Rational{60, 1}},
		{"0.9654", Rational{4827, 5000}},
		{"-0.5", Rational{-1, 2}},
		{"0", Rational{0, 1}},
		{"1e3", Rational{}},
		{"3/5", Rational{}},
		{".5", Rational{}},
		{"60%", Rational{}},
		{"1,000", Rational{}},
		{"", Rational{}},
		{"0.00000001", Rational{}},
		{"99999999999999999999", Rational{}},
	} {
		got, err := parseDecimal(test.text)
		if got != test.want || (err == nil) != (test.want.Q != 0) {
			t.Errorf("%q: got %s, %v", test.text, got, err)
		}
	}
}
