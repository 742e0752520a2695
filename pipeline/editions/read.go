package editions

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tapcov/tapcov/pipeline/acceptance"
	"github.com/tapcov/tapcov/pipeline/conform"
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
		{&s.Snapshot, e.Newest(), "snapshot", append(e.dates(), "all")},
		{&s.Population, coverage.DefaultPopulation, "population", e.ws.Populations()},
		{&s.Unit, "terminal", "unit", []string{"terminal", "device"}},
		{&s.Reading, string(acceptance.ReadDeclared), "reading", readings},
	} {
		*field.value = cmp.Or(*field.value, field.fallback)
		if err := CheckName(field.what, *field.value, field.known); err != nil {
			return err
		}
	}
	return nil
}

// SelectionError says that something asked for does not exist, and what does.
type SelectionError struct{ what, name, known string }

// Error says what there is instead.
func (e *SelectionError) Error() string {
	return fmt.Sprintf("there is no %s %q; there are %s", e.what, e.name, e.known)
}

// CheckName returns a SelectionError where a name of that kind of thing is not among the known ones.
func CheckName(what, name string, known []string) error {
	if slices.Contains(known, name) {
		return nil
	}
	return &SelectionError{what, name, strings.Join(known, ", ")}
}

// dates lists the snapshots of the edition.
func (e *Edition) dates() []string {
	dates := []string{}
	for _, snapshot := range e.Snapshots {
		dates = append(dates, snapshot.Date)
	}
	return dates
}

// Coverage returns coverage rows, the largest first (columns: queries/read/coverage.sql).
func (e *Edition) Coverage(ctx context.Context, s Selection) (*Table, error) {
	if len(e.Snapshots) == 0 {
		return nil, ErrNoSnapshot
	}
	if err := s.check(e); err != nil {
		return nil, err
	}
	query := "select * exclude (edition) from coverage where population = ? and unit = ? and reading = ? and level = ?"
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
	if len(e.Snapshots) == 0 {
		return nil, ErrNoSnapshot
	}
	return e.Query(ctx, `select claim, snapshot_date, verdict, yes_count, no_count, terminal_count,
			cast(yes_count as double) / nullif(terminal_count, 0) as lower_share,
			cast(terminal_count - no_count as double) / nullif(terminal_count, 0) as upper_share,
			margin, population, unit, reading, level, key, strictest_reading, as_carried, left_open, reason
		from judgements order by place`)
}

// checkDelivery refuses a source or a snapshot that no delivery is of; empty ones stand for all.
func (e *Edition) checkDelivery(source, snapshot string) error {
	var sources, dates []string
	for _, s := range e.ws.Config.Sources {
		sources = append(sources, s.Name)
	}
	for _, d := range e.Deliveries {
		sources = append(sources, d.Source)
		if d.SnapshotDate != "" {
			dates = append(dates, d.SnapshotDate)
		}
	}
	for _, field := range []struct {
		what, name string
		known      []string
	}{{"source", source, sources}, {"snapshot", snapshot, dates}} {
		slices.Sort(field.known)
		if err := CheckName(field.what, field.name, slices.Compact(field.known)); field.name != "" && err != nil {
			return err
		}
	}
	return nil
}

// Explanation is why one terminal counts as it does.
type Explanation struct {
	Terminal map[string]any   `json:"terminal"` // its row of terminals
	Reason   string           `json:"reason"`   // the rule that fired, in words
	Rows     []map[string]any `json:"rows"`     // every inventory row of its key, the deciding one first
	Usage    []map[string]any `json:"usage"`    // every row of usage that speaks of it, the newest month first
}

// Explain returns why a terminal counts as it does at a snapshot. id is TERMINAL, ACQUIRER/TERMINAL or
// ACQUIRER/MERCHANT/TERMINAL; several terminals may have the same id at different acquirers, or merchants
// where those are part of the key.
func (e *Edition) Explain(ctx context.Context, id, snapshot string) ([]Explanation, error) {
	if len(e.Snapshots) == 0 {
		return nil, ErrNoSnapshot
	}
	snapshot = cmp.Or(snapshot, e.Newest())
	if err := CheckName("snapshot", snapshot, e.dates()); err != nil {
		return nil, err
	}
	found, err := e.Query(ctx, `select * exclude (edition) from terminals where terminal_id in (?, ?, ?) and snapshot_date = cast(? as date)
		and ? in (terminal_id, acquirer_id || '/' || terminal_id, acquirer_id || '/' || merchant_id || '/' || terminal_id)
		order by acquirer_id, merchant_id`, id, afterSlash(id), afterSlash(afterSlash(id)), snapshot, id)
	if err != nil {
		return nil, err
	}
	rules, err := acceptance.Load(e.ws.Rules())
	if err != nil {
		return nil, &workspace.ConfigError{Err: err}
	}
	explanations := []Explanation{}
	for _, row := range found.objects() {
		evidence, err := e.Query(ctx, `select * exclude (edition) from inventory where terminal_id = ? and state = 'in_force' and snapshot_date <= cast(? as date)
			order by export_id = ? and source_line = ? desc, snapshot_date desc, source_file, source_line`,
			row["terminal_id"], snapshot, row["export_id"], row["source_line"])
		if err != nil {
			return nil, err
		}
		explanation := Explanation{Terminal: row, Rows: e.ofTerminal(row, e.inForceAt(snapshot, evidence.objects()))}
		for _, own := range explanation.Rows {
			e.nameTable(own)
		}
		if explanation.Usage, err = e.usageOfTerminal(ctx, snapshot, row); err != nil {
			return nil, err
		}
		for _, rule := range rules.Rules {
			if rule.ID == row["rule"] {
				explanation.Reason = rule.Reason["en"]
			}
		}
		explanations = append(explanations, explanation)
	}
	return explanations, nil
}

// afterSlash returns what follows the first slash, or all of it if there is none.
func afterSlash(id string) string {
	if _, after, ok := strings.Cut(id, "/"); ok {
		return after
	}
	return id
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

// nameTable adds the sheet or member that a row stands in, and its number there.
func (e *Edition) nameTable(row map[string]any) {
	line, _ := row["source_line"].(int64)
	for _, d := range e.Deliveries {
		if d.ExportID != row["export_id"] {
			continue
		}
		inventory, err := e.lake.Inventory(d.InventoryID)
		if err != nil || inventory == nil {
			return // what was read of the export is enough
		}
		var layout conform.Layout
		if json.Unmarshal(inventory.Layout, &layout) == nil && len(layout.Sheets) > 0 {
			row["source_table"], row["source_row"] = layout.TableOf(line), conform.Row(line)
		}
		return
	}
}

// ofTerminal keeps the rows whose key, as settling reads it, is the terminal's.
func (e *Edition) ofTerminal(terminal map[string]any, rows []map[string]any) []map[string]any {
	sources := map[any]workspace.Source{}
	for _, s := range e.ws.Config.Sources {
		sources[s.Name] = s
	}
	return slices.DeleteFunc(rows, func(row map[string]any) bool {
		source := sources[row["source"]]
		raw, _ := row["acquirer_raw"].(string)
		if raw == "" && source.Kind != "processor" {
			raw = source.Name
		}
		id, _ := settle.Acquirer(e.ws.Reference, raw)
		isOther := slices.Contains(source.TerminalKey, "merchant_id") && row["merchant_id"] != terminal["merchant_id"]
		return isOther || id != terminal["acquirer_id"]
	})
}

// objects returns the rows as maps by column, blanks left out and dates as text.
func (t *Table) objects() []map[string]any {
	objects := make([]map[string]any, 0, len(t.Rows))
	for _, row := range t.Rows {
		object := map[string]any{}
		for i, column := range t.Columns {
			switch value := row[i].(type) {
			case nil:
			case time.Time:
				object[column] = strings.TrimSuffix(value.UTC().Format("2006-01-02 15:04:05"), " 00:00:00")
			default:
				object[column] = value
			}
		}
		objects = append(objects, object)
	}
	return objects
}

// Workspace returns the workspace of the edition.
func (e *Edition) Workspace() *workspace.Workspace { return e.ws }
