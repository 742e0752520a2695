package engine

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	bindings "github.com/duckdb/duckdb-go-bindings"
)

// SandboxOptions says what SQL in a sandbox may use.
type SandboxOptions struct {
	Options
	Files   []string // the files it may read
	Folders []string // folders whose files it may read
}

// Sandbox is an in-memory DuckDB for SQL that somebody else wrote. Three things stand between that SQL
// and the machine. A statement runs only if DuckDB says that it is one SELECT, and if it calls no function
// that does more than compute (see Check). Below that, DuckDB opens only the files that were named, loads
// no extension and lets nobody change a setting. And a statement ends with its context, and its memory is
// bounded.
//
// The driver hands out a result when all of it is there. A sandbox speaks to DuckDB's C interface itself,
// which hands it out piece by piece (see Cursor). It is safe for concurrent use.
type Sandbox struct {
	db   bindings.Database
	temp string // own folder: what DuckDB spills, and the pipe of CopyParquet
}

// OpenSandbox starts a sandbox. Close ends it and removes what it spilled.
func OpenSandbox(ctx context.Context, options SandboxOptions) (*Sandbox, error) {
	s := &Sandbox{temp: filepath.Join(cmp.Or(options.TempDir, os.TempDir()), "tapcov-sql-"+rand.Text())}
	var config bindings.Config
	if bindings.CreateConfig(&config) == bindings.StateError {
		return nil, errors.New("start engine: no memory for its settings")
	}
	defer bindings.DestroyConfig(&config)
	var message string
	if bindings.OpenExt("", &s.db, config, &message) == bindings.StateError {
		return nil, fmt.Errorf("start engine: %s", message)
	}
	for _, statement := range append(sandboxSettings(options, s.temp), macros...) {
		if err := s.Exec(ctx, statement); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	for _, setting := range []string{"enable_external_access = false", "lock_configuration = true"} {
		if err := s.Exec(ctx, "set "+setting); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

func sandboxSettings(options SandboxOptions, temp string) []string {
	settings := []string{
		fmt.Sprintf("memory_limit = '%dB'", cmp.Or(options.Memory, 512<<20)),
		"temp_directory = " + Quote(temp),
		"autoinstall_known_extensions = false",
		"autoload_known_extensions = false",
		"allow_community_extensions = false",
		"allow_persistent_secrets = false",
		"errors_as_json = true", // with the place of the mistake
		"TimeZone = 'UTC'",
		"allowed_paths = " + list(options.Files),
		"allowed_directories = " + list(options.Folders),
	}
	if options.Threads > 0 {
		settings = append(settings, fmt.Sprintf("threads = %d", options.Threads))
	}
	for i := range settings {
		settings[i] = "set global " + settings[i]
	}
	return settings
}

// Close ends the sandbox. No cursor may be open.
func (s *Sandbox) Close() error {
	bindings.Close(&s.db)
	return os.RemoveAll(s.temp)
}

// Exec runs a statement of ours, whatever it does; nothing that a user wrote may be part of it but as a
// query that Check has passed.
func (s *Sandbox) Exec(ctx context.Context, statement string, args ...any) error {
	c, err := s.run(ctx, statement, args)
	if err != nil {
		return err
	}
	for c.Next() {
		c.Batch().Release()
	}
	return errors.Join(c.Err(), c.Close())
}

// View makes (or replaces) view name over a query without parameters.
func (s *Sandbox) View(ctx context.Context, name, query string) error {
	return s.Exec(ctx, "create or replace view "+Name(name)+" as\n"+query)
}

// Fill makes (or replaces) a table with the given columns ("name type, name type") and rows. It is for
// small tables: the rows travel as JSON, a time.Time as its text.
func (s *Sandbox) Fill(ctx context.Context, table, columns string, rows [][]any) error {
	if err := s.Exec(ctx, "create or replace table "+Name(table)+" ("+columns+")"); err != nil || len(rows) == 0 {
		return err
	}
	texts := make([][]*string, len(rows))
	for i, row := range rows {
		texts[i] = make([]*string, len(row))
		for j, value := range row {
			texts[i][j] = textOf(value)
		}
	}
	encoded, err := json.Marshal(texts)
	if err != nil {
		return fmt.Errorf("fill table %s: %w", table, err)
	}
	places := make([]string, len(rows[0]))
	for i := range places {
		places[i] = fmt.Sprintf("cells[%d]", i+1)
	}
	return s.Exec(ctx, "insert into "+Name(table)+" select "+strings.Join(places, ", ")+
		` from (select unnest(from_json(cast(? as varchar), '[["VARCHAR"]]')) as cells)`, string(encoded))
}

// textOf writes a value as SQL casts it back, nil for null.
func textOf(value any) *string {
	var text string
	switch value := value.(type) {
	case nil:
		return nil
	case interface{ Format(layout string) string }:
		text = value.Format("2006-01-02 15:04:05.999999")
	default:
		text = fmt.Sprint(value)
	}
	return &text
}

// Query runs a statement that a user wrote. Its text must be one SELECT, or an EXPLAIN of one, that Check
// passes; what is wrong with it is a [*Mistake].
func (s *Sandbox) Query(ctx context.Context, statement string, args ...any) (*Cursor, error) {
	text, prepared, err := s.admit(ctx, statement)
	if err != nil {
		return nil, err
	}
	if text != prepared.statement { // an EXPLAIN of what is prepared
		prepared.close()
		return s.run(ctx, text, args)
	}
	return prepared.run(args)
}
