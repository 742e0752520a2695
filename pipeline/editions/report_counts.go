package editions

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"time"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/settle"
	"github.com/tapcov/tapcov/reports"
)

func mapsKeys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// populations are those that the snapshot of the headline was counted by.
func (r *reporting) populations() []coverage.Population {
	date, err := time.Parse(time.DateOnly, r.date)
	if err != nil {
		return nil
	}
	return Populations(r.ws.Config, date)
}

// tally reads what was counted beside the cube of the headline's snapshot.
func (r *reporting) tally() (t coverage.Tally, err error) {
	path := r.lake.Abs(r.Snapshot(r.date).Coverage)
	_, stored, known, err := r.lake.Facts(path)
	if err != nil {
		return t, err
	}
	if !known {
		return t, fmt.Errorf("%s has lost its facts; `tapcov run` makes it again", path)
	}
	return t, json.Unmarshal(stored, &t)
}

// fillTallies takes the evidence, and the populations with the sources that cannot decide them.
func (r *reporting) fillTallies(context.Context) error {
	t, err := r.tally()
	if err != nil {
		return err
	}
	for _, e := range t.Evidence {
		if e.Terminals > 0 {
			r.report.Evidence = append(r.report.Evidence, reports.EvidenceTier{
				Tier: string(e.Tier), Terminals: e.Terminals, Yes: e.Yes, No: e.No, Conflict: e.Conflict, Contradiction: e.Contradiction,
			})
		}
	}
	r.report.Headline.SerialMissing = t.WithoutSerial
	members := r.Snapshot(r.date).Members
	for i, p := range r.populations() {
		population := reports.Population{Name: p.Name}
		if i >= builtInPopulations {
			population.Title, population.Condition = reports.Plain(p.Title), p.Where
		}
		for _, s := range t.Populations[i].Sources {
			if 2*s.Undecided > s.Terminals {
				population.Marks = append(population.Marks, reports.PopulationMark{
					Source: r.inventories[members[s.Delivery].InventoryID].Source, Undecided: s.Undecided, Terminals: s.Terminals,
				})
			}
		}
		r.report.Populations = append(r.report.Populations, population)
	}
	return nil
}

// builtInPopulations is how many populations come before the workspace's own.
const builtInPopulations = 6

// fillRejects counts rejects by source, snapshot and reason, with one example each.
func (r *reporting) fillRejects(ctx context.Context) error {
	if !r.HasRejects() {
		return nil
	}
	rows, err := r.Rows(ctx, `select source, coalesce(cast(snapshot_date as varchar), ''), class, reason, count(*),
			arg_min(source_file, source_line), min(source_line),
			coalesce(arg_min(coalesce(header, column_name), source_line), ''), coalesce(arg_min(coalesce(value, raw_text), source_line), '')
		from rejects where state = 'in_force' group by source, snapshot_date, class, reason order by source, snapshot_date, class, reason`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var t reports.RejectTotal
		if err := rows.Scan(&t.Source, &t.SnapshotDate, &t.Class, &t.Reason, &t.Count, &t.File, &t.Line, &t.Column, &t.Raw); err != nil {
			return fmt.Errorf("read rejects: %w", err)
		}
		t.Line = conform.Row(t.Line)
		r.report.Rejects = append(r.report.Rejects, t)
	}
	return rows.Err()
}

// fillTieOut takes the sums from bytes to headline.
func (r *reporting) fillTieOut(ctx context.Context) error {
	for _, d := range r.Deliveries {
		inventory := r.inventories[d.InventoryID]
		if d.State != lake.InForce || inventory == nil {
			continue
		}
		var t conform.Tally
		if err := json.Unmarshal(inventory.Tally, &t); err != nil {
			return fmt.Errorf("read tally of export %s: %w", d.ExportID, err)
		}
		sum := reports.ExportTieOut{
			Source: d.Source, SnapshotDate: d.SnapshotDate, Name: d.File(), SHA256: d.ExportID, Records: t.Records,
			Inventory: t.Inventory, IsUsage: d.IsUsage, RejectedTerminals: t.RejectTerminal, RejectedOther: t.RejectNotTerminal,
		}
		for _, skipped := range []reports.Tally{{Reason: "preamble", Count: t.Preamble}, {Reason: "header", Count: t.Header}} {
			if skipped.Count > 0 {
				sum.Skipped = append(sum.Skipped, skipped)
			}
		}
		r.report.TieOut.Exports = append(r.report.TieOut.Exports, sum)
	}
	for _, snapshot := range r.Snapshots {
		var t settle.Result
		if err := json.Unmarshal(snapshot.Tally, &t); err != nil {
			return fmt.Errorf("read tally of snapshot %s: %w", snapshot.Date, err)
		}
		sum := reports.SnapshotTieOut{SnapshotDate: snapshot.Date, Inventory: t.InventoryRows, Terminals: t.Terminals, Duplicates: t.DuplicateRows}
		for _, m := range snapshot.Members {
			if inventory := r.inventories[m.InventoryID]; inventory != nil && m.CarriedMonths > 0 {
				sum.Carried += inventory.Rows.Rows
			}
		}
		r.report.TieOut.Snapshots = append(r.report.TieOut.Snapshots, sum)
	}
	if err := r.fillPopulationSums(ctx); err != nil {
		return err
	}
	return r.fillLevelSums(ctx)
}

// fillPopulationSums says for each population what was counted and what was left out.
func (r *reporting) fillPopulationSums(ctx context.Context) error {
	t, err := r.tally()
	if err != nil {
		return err
	}
	for _, p := range t.Populations {
		sum := reports.PopulationTieOut{
			SnapshotDate: r.date, Population: p.Name, Terminals: t.Terminals, Counted: p.Counted,
			LeftOut: []reports.Tally{{Reason: "barcode", Count: p.Barcode}, {Reason: "condition", Count: p.LeftOut}},
		}
		rows, err := r.ReadCoverage(ctx, `snapshot_date = cast(? as date) and level = 'nation' and population = ? and unit = 'terminal' and reading = ?`,
			r.date, p.Name, DefaultReading)
		if err != nil {
			return err
		}
		if len(rows) == 1 {
			sum.Rejected, sum.Missing, sum.TerminalCount = rows[0].Rejected, rows[0].Missing, rows[0].All
		} else {
			sum.LeftOut = append(sum.LeftOut, reports.Tally{Reason: "no_usage", Count: sum.Counted})
			sum.Counted = 0
		}
		r.report.TieOut.Populations = append(r.report.TieOut.Populations, sum)
	}
	return nil
}

func (r *reporting) fillLevelSums(ctx context.Context) error {
	rows, err := r.Rows(ctx, `select population, level, cast(sum(terminal_count) as bigint),
			max(case when level = 'nation' then terminal_count end)
		from coverage where snapshot_date = cast(? as date) and unit = 'terminal' and reading = 'declared' and is_additive
		group by population, level order by population, level`, r.date)
	if err != nil {
		return err
	}
	defer rows.Close()
	nations := map[string]int64{}
	var sums []reports.LevelTieOut
	for rows.Next() {
		sum := reports.LevelTieOut{SnapshotDate: r.date}
		var nation *int64
		if err := rows.Scan(&sum.Population, &sum.Level, &sum.Sum, &nation); err != nil {
			return fmt.Errorf("read level sums: %w", err)
		}
		if nation != nil {
			nations[sum.Population] = *nation
		}
		if sum.Level != "nation" {
			sums = append(sums, sum)
		}
	}
	for i := range sums {
		sums[i].Nation = nations[sums[i].Population]
	}
	r.report.TieOut.Levels = sums
	return rows.Err()
}
