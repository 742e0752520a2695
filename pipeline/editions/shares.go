package editions

import (
	"context"

	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
	"github.com/tapcov/tapcov/reports"
)

// Shares returns the headline interval of every snapshot, as printed, by its date.
func (e *Edition) Shares(ctx context.Context) (map[string]string, error) {
	rows, err := e.ReadCoverage(ctx, `level = 'nation' and population = ? and unit = 'terminal' and reading = ?`, coverage.DefaultPopulation, DefaultReading)
	if err != nil {
		return nil, err
	}
	against := ClaimedShares(e.ws.Reference.Claims.List())
	shares := map[string]string{}
	for _, row := range rows {
		shares[row.SnapshotDate] = Share(row.Counts, against...)
	}
	return shares, nil
}

// Share prints an interval: 57.9%–63.2%, or one figure where the bounds meet. The figures stay on their
// side of every value they are held against.
func Share(c reports.Counts, against ...reports.Ratio) string {
	lower, upper := reports.Bounds{Lower: c.Lower(), Upper: c.Upper()}.Percent(against...)
	switch {
	case lower == "":
		return "no terminals"
	case lower == upper:
		return lower
	default:
		return lower + "–" + upper
	}
}

// ClaimedShares lists the shares that claims speak of.
func ClaimedShares(claims []reference.Claim) []reports.Ratio {
	var values []reports.Ratio
	for _, claim := range claims {
		if p, q, err := claim.Rational(); err == nil && claim.Metric != "count" {
			values = append(values, reports.Ratio{Num: p, Den: q})
		}
	}
	return values
}
