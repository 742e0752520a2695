package acceptance

import "testing"

// Over all 256 masks: what a narrower reading knows, a wider one knows the same way.
func TestReadingsNest(t *testing.T) {
	for _, outcome := range Outcomes() {
		narrow := []Acceptance{outcome.Strict, outcome.Declared}
		wide := []Acceptance{outcome.Declared, outcome.Inferred}
		for i := range narrow {
			if narrow[i] != Unknown && narrow[i] != wide[i] {
				t.Errorf("evidence %08b: %s under %s, %s under %s",
					outcome.Evidence, narrow[i], Readings[i], wide[i], Readings[i+1])
			}
		}
	}
}

func TestOutcomes(t *testing.T) {
	const (
		observedYes, configuredNo, declaredYes, declaredNo = 1, 8, 16, 32
		inferredYes, inferredNo                            = 64, 128
	)
	cases := []struct {
		name                        string
		evidence                    int
		strict, declared, inferred  Acceptance
		tier                        Tier
		isConflict, isContradiction bool
	}{
		{"nothing", 0, Unknown, Unknown, Unknown, None, false, false},
		{"a tap", observedYes, Yes, Yes, Yes, Observed, false, false},
		{"a tap against a flag", observedYes | declaredNo, Yes, Yes, Yes, Observed, false, true},
		{"a parameter against a flag", configuredNo | declaredYes, No, No, No, Configured, false, true},
		{"a flag", declaredYes, Unknown, Yes, Yes, Declared, false, false},
		{"strict distrusts a declared no as well", declaredNo, Unknown, No, No, Declared, false, false},
		{"two flags at odds", declaredYes | declaredNo, Unknown, Unknown, Unknown, Declared, true, false},
		{"two flags at odds are not settled by a model", declaredYes | declaredNo | inferredYes, Unknown, Unknown, Unknown, Declared, true, true},
		{"a model", inferredNo, Unknown, Unknown, No, Inferred, false, false},
		{"a flag with a model that agrees", declaredYes | inferredYes, Unknown, Yes, Yes, Declared, false, false},
	}
	outcomes := Outcomes()
	for _, c := range cases {
		got := outcomes[c.evidence]
		want := Outcome{c.evidence, got.State, c.tier, c.strict, c.declared, c.inferred, c.isConflict, c.isContradiction}
		if got != want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, want)
		}
	}
}
