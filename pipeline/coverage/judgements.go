package coverage

import (
	"context"
	"errors"

	"github.com/tapcov/tapcov/pipeline/engine"
)

// WriteJudgements writes judgements as one Parquet file in their order and returns how many.
func WriteJudgements(ctx context.Context, e *engine.Engine, judgements []Judgement, path string) (int64, error) {
	rows := make([][]any, 0, len(judgements))
	for i, j := range judgements {
		var margin any
		if j.Margin != nil {
			margin = *j.Margin
		}
		rows = append(rows, []any{
			int32(i), j.ClaimID, optional(j.SnapshotDate), string(j.Verdict), j.Reason, optional(j.ReasonZH), j.Population, j.Unit, j.Reading,
			j.Level, j.Key, j.All, j.Yes, j.No, margin, optional(string(j.AsCarried)),
			optional(j.StrictestReading), optional(j.LeftOpen),
		})
	}
	if err := e.Fill(ctx, "judgements", `place integer, claim varchar, snapshot_date varchar, verdict varchar, reason varchar, reason_zh varchar,
		population varchar, unit varchar, reading varchar, level varchar, key varchar, terminal_count bigint,
		yes_count bigint, no_count bigint, margin bigint, as_carried varchar, strictest_reading varchar,
		left_open varchar`, rows); err != nil {
		return 0, err
	}
	written, err := e.Copy(ctx, "select * from judgements order by place", path)
	return written, errors.Join(err, e.Drop(ctx, "judgements"))
}

func optional(text string) any {
	if text == "" {
		return nil
	}
	return text
}
