package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/pipeline"
)

type explainOptions struct {
	edition  int
	snapshot string
	format   string
}

func newExplainCommand(p *program) *cobra.Command {
	explain := &cobra.Command{
		Use:   "explain",
		Short: "why a number is what it is",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	var o explainOptions
	terminal := &cobra.Command{
		Use:   "terminal [ACQUIRER/]ID",
		Short: "why a terminal counts as accepting, not accepting or unknown",
		Args:  cobra.ExactArgs(1),
		RunE:  func(c *cobra.Command, args []string) error { return p.runExplainTerminal(c.Context(), o, args[0]) },
	}
	o.addFlags(terminal.Flags())
	explain.AddCommand(terminal)
	return explain
}

func (o *explainOptions) addFlags(flags *pflag.FlagSet) {
	flags.IntVar(&o.edition, "edition", 0, "`N` of the edition (default: the current one)")
	flags.StringVar(&o.snapshot, "snapshot", "", "`DATE` of the snapshot (default: the newest complete one)")
	addFormatFlag(flags, &o.format)
}

func (p *program) runExplainTerminal(ctx context.Context, o explainOptions, id string) error {
	if err := checkFormat(o.format); err != nil {
		return err
	}
	edition, err := p.open(ctx, o.edition)
	if err != nil {
		return err
	}
	defer edition.Close()
	found, err := edition.Explain(ctx, id, o.snapshot)
	if err != nil {
		return err
	}
	if o.format != "table" {
		if err := output.JSON(p.stdout, found); err != nil {
			return err
		}
	}
	switch {
	case len(found) == 0:
		return usageError(fmt.Errorf("there is no terminal %q at snapshot %s", id, cmp.Or(o.snapshot, edition.Newest())))
	case len(found) > 1:
		for _, f := range found {
			p.hint("tapcov explain terminal %s/%s", f.Terminal["acquirer_id"], f.Terminal["terminal_id"])
		}
		return usageError(fmt.Errorf("%d acquirers have a terminal %q; name one", len(found), id))
	case o.format == "table":
		p.printExplanation(found[0])
	}
	return nil
}

// printExplanation tells one terminal's story: the verdict, the evidence, and every row it rests on.
func (p *program) printExplanation(e pipeline.Explanation) {
	t := e.Terminal
	fmt.Fprintf(p.stdout, "terminal %v of acquirer %v: %v\n", t["terminal_id"], t["acquirer_id"], t["acceptance"])
	if e.Reason != "" {
		fmt.Fprintf(p.stdout, "  because %s\n  rule %v, tier %v; strict: %v, inferred: %v\n", e.Reason, t["rule"], t["tier"], t["acceptance_strict"], t["acceptance_inferred"])
	} else {
		fmt.Fprintln(p.stdout, "  because no evidence says anything")
	}
	if t["is_conflict"] == true {
		fmt.Fprintln(p.stdout, "  conflict: the deciding tier says both yes and no")
	}
	if t["is_contradiction"] == true {
		fmt.Fprintln(p.stdout, "  contradiction: weaker evidence disagrees")
	}
	fmt.Fprintf(p.stdout, "  in service: %v, status %v, device type %v, region %v\n", t["in_service"], t["status"], t["device_type"], t["region"])
	for i, row := range e.Rows {
		label := "also in"
		if i == 0 {
			label = "from"
		}
		fmt.Fprintf(p.stdout, "%s %s:%v (snapshot %s)\n", label, output.Clean(fmt.Sprint(row["source_file"])), row["source_line"], date(row["snapshot_date"]))
		for _, column := range slices.Sorted(maps.Keys(row)) {
			if isEvidence(column, row[column]) {
				fmt.Fprintf(p.stdout, "    %-24s %s\n", column, output.Clean(plainText(row[column])))
			}
		}
	}
}

// isEvidence tells the columns worth showing: not those that say where the row is from, and no flag
// that is unknown.
func isEvidence(column string, value any) bool {
	switch column {
	case "export_id", "source", "source_file", "source_line", "snapshot_date", "state":
		return false
	}
	return value != "unknown"
}
