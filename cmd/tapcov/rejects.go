package main

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

type rejectsOptions struct {
	source, snapshot, reason string
	limit, edition           int
	format                   string
}

func newRejectsCommand(p *program) *cobra.Command {
	var o rejectsOptions
	c := &cobra.Command{
		Use:   "rejects",
		Short: "rows that could not be used, with file, line, column and reason",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return p.runRejects(c.Context(), o) },
	}
	o.addFlags(c.Flags())
	return c
}

func (o *rejectsOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.source, "source", "", "only of this `SOURCE`")
	flags.StringVar(&o.snapshot, "snapshot", "", "only of this `DATE`")
	flags.StringVar(&o.reason, "reason", "", "only with this `REASON`")
	flags.IntVar(&o.limit, "limit", 1000, "at most `N` rows (0: all)")
	flags.IntVar(&o.edition, "edition", 0, "`N` of the edition (default: the current one)")
	addFormatFlag(flags, &o.format)
}

func (p *program) runRejects(ctx context.Context, o rejectsOptions) error {
	if err := checkFormat(o.format); err != nil {
		return err
	}
	edition, err := p.open(ctx, o.edition)
	if err != nil {
		return err
	}
	defer edition.Close()
	table, err := edition.Rejects(ctx, o.source, o.snapshot, o.reason, o.limit)
	if err != nil {
		return err
	}
	if o.limit > 0 && len(table.Rows) == o.limit {
		p.warn("only the first %d rejects are shown; --limit 0 for all", o.limit)
	}
	return p.print(table, o.format, "source_file", "source_line", "reason", "header", "value")
}
