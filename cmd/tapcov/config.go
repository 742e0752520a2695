package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

func newConfigCommand(p *program) *cobra.Command {
	config := &cobra.Command{
		Use:   "config",
		Short: "check the configuration, show what is in effect",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	var show bool
	var format string
	check := &cobra.Command{
		Use:   "check",
		Short: "check tapcov.yaml, reference data and rules; touch nothing",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return p.runConfigCheck(c, show, format) },
	}
	check.Flags().BoolVar(&show, "show", false, "print the settings in effect and where each comes from")
	addFormatFlag(check.Flags(), &format)
	config.AddCommand(check)
	return config
}

func (p *program) runConfigCheck(c *cobra.Command, show bool, format string) error {
	if err := checkFormat(format); err != nil {
		return err
	}
	ws, err := p.load()
	if err != nil {
		return err
	}
	if err := pipeline.CheckConditions(c.Context(), ws); err != nil {
		return err
	}
	if !show {
		_, err := fmt.Fprintf(p.stdout, "%s: ok, %s\n", ws.Dir, counted(len(ws.Config.Sources), "source"))
		return err
	}
	table := &editions.Table{Columns: []string{"setting", "value", "origin"}}
	for _, s := range workspace.Effective(ws) {
		table.Rows = append(table.Rows, []any{s.Key, s.Value, s.Origin})
	}
	return p.print(table, format)
}
