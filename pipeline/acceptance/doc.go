// Package acceptance says from evidence whether a terminal accepts QuickPass.
//
// Rules are data: each is an SQL condition over documented evidence columns and yields yes or no at
// a tier. Which rules fired on a terminal is a bit mask; the mask is condensed to evidence (does any
// rule of a tier say yes, does any say no), and the evidence of all rows of a terminal is united.
// Outcomes then says, for each of the 256 evidence masks there can be, what holds under which
// reading. So every decision is in this package, and SQL only joins.
package acceptance

// Acceptance tells whether a terminal accepts QuickPass.
type Acceptance string

// The values of Acceptance.
const (
	Yes     Acceptance = "yes"
	No      Acceptance = "no"
	Unknown Acceptance = "unknown"
)

// Tier says how an acceptance is known, strongest first.
type Tier string

// The tiers, in order of strength; None where no rule speaks.
const (
	Observed   Tier = "observed"
	Configured Tier = "configured"
	Declared   Tier = "declared"
	Inferred   Tier = "inferred"
	None       Tier = "none"
)

// Tiers lists the tiers that can speak, strongest first.
var Tiers = []Tier{Observed, Configured, Declared, Inferred}

// Reading says which tiers are admitted as evidence, for yes and no alike.
type Reading string

// The readings, each admitting all that the one before it admits.
const (
	ReadStrict   Reading = "strict"   // observed, configured
	ReadDeclared Reading = "declared" // adds declared; the default
	ReadInferred Reading = "inferred" // adds inferred
)

// Readings lists the readings from the narrowest to the widest.
var Readings = []Reading{ReadStrict, ReadDeclared, ReadInferred}

// Tiers returns the tiers that a reading admits.
func (r Reading) Tiers() []Tier {
	switch r {
	case ReadStrict:
		return Tiers[:2]
	case ReadDeclared:
		return Tiers[:3]
	default:
		return Tiers
	}
}

// Masks returns the states (see Outcome.State) that count as yes and as no under the reading.
func (r Reading) Masks() (yes, no int) {
	for i := range r.Tiers() {
		yes |= yesBit(i)
		no |= noBit(i)
	}
	return yes, no
}
