package pipeline

import (
	"context"
	"slices"

	"github.com/tapcov/tapcov/pipeline/lake"
)

// usageOfTerminal returns the rows of usage that a terminal was settled with at a snapshot, matched as
// settling matches them.
func (e *Edition) usageOfTerminal(ctx context.Context, snapshot string, terminal map[string]any) ([]map[string]any, error) {
	at := e.Snapshot(snapshot)
	if at == nil || len(at.Usage) == 0 {
		return []map[string]any{}, nil
	}
	found, err := e.Query(ctx, `select * exclude (edition, snapshot_date, state, acquirer_raw) from usage
		where terminal_id = ? and acquirer_id = ? and state = 'in_force' order by month desc, source_file, source_line`,
		terminal["terminal_id"], terminal["acquirer_id"])
	if err != nil {
		return nil, err
	}
	months := map[string][]string{} // by source and export
	for _, u := range at.Usage {
		for _, d := range e.Deliveries {
			if d.InventoryID == u.InventoryID {
				months[d.Source+"\x00"+d.ExportID] = append(months[d.Source+"\x00"+d.ExportID], u.Months...)
			}
		}
	}
	isKeyed := e.isKeyedByMerchant(terminal["source"])
	return slices.DeleteFunc(found.objects(), func(row map[string]any) bool {
		source, _ := row["source"].(string)
		export, _ := row["export_id"].(string)
		month, _ := row["month"].(string)
		theirs, own := row["merchant_id"], terminal["merchant_id"]
		isOther := theirs != own && (isKeyed || theirs != nil && own != nil)
		return isOther || !slices.Contains(months[source+"\x00"+export], month)
	}), nil
}

// isKeyedByMerchant tells whether the ids of a source's terminals repeat between merchants.
func (e *Edition) isKeyedByMerchant(source any) bool {
	for _, s := range e.ws.Config.Sources {
		if s.Name == source {
			return slices.Contains(s.TerminalKey, "merchant_id")
		}
	}
	return false
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
	counted, err := usageOf(s)
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
