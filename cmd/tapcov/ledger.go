package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

type ledgerOptions struct {
	limit  int
	format string
}

func newRunsCommand(p *program) *cobra.Command {
	var o ledgerOptions
	c := &cobra.Command{
		Use:   "runs",
		Short: "the ledger of runs: when, how they ended, what they published",
		Long: `runs lists the runs of the workspace, the newest first, with those that failed
or were killed. With --format json it has all that the ledger knows of each, as
has the table runs of tapcov sql.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return p.runLedger(o, editions.Runs, "run", "state", "exit_code", "edition", "started_at", "ended_at", "error")
		},
	}
	o.addFlags(c.Flags())
	return c
}

func newEditionsCommand(p *program) *cobra.Command {
	var o ledgerOptions
	c := &cobra.Command{
		Use:   "editions",
		Short: "the editions in the lake: which is current, what each holds",
		Long: `editions lists the published states that are still in the lake, the newest
first. Commands that read take one of them with --edition N.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return p.runLedger(o, editions.Editions, "edition", "is_current", "snapshot_count", "newest_snapshot_date", "published_at", "error")
		},
	}
	o.addFlags(c.Flags())
	return c
}

func (o *ledgerOptions) addFlags(flags *pflag.FlagSet) {
	flags.IntVar(&o.limit, "limit", 0, "only the newest `N` (0: all)")
	addFormatFlag(flags, &o.format)
}

func (p *program) runLedger(o ledgerOptions, list func(ws *workspace.Workspace) (*editions.Table, error), shown ...string) error {
	if err := checkFormat(o.format); err != nil {
		return err
	}
	if o.limit < 0 {
		return usageError(fmt.Errorf("--limit %d: there are no fewer than none", o.limit), "--limit 0 for all")
	}
	ws, err := p.load()
	if err != nil {
		return err
	}
	t, err := list(ws)
	if err != nil {
		return err
	}
	if o.limit > 0 {
		t.Rows = t.Rows[:min(o.limit, len(t.Rows))]
	}
	return p.print(t, o.format, shown...)
}
