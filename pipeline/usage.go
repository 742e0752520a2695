package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/settle"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/queries"
)

// newRowSink returns the sink of an export's rows. Usage is collapsed on its way into the lake: a nation's
// transactions of a month are a hundred times its terminals.
func (r *run) newRowSink(file inboxFile, binding *conform.Binding) *sink {
	path := r.writer.Temp("rows.parquet")
	if !file.source.Usage.IsSet() {
		return newSink(r.engine, binding.Schema(), path, "source_line", "terminal_id", "place", "device", "terms")
	}
	rows := newSink(r.engine, binding.Schema(), path, "source_line", "terminal_id")
	rows.query = queries.Text("usage/" + file.source.Usage.Rows)
	return rows
}

// keepUsage gives the collapsed rows of an export of usage their place, and says which months they are of.
func (r *run) keepUsage(ctx context.Context, inventory *lake.Inventory, rows *sink, accepted int64) error {
	file, err := r.store(ctx, rows, r.lake.UsagePath(inventory.ID))
	if err != nil {
		return err
	}
	if file.Hash, err = r.engine.RowHash(ctx, r.lake.Abs(file), "*"); err != nil { // of what is kept, not of what came in
		return err
	}
	inventory.Rows, inventory.Usage = file, &lake.Usage{Acquirers: []string{}, Months: []string{}}
	collapsed, err := r.lookAtUsage(ctx, file, inventory.Usage)
	if err == nil && collapsed != accepted {
		err = &TieOutError{fmt.Sprintf("%d rows of usage were accepted, and %d are in what they were collapsed to", accepted, collapsed)}
	}
	return err
}

// maxUsageAcquirers bounds the names of acquirers that are kept of an export, lest a wrong column fill the memory.
const maxUsageAcquirers = 10_000

// lookAtUsage reads the months and acquirers of collapsed rows, and counts the rows that they were before.
func (r *run) lookAtUsage(ctx context.Context, file lake.File, usage *lake.Usage) (collapsed int64, err error) {
	from := " from " + engine.Parquet(r.lake.Abs(file))
	names, err := r.engine.Query(ctx, fmt.Sprintf("select distinct acquirer_raw%s where acquirer_raw is not null order by acquirer_raw limit %d", from, maxUsageAcquirers))
	if err != nil {
		return 0, err
	}
	defer names.Close()
	for names.Next() {
		var name string
		if err := names.Scan(&name); err != nil {
			return 0, fmt.Errorf("read the acquirers of usage: %w", err)
		}
		usage.Acquirers = append(usage.Acquirers, name)
	}
	if err := names.Err(); err != nil {
		return 0, err
	}
	months, err := r.engine.Query(ctx, "select month, cast(sum(row_count) as bigint)"+from+" group by month order by month")
	if err != nil {
		return 0, err
	}
	defer months.Close()
	for months.Next() {
		var month *time.Time
		var count int64
		if err := months.Scan(&month, &count); err != nil {
			return 0, fmt.Errorf("read the months of usage: %w", err)
		}
		collapsed += count
		if month == nil {
			usage.Undated = count
			continue
		}
		usage.Months = append(usage.Months, month.Format(time.DateOnly))
	}
	return collapsed, months.Err()
}

// usageMember is an inventory of usage in force, and those of its months that a snapshot is settled with.
type usageMember struct {
	*lake.Inventory
	source workspace.Source
	months []string
}

func (u *usageMember) isCounted() bool { return u.source.Usage.Rows == workspace.UsageCounts }

// settleMonths decides, between exports of usage in force, which of them a month is taken from. Of counts it
// is the newest of a source that tells it; transactions add up.
func settleMonths(usage []usageMember) {
	key := func(u *usageMember, month string) string { return u.Source + "\x00" + month }
	newest := map[string]string{} // snapshot date of the export of counts that stands for a month
	for i := range usage {
		u := &usage[i]
		for _, month := range u.Usage.Months {
			if u.isCounted() {
				newest[key(u, month)] = max(newest[key(u, month)], u.SnapshotDate)
			}
		}
	}
	for i := range usage {
		u := &usage[i]
		u.months = slices.DeleteFunc(slices.Clone(u.Usage.Months), func(month string) bool {
			return u.isCounted() && newest[key(u, month)] != u.SnapshotDate
		})
	}
	slices.SortFunc(usage, func(a, b usageMember) int { return cmp.Compare(a.ID, b.ID) })
}

// usageAt returns the usage that speaks at a snapshot: the observed months up to its own.
func usageAt(usage []usageMember, date time.Time, observedMonths int) (members []usageMember) {
	month := time.Date(date.Year(), date.Month(), 1, 0, 0, 0, 0, time.UTC)
	first, last := month.AddDate(0, 1-observedMonths, 0).Format(time.DateOnly), month.Format(time.DateOnly)
	for _, u := range usage {
		from, _ := slices.BinarySearch(u.months, first)
		to, isThere := slices.BinarySearch(u.months, last)
		if isThere {
			to++
		}
		if u.months = u.months[from:to]; len(u.months) > 0 {
			members = append(members, u)
		}
	}
	return members
}

// settleUsage says of each export of usage how its evidence is to be read. Paths are relative to the lake.
func settleUsage(members []usageMember) []settle.Usage {
	var all []settle.Usage
	for _, m := range members {
		all = append(all, settle.Usage{
			Rows: m.ID, Months: m.months, IsCounted: m.isCounted(),
			ContactlessScheme: m.source.ContactlessScheme, MobileIs: m.source.MobileIs,
			IsOnlineCapable: m.source.Usage.OfflineIs == workspace.OfflineIsOnlineCapable,
		})
	}
	return all
}

// UsageSummary says of how many terminals the usage of a snapshot tells, and of how many to no end.
type UsageSummary struct {
	Exports       int   `json:"exports"`
	Terminals     int64 `json:"terminals"`
	Unknown       int64 `json:"unknown"`        // of these in no inventory
	OtherMerchant int64 `json:"other_merchant"` // of these in one, but under other merchants only
	Undated       int64 `json:"undated"`        // rows of these exports whose month cannot be read
}

// tellUsage adds to a summary what became of the usage of each snapshot.
func (r *run) tellUsage(manifest *lake.Manifest, summary *Summary) (err error) {
	for i := range manifest.Snapshots {
		if summary.Snapshots[i].Usage, err = r.usageSummary(&manifest.Snapshots[i]); err != nil {
			return err
		}
	}
	return nil
}

// usageSummary counts the usage of a snapshot; nil if it has none.
func (r *run) usageSummary(s *lake.Snapshot) (*UsageSummary, error) {
	counted, err := editions.UsageOf(s)
	if err != nil || counted == nil {
		return nil, err
	}
	summary := &UsageSummary{Exports: len(s.Usage), Terminals: counted.Terminals, Unknown: counted.Unknown, OtherMerchant: counted.OtherMerchant}
	for _, u := range s.Usage {
		inventory, err := r.lake.Inventory(u.InventoryID)
		if err != nil {
			return nil, err
		}
		if inventory != nil && inventory.Usage != nil {
			summary.Undated += inventory.Usage.Undated
		}
	}
	return summary, nil
}
