package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
)

func newPlanCommand(p *program) *cobra.Command {
	var format string
	var exitCode bool
	c := &cobra.Command{
		Use:   "plan",
		Short: "what a run would do and why, leaving no trace",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return p.runPlan(c.Context(), format, exitCode) },
	}
	addFormatFlag(c.Flags(), &format)
	c.Flags().BoolVar(&exitCode, "exit-code", false, "exit 3 if there is work")
	return c
}

func (p *program) runPlan(ctx context.Context, format string, exitCode bool) error {
	if err := checkFormat(format); err != nil {
		return err
	}
	ws, err := p.load()
	if err != nil {
		return err
	}
	plan, err := pipeline.Plan(ctx, ws)
	if err != nil {
		return err
	}
	work := 0
	table := &editions.Table{Columns: []string{"source", "file", "action", "snapshot_date", "bytes", "why"}, Rows: [][]any{}}
	for _, f := range plan {
		if f.Action == pipeline.PlanRead {
			work++
		}
		table.Rows = append(table.Rows, []any{f.Source, f.File, f.Action, f.SnapshotDate, f.Bytes, f.Why})
	}
	if format == "json" { // with the layout of each file, and how it has changed
		err = output.JSON(p.stdout, plan)
	} else {
		err = p.print(table, format, "source", "file", "action", "snapshot_date", "bytes")
	}
	if err != nil {
		return err
	}
	for _, f := range plan {
		if f.Action == pipeline.PlanSetAside {
			p.warnAbout(f.Source, f.File, "would be set aside", f.Why)
		}
	}
	for _, f := range plan {
		if f.Drift != nil {
			p.warnOfDrift(f.Source, f.File, f.Drift)
		}
	}
	if format == "table" {
		fmt.Fprintf(p.stdout, "\n%s of %s files to read\n", output.Thousands(fmt.Sprint(work)), output.Thousands(fmt.Sprint(len(plan))))
	}
	if exitCode && work > 0 {
		return ended(pipeline.ExitCheck)
	}
	return nil
}
