// Package bench measures the whole job beside DuckDB loading the same rows, on generated workspaces. Every
// side of a comparison is a process of its own, both sides run in turn, and medians of their ratios are
// what is printed: machines differ and are disturbed, ratios much less.
package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tapcov/tapcov/pipeline/sample"
)

// Spec says what to measure.
type Spec struct {
	Dir     string  // where the generated workspaces are kept; they are made once
	Program string  // path of tapcov itself
	Rows    []int64 // sizes, ascending
	Runs    int     // how often each comparison is made
	Seed    uint64
	Sources int   // of the whole job
	Months  int64 // rows a month of the comparison over twelve months; 0: left out
	Say     func(Line)
	Doing   func(what string)
}

// Line is one line of the table.
type Line struct {
	What        string
	Rows        int64
	Unit        string // ratio, s, MiB
	Value       float64
	Must, Reach float64 // targets, at most; 0: none at this size
	First       string  // what the sides took: wall, processor time, memory
	Second      string
}

// usage is what one process took.
type usage struct {
	wall, processor time.Duration
	memory          int64 // bytes, the peak
}

func (u usage) String() string {
	return fmt.Sprintf("%.2f s wall, %.2f s cpu, %d MiB", u.wall.Seconds(), u.processor.Seconds(), u.memory>>20)
}

// side is one side of a comparison: what is made ready before each run, and the arguments of tapcov.
type side struct {
	ready func() error
	args  []string
}

type bench struct {
	Spec
	whole map[int64]usage // medians of the whole job by size
}

// Run makes every comparison of the table and says each line when it is there.
func Run(ctx context.Context, spec Spec) error {
	b := &bench{Spec: spec, whole: map[int64]usage{}}
	for _, step := range []func(context.Context) error{b.sizes, b.decoding, b.growth, b.again, b.months} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("bench: %w", err)
		}
	}
	return nil
}

// workspace returns a generated workspace, made if it is not there yet.
func (b *bench) workspace(ctx context.Context, name string, spec sample.Spec) (string, error) {
	dir := filepath.Join(b.Dir, name)
	if _, err := os.Stat(filepath.Join(dir, "tapcov.yaml")); err == nil {
		return dir, nil
	}
	b.Doing("generate " + name)
	spec.Seed = b.Seed
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	return dir, sample.Generate(ctx, dir, spec)
}

// sizes compares the whole job with DuckDB's loading, size by size.
func (b *bench) sizes(ctx context.Context) error {
	for _, rows := range b.Rows {
		many, err := b.workspace(ctx, fmt.Sprintf("sources-%d", rows), sample.Spec{Rows: rows, Sources: b.Sources})
		if err != nil {
			return err
		}
		one, err := b.workspace(ctx, fmt.Sprintf("file-%d", rows), sample.Spec{Rows: rows, Sources: 1})
		if err != nil {
			return err
		}
		run := side{func() error { return forget(many) }, []string{"-w", many, "run"}}
		for _, c := range []struct {
			what        string
			side        string
			dir         string
			must, reach [4]float64 // at 1, 5, 20 and 40 million rows
		}{
			{"whole run ÷ create table from read_csv, in memory", "load-memory", one, [4]float64{2.5, 2.0, 1.6, 1.6}, [4]float64{1.8, 1.4, 1, 1}},
			{"whole run ÷ create table from read_csv, into a file", "load-file", one, [4]float64{1, 0, 0.5, 0}, [4]float64{0.6, 0, 0.3, 0}},
			{"whole run ÷ decode only", "decode", many, [4]float64{5, 5, 5, 5}, [4]float64{3.5, 3.5, 3.5, 3.5}},
		} {
			first, second, ratio, err := b.compare(ctx, fmt.Sprintf("%s, %d rows", c.what, rows), run, side{args: []string{"bench", "side", c.side, c.dir}})
			if err != nil {
				return err
			}
			b.whole[rows] = first
			b.say(Line{What: c.what, Rows: rows, Unit: "ratio", Value: ratio, Must: at(rows, c.must), Reach: at(rows, c.reach)}, first, second)
		}
		b.say(Line{What: "peak memory of the whole run", Rows: rows, Unit: "MiB", Value: float64(b.whole[rows].memory >> 20), Must: 1536, Reach: 1024}, b.whole[rows], usage{})
		lake, err := size(filepath.Join(many, "lake"))
		if err != nil {
			return err
		}
		inbox, err := size(filepath.Join(many, "inbox"))
		if err != nil {
			return err
		}
		b.say(Line{What: "lake ÷ exports, in bytes", Rows: rows, Unit: "ratio", Value: float64(lake) / float64(inbox), Must: 0.35, Reach: 0.25}, usage{}, usage{})
	}
	return nil
}

// at picks the target of a size.
func at(rows int64, targets [4]float64) float64 {
	for i, size := range []int64{1_000_000, 5_000_000, 20_000_000, 40_000_000} {
		if rows == size {
			return targets[i]
		}
	}
	return 0
}

// decoding compares the ways to read a file, at the smallest size.
func (b *bench) decoding(ctx context.Context) error {
	rows := b.Rows[0]
	plain, err := b.workspace(ctx, fmt.Sprintf("file-%d", rows), sample.Spec{Rows: rows, Sources: 1})
	if err != nil {
		return err
	}
	chinese, err := b.workspace(ctx, fmt.Sprintf("gb18030-%d", rows), sample.Spec{Rows: rows, Sources: 1, Encoding: "gb18030"})
	if err != nil {
		return err
	}
	breaks, err := b.workspace(ctx, fmt.Sprintf("breaks-%d", rows), sample.Spec{Rows: rows, Sources: 1, QuotedBreaks: 10})
	if err != nil {
		return err
	}
	decode := func(dir string) side { return side{args: []string{"bench", "side", "decode", dir}} }
	for _, c := range []struct {
		what          string
		first, second side
		must, reach   float64
	}{
		{"decode ÷ maximum of every column of read_csv", decode(plain), side{args: []string{"bench", "side", "scan", plain}}, 1.4, 1},
		{"decode GB18030 ÷ UTF-8", decode(chinese), decode(plain), 1.6, 1.3},
		{"decode with quoted line breaks in 1% ÷ none", decode(breaks), decode(plain), 1.6, 1.3},
	} {
		first, second, ratio, err := b.compare(ctx, c.what, c.first, c.second)
		if err != nil {
			return err
		}
		b.say(Line{What: c.what, Rows: rows, Unit: "ratio", Value: ratio, Must: c.must, Reach: c.reach}, first, second)
	}
	return nil
}

// growth compares the time of a row at the largest size with that at the smallest.
func (b *bench) growth(context.Context) error {
	small, large := b.Rows[0], b.Rows[len(b.Rows)-1]
	if small == large {
		return nil
	}
	ratio := b.whole[large].wall.Seconds() / float64(large) / (b.whole[small].wall.Seconds() / float64(small))
	b.say(Line{What: fmt.Sprintf("time of a row ÷ that at %d rows", small), Rows: large, Unit: "ratio", Value: ratio, Must: 1.2, Reach: 1}, b.whole[large], b.whole[small])
	return nil
}

// again measures what is done once the lake holds the month, at the largest size.
func (b *bench) again(ctx context.Context) error {
	rows := b.Rows[len(b.Rows)-1]
	dir := filepath.Join(b.Dir, fmt.Sprintf("sources-%d", rows))
	run := side{args: []string{"-w", dir, "run"}}
	for _, c := range []struct {
		what        string
		side        side
		must, reach float64
	}{
		{"run again with nothing new", run, 2, 1},
		{"coverage --by province", side{args: []string{"-w", dir, "coverage", "--by", "province"}}, 1, 0.3},
	} {
		all, err := b.repeat(ctx, c.what, c.side)
		if err != nil {
			return err
		}
		b.say(Line{What: c.what, Rows: rows, Unit: "s", Value: all.wall.Seconds(), Must: c.must, Reach: c.reach}, all, usage{})
	}
	rules := filepath.Join(dir, "rules", "bench.yaml")
	turn := 0
	changed := side{func() error {
		turn++
		return writeRule(rules, turn)
	}, run.args}
	taken, err := b.repeat(ctx, "run with a changed rule", changed)
	if err := errors.Join(err, os.RemoveAll(rules)); err != nil {
		return err
	}
	ratio := taken.wall.Seconds() / b.whole[rows].wall.Seconds()
	b.say(Line{What: "run with a changed rule ÷ first run", Rows: rows, Unit: "ratio", Value: ratio, Must: 0.6, Reach: 0.4}, taken, b.whole[rows])
	return nil
}

// writeRule writes a rule that never fires, another one each time.
func writeRule(path string, turn int) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	rule := fmt.Sprintf("- id: bench\n  tier: inferred\n  yields: \"yes\"\n  when: model = 'bench %d %d'\n  reason: {en: bench, zh: bench}\n",
		time.Now().UnixNano(), turn)
	return os.WriteFile(path, []byte(rule), 0o644)
}

// months compares the twelfth month, added to eleven, with the first.
func (b *bench) months(ctx context.Context) (err error) {
	if b.Months == 0 {
		return nil
	}
	dir, err := b.workspace(ctx, fmt.Sprintf("months-%d", b.Months), sample.Spec{Rows: b.Months, Sources: b.Sources, Snapshots: 12})
	if err != nil {
		return err
	}
	if err := forget(dir); err != nil {
		return err
	}
	aside := filepath.Join(b.Dir, "later")
	if err := os.RemoveAll(aside); err != nil {
		return err
	}
	exports, err := filepath.Glob(filepath.Join(dir, "inbox", "*", "*"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, move(exports, aside, dir)) }()
	slices.SortFunc(exports, func(a, b string) int { return cmp.Compare(filepath.Base(a), filepath.Base(b)) })
	perMonth := len(exports) / 12
	if err := move(exports[perMonth:], dir, aside); err != nil {
		return err
	}
	run := side{args: []string{"-w", dir, "run"}}
	var times [3]usage
	for i, next := range [][]string{nil, exports[perMonth : 11*perMonth], exports[11*perMonth:]} {
		if err := move(next, aside, dir); err != nil {
			return err
		}
		b.Doing(fmt.Sprintf("months: %d of 3", i+1))
		if times[i], err = b.once(ctx, run); err != nil {
			return err
		}
	}
	b.say(Line{
		What: "twelfth month added to eleven ÷ first month alone", Rows: b.Months, Unit: "ratio",
		Value: times[2].wall.Seconds() / times[0].wall.Seconds(), Must: 1.2, Reach: 1.05,
	}, times[2], times[0])
	return nil
}

// move moves files of one folder to the same places of another, those that are there.
func move(files []string, from, to string) error {
	for _, file := range files {
		name, err := filepath.Rel(filepath.Dir(filepath.Dir(filepath.Dir(file))), file)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o755); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(from, name), filepath.Join(to, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (b *bench) say(line Line, first, second usage) {
	if first != (usage{}) {
		line.First = first.String()
	}
	if second != (usage{}) {
		line.Second = second.String()
	}
	b.Say(line)
}
