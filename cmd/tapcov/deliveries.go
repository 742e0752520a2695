package main

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
)

type deliveriesOptions struct {
	editions.DeliverySelection
	edition int
	asOf    string
	format  string
}

func newDeliveriesCommand(p *program) *cobra.Command {
	var o deliveriesOptions
	c := &cobra.Command{
		Use:   "deliveries",
		Short: "what became of each delivery, and what each source owes next",
		Long: `deliveries lists the deliveries of the edition, the newest first: their state,
how many rows were accepted and rejected, and the change against the delivery
before. With --format json it is one document a source, with rejects by reason,
changed columns, rejects that a corrected export cured, and the next due day:
what --source SOURCE prints can be mailed to that source as it is. A source past
its due day makes it exit 6.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.runDeliveries(c.Context(), o) },
	}
	o.addFlags(c.Flags())
	return c
}

func (o *deliveriesOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.Source, "source", "", "only of this `SOURCE`")
	flags.StringVar(&o.Snapshot, "snapshot", "", "only of this `DATE`")
	flags.StringVar(&o.State, "state", "", "only in this `STATE`: in_force, superseded, ambiguous, withdrawn, refused")
	flags.StringVar(&o.asOf, "as-of", "", "the `DATE` that decides which due days have passed (default: today)")
	flags.IntVar(&o.edition, "edition", 0, "`N` of the edition (default: the current one)")
	addFormatFlag(flags, &o.format)
}

func (p *program) runDeliveries(ctx context.Context, o deliveriesOptions) error {
	if err := checkFormat(o.format); err != nil {
		return err
	}
	asOf, err := dateOrToday(o.asOf)
	if err != nil {
		return err
	}
	edition, err := p.open(ctx, o.edition)
	if err != nil {
		return err
	}
	defer edition.Close()
	sources, err := edition.SourceDeliveries(ctx, o.DeliverySelection, asOf)
	if err != nil {
		return err
	}
	if err := p.printDeliveries(sources, o.format); err != nil {
		return err
	}
	isOverdue := false
	for _, of := range sources {
		if due := of.NextDue; due != nil && due.IsOverdue {
			isOverdue = true
			p.warn("%s has not delivered %s, and its due day %s is past", of.Source, due.SnapshotDate, due.DueOn)
		}
	}
	if isOverdue {
		return ended(pipeline.ExitOverdue)
	}
	return nil
}

func (p *program) printDeliveries(sources []editions.SourceDeliveries, format string) error {
	t := &editions.Table{Columns: []string{
		"source", "snapshot_date", "part", "version", "state", "accepted_count", "rejected_count", "defect_count", "change_count", "file", "reason", "why",
	}, Rows: [][]any{}}
	for _, of := range sources {
		for _, d := range of.Deliveries {
			var change any
			if d.Against != nil {
				change = d.Against.Accepted
			}
			file := ""
			if len(d.Files) > 0 {
				file = d.Files[0]
			}
			t.Rows = append(t.Rows, []any{
				of.Source, d.SnapshotDate, d.Part, d.Version, string(d.State), d.Accepted, d.Rejected, d.Defects, change, file, d.Reason, d.Why,
			})
		}
	}
	if format == "json" && len(sources) == 1 {
		return p.printDocument(sources[0], t, format)
	}
	if format == "json" {
		return p.printDocument(sources, t, format)
	}
	return p.print(t, format, "source", "snapshot_date", "state", "accepted_count", "rejected_count", "defect_count", "change_count", "file")
}
