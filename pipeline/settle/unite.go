package settle

import (
	"context"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/queries"
)

// unite holds the rows against each other that may be of one terminal or of one device, the suspects, and
// makes the table united_suspects of them, and the view united_others of all others: each is one row per
// terminal, judged. What both read, the view inventory, shows the ones and then the others.
func (s *settling) unite(ctx context.Context) error {
	if err := s.findSuspects(ctx); err != nil {
		return err
	}
	if err := s.create(ctx, "united_keys", "shared_serials"); err != nil {
		return err
	}
	if len(s.Usage) > 0 {
		if err := s.engine.View(ctx, "fired_rows", s.firedWithUsage()); err != nil {
			return err
		}
		if err := s.judgeSuspects(ctx, "settle/known_suspects"); err != nil {
			return err
		}
	}
	if err := s.engine.Create(ctx, "united_suspects", s.Rules.Judged(`select * exclude (fired, evidence, rule_place, united_fired),
		united_fired as fired from (`+queries.Text("settle/united_suspects")+`) as united`)); err != nil {
		return err
	}
	if err := s.engine.View(ctx, "inventory", queries.Text("settle/others")); err != nil {
		return err
	}
	if err := s.engine.View(ctx, "united_others", s.Rules.Judged(`select * exclude (fired), cast(1 as integer) as row_count,
		cast(null as bigint) as serial_terminal_count, fired from fired_rows`)); err != nil {
		return err
	}
	r := &s.result
	for _, d := range s.Deliveries {
		r.InventoryRows += d.Rows
	}
	return s.engine.Scan(ctx, queries.Text("settle/disagreements"), &r.DuplicatedTerminals, &r.DuplicateRows,
		&r.MerchantDisagreements, &r.RegionDisagreements, &r.AcceptanceDisagreements)
}

// findSuspects judges the suspects, which hashes of keys and serial numbers tell, or the file of an earlier
// settling of the same rows.
func (s *settling) findSuspects(ctx context.Context) error {
	known := "select source_row from " + engine.Parquet(s.Suspects)
	if s.HasSuspects {
		if err := s.engine.View(ctx, "suspect_rows", known); err != nil {
			return err
		}
		return s.judgeSuspects(ctx, "settle/known_suspects")
	}
	if err := s.create(ctx, "repeated_keys", "repeated_serials"); err != nil {
		return err
	}
	if err := s.judgeSuspects(ctx, "settle/suspects"); err != nil {
		return err
	}
	if _, err := s.engine.Copy(ctx, "select source_row from judged_suspects order by source_row", s.Suspects); err != nil {
		return err
	}
	return s.engine.View(ctx, "suspect_rows", known)
}

// judgeSuspects makes the table judged_suspects: the inventory rows that a query returns, judged each by itself.
func (s *settling) judgeSuspects(ctx context.Context, query string) error {
	if err := s.engine.View(ctx, "inventory", queries.Text(query)); err != nil {
		return err
	}
	return s.engine.Create(ctx, "judged_suspects", s.Rules.Judged("select * from fired_rows"))
}
