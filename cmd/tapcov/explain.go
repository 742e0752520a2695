package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/pipeline/editions"
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
		Use:   "terminal [ACQUIRER/[MERCHANT/]]ID",
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
		if err := p.printFound(found, o.format); err != nil {
			return err
		}
	}
	switch {
	case len(found) == 0:
		return usageError(fmt.Errorf("there is no terminal %q at snapshot %s", id, cmp.Or(o.snapshot, edition.Newest())))
	case len(found) > 1:
		var hints []string
		for _, f := range found {
			hints = append(hints, "tapcov explain terminal "+fullID(f, found))
		}
		return usageError(fmt.Errorf("%d terminals have the id %q; name one", len(found), id), hints...)
	case o.format == "table":
		p.printExplanation(found[0])
	}
	return nil
}

// printFound prints what was found as JSON, or as CSV with one row per inventory row behind it.
func (p *program) printFound(found []editions.Explanation, format string) error {
	switch format {
	case "json":
		return output.JSON(p.stdout, found)
	case "jsonl":
		for _, e := range found {
			if err := output.JSONLine(p.stdout, e); err != nil {
				return err
			}
		}
		return nil
	default:
		return p.print(evidenceTable(found), format)
	}
}

func evidenceTable(found []editions.Explanation) *editions.Table {
	verdict := []string{"acquirer_id", "terminal_id", "acceptance", "tier", "rule"}
	evidence := map[string]bool{}
	for _, e := range found {
		for _, row := range e.Rows {
			for column := range row {
				evidence[column] = true
			}
		}
	}
	for _, column := range verdict {
		delete(evidence, column)
	}
	table := &editions.Table{Columns: append(verdict, slices.Sorted(maps.Keys(evidence))...)}
	for _, e := range found {
		for _, row := range e.Rows {
			values := make([]any, len(table.Columns))
			for i, column := range table.Columns {
				values[i] = row[column]
				if i < len(verdict) {
					values[i] = e.Terminal[column]
				}
			}
			table.Rows = append(table.Rows, values)
		}
	}
	return table
}

// fullID is what names a terminal among those found: its acquirer, its merchant too if that is needed.
func fullID(e editions.Explanation, found []editions.Explanation) string {
	same := 0
	for _, f := range found {
		if f.Terminal["acquirer_id"] == e.Terminal["acquirer_id"] {
			same++
		}
	}
	id := fmt.Sprintf("%v/%v", e.Terminal["acquirer_id"], e.Terminal["terminal_id"])
	if same > 1 {
		id = fmt.Sprintf("%v/%v/%v", e.Terminal["acquirer_id"], e.Terminal["merchant_id"], e.Terminal["terminal_id"])
	}
	if strings.ContainsAny(id, " '\"") {
		return strconv.Quote(id)
	}
	return id
}

// printExplanation tells one terminal's story: the verdict, the evidence, and every row it rests on.
func (p *program) printExplanation(e editions.Explanation) {
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
		place := fmt.Sprintf("%v:%v", row["source_file"], row["source_line"])
		if table := row["source_table"]; table != nil {
			place = fmt.Sprintf("row %v of %q in %v", row["source_row"], table, row["source_file"])
		}
		fmt.Fprintf(p.stdout, "%s %s (snapshot %s)\n", label, output.Clean(place), row["snapshot_date"])
		for _, column := range slices.Sorted(maps.Keys(row)) {
			if isEvidence(column, row[column]) {
				fmt.Fprintf(p.stdout, "    %-24s %s\n", column, output.Clean(fmt.Sprint(row[column])))
			}
		}
	}
	for _, row := range e.Usage {
		p.printUsageRow(row)
	}
}

// printUsageRow tells what one export says of a terminal's transactions in a month, and on which lines.
func (p *program) printUsageRow(row map[string]any) {
	lines := fmt.Sprint(row["source_line"])
	if row["last_line"] != row["source_line"] {
		lines = fmt.Sprintf("%s to %v (%v rows)", lines, row["last_line"], row["row_count"])
	}
	month, _ := row["month"].(string)
	fmt.Fprintf(p.stdout, "used in %.7s, %s:%s\n", month, output.Clean(fmt.Sprint(row["source_file"])), lines)
	for _, column := range []string{
		"card_scheme", "transaction_count", "contactless_transaction_count", "offline_contactless_transaction_count",
		"mobile_contactless_transaction_count", "wallet_transaction_count", "capable_transaction_count", "entry_modes", "last_transaction_on",
	} {
		if value := row[column]; value != nil {
			fmt.Fprintf(p.stdout, "    %-37s %s\n", column, output.Clean(fmt.Sprint(value)))
		}
	}
}

// isEvidence tells the columns worth showing: not those that say where the row is from, and no flag
// that is unknown.
func isEvidence(column string, value any) bool {
	switch column {
	case "export_id", "source", "source_file", "source_line", "source_table", "source_row", "snapshot_date", "state":
		return false
	}
	return value != "unknown"
}
