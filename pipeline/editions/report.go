package editions

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
	"github.com/tapcov/tapcov/reports"
)

// WriteReport writes the report of the edition into a folder.
func (e *Edition) WriteReport(ctx context.Context, dir string, formats reports.Formats) error {
	rows, stop := e.coverageRows(ctx)
	defer stop()
	report, err := e.Report(ctx)
	if err != nil {
		return err
	}
	_, err = reports.WriteFolder(dir, report, formats, rows)
	return err
}

// reporting fills a report from an edition.
type reporting struct {
	*Edition
	date        string
	report      *reports.Report
	divisions   *reference.Divisions
	inventories map[string]*lake.Inventory
}

// Report returns all that a report of the edition prints.
func (e *Edition) Report(ctx context.Context) (*reports.Report, error) {
	config := e.ws.Config
	r := &reporting{Edition: e, date: e.Newest(), inventories: map[string]*lake.Inventory{}, report: &reports.Report{
		Title: config.Report.Title, Fingerprint: e.Fingerprint, Languages: config.Report.Languages,
		Estate: reports.Estate{Area: config.Estate.Area, Acquirers: config.Estate.Acquirers, Complete: config.Estate.Complete},
	}}
	for _, source := range config.Sources {
		r.report.Estate.Sources = append(r.report.Estate.Sources, source.Name)
	}
	var err error
	if r.divisions, err = e.ws.Reference.Regions.At(config.Regions.Vintage); err != nil {
		return nil, err
	}
	for _, d := range e.Deliveries {
		if r.inventories[d.InventoryID], err = e.lake.Inventory(d.InventoryID); err != nil {
			return nil, err
		}
	}
	for _, fill := range []func(context.Context) error{
		r.fillClaims, r.fillTrend, r.fillHeadline, r.fillFigures, r.fillBreakdowns, r.fillReadings,
		r.fillTallies, r.fillRejects, r.fillTieOut, r.fillProvenance,
	} {
		if err := fill(ctx); err != nil {
			return nil, fmt.Errorf("fill report: %w", err)
		}
	}
	return r.report, nil
}

// DefaultReading is the reading of a figure unless another one is named.
const DefaultReading = "declared"

// fillTrend takes the nation at every snapshot, each with the verdict of the headline's claim.
func (r *reporting) fillTrend(ctx context.Context) error {
	rows, err := r.ReadCoverage(ctx, `level = 'nation' and population = ? and unit = 'terminal' and reading = ? order by snapshot_date`,
		coverage.DefaultPopulation, DefaultReading)
	if err != nil {
		return err
	}
	claim := r.headlineClaim()
	for _, row := range rows {
		point := reports.TrendPoint{Counts: row.Counts, Judgement: reports.Judgement{
			SnapshotDate: row.SnapshotDate, State: string(r.Snapshot(row.SnapshotDate).State), Lower: row.Lower(), Upper: row.Upper(),
		}}
		if claim != nil {
			for _, judged := range claim.Snapshots {
				if judged.SnapshotDate == row.SnapshotDate {
					point.Judgement = judged
				}
			}
		}
		r.report.Trend = append(r.report.Trend, point)
	}
	return nil
}

// headlineClaim is the claim that the headline is held against: the first one about the nation's
// share of terminals that can be judged, the workspace's own before the embedded ones; else C1.
func (r *reporting) headlineClaim() *reports.Claim {
	var fallback *reports.Claim
	for i := range r.report.Claims {
		claim := &r.report.Claims[i]
		if claim.ID == FigureClaim {
			fallback = claim
		}
		if claim.IsShare && claim.Definition.Level == "nation" && claim.Definition.Unit == "terminal" && claim.Verdict != reports.NotComparable {
			return claim
		}
	}
	return fallback
}

func (r *reporting) fillHeadline(context.Context) error {
	h := &r.report.Headline
	h.Population, h.Unit, h.Reading = coverage.DefaultPopulation, "terminal", DefaultReading
	for _, point := range r.report.Trend {
		if point.SnapshotDate == r.date {
			h.Counts, h.Judgement = point.Counts, point.Judgement
		}
	}
	if claim := r.headlineClaim(); claim != nil {
		h.ClaimID = claim.ID
		if claim.Verdict == reports.NotComparable {
			h.Verdict, h.Reason = claim.Verdict, claim.Reason
		}
	}
	return nil
}

// breakdowns are the levels of the report's tables, and whether all keys are shown or the largest.
var breakdowns = []struct {
	level string
	isAll bool
}{{"province", true}, {"reporting_area", true}, {"brand", false}, {"acquirer", false}, {"category", false}, {"vendor", false}, {"model", false}, {"device_type", true}}

func (r *reporting) fillBreakdowns(ctx context.Context) error {
	for _, b := range breakdowns {
		rows, err := r.ReadCoverage(ctx, `snapshot_date = cast(? as date) and level = ? and population = ? and unit = 'terminal' and reading = ?
			order by key = 'none', terminal_count desc, key`, r.date, b.level, coverage.DefaultPopulation, DefaultReading)
		if err != nil {
			return err
		}
		breakdown := reports.Breakdown{Level: b.level, Rows: rows, Total: len(rows)}
		if most := max(r.ws.Config.Report.TopN, 1); !b.isAll && len(rows) > most {
			breakdown.Rows = rows[:most]
		}
		r.report.Breakdowns = append(r.report.Breakdowns, breakdown)
		for _, row := range rows {
			if b.level == "province" && row.Key == reference.None {
				r.report.Headline.RegionNone = row.All
			}
		}
	}
	return nil
}

func (r *reporting) fillReadings(ctx context.Context) error {
	rows, err := r.ReadCoverage(ctx, `snapshot_date = cast(? as date) and level = 'nation'
		order by population = 'networked' desc, population, unit desc, case reading when 'strict' then 1 when 'declared' then 2 else 3 end`, r.date)
	if err != nil {
		return err
	}
	claim := r.headlineClaim()
	for _, row := range rows {
		line := reports.ReadingRow{Population: row.Population, Unit: row.Unit, Reading: row.Reading, Counts: row.Counts}
		if claim != nil && claim.IsShare && claim.Verdict != reports.NotComparable {
			line.Verdict = verdictOf(claim, row.Counts)
		}
		r.report.Readings = append(r.report.Readings, line)
		if row.Population == coverage.DefaultPopulation && row.Unit == "terminal" && row.Reading == DefaultReading {
			r.report.Headline.MerchantNone = row.Merchants.None
		}
	}
	return nil
}

// verdictOf holds counts against a claim, carried terminals as they stand and as unknown.
func verdictOf(claim *reports.Claim, c reports.Counts) reports.Verdict {
	statement := coverage.Statement{Comparator: claim.Comparator}
	if len(claim.Values) == 0 {
		return ""
	}
	statement.Value = ratioOf(claim.Values[0])
	if len(claim.Values) > 1 {
		statement.Comparator, statement.Upper = "between", ratioOf(claim.Values[1])
	}
	asIs := coverage.Bounds{Lower: c.Yes, Upper: c.Yes + c.Unknown, All: c.All}
	wide := c.CarriedAsUnknown()
	unknown := coverage.Bounds{Lower: wide.Yes, Upper: wide.Yes + wide.Unknown, All: wide.All}
	return reports.Verdict(coverage.Weaker(statement.Judge(asIs.Interval()), statement.Judge(unknown.Interval())))
}

func (r *reporting) fillProvenance(context.Context) error {
	p := &r.report.Provenance
	p.ToolVersion = ""
	p.RuleSet = reports.Reference{Name: "acceptance rules", SHA256: r.Inputs.Rules}
	for _, table := range slices.Sorted(mapsKeys(r.Inputs.References)) {
		p.References = append(p.References, reports.Reference{Name: table, SHA256: r.Inputs.References[table]})
	}
	for _, d := range r.Deliveries {
		export := reports.Export{
			Source: d.Source, SnapshotDate: d.SnapshotDate, Names: d.Files, SHA256: d.ExportID,
			Rows: d.Rows.Rows, Rejected: d.Rejects.Rows,
		}
		if inventory := r.inventories[d.InventoryID]; inventory != nil && len(inventory.Format) > 0 {
			var format struct{ Container, Encoding, Delimiter string }
			if err := json.Unmarshal(inventory.Format, &format); err != nil {
				return fmt.Errorf("read format of export %s: %w", d.ExportID, err)
			}
			export.Format = strings.TrimPrefix(format.Container+" text", "none ")
			export.Encoding = format.Encoding
		}
		p.Exports = append(p.Exports, export)
		r.addAssumptions(d.Source, d.InventoryID)
	}
	return nil
}

// addAssumptions lists what a source's profile takes for granted, once.
func (r *reporting) addAssumptions(source, inventoryID string) {
	inventory := r.inventories[inventoryID]
	if inventory == nil {
		return
	}
	var layout struct {
		Assumptions []struct{ Column, Value string }
	}
	if json.Unmarshal(inventory.Layout, &layout) != nil {
		return
	}
	for _, a := range layout.Assumptions {
		assumption := reports.Assumption{Source: source, Column: a.Column, Value: a.Value}
		if !slices.Contains(r.report.Assumptions, assumption) {
			r.report.Assumptions = append(r.report.Assumptions, assumption)
		}
	}
	slices.SortStableFunc(r.report.Assumptions, func(a, b reports.Assumption) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Column, b.Column))
	})
}
