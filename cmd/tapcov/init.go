package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tapcov/tapcov/pipeline/workspace"
)

func newInitCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "a new workspace with a commented tapcov.yaml",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "."
			if len(args) == 1 {
				dir = args[0]
			}
			return p.runInit(dir)
		},
	}
}

func (p *program) runInit(dir string) error {
	if err := workspace.Init(dir); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, `workspace %s is ready. Next:
  1. name your sources in %s/tapcov.yaml
  2. put their exports into %s/inbox/SOURCE/
  3. tapcov --workspace %s run
`, dir, dir, dir, dir)
	return nil
}
