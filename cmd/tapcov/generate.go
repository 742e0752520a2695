package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/pipeline/sample"
)

type generateOptions struct {
	isSample bool
	spec     sample.Spec
}

func newGenerateCommand(p *program) *cobra.Command {
	var o generateOptions
	c := &cobra.Command{
		Use:   "generate DIR",
		Short: "a synthetic workspace of any size, the same bytes every time",
		Example: `  tapcov generate --sample sample-data
  tapcov generate --rows 1000000 --seed 1 --sources 30 big`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return p.runGenerate(c.Context(), o, args[0]) },
	}
	o.addFlags(c.Flags())
	return c
}

func (o *generateOptions) addFlags(flags *pflag.FlagSet) {
	flags.BoolVar(&o.isSample, "sample", false, "write the sample instead: five acquirers, four months, every vice")
	flags.Int64Var(&o.spec.Rows, "rows", 100_000, "`N` rows a snapshot, over all sources")
	flags.Uint64Var(&o.spec.Seed, "seed", 1, "another `SEED`, other terminals")
	flags.IntVar(&o.spec.Sources, "sources", 30, "`K` sources")
	flags.IntVar(&o.spec.Snapshots, "snapshots", 1, "`M` month-ends")
	flags.StringVar(&o.spec.Encoding, "encoding", "utf-8", "`ENCODING` of the exports: utf-8 or gb18030")
	flags.IntVar(&o.spec.QuotedBreaks, "quoted-breaks", 0, "`N` records in a thousand with a quoted line break")
}

func (p *program) runGenerate(ctx context.Context, o generateOptions, dir string) error {
	if o.isSample {
		if err := sample.Write(dir); err != nil {
			return fmt.Errorf("write the sample: %w", err)
		}
		return nil
	}
	if o.spec.Rows < 1 || o.spec.Sources < 1 || o.spec.Snapshots < 1 {
		return usageError(errors.New("rows, sources and snapshots are 1 at least"))
	}
	if err := o.spec.Check(); err != nil {
		return usageError(err)
	}
	return sample.Generate(ctx, dir, o.spec)
}
