package settle

import (
	"context"
	"fmt"
	"time"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/queries"
)

// Usage is one file of collapsed usage in force, the months of it that the snapshot may see, and what its
// source's profile says of its evidence.
type Usage struct {
	Rows              string   // path of the file
	Months            []string // iso, their first days
	IsCounted         bool     // its rows were counts, and the entry modes stand as they were told
	ContactlessScheme string
	MobileIs          string
	IsOnlineCapable   bool // offline taps count as taps
}

// readUsage makes what the transactions of the window say of the rows in force: the table usage_rows.
// Transactions are judged by the rules as one more row of their terminal, of which nothing is known but them.
func (s *settling) readUsage(ctx context.Context) error {
	if len(s.Usage) == 0 {
		return nil
	}
	var paths []string
	var usages, months [][]any
	for i, u := range s.Usage {
		paths = append(paths, u.Rows)
		usages = append(usages, []any{int32(i), u.IsCounted, null(u.ContactlessScheme), null(u.MobileIs), u.IsOnlineCapable})
		for _, month := range u.Months {
			day, err := time.Parse(time.DateOnly, month)
			if err != nil {
				return fmt.Errorf("month of usage: %w", err)
			}
			months = append(months, []any{int32(i), day})
		}
	}
	if err := s.engine.Fill(ctx, "usages", "usage integer, is_counted boolean, contactless_scheme varchar, mobile_is varchar, is_online_capable boolean", usages); err != nil {
		return err
	}
	if err := s.engine.Fill(ctx, "usage_months", "usage integer, month date", months); err != nil {
		return err
	}
	files := "select cast(" + engine.FileIndex + " as integer) as usage, * from " + engine.Parquet(paths...)
	if err := s.engine.View(ctx, "usage_files", files); err != nil {
		return err
	}
	if err := s.resolveUsageAcquirers(ctx); err != nil {
		return err
	}
	if err := s.create(ctx, "usage_evidence"); err != nil {
		return err
	}
	if err := s.engine.View(ctx, "fired_usage", s.Rules.FiredRows("usage_evidence")); err != nil {
		return err
	}
	if err := s.create(ctx, "usage_by_merchant", "usage_rows"); err != nil {
		return err
	}
	r := &s.result
	r.Usage = &UsageResult{}
	return s.engine.Scan(ctx, queries.Text("settle/usage_matches"), &r.Usage.Terminals, &r.Usage.Unknown, &r.Usage.OtherMerchant)
}

func (s *settling) resolveUsageAcquirers(ctx context.Context) error {
	rows, err := s.engine.Query(ctx, "select distinct coalesce(acquirer_raw, '') from usage_files order by 1")
	if err != nil {
		return err
	}
	defer rows.Close()
	var values [][]any
	for rows.Next() {
		var raw string
		if err := rows.Scan(&raw); err != nil {
			return fmt.Errorf("read acquirers of usage: %w", err)
		}
		id, _ := Acquirer(s.Reference, raw)
		values = append(values, []any{raw, id})
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return s.engine.Fill(ctx, "resolved_usage_acquirers", "acquirer_raw varchar, acquirer_id varchar", values)
}

// firedWithUsage returns firedRows with what usage says of the rows too. It comes in once the rows of a key were
// held against each other: transactions are told of the terminal, and no row disagrees with them.
func (s *settling) firedWithUsage() string {
	return `select own.* exclude (fired, transaction_count, contactless_transaction_count, last_transaction_on),
			coalesce(own.transaction_count, usage_rows.transaction_count) as transaction_count,
			coalesce(own.contactless_transaction_count, usage_rows.contactless_transaction_count) as contactless_transaction_count,
			case when usage_rows.last_transaction_on > own.last_transaction_on then usage_rows.last_transaction_on
				else coalesce(own.last_transaction_on, usage_rows.last_transaction_on) end as last_transaction_on,
			bitwise_or(own.fired, coalesce(usage_rows.fired, 0)) as fired
		from (` + s.firedRows() + `) as own
		left join usage_rows on own.delivery = usage_rows.delivery and own.source_line = usage_rows.source_line`
}
