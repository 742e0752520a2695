package reports

import (
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// Ratio is an exact share or number Num/Den with Den > 0. Den 0 means that there is none, which
// is never 0%.
type Ratio struct {
	Num, Den int64
}

// Rounding says to which side a printed figure may lie of the exact one.
type Rounding int

// The three ways of rounding: Down never prints more than there is, Up never less, HalfUp the
// nearest with ties upwards.
const (
	Down Rounding = iota
	Up
	HalfUp
)

// Exists reports whether there is a ratio at all.
func (r Ratio) Exists() bool { return r.Den != 0 }

// Cmp returns -1, 0 or 1 as r is less than, equal to or more than o. Both must exist.
func (r Ratio) Cmp(o Ratio) int { return r.rat().Cmp(o.rat()) }

// Decimal returns the ratio with the given number of decimals: 798/1095 is 0.728767 at six,
// rounded half up. It is empty if there is no ratio.
func (r Ratio) Decimal(places int, rounding Rounding) string {
	if !r.Exists() {
		return ""
	}
	return fixed(scaled(r.rat(), places, rounding), places)
}

// Percent returns the ratio in per cent with the given number of decimals and a percent sign, or
// nothing if there is no ratio.
func (r Ratio) Percent(places int, rounding Rounding) string {
	if !r.Exists() {
		return ""
	}
	return fixed(scaled(percent(r), places, rounding), places) + "%"
}

// Value returns a stated value with as few decimals as show it whole: 3/5 is 60% as a share.
// A ratio that no decimal shows whole is rounded half up at its sixth.
func (r Ratio) Value(isShare bool) string {
	if !r.Exists() {
		return ""
	}
	const most = 6
	exact, sign := r.rat(), ""
	if isShare {
		exact, sign = percent(r), "%"
	}
	places := 0
	for places < most && !isWhole(exact, places) {
		places++
	}
	return group(fixed(scaled(exact, places, HalfUp), places)) + sign
}

// Bounds are the least and the most that a share or a number can be.
type Bounds struct {
	Lower, Upper Ratio
}

// Exist reports whether there are bounds at all.
func (b Bounds) Exist() bool { return b.Lower.Exists() && b.Upper.Exists() }

// Percent returns the two bounds as printed: the lower rounded down and the upper rounded up, both
// with one decimal, or with as many more as keep each on its own side of every value it is held
// against (60.04% over 60% is not printed as 60.0%). Where the bounds are equal both texts are
// the same figure, rounded half up at two decimals, or more by the same condition. Without bounds
// both are empty.
func (b Bounds) Percent(against ...Ratio) (lower, upper string) {
	if !b.Exist() {
		return "", ""
	}
	l, u := percent(b.Lower), percent(b.Upper)
	places, down, up := 1, Down, Up
	if l.Cmp(u) == 0 {
		places, down, up = 2, HalfUp, HalfUp
	}
	for places < mostPlaces && !(keepsSide(l, places, down, against) && keepsSide(u, places, up, against)) {
		places++
	}
	return fixed(scaled(l, places, down), places) + "%", fixed(scaled(u, places, up), places) + "%"
}

// Numbers returns the two bounds of a count with thousands separators, whole where they are.
func (b Bounds) Numbers() (lower, upper string) {
	return b.Lower.Value(false), b.Upper.Value(false)
}

// mostPlaces ends the search for decimals. Counts up to 10¹² and claims of up to six decimals
// are always told apart before it.
const mostPlaces = 24

// keepsSide reports whether the rounded figure stands to each value as the exact one does.
func keepsSide(exact *big.Rat, places int, rounding Rounding, against []Ratio) bool {
	printed := new(big.Rat).SetFrac(scaled(exact, places, rounding), power(places))
	for _, value := range against {
		if !value.Exists() {
			continue
		}
		if v := percent(value); printed.Cmp(v) != exact.Cmp(v) {
			return false
		}
	}
	return true
}

func (r Ratio) rat() *big.Rat { return big.NewRat(r.Num, r.Den) }

func percent(r Ratio) *big.Rat { return new(big.Rat).Mul(r.rat(), big.NewRat(100, 1)) }

func power(places int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
}

func isWhole(exact *big.Rat, places int) bool {
	return new(big.Rat).Mul(exact, new(big.Rat).SetInt(power(places))).IsInt()
}

// scaled returns exact × 10^places as an integer, rounded.
func scaled(exact *big.Rat, places int, rounding Rounding) *big.Int {
	num := new(big.Int).Mul(exact.Num(), power(places))
	den := new(big.Int).Set(exact.Denom())
	switch rounding {
	case Up:
		num.Add(num, den).Sub(num, big.NewInt(1))
	case HalfUp:
		num.Lsh(num, 1).Add(num, den)
		den.Lsh(den, 1)
	}
	// Div is Euclidean: with a positive divisor it rounds towards minus infinity.
	return num.Div(num, den)
}

// fixed prints n / 10^places.
func fixed(n *big.Int, places int) string {
	sign := ""
	if n.Sign() < 0 {
		sign = "-"
	}
	digits := new(big.Int).Abs(n).String()
	if places == 0 {
		return sign + digits
	}
	if short := places + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	return sign + digits[:len(digits)-places] + "." + digits[len(digits)-places:]
}

// appendShare appends num/den with six decimals, rounded half up. It is Decimal(6, HalfUp) for
// the shares of counts, without an allocation.
func appendShare(b []byte, num, den int64) []byte {
	const scale = 1_000_000
	hi, lo := bits.Mul64(uint64(num), 2*scale)
	lo, carry := bits.Add64(lo, uint64(den), 0)
	n, _ := bits.Div64(hi+carry, lo, 2*uint64(den))
	b = append(strconv.AppendUint(b, n/scale, 10), '.')
	for place := uint64(scale / 10); place > 0; place /= 10 {
		b = append(b, byte('0'+n/place%10))
	}
	return b
}

// Number returns n with thousands separators: 13,700,700.
func Number(n int64) string { return group(strconv.FormatInt(n, 10)) }

// group puts a comma between each three digits of the whole part.
func group(digits string) string {
	sign, whole, rest := "", digits, ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	if i := strings.IndexByte(whole, '.'); i >= 0 {
		whole, rest = whole[:i], whole[i:]
	}
	var b strings.Builder
	for i, digit := range []byte(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(digit)
	}
	return sign + b.String() + rest
}
