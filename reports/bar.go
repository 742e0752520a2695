package reports

import "math/big"

// interval is a lower and an upper bound ready to print and to draw.
type interval struct {
	Name         string
	Lower, Upper string // as printed; both empty: there is no share
	Bar          bar
	Relation     string // > < = to the claim's value; empty: there is no single value
}

// IsSingle reports whether one figure is printed for both bounds.
func (i interval) IsSingle() bool { return i.Lower == i.Upper }

// Exists reports whether there is a share at all.
func (i interval) Exists() bool { return i.Lower != "" }

// bar is the drawing of an interval on a line from 0% to 100%, positions in per cent.
type bar struct {
	From, To string
	Class    string // above, below, spans; or plain without a claim
}

// axisLine is a line across a chart: a tick, or a value that the claim names.
type axisLine struct {
	At, Label string
	Side      string // end where a label beside the line would leave the chart on the right, else start
}

// interval prints and places the bounds of name, held against the headline's claim.
func (p *page) interval(name string, lower, upper Ratio) interval {
	bounds := Bounds{lower, upper}
	i := interval{Name: name, Relation: p.relation(bounds)}
	i.Lower, i.Upper = bounds.Percent(p.Claim.against()...)
	if bounds.Exist() {
		i.Bar = bar{From: position(lower), To: position(upper), Class: relationClass(i.Relation)}
	}
	return i
}

// relation says where the bounds lie to the one value of the claim. It is a place on the axis and
// no verdict.
func (p *page) relation(bounds Bounds) string {
	values := p.Claim.against()
	switch {
	case len(values) != 1 || !bounds.Exist():
		return ""
	case bounds.Lower.Cmp(values[0]) > 0:
		return ">"
	case bounds.Upper.Cmp(values[0]) < 0:
		return "<"
	}
	return "="
}

func relationClass(relation string) string {
	switch relation {
	case ">":
		return "above"
	case "<":
		return "below"
	case "=":
		return "spans"
	}
	return "plain"
}

// ClaimLines are the values of the claim on a line from 0% to 100%.
func (p *page) ClaimLines() []axisLine {
	var lines []axisLine
	for _, value := range p.Claim.against() {
		line := axisLine{At: position(value), Label: value.Value(true), Side: "start"}
		if value.Cmp(Ratio{1, 2}) > 0 {
			line.Side = "end"
		}
		lines = append(lines, line)
	}
	return lines
}

// ClaimMark names the claim beside its line, if its id is short enough to stand there.
func (p *page) ClaimMark() string {
	const most = 4
	if len(p.Claim.ID) > most {
		return ""
	}
	return p.Claim.ID + " "
}

// ClaimValue is the single value that shares are held against, such as 60%, or nothing.
func (p *page) ClaimValue() string {
	if values := p.Claim.against(); len(values) == 1 {
		return values[0].Value(true)
	}
	return ""
}

// position is the place of a share on a line from 0% to 100%. Places are worked out in integers as
// figures are, so that every machine draws the same bytes.
func position(r Ratio) string { return coordinate(r.rat()) }

// coordinate prints a part of one as a percentage that SVG reads, kept within the drawing.
func coordinate(part *big.Rat) string {
	one := big.NewRat(1, 1)
	switch {
	case part.Sign() < 0:
		part = new(big.Rat)
	case part.Cmp(one) > 0:
		part = one
	}
	return fixed(scaled(new(big.Rat).Mul(part, big.NewRat(100, 1)), 2, HalfUp), 2) + "%"
}
