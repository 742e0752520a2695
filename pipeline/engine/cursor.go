package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	bindings "github.com/duckdb/duckdb-go-bindings"
)

// Cursor is the result of a query, handed out while the query runs: what is in memory at a time is what
// the query itself needs and a few batches. Close it.
type Cursor struct {
	schema  *arrow.Schema
	session *session
	result  bindings.Result
	batch   arrow.RecordBatch
	err     error
}

// Schema returns the names and Arrow types of the columns.
func (c *Cursor) Schema() *arrow.Schema { return c.schema }

// Next fetches the next batch of rows, the caller's to release; false at the end, or when Err says why
// there is no more.
func (c *Cursor) Next() bool {
	if c.err != nil {
		return false
	}
	chunk := bindings.FetchChunk(c.result)
	if chunk.Ptr == nil {
		if message := bindings.ResultError(&c.result); message != "" {
			c.err = c.session.mistake(message)
		}
		return false
	}
	defer bindings.DestroyDataChunk(&chunk)
	if bindings.DataChunkGetSize(chunk) == 0 {
		return false
	}
	options := bindings.ResultGetArrowOptions(&c.result)
	defer bindings.DestroyArrowOptions(&options)
	batch, failure := bindings.DataChunkToArrowArray(options, c.schema, chunk)
	if c.err = failed("read result", failure); c.err != nil {
		return false
	}
	c.batch = batch
	return true
}

// Batch returns what Next fetched.
func (c *Cursor) Batch() arrow.RecordBatch { return c.batch }

// Err returns what ended the result early, or nil.
func (c *Cursor) Err() error { return c.err }

// Close ends the query, finished or not.
func (c *Cursor) Close() error {
	bindings.DestroyResult(&c.result)
	c.session.close()
	return nil
}

// failed makes an error of what the C interface reports, nil for nothing.
func failed(what string, failure bindings.ErrorData) error {
	defer bindings.DestroyErrorData(&failure)
	if !bindings.ErrorDataHasError(failure) {
		return nil
	}
	return fmt.Errorf("%s: %s", what, bindings.ErrorDataMessage(failure))
}

// session is a connection of its own, mostly for one statement. It interrupts the statement when the context ends.
type session struct {
	ctx        context.Context
	statement  string
	connection bindings.Connection
	prepared   bindings.PreparedStatement
	kind       bindings.StatementType
	ended      chan struct{}
	stopped    chan struct{}
}

// errNoStatement and errSeveral say that a text is not one statement.
var (
	errNoStatement = errors.New("there is no statement")
	errSeveral     = errors.New("one statement at a time")
)

// connect opens a connection that ends with the context.
func (s *Sandbox) connect(ctx context.Context) (*session, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	p := &session{ctx: ctx, ended: make(chan struct{}), stopped: make(chan struct{})}
	if bindings.Connect(s.db, &p.connection) == bindings.StateError {
		return nil, errors.New("connect to engine: it has ended")
	}
	go p.interrupt()
	return p, nil
}

// prepare connects and prepares a text that must be one statement.
func (s *Sandbox) prepare(ctx context.Context, statement string) (*session, error) {
	p, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.prepare(statement); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// prepare prepares a text that must be one statement, in place of the one before.
func (p *session) prepare(statement string) error {
	p.statement = statement
	bindings.DestroyPrepare(&p.prepared)
	var statements bindings.ExtractedStatements
	count := bindings.ExtractStatements(p.connection, statement, &statements)
	defer bindings.DestroyExtracted(&statements)
	switch {
	case count == 0:
		if message := bindings.ExtractStatementsError(statements); message != "" {
			return p.mistake(message)
		}
		return errNoStatement
	case count > 1:
		return errSeveral
	}
	if bindings.PrepareExtractedStatement(p.connection, statements, 0, &p.prepared) == bindings.StateError {
		return p.mistake(bindings.PrepareError(p.prepared))
	}
	p.kind = bindings.PreparedStatementType(p.prepared)
	return nil
}

// interrupt ends the statement when the context does. DuckDB forgets an interruption that comes before
// the statement starts, so it is repeated.
func (p *session) interrupt() {
	defer close(p.stopped)
	select {
	case <-p.ended:
		return
	case <-p.ctx.Done():
	}
	ticks := time.NewTicker(10 * time.Millisecond)
	defer ticks.Stop()
	for {
		bindings.Interrupt(p.connection)
		select {
		case <-p.ended:
			return
		case <-ticks.C:
		}
	}
}

func (p *session) close() {
	close(p.ended)
	<-p.stopped
	bindings.DestroyPrepare(&p.prepared)
	bindings.Disconnect(&p.connection)
}

func (p *session) mistake(message string) error {
	if p.ctx.Err() != nil {
		return context.Cause(p.ctx)
	}
	return newMistake(p.statement, message)
}

// run runs a statement, whatever it is.
func (s *Sandbox) run(ctx context.Context, statement string, args []any) (*Cursor, error) {
	p, err := s.prepare(ctx, statement)
	if err != nil {
		return nil, err
	}
	return p.run(args)
}

// run runs what is prepared. The cursor closes the session, and so does an error.
func (p *session) run(args []any) (_ *Cursor, err error) {
	c := &Cursor{session: p}
	defer func() {
		if err != nil {
			_ = c.Close()
		}
	}()
	if err := p.bind(args); err != nil {
		return nil, err
	}
	var pending bindings.PendingResult
	defer bindings.DestroyPending(&pending)
	// Marked as deprecated, and the only way to a result that is not in memory as a whole.
	if bindings.PendingPreparedStreaming(p.prepared, &pending) == bindings.StateError {
		return nil, p.mistake(bindings.PendingError(pending))
	}
	if bindings.ExecutePending(pending, &c.result) == bindings.StateError {
		return nil, p.mistake(bindings.ResultError(&c.result))
	}
	return c, c.readSchema()
}

// Param is the value of a parameter that a statement names: $snapshot.
type Param struct{ Name, Value string }

// bind gives the parameters their values: nil, or text that the statement casts; by name where they are
// Params, by place otherwise.
func (p *session) bind(args []any) error {
	named := map[string]string{}
	for _, arg := range args {
		if param, ok := arg.(Param); ok {
			named[param.Name] = param.Value
		}
	}
	count := int(bindings.NParams(p.prepared))
	if len(named) == 0 && count != len(args) {
		return p.refuseParams(count, len(args))
	}
	for i := range count {
		var text *string
		if len(named) == 0 {
			text = textOf(args[i])
		} else if value, ok := named[p.paramName(i)]; ok {
			text = &value
		} else {
			return p.refuseParams(count, len(args))
		}
		at := bindings.IdxT(i + 1)
		var state bindings.State
		if text == nil {
			state = bindings.BindNull(p.prepared, at)
		} else {
			state = bindings.BindVarchar(p.prepared, at, *text)
		}
		if state == bindings.StateError {
			return p.mistake(bindings.PrepareError(p.prepared))
		}
	}
	return nil
}

func (p *session) paramName(i int) string {
	return bindings.ParameterName(p.prepared, bindings.IdxT(i+1))
}

// refuseParams says which values a statement asks for.
func (p *session) refuseParams(count, given int) error {
	var asked []string
	for i := range count {
		asked = append(asked, "$"+p.paramName(i))
	}
	r := &Refusal{Reason: fmt.Sprintf("the statement asks for no values, and %d are given", given)}
	if count > 0 {
		r.Reason = fmt.Sprintf("the statement asks for the values of %s", strings.Join(asked, ", "))
	}
	return r
}

func (c *Cursor) readSchema() error {
	count := bindings.ColumnCount(&c.result)
	names := make([]string, count)
	types := make([]bindings.LogicalType, count)
	defer func() {
		for i := range types {
			bindings.DestroyLogicalType(&types[i])
		}
	}()
	for i := range count {
		names[i] = strings.ToValidUTF8(bindings.ColumnName(&c.result, i), "\uFFFD")
		types[i] = bindings.ColumnLogicalType(&c.result, i)
	}
	options := bindings.ResultGetArrowOptions(&c.result)
	defer bindings.DestroyArrowOptions(&options)
	schema, failure := bindings.NewArrowSchema(options, types, names)
	c.schema = schema
	return failed("read result", failure)
}
