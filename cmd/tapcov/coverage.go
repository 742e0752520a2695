package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/pipeline/editions"
)

type coverageOptions struct {
	selection editions.Selection
	edition   int
	limit     int
	format    string
}

func newCoverageCommand(p *program) *cobra.Command {
	var o coverageOptions
	c := &cobra.Command{
		Use:   "coverage",
		Short: "shares of accepting terminals, by level, with counts and bounds",
		Example: `  tapcov coverage --by province
  tapcov coverage --by brand --snapshot all --reading strict --format csv`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.runCoverage(c.Context(), o) },
	}
	o.addFlags(c.Flags())
	return c
}

func (o *coverageOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.selection.Level, "by", "", "`LEVEL`: nation, province, reporting_area, city, county, acquirer, brand, category, vendor, model, device_type, province_brand, province_acquirer")
	flags.StringVar(&o.selection.Key, "key", "", "only this `KEY` of the level")
	flags.StringVar(&o.selection.Snapshot, "snapshot", "", "`DATE` of the snapshot, or all (default: the newest complete one)")
	flags.StringVar(&o.selection.Population, "population", "", "which terminals are counted (default networked)")
	flags.StringVar(&o.selection.Unit, "unit", "", "what is counted once: terminal (default) or device")
	flags.StringVar(&o.selection.Reading, "reading", "", "which evidence is admitted: strict, declared (default), inferred")
	flags.IntVar(&o.edition, "edition", 0, "`N` of the edition (default: the current one)")
	flags.IntVar(&o.limit, "limit", 0, "at most `N` rows (0: all)")
	addFormatFlag(flags, &o.format)
}

func (p *program) runCoverage(ctx context.Context, o coverageOptions) error {
	if err := checkFormat(o.format); err != nil {
		return err
	}
	edition, err := p.open(ctx, o.edition)
	if err != nil {
		return err
	}
	defer edition.Close()
	table, err := edition.Coverage(ctx, o.selection)
	if err != nil {
		return err
	}
	rows := len(table.Rows)
	if o.limit > 0 && rows > o.limit {
		table.Rows = table.Rows[:o.limit]
	}
	shown := []string{"key", "name", "terminal_count", "yes_count", "unknown_count", "lower_share", "upper_share"}
	if o.selection.Snapshot == "all" {
		shown[0] = "snapshot_date"
	}
	if err := p.print(table, o.format, shown...); err != nil {
		return err
	}
	if len(table.Rows) < rows {
		fmt.Fprintf(p.stderr, "%d of %d rows; --limit 0 for all\n", len(table.Rows), rows)
	}
	return nil
}

// open finds the workspace and opens an edition of it.
func (p *program) open(ctx context.Context, number int) (*editions.Edition, error) {
	ws, err := p.load()
	if err != nil {
		return nil, err
	}
	return editions.Open(ctx, ws, number)
}
