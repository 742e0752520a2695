package acceptance

// StateUnknown is the state of a terminal that no reading calls yes or no.
const StateUnknown = 1 << 8

// An evidence mask has two bits a tier, strongest tier first: some rule says yes, some rule says no.
func yesBit(tier int) int { return 1 << (2 * tier) }
func noBit(tier int) int  { return 1 << (2*tier + 1) }

// Outcome is what one evidence mask means.
type Outcome struct {
	Evidence int // 0 to 255
	// State is one bit: the yes bit or the no bit of the tier that decided, or StateUnknown. Under a
	// reading that does not admit the tier it means unknown, so one state serves every reading.
	State           int
	Tier            Tier // the strongest tier that speaks, even if it contradicts itself
	Strict          Acceptance
	Declared        Acceptance
	Inferred        Acceptance
	IsConflict      bool // the strongest tier that speaks says both
	IsContradiction bool // a weaker tier disagrees with the strongest one
}

// Outcomes returns the meaning of every evidence mask, in order.
func Outcomes() []Outcome {
	outcomes := make([]Outcome, 256)
	for evidence := range outcomes {
		outcomes[evidence] = judge(evidence)
	}
	return outcomes
}

// judge asks the tiers from the strongest to the weakest; the first that speaks decides.
func judge(evidence int) Outcome {
	outcome := Outcome{Evidence: evidence, State: StateUnknown, Tier: None}
	for i, tier := range Tiers {
		yes, no := evidence&yesBit(i) != 0, evidence&noBit(i) != 0
		if !yes && !no {
			continue
		}
		if outcome.Tier != None {
			against := outcome.State == StateUnknown || (no && isYes(outcome.State)) || (yes && !isYes(outcome.State))
			outcome.IsContradiction = outcome.IsContradiction || against
			continue
		}
		outcome.Tier = tier
		switch {
		case yes && no:
			outcome.IsConflict = true
		case yes:
			outcome.State = yesBit(i)
		default:
			outcome.State = noBit(i)
		}
	}
	outcome.Strict = read(outcome.State, ReadStrict)
	outcome.Declared = read(outcome.State, ReadDeclared)
	outcome.Inferred = read(outcome.State, ReadInferred)
	return outcome
}

func isYes(state int) bool {
	yes, _ := ReadInferred.Masks()
	return state&yes != 0
}

// read says what a state means under a reading.
func read(state int, reading Reading) Acceptance {
	yes, no := reading.Masks()
	switch {
	case state&yes != 0:
		return Yes
	case state&no != 0:
		return No
	default:
		return Unknown
	}
}
