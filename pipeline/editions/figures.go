package editions

import (
	"fmt"
	"math/big"

	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// FigureClaim is the claim that published figures are judged against.
const FigureClaim = "C1"

// JudgedFigure is one published figure and what it makes of the claim.
type JudgedFigure struct {
	Figure  reference.Figure
	Of      reference.Figure // the total it is a part of; its ID is empty if none was published
	Share   *big.Rat         // nil: no share can be said
	Verdict coverage.Verdict
	Reason  reference.Text // empty: the arithmetic alone
}

// Figures judges every published national numerator and share against the claim, by date.
func Figures(set *reference.Set) ([]JudgedFigure, error) {
	claim, ok := set.Claims.ByID(FigureClaim)
	if !ok {
		return nil, fmt.Errorf("the claim %s, which figures are judged against, is not in the reference data", FigureClaim)
	}
	p, q, err := claim.Rational()
	if err != nil {
		return nil, err
	}
	statement := coverage.Statement{Comparator: claim.Comparator, Value: big.NewRat(p, q)}
	var judged []JudgedFigure
	for _, figure := range set.Figures.List() {
		if figure.Kind != reference.KindNumerator && figure.Kind != reference.KindShare {
			continue
		}
		j := JudgedFigure{Figure: figure, Verdict: coverage.NotComparable}
		if figure.Denominator != "" {
			j.Of, _ = set.Figures.ByID(figure.Denominator)
		}
		if err := j.judge(claim, statement); err != nil {
			return nil, fmt.Errorf("figure %s: %w", figure.ID, err)
		}
		judged = append(judged, j)
	}
	return judged, nil
}

// judge forms the share and compares it. A source that says "more than" gives a lower bound only.
func (j *JudgedFigure) judge(claim reference.Claim, statement coverage.Statement) error {
	switch {
	case j.Figure.Kind == reference.KindShare && j.Figure.Unit == "ratio":
		share, ok := new(big.Rat).SetString(j.Figure.Value)
		if !ok {
			return fmt.Errorf("value %q is no number", j.Figure.Value)
		}
		j.Share = share
	case j.Of.ID != "":
		part, err := j.Figure.Count()
		if err != nil {
			return err
		}
		whole, err := j.Of.Count()
		if err != nil {
			return err
		}
		j.Share = big.NewRat(part, whole)
	}
	switch {
	case j.Figure.Area != claim.Scope.Area:
		j.Reason = reference.Text{
			EN: "it is about " + j.Figure.Area + ", the claim about " + claim.Scope.Area,
			ZH: "该数字针对 " + j.Figure.Area + "，该说法针对 " + claim.Scope.Area,
		}
	case j.Share == nil:
		j.Reason = reference.Text{EN: "no total of the same date is published", ZH: "未见同一日期的总数"}
	case j.Figure.AsOf.From == "":
		j.Reason = reference.Text{EN: "it has no date", ZH: "没有日期"}
	case j.Figure.Comparator == "about" && j.Share.Cmp(statement.Value) == 0:
		j.Verdict = coverage.Undetermined
		j.Reason = reference.Text{EN: "the source says about, which is neither over nor under", ZH: "来源称“约”，无法判断是否超过"}
	default:
		interval := coverage.Interval{Lower: j.Share, Upper: j.Share}
		if j.Figure.Comparator == ">" || j.Figure.Comparator == ">=" {
			interval.Upper = big.NewRat(1, 1)
		}
		j.Verdict = statement.Judge(interval)
	}
	return nil
}

// JudgeFigures returns the judged figures as rows.
func JudgeFigures(set *reference.Set) (*Table, error) {
	figures, err := Figures(set)
	if err != nil {
		return nil, err
	}
	t := &Table{Columns: []string{"as_of", "figure", "printed", "of", "area", "share", "verdict", "reason", "scope", "mark", "source"}, Rows: [][]any{}}
	for _, f := range figures {
		var share, of, source any
		if f.Share != nil {
			value, _ := f.Share.Float64()
			share = value
		}
		if f.Of.ID != "" {
			of = f.Of.Printed
		}
		if len(f.Figure.Sources) > 0 {
			source = f.Figure.Sources[0]
		}
		t.Rows = append(t.Rows, []any{f.Figure.AsOf.To, f.Figure.ID, f.Figure.Printed, of, f.Figure.Area, share, string(f.Verdict), f.Reason.EN, f.Figure.Scope, f.Figure.Mark, source})
	}
	return t, nil
}

// FailsCheck tells whether a claim over all its snapshots is refuted or undetermined.
func FailsCheck(judgements *Table) bool {
	for _, row := range judgements.objects() {
		_, dated := row["snapshot_date"]
		if verdict := row["verdict"]; !dated && (verdict == string(coverage.Refuted) || verdict == string(coverage.Undetermined)) {
			return true
		}
	}
	return false
}
