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
// up there; only those that lie in several are counted one by one.
func (c *covering) countMerchants(ctx context.Context) error {
	if err := c.engine.View(ctx, "merchant_members", `select acquirer_number, merchant_id, merchant_name, region_number,
			brand_number, category_number, device_number, case when mod(membership, 3) = 1 then state else 256 end as state,
			mod(membership, 3) = 2 as is_undecided,
			cast(delivery as bigint) * 1099511627776 + source_line as source_row
		from members where mod(membership, 3) > 0 and merchant_id is not null`); err != nil {
		return err
	}
	crowded, err := c.installEquipment(ctx)
	if err != nil {
		return err
	}
	batches, err := c.merchantBatches(ctx)
	if err != nil {
		return err
	}
	if err := c.groupOwners(ctx, batches); err != nil {
		return err
	}
	if c.counted.MerchantRows, err = c.engine.Copy(ctx, queries.Text("cover/merchants"), c.paths.Merchants); err != nil {
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
	return c.countEquipment(ctx, batches, crowded)
}

// groupOwners makes the view owners, batch by batch.
func (c *covering) groupOwners(ctx context.Context, batches []string) error {
	var paths []string
	for i, batch := range batches {
		if err := c.engine.View(ctx, "merchant_batch", "select * from merchant_members where "+batch); err != nil {
			return err
		}
		path, err := c.engine.Spill(ctx, fmt.Sprintf("owners-%d", i), queries.Text("cover/owners"))
		if err != nil {
			return err
		}
		paths = append(paths, path)
	}
	return c.engine.View(ctx, "owners", "select * from "+engine.Parquet(paths...))
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
	if flush(); len(batches) < 2 {
		batches = []string{"true"} // of no terminals at all too
	}
	return batches, rows.Err()
}
