package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/cmd/tapcov/internal/result"
	"github.com/tapcov/tapcov/cmd/tapcov/internal/shell"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

type saveOptions struct {
	sessionOptions
	to          string
	partitionBy []string
	force       bool
	params      []string
}

func newSaveCommand(p *program) *cobra.Command {
	var o saveOptions
	c := &cobra.Command{
		Use:   "save [TABLE,… | NAME | SQL] --to FILE",
		Short: "write tables or a query's result for other tools",
		Long: `save writes a table, or the result of a query, named or written out, as the name
of the file says: .parquet, .arrow, .csv, .tsv, .json, .jsonl, .md or .xlsx. A
.duckdb file takes several tables, all of the edition if none is named, and
opens in any DuckDB client with what each column means as comments. A file is
there when it is whole.`,
		Example: `  tapcov save --to edition.duckdb
  tapcov save coverage --to coverage.xlsx
  tapcov save terminals --to terminals --partition-by snapshot_date,acquirer_id
  tapcov save gains --param level=province --to gains.xlsx
  tapcov save "from merchants where yes_count = 0" --to without.parquet`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return p.runSave(c.Context(), o, strings.Join(args, ""))
		},
	}
	o.addFlags(c.Flags())
	return c
}

func (o *saveOptions) addFlags(flags *pflag.FlagSet) {
	o.sessionOptions.addFlags(flags)
	flags.StringVar(&o.to, "to", "", "the `FILE`, or with --partition-by the folder, to write")
	flags.StringSliceVar(&o.partitionBy, "partition-by", nil, "Parquet files in folders COLUMN=VALUE by these `COLUMNS`")
	flags.BoolVar(&o.force, "force", false, "replace what is there")
	flags.StringArrayVar(&o.params, "param", nil, "`NAME=VALUE` of $NAME in the query, or of a named query's parameter; can be given again")
}

// database is the ending of a DuckDB file, which is no format of a result.
const database = ".duckdb"

func (p *program) runSave(ctx context.Context, o saveOptions, what string) error {
	format, err := o.check(what)
	if err != nil {
		return err
	}
	tables, query, err := savedThings(what)
	if unknown := new(noTableError); errors.As(err, &unknown) {
		query, err = p.savedQuery(ctx, unknown, &o)
	}
	if err != nil {
		return err
	}
	isDatabase := filepath.Ext(o.to) == database
	if len(tables) != 1 && query == "" && !isDatabase {
		return usageError(errors.New("one table, or a query, goes into a file"), "several go into a "+database+" file")
	}
	if query == "" && len(tables) == 1 {
		query = "select * from " + tables[0]
	}
	params, err := parseParams(o.params)
	if err != nil {
		return err
	}
	if format != "" && len(o.partitionBy) == 0 {
		session, err := p.openSession(ctx, o.sessionOptions)
		if err != nil {
			return err
		}
		defer session.Close()
		return shell.New(session, p.stdout, p.stderr, shell.Options{Format: format, Output: o.to, Params: params}).Run(ctx, query)
	}
	values := make([]any, len(params))
	for i, param := range params {
		values[i] = param
	}
	return p.stage(ctx, o, func(session *editions.Session, path string) (string, error) {
		switch {
		case len(o.partitionBy) > 0:
			rows, err := session.SavePartitions(ctx, path, o.partitionBy, query, values...)
			return counted(int(rows), "row"), err
		case query != "" && len(tables) == 0:
			return "the result", session.SaveResult(ctx, path, query, values...)
		case len(tables) > 0:
			return counted(len(tables), "table"), session.SaveTables(ctx, path, tables)
		default:
			return counted(len(editions.Tables()), "table"), session.SaveTables(ctx, path, nil)
		}
	})
}

// check refuses what cannot be done before anything is opened, and returns the format of the file, "" for
// a database or a folder.
func (o *saveOptions) check(what string) (result.Format, error) {
	if o.to == "" {
		return "", usageError(errors.New("nothing says where to: --to FILE is missing"), "tapcov save coverage --to coverage.xlsx")
	}
	if _, err := os.Lstat(o.to); !errors.Is(err, fs.ErrNotExist) && !o.force {
		return "", usageError(fmt.Errorf("%q is there already", o.to), "--force replaces it")
	}
	if len(o.partitionBy) > 0 {
		return "", nil
	}
	if filepath.Ext(o.to) == database {
		return "", nil
	}
	format, ok := result.FormatOf(o.to)
	if !ok {
		return "", usageError(fmt.Errorf("the name %q says no format", o.to), "end it with .parquet, .arrow, .csv, .tsv, .json, .jsonl, .md, .xlsx or "+database)
	}
	if what == "" {
		return "", usageError(errors.New("nothing says what to save: name a table, or write a query"), "the tables are "+strings.Join(tableNames(), ", "))
	}
	return format, nil
}

var tableList = regexp.MustCompile(`^\s*[A-Za-z_]+(\s*,\s*[A-Za-z_]+)*\s*$`)

// savedThings tells whether tables are named or a query is written.
func savedThings(what string) (tables []string, query string, err error) {
	if strings.TrimSpace(what) == "" || !tableList.MatchString(what) {
		return nil, what, nil
	}
	names := tableNames()
	for _, name := range strings.Split(what, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		known := false
		for _, table := range names {
			known = known || table == name
		}
		if !known {
			return nil, "", &noTableError{name, len(tables) == 0 && !strings.Contains(what, ",")}
		}
		tables = append(tables, name)
	}
	return tables, "", nil
}

// noTableError says that there is no table of a name, which may be the one of a query.
type noTableError struct {
	name    string
	isAlone bool
}

func (e *noTableError) Error() string { return fmt.Sprintf("there is no table %q", e.name) }

// savedQuery returns the statement of a named query, its parameters, which are no others', filled in.
func (p *program) savedQuery(ctx context.Context, named *noTableError, o *saveOptions) (string, error) {
	ws, err := p.load()
	if err != nil {
		return "", err
	}
	library, err := editions.LoadLibrary(ws)
	if err != nil {
		return "", err
	}
	query, err := library.Find(named.name)
	if unknown := new(editions.UnknownQueryError); errors.As(err, &unknown) || err == nil && !named.isAlone {
		return "", noTableHint(named, unknown.Nearest)
	}
	if err != nil {
		return "", err
	}
	given, err := queryOptions{name: query.Name, params: o.params}.given()
	if err != nil {
		return "", err
	}
	session, err := p.openSession(ctx, o.sessionOptions)
	if err != nil {
		return "", err
	}
	defer session.Close()
	values, err := session.Asked().Bind(query, given)
	if err != nil {
		return "", parameterHint(query, err)
	}
	o.params = nil
	return editions.StatementOf(query, values, 0), nil
}

// noTableHint says which table or query may be meant by a name.
func noTableHint(named *noTableError, query string) error {
	hint := "the tables are " + strings.Join(tableNames(), ", ")
	if nearest := fold.Nearest(named.name, tableNames()); nearest != "" {
		hint = fmt.Sprintf("did you mean %q?", nearest)
	} else if query != "" && named.isAlone {
		hint = fmt.Sprintf("did you mean the query %q?", query)
	}
	return usageError(named, hint)
}

// stage lets write make a file or a folder in a folder of its own beside the target, the one place that
// the session may write to, and moves it to its place when it is whole.
func (p *program) stage(ctx context.Context, o saveOptions, write func(session *editions.Session, path string) (string, error)) (err error) {
	staging, err := os.MkdirTemp(filepath.Dir(o.to), ".tapcov-save-*")
	if err != nil {
		return fmt.Errorf("save: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staging)) }()
	o.allowFiles = append(o.allowFiles, staging)
	session, err := p.openSession(ctx, o.sessionOptions)
	if err != nil {
		return err
	}
	path := filepath.Join(staging, "saved"+filepath.Ext(o.to))
	saved, err := write(session, path)
	if err = errors.Join(err, session.Close()); err != nil {
		return err
	}
	if err := o.replace(path, filepath.Join(staging, "old")); err != nil {
		return fmt.Errorf("save: %w", err)
	}
	fmt.Fprintf(p.stderr, "%s written to %s\n", saved, output.Clean(o.to))
	return nil
}

// replace moves what was written to its place, and what was there away.
func (o *saveOptions) replace(path, old string) error {
	if err := syncFile(path); err != nil {
		return err
	}
	if err := os.Rename(o.to, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(path, o.to)
}

// syncFile brings a file to disk; the files of a folder are left to the system.
func syncFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
