package coverage

import (
	"context"
	"fmt"
	"strings"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/queries"
)

// Merchants are counted for the default population, networked terminals. A merchant is a contract with one acquirer, so
// acquirers can be counted one after the other and added up: what is held in memory at a time is the
// merchants of a few acquirers, or of a part of a large one, never those of a nation.

// merchantMembership stands for "in the default population" in countable merchants.
const merchantMembership = -1

// merchantBatch is how many terminals are grouped by merchant at a time.
const merchantBatch = 1_500_000

// countMerchants adds the merchants of every batch to entity_counts.
func (c *covering) countMerchants(ctx context.Context) error {
	batches, err := c.merchantBatches(ctx)
	if err != nil {
		return err
	}
	if err := c.create(ctx, table{"places", "cover/places"}, table{"devices", "cover/devices"}); err != nil {
		return err
	}
	for _, batch := range batches {
		members := `select acquirer_id, merchant_id, region, brand, category, vendor, model, device_type,
				case when is_networked then state else 256 end as state
			from placed_terminals where coalesce(is_networked, true) and not is_barcode and merchant_id is not null and ` + batch
		if err := c.engine.View(ctx, "merchant_members", members); err != nil {
			return err
		}
		if err := c.create(ctx,
			table{"merchant_cells", "cover/merchant_cells"},
			table{"merchants", "cover/merchants"},
		); err != nil {
			return err
		}
		if err := c.install(ctx, "cover/countable_merchants"); err != nil {
			return err
		}
		if err := c.engine.Append(ctx, "entity_counts", queries.Text("cover/merchant_counts")); err != nil {
			return err
		}
	}
	return c.engine.Drop(ctx, "merchant_cells", "merchants", "places", "devices")
}

// merchantBatches returns conditions that part the terminals by merchant into batches of a bounded size.
func (c *covering) merchantBatches(ctx context.Context) ([]string, error) {
	rows, err := c.engine.Query(ctx, `select acquirer_id, cast(sum(terminal_count) as bigint)
		from cells where acquirer_id is not null group by acquirer_id order by acquirer_id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var batches, acquirers []string
	var size int64
	flush := func() {
		if len(acquirers) > 0 {
			batches = append(batches, "acquirer_id in ("+strings.Join(acquirers, ", ")+")")
		}
		acquirers, size = nil, 0
	}
	for rows.Next() {
		var acquirer string
		var terminals int64
		if err := rows.Scan(&acquirer, &terminals); err != nil {
			return nil, fmt.Errorf("read acquirers: %w", err)
		}
		if terminals > merchantBatch {
			parts := terminals/merchantBatch + 1
			for part := range parts {
				batches = append(batches, fmt.Sprintf("acquirer_id = %s and hash(merchant_id) %% %d = %d", engine.Quote(acquirer), parts, part))
			}
			continue
		}
		if size+terminals > merchantBatch {
			flush()
		}
		acquirers, size = append(acquirers, engine.Quote(acquirer)), size+terminals
	}
	flush()
	return batches, rows.Err()
}
