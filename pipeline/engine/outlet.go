package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/apache/arrow-go/v18/arrow/array"
	bindings "github.com/duckdb/duckdb-go-bindings"
)

// Parquet writes the result of a query that a user wrote to w, as one Parquet file, and returns its number
// of rows. DuckDB writes into a pipe in the sandbox's own folder, the one place it may write to, so that
// no more of the file is held than is on its way.
func (s *Sandbox) Parquet(ctx context.Context, w io.Writer, query string, args ...any) (rows int64, err error) {
	admitted, err := s.admitText(ctx, query)
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(s.temp, 0o700); err != nil {
		return 0, fmt.Errorf("make folder: %w", err)
	}
	pipe := filepath.Join(s.temp, rand.Text()+".pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		return 0, fmt.Errorf("make pipe: %w", err)
	}
	// The end that is read from is opened first, which does not wait; ours to write to keeps it open until
	// DuckDB has come and gone.
	source, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return 0, fmt.Errorf("open pipe: %w", err)
	}
	defer source.Close()
	held, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err != nil {
		return 0, fmt.Errorf("open pipe: %w", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	passed := make(chan error, 1)
	go func() {
		_, err := io.Copy(w, source)
		if err != nil {
			err = fmt.Errorf("write result: %w", err)
			cancel(err)
			_, _ = io.Copy(io.Discard, source) // else DuckDB waits for a reader
		}
		passed <- err
	}()
	rows, err = s.copyTo(ctx, admitted, pipe, "use_tmp_file false", args)
	err = errors.Join(err, held.Close())
	if failed := <-passed; failed != nil {
		return rows, failed
	}
	return rows, err
}

// copyTo writes the result of a query as Parquet to a path and returns its number of rows.
func (s *Sandbox) copyTo(ctx context.Context, query, path, option string, args []any) (rows int64, err error) {
	c, err := s.run(ctx, "copy (\n"+query+"\n) to "+Quote(path)+" (format parquet, compression zstd, "+option+")", args)
	if err != nil {
		return 0, err
	}
	for c.Next() {
		if counts, ok := c.Batch().Column(0).(*array.Int64); ok {
			rows += counts.Value(0)
		}
		c.Batch().Release()
	}
	return rows, errors.Join(c.Err(), c.Close())
}

// Partition writes the result of a query that a user wrote as Parquet files below a folder, one folder
// COLUMN=VALUE per value of the columns. The folder must lie in one of the sandbox's.
func (s *Sandbox) Partition(ctx context.Context, folder string, columns []string, query string, args ...any) (rows int64, err error) {
	admitted, err := s.admitText(ctx, query)
	if err != nil {
		return 0, err
	}
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = Name(column)
	}
	return s.copyTo(ctx, admitted, folder, "partition_by ("+strings.Join(names, ", ")+")", args)
}

// Saved is a table or a view of a database file.
type Saved struct {
	Name    string
	Query   string // what it holds; of a table, one that a user may have written
	IsView  bool   // over the tables before it
	Comment string
	Columns []SavedColumn // that have a comment
}

// SavedColumn is a column with a comment.
type SavedColumn struct{ Name, Comment string }

// SaveDatabase writes a database file of tables and views that any client of DuckDB opens. The file must
// not exist, and lie in one of the sandbox's folders.
func (s *Sandbox) SaveDatabase(ctx context.Context, path string, saved []Saved, args ...any) (err error) {
	statements := []string{"attach " + Quote(path) + " as saved"}
	for i, table := range saved {
		if table.IsView {
			continue
		}
		admitted, err := s.admitText(ctx, table.Query)
		if err != nil {
			return err
		}
		saved[i].Query = admitted
		statements = append(statements, "create table saved."+Name(table.Name)+" as\n"+admitted)
	}
	statements = append(statements, "use saved") // from here on names are of the file
	for _, table := range saved {
		kind := "table "
		if table.IsView {
			kind = "view "
			statements = append(statements, "create view "+Name(table.Name)+" as\n"+table.Query)
		}
		if table.Comment != "" {
			statements = append(statements, "comment on "+kind+Name(table.Name)+" is "+Quote(table.Comment))
		}
		for _, column := range table.Columns {
			statements = append(statements, "comment on column "+Name(table.Name)+"."+Name(column.Name)+" is "+Quote(column.Comment))
		}
	}
	err = s.series(ctx, append(statements, "use memory"), args)
	return errors.Join(err, s.Exec(context.WithoutCancel(ctx), "detach database if exists saved"))
}

// series runs statements of ours over one connection. Those that ask for values get them all.
func (s *Sandbox) series(ctx context.Context, statements []string, args []any) error {
	p, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	for _, statement := range statements {
		if err := p.prepare(statement); err != nil {
			return err
		}
		given := args
		if bindings.NParams(p.prepared) == 0 {
			given = nil
		}
		var result bindings.Result
		if err := p.bind(given); err != nil {
			return err
		}
		if bindings.ExecutePrepared(p.prepared, &result) == bindings.StateError {
			err = p.mistake(bindings.ResultError(&result))
		}
		bindings.DestroyResult(&result)
		if err != nil {
			return err
		}
	}
	return nil
}
