package reports

import "strings"

// headlinePart is a stretch of the headline: words, or a figure that is set large.
type headlinePart struct {
	Text     string
	IsFigure bool
}

// HeadlineParts is the interval in words with its figures apart.
func (p *page) HeadlineParts() []headlinePart {
	lower, upper := Bounds{p.Headline.Counts.Lower(), p.Headline.Counts.Upper()}.Percent(p.Claim.against()...)
	var parts []headlinePart
	for _, part := range p.Parts(intervalKey(lower, upper)) {
		switch {
		case !part.IsPlace:
			parts = append(parts, headlinePart{Text: part.Text})
		case part.Text == "unit":
			parts = append(parts, headlinePart{Text: p.UnitName()})
		case part.Text == "lower":
			parts = append(parts, headlinePart{lower, true})
		default:
			parts = append(parts, headlinePart{upper, true})
		}
	}
	return parts
}

// HeadlineReason says why the headline's verdict is what it is.
func (p *page) HeadlineReason() string {
	if p.Claim == nil {
		return p.Headline.Reason.In(p.Language())
	}
	return Reason(p.Language(), p.Claim, p.Headline.Judgement)
}

// Known is the share among terminals with a known state, as printed.
func (p *page) Known() string {
	known, _ := Bounds{p.Headline.Counts.Known(), p.Headline.Counts.Known()}.Percent(p.Claim.against()...)
	return known
}

// MarkNote says which sources cannot decide the population for more than half their terminals, or
// nothing where all can.
func (p *page) MarkNote(population string) string {
	var sources []string
	for _, candidate := range p.Populations {
		if candidate.Name != population {
			continue
		}
		for _, mark := range candidate.Marks {
			sources = append(sources, p.Say("note.mark.source", "source", mark.Source,
				"undecided", Number(mark.Undecided), "terminals", Number(mark.Terminals)))
		}
	}
	if len(sources) == 0 {
		return ""
	}
	return p.Say("note.mark", "population", p.Population(population), "sources", strings.Join(sources, p.Say("list.separator")))
}

// ReadingGroups are the readings of each population and unit together.
func (p *page) ReadingGroups() [][]ReadingRow {
	var groups [][]ReadingRow
	for i, row := range p.Readings {
		if i == 0 || p.Readings[i-1].Population != row.Population || p.Readings[i-1].Unit != row.Unit {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], row)
	}
	return groups
}

// EstateNote says whether the sources are the whole of the estate.
func (p *page) EstateNote() string {
	if p.Estate.Complete {
		return p.Say("note.complete")
	}
	return p.Say("note.incomplete")
}

// judgedFigure is a published figure ready to print.
type judgedFigure struct {
	Figure
	Date     string
	Computed string // the share; empty: there is none
}

// JudgedFigures are the published figures with their shares.
func (p *page) JudgedFigures() []judgedFigure {
	judged := make([]judgedFigure, 0, len(p.Figures))
	for _, figure := range p.Figures {
		ready := judgedFigure{Figure: figure, Date: Date(p.Language(), figure.AsOf)}
		if figure.AsOf == "" {
			ready.Date = p.Say("claim.undated")
		}
		ready.Computed, _ = Bounds{figure.Share, figure.Share}.Percent(p.claim(figure.ClaimID).against()...)
		if figure.Numerator == 0 || figure.Denominator == 0 {
			// A share in print has the decimals that it was printed with.
			ready.Computed = figure.Share.Value(true)
		}
		judged = append(judged, ready)
	}
	return judged
}

// FiguresClaim is the claim that the published figures are held against, where it is the same one.
func (p *page) FiguresClaim() *Claim {
	id := ""
	for _, figure := range p.Figures {
		switch {
		case figure.ClaimID == "" || figure.ClaimID == id:
		case id == "":
			id = figure.ClaimID
		default:
			return nil
		}
	}
	return p.claim(id)
}

// judgedClaim is a claim ready to print.
type judgedClaim struct {
	Claim
	Statement  string
	Overall    judged
	Judged     []judged
	Parts      []definitionPart
	KeyFigures []keyFigure
}

// IsLong reports whether there are too many snapshots to list at first sight.
func (c judgedClaim) IsLong() bool { return len(c.Judged) > mostMarked }

// judged is one judgement ready to print.
type judged struct {
	Judgement
	Lower, Upper, Why string
	Margin            string
}

// definitionPart is one part of what a claim was taken to mean.
type definitionPart struct {
	Name, Value string
	IsOpen      bool // the claim itself does not say
}

// keyFigure is one key of a claim about several.
type keyFigure struct {
	interval
	Counts  Counts
	Verdict Verdict
}

// JudgedClaims are the claims ready to print.
func (p *page) JudgedClaims() []judgedClaim {
	claims := make([]judgedClaim, 0, len(p.Claims))
	for i := range p.Claims {
		claim := &p.Claims[i]
		ready := judgedClaim{Claim: *claim, Statement: claim.Statement(p.Language()), Parts: p.definitionParts(claim.Definition)}
		ready.Overall = p.judged(claim, claim.Judgement)
		ready.Overall.Why = OverallReason(p.Language(), claim)
		if len(claim.Snapshots) > 1 {
			ready.Overall.Lower, ready.Overall.Upper = "", "" // each snapshot has its own
		}
		for _, judgement := range claim.Snapshots {
			ready.Judged = append(ready.Judged, p.judged(claim, judgement))
		}
		for _, key := range claim.Keys {
			ready.KeyFigures = append(ready.KeyFigures, keyFigure{
				p.interval(key.Name, key.Counts.Lower(), key.Counts.Upper()), key.Counts, key.Verdict,
			})
		}
		claims = append(claims, ready)
	}
	return claims
}

func (p *page) judged(claim *Claim, j Judgement) judged {
	ready := judged{Judgement: j}
	ready.Lower, ready.Upper = claim.bounds(j)
	if j.Margin.Valid {
		ready.Margin = signed(j.Margin.V)
	}
	return ready
}

// IsSingle reports whether one figure is printed for both bounds.
func (j judged) IsSingle() bool { return j.Lower == j.Upper }

// definitionParts lists the filled parts of a definition with the open ones marked.
func (p *page) definitionParts(d ClaimDefinition) []definitionPart {
	open := make(map[string]bool, len(d.Open))
	for _, name := range d.Open {
		open[name] = true
	}
	if d.Level == "nation" {
		d.Key = ""
	}
	var parts []definitionPart
	for _, part := range []struct{ name, value string }{
		{"metric", p.Term("metric", d.Metric)},
		{"scope", p.Term("area", d.Scope)},
		{"level", p.Term("level", d.Level)},
		{"key", d.Key},
		{"population", p.Population(d.Population)},
		{"unit", p.Term("unit", d.Unit)},
		{"reading", p.Term("reading", d.Reading)},
	} {
		if part.value != "" || open[part.name] {
			parts = append(parts, definitionPart{p.Term("open", part.name), strings.TrimSpace(part.value), open[part.name]})
		}
	}
	return parts
}

// signed prints a margin with its sign: +1,204 can be lost, −310 are needed.
func signed(n int64) string {
	if n < 0 {
		return "−" + Number(-n)
	}
	return "+" + Number(n)
}
