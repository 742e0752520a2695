package editions

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/settle"
	"github.com/tapcov/tapcov/queries"
)

// usageFile is the file of collapsed usage of a delivery, none for one of an inventory.
func usageFile(d lake.Delivery) lake.File {
	if !d.IsUsage {
		return lake.File{}
	}
	return d.Rows
}

// inventoryFile is the file of rows of an inventory's delivery, none for one of usage.
func inventoryFile(d lake.Delivery) lake.File {
	if d.IsUsage {
		return lake.File{}
	}
	return d.Rows
}

func (p *published) usageFiles() (files []lake.File) {
	for _, d := range p.deliveries {
		files = append(files, usageFile(d.Delivery))
	}
	return files
}

// makeUsage makes the rows of usage, each under the acquirer that it means.
func (t *tables) makeUsage(ctx context.Context, name string) error {
	rows := t.delivered(usageFile)
	if len(rows.paths) == 0 {
		return t.makeEmpty(ctx, name)
	}
	if err := t.makeRows(ctx, "usage_rows", rows, engine.ParquetByName); err != nil {
		return err
	}
	raws := map[string]bool{}
	for _, d := range t.deliveries {
		if !d.IsUsage {
			continue
		}
		inventory, err := t.lake.Inventory(d.InventoryID)
		if err != nil {
			return err
		}
		if inventory == nil || inventory.Usage == nil {
			return fmt.Errorf("the facts of %s are lost; `tapcov run` makes them again", sourceFile(d.Delivery))
		}
		for _, raw := range inventory.Usage.Acquirers {
			raws[raw] = true
		}
	}
	var acquirers [][]any
	for _, raw := range slices.Sorted(maps.Keys(raws)) {
		id, _ := settle.Acquirer(t.ws.Reference, raw)
		acquirers = append(acquirers, []any{raw, id})
	}
	if err := t.Fill(ctx, "usage_acquirers", "acquirer_raw varchar, acquirer_id varchar", acquirers); err != nil {
		return err
	}
	return t.View(ctx, name, inOrder(name, queries.Text("read/usage"), "delivery_number"))
}

// UsageOf returns what was counted of the usage of a snapshot; nil if it has none.
func UsageOf(s *lake.Snapshot) (*settle.UsageResult, error) {
	if len(s.Tally) == 0 {
		return nil, nil
	}
	var result settle.Result
	if err := json.Unmarshal(s.Tally, &result); err != nil {
		return nil, fmt.Errorf("read tally of snapshot %s: %w", s.Date, err)
	}
	return result.Usage, nil
}
