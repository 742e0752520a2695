package sample

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// Spec says what Generate makes. The zero value of every field but Rows is a good default.
type Spec struct {
	Rows         int64     // rows of one snapshot, over all sources
	Seed         uint64    // another seed, other terminals
	Sources      int       // default 30; from five on the last is a processor that repeats terminals of the others
	Snapshots    int       // month-ends, default 1
	First        time.Time // the first of them, default 2016-12-31; any day of its month will do
	Encoding     string    // utf-8 (default) or gb18030
	QuotedBreaks int       // rows in a thousand whose address is quoted and has a line break in it
	Threads      int       // default: the processors there are; the bytes do not depend on it
}

// maxRowsPerSource keeps terminal ids within their eight digits.
const maxRowsPerSource = 90_000_000

// Generate writes a workspace to dir: one CSV file per source and snapshot, of 20 columns and about
// 200 bytes a row, the tapcov.yaml that reads them, and the acquirers they speak of.
//
// Sources differ in size, few merchants have many terminals, few counties have many merchants; each
// month replaces 0.5% of the terminals and converts some. Same spec, same bytes. A dir that already
// is a workspace is refused. An error, or the end of ctx, leaves files behind that are not complete.
func Generate(ctx context.Context, dir string, spec Spec) error {
	spec, err := spec.complete()
	if err != nil {
		return err
	}
	config := filepath.Join(dir, "tapcov.yaml")
	if _, err := os.Stat(config); err == nil {
		return fmt.Errorf("generate into %q: %q is there already", dir, config)
	}
	g, err := newGenerator(spec)
	if err != nil {
		return err
	}
	var inventories []inventory
	for source := range spec.Sources {
		if err := os.MkdirAll(filepath.Join(dir, "inbox", sourceName(source)), 0o755); err != nil {
			return fmt.Errorf("generate into %q: %w", dir, err)
		}
		for snapshot := range spec.Snapshots {
			inventories = append(inventories, inventory{g, source, snapshot})
		}
	}
	err = inParallel(ctx, spec.Threads, inventories, func(ctx context.Context, x inventory) error {
		return x.writeFile(ctx, filepath.Join(dir, "inbox", sourceName(x.source)))
	})
	if err != nil {
		return err
	}
	return g.writeWorkspace(dir, config)
}

// Check says what is wrong with a Spec.
func (s Spec) Check() error {
	_, err := s.complete()
	return err
}

func (s Spec) complete() (Spec, error) {
	if s.Sources == 0 {
		s.Sources = 30
	}
	if s.Snapshots == 0 {
		s.Snapshots = 1
	}
	if s.First.IsZero() {
		s.First = day(2016, time.December, 31)
	}
	if s.Encoding == "" {
		s.Encoding = encodingUTF8
	}
	if s.Threads == 0 {
		s.Threads = runtime.GOMAXPROCS(0)
	}
	switch {
	case s.Rows < 1:
		return s, fmt.Errorf("generate %d rows: at least one is needed", s.Rows)
	case s.Sources < 1 || s.Snapshots < 1 || s.Threads < 1:
		return s, errors.New("generate: the numbers of sources, snapshots and threads cannot be negative")
	case s.rowsOf()[0] > maxRowsPerSource:
		return s, fmt.Errorf("generate %d rows: too many for %d sources, whose terminal ids have eight digits", s.Rows, s.Sources)
	case s.First.Before(oldest) || s.date(s.Snapshots-1).After(newest):
		return s, fmt.Errorf("generate snapshots of %s to %s: expected them between %s and %s",
			s.date(0).Format(time.DateOnly), s.date(s.Snapshots-1).Format(time.DateOnly),
			oldest.Format(time.DateOnly), newest.Format(time.DateOnly))
	case s.QuotedBreaks < 0 || s.QuotedBreaks > 1000:
		return s, fmt.Errorf("generate quoted line breaks in %d of a thousand rows: expected 0 to 1000", s.QuotedBreaks)
	case s.Encoding != encodingUTF8 && s.Encoding != encodingGB18030:
		return s, fmt.Errorf("generate in encoding %q: expected %s or %s", s.Encoding, encodingUTF8, encodingGB18030)
	}
	return s, nil
}

// date returns a snapshot date.
func (s Spec) date(snapshot int) time.Time {
	return day(s.First.Year(), s.First.Month()+1+time.Month(snapshot), 0)
}

// rowsOf splits the rows of a snapshot between the sources: the first have most, none has none as
// long as there are enough.
func (s Spec) rowsOf() []int64 {
	weight := func(source int) float64 { return 1 / float64(source+4) }
	var whole float64
	for source := range s.Sources {
		whole += weight(source)
	}
	rows := make([]int64, s.Sources)
	left := s.Rows
	for source := range rows {
		rows[source] = min(left, 1+int64(float64(s.Rows-int64(s.Sources))*weight(source)/whole))
		if s.Rows < int64(s.Sources) {
			rows[source] = min(left, 1)
		}
		left -= rows[source]
	}
	rows[0] += left
	return rows
}

func sourceName(source int) string { return fmt.Sprintf("source%02d", source+1) }

func acquirerID(source int) int { return 9001 + source }

// inParallel calls do for each item on that many goroutines and returns the first error.
func inParallel[T any](ctx context.Context, threads int, items []T, do func(context.Context, T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan T)
	var workers sync.WaitGroup
	for range threads {
		workers.Go(func() {
			for item := range queue {
				if ctx.Err() != nil {
					continue
				}
				if err := do(ctx, item); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, item := range items {
		queue <- item
	}
	close(queue)
	workers.Wait()
	return context.Cause(ctx)
}

// writeWorkspace writes what reads the exports, the configuration last: it makes dir a workspace.
func (g *generator) writeWorkspace(dir, config string) error {
	var yaml, acquirers bytes.Buffer
	fmt.Fprintf(&yaml, "# Generated: %d rows a snapshot, %d sources, seed %d.\n", g.spec.Rows, g.spec.Sources, g.spec.Seed)
	yaml.WriteString("estate: {area: CN, complete: true}\n\nsources:\n")
	acquirers.WriteString("id,name_en,name_zh,aliases\n")
	for source := range g.spec.Sources {
		fmt.Fprintf(&yaml, "  - name: %s\n", sourceName(source))
		if g.isProcessor(source) {
			yaml.WriteString("    kind: processor\n")
		}
		yaml.WriteString(profile)
		fmt.Fprintf(&acquirers, "%d,Invented Bank %d,虚构银行%d,\n", acquirerID(source), source+1, source+1)
	}
	if err := os.MkdirAll(filepath.Join(dir, "reference"), 0o755); err != nil {
		return fmt.Errorf("generate into %q: %w", dir, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "reference", "acquirers.csv"), acquirers.Bytes(), 0o644); err != nil {
		return fmt.Errorf("generate into %q: %w", dir, err)
	}
	if err := os.WriteFile(config, yaml.Bytes(), 0o644); err != nil {
		return fmt.Errorf("generate into %q: %w", dir, err)
	}
	return nil
}

// profile reads what every source delivers; its headers are all known.
const profile = `    snapshot_date: {file_name: '(\d{8})', layout: yyyymmdd}
    device_types: unionpay
    status: {"0": lost, "1": in_service, "2": pending, "4": removed, "6": suspended}
    contactless_scheme: unionpay
`

// counties returns the counties of the newest division codes.
func counties() ([]county, error) {
	set, err := reference.Load("")
	if err != nil {
		return nil, fmt.Errorf("load division codes: %w", err)
	}
	divisions, err := set.Regions.At("")
	if err != nil {
		return nil, fmt.Errorf("load division codes: %w", err)
	}
	var list []county
	for _, code := range divisions.Keys("county") {
		province, city := divisions.Province(code), divisions.City(code)
		name := divisions.Name(code)
		full := divisions.Name(province) + name
		if city != province && city != code {
			full = divisions.Name(province) + divisions.Name(city) + name
		}
		list = append(list, county{code: code, short: trimSuffix(name), full: full})
	}
	if len(list) == 0 {
		return nil, errors.New("load division codes: there is no county")
	}
	return list, nil
}
