package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/pipeline/editions"
)

type diffOptions struct {
	selection editions.Selection
	format    string
}

func newDiffCommand(p *program) *cobra.Command {
	var o diffOptions
	c := &cobra.Command{
		Use:   "diff FROM TO",
		Short: "what changed in coverage between two editions, or two snapshots",
		Long: `diff compares the coverage of two editions, snapshot by snapshot: what a late or
corrected delivery, a rule or a reference changed in months that were published
before. Given two dates it compares two snapshots of the current edition. Rows
whose counts are the same on both sides are left out.`,
		Example: `  tapcov diff 1 2
  tapcov diff 2016-12-31 2017-01-31 --by province`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error { return p.runDiff(c.Context(), o, args[0], args[1]) },
	}
	o.addFlags(c.Flags())
	return c
}

func (o *diffOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.selection.Level, "by", "", "`LEVEL` of the rows (default nation); tapcov coverage --help lists them")
	flags.StringVar(&o.selection.Snapshot, "snapshot", "", "of two editions only this snapshot's `DATE`")
	flags.StringVar(&o.selection.Population, "population", "", "which terminals are counted (default networked)")
	flags.StringVar(&o.selection.Unit, "unit", "", "what is counted once: terminal (default) or device")
	flags.StringVar(&o.selection.Reading, "reading", "", "which evidence is admitted: strict, declared (default), inferred")
	addFormatFlag(flags, &o.format)
}

func (p *program) runDiff(ctx context.Context, o diffOptions, from, to string) error {
	if err := checkFormat(o.format); err != nil {
		return err
	}
	ws, err := p.load()
	if err != nil {
		return err
	}
	table, err := editions.Diff(ctx, ws, from, to, o.selection)
	if err != nil {
		return err
	}
	if len(table.Rows) == 0 && o.format == "table" {
		fmt.Fprintln(p.stderr, "no count differs")
		return nil
	}
	return p.print(table, o.format, "snapshot_date", "key", "name", "change", "terminal_count", "terminal_gain", "yes_count", "yes_gain", "lower_share", "upper_share")
}
