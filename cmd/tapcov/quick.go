package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/guess"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

type quickOptions struct {
	mappings []string
	snapshot string
	save     string
	rows     int
	format   string
}

func newQuickCommand(p *program) *cobra.Command {
	var o quickOptions
	c := &cobra.Command{
		Use:   "quick FILE…",
		Short: "coverage of a file at hand: no workspace, no configuration",
		Long: `quick guesses how files are read, counts them, and prints coverage by region and
merchant on one screen, with every assumption it made and what would help. Files
with the same columns are one source. Nothing is kept, unless --save makes a
workspace of it; "tapcov -w DIR run" then gives the same numbers.

What a guess gets wrong, --map puts right:
  --map terminal_id=MeterId         the column is read from this header
  --map device_type==pos            every row has this value
  --map status:1=in_service         what a cell of the column means
Several headers for region are its levels, the widest first.`,
		Example: `  tapcov quick terminals_20170131.csv
  tapcov quick --map terminal_id=MeterId --map region=StreetName meters.csv
  tapcov quick --save my-workspace inbox/*.csv.gz`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return p.runQuick(c.Context(), o, args) },
	}
	o.addFlags(c.Flags())
	return c
}

func (o *quickOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringArrayVar(&o.mappings, "map", nil, "`COLUMN=HEADER`, COLUMN==VALUE or COLUMN:CELL=WORD (repeatable)")
	flags.StringVar(&o.snapshot, "snapshot", "", "the `DATE` that the files describe (default: found in names, titles or rows)")
	flags.StringVar(&o.save, "save", "", "make a workspace in `DIR` that gives the same numbers")
	flags.IntVar(&o.rows, "limit", 5, "at most `N` regions and N merchants (0: all)")
	addFormatFlag(flags, &o.format)
}

func (p *program) runQuick(ctx context.Context, o quickOptions, paths []string) error {
	if err := checkFormat(o.format); err != nil {
		return err
	}
	options := guess.QuickOptions{
		Snapshot: o.snapshot, Save: o.save, Rows: o.rows, Version: version(),
		Overrides: workspace.Overrides{Flags: p.settings, Env: os.Getenv},
	}
	for _, text := range o.mappings {
		mapping, err := guess.ParseQuickMapping(text)
		if err != nil {
			return usageError(fmt.Errorf("--map %w", err))
		}
		options.Mappings = append(options.Mappings, mapping)
	}
	bar := newProgress(p.stderr, !isTerminal(p.stderr))
	options.Progress = bar.update
	answer, err := guess.Quick(ctx, paths, options)
	bar.finish()
	var mistake *guess.QuickError
	if errors.As(err, &mistake) {
		return usageError(err)
	}
	if err != nil {
		return err
	}
	if err := p.printQuick(answer, o.format); err != nil {
		return err
	}
	if len(answer.SetAside) > 0 {
		return ended(pipeline.ExitSetAside)
	}
	return nil
}

func (p *program) printQuick(a *guess.QuickAnswer, format string) error {
	switch {
	case format == "json":
		if err := output.JSON(p.stdout, a); err != nil {
			return err
		}
	case format != "table":
		if err := p.print(quickTable("key", append(append([]guess.QuickRow{a.Headline}, a.Regions...), a.Merchants...)), format); err != nil {
			return err
		}
		for _, note := range a.Assumptions {
			p.say("assumed", "%s", quickNote(note))
		}
	case len(a.Snapshots) > 0:
		if err := p.printQuickScreen(a); err != nil {
			return err
		}
	}
	return p.printQuickAside(a.SetAside)
}

// printQuickScreen prints an answer for people, about as much as a terminal shows.
func (p *program) printQuickScreen(a *guess.QuickAnswer) error {
	p.printQuickHeadline(a)
	if len(a.Snapshots) > 1 {
		fmt.Fprintln(p.stdout)
		trend := &editions.Table{Columns: []string{"snapshot", "files", "carried", "share"}}
		for _, s := range a.Snapshots {
			trend.Rows = append(trend.Rows, []any{s.Date, int64(s.Exports), int64(s.Carried), s.Share})
		}
		if err := p.print(trend, "table"); err != nil {
			return err
		}
	}
	if a.Headline.TerminalCount > 0 {
		if err := p.printQuickRows("region", a.RegionTitle, a.Regions, int64(a.RegionCount)); err != nil {
			return err
		}
		if err := p.printQuickRows("merchant_id", "merchant", a.Merchants, a.MerchantCount); err != nil {
			return err
		}
	}
	fmt.Fprintln(p.stdout, "\nassumed:")
	for _, note := range a.Assumptions {
		fmt.Fprintln(p.stdout, "  "+fit(output.Clean(quickNote(note)), width(p.stdout)-2))
	}
	if a.Saved != "" {
		fmt.Fprintf(p.stdout, "\n%s is a workspace now: tapcov -w %s run\n", output.Clean(a.Saved), quoteWord(a.Saved))
		return nil
	}
	fmt.Fprintln(p.stdout, "\nto add:")
	steps := append(a.Steps, guess.QuickStep{Words: []string{"--save", "DIR"}, Why: "to keep this as a workspace"})
	widest := 0
	for _, step := range steps {
		widest = max(widest, displayWidth(quoteWords(step.Words)))
	}
	for _, step := range steps {
		words := output.Clean(quoteWords(step.Words))
		fmt.Fprintf(p.stdout, "  %s%s  %s\n", words, strings.Repeat(" ", max(0, widest-displayWidth(words))), step.Why)
	}
	return nil
}

func (p *program) printQuickHeadline(a *guess.QuickAnswer) {
	h := a.Headline
	all := output.Thousands(fmt.Sprint(h.TerminalCount))
	lower, upper, isInterval := strings.Cut(h.Share, "–")
	switch {
	case h.TerminalCount == 0:
		fmt.Fprintln(p.stdout, "no terminals: no row below the header is a networked POS terminal in service")
		return
	case isInterval:
		fmt.Fprintf(p.stdout, "between %s and %s of %s terminals accept QuickPass\n", lower, upper, all)
	default:
		fmt.Fprintf(p.stdout, "%s of %s terminals (%s) accept QuickPass\n", output.Thousands(fmt.Sprint(h.YesCount)), all, h.Share)
	}
	parts := []string{}
	for _, part := range []struct {
		count int64
		what  string
	}{{h.UndecidedCount, "perhaps not in service or no POS"}, {h.RejectedCount, "rows not readable"}, {h.MissingCount, "no longer delivered"}} {
		if part.count > 0 {
			parts = append(parts, output.Thousands(fmt.Sprint(part.count))+" "+part.what)
		}
	}
	of := ""
	if len(parts) > 0 {
		of = " (of these " + strings.Join(parts, ", ") + ")"
	}
	line := fmt.Sprintf("%s yes, %s no, %s unknown%s", output.Thousands(fmt.Sprint(h.YesCount)), output.Thousands(fmt.Sprint(h.NoCount)), output.Thousands(fmt.Sprint(h.UnknownCount)), of)
	fmt.Fprintln(p.stdout, fit(line, width(p.stdout)))
}

// printQuickRows prints the largest rows of a level and how many there are, or how to have some.
func (p *program) printQuickRows(column, title string, rows []guess.QuickRow, count int64) error {
	fmt.Fprintln(p.stdout)
	if more := count - int64(len(rows)); more > 0 {
		title = fmt.Sprintf("%s (%d of %s)", title, len(rows), output.Thousands(fmt.Sprint(count)))
	}
	if len(rows) == 0 {
		fmt.Fprintf(p.stdout, "by %s: no column found (--map %s=HEADER)\n", strings.TrimSuffix(column, "_id"), column)
		return nil
	}
	table := quickTable(output.Clean(title), rows)
	return p.print(table, "table", table.Columns[1], "terminal_count", "yes_count", "unknown_count", "share")
}

// quickTable makes a table of rows. Its second column names the row: by its key if that is the title,
// else by its name under the title.
func quickTable(title string, rows []guess.QuickRow) *editions.Table {
	t := &editions.Table{Columns: []string{
		"level", title, "name", "terminal_count", "yes_count", "no_count", "unknown_count",
		"undecided_count", "rejected_count", "carried_count", "missing_count", "lower_share", "upper_share", "share",
	}}
	for _, r := range rows {
		label := r.Key
		if title != "key" {
			label = quickLabel(r)
		}
		t.Rows = append(t.Rows, []any{
			r.Level, label, r.Name, r.TerminalCount, r.YesCount, r.NoCount, r.UnknownCount,
			r.UndecidedCount, r.RejectedCount, r.CarriedCount, r.MissingCount, optionalShare(r.LowerShare), optionalShare(r.UpperShare), r.Share,
		})
	}
	return t
}

func quickLabel(r guess.QuickRow) string {
	switch {
	case r.Key == "none":
		return "(not stated)"
	case r.Name == "":
		return r.Key
	default:
		return r.Name
	}
}

func optionalShare(share *float64) any {
	if share == nil {
		return nil
	}
	return *share
}

func quickNote(note guess.QuickNote) string {
	if note.Source == "" {
		return note.Text
	}
	return note.Source + ": " + note.Text
}

// printQuickAside says which files were not counted, and what is in those that lack a column.
func (p *program) printQuickAside(files []guess.QuickSetAside) error {
	const shownColumns = 12
	for _, file := range files {
		for _, line := range strings.Split(file.Why, "\n") {
			p.say("error", "%s: not counted: %s", file.File, line)
		}
		if len(file.Columns) == 0 {
			continue
		}
		rows := output.Rows{Columns: []string{"header", "first values"}}
		for _, c := range file.Columns[:min(len(file.Columns), shownColumns)] {
			rows.Values = append(rows.Values, []any{c.Header, strings.Join(c.Values, ", ")})
		}
		if err := rows.Write(p.stderr, "table", width(p.stderr)); err != nil {
			return err
		}
		if more := len(file.Columns) - shownColumns; more > 0 {
			fmt.Fprintf(p.stderr, "and %d more\n", more)
		}
		if len(file.Words) > 0 {
			p.hint("try %s", quoteWords(file.Words))
		} else {
			p.hint("say which one it is: --map terminal_id=HEADER")
		}
	}
	return nil
}

// plainWord is a word that no shell takes for anything else.
var plainWord = regexp.MustCompile(`^[\p{L}\p{N}_=:./,+@%-]+$`)

func quoteWords(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = quoteWord(word)
	}
	return strings.Join(quoted, " ")
}

// quoteWord writes a word as a shell reads it.
func quoteWord(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
