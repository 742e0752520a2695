package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

type queryOptions struct {
	name    string
	params  []string
	edition int
	limit   int // -1: the query's own
	isShown bool
	format  string
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
	flags.StringArrayVarP(&o.params, "param", "p", nil, "`NAME=VALUE` of a parameter; may be given again for others")
	flags.BoolVar(&o.isShown, "show", false, "print the query, its parameters filled in, and do not run it")
	flags.IntVar(&o.edition, "edition", 0, "`N` of the edition (default: the current one)")
	flags.IntVar(&o.limit, "limit", -1, "at most `N` rows (0: all; default: what the query says)")
	addFormatFlag(flags, &o.format)
}

func (p *program) runQuery(ctx context.Context, o queryOptions) error {
	if err := checkFormat(o.format); err != nil {
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
	library, err := pipeline.LoadLibrary(ws)
	if err != nil {
		return err
	}
	if o.name == "" {
		return p.listQueries(library, o.format)
	}
	query, err := library.Find(o.name)
	if unknown := new(pipeline.UnknownQueryError); errors.As(err, &unknown) {
		return usageError(err, "tapcov query lists them")
	}
	if err != nil {
		return err
	}
	if o.isShown {
		return p.showQuery(ctx, ws, query, given, o.edition)
	}
	if ws == nil {
		_, err := p.load() // says where it has looked
		return err
	}
	return p.askQuery(ctx, ws, query, given, o)
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
func (p *program) showQuery(ctx context.Context, ws *workspace.Workspace, query pipeline.NamedQuery, given map[string]string, edition int) error {
	asked := pipeline.AskedWithoutEdition(ws)
	if ws != nil {
		session, err := pipeline.OpenSession(ctx, ws, pipeline.SessionOptions{Edition: edition})
		switch {
		case err == nil:
			asked = session.Asked()
			defer session.Close()
		case !errors.Is(err, pipeline.ErrNoEdition):
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

func (p *program) askQuery(ctx context.Context, ws *workspace.Workspace, query pipeline.NamedQuery, given map[string]string, o queryOptions) error {
	session, err := pipeline.OpenSession(ctx, ws, pipeline.SessionOptions{Edition: o.edition})
	if err != nil {
		return err
	}
	defer session.Close()
	values, err := session.Asked().Bind(query, given)
	if err != nil {
		return parameterHint(query, err)
	}
	limit := o.limit
	if limit < 0 {
		limit = query.Limit
	}
	if o.limit < 0 && o.format != "table" {
		limit = 0
	}
	table, hasMore, err := session.Ask(ctx, query, values, limit)
	if err != nil {
		return queryMistake(query, err)
	}
	shown := p.shownColumns(table, query, o.format)
	if err := p.print(table, o.format, shown...); err != nil {
		return err
	}
	if hasMore {
		fmt.Fprintf(p.stderr, "only the first %s; --limit 0 for all\n", counted(len(table.Rows), "row"))
	}
	if len(shown) > 0 {
		fmt.Fprintf(p.stderr, "%d of %d columns; --format csv has all\n", len(shown), len(table.Columns))
	}
	return nil
}

// shownColumns are the columns that a table keeps where not all find room; none: all.
func (p *program) shownColumns(t *pipeline.Table, query pipeline.NamedQuery, format string) []string {
	rows := output.Rows{Columns: t.Columns, Values: t.Rows}
	if format != "table" || rows.Width() <= width(p.stdout) {
		return nil
	}
	return query.Shown
}

func parameterHint(query pipeline.NamedQuery, err error) error {
	return usageError(err, fmt.Sprintf("tapcov query %s --show tells its parameters", query.Name))
}

// queryMistake says where in a query of the workspace the mistake is.
func queryMistake(query pipeline.NamedQuery, err error) error {
	mistake, refusal := new(engine.Mistake), new(engine.Refusal)
	switch {
	case query.File == "":
		return fmt.Errorf("query %s: %w", query.Name, err)
	case errors.As(err, &mistake) && mistake.Line > 0:
		return usageError(fmt.Errorf("%s:%d:%d: %w", query.File, mistake.Line, mistake.Column, err))
	case errors.As(err, &mistake), errors.As(err, &refusal):
		return usageError(fmt.Errorf("%s: %w", query.File, err))
	default:
		return fmt.Errorf("%s: %w", query.File, err)
	}
}

func (p *program) queryNames() []string {
	ws, err := p.optionalWorkspace()
	if err != nil {
		return nil
	}
	library, err := pipeline.LoadLibrary(ws)
	if err != nil {
		return nil
	}
	var names []string
	for _, query := range library.Queries {
		names = append(names, query.Name+"\t"+query.What)
	}
	return names
}
