package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"
)

func open(t *testing.T) *Engine {
	t.Helper()
	e, err := Open(t.Context(), Options{TempDir: t.TempDir(), Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// terminals is a stream of n rows in batches of 100: id, code, serial.
func terminals(t *testing.T, n int) array.RecordReader {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "terminal_id", Type: arrow.BinaryTypes.String},
		{Name: "category_code", Type: &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Uint32, ValueType: arrow.BinaryTypes.String}},
		{Name: "serial_number", Type: arrow.BinaryTypes.String},
	}, nil)
	var batches []arrow.RecordBatch
	for start := 0; start < n; start += 100 {
		builder := array.NewRecordBuilder(memory.DefaultAllocator, schema)
		for i := start; i < min(start+100, n); i++ {
			builder.Field(0).(*array.StringBuilder).Append(fmt.Sprintf("T%07d", i))
			code := "5812"
			if i%21 == 0 {
				code = "5411"
			}
			if err := builder.Field(1).(*array.BinaryDictionaryBuilder).AppendString(code); err != nil {
				t.Fatal(err)
			}
			builder.Field(2).(*array.StringBuilder).Append(fmt.Sprintf("S%07d", i))
		}
		batches = append(batches, builder.NewRecordBatch())
	}
	reader, err := array.NewRecordReader(schema, batches)
	if err != nil {
		t.Fatal(err)
	}
	return reader
}

// The optimiser once gave column 0 for column 2 and every row for a filtered few.
func TestArrowStreamIsReadRight(t *testing.T) {
	e := open(t)
	check := func(name, query, counts, want string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), name+".parquet")
		if _, err := e.Ingest(t.Context(), terminals(t, 2000), query, path); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got string
		if err := e.Scan(t.Context(), "select "+counts+" from read_parquet("+Quote(path)+")", &got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	check("third_column", "select serial_number from arrow_source", "min(serial_number)", "S0000000")
	check("filter", "select terminal_id from arrow_source where category_code = '5411'", "cast(count(*) as varchar)", "96")
	check("filter_on_last", "select terminal_id from arrow_source where serial_number = 'S0000042'", "min(terminal_id)", "T0000042")
	check("everything", "select * from arrow_source", "count(distinct terminal_id) || ' ' || count(distinct category_code)", "2000 2")
	var still string
	if err := e.Scan(t.Context(), "select current_setting('disabled_optimizers')", &still); err != nil || still != "" {
		t.Errorf("optimisers left off for other statements: %q, %v", still, err)
	}
}

// A setting of one stream, made while another was planned, once ended the process.
func TestStreamsAtOnce(t *testing.T) {
	e := open(t)
	folder := t.TempDir()
	var writers sync.WaitGroup
	for writer := range 4 {
		path := filepath.Join(folder, fmt.Sprintf("%d.parquet", writer))
		writers.Go(func() {
			for range 25 {
				if _, err := e.Ingest(t.Context(), terminals(t, 10), "select serial_number from arrow_source", path); err != nil {
					t.Error(err)
				}
				var first string
				if err := e.Scan(t.Context(), "select min(serial_number) from read_parquet("+Quote(path)+")", &first); err != nil || first != "S0000000" {
					t.Errorf("the first serial number is %q, %v", first, err)
				}
			}
		})
	}
	writers.Wait()
}

func TestIngestLeavesNothingBehindOnError(t *testing.T) {
	e := open(t)
	folder := t.TempDir()
	path := filepath.Join(folder, "broken.parquet")
	_, err := e.Ingest(t.Context(), terminals(t, 200), "select cast(terminal_id as integer) as n from arrow_source", path)
	if err == nil {
		t.Fatal("a cast that cannot succeed gave no error")
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestIngestEndsWhenCancelled(t *testing.T) {
	e := open(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	batches := make(chan arrow.RecordBatch)
	source := terminals(t, 100)
	source.Next()
	stopped := fmt.Errorf("stopped by the operator")
	go func() {
		source.RecordBatch().Retain()
		batches <- source.RecordBatch()
		cancel(stopped)
	}()
	path := filepath.Join(t.TempDir(), "cancelled.parquet")
	_, err := e.Ingest(ctx, NewChannel(ctx, source.Schema(), batches), "select * from arrow_source", path)
	if err == nil {
		t.Fatal("a cancelled stream was taken for a whole one")
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a cancelled stream was published")
	}
}

// Interrupting a statement left the engine's threads reading a stream that was gone.
func TestCancelledStreams(t *testing.T) {
	e := open(t)
	path := filepath.Join(t.TempDir(), "cancelled.parquet")
	for round := range 200 {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Duration(round)*20*time.Microsecond, cancel)
		if _, err := e.Ingest(ctx, terminals(t, 300), "select * from arrow_source", path); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("round %d: %v", round, err)
		}
	}
}

func TestErrorNamesTheQuery(t *testing.T) {
	e := open(t)
	err := e.Exec(t.Context(), "-- terminals_of_month: one row per terminal\nselect nothing_such")
	if got, want := fmt.Sprint(err), `query terminals_of_month: Binder Error: Referenced column "nothing_such" not found in FROM clause!`; got[:40] != want[:40] {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBatches(t *testing.T) {
	e := open(t)
	var texts []string
	var sum int64
	for batch, err := range e.Batches(t.Context(), "select i, 'row ' || i as name from range(?) as r(i) order by i", 5000) {
		if err != nil {
			t.Fatal(err)
		}
		for row := range int(batch.NumRows()) {
			sum += batch.Column(0).(*array.Int64).Value(row)
			texts = append(texts, strings.Clone(batch.Column(1).(*array.String).Value(row)))
		}
	}
	if len(texts) != 5000 || texts[4999] != "row 4999" || sum != 4999*2500 {
		t.Errorf("%d rows, sum %d", len(texts), sum)
	}
	for _, err := range e.Batches(t.Context(), "select * from range(100000)") {
		if err != nil {
			t.Fatal(err)
		}
		break // what is left is dropped
	}
	for _, err := range e.Batches(t.Context(), "select nothing from nowhere") {
		if err == nil {
			t.Error("a table that does not exist was read")
		}
	}
}
