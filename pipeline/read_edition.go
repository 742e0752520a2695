package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/acceptance"
	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/settle"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// Selection picks coverage rows; empty fields stand for the default.
type Selection struct {
	Level, Key                          string
	Snapshot, Population, Unit, Reading string // Snapshot "all": every snapshot
}

// check fills in defaults and refuses names that do not exist.
func (s *Selection) check(e *Edition) error {
	fill := func(value *string, fallback, what string, known []string) error {
		if *value == "" {
			*value = fallback
		}
		if !slices.Contains(known, *value) {
			return fmt.Errorf("there is no %s %q; there are %s", what, *value, strings.Join(known, ", "))
		}
		return nil
	}
	dates := []string{"all"}
	for _, snapshot := range e.Snapshots {
		dates = append(dates, snapshot.Date)
	}
	readings := []string{}
	for _, reading := range acceptance.Readings {
		readings = append(readings, string(reading))
	}
	for _, field := range []struct {
		value          *string
		fallback, what string
		known          []string
	}{
		{&s.Level, "nation", "level", coverage.Levels},
		{&s.Snapshot, e.Newest(), "snapshot", dates},
		{&s.Population, coverage.DefaultPopulation, "population", e.ws.Populations()},
		{&s.Unit, "terminal", "unit", []string{"terminal", "device"}},
		{&s.Reading, string(acceptance.ReadDeclared), "reading", readings},
	} {
		if err := fill(field.value, field.fallback, field.what, field.known); err != nil {
			return err
		}
	}
	return nil
}

// SelectionError says that a selection names something that does not exist.
type SelectionError struct{ error }

// Coverage returns coverage rows, the largest first (columns: queries/read/coverage.sql).
func (e *Edition) Coverage(ctx context.Context, s Selection) (*Table, error) {
	if err := s.check(e); err != nil {
		return nil, SelectionError{err}
	}
	query := "select * from coverage where population = ? and unit = ? and reading = ? and level = ?"
	args := []any{s.Population, s.Unit, s.Reading, s.Level}
	if s.Snapshot != "all" {
		query += " and snapshot_date = cast(? as date)"
		args = append(args, s.Snapshot)
	}
	if s.Key != "" {
		query += " and key = ?"
		args = append(args, s.Key)
	}
	return e.Query(ctx, query+" order by snapshot_date, terminal_count desc, key", args...)
}

// Judgements returns the claims' judgements; the row of a claim over all its snapshots has no date.
func (e *Edition) Judgements(ctx context.Context) (*Table, error) {
	return e.Query(ctx, `select claim, snapshot_date, verdict, yes_count, no_count, terminal_count,
			cast(yes_count as double) / nullif(terminal_count, 0) as lower_share,
			cast(terminal_count - no_count as double) / nullif(terminal_count, 0) as upper_share,
			margin, population, unit, reading, level, key, strictest_reading, as_carried, left_open, reason
		from claims order by place`)
}

// Rejects returns rejects of the deliveries in force, by source, file and line.
func (e *Edition) Rejects(ctx context.Context, source, snapshot, reason string, limit int) (*Table, error) {
	query := `select source, source_file, source_line, snapshot_date, class, reason, column_name, header, value, raw_text
		from rejects where (? = '' or source = ?) and (? = '' or cast(snapshot_date as varchar) = ?) and (? = '' or reason = ?)
		order by source, snapshot_date, source_file, source_line, reason, column_name`
	if limit > 0 {
		query += fmt.Sprintf(" limit %d", limit)
	}
	if !e.hasRejects() {
		return &Table{Columns: []string{"source", "source_file", "source_line", "reason"}, Rows: [][]any{}}, nil
	}
	return e.Query(ctx, query, source, source, snapshot, snapshot, reason, reason)
}

func (e *Edition) hasRejects() bool {
	for _, d := range e.Deliveries {
		if !d.Rejects.IsZero() {
			return true
		}
	}
	return false
}

// Explanation is why one terminal counts as it does.
type Explanation struct {
	Terminal map[string]any   `json:"terminal"` // its row of terminals
	Reason   string           `json:"reason"`   // the rule that fired, in words
	Rows     []map[string]any `json:"rows"`     // every inventory row of its key, the deciding one first
}

// Explain returns why a terminal counts as it does at a snapshot. id is TERMINAL or ACQUIRER/TERMINAL;
// several terminals may have the same id at different acquirers.
func (e *Edition) Explain(ctx context.Context, id, snapshot string) ([]Explanation, error) {
	if snapshot == "" {
		snapshot = e.Newest()
	}
	acquirer, terminal, both := strings.Cut(id, "/")
	if !both {
		acquirer, terminal = "", id
	}
	found, err := e.Query(ctx, `select * from terminals where terminal_id = ? and (? = '' or acquirer_id = ?)
		and snapshot_date = cast(? as date) order by acquirer_id, merchant_id`, terminal, acquirer, acquirer, snapshot)
	if err != nil {
		return nil, err
	}
	rules, err := acceptance.Load(e.ws.Rules())
	if err != nil {
		return nil, &ConfigError{err}
	}
	var explanations []Explanation
	for _, row := range found.objects() {
		evidence, err := e.Query(ctx, `select * from inventory where terminal_id = ? and state = 'in_force' and snapshot_date <= cast(? as date)
			order by export_id = ? and source_line = ? desc, snapshot_date desc, source_file, source_line`,
			terminal, snapshot, row["export_id"], row["source_line"])
		if err != nil {
			return nil, err
		}
		explanation := Explanation{Terminal: row, Rows: e.ofAcquirer(row["acquirer_id"], e.inForceAt(snapshot, evidence.objects()))}
		for _, rule := range rules.Rules {
			if rule.ID == row["rule"] {
				explanation.Reason = rule.Reason["en"]
			}
		}
		explanations = append(explanations, explanation)
	}
	return explanations, nil
}

// inForceAt keeps the inventory rows that the snapshot was settled from.
func (e *Edition) inForceAt(snapshot string, rows []map[string]any) []map[string]any {
	members := map[string]bool{}
	if at := e.Snapshot(snapshot); at != nil {
		for _, m := range at.Members {
			for _, d := range e.Deliveries {
				if d.InventoryID == m.InventoryID {
					members[d.Source+"\x00"+d.ExportID] = true
				}
			}
		}
	}
	return slices.DeleteFunc(rows, func(row map[string]any) bool {
		source, _ := row["source"].(string)
		export, _ := row["export_id"].(string)
		return !members[source+"\x00"+export]
	})
}

// ofAcquirer keeps the rows whose acquirer, as settling reads it, is the given one.
func (e *Edition) ofAcquirer(acquirer any, rows []map[string]any) []map[string]any {
	return slices.DeleteFunc(rows, func(row map[string]any) bool {
		raw, _ := row["acquirer_raw"].(string)
		source, _ := row["source"].(string)
		if raw == "" && !e.isProcessor(source) {
			raw = source
		}
		id, _ := settle.Acquirer(e.ws.Reference, raw)
		return id != acquirer
	})
}

func (e *Edition) isProcessor(source string) bool {
	return slices.ContainsFunc(e.ws.Config.Sources, func(s workspace.Source) bool {
		return s.Name == source && s.Kind == "processor"
	})
}

// objects returns the rows as maps by column, blanks left out.
func (t *Table) objects() []map[string]any {
	objects := make([]map[string]any, 0, len(t.Rows))
	for _, row := range t.Rows {
		object := map[string]any{}
		for i, column := range t.Columns {
			if row[i] != nil {
				object[column] = row[i]
			}
		}
		objects = append(objects, object)
	}
	return objects
}

// Workspace returns the workspace of the edition.
func (e *Edition) Workspace() *workspace.Workspace { return e.ws }
