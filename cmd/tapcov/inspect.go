package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/guess"
)

type inspectOptions struct {
	profile bool
	toCSV   string
	of      guess.InspectOptions
	format  string
}

func newInspectCommand(p *program) *cobra.Command {
	var o inspectOptions
	c := &cobra.Command{
		Use:   "inspect FILE…",
		Short: "what a file is, column by column, and a profile for it",
		Long: `inspect reads files from start to end and says what they are: format, encoding,
dialect, header, and of each column what it seems to be, its type, blanks,
distinct values and samples. It needs no workspace.

--profile drafts the entry for "sources:" in tapcov.yaml instead; put it there
and the exports into inbox/NAME/. --to-csv writes what was understood of one
file as plain CSV in UTF-8, every value as the text it is: cells are not
altered, even if they look like formulas.`,
		Example: `  tapcov inspect terminals_20170131.csv
  tapcov inspect --profile terminals_*.xlsx
  tapcov inspect --to-csv clean.csv polluted.txt`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return p.runInspect(c.Context(), o, args) },
	}
	flags := c.Flags()
	flags.BoolVar(&o.profile, "profile", false, "print the profile as YAML, for tapcov.yaml")
	flags.StringVar(&o.toCSV, "to-csv", "", "write what was understood of one file to `OUT`, - for stdout")
	flags.StringVar(&o.of.Table, "table", "", "look at this `TABLE` of the file: a number from 1, or a sheet's name")
	flags.StringVar(&o.of.Encoding, "encoding", "", "read text in this `ENCODING` instead of the one found")
	addFormatFlag(flags, &o.format)
	return c
}

func (p *program) runInspect(ctx context.Context, o inspectOptions, paths []string) error {
	if err := checkFormat(o.format); err != nil {
		return err
	}
	for _, path := range paths {
		if info, err := os.Stat(path); err != nil {
			return usageError(fmt.Errorf("there is no file %q", path))
		} else if info.IsDir() {
			return usageError(fmt.Errorf("%q is a folder: name its files", path))
		}
	}
	switch {
	case o.profile && o.toCSV != "":
		return usageError(errors.New("--profile and --to-csv exclude each other"))
	case o.profile:
		return p.draftProfiles(ctx, paths)
	case o.toCSV != "" && len(paths) > 1:
		return usageError(errors.New("--to-csv takes one file"))
	case o.toCSV != "":
		return inspectMistake(p.writeClean(ctx, paths[0], o))
	}
	all, err := guess.Inspect(ctx, paths, o.of)
	if err != nil {
		return inspectMistake(err)
	}
	isRefused := false
	for n, one := range all {
		isRefused = isRefused || one.Refused != ""
		switch {
		case o.format == "jsonl":
			err = output.JSONLine(p.stdout, one)
		case o.format == "csv":
			err = p.print(inspectedColumns(one), o.format)
		case o.format == "table":
			if n > 0 {
				fmt.Fprintln(p.stdout)
			}
			err = p.showInspection(one)
		}
		if err != nil {
			return err
		}
	}
	if o.format == "json" {
		if err := output.JSON(p.stdout, all); err != nil {
			return err
		}
	}
	if isRefused {
		return ended(pipeline.ExitFailed)
	}
	return nil
}

// inspectMistake is the mistake of who asked for a table that is not there.
func inspectMistake(err error) error {
	var none *guess.NoTableError
	if errors.As(err, &none) {
		return usageError(err)
	}
	return err
}

func (p *program) draftProfiles(ctx context.Context, paths []string) error {
	text, assumptions, err := guess.DraftProfiles(ctx, paths)
	if err != nil {
		return err
	}
	for _, assumption := range assumptions {
		p.hint("assumed: %s", assumption)
	}
	fmt.Fprint(p.stdout, text)
	return nil
}

// writeClean writes to a file that is whole or not there, or to stdout.
func (p *program) writeClean(ctx context.Context, path string, o inspectOptions) error {
	to := o.toCSV
	if to == "-" {
		_, err := guess.WriteCSV(ctx, path, struct{ io.Writer }{p.stdout}, o.of) // what stands there already is not ours to cut
		return err
	}
	file, err := renameio.NewPendingFile(to, renameio.WithPermissions(0o644))
	if err != nil {
		return fmt.Errorf("write %s: %w", to, err)
	}
	defer file.Cleanup() //nolint:errcheck // does nothing after success; after a failure that failure is the news
	records, err := guess.WriteCSV(ctx, path, file, o.of)
	if err != nil {
		return err
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("write %s: %w", to, err)
	}
	fmt.Fprintf(p.stderr, "tapcov: %s: %s\n", output.Clean(to), counted(int(records), "record"))
	return nil
}

// showInspection writes one file as people read it.
func (p *program) showInspection(one guess.Inspection) error {
	line := func(name, text string) { fmt.Fprintf(p.stdout, "%-10s %s\n", name, output.Clean(text)) }
	line("file", one.File)
	if one.Refused != "" {
		line("refused", one.Refused)
		return nil
	}
	format := one.Summary.Format
	kind := format.Kind
	if kind == "" {
		kind = "text"
	}
	line("format", strings.TrimSpace(kind+packed(format.Container)))
	if format.Kind == "" {
		encoding := format.Encoding
		if format.BOM {
			encoding += " with byte-order mark"
		}
		line("encoding", fmt.Sprintf("%s, %s damaged%s", encoding, counted(int(one.Summary.DamagedLines), "line"), sure(one.Reading)))
		dialect := "delimiter " + format.Delimiter
		if format.Quote != "" {
			dialect += ", quote " + format.Quote
		}
		if one.Dialect != nil && len(one.Dialect.Reasons) > 0 {
			dialect += fmt.Sprintf(" (%.0f%% sure: %s)", 100*one.Dialect.Confidence, strings.Join(one.Dialect.Reasons, ", "))
		}
		line("dialect", dialect+", line ends "+format.LineEnd)
	}
	if one.Dialect != nil && len(one.Dialect.Tables) > 1 {
		for n, table := range one.Dialect.Tables {
			text := fmt.Sprintf("%d, %s of %s from line %d", n+1, counted(table.To-table.From, "record"), counted(table.Width, "column"), table.Line)
			if n+1 != one.Table {
				text += fmt.Sprintf(", not read: --table %d does", n+1)
			}
			line("table", text)
		}
	}
	for _, table := range format.Tables {
		text := fmt.Sprintf("%q, %s", table.Name, counted(int(table.Rows), "row"))
		if table.IsHidden {
			text += ", hidden"
		}
		if !table.IsRead {
			text += ", not read"
		}
		line("table", text)
	}
	if format.Note != "" {
		line("note", format.Note)
	}
	line("header", header(one.Header))
	rows := counted(int(one.Rows), "row")
	if one.Others > 0 {
		rows += fmt.Sprintf(", and %s of another shape", counted(int(one.Others), "record"))
	}
	line("rows", rows)
	fmt.Fprintln(p.stdout)
	if err := p.print(inspectedColumns(one), "table"); err != nil {
		return err
	}
	for n, what := range one.Missing {
		if n == 0 {
			fmt.Fprintln(p.stdout, "\nWithout a profile it cannot be read as an inventory:")
		}
		fmt.Fprintln(p.stdout, "  "+output.Clean(what))
	}
	if len(one.Missing) > 0 {
		p.hint("`tapcov inspect --profile` drafts one")
	}
	return nil
}

// sure says how sure the encoding is, and why.
func sure(reading *guess.TextReading) string {
	if reading == nil {
		return ""
	}
	return fmt.Sprintf(" (%.0f%% sure: %s)", 100*reading.Sure, reading.Why)
}

func packed(container string) string {
	if container == "none" || container == "" {
		return ""
	}
	return " in " + container
}

func header(h guess.InspectedHeader) string {
	switch {
	case h.Line == 0:
		return "none: no record names the columns"
	case len(h.Known) == 0:
		return fmt.Sprintf("line %d: its cells are texts where those below are not", h.Line)
	default:
		return fmt.Sprintf("line %d: %s known, %s", h.Line, counted(len(h.Known), "name"), strings.Join(h.Known[:min(3, len(h.Known))], ", "))
	}
}

func inspectedColumns(one guess.Inspection) *editions.Table {
	t := &editions.Table{Columns: []string{"number", "header", "guess", "type", "blank_count", "distinct", "samples"}, Rows: [][]any{}}
	for _, c := range one.Columns {
		distinct := fmt.Sprint(c.Distinct)
		if c.AtLeast {
			distinct = "≥" + distinct
		}
		t.Rows = append(t.Rows, []any{int64(c.Number), c.Header, c.Guess, c.Type, c.Blank, distinct, strings.Join(c.Samples, " · ")})
	}
	return t
}
