package editions

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/tapcov/tapcov/pipeline/workspace"
)

// diffColumns are those of [Diff]. A gain is what the later side has more than the earlier one, null where
// one of them has no such row.
var diffColumns = []string{
	"snapshot_date", "level", "key", "name", "change", "from_terminal_count", "terminal_count", "terminal_gain", "from_yes_count", "yes_count", "yes_gain",
	"from_no_count", "no_count", "no_gain", "from_lower_share", "lower_share", "from_upper_share", "upper_share",
}

// Diff holds the coverage of two editions against each other, snapshot by snapshot, or that of two
// snapshots of the current edition. from and to are numbers of editions, or dates. It returns the rows with
// a count that is not the same on both sides, and those that only one side has; the columns of that side
// alone are then filled.
func Diff(ctx context.Context, ws *workspace.Workspace, from, to string, s Selection) (*Table, error) {
	before, err := diffSide(ctx, ws, from, s)
	if err != nil {
		return nil, err
	}
	after, err := diffSide(ctx, ws, to, s)
	if err != nil {
		return nil, err
	}
	if before.isSnapshot != after.isSnapshot {
		return nil, &workspace.ConfigError{Err: fmt.Errorf("%q and %q are not of one kind: give two editions, or two snapshots", from, to)}
	}
	t := &Table{Columns: diffColumns, Rows: [][]any{}}
	for _, key := range after.order {
		if row, isChanged := diffRow(before.rows[key], after.rows[key]); isChanged {
			t.Rows = append(t.Rows, row)
		}
	}
	for _, key := range before.order {
		if after.rows[key] == nil {
			row, _ := diffRow(before.rows[key], nil)
			t.Rows = append(t.Rows, row)
		}
	}
	return t, nil
}

// side is the coverage that one argument of a diff stands for: rows by what they are compared by.
type side struct {
	isSnapshot bool
	order      []string
	rows       map[string]map[string]any
}

func diffSide(ctx context.Context, ws *workspace.Workspace, what string, s Selection) (found side, err error) {
	number := 0
	if _, dateErr := time.Parse(time.DateOnly, what); dateErr == nil {
		if s.Snapshot != "" {
			return found, &workspace.ConfigError{Err: errors.New("two snapshots are compared already: leave out --snapshot, or give two editions")}
		}
		found.isSnapshot, s.Snapshot = true, what
	} else if number, err = strconv.Atoi(what); err != nil || number < 1 {
		return found, &workspace.ConfigError{Err: fmt.Errorf("%q is neither an edition nor the date of a snapshot", what)}
	} else if s.Snapshot == "" {
		s.Snapshot = "all"
	}
	edition, err := Open(ctx, ws, number)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, edition.Close()) }()
	t, err := edition.Coverage(ctx, s)
	if errors.Is(err, ErrNoSnapshot) && !found.isSnapshot { // everything is new against it
		return found, nil
	}
	if err != nil {
		return found, err
	}
	found.rows = map[string]map[string]any{}
	for _, values := range t.Rows {
		row := map[string]any{}
		for i, column := range t.Columns {
			row[column] = values[i]
		}
		key := fmt.Sprint(row["key"])
		if !found.isSnapshot {
			key = fmt.Sprint(row["snapshot_date"], " ", key)
		}
		found.order = append(found.order, key)
		found.rows[key] = row
	}
	return found, nil
}

// diffRow compares two rows, one of which may be missing, and tells whether they differ.
func diffRow(before, after map[string]any) (row []any, isChanged bool) {
	there, change := after, "changed"
	switch {
	case before == nil:
		change = "new"
	case after == nil:
		there, change = before, "gone"
	}
	row = []any{there["snapshot_date"], there["level"], there["key"], there["name"], change}
	for _, count := range []string{"terminal_count", "yes_count", "no_count"} {
		was, wasThere := before[count].(int64)
		is, isThere := after[count].(int64)
		gain := any(nil)
		if wasThere && isThere {
			gain = is - was
		}
		isChanged = isChanged || gain != int64(0)
		row = append(row, before[count], after[count], gain)
	}
	return append(row, before["lower_share"], after["lower_share"], before["upper_share"], after["upper_share"]), isChanged
}
