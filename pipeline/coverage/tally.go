package coverage

import (
	"context"
	"fmt"
	"slices"

	"github.com/tapcov/tapcov/pipeline/acceptance"
	"github.com/tapcov/tapcov/queries"
)

// Tally says what became of the settled terminals of a snapshot: the sums of the tie-out, and how the
// acceptance of those counted by the first population is known.
type Tally struct {
	Terminals     int64             `json:"terminals"`
	Populations   []PopulationTally `json:"populations"`
	Evidence      []EvidenceTally   `json:"evidence"`       // of terminals surely in the first population
	WithoutSerial int64             `json:"without_serial"` // of those
}

// PopulationTally parts the terminals of a snapshot by what a population says of them.
type PopulationTally struct {
	Name      string        `json:"name"`
	Counted   int64         `json:"counted"`   // in, or undecided
	Undecided int64         `json:"undecided"` // of Counted
	Barcode   int64         `json:"barcode"`   // left out: barcode-only devices
	LeftOut   int64         `json:"left_out"`  // left out by the condition
	Sources   []SourceTally `json:"sources"`   // per delivery, in the order of the manifest
}

// SourceTally is how many terminals of a delivery a population cannot decide.
type SourceTally struct {
	Delivery  int   `json:"delivery"`
	Terminals int64 `json:"terminals"`
	Undecided int64 `json:"undecided"`
}

// EvidenceTally counts terminals by the tier that decided.
type EvidenceTally struct {
	Tier          acceptance.Tier `json:"tier"`
	Terminals     int64           `json:"terminals"`
	Yes           int64           `json:"yes"`
	No            int64           `json:"no"`
	Conflict      int64           `json:"conflict"`
	Contradiction int64           `json:"contradiction"`
}

// tallyRow is one row of queries/cover/tallies.sql.
type tallyRow struct {
	delivery, membership, state int
	isConflict, isContradiction bool
	tier                        string
	terminals                   int64
}

// tally adds up one row per combination of what the tally is about.
func (c *covering) tally(ctx context.Context) error {
	t := &c.counted.Tally
	*t = Tally{Populations: make([]PopulationTally, len(c.Populations)), Evidence: []EvidenceTally{}}
	for i, p := range c.Populations {
		t.Populations[i].Name = p.Name
	}
	rows, err := c.engine.Query(ctx, queries.Text("cover/tallies"))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r tallyRow
		if err := rows.Scan(&r.delivery, &r.membership, &r.tier, &r.state, &r.isConflict, &r.isContradiction, &r.terminals); err != nil {
			return fmt.Errorf("read tallies: %w", err)
		}
		t.add(r)
	}
	return rows.Err()
}

func (t *Tally) add(r tallyRow) {
	t.Terminals += r.terminals
	for i := range t.Populations {
		p := &t.Populations[i]
		isMember, isUndecided := membershipOf(r.membership, i)
		source := p.source(r.delivery)
		source.Terminals += r.terminals
		switch {
		case r.membership == barcodeMembership:
			p.Barcode += r.terminals
		case !isMember:
			p.LeftOut += r.terminals
		default:
			p.Counted += r.terminals
		}
		if isUndecided {
			p.Undecided += r.terminals
			source.Undecided += r.terminals
		}
	}
	if isMember, isUndecided := membershipOf(r.membership, 0); isMember && !isUndecided {
		t.addEvidence(r)
		withSerial := slices.IndexFunc(t.Populations, func(p PopulationTally) bool { return p.Name == populationWithSerial })
		if hasSerial, _ := membershipOf(r.membership, withSerial); !hasSerial {
			t.WithoutSerial += r.terminals
		}
	}
}

func (p *PopulationTally) source(delivery int) *SourceTally {
	at := slices.IndexFunc(p.Sources, func(s SourceTally) bool { return s.Delivery == delivery })
	if at < 0 {
		p.Sources = append(p.Sources, SourceTally{Delivery: delivery})
		at = len(p.Sources) - 1
	}
	return &p.Sources[at]
}

func (t *Tally) addEvidence(r tallyRow) {
	tiers := append(slices.Clone(acceptance.Tiers), acceptance.None)
	if len(t.Evidence) == 0 {
		for _, tier := range tiers {
			t.Evidence = append(t.Evidence, EvidenceTally{Tier: tier})
		}
	}
	e := &t.Evidence[slices.Index(tiers, acceptance.Tier(r.tier))]
	yes, no := acceptance.ReadInferred.Masks()
	e.Terminals += r.terminals
	switch {
	case r.state&yes != 0:
		e.Yes += r.terminals
	case r.state&no != 0:
		e.No += r.terminals
	}
	if r.isConflict {
		e.Conflict += r.terminals
	}
	if r.isContradiction {
		e.Contradiction += r.terminals
	}
}
