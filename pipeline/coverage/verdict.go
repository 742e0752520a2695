package coverage

import (
	"math/big"
)

// Verdict says whether a claim holds.
type Verdict string

// The verdicts. Undetermined: the bounds allow both. NotComparable: the claim is about more than, or
// other than, what the workspace holds.
const (
	Supported     Verdict = "supported"
	Refuted       Verdict = "refuted"
	Undetermined  Verdict = "undetermined"
	NotComparable Verdict = "not_comparable"
)

// Verdicts lists the verdicts.
var Verdicts = []Verdict{Supported, Refuted, Undetermined, NotComparable}

// Bounds says that a share lies between Lower/All and Upper/All, whatever the unknown turn out to be.
// A count has All = 1.
type Bounds struct{ Lower, Upper, All int64 }

// Interval is a pair of exact bounds; nil where the denominator is 0.
type Interval struct{ Lower, Upper *big.Rat }

// Interval returns the bounds as exact numbers.
func (b Bounds) Interval() Interval {
	if b.All == 0 {
		return Interval{}
	}
	return Interval{big.NewRat(b.Lower, b.All), big.NewRat(b.Upper, b.All)}
}

// count takes the bounds as those of a number instead of a share.
func (b Bounds) count() Bounds { return Bounds{b.Lower, b.Upper, 1} }

// Growth returns the bounds of the difference between a later and an earlier share.
func Growth(later, earlier Bounds) Interval {
	l, e := later.Interval(), earlier.Interval()
	if l.Lower == nil || e.Lower == nil {
		return Interval{}
	}
	return Interval{new(big.Rat).Sub(l.Lower, e.Upper), new(big.Rat).Sub(l.Upper, e.Lower)}
}

// Statement is what a claim says of a number: a comparator and one value, or for `between` the two
// ends of a range, which belong to it.
type Statement struct {
	Comparator   string // > >= < <= between
	Value, Upper *big.Rat
}

// Judge compares exactly. Without a denominator nothing can be said: undetermined.
func (s Statement) Judge(i Interval) Verdict {
	if i.Lower == nil || i.Upper == nil {
		return Undetermined
	}
	lower, upper := i.Lower.Cmp(s.Value), i.Upper.Cmp(s.Value)
	switch s.Comparator {
	case ">":
		return decide(lower > 0, upper <= 0)
	case ">=":
		return decide(lower >= 0, upper < 0)
	case "<":
		return decide(upper < 0, lower >= 0)
	case "<=":
		return decide(upper <= 0, lower > 0)
	default: // between
		return decide(
			lower >= 0 && i.Upper.Cmp(s.Upper) <= 0,
			upper < 0 || i.Lower.Cmp(s.Upper) > 0)
	}
}

func decide(holds, fails bool) Verdict {
	switch {
	case holds:
		return Supported
	case fails:
		return Refuted
	default:
		return Undetermined
	}
}

// Weaker returns the verdict that claims less: undetermined unless both agree.
func Weaker(a, b Verdict) Verdict {
	if a == b {
		return a
	}
	if a == NotComparable || b == NotComparable {
		return NotComparable
	}
	return Undetermined
}

// Margin says how many accepting terminals the claim can lose before it is no longer supported (0 or
// more), or, negative, how many more it needs. ok is false for statements without a lower end.
func (s Statement) Margin(b Bounds) (margin int64, ok bool) {
	if b.All == 0 || s.Comparator == "<" || s.Comparator == "<=" {
		return 0, false
	}
	// The least yes with yes/all beyond the value: the floor of value·all, and one more unless a
	// whole number is enough.
	product := new(big.Rat).Mul(s.Value, big.NewRat(b.All, 1))
	needed := new(big.Int).Quo(product.Num(), product.Denom())
	if s.Comparator == ">" || !product.IsInt() {
		needed.Add(needed, big.NewInt(1))
	}
	return b.Lower - needed.Int64(), true
}
