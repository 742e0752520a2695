package editions

import (
	"context"
	"slices"
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
