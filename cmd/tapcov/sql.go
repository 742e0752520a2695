package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/result"
	"github.com/tapcov/tapcov/cmd/tapcov/internal/shell"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/engine"
)

// sessionOptions are the flags of every command that runs a user's SQL.
type sessionOptions struct {
	edition     int
	asPublished bool
	allowFiles  []string
	timeout     time.Duration
}

func (o *sessionOptions) addFlags(flags *pflag.FlagSet) {
	flags.IntVar(&o.edition, "edition", 0, "`N` of the edition (default: the current one)")
	flags.BoolVar(&o.asPublished, "as-published", false, "each snapshot as it was when it was first complete")
	flags.StringArrayVar(&o.allowFiles, "allow-files", nil, "let SQL read the files in this `DIR` too; can be given again")
	flags.DurationVar(&o.timeout, "timeout", 10*time.Minute, "end a query that takes longer than this `TIME` (0: never)")
}

// openSession opens the workspace's edition for a user's SQL.
func (p *program) openSession(ctx context.Context, o sessionOptions) (*editions.Session, error) {
	ws, err := p.load()
	if err != nil {
		return nil, err
	}
	return editions.OpenSession(ctx, ws, editions.SessionOptions{
		Edition: o.edition, IsAsPublished: o.asPublished, Folders: o.allowFiles, Timeout: o.timeout,
	})
}

type sqlOptions struct {
	sessionOptions
	file, format, output string
	limit                int
	params               []string
}

func newSQLCommand(p *program) *cobra.Command {
	var o sqlOptions
	c := &cobra.Command{
		Use:   "sql [QUERY | -]",
		Short: "ask the edition in SQL; without a query, a shell",
		Long: `sql runs a query over the current edition, in an engine of its own: whatever is
asked, nothing changes. The tables are described by .tables and .describe TABLE
in the shell, and in docs/sql.md. "-" reads statements from standard input.`,
		Example: `  tapcov sql "select brand, count(*) as terminals from terminals group by brand"
  tapcov sql "from coverage where level = 'province'" -o provinces.xlsx
  tapcov sql --file gains.sql --param since=2016-12-31 --format csv
  tapcov sql`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return p.runSQL(c.Context(), o, args, c.InOrStdin()) },
	}
	o.addFlags(c.Flags())
	return c
}

func (o *sqlOptions) addFlags(flags *pflag.FlagSet) {
	o.sessionOptions.addFlags(flags)
	flags.StringVar(&o.file, "file", "", "run the statements of this `FILE`")
	addResultFlags(flags, &o.format, &o.output)
	flags.IntVar(&o.limit, "limit", 1000, "at most `N` rows of a table (0: all); other formats have them all")
	flags.StringArrayVar(&o.params, "param", nil, "`NAME=VALUE` of $NAME in the query; can be given again")
}

// addResultFlags adds the flags that say how a result is written.
func addResultFlags(flags *pflag.FlagSet, format, output *string) {
	names := make([]string, len(result.Formats))
	for i, f := range result.Formats {
		names[i] = string(f)
	}
	flags.StringVarP(format, "format", "f", "", "`FORMAT` of the result: "+strings.Join(names, ", ")+" (default: what the name of --output says, else table)")
	flags.StringVarP(output, "output", "o", "", "write the result to this `FILE`, which is replaced when it is whole")
}

func (p *program) runSQL(ctx context.Context, o sqlOptions, args []string, stdin io.Reader) error {
	if o.file != "" && len(args) > 0 {
		return usageError(errors.New("a query and --file are two: give one of them"))
	}
	options, err := p.shellOptions(o.format, o.output, o.limit)
	if err != nil {
		return err
	}
	if options.Params, err = parseParams(o.params); err != nil {
		return err
	}
	isTyped := len(args) == 0 && o.file == ""
	text, err := sqlText(o.file, args, stdin, isTyped && isTerminal(stdin) && isTerminal(p.stdout))
	if err != nil {
		return err
	}
	session, err := p.openSession(ctx, o.sessionOptions)
	if err != nil {
		return err
	}
	defer session.Close()
	sh := shell.New(session, p.stdout, p.stderr, options)
	switch {
	case text == nil:
		return p.interact(ctx, sh, session)
	case len(args) == 1 && args[0] != "-":
		return sh.Run(ctx, *text)
	default:
		return sh.Script(ctx, *text)
	}
}

// sqlText returns the text to run, nil for what will be typed.
func sqlText(file string, args []string, stdin io.Reader, isTyped bool) (*string, error) {
	var text []byte
	var err error
	switch {
	case isTyped:
		return nil, nil
	case file != "":
		if text, err = os.ReadFile(file); err != nil {
			return nil, usageError(fmt.Errorf("read statements: %w", err))
		}
	case len(args) == 1 && args[0] != "-":
		return &args[0], nil
	default:
		if text, err = io.ReadAll(stdin); err != nil {
			return nil, fmt.Errorf("read standard input: %w", err)
		}
	}
	statements := string(text)
	return &statements, nil
}

// shellOptions says where results go, and how.
func (p *program) shellOptions(format, output string, limit int) (shell.Options, error) {
	if limit < 0 {
		return shell.Options{}, usageError(fmt.Errorf("--limit %d: there are no fewer rows than none", limit), "--limit 0 for all")
	}
	chosen := result.Format(format)
	if format == "" {
		chosen = result.Table
		if named, ok := result.FormatOf(output); ok {
			chosen = named
		}
	}
	if !slices.Contains(result.Formats, chosen) {
		names := make([]string, len(result.Formats))
		for i, f := range result.Formats {
			names[i] = string(f)
		}
		return shell.Options{}, usageError(fmt.Errorf("unknown format %q, want one of %s", format, strings.Join(names, ", ")))
	}
	return shell.Options{
		Format: chosen, Output: output, Limit: limit, More: "--limit 0 for all",
		IsTerminal: isTerminal(p.stdout), IsColoured: isTerminal(p.stdout) && os.Getenv("NO_COLOR") == "",
		Width: func() int { return width(p.stdout) }, Explain: p.explain,
	}, nil
}

// parseParams reads NAME=VALUE.
func parseParams(texts []string) ([]engine.Param, error) {
	params := make([]engine.Param, 0, len(texts))
	for _, text := range texts {
		name, value, ok := strings.Cut(text, "=")
		if name = strings.TrimPrefix(name, "$"); !ok || name == "" {
			return nil, usageError(fmt.Errorf("--param %q is not NAME=VALUE", text))
		}
		params = append(params, engine.Param{Name: name, Value: value})
	}
	return params, nil
}
