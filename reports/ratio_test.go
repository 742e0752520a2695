package reports

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

var sixty = Ratio{3, 5}

func TestBoundsPercent(t *testing.T) {
	tests := []struct {
		name         string
		lower, upper Ratio
		against      []Ratio
		wantLower    string
		wantUpper    string
	}{
		{"the headline of the method", Ratio{57_941, 100_000}, Ratio{63_149, 100_000}, []Ratio{sixty}, "57.9%", "63.2%"},
		{"no claim", Ratio{1, 3}, Ratio{2, 3}, nil, "33.3%", "66.7%"},
		{"lower just over", Ratio{60_04, 100_00}, Ratio{70, 100}, []Ratio{sixty}, "60.04%", "70.00%"},
		{"lower barely over", Ratio{6_000_001, 10_000_000}, Ratio{7, 10}, []Ratio{sixty}, "60.00001%", "70.00000%"},
		{"upper just under", Ratio{50, 100}, Ratio{59_97, 100_00}, []Ratio{sixty}, "50.00%", "59.97%"},
		{"lower at the value", Ratio{3, 5}, Ratio{4, 5}, []Ratio{sixty}, "60.0%", "80.0%"},
		{"upper at the value", Ratio{2, 5}, Ratio{3, 5}, []Ratio{sixty}, "40.0%", "60.0%"},
		{"value with decimals", Ratio{605, 1000}, Ratio{4, 5}, []Ratio{{605, 1000}}, "60.5%", "80.0%"},
		{"lower at a value with three decimals", Ratio{60_125, 100_000}, Ratio{4, 5}, []Ratio{{60_125, 100_000}}, "60.125%", "80.000%"},
		{"between two values", Ratio{55_001, 100_000}, Ratio{59_999, 100_000}, []Ratio{{55, 100}, sixty}, "55.001%", "59.999%"},
		{"equal, end-2016", Ratio{13_700_700, 24_535_000}, Ratio{13_700_700, 24_535_000}, []Ratio{sixty}, "55.84%", "55.84%"},
		{"equal, end-2014", Ratio{4_000_000, 15_935_000}, Ratio{4_000_000, 15_935_000}, []Ratio{sixty}, "25.10%", "25.10%"},
		{"equal, end-2015", Ratio{8_400_000, 22_821_000}, Ratio{8_400_000, 22_821_000}, []Ratio{sixty}, "36.81%", "36.81%"},
		{"equal, rounding would cross", Ratio{59_996, 100_000}, Ratio{59_996, 100_000}, []Ratio{sixty}, "59.996%", "59.996%"},
		{"equal, rounding down would reach", Ratio{60_001, 100_000}, Ratio{60_001, 100_000}, []Ratio{sixty}, "60.001%", "60.001%"},
		{"equal in other terms", Ratio{1, 2}, Ratio{2, 4}, nil, "50.00%", "50.00%"},
		{"equal, half up", Ratio{5, 100_000}, Ratio{5, 100_000}, nil, "0.01%", "0.01%"},
		{"nothing and everything", Ratio{0, 7}, Ratio{7, 7}, []Ratio{sixty}, "0.0%", "100.0%"},
		{"all yes", Ratio{7, 7}, Ratio{7, 7}, []Ratio{sixty}, "100.00%", "100.00%"},
		{"no terminals", Ratio{0, 0}, Ratio{0, 0}, []Ratio{sixty}, "", ""},
		{"a fall", Ratio{-1, 3}, Ratio{-1, 7}, nil, "-33.4%", "-14.2%"},
		{"a fall held against none", Ratio{-1, 100_000}, Ratio{1, 100_000}, []Ratio{{0, 1}}, "-0.1%", "0.1%"},
		{"a value that is not there", Ratio{1, 3}, Ratio{2, 3}, []Ratio{{}}, "33.3%", "66.7%"},
		{"forty million, one terminal over", Ratio{24_000_001, 40_000_000}, Ratio{39_999_999, 40_000_000}, []Ratio{sixty}, "60.000002%", "99.999998%"},
	}
	for _, test := range tests {
		lower, upper := Bounds{test.lower, test.upper}.Percent(test.against...)
		if lower != test.wantLower || upper != test.wantUpper {
			t.Errorf("%s: got %q and %q, want %q and %q", test.name, lower, upper, test.wantLower, test.wantUpper)
		}
	}
}

// What is printed must never say something else than the counts: it contains the exact interval
// and stands to the claim as the exact bounds do, and nowhere with more decimals than that takes.
func TestBoundsPercentProperties(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	parse := func(s string) *big.Rat {
		t.Helper()
		r, ok := new(big.Rat).SetString(strings.TrimSuffix(s, "%"))
		if !ok {
			t.Fatalf("%q is no number", s)
		}
		return r
	}
	for range 20_000 {
		value := Ratio{random.Int64N(10_001), 10_000}
		all := 1 + random.Int64N(50_000_000)
		var yes int64
		if random.IntN(2) == 0 { // close to the value, where it is hard
			yes = min(max(all*value.Num/value.Den+random.Int64N(5)-2, 0), all)
		} else {
			yes = random.Int64N(all + 1)
		}
		unknown := int64(0)
		if random.IntN(3) > 0 {
			unknown = random.Int64N(all - yes + 1)
		}
		bounds := Bounds{Ratio{yes, all}, Ratio{yes + unknown, all}}
		lowerText, upperText := bounds.Percent(value)
		lower, upper := parse(lowerText), parse(upperText)
		l, u, v := percent(bounds.Lower), percent(bounds.Upper), percent(value)
		if lower.Cmp(v) != l.Cmp(v) || upper.Cmp(v) != u.Cmp(v) {
			t.Fatalf("%v against %v: %s and %s are on another side", bounds, value, lowerText, upperText)
		}
		if unknown > 0 && (lower.Cmp(l) > 0 || upper.Cmp(u) < 0 || lowerText == upperText) {
			t.Fatalf("%v: %s to %s does not contain it", bounds, lowerText, upperText)
		}
		if unknown == 0 && lowerText != upperText {
			t.Fatalf("%v: two figures %s and %s for one", bounds, lowerText, upperText)
		}
	}
}

func TestRatioDecimal(t *testing.T) {
	tests := []struct {
		ratio    Ratio
		places   int
		rounding Rounding
		want     string
	}{
		{Ratio{798, 1095}, 6, HalfUp, "0.728767"},
		{Ratio{1, 2}, 0, HalfUp, "1"},
		{Ratio{1, 2}, 0, Down, "0"},
		{Ratio{1, 2}, 0, Up, "1"},
		{Ratio{-1, 2}, 0, HalfUp, "0"},
		{Ratio{-1, 2}, 0, Down, "-1"},
		{Ratio{1, 16}, 3, HalfUp, "0.063"},
		{Ratio{1, 1}, 3, Up, "1.000"},
		{Ratio{12_345, 1}, 2, Up, "12345.00"},
		{Ratio{}, 3, Up, ""},
	}
	for _, test := range tests {
		if got := test.ratio.Decimal(test.places, test.rounding); got != test.want {
			t.Errorf("%v at %d places, rounding %d: got %q, want %q", test.ratio, test.places, test.rounding, got, test.want)
		}
	}
	if got, want := (Ratio{1, 3}).Percent(1, Up), "33.4%"; got != want {
		t.Errorf("percent: got %q, want %q", got, want)
	}
}

func TestRatioValue(t *testing.T) {
	tests := []struct {
		ratio   Ratio
		isShare bool
		want    string
	}{
		{sixty, true, "60%"},
		{Ratio{605, 1000}, true, "60.5%"},
		{Ratio{9654, 10_000}, true, "96.54%"},
		{Ratio{1, 3}, true, "33.333333%"},
		{Ratio{25, 1}, false, "25"},
		{Ratio{7_000_000, 1}, false, "7,000,000"},
		{Ratio{5, 2}, false, "2.5"},
		{Ratio{}, true, ""},
	}
	for _, test := range tests {
		if got := test.ratio.Value(test.isShare); got != test.want {
			t.Errorf("%v: got %q, want %q", test.ratio, got, test.want)
		}
	}
}

func TestAppendShare(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	check := func(num, den int64) {
		t.Helper()
		if got, want := string(appendShare(nil, num, den)), (Ratio{num, den}).Decimal(6, HalfUp); got != want {
			t.Errorf("%d/%d: got %s, want %s", num, den, got, want)
		}
	}
	check(798, 1095)
	check(0, 9)
	check(9, 9)
	check(1, 2_000_000) // a tie, upwards
	check(1<<62, 1<<62)
	for range 5_000 {
		den := 1 + random.Int64N(1<<(1+random.IntN(61)))
		check(random.Int64N(den+1), den)
	}
}

func TestNumber(t *testing.T) {
	tests := map[int64]string{
		0: "0", 12: "12", 999: "999", 1000: "1,000", -1000: "-1,000", -999: "-999",
		13_700_700: "13,700,700", 1 << 62: "4,611,686,018,427,387,904",
	}
	for n, want := range tests {
		if got := Number(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}
