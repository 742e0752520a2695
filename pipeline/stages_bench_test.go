package pipeline

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/sample"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// benchRows is large enough for a row's cost to show above what a statement costs.
const benchRows = 200_000

// staged is a run on a generated workspace that has read its exports and goes no further by itself.
type staged struct {
	*run
	at   estateAt
	date time.Time
}

func newStaged(b *testing.B) *staged {
	b.Helper()
	dir := b.TempDir()
	if err := sample.Generate(b.Context(), dir, sample.Spec{Rows: benchRows, Seed: 1}); err != nil {
		b.Fatal(err)
	}
	ws, err := workspace.Load(dir, workspace.Overrides{})
	if err != nil {
		b.Fatal(err)
	}
	opened, err := lake.Open(ws.Lake())
	if err != nil {
		b.Fatal(err)
	}
	writer, err := opened.Lock(b.Context(), false)
	if err != nil {
		b.Fatal(err)
	}
	r := &run{ws: ws, lake: opened, writer: writer, summary: newSummary()}
	if err := r.prepare(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := r.engine.Close(); err != nil {
			b.Error(err)
		}
		if err := writer.Close(); err != nil {
			b.Error(err)
		}
	})
	inventories, err := r.readInbox(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	at := place(ws.Config, inventories, r.decisions, r.AsOf).snapshots[0]
	date, err := time.Parse(time.DateOnly, at.date)
	if err != nil {
		b.Fatal(err)
	}
	return &staged{r, at, date}
}

// measure runs one stage again and again and reports its processor time a million rows. forget removes
// what it has written.
func (s *staged) measure(b *testing.B, stage func() error, forget ...string) {
	b.Helper()
	b.ReportAllocs()
	before := processorTime(b)
	for b.Loop() {
		for _, folder := range forget {
			if err := os.RemoveAll(filepath.Join(s.ws.Lake(), folder)); err != nil {
				b.Fatal(err)
			}
		}
		if err := stage(); err != nil {
			b.Fatal(err)
		}
	}
	used := processorTime(b) - before
	b.ReportMetric(used.Seconds()*1e6/float64(b.N)/benchRows, "cpu-s/Mrow")
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// From exports to inventory files.
func BenchmarkRead(b *testing.B) {
	s := newStaged(b)
	s.measure(b, func() error {
		s.Rehash = true
		_, err := s.readInbox(b.Context())
		return err
	}, "inventory", "rejects", "seen.json")
}

// From inventory files to one row per terminal, tagged.
func BenchmarkSettle(b *testing.B) {
	s := newStaged(b)
	s.measure(b, func() error {
		_, err := s.settleSnapshot(b.Context(), s.at, s.date, s.settledKey(s.at, s.date), &lake.Snapshot{})
		return err
	}, "settled")
}

// The rules alone, on every row of the settled terminals as if they were inventory rows.
func BenchmarkTag(b *testing.B) {
	s := newStaged(b)
	var snapshot lake.Snapshot
	if _, err := s.settleSnapshot(b.Context(), s.at, s.date, s.settledKey(s.at, s.date), &snapshot); err != nil {
		b.Fatal(err)
	}
	evidence := "select *, 'unknown' as contactless_parameter, 'unknown' as no_pin_flag, 'unknown' as no_pin_parameter, " +
		"cast(null as bigint) as mobile_contactless_transaction_count, cast(null as varchar) as entry_modes, 'unionpay' as contactless_scheme, " +
		"cast(null as varchar) as mobile_is, 'terminal' as no_pin_scope, cast(null as varchar) as model_contactless from "
	if err := s.engine.View(b.Context(), "evidence_rows", evidence+engine.Parquet(s.lake.Abs(snapshot.Settled))); err != nil {
		b.Fatal(err)
	}
	s.measure(b, func() error {
		var sum int64
		return s.engine.Scan(b.Context(), "select cast(sum(evidence) as bigint) from ("+s.rules.JudgedRows("evidence_rows")+") as judged", &sum)
	})
}

// From settled terminals to the cube and the merchants.
func BenchmarkCube(b *testing.B) {
	s := newStaged(b)
	var snapshot lake.Snapshot
	facts, err := s.settleSnapshot(b.Context(), s.at, s.date, s.settledKey(s.at, s.date), &snapshot)
	if err != nil {
		b.Fatal(err)
	}
	s.measure(b, func() error {
		return s.coverSnapshot(b.Context(), s.at, s.date, "bench", facts, &snapshot)
	}, "coverage", "merchants")
}
