package pipeline

import (
	"cmp"
	"context"
	"errors"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/tapcov/tapcov/pipeline/engine"
)

// smallBatch is how many rows are written without the engine: setting it up to write a file takes some
// milliseconds, which counts where exports are thousands.
const smallBatch = 10_000

// sink writes batches to one Parquet file: through the engine, unless there is but one small batch.
type sink struct {
	engine  *engine.Engine
	schema  *arrow.Schema
	query   string // over the batches: what is written of them; "": all as it is
	path    string
	hash    *engine.StreamHash
	first   arrow.RecordBatch // held back until there is a second one
	batches chan arrow.RecordBatch
	done    chan struct{}
	cancel  context.CancelFunc
	rows    int64
	err     error
}

// newSink returns a sink whose hash is of the columns of those names, of all if there are none.
func newSink(e *engine.Engine, schema *arrow.Schema, path string, hashed ...string) *sink {
	return &sink{engine: e, schema: schema, path: path, hash: engine.NewStreamHash(schema, hashed...)}
}

// isUsed reports whether anything was put into the sink.
func (s *sink) isUsed() bool { return s.first != nil || s.batches != nil }

// put hands a batch over; the sink releases it.
func (s *sink) put(ctx context.Context, batch arrow.RecordBatch) error {
	if err := s.hash.Add(batch); err != nil {
		batch.Release()
		return err
	}
	if !s.isUsed() {
		s.first = batch
		return nil
	}
	if err := s.start(ctx); err != nil {
		batch.Release()
		return err
	}
	return s.send(ctx, batch)
}

// start starts the engine, if it has not been, with the batch that was held back.
func (s *sink) start(ctx context.Context) error {
	if s.batches != nil {
		return nil
	}
	ctx, s.cancel = context.WithCancel(ctx)
	s.batches = make(chan arrow.RecordBatch, 1)
	s.done = make(chan struct{})
	go func() {
		defer close(s.done)
		reader := engine.NewChannel(ctx, s.schema, s.batches)
		defer reader.Release()
		s.rows, s.err = s.engine.Ingest(ctx, reader, cmp.Or(s.query, "select * from "+engine.Source), s.path)
	}()
	batch := s.first
	s.first = nil
	return s.send(ctx, batch)
}

func (s *sink) send(ctx context.Context, batch arrow.RecordBatch) error {
	select {
	case s.batches <- batch:
		return nil
	case <-s.done:
		batch.Release()
		return errors.Join(s.err, errStopped)
	case <-ctx.Done():
		batch.Release()
		return context.Cause(ctx)
	}
}

// errStopped says that the engine stopped reading before everything was written.
var errStopped = errors.New("the engine stopped reading")

// finish waits until the file is whole and returns its number of rows.
func (s *sink) finish(ctx context.Context) (int64, error) {
	if s.first == nil && s.batches == nil {
		s.first = array.NewRecordBuilder(memory.DefaultAllocator, s.schema).NewRecordBatch()
	}
	if s.first != nil && s.first.NumRows() <= smallBatch && s.query == "" {
		batch := s.first
		s.first = nil
		defer batch.Release()
		return batch.NumRows(), engine.WriteBatch(batch, s.path)
	}
	if err := s.start(ctx); err != nil {
		return 0, err
	}
	close(s.batches)
	<-s.done
	s.cancel()
	s.batches = nil
	return s.rows, s.err
}

// discard ends a sink that was not finished; its file is left to the sweep.
func (s *sink) discard() {
	if s.first != nil {
		s.first.Release()
		s.first = nil
	}
	if s.batches == nil {
		return
	}
	s.cancel()
	<-s.done
	for {
		select {
		case batch := <-s.batches:
			batch.Release()
		default:
			return
		}
	}
}
