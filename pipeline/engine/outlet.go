package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"github.com/apache/arrow-go/v18/arrow/array"
)

// Parquet writes the result of a query that a user wrote to w, as one Parquet file, and returns its number
// of rows. DuckDB writes into a pipe in the sandbox's own folder, the one place it may write to, so that
// no more of the file is held than is on its way.
func (s *Sandbox) Parquet(ctx context.Context, w io.Writer, query string, args ...any) (rows int64, err error) {
	admitted, err := s.admit(ctx, query)
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
	rows, err = s.copyTo(ctx, admitted, pipe, args)
	err = errors.Join(err, held.Close())
	if failed := <-passed; failed != nil {
		return rows, failed
	}
	return rows, err
}

// copyTo writes the result of a query as Parquet to a path and returns its number of rows.
func (s *Sandbox) copyTo(ctx context.Context, query, path string, args []any) (rows int64, err error) {
	c, err := s.run(ctx, "copy (\n"+query+"\n) to "+Quote(path)+" (format parquet, compression zstd, use_tmp_file false)", args)
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
