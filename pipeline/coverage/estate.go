package coverage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// Estate says what the workspace holds, for the question whether a claim is about more.
type Estate struct {
	Area       string
	Acquirers  []string // nil means all
	IsComplete bool     // the sources together are the whole of it
	NeverSeen  []string // sources of which no delivery ever came
	Official   Official
}

// Official is a published total of all terminals of an area at a date; Total 0: none is cited. With it
// a claim about more than the estate can be judged: what the workspace does not hold is unknown.
type Official struct {
	Area  string
	Date  string // yyyy-mm-dd
	Total int64
}

// incomparable says why the claim is about something the workspace does not hold, if it is.
func (j *judging) incomparable() reference.Text {
	scope := j.claim.Scope
	say := func(en, zh string, args ...any) reference.Text {
		return reference.Text{EN: fmt.Sprintf(en, args...), ZH: fmt.Sprintf(zh, args...)}
	}
	switch {
	case j.claim.NoVerdict.EN != "":
		return j.claim.NoVerdict
	case scope.Estate:
		return reference.Text{}
	case j.estate.Area != "CN" && scope.Area != j.estate.Area:
		return say("the claim is about %s, the workspace holds %s", "该说法针对 %s，本工作区只涵盖 %s", scope.Area, j.estate.Area)
	case j.estate.Acquirers != nil && scope.Acquirers == nil:
		return say("the claim is about all acquirers, the workspace holds %d of them", "该说法针对全部收单机构，本工作区只涵盖其中 %d 家", len(j.estate.Acquirers))
	case j.estate.Acquirers != nil && !containsAll(j.estate.Acquirers, scope.Acquirers):
		return say("the claim is about acquirers that the workspace does not hold", "该说法针对本工作区未涵盖的收单机构")
	case !j.estate.IsComplete:
		return say("the workspace does not declare that its sources are the whole of the estate (estate.complete)", "本工作区未声明其来源即为全部（estate.complete）")
	case len(j.estate.NeverSeen) > 0:
		return say("no delivery ever came from %s", "从未收到以下来源的数据：%s", strings.Join(j.estate.NeverSeen, ", "))
	}
	return reference.Text{}
}

func containsAll(held, wanted []string) bool {
	for _, want := range wanted {
		if !slices.Contains(held, want) {
			return false
		}
	}
	return true
}

// isOfficial tells whether the claim is about exactly what the official total counts.
func (j *judging) isOfficial(base Judgement) bool {
	official := j.estate.Official
	return official.Total > 0 && j.claim.NoVerdict.EN == "" && j.claim.Scope.Area == official.Area && j.claim.Scope.Acquirers == nil &&
		base.Level == "nation" && base.Population == DefaultPopulation && base.Unit == "terminal" && j.claim.Of != "merchant_any" && j.claim.Of != "merchant_all"
}
