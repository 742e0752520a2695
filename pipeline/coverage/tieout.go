package coverage

import (
	"context"
	"fmt"

	"github.com/tapcov/tapcov/pipeline/acceptance"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/queries"
)

// BrokenSumError says which sum of a cube does not add up.
type BrokenSumError struct{ what string }

// Error says what does not add up.
func (e *BrokenSumError) Error() string { return e.what }

// CheckTieOut checks the sums of a cube: at every additive level the keys, none included, sum to the
// nation, and no count is larger than what it is a part of. If not, the error is a *BrokenSumError.
func CheckTieOut(ctx context.Context, e *engine.Engine, path string) error {
	if err := e.View(ctx, "cube", "select * from "+engine.Parquet(path)); err != nil {
		return err
	}
	rows, err := e.Query(ctx, queries.Text("cover/broken_sums"))
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		var population, unit, level string
		var sum, nation int64
		if err := rows.Scan(&population, &unit, &level, &sum, &nation); err != nil {
			return fmt.Errorf("read broken sums: %w", err)
		}
		return &BrokenSumError{fmt.Sprintf("population %s: the keys of level %s sum to %d %ss, the nation has %d", population, level, sum, unit, nation)}
	}
	return rows.Err()
}

// Install makes the views `cubes` and `coverage` over the cubes of some snapshots (date → path).
func Install(ctx context.Context, e *engine.Engine, cubes map[string]string) error {
	union := ""
	for date, path := range cubes {
		if union != "" {
			union += "\nunion all\n"
		}
		union += fmt.Sprintf("select cast(null as integer) as edition, cast(%s as date) as snapshot_date, * from %s", engine.Quote(date), engine.Parquet(path))
	}
	if union == "" {
		return nil
	}
	if err := e.View(ctx, "cubes", union); err != nil {
		return err
	}
	if err := e.Fill(ctx, "readings", ReadingColumns, ReadingRows()); err != nil {
		return err
	}
	return e.View(ctx, "coverage", queries.Text("read/coverage"))
}

// ReadingColumns are the columns of the table readings, which the query of coverage joins.
const ReadingColumns = "reading varchar, rank integer"

// ReadingRows are the rows of the table readings: each admits what those of a lower rank admit, and more.
func ReadingRows() [][]any {
	rows := [][]any{}
	for i, reading := range acceptance.Readings {
		rows = append(rows, []any{string(reading), int32(i + 1)})
	}
	return rows
}
