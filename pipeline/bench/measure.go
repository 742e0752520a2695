package bench

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// compare runs two sides in turn and returns the medians of what they took and of their ratios in wall time.
func (b *bench) compare(ctx context.Context, what string, first, second side) (one, other usage, ratio float64, err error) {
	var firsts, seconds []usage
	var ratios []float64
	for i := range b.Runs {
		b.Doing(fmt.Sprintf("%s: %d of %d", what, i+1, b.Runs))
		one, err := b.once(ctx, first)
		if err != nil {
			return one, other, 0, err
		}
		other, err := b.once(ctx, second)
		if err != nil {
			return one, other, 0, err
		}
		firsts, seconds = append(firsts, one), append(seconds, other)
		ratios = append(ratios, one.wall.Seconds()/other.wall.Seconds())
	}
	slices.Sort(ratios)
	return median(firsts), median(seconds), ratios[len(ratios)/2], nil
}

func (b *bench) repeat(ctx context.Context, what string, s side) (usage, error) {
	var all []usage
	for i := range b.Runs {
		b.Doing(fmt.Sprintf("%s: %d of %d", what, i+1, b.Runs))
		one, err := b.once(ctx, s)
		if err != nil {
			return usage{}, err
		}
		all = append(all, one)
	}
	return median(all), nil
}

// median returns the one of the median wall time, with the largest memory of all.
func median(all []usage) usage {
	slices.SortFunc(all, func(a, b usage) int { return int(a.wall - b.wall) })
	middle := all[len(all)/2]
	for _, u := range all {
		middle.memory = max(middle.memory, u.memory)
	}
	return middle
}

// once runs one side in a process of its own.
func (b *bench) once(ctx context.Context, s side) (usage, error) {
	if s.ready != nil {
		if err := s.ready(); err != nil {
			return usage{}, err
		}
	}
	command := exec.CommandContext(ctx, b.Program, s.args...)
	start := time.Now()
	output, err := command.CombinedOutput()
	taken := usage{wall: time.Since(start)}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 6 {
		err = nil // a source is past its due day, as all of a generated workspace are
	}
	if err != nil {
		return taken, fmt.Errorf("tapcov %v: %w\n%s", s.args, err, output)
	}
	taken.processor = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	if resources, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		taken.memory = resources.Maxrss * memoryUnit()
	}
	return taken, nil
}

// memoryUnit is what the system counts peak memory in.
func memoryUnit() int64 {
	if runtime.GOOS == "darwin" {
		return 1
	}
	return 1 << 10
}

// forget removes all that a run made of a workspace.
func forget(dir string) error {
	return errors.Join(os.RemoveAll(filepath.Join(dir, "lake")), os.RemoveAll(filepath.Join(dir, "reports")))
}

// size adds up the files below a folder.
func size(dir string) (bytes int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	return bytes, err
}
