package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tapcov/tapcov/pipeline/bench"
	"github.com/tapcov/tapcov/pipeline/editions"
)

type benchOptions struct {
	spec   bench.Spec
	format string
}

func newBenchCommand(p *program) *cobra.Command {
	var o benchOptions
	c := &cobra.Command{
		Use:   "bench DIR",
		Short: "how fast this machine runs the job, beside DuckDB loading the rows",
		Long: `Generates workspaces in DIR (once; they stay there), runs the job and DuckDB's
read_csv over the same rows in turn, and prints medians and ratios beside their
targets. A million rows take some 200 MB of disk space and a minute, 40 million
8 GB and more than an hour.`,
		Example: `  tapcov bench --sizes 1000000 big
  tapcov bench --sizes 1000000,5000000,20000000 --months 2000000 --runs 3 big`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return p.runBench(c.Context(), o, args[0]) },
	}
	flags := c.Flags()
	flags.Int64SliceVar(&o.spec.Rows, "sizes", []int64{1_000_000}, "`N,…` rows, one comparison each")
	flags.IntVar(&o.spec.Runs, "runs", 3, "`N` runs of each comparison")
	flags.Uint64Var(&o.spec.Seed, "seed", 1, "another `SEED`, other terminals")
	flags.IntVar(&o.spec.Sources, "sources", 30, "`K` sources of the whole job")
	flags.Int64Var(&o.spec.Months, "months", 0, "compare the twelfth month with the first too, at `N` rows a month")
	addFormatFlag(flags, &o.format)
	c.AddCommand(newBenchSideCommand())
	return c
}

// newBenchSideCommand is what bench runs as a process of its own.
func newBenchSideCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "side " + strings.Join(bench.Sides, "|") + " DIR",
		Short:  "one side of a comparison, over the exports of a workspace",
		Hidden: true,
		Args:   cobra.ExactArgs(2),
		RunE:   func(c *cobra.Command, args []string) error { return bench.Side(c.Context(), args[0], args[1]) },
	}
}

func (p *program) runBench(ctx context.Context, o benchOptions, dir string) error {
	if err := checkFormat(o.format); err != nil {
		return err
	}
	if o.spec.Runs < 1 || len(o.spec.Rows) == 0 || slices.Min(o.spec.Rows) < 1 {
		return usageError(errors.New("runs and sizes are 1 at least"))
	}
	slices.Sort(o.spec.Rows)
	own, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program: %w", err)
	}
	o.spec.Dir, o.spec.Program = dir, own
	o.spec.Doing = func(what string) { fmt.Fprintln(p.stderr, what) }
	lines := &editions.Table{Columns: []string{"what", "rows", "value", "unit", "must", "reach", "first", "second"}}
	o.spec.Say = func(l bench.Line) {
		fmt.Fprintf(p.stderr, "= %.2f %s (%s; %s)\n", l.Value, l.Unit, l.First, l.Second)
		lines.Rows = append(lines.Rows, []any{
			l.What, l.Rows, fmt.Sprintf("%.2f", l.Value), l.Unit, target(l.Must), target(l.Reach), l.First, l.Second,
		})
	}
	if err := bench.Run(ctx, o.spec); err != nil {
		return err
	}
	return p.print(lines, o.format, "what", "rows", "value", "must", "reach")
}

// target writes what should be reached at most.
func target(value float64) any {
	if value == 0 {
		return nil
	}
	return fmt.Sprintf("%g", value)
}
