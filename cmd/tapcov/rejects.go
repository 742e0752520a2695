package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/pipeline/editions"
)

type rejectsOptions struct {
	editions.RejectSelection
	limit, edition int
	format         string
	to, language   string
	isCured        bool
}

func newRejectsCommand(p *program) *cobra.Command {
	var o rejectsOptions
	c := &cobra.Command{
		Use:   "rejects",
		Short: "rows that could not be used, with file, line, column and reason",
		Long: `rejects lists the rows and cells that could not be used, with file, line, column
and reason. With --to it writes the list that goes back to the acquirer, as CSV
or XLSX, in the acquirer's language and with what to do about each reason. Rows
that are no terminals, such as totals, are left out of it unless a class is
named. docs/rejects has a page about each reason.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.runRejects(c.Context(), o) },
	}
	o.addFlags(c.Flags())
	return c
}

func (o *rejectsOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.Source, "source", "", "only of this `SOURCE`")
	flags.StringVar(&o.Snapshot, "snapshot", "", "only of this `DATE`")
	flags.StringVar(&o.Reason, "reason", "", "only with this `REASON`")
	flags.StringVar(&o.Class, "class", "", "only of this `CLASS`: terminal, field or not_terminal")
	flags.StringVar(&o.to, "to", "", "write the list for the acquirer to this `FILE`, .csv or .xlsx")
	flags.BoolVar(&o.isCured, "cured", false, "rejects of earlier exports that the ones in their place do not have")
	flags.StringVar(&o.language, "lang", "", "`LANGUAGE` of that list: en, zh (default: the source's)")
	flags.IntVar(&o.limit, "limit", 1000, "at most `N` rows (0: all)")
	flags.IntVar(&o.edition, "edition", 0, "`N` of the edition (default: the current one)")
	addFormatFlag(flags, &o.format)
}

func (p *program) runRejects(ctx context.Context, o rejectsOptions) error {
	if err := checkFormat(o.format); err != nil {
		return err
	}
	edition, err := p.open(ctx, o.edition)
	if err != nil {
		return err
	}
	defer edition.Close()
	if o.isCured {
		if o.to != "" {
			return usageError(errors.New("--to writes what is to be corrected, and --cured lists what has been"))
		}
		return p.listCured(ctx, edition, o)
	}
	if o.to != "" {
		return p.writeRejects(ctx, edition, o)
	}
	table, err := edition.Rejects(ctx, o.RejectSelection, o.limit)
	if err != nil {
		return err
	}
	if o.limit > 0 && len(table.Rows) == o.limit {
		p.warn("only the first %d rejects are shown; --limit 0 for all", o.limit)
	}
	return p.print(table, o.format, "source_file", placeColumn(table, o.format), "reason", "header", "value")
}

// placeColumn is the column that says where rejects stand: cells, if some of them are of workbooks or
// archives. Those of text then have their line there, for people; programs have both columns.
func placeColumn(t *editions.Table, format string) string {
	cell, line := slices.Index(t.Columns, "source_cell"), slices.Index(t.Columns, "source_line")
	if !slices.ContainsFunc(t.Rows, func(row []any) bool { return row[cell] != nil }) {
		return "source_line"
	}
	for _, row := range t.Rows {
		if row[cell] == nil && format == "table" {
			row[cell] = fmt.Sprintf("line %v", row[line])
		}
	}
	return "source_cell"
}

func (p *program) listCured(ctx context.Context, edition *editions.Edition, o rejectsOptions) error {
	table, err := edition.CuredRejects(ctx, o.RejectSelection, o.limit)
	if err != nil {
		return err
	}
	if o.limit > 0 && len(table.Rows) == o.limit {
		p.warn("only the first %d rejects are shown; --limit 0 for all", o.limit)
	}
	return p.print(table, o.format, "earlier_file", "source_line", "reason", "value", "terminal_id", "outcome")
}

// writeRejects writes the list for the acquirer and says how long it is.
func (p *program) writeRejects(ctx context.Context, edition *editions.Edition, o rejectsOptions) error {
	language, err := edition.RejectLanguage(o.language, o.Source)
	if err != nil {
		return err
	}
	count, err := edition.WriteRejects(ctx, o.RejectSelection, language, o.to)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s written to %s\n", counted(int(count), "reject"), output.Clean(o.to))
	return nil
}
