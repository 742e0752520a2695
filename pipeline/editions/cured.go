package editions

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/queries"
)

// Cured says which rejects of an earlier export the one that took its place does not have.
type Cured struct {
	File     string           `json:"file"` // of the earlier export
	ExportID string           `json:"export_id"`
	Reasons  map[string]int64 `json:"reasons"` // reason code → rejects cured
}

var curedColumns = []string{"source", "snapshot_date", "earlier_file", "source_line", "later_file", "class", "reason", "header", "value", "terminal_id", "outcome"}

// CuredRejects returns the rejects of earlier exports that those in force in their place do not have:
// cells that were corrected, rows that are rejected no longer, terminals that are gone.
func (e *Edition) CuredRejects(ctx context.Context, s RejectSelection, limit int) (*Table, error) {
	if err := e.checkRejects(s); err != nil {
		return nil, err
	}
	t := &Table{Columns: curedColumns, Rows: [][]any{}}
	for _, d := range e.Deliveries {
		earlier := e.predecessor(&d)
		isOther := s.Source != "" && d.Source != s.Source || s.Snapshot != "" && d.SnapshotDate != s.Snapshot
		if earlier == nil || isOther {
			continue
		}
		found, err := e.cured(ctx, earlier, &d, `select source_line, class, reason, header, value, terminal_id, outcome from cured
			where (? = '' or reason = ?) and (? = '' or class = ?) order by source_line, reason, header`+limited(limit-len(t.Rows), limit),
			s.Reason, s.Reason, s.Class, s.Class)
		if err != nil {
			return nil, err
		}
		for _, row := range found.Rows {
			t.Rows = append(t.Rows, append([]any{d.Source, d.SnapshotDate, earlier.File(), row[0], d.File()}, row[1:]...))
		}
		if limit > 0 && len(t.Rows) >= limit {
			break
		}
	}
	return t, nil
}

// limited is the clause that ends a query after so many rows; a limit of 0 is none.
func limited(rest, limit int) string {
	if limit == 0 {
		return ""
	}
	return fmt.Sprintf(" limit %d", rest)
}

// predecessor finds the export in whose place a delivery in force stands: of those it took the place
// of, the one of the highest version; nil if there is none that has rejects.
func (e *Edition) predecessor(d *lake.Delivery) *lake.Delivery {
	if d.State != lake.InForce || d.IsUsage { // the rows of usage are no longer told apart
		return nil
	}
	var last *lake.Delivery
	for i := range e.Deliveries {
		other := &e.Deliveries[i]
		isRival := other.Source == d.Source && other.SnapshotDate == d.SnapshotDate && other.Part == d.Part && other.ExportID != d.ExportID
		if !isRival || other.Rejects.IsZero() || other.State == lake.Withdrawn || lake.CompareVersions(other.Version, d.Version) > 0 {
			continue
		}
		if last == nil || cmp.Or(lake.CompareVersions(other.Version, last.Version), cmp.Compare(other.ExportID, last.ExportID)) > 0 {
			last = other
		}
	}
	return last
}

// cured asks about the rejects that a later export does not have any more, as the table cured.
func (e *Edition) cured(ctx context.Context, earlier, later *lake.Delivery, query string, args ...any) (t *Table, err error) {
	views := map[string]string{
		"earlier_rejects":   "select * from " + engine.Parquet(e.lake.Abs(earlier.Rejects)),
		"later_rejects":     "select * from " + engine.Parquet(e.lake.Abs(earlier.Rejects)) + " where false",
		"earlier_inventory": "select source_line, terminal_id from " + engine.Parquet(e.lake.Abs(earlier.Rows)),
		"later_inventory":   "select source_line, terminal_id from " + engine.Parquet(e.lake.Abs(later.Rows)),
	}
	if !later.Rejects.IsZero() {
		views["later_rejects"] = "select * from " + engine.Parquet(e.lake.Abs(later.Rejects))
	}
	for name, view := range views {
		err = errors.Join(err, e.engine.View(ctx, name, view))
	}
	if err != nil {
		return nil, err
	}
	rows, err := e.engine.Query(ctx, "with cured as (\n"+strings.TrimSpace(queries.Text("read/cured"))+"\n)\n"+query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return readTable(rows)
}

// curedBy counts what a delivery cured of the export that it took the place of; nil if there is none.
func (e *Edition) curedBy(ctx context.Context, d *lake.Delivery) (*Cured, error) {
	earlier := e.predecessor(d)
	if earlier == nil {
		return nil, nil
	}
	t, err := e.cured(ctx, earlier, d, "select reason, count(*) from cured group by reason order by reason")
	if err != nil {
		return nil, err
	}
	c := &Cured{File: earlier.File(), ExportID: earlier.ExportID, Reasons: map[string]int64{}}
	for _, row := range t.Rows {
		c.Reasons[fmt.Sprint(row[0])], _ = row[1].(int64)
	}
	return c, nil
}
