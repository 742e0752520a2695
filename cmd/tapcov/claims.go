package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
)

type claimsOptions struct {
	edition int
	figures bool
	check   bool
	format  string
}

func newClaimsCommand(p *program) *cobra.Command {
	var o claimsOptions
	c := &cobra.Command{
		Use:   "claims",
		Short: "what the counts make of published claims",
		Long: `claims prints each claim's verdict at each snapshot and over all of them:
supported, refuted, undetermined (the bounds allow both) or not_comparable (it
is about more than the workspace holds). With --figures it judges the published
national figures instead, date by date; that needs no workspace.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.runClaims(c.Context(), o) },
	}
	o.addFlags(c.Flags())
	return c
}

func (o *claimsOptions) addFlags(flags *pflag.FlagSet) {
	flags.IntVar(&o.edition, "edition", 0, "`N` of the edition (default: the current one)")
	flags.BoolVar(&o.figures, "figures", false, "judge the published figures")
	flags.BoolVar(&o.check, "check", false, "exit 3 if a claim is refuted or undetermined")
	addFormatFlag(flags, &o.format)
}

func (p *program) runClaims(ctx context.Context, o claimsOptions) error {
	if err := checkFormat(o.format); err != nil {
		return err
	}
	if o.figures {
		return p.printFigures(o.format)
	}
	edition, err := p.open(ctx, o.edition)
	if err != nil {
		return err
	}
	defer edition.Close()
	table, err := edition.Judgements(ctx)
	if err != nil {
		return err
	}
	if err := p.print(table, o.format, "claim", "snapshot_date", "verdict", "yes_count", "terminal_count", "lower_share", "upper_share", "margin"); err != nil {
		return err
	}
	if o.format == "table" {
		p.printReasons(table)
	}
	if o.check && editions.FailsCheck(table) {
		return ended(pipeline.ExitCheck)
	}
	return nil
}

// printReasons says under the table why each claim over all its snapshots is judged as it is.
func (p *program) printReasons(table *editions.Table) {
	fmt.Fprintln(p.stdout)
	for _, row := range table.Rows {
		claim, date, verdict, reason := row[0], row[1], row[2], row[len(row)-1]
		if date == nil {
			p.tell("%v: %v: %v", claim, verdict, reason)
		}
	}
}

// printFigures judges the published figures: those of the workspace if there is one here, else the
// embedded ones.
func (p *program) printFigures(format string) error {
	set, err := p.reference()
	if err != nil {
		return err
	}
	table, err := editions.JudgeFigures(set)
	if err != nil {
		return err
	}
	if err := p.print(table, format, "as_of", "figure", "printed", "of", "share", "verdict", "mark"); err != nil || format != "table" {
		return err
	}
	fmt.Fprint(p.stdout, "\nmark: V verified in the source, W verified but the source is weak, D derived\n\n")
	figure, scope, source := slices.Index(table.Columns, "figure"), slices.Index(table.Columns, "scope"), slices.Index(table.Columns, "source")
	for _, row := range table.Rows {
		p.tell("%v: %v; %v", row[figure], row[scope], row[source])
	}
	return nil
}
