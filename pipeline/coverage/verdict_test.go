package coverage

import (
	"math/big"
	"testing"
)

func over60() Statement { return Statement{Comparator: ">", Value: big.NewRat(3, 5)} }

// The golden checks of the published figures and of the bounds.
func TestGoldenVerdicts(t *testing.T) {
	cases := []struct {
		name   string
		bounds Bounds
		want   Verdict
	}{
		{"end-2014: 4.0m of 15.935m", Bounds{4_000_000, 4_000_000, 15_935_000}, Refuted},
		{"end-2015: 8.4m of 22.821m", Bounds{8_400_000, 8_400_000, 22_821_000}, Refuted},
		{"end-2016: 13.7007m of 24.535m", Bounds{13_700_700, 13_700_700, 24_535_000}, Refuted},
		{"3 yes, 2 no: 60% is not over 60%", Bounds{3, 3, 5}, Refuted},
		{"3 yes, 1 no, 1 unknown", Bounds{3, 4, 5}, Undetermined},
		{"4 yes, 1 no", Bounds{4, 4, 5}, Supported},
		{"no terminals", Bounds{0, 0, 0}, Undetermined},
	}
	for _, c := range cases {
		if got := over60().Judge(c.bounds.Interval()); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestComparators(t *testing.T) {
	between := Statement{Comparator: "between", Value: big.NewRat(1, 2), Upper: big.NewRat(3, 5)}
	cases := []struct {
		statement Statement
		bounds    Bounds
		want      Verdict
	}{
		{Statement{Comparator: ">=", Value: big.NewRat(3, 5)}, Bounds{3, 4, 5}, Supported},
		{Statement{Comparator: ">=", Value: big.NewRat(3, 5)}, Bounds{2, 2, 5}, Refuted},
		{Statement{Comparator: "<", Value: big.NewRat(3, 5)}, Bounds{3, 4, 5}, Refuted},
		{Statement{Comparator: "<", Value: big.NewRat(3, 5)}, Bounds{1, 2, 5}, Supported},
		{Statement{Comparator: "<=", Value: big.NewRat(3, 5)}, Bounds{2, 3, 5}, Supported},
		{Statement{Comparator: "<=", Value: big.NewRat(3, 5)}, Bounds{3, 4, 5}, Undetermined},
		{between, Bounds{5, 6, 10}, Supported},
		{between, Bounds{7, 8, 10}, Refuted},
		{between, Bounds{2, 4, 10}, Refuted},
		{between, Bounds{4, 6, 10}, Undetermined},
	}
	for _, c := range cases {
		if got := c.statement.Judge(c.bounds.Interval()); got != c.want {
			t.Errorf("%s %v of %+v: got %s, want %s", c.statement.Comparator, c.statement.Value, c.bounds, got, c.want)
		}
	}
}

func TestGrowthBounds(t *testing.T) {
	growth := Growth(Bounds{50, 60, 100}, Bounds{30, 40, 100})
	if growth.Lower.Cmp(big.NewRat(1, 10)) != 0 || growth.Upper.Cmp(big.NewRat(3, 10)) != 0 {
		t.Errorf("got %v to %v, want 1/10 to 3/10", growth.Lower, growth.Upper)
	}
}

// The margin is the exact number of terminals at which the verdict turns.
func TestMarginTurnsTheVerdict(t *testing.T) {
	for _, comparator := range []string{">", ">="} {
		statement := Statement{Comparator: comparator, Value: big.NewRat(3, 5)}
		for all := int64(1); all < 60; all++ {
			for yes := int64(0); yes <= all; yes++ {
				margin, _ := statement.Margin(Bounds{yes, yes, all})
				turn := yes - margin // the least yes that supports the claim
				if turn <= all && statement.Judge(Bounds{turn, turn, all}.Interval()) != Supported {
					t.Fatalf("%s: %d of %d with margin %d: %d does not support", comparator, yes, all, margin, turn)
				}
				if turn > 0 && statement.Judge(Bounds{turn - 1, turn - 1, all}.Interval()) == Supported {
					t.Fatalf("%s: %d of %d with margin %d: %d still supports", comparator, yes, all, margin, turn-1)
				}
			}
		}
	}
}
