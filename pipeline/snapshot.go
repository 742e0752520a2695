package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/settle"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
	"github.com/tapcov/tapcov/queries"
)

// computeVersion changes when Go code that decides numbers beside the SQL changes.
const computeVersion = "1"

// sqlVersion names the queries and the code that computes beside them.
func sqlVersion() string {
	parts := []string{computeVersion}
	for _, name := range queries.Names() {
		if decides(name) {
			parts = append(parts, name, queries.Text(name))
		}
	}
	return contentKey(parts...)
}

// decides tells whether a number of an edition depends on a query. Those for readers can change without
// every month being settled again; but claims are judged on the rows of coverage.
func decides(query string) bool {
	return strings.HasPrefix(query, "settle/") || strings.HasPrefix(query, "cover/") || query == "read/coverage"
}

// makeSnapshot settles and covers one snapshot; what the lake already has is taken as it is.
func (r *run) makeSnapshot(ctx context.Context, at estateAt) (lake.Snapshot, error) {
	snapshot := lake.Snapshot{Date: at.date, State: at.state}
	slices.SortFunc(at.members, func(a, b member) int { return cmp.Compare(a.ID, b.ID) }) // as the manifest lists them
	for _, m := range at.members {
		snapshot.Members = append(snapshot.Members, lake.Member{InventoryID: m.ID, CarriedMonths: m.carried})
	}
	for _, u := range at.usage {
		snapshot.Usage = append(snapshot.Usage, lake.UsageMonths{InventoryID: u.ID, Months: u.months})
	}
	date, err := time.Parse(time.DateOnly, at.date)
	if err != nil {
		return snapshot, fmt.Errorf("snapshot %q: %w", at.date, err)
	}
	settledKey := r.settledKey(at, date)
	facts, err := r.settleSnapshot(ctx, at, date, settledKey, &snapshot)
	if err != nil {
		return snapshot, err
	}
	snapshot.Tally = encode(facts.Result)
	return snapshot, r.coverSnapshot(ctx, at, date, settledKey, facts, &snapshot)
}

// settledKey names the settled terminals of a snapshot by all that they are made from.
func (r *run) settledKey(at estateAt, date time.Time) string {
	populations := string(encode(editions.Populations(r.ws.Config, date)))
	inputs := []string{"settled", at.date, r.sql, r.rules.Hash, r.divisions.Vintage(), populations, r.ws.Config.Estate.Country()}
	for _, table := range []string{"acquirers", "regions", "categories", "brands", "models"} {
		inputs = append(inputs, r.ws.Reference.Hash(table))
	}
	for _, d := range r.settleDeliveries(at) {
		inputs = append(inputs, string(encode(d)))
	}
	for _, u := range settleUsage(at.usage) {
		inputs = append(inputs, string(encode(u)))
	}
	return contentKey(inputs...)
}

// suspectsKey names the rows of a snapshot that may be of one terminal or device: whatever the rules say.
func (r *run) suspectsKey(at estateAt) string {
	return contentKey("suspects", r.sql, r.ws.Reference.Hash("acquirers"), string(encode(r.settleDeliveries(at))))
}

// settleDeliveries says of each member how its evidence is to be read. Paths are relative to the lake.
func (r *run) settleDeliveries(at estateAt) []settle.Delivery {
	var deliveries []settle.Delivery
	for _, m := range at.members {
		d := settle.Delivery{
			Inventory: m.ID, Rows: m.Rows.Rows, Source: m.Source, ExportID: m.ExportID, Authority: r.authority(m.Source),
			IsCarried: m.carried > 0, IsKeyedByMerchant: slices.Contains(m.source.TerminalKey, "merchant_id"),
			ContactlessScheme: m.source.ContactlessScheme, MobileIs: m.source.MobileIs, NoPinScope: m.source.NoPinScope,
		}
		if m.source.Kind != "processor" {
			d.DefaultAcquirer = m.Source
		}
		deliveries = append(deliveries, d)
	}
	return deliveries
}

// authority ranks a source: acquirers before processors, then the order of the config.
func (r *run) authority(name string) int {
	for i, source := range r.ws.Config.Sources {
		if source.Name == name {
			if source.Kind == "processor" {
				return len(r.ws.Config.Sources) + i
			}
			return i
		}
	}
	return 2 * len(r.ws.Config.Sources)
}

// settledFacts is what is kept beside the settled terminals of a snapshot.
type settledFacts struct {
	settle.Result
	Legend settle.Legend `json:"legend"`
}

func (r *run) settleSnapshot(ctx context.Context, at estateAt, date time.Time, key string, snapshot *lake.Snapshot) (settledFacts, error) {
	path := r.lake.SettledPath(at.date, key)
	var facts settledFacts
	file, stored, found, err := r.lake.Facts(path)
	if err != nil {
		return facts, err
	}
	if found {
		snapshot.Settled = file
		return facts, json.Unmarshal(stored, &facts)
	}
	r.progress.step("settle", at.date)
	deliveries := r.settleDeliveries(at)
	for i := range deliveries {
		id := deliveries[i].Inventory
		deliveries[i].Inventory, deliveries[i].Traits = r.lake.InventoryPath(id), r.lake.TraitsPath(id)
	}
	usage := settleUsage(at.usage)
	for i := range usage {
		usage[i].Rows = r.lake.UsagePath(usage[i].Rows)
	}
	suspects := r.lake.SuspectsPath(at.date, r.suspectsKey(at))
	_, _, hasSuspects, err := r.lake.Facts(suspects)
	if err != nil {
		return facts, err
	}
	facts.Result, facts.Legend, err = settle.Settle(ctx, r.engine, settle.Input{
		SnapshotDate: date, Deliveries: deliveries, Usage: usage, Reference: r.ws.Reference, Divisions: r.divisions, Rules: r.rules,
		Suspects: suspects, HasSuspects: hasSuspects,
		Place: func(terminals string) string {
			return coverage.Placed(terminals, editions.Populations(r.ws.Config, date), r.ws.Config.Estate.Country())
		},
	}, path)
	if err != nil {
		return facts, err
	}
	if !facts.TiesOut() {
		return facts, &TieOutError{fmt.Sprintf("snapshot %s: %d inventory rows are not %d terminals and %d duplicates",
			at.date, facts.InventoryRows, facts.Terminals, facts.DuplicateRows)}
	}
	if !hasSuspects {
		if _, err := r.writer.WriteFacts(suspects, 0, "", nil); err != nil {
			return facts, err
		}
	}
	hash, err := r.engine.RowHash(ctx, path, "acquirer_id, terminal_id, in_service, region, state, source_line")
	if err != nil {
		return facts, err
	}
	snapshot.Settled, err = r.writer.WriteFacts(path, facts.Terminals, hash, encode(facts))
	return facts, err
}

func (r *run) coverSnapshot(ctx context.Context, at estateAt, date time.Time, settledKey string, settled settledFacts, snapshot *lake.Snapshot) error {
	uncounted, err := r.uncounted(ctx, at)
	if err != nil {
		return err
	}
	hasUsage := r.hasUsage(at)
	key := contentKey("coverage", settledKey, string(encode(uncounted)),
		strconv.FormatBool(hasUsage), strconv.Itoa(r.ws.Config.Evidence.MaxTerminalsPerSerial))
	paths := coverage.Paths{Cube: r.lake.CoveragePath(at.date, key), Merchants: r.lake.MerchantsPath(at.date, key)}
	if found, err := r.isCovered(paths, snapshot); err != nil || found {
		return err
	}
	r.progress.step("cover", at.date)
	counted, err := coverage.Cover(ctx, r.engine, coverage.Input{
		SnapshotDate: date, Settled: r.lake.Abs(snapshot.Settled), Populations: editions.Populations(r.ws.Config, date), Uncounted: uncounted,
		HasUsage: hasUsage, MaxTerminalsPerSerial: r.ws.Config.Evidence.MaxTerminalsPerSerial,
		Reference: r.ws.Reference, Divisions: r.divisions, RegionNames: settled.RegionNames, Legend: coverLegend(settled.Legend),
	}, paths)
	if err != nil {
		return err
	}
	if err := coverage.CheckTieOut(ctx, r.engine, paths.Cube); err != nil {
		var broken *coverage.BrokenSumError
		if errors.As(err, &broken) {
			return &TieOutError{fmt.Sprintf("snapshot %s: %v", at.date, err)}
		}
		return fmt.Errorf("check the sums of %s: %w", at.date, err)
	}
	hash, err := r.engine.RowHash(ctx, paths.Merchants, "acquirer_id, merchant_id, terminal_count, states")
	if err != nil {
		return err
	}
	if snapshot.Merchants, err = r.writer.WriteFacts(paths.Merchants, counted.MerchantRows, hash, nil); err != nil {
		return err
	}
	if hash, err = r.engine.RowHash(ctx, paths.Cube, "*"); err != nil {
		return err
	}
	snapshot.Coverage, err = r.writer.WriteFacts(paths.Cube, counted.CubeRows, hash, encode(counted.Tally))
	return err
}

// isCovered tells whether the lake has the cube and the merchants of a snapshot, and takes them if so.
func (r *run) isCovered(paths coverage.Paths, snapshot *lake.Snapshot) (bool, error) {
	cube, _, hasCube, err := r.lake.Facts(paths.Cube)
	if err != nil {
		return false, err
	}
	merchants, _, hasMerchants, err := r.lake.Facts(paths.Merchants)
	if err != nil || !hasCube || !hasMerchants {
		return false, err
	}
	snapshot.Coverage, snapshot.Merchants = cube, merchants
	return true, nil
}

// coverLegend hands the legend of settled terminals on.
func coverLegend(l settle.Legend) coverage.Legend {
	legend := coverage.Legend{Regions: l.Regions, Acquirers: l.Acquirers, Brands: l.Brands, Categories: l.Categories}
	for _, d := range l.Devices {
		legend.Devices = append(legend.Devices, coverage.Device(d))
	}
	return legend
}

// hasUsage tells whether usage speaks at the snapshot, or some member's layout has a column of transactions.
func (r *run) hasUsage(at estateAt) bool {
	if len(at.usage) > 0 {
		return true
	}
	for _, m := range at.members {
		layout := string(m.Layout)
		for _, column := range []string{"transaction_count", "last_transaction_on"} {
			if strings.Contains(layout, `"`+column+`"`) {
				return true
			}
		}
	}
	return false
}

// uncounted sums, by acquirer, the rows of the snapshot that were terminals and could not be read,
// and the last known size of sources that no longer deliver.
func (r *run) uncounted(ctx context.Context, at estateAt) ([]coverage.Uncounted, error) {
	sums := map[string]*coverage.Uncounted{}
	under := func(acquirer string) *coverage.Uncounted {
		if sums[acquirer] == nil {
			sums[acquirer] = &coverage.Uncounted{Acquirer: acquirer}
		}
		return sums[acquirer]
	}
	for _, m := range at.members {
		if m.Rejects.IsZero() {
			continue
		}
		counts, err := r.rejectedByAcquirer(ctx, m)
		if err != nil {
			return nil, err
		}
		for acquirer, count := range counts {
			under(acquirer).Rejected += count
		}
	}
	for _, g := range at.gone {
		acquirer := reference.None
		if g.source.Kind != "processor" {
			acquirer = r.acquirerOf(g.source.Name, g.source.Columns["acquirer_raw"].Value)
		}
		under(acquirer).Missing += g.last.Rows.Rows
	}
	keys := slices.Sorted(maps.Keys(sums))
	list := make([]coverage.Uncounted, 0, len(keys))
	for _, key := range keys {
		list = append(list, *sums[key])
	}
	return list, nil
}

func (r *run) rejectedByAcquirer(ctx context.Context, m member) (map[string]int64, error) {
	rows, err := r.engine.Query(ctx, "select coalesce(acquirer_raw, ''), count(*) from "+engine.Parquet(r.lake.Abs(m.Rejects))+" where class = 'terminal' group by acquirer_raw")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[string]int64{}
	for rows.Next() {
		var raw string
		var count int64
		if err := rows.Scan(&raw, &count); err != nil {
			return nil, fmt.Errorf("count rejects: %w", err)
		}
		if m.source.Kind == "processor" {
			id, _ := settle.Acquirer(r.ws.Reference, raw)
			counts[id] += count
			continue
		}
		counts[r.acquirerOf(m.Source, raw)] += count
	}
	return counts, rows.Err()
}

// acquirerOf is the key of a source's acquirer: what its rows name, else the source itself.
func (r *run) acquirerOf(source, raw string) string {
	if raw == "" {
		raw = source
	}
	id, _ := settle.Acquirer(r.ws.Reference, raw)
	return id
}
