package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/pipeline"
)

type statusOptions struct {
	asOf   string
	format string
}

func newStatusCommand(p *program) *cobra.Command {
	var o statusOptions
	c := &cobra.Command{
		Use:   "status",
		Short: "the current edition, what was set aside or is overdue, last run",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return p.runStatus(c.Context(), o) },
	}
	o.addFlags(c.Flags())
	return c
}

func (o *statusOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.asOf, "as-of", "", "the `DATE` that decides which due days have passed (default: today)")
	addFormatFlag(flags, &o.format)
}

func (p *program) runStatus(ctx context.Context, o statusOptions) error {
	if err := checkFormat(o.format); err != nil {
		return err
	}
	asOf, err := dateOrToday(o.asOf)
	if err != nil {
		return err
	}
	ws, err := p.load()
	if err != nil {
		return err
	}
	status, err := pipeline.ReadStatus(ctx, ws, asOf)
	if err != nil {
		return err
	}
	if o.format != "table" {
		if err := p.printDocument(status, snapshotTable(status.Snapshots), o.format); err != nil {
			return err
		}
		return ended(status.ExitCode())
	}
	if status.Edition == 0 {
		fmt.Fprintln(p.stdout, "nothing is published yet")
	} else {
		fmt.Fprintf(p.stdout, "edition %d (%.12s)\n\n", status.Edition, status.Fingerprint)
		if err := p.print(snapshotTable(status.Snapshots), "table"); err != nil {
			return err
		}
	}
	p.printSetAside(status.SetAside)
	p.printOverdue(status.Overdue)
	if run := status.LastRun; run != nil {
		fmt.Fprintf(p.stdout, "\nlast run %s: %s, exit %d, started %s\n", run.ID, run.State, run.ExitCode, run.StartedAt.Format("2006-01-02 15:04:05 MST"))
	}
	return ended(status.ExitCode())
}
