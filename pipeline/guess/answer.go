package guess

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
	"github.com/tapcov/tapcov/queries"
	"github.com/tapcov/tapcov/reports"
)

// reportSetAside takes over the files that the run set aside, under the names they were given by.
func (q *quick) reportSetAside(summary *pipeline.Summary) {
	for _, aside := range summary.SetAside {
		path := aside.File
		for _, source := range q.sources {
			for _, file := range source.files {
				if source.profile.Name == aside.Source && file.name == aside.File {
					path = file.path
				}
			}
		}
		q.setAside(path, strings.ReplaceAll(aside.Why, aside.File+": ", ""))
	}
}

// fill reads the answer from the edition that the run published.
func (q *quick) fill(ctx context.Context, edition *editions.Edition, summary *pipeline.Summary) error {
	q.answer.Snapshots = summary.Snapshots
	q.answer.Population, q.answer.Reading = coverage.DefaultPopulation, editions.DefaultReading
	nation, err := q.level(ctx, edition, "nation")
	if err != nil {
		return err
	}
	if len(nation) == 1 {
		q.answer.Headline = q.row(nation[0])
		q.answer.MerchantCount = nation[0].Merchants.Count.V
	}
	for _, step := range []func(context.Context, *editions.Edition) error{q.fillRegions, q.fillMerchants, q.noteRejects} {
		if err := step(ctx, edition); err != nil {
			return err
		}
	}
	if len(q.sources) == 1 { // then every note is about it
		for i := range q.answer.Assumptions {
			q.answer.Assumptions[i].Source = ""
		}
	}
	return nil
}

// level reads the coverage rows of a level, the largest first and those without a key last.
func (q *quick) level(ctx context.Context, edition *editions.Edition, level string) ([]reports.CoverageRow, error) {
	return edition.ReadCoverage(ctx, `snapshot_date = cast(? as date) and level = ? and population = ? and unit = 'terminal' and reading = ?
		order by key = 'none', terminal_count desc, key`, edition.Newest(), level, coverage.DefaultPopulation, editions.DefaultReading)
}

func (q *quick) row(row reports.CoverageRow) QuickRow {
	return QuickRow{
		Level: row.Level, Key: row.Key, Name: row.Name,
		TerminalCount: row.All, YesCount: row.Yes, NoCount: row.No, UnknownCount: row.Unknown,
		UndecidedCount: row.Undecided, RejectedCount: row.Rejected, CarriedCount: row.Carried, MissingCount: row.Missing,
		LowerShare: share(row.Lower()), UpperShare: share(row.Upper()), Share: editions.Share(row.Counts, q.against...),
	}
}

func share(ratio reports.Ratio) *float64 {
	if !ratio.Exists() {
		return nil
	}
	value := float64(ratio.Num) / float64(ratio.Den)
	return &value
}

// fillRegions takes the widest level of regions that tells any apart.
func (q *quick) fillRegions(ctx context.Context, edition *editions.Edition) error {
	for _, level := range []string{"province", "city", "county"} {
		rows, err := q.level(ctx, edition, level)
		if err != nil {
			return err
		}
		named := 0
		for _, row := range rows {
			if row.Key != reference.None {
				named++
			}
		}
		if named == 0 || named <= q.answer.RegionCount {
			continue
		}
		q.answer.Level, q.answer.RegionTitle, q.answer.RegionCount = level, q.regionTitle(level, rows[0].Key), named
		q.answer.Regions = []QuickRow{}
		for _, row := range rows[:q.shown(len(rows))] {
			q.answer.Regions = append(q.answer.Regions, q.row(row))
		}
		if named > 1 {
			return nil
		}
	}
	return nil
}

// shown is how many of some rows are asked for.
func (q *quick) shown(rows int) int {
	if q.Rows <= 0 {
		return rows
	}
	return min(rows, q.Rows)
}

// regionTitle names a level of regions: by the header that a file gives it, where the regions are none
// of GB/T 2260.
func (q *quick) regionTitle(level, key string) string {
	if !strings.HasPrefix(key, "name:") {
		return level
	}
	for _, source := range q.sources {
		m, ok := source.layout.Column("region_raw")
		at := slices.Index([]string{"province", "city", "county"}, level)
		if levels := source.profile.RegionLevels; len(levels) > 0 {
			return levels[min(at, len(levels)-1)]
		}
		if ok && len(m.Headers) > 0 {
			return m.Headers[min(at, len(m.Headers)-1)]
		}
	}
	return level
}

// fillMerchants takes the merchants with the most terminals in the population of the headline.
func (q *quick) fillMerchants(ctx context.Context, edition *editions.Edition) error {
	where := coverage.Networked(edition.Workspace().Config.Estate.Country())
	counted := fmt.Sprintf(`select acquirer_id, merchant_id, merchant_name,
			case when %[1]s then acceptance else 'unknown' end as acceptance, (%[1]s) is null as is_undecided
		from terminals where snapshot_date = cast(%[2]s as date) and device_type <> 'barcode' and coalesce(%[1]s, true)`,
		where, engine.Quote(edition.Newest()))
	if err := edition.View(ctx, "counted_terminals", counted); err != nil {
		return err
	}
	const all = 1 << 31
	limit := all
	if q.Rows > 0 {
		limit = q.Rows
	}
	rows, err := edition.Rows(ctx, queries.Text("read/largest_merchants"), limit)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var row reports.CoverageRow
		if err := rows.Scan(&row.Key, &row.Name, &row.All, &row.Yes, &row.No, &row.Undecided); err != nil {
			return fmt.Errorf("read merchants: %w", err)
		}
		row.Level, row.Unknown = "merchant", row.All-row.Yes-row.No
		q.answer.Merchants = append(q.answer.Merchants, q.row(row))
	}
	return rows.Err()
}

// inForce quotes the ids of the exports that a snapshot is made from.
func (q *quick) inForce(edition *editions.Edition, date string) string {
	var ids []string
	for _, member := range edition.Snapshot(date).Members {
		for _, d := range edition.Deliveries {
			if d.InventoryID == member.InventoryID {
				ids = append(ids, engine.Quote(d.ExportID))
			}
		}
	}
	return strings.Join(ids, ", ")
}

// noteRejects says what could not be read, and as what it counts: a note for each class of rejects.
func (q *quick) noteRejects(ctx context.Context, edition *editions.Edition) error {
	if !edition.HasRejects() {
		return nil
	}
	rows, err := edition.Rows(ctx, `select source, class, reason, coalesce(header, ''), count(*),
			min(source_line), arg_min(source_file, source_line), coalesce(arg_min(value, source_line), '')
		from rejects where export_id in (`+q.inForce(edition, edition.Newest())+`)
		group by source, class, reason, header order by source, class desc, count(*) desc, reason, header`)
	if err != nil {
		return err
	}
	defer rows.Close()
	type group struct{ source, class string }
	var order []group
	counts, parts := map[group]int64{}, map[group][]string{}
	for rows.Next() {
		var g group
		var reason, header, file, value string
		var count, line int64
		if err := rows.Scan(&g.source, &g.class, &reason, &header, &count, &line, &file, &value); err != nil {
			return fmt.Errorf("read rejects: %w", err)
		}
		line = conform.Row(line)
		if parts[g] == nil {
			order = append(order, g)
		}
		counts[g] += count
		part := strings.ReplaceAll(reason, "_", " ")
		if g.class == conform.ClassField {
			part = fmt.Sprintf("%s %q", header, shorten(value))
		}
		place := fmt.Sprintf("line %d", line)
		if len(q.files) > 1 {
			place = fmt.Sprintf("%s:%d", path.Base(file), line)
		}
		parts[g] = append(parts[g], part+" ("+place+")")
	}
	for _, g := range order {
		as := rejectedAs[g.class].many
		if counts[g] == 1 {
			as = rejectedAs[g.class].one
		}
		text := fmt.Sprintf("%s %s: %s", reports.Number(counts[g]), as, strings.Join(parts[g], ", "))
		q.answer.Assumptions = append(q.answer.Assumptions, QuickNote{g.source, text})
	}
	return rows.Err()
}

// rejectedAs says what rejects of a class count as.
var rejectedAs = map[string]struct{ one, many string }{
	conform.ClassTerminal:    {"unreadable row counts as an unknown terminal", "unreadable rows count as unknown terminals"},
	conform.ClassNotTerminal: {"row is no terminal", "rows are no terminals"},
	conform.ClassField:       {"unreadable cell counts as blank", "unreadable cells count as blank"},
}
