package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/duckdb/duckdb-go/v2"
)

// DuckDB 1.5.6 pushes projections and filters into a registered Arrow stream that ignores them and
// then reads its columns by position: wrong data without an error. It also takes a stream for some
// forty rows and builds hash tables on its side. So these optimisers must be off where a stream is read.
// The setting holds for a whole database, and changing it while another connection prepares a
// statement crashes the process: therefore a database of its own, in which it is made once.
// TestArrowStreamIsReadRight and TestStreamsAtOnce guard the traps.
const streamOptimisers = `unused_columns,filter_pushdown,build_side_probe_side,in_clause`

// Source is the name under which Ingest's query sees the stream. Streams of concurrent calls are views
// of one catalog, so each gets a name of its own in its place.
const Source = "arrow_source"

// Ingest reads an Arrow stream once through a query over Source and writes the result as one
// Parquet file at path: under a temporary name first, synced and renamed when it is whole. It
// returns the number of rows written. On error nothing is left at path. It does not release reader.
func (e *Engine) Ingest(ctx context.Context, reader array.RecordReader, query, path string) (rows int64, err error) {
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	streaming, err := e.startStreams()
	if err != nil {
		return 0, err
	}
	connection, err := streaming.connection(ctx)
	if err != nil {
		return 0, err
	}
	release := func() {}
	defer func() {
		// The stream goes last: of a copy that failed, tasks that still read it may be left, and closing
		// the connection ends them.
		err = errors.Join(err, connection.Close())
		release()
	}()
	arrows, err := duckdb.NewArrowFromConn(connection)
	if err != nil {
		return 0, fmt.Errorf("open the engine's Arrow interface: %w", err)
	}
	guarded := &stream{RecordReader: reader, ctx: ctx}
	view := fmt.Sprintf("%s_%d", Source, e.streams.Add(1))
	registered, err := arrows.RegisterView(guarded, view)
	if err != nil {
		return 0, fmt.Errorf("register Arrow stream: %w", err)
	}
	release = registered
	err = replace(path, func(temporary string) error {
		statement := copyStatement(strings.ReplaceAll(query, Source, view), temporary)
		// It is the stream that ends with ctx, and the statement with it: interrupting a statement
		// leaves DuckDB's threads reading a stream that is gone.
		result, err := connection.(driver.ExecerContext).ExecContext(context.WithoutCancel(ctx), statement, nil)
		if err != nil {
			return errors.Join(guarded.Err(), wrap(ctx, statement, err))
		}
		rows, err = result.RowsAffected()
		return err
	})
	return rows, err
}

// Batches runs a query whose result is small, as [Engine.Query] does, and yields it in Arrow batches, in
// which a cell costs a tenth to read. A batch and its texts are gone when the next one is asked for; an
// error ends it.
func (e *Engine) Batches(ctx context.Context, query string, args ...any) iter.Seq2[arrow.RecordBatch, error] {
	return func(yield func(arrow.RecordBatch, error) bool) {
		stopped := false
		err := e.eachBatch(ctx, query, args, func(batch arrow.RecordBatch) bool {
			stopped = !yield(batch, nil)
			return !stopped
		})
		if err != nil && !stopped {
			yield(nil, err)
		}
	}
}

// eachBatch calls take with the batches of a result until it returns false.
func (e *Engine) eachBatch(ctx context.Context, query string, args []any, take func(arrow.RecordBatch) bool) (err error) {
	connection, err := e.connection(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, connection.Close()) }()
	arrows, err := duckdb.NewArrowFromConn(connection)
	if err != nil {
		return fmt.Errorf("open the engine's Arrow interface: %w", err)
	}
	reader, err := arrows.QueryContext(ctx, query, args...)
	if err != nil {
		return wrap(ctx, query, err)
	}
	defer reader.Release()
	for reader.Next() {
		if !take(reader.RecordBatch()) {
			return nil
		}
	}
	if err := reader.Err(); err != nil {
		return wrap(ctx, query, err)
	}
	return nil
}

// Copy writes the result of a query as one Parquet file at path, as Ingest does.
func (e *Engine) Copy(ctx context.Context, query, path string, args ...any) (rows int64, err error) {
	err = replace(path, func(temporary string) error {
		result, err := e.db.ExecContext(ctx, copyStatement(query, temporary), args...)
		if err != nil {
			return wrap(ctx, query, err)
		}
		rows, err = result.RowsAffected()
		return err
	})
	return rows, err
}

// parquetOptions make a copy a third cheaper than the defaults, for the same size: a dictionary is given
// up early where nearly every value is another one, text without one is stored by its lengths (format v2),
// the compression does not search long, and filters for single values, which hardly any query would use, are left out.
const parquetOptions = "compression zstd, compression_level 1, parquet_version v2, dictionary_size_limit 5000, write_bloom_filter false"

func copyStatement(query, path string) string {
	return "copy (\n" + strings.TrimSpace(query) + "\n) to " + Quote(path) + " (format parquet, " + parquetOptions + ")"
}

// stream is a reader that a cancelled context ends and whose panics are errors: DuckDB's threads
// call it from C, where neither a panic nor a wait without end may happen.
type stream struct {
	array.RecordReader
	ctx context.Context
	err error
}

// Next advances the stream unless the context is done.
func (s *stream) Next() (more bool) {
	defer func() {
		if cause := recover(); cause != nil {
			s.err, more = fmt.Errorf("read Arrow stream: %v", cause), false
		}
	}()
	if s.ctx.Err() != nil {
		s.err = context.Cause(s.ctx)
		return false
	}
	return s.RecordReader.Next()
}

// Err returns what ended the stream early.
func (s *stream) Err() error { return errors.Join(s.err, s.RecordReader.Err()) }

// Channel is a reader over batches that other goroutines send; the sender closes the channel. It
// releases each batch when the next one is asked for. Its Next ends with the context.
type Channel struct {
	ctx     context.Context
	schema  *arrow.Schema
	batches <-chan arrow.RecordBatch
	current arrow.RecordBatch
	err     error
}

// NewChannel returns a reader of the batches that come through the channel.
func NewChannel(ctx context.Context, schema *arrow.Schema, batches <-chan arrow.RecordBatch) *Channel {
	return &Channel{ctx: ctx, schema: schema, batches: batches}
}

// Retain does nothing: a Channel is owned by one reader.
func (c *Channel) Retain() {}

// Release drops the current batch.
func (c *Channel) Release() {
	if c.current != nil {
		c.current.Release()
		c.current = nil
	}
}

// Schema returns the schema of every batch.
func (c *Channel) Schema() *arrow.Schema { return c.schema }

// Next waits for a batch, the end of the channel or of the context.
func (c *Channel) Next() bool {
	c.Release()
	select {
	case <-c.ctx.Done():
		c.err = context.Cause(c.ctx)
		return false
	case batch, open := <-c.batches:
		c.current = batch
		return open
	}
}

// RecordBatch returns the current batch.
func (c *Channel) RecordBatch() arrow.RecordBatch { return c.current }

// Record returns the current batch, under the name older callers use.
func (c *Channel) Record() arrow.RecordBatch { return c.current }

// Err returns why the stream ended early, or nil.
func (c *Channel) Err() error { return c.err }
