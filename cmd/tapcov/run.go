package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/pipeline"
)

type runOptions struct {
	format    string
	asOf      string
	wait      bool
	rehash    bool
	reconform []string
	quiet     bool
}

func newRunCommand(p *program) *cobra.Command {
	var o runOptions
	c := &cobra.Command{
		Use:   "run",
		Short: "read what is new, count, judge, publish, report",
		Long: `run does the whole job: it reads the exports in the inbox that it has not read
yet, settles and tags terminals, counts coverage, judges claims, publishes an
edition and writes the report. With nothing new it says so and changes nothing.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.runRun(c.Context(), o) },
	}
	o.addFlags(c.Flags())
	return c
}

func (o *runOptions) addFlags(flags *pflag.FlagSet) {
	addFormatFlag(flags, &o.format)
	flags.StringVar(&o.asOf, "as-of", "", "the `DATE` that decides which due days have passed (default: today)")
	flags.BoolVar(&o.wait, "wait", false, "wait for another run to end")
	flags.BoolVar(&o.rehash, "rehash", false, "look at the bytes of every export, not at size and time")
	flags.StringSliceVar(&o.reconform, "reconform", nil, "read the exports of these `SOURCES` again (* for all)")
	flags.BoolVarP(&o.quiet, "quiet", "q", false, "no progress")
}

func (p *program) runRun(ctx context.Context, o runOptions) error {
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
	bar := newProgress(p.stderr, o.quiet)
	started := time.Now()
	summary, err := pipeline.Run(ctx, ws, pipeline.Options{
		Version: version(), Args: p.args, AsOf: asOf, Wait: o.wait, Rehash: o.rehash, Reconform: o.reconform, Progress: bar.update,
	})
	bar.finish()
	if err != nil {
		return err
	}
	if err := p.printSummary(summary, o.format, time.Since(started)); err != nil {
		return err
	}
	return ended(summary.ExitCode())
}

func dateOrToday(text string) (time.Time, error) {
	if text == "" {
		now := time.Now()
		return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC), nil
	}
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, usageError(fmt.Errorf("date %q is not of the form 2017-01-31", text))
	}
	return date, nil
}
