package coverage

import (
	"context"
	"fmt"
	"strings"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/queries"
)

// merchantMembership stands for "in the default population" in countable merchants.
const merchantMembership = -1

// merchantBatch is how many terminals are grouped by merchant at a time.
const merchantBatch = 4_000_000

// countMerchants counts merchants for the default population. Nearly all lie in one place, and are added
// up there; only those that lie in several are counted one by one. Devices are another matter: most
// merchants have several, so each level of devices groups the terminals by merchant.
func (c *covering) countMerchants(ctx context.Context) error {
	if err := c.engine.View(ctx, "merchant_members", `select acquirer_number, merchant_id, merchant_name, region_number,
			brand_number, category_number, device_number, case when is_networked then state else 256 end as state,
			is_networked is null as is_undecided
		from placed_terminals where coalesce(is_networked, true) and not is_barcode and merchant_id is not null`); err != nil {
		return err
	}
	var err error
	if c.counted.MerchantRows, err = c.engine.Copy(ctx, queries.Text("cover/merchants"), c.paths.Merchants); err != nil {
		return err
	}
	if err := c.engine.View(ctx, "merchants", "select * from "+engine.Parquet(c.paths.Merchants)); err != nil {
		return err
	}
	if err := c.create(ctx, table{"scattered", "cover/scattered"}); err != nil {
		return err
	}
	if err := c.install(ctx, "cover/countable_merchants"); err != nil {
		return err
	}
	if err := c.create(ctx, table{"merchant_counts", "cover/merchant_counts"}); err != nil {
		return err
	}
	batches, err := c.merchantBatches(ctx)
	if err != nil {
		return err
	}
	for _, batch := range batches {
		if err := c.engine.View(ctx, "merchant_batch", "select * from merchant_members where "+batch); err != nil {
			return err
		}
		if err := c.engine.Append(ctx, "merchant_counts", queries.Text("cover/merchant_devices")); err != nil {
			return err
		}
	}
	return nil
}

// merchantBatches returns conditions that part the terminals by merchant into batches of a bounded size. A
// merchant is a contract with one acquirer, so acquirers can be counted one after the other and added
// up: what is held in memory at a time is the merchants of a few acquirers, or of a part of a large one,
// never those of a nation.
func (c *covering) merchantBatches(ctx context.Context) ([]string, error) {
	rows, err := c.engine.Query(ctx, `select acquirer_number, cast(sum(terminal_count) as bigint)
		from cells where acquirer_number is not null group by acquirer_number order by acquirer_number`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var batches, acquirers []string
	var size int64
	flush := func() {
		if len(acquirers) > 0 {
			batches = append(batches, "acquirer_number in ("+strings.Join(acquirers, ", ")+")")
		}
		acquirers, size = nil, 0
	}
	for rows.Next() {
		var acquirer int32
		var terminals int64
		if err := rows.Scan(&acquirer, &terminals); err != nil {
			return nil, fmt.Errorf("read acquirers: %w", err)
		}
		if terminals > merchantBatch {
			parts := terminals/merchantBatch + 1
			for part := range parts {
				batches = append(batches, fmt.Sprintf("acquirer_number = %d and hash(merchant_id) %% %d = %d", acquirer, parts, part))
			}
			continue
		}
		if size+terminals > merchantBatch {
			flush()
		}
		acquirers, size = append(acquirers, fmt.Sprint(acquirer)), size+terminals
	}
	flush()
	return batches, rows.Err()
}
