package editions

import (
	"context"
	"database/sql"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
	"github.com/tapcov/tapcov/reports"
)

// fillClaims takes every claim with its judgements, the workspace's own claims first.
func (r *reporting) fillClaims(ctx context.Context) error {
	rows, err := r.Rows(ctx, `select claim, coalesce(cast(snapshot_date as varchar), ''), verdict, reason, coalesce(reason_zh, ''), population, unit, reading, level, key,
			terminal_count, yes_count, no_count, margin, coalesce(strictest_reading, ''), coalesce(as_carried, ''), coalesce(left_open, '')
		from judgements order by place`)
	if err != nil {
		return err
	}
	defer rows.Close()
	byID := map[string]*reports.Claim{}
	var order []string
	for rows.Next() {
		var j coverage.Judgement
		var margin sql.Null[int64]
		if err := rows.Scan(&j.ClaimID, &j.SnapshotDate, &j.Verdict, &j.Reason, &j.ReasonZH, &j.Population, &j.Unit, &j.Reading, &j.Level, &j.Key,
			&j.All, &j.Yes, &j.No, &margin, &j.StrictestReading, &j.AsCarried, &j.LeftOpen); err != nil {
			return fmt.Errorf("read claims: %w", err)
		}
		claim := byID[j.ClaimID]
		if claim == nil {
			if claim, err = r.newClaim(j); err != nil {
				return err
			}
			byID[j.ClaimID], order = claim, append(order, j.ClaimID)
		}
		judged := judgement(j, margin, !claim.IsShare)
		if j.SnapshotDate == "" {
			claim.Judgement = judged
			continue
		}
		judged.State = string(r.Snapshot(j.SnapshotDate).State)
		claim.Snapshots = append(claim.Snapshots, judged)
	}
	slices.SortStableFunc(order, func(a, b string) int { return ownFirst(a) - ownFirst(b) })
	for _, id := range order {
		r.report.Claims = append(r.report.Claims, *byID[id])
	}
	return rows.Err()
}

// ownFirst ranks the claims that come with the binary after those of the workspace.
func ownFirst(id string) int {
	if slices.Contains([]string{"C1", "C2", "C3"}, id) {
		return 1
	}
	return 0
}

func judgement(j coverage.Judgement, margin sql.Null[int64], isCount bool) reports.Judgement {
	result := reports.Judgement{
		SnapshotDate: j.SnapshotDate, Verdict: reports.Verdict(j.Verdict), AsCarried: reports.Verdict(j.AsCarried), StrictestReading: j.StrictestReading, Margin: margin,
	}
	if j.Verdict == coverage.NotComparable {
		result.Reason = reports.Text{EN: j.Reason, ZH: j.ReasonZH}
		return result
	}
	denominator := j.All
	if isCount {
		denominator = 1
	}
	result.Lower, result.Upper = reports.Ratio{Num: j.Yes, Den: denominator}, reports.Ratio{Num: j.All - j.No, Den: denominator}
	return result
}

// newClaim takes a claim's text and the definition it was judged under.
func (r *reporting) newClaim(j coverage.Judgement) (*reports.Claim, error) {
	claim, ok := r.ws.Reference.Claims.ByID(j.ClaimID)
	if !ok {
		return &reports.Claim{ID: j.ClaimID, Text: reports.Plain(j.ClaimID)}, nil
	}
	result := &reports.Claim{
		ID: claim.ID, Text: reports.Text{EN: claim.Text.EN, ZH: claim.Text.ZH}, Source: claim.Source,
		AsOf: period(claim.AsOf), Comparator: claim.Comparator, IsShare: claim.Metric != "count",
		Definition: reports.ClaimDefinition{
			Metric: claim.Metric, Scope: scope(claim.Scope), Level: j.Level, Key: j.Key,
			Population: j.Population, Unit: j.Unit, Reading: j.Reading,
		},
	}
	for _, part := range strings.Split(j.LeftOpen, ", ") {
		if name, _, _ := strings.Cut(part, " "); name != "" {
			result.Definition.Open = append(result.Definition.Open, name)
		}
	}
	if claim.Comparator == "between" || claim.Comparator == "about" {
		lower, upper, err := claim.Bounds()
		if err != nil {
			return nil, err
		}
		result.Values = []reports.Ratio{{Num: lower.P, Den: lower.Q}, {Num: upper.P, Den: upper.Q}}
		return result, nil
	}
	p, q, err := claim.Rational()
	if err != nil {
		return nil, err
	}
	result.Values = []reports.Ratio{{Num: p, Den: q}}
	return result, nil
}

func period(p reference.Period) string {
	if p.From == p.To {
		return p.From
	}
	return p.From + " – " + p.To
}

func scope(s reference.Scope) string {
	if s.Estate {
		return "estate"
	}
	return s.Area
}

func ratioOf(r reports.Ratio) *big.Rat { return big.NewRat(r.Num, r.Den) }

// fillFigures takes the published figures as the claim's arithmetic judges them.
func (r *reporting) fillFigures(context.Context) error {
	judged, err := Figures(r.ws.Reference)
	if err != nil {
		return err
	}
	for _, j := range judged {
		figure := reports.Figure{
			ID: j.Figure.ID, AsOf: j.Figure.AsOf.To, Scope: reports.Plain(j.Figure.Scope), NumeratorText: j.Figure.Printed,
			ClaimID: FigureClaim, Verdict: reports.Verdict(j.Verdict), Mark: j.Figure.Mark,
			Source: strings.Join(j.Figure.Sources, " ; "),
		}
		if j.Reason.EN != "" {
			figure.Reason = reports.Text{EN: j.Reason.EN, ZH: j.Reason.ZH}
		}
		if j.Figure.Kind == reference.KindShare {
			figure.PublishedShare, figure.NumeratorText = j.Figure.Printed, ""
		}
		if j.Of.ID != "" {
			figure.DenominatorText = j.Of.Printed
			if figure.Denominator, err = j.Of.Count(); err != nil {
				return fmt.Errorf("figure %s: %w", j.Of.ID, err)
			}
		}
		if j.Figure.Kind == reference.KindNumerator {
			if figure.Numerator, err = j.Figure.Count(); err != nil {
				return fmt.Errorf("figure %s: %w", j.Figure.ID, err)
			}
		}
		if j.Share != nil && j.Share.Num().IsInt64() && j.Share.Denom().IsInt64() {
			figure.Share = reports.Ratio{Num: j.Share.Num().Int64(), Den: j.Share.Denom().Int64()}
		}
		r.report.Figures = append(r.report.Figures, figure)
	}
	return nil
}
