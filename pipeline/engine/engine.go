// Package engine runs SQL. It is the only importer of a database driver: an embedded, in-memory
// DuckDB that reads and writes Parquet files, and the one door through which Arrow enters it.
package engine

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/duckdb/duckdb-go/v2"
)

// Options bounds an engine.
type Options struct {
	Memory  int64  // bytes DuckDB may hold before it spills; 0: 512 MiB
	Threads int    // 0: as many as there are processors
	TempDir string // where it spills; "": the system's temporary folder
}

// Engine is an in-memory database with bounded memory. Tables live as long as the engine and are
// seen by all its connections. It is safe for concurrent use.
type Engine struct {
	*database
	temp         string       // own spill folder, removed on Close
	streams      atomic.Int64 // Arrow streams so far
	dictionaries atomic.Int64 // dictionaries of Encode so far
	// Streams come in through a database of their own, started with the first one: see streamOptimisers.
	streaming    *database
	startStreams func() (*database, error)
}

// database is one instance of DuckDB.
type database struct {
	db        *sql.DB
	connector *duckdb.Connector
}

// macros gives names of the common SQL subset that DuckDB spells differently.
var macros = []string{
	`create or replace macro bitwise_and(a, b) as a & b`,
	`create or replace macro bitwise_or(a, b) as a | b`,
	`create or replace macro bitwise_xor(a, b) as xor(a, b)`,
	`create or replace macro bitwise_right_shift(a, bits) as a >> bits`,
	`create or replace macro bitwise_or_agg(a) as bit_or(a)`,
	`create or replace macro to_utf8(text) as text`,
	`create or replace macro xxhash64(bytes) as hash(bytes)`,
	`create or replace macro from_big_endian_64(hash) as cast(hash >> 1 as bigint)`,
	`create or replace macro regexp_like(text, pattern) as regexp_matches(text, pattern)`,
}

// Open starts an engine. Close ends it and removes what it spilled.
func Open(ctx context.Context, options Options) (*Engine, error) {
	if options.Memory == 0 {
		options.Memory = 512 << 20
	}
	// The engine makes the folder when it spills, so that a process that is killed leaves none if it did not.
	temp := filepath.Join(cmp.Or(options.TempDir, os.TempDir()), "tapcov-spill-"+rand.Text())
	settings := []string{
		fmt.Sprintf(`set memory_limit = '%dB'`, options.Memory),
		`set temp_directory = ` + Quote(temp),
		`set autoinstall_known_extensions = false`,
		`set autoload_known_extensions = false`,
		`set enable_progress_bar = false`,
		`set preserve_insertion_order = false`, // what must be in order says so in its query
		`set TimeZone = 'UTC'`,
	}
	if options.Threads > 0 {
		settings = append(settings, fmt.Sprintf(`set threads = %d`, options.Threads))
	}
	settings = append(settings, macros...)
	e := &Engine{temp: temp}
	var err error
	if e.database, err = start(ctx, settings); err != nil {
		return nil, err
	}
	e.startStreams = sync.OnceValues(func() (d *database, err error) {
		e.streaming, err = start(context.WithoutCancel(ctx), append(settings, `set disabled_optimizers = '`+streamOptimisers+`'`))
		return e.streaming, err
	})
	return e, nil
}

// start starts an instance of DuckDB and makes settings that hold for all of it.
func start(ctx context.Context, settings []string) (*database, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, fmt.Errorf("start engine: %w", err)
	}
	d := &database{db: sql.OpenDB(connector), connector: connector}
	for _, statement := range settings {
		if _, err := d.db.ExecContext(ctx, statement); err != nil {
			return nil, errors.Join(wrap(ctx, statement, err), d.db.Close())
		}
	}
	return d, nil
}

// Close ends the engine; its tables are gone.
func (e *Engine) Close() error {
	var streams error
	if e.streaming != nil {
		streams = e.streaming.db.Close()
	}
	return errors.Join(e.db.Close(), streams, os.RemoveAll(e.temp))
}

// Append adds the rows of a query to a table that Create made.
func (e *Engine) Append(ctx context.Context, name, query string, args ...any) error {
	return e.Exec(ctx, "insert into "+Name(name)+"\n"+query, args...)
}

// Exec runs one statement that returns no rows.
func (e *Engine) Exec(ctx context.Context, statement string, args ...any) error {
	if _, err := e.db.ExecContext(ctx, statement, args...); err != nil {
		return wrap(ctx, statement, err)
	}
	return nil
}

// Create makes (or replaces) table name from a query.
func (e *Engine) Create(ctx context.Context, name, query string, args ...any) error {
	return e.Exec(ctx, "create or replace table "+Name(name)+" as\n"+query, args...)
}

// Spill writes the result of a query that is too large for the memory to a file among what the engine spills,
// which goes with the engine or with the next result of that name. It returns its path.
func (e *Engine) Spill(ctx context.Context, name, query string) (path string, err error) {
	if err := os.MkdirAll(e.temp, 0o700); err != nil {
		return "", fmt.Errorf("make folder for temporary tables: %w", err)
	}
	path = filepath.Join(e.temp, name+".parquet")
	return path, e.Exec(ctx, "copy (\n"+strings.TrimSpace(query)+"\n) to "+Quote(path)+" (format parquet, compression lz4)")
}

// View makes (or replaces) view name over a query without parameters.
func (e *Engine) View(ctx context.Context, name, query string) error {
	return e.Exec(ctx, "create or replace view "+Name(name)+" as\n"+query)
}

// Drop removes tables that are no longer needed, so that their memory is free.
func (e *Engine) Drop(ctx context.Context, tables ...string) error {
	for _, table := range tables {
		if err := e.Exec(ctx, "drop table if exists "+Name(table)); err != nil {
			return err
		}
	}
	return nil
}

// Query runs a query whose result is small: the driver holds all of it in memory. Large results
// leave through Copy.
func (e *Engine) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := e.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, wrap(ctx, query, err)
	}
	return rows, nil
}

// Scan reads the single row of a query into the given pointers.
func (e *Engine) Scan(ctx context.Context, query string, pointers ...any) error {
	if err := e.db.QueryRowContext(ctx, query).Scan(pointers...); err != nil {
		return wrap(ctx, query, err)
	}
	return nil
}

// connection hands out a driver connection of its own, for what database/sql cannot do.
func (d *database) connection(ctx context.Context) (driver.Conn, error) {
	connection, err := d.connector.Connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to engine: %w", err)
	}
	return connection, nil
}

// Quote writes text as an SQL string literal.
func Quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// Parquet writes a table function that reads Parquet files and nothing of their paths. The virtual
// column FileIndex counts the files from 0.
func Parquet(paths ...string) string {
	return "read_parquet(" + list(paths) + ", hive_partitioning = false)"
}

// ParquetByName is Parquet for files whose columns may differ: what a file lacks is null.
func ParquetByName(paths ...string) string {
	return "read_parquet(" + list(paths) + ", hive_partitioning = false, union_by_name = true)"
}

// Partitioned is ParquetByName for files in folders COLUMN=VALUE, with that column of that SQL type. A
// condition on it decides which files are opened.
func Partitioned(column, sqlType string, paths ...string) string {
	return fmt.Sprintf("read_parquet(%s, hive_partitioning = true, hive_types = {%s: %s}, union_by_name = true)",
		list(paths), Quote(column), sqlType)
}

// list writes paths as a list of SQL string literals.
func list(paths []string) string {
	quoted := make([]string, len(paths))
	for i, path := range paths {
		quoted[i] = Quote(path)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// FileIndex is the column of Parquet that says which of its files a row is from.
const FileIndex = "file_index"

// Name writes text as an SQL identifier.
func Name(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }

var queryName = regexp.MustCompile(`(?m)^-- ([a-z0-9_]+):`)

// Error is an SQL statement that failed: the name its header comment gives it and the first line
// of what the engine said. The rest is in Detail.
type Error struct {
	Query  string // name of the query file, or its first words
	Line   string
	Detail string
	err    error
}

// Error returns the query and the first line of the engine's message.
func (e *Error) Error() string { return fmt.Sprintf("query %s: %s", e.Query, e.Line) }

// Unwrap returns the driver's error.
func (e *Error) Unwrap() error { return e.err }

func wrap(ctx context.Context, statement string, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	name := strings.Join(strings.Fields(statement), " ")
	if len(name) > 60 {
		name = name[:60] + "…"
	}
	if found := queryName.FindStringSubmatch(statement); found != nil {
		name = found[1]
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return &Error{Query: name, Line: line, Detail: err.Error(), err: err}
}
