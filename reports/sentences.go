package reports

import (
	"strings"

	"github.com/tapcov/tapcov/reports/words"
)

// Interval says the bounds of a share as the headline does: "between 57.9% and 63.2% of terminals".
// The decimals keep the figures on their own side of the values they are held against. Language is
// en or zh; another one panics, as for every text of this package.
func Interval(language string, bounds Bounds, unit string, against ...Ratio) string {
	w := speak(language)
	lower, upper := bounds.Percent(against...)
	return w.Say(intervalKey(lower, upper), "lower", lower, "upper", upper, "unit", w.Term("unit", unit))
}

func intervalKey(lower, upper string) string {
	switch {
	case lower == "":
		return "interval.none"
	case lower == upper:
		return "interval.single"
	}
	return "interval"
}

// Statement says what the claim asks of its figure: "over 60%".
func (c *Claim) Statement(language string) string {
	w := speak(language)
	var values [2]string
	for i := range min(len(c.Values), len(values)) {
		values[i] = c.Values[i].Value(c.IsShare)
	}
	key := "comparator." + c.Comparator
	if !words.Has(key) {
		return strings.TrimSpace(c.Comparator + " " + values[0])
	}
	return w.Say(key, "value", values[0], "to", values[1])
}

// against returns the values that the claim's figures are held against when they are printed.
func (c *Claim) against() []Ratio {
	if c == nil || !c.IsShare {
		return nil
	}
	return c.Values
}

// bounds returns the printed bounds of a judgement of this claim.
func (c *Claim) bounds(j Judgement) (lower, upper string) {
	bounds := Bounds{j.Lower, j.Upper}
	if c.IsShare {
		return bounds.Percent(c.Values...)
	}
	return bounds.Numbers()
}

// Reason says in whole sentences why the claim got this verdict: the judgement's own reason, or
// the arithmetic; then the margin, and what the claim leaves open.
func Reason(language string, claim *Claim, j Judgement) string {
	w := speak(language)
	unit := w.Term("unit", claim.Definition.Unit)
	said := []string{j.Reason.In(language)}
	if said[0] == "" {
		said[0] = arithmetic(w, claim, j, unit)
	}
	if j.Margin.Valid && j.Verdict != NotComparable {
		switch n := j.Margin.V; {
		case n < 0:
			said = append(said, w.Say("margin.need", "count", Number(-n), "unit", unit))
		case n == 0:
			said = append(said, w.Say("margin.none"))
		default:
			said = append(said, w.Say("margin.lose", "count", Number(n), "unit", unit))
		}
	}
	if open := claim.Definition.Open; len(open) > 0 && j.Verdict != NotComparable {
		parts := make([]string, 0, len(open))
		for _, part := range open {
			parts = append(parts, w.Term("open", part))
		}
		said = append(said, w.Say("open", "parts", strings.Join(parts, w.Say("list.separator"))))
		if j.StrictestReading != "" {
			said = append(said, w.Say("open.strictest", "reading", w.Term("reading", j.StrictestReading)))
		}
	}
	if language == "zh" {
		return strings.Join(said, "")
	}
	return strings.Join(said, " ")
}

// OverallReason says why the claim got its verdict over all snapshots it was judged at: as Reason
// does where there is one, else what it is at each.
func OverallReason(language string, claim *Claim) string {
	if len(claim.Snapshots) < 2 || claim.Verdict == NotComparable || claim.Judgement.Reason != (Text{}) {
		return Reason(language, claim, claim.Judgement)
	}
	w := speak(language)
	first, last := claim.Snapshots[0], claim.Snapshots[len(claim.Snapshots)-1]
	dates := make(map[Verdict][]string)
	for _, judgement := range claim.Snapshots {
		dates[judgement.Verdict] = append(dates[judgement.Verdict], Date(language, judgement.SnapshotDate))
	}
	if len(dates) == 1 {
		return w.Say("overall.same", "count", Number(int64(len(claim.Snapshots))),
			"first", Date(language, first.SnapshotDate), "last", Date(language, last.SnapshotDate))
	}
	var said []string
	for _, verdict := range []Verdict{Supported, Undetermined, Refuted, NotComparable} {
		if at := dates[verdict]; len(at) > mostDates {
			said = append(said, w.Say("overall.times", "verdict", w.Say("verdict."+string(verdict)), "count", Number(int64(len(at)))))
		} else if len(at) > 0 {
			said = append(said, w.Say("overall.dates", "verdict", w.Say("verdict."+string(verdict)),
				"dates", strings.Join(at, w.Say("list.separator"))))
		}
	}
	return w.Say("overall.mixed", "verdicts", strings.Join(said, w.Say("overall.separator")))
}

// mostDates is the number of dates up to which a sentence names each.
const mostDates = 4

// arithmetic words the verdict from the bounds alone, or says that carried terminals weaken it.
func arithmetic(w words.Words, claim *Claim, j Judgement, unit string) string {
	key := "reason." + string(j.Verdict)
	switch {
	case j.Verdict == "":
		return ""
	case j.Verdict == NotComparable:
		return w.Say(key)
	case !j.Lower.Exists() || !j.Upper.Exists():
		return w.Say("reason.empty")
	case j.AsCarried != "" && j.AsCarried != j.Verdict:
		return w.Say("carried.weaker", "unit", unit, "verdict", w.Say("verdict."+string(j.AsCarried)))
	}
	statement := claim.Statement(w.Language())
	unknown := j.Upper.Num - j.Lower.Num
	if j.Lower.Den != j.Upper.Den || unknown <= 0 || !claim.IsShare {
		return w.Say(key+".known", "statement", statement)
	}
	return w.Say(key, "statement", statement, "unknown", Number(unknown), "unit", unit)
}

// Date says an ISO date or month in words, or returns the text as it is where it is neither.
func Date(language, iso string) string {
	w := speak(language)
	parts := strings.Split(iso, "-")
	if len(parts) < 2 || len(parts) > 3 || len(parts[0]) != 4 || !words.Has("month."+parts[1]) {
		return iso
	}
	month := w.Say("month." + parts[1])
	if len(parts) == 2 {
		return w.Say("date.month", "year", parts[0], "month", month)
	}
	return w.Say("date.day", "year", parts[0], "month", month, "day", strings.TrimPrefix(parts[2], "0"))
}

// speak returns the words of a language that Report.Check or the caller has made sure of.
func speak(language string) words.Words {
	w, err := words.In(language)
	if err != nil {
		panic(err)
	}
	return w
}
