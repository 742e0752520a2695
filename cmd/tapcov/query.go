package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/cmd/tapcov/internal/result"
	"github.com/tapcov/tapcov/cmd/tapcov/internal/shell"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

type queryOptions struct {
	sessionOptions
	name           string
	params         []string
	limit          int // -1: the query's own
	isShown        bool
	format, output string
}

func newQueryCommand(p *program) *cobra.Command {
	var o queryOptions
	c := &cobra.Command{
		Use:   "query [NAME]",
		Short: "answers to named questions, or the list of them",
		Long: `query without a name lists the questions that can be asked by name: those that
come with tapcov, and those in the folder queries of the workspace. With a name
it answers one. Its parameters have defaults; --show tells them, and the SQL.`,
		Example: `  tapcov query
  tapcov query below_the_claim --param share=60% --param level=city
  tapcov query gains --param snapshot=2016-12 --format csv
  tapcov query merchants_without_quickpass --show`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.name = args[0]
			}
			return p.runQuery(c.Context(), o)
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return p.queryNames(), cobra.ShellCompDirectiveNoFileComp
		},
	}
	o.addFlags(c.Flags())
	return c
}

func (o *queryOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringArrayVarP(&o.params, "param", "p", nil, "`NAME=VALUE` of a parameter; can be given again")
	flags.BoolVar(&o.isShown, "show", false, "print the query, its parameters filled in, and do not run it")
	o.sessionOptions.addFlags(flags)
	addResultFlags(flags, &o.format, &o.output)
	flags.IntVar(&o.limit, "limit", -1, "at most `N` rows (0: all; default: what the query says of a table)")
}

func (p *program) runQuery(ctx context.Context, o queryOptions) error {
	options, err := p.shellOptions(o.format, o.output, max(0, o.limit))
	if err != nil {
		return err
	}
	given, err := o.given()
	if err != nil {
		return err
	}
	ws, err := p.optionalWorkspace()
	if err != nil {
		return err
	}
	library, err := editions.LoadLibrary(ws)
	if err != nil {
		return err
	}
	if o.name == "" {
		return p.listQueries(library, string(options.Format))
	}
	query, err := library.Find(o.name)
	if unknown := new(editions.UnknownQueryError); errors.As(err, &unknown) {
		return usageError(err, "tapcov query lists them")
	}
	if err != nil {
		return err
	}
	if o.isShown {
		return p.showQuery(ctx, ws, query, given, o.sessionOptions)
	}
	if ws == nil {
		_, err := p.load() // says where it has looked
		return err
	}
	return p.askQuery(ctx, query, given, o, options)
}

// askQuery asks an edition, and writes the answer as it is wanted.
func (p *program) askQuery(ctx context.Context, query editions.NamedQuery, given map[string]string, o queryOptions, options shell.Options) error {
	session, err := p.openSession(ctx, o.sessionOptions)
	if err != nil {
		return err
	}
	defer session.Close()
	values, err := session.Asked().Bind(query, given)
	if err != nil {
		return parameterHint(query, err)
	}
	if options.Limit = o.limit; o.limit < 0 && options.Format == result.Table {
		options.Limit = query.Limit
	}
	if options.Format != result.Table {
		statement := editions.StatementOf(query, values, options.Limit)
		return queryMistake(query, shell.New(session, p.stdout, p.stderr, options).Run(ctx, statement))
	}
	table, hasMore, err := session.Ask(ctx, query, values, max(0, options.Limit))
	if err != nil {
		return queryMistake(query, err)
	}
	return p.printAnswer(query, table, hasMore, o.output)
}

// given reads the parameters of the command line.
func (o queryOptions) given() (map[string]string, error) {
	if o.name == "" && (len(o.params) > 0 || o.isShown) {
		return nil, usageError(errors.New("which query is meant? --param and --show need its name"), "tapcov query lists them")
	}
	given := map[string]string{}
	for _, param := range o.params {
		name, value, ok := strings.Cut(param, "=")
		if name = strings.TrimSpace(name); !ok || name == "" {
			return nil, usageError(fmt.Errorf("--param %s is not of the form NAME=VALUE", param))
		}
		if _, isTwice := given[name]; isTwice {
			return nil, usageError(fmt.Errorf("--param %s is given twice", name))
		}
		given[name] = strings.TrimSpace(value)
	}
	return given, nil
}

// optionalWorkspace loads the workspace if there is one: the library can be read without.
func (p *program) optionalWorkspace() (*workspace.Workspace, error) {
	if _, found, err := p.find(); err != nil || !found {
		return nil, err
	}
	return p.load()
}

// showQuery prints a query with its parameters filled in, as it would run.
func (p *program) showQuery(ctx context.Context, ws *workspace.Workspace, query editions.NamedQuery, given map[string]string, o sessionOptions) error {
	asked := editions.AskedWithoutEdition(ws)
	if ws != nil {
		session, err := p.openSession(ctx, o)
		switch {
		case err == nil:
			asked = session.Asked()
			defer session.Close()
		case !errors.Is(err, editions.ErrNoEdition):
			return err
		}
	}
	for _, param := range query.Params { // what has no default is shown too
		if _, isGiven := given[param.Name]; !isGiven && param.Required {
			given[param.Name] = ""
		}
	}
	values, err := asked.Bind(query, given)
	if err != nil {
		return parameterHint(query, err)
	}
	_, err = fmt.Fprint(p.stdout, output.CleanLines(query.Filled(values)))
	return err
}

// printAnswer prints an answer for people, and says what of it is not shown.
func (p *program) printAnswer(query editions.NamedQuery, t *editions.Table, hasMore bool, file string) error {
	rows := output.Rows{Columns: t.Columns, Values: t.Rows}
	if file != "" {
		return shell.ToFile(file, func(w io.Writer) error { return rows.Write(w, "table", 0) })
	}
	var shown []string
	if rows.Width() > width(p.stdout) {
		shown = query.Shown
	}
	if err := rows.Write(p.stdout, "table", width(p.stdout), shown...); err != nil {
		return err
	}
	if hasMore {
		fmt.Fprintf(p.stderr, "only the first %s; --limit 0 for all\n", counted(len(t.Rows), "row"))
	}
	if len(shown) > 0 {
		fmt.Fprintf(p.stderr, "%d of %d columns; --format csv has all\n", len(shown), len(t.Columns))
	}
	return nil
}

func parameterHint(query editions.NamedQuery, err error) error {
	return usageError(err, fmt.Sprintf("tapcov query %s --show tells its parameters", query.Name))
}

// fileError is a mistake in a query of the workspace.
type fileError struct {
	file string
	err  error
}

func (e *fileError) Error() string { return e.file + ": " + e.err.Error() }
func (e *fileError) Unwrap() error { return e.err }

// queryMistake says in which file of the workspace a mistake is; nil for nil.
func queryMistake(query editions.NamedQuery, err error) error {
	mistake, refusal := new(engine.Mistake), new(engine.Refusal)
	if query.File == "" || !errors.As(err, &mistake) && !errors.As(err, &refusal) {
		return err
	}
	return usageError(&fileError{query.File, err})
}

func (p *program) queryNames() []string {
	ws, err := p.optionalWorkspace()
	if err != nil {
		return nil
	}
	library, err := editions.LoadLibrary(ws)
	if err != nil {
		return nil
	}
	var names []string
	for _, query := range library.Queries {
		names = append(names, query.Name+"\t"+query.What)
	}
	return names
}
