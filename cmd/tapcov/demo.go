package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/sample"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

func newDemoCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "demo [DIR]",
		Short: "a sample workspace, run, with its report",
		Long: `demo writes the sample workspace (five invented acquirers, four months) to DIR,
runs it and says where the report is. The default DIR is tapcov-demo. A sample
that is already there is run again.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dir := "tapcov-demo"
			if len(args) == 1 {
				dir = args[0]
			}
			return p.runDemo(c.Context(), dir)
		},
	}
}

func (p *program) runDemo(ctx context.Context, dir string) error {
	_, err := os.Stat(filepath.Join(dir, workspace.FileName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := sample.Write(dir); err != nil {
			return fmt.Errorf("write the sample: %w", err)
		}
	case err != nil:
		return fmt.Errorf("look for a sample: %w", err)
	}
	ws, err := workspace.Load(dir, workspace.Overrides{Flags: p.settings, Env: os.Getenv})
	if err != nil {
		return err
	}
	asOf, err := dateOrToday("")
	if err != nil {
		return err
	}
	bar := newProgress(p.stderr, false)
	started := time.Now()
	summary, err := pipeline.Run(ctx, ws, pipeline.Options{Version: version(), Args: p.args, AsOf: asOf, Progress: bar.update})
	bar.finish()
	if err != nil {
		return err
	}
	if err := p.printSummary(summary, "table", time.Since(started)); err != nil {
		return err
	}
	if summary.IsUnchanged {
		fmt.Fprintf(p.stdout, "report: %s\n", summary.Report)
	}
	fmt.Fprintf(p.stdout, "\ntry: tapcov -w %s coverage --by province\n     tapcov -w %s claims\n", dir, dir)
	return ended(summary.ExitCode())
}
