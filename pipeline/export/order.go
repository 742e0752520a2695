package export

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
)

// A conveyor runs jobs on several goroutines and takes their results in order.
//
// It knows nothing of files: whatever yields Blocks, or parts that become Blocks, can feed it.
type conveyor[J, T any] struct {
	threads int
	feed    func(ctx context.Context, put func(J) error) error // yields the jobs, from one goroutine
	work    func(context.Context, J) (value T, ok bool, err error)
	emit    func(T) error // takes the values that are ok, in the order of their jobs
	drop    func(T)       // takes those that emit will not get; may be nil
}

// inFlight is how many more jobs than threads are begun and not yet emitted, at most.
const inFlight = 3

// slot is the place of one job in the order.
type slot[J, T any] struct {
	job   J
	done  chan struct{}
	value T
	ok    bool
	err   error
}

// run returns the error of the first job in order that failed, else that of emit or feed, after all
// goroutines have ended. A panic in any of the functions is an error.
func (c conveyor[J, T]) run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan *slot[J, T])
	order := make(chan *slot[J, T], c.threads+inFlight-2) // one is being put there, one emitted
	var group sync.WaitGroup
	for range c.threads {
		group.Go(func() {
			for s := range queue {
				s.err = guard(func() (err error) {
					s.value, s.ok, err = c.work(ctx, s.job)
					return err
				})
				close(s.done)
			}
		})
	}
	var fed error
	group.Go(func() {
		defer close(order)
		defer close(queue)
		fed = guard(func() error {
			return c.feed(ctx, func(job J) error { return put(ctx, job, queue, order) })
		})
	})
	var failed error
	for s := range order {
		<-s.done
		if failed == nil {
			failed = context.Cause(ctx)
		}
		switch {
		case failed != nil || s.err != nil:
			if s.ok && c.drop != nil {
				c.drop(s.value)
			}
		case s.ok:
			s.err = guard(func() error { return c.emit(s.value) })
		}
		if failed == nil && s.err != nil {
			failed = s.err
			cancel(failed)
		}
	}
	group.Wait()
	if failed == nil {
		failed = fed
	}
	return failed
}

// put gives a job its place in the order and then to a worker.
func put[J, T any](ctx context.Context, job J, queue, order chan<- *slot[J, T]) error {
	s := &slot[J, T]{job: job, done: make(chan struct{})}
	select {
	case order <- s:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	select {
	case queue <- s:
		return nil
	case <-ctx.Done():
		s.err = context.Cause(ctx)
		close(s.done)
		return s.err
	}
}

// A panicError is a panic turned into an error: what was said, and where.
type panicError struct {
	value any
	where string
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v (%s)", e.value, e.where) }

// guard calls f and returns its panic as an error.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &panicError{value: r, where: panicSite()}
		}
	}()
	return f()
}

// panicSite names the function, file and line that a recovered panic came from.
func panicSite() string {
	var callers [32]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers[:])])
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, "runtime.") {
			return fmt.Sprintf("%s %s:%d", frame.Function, frame.File, frame.Line)
		}
		if !more {
			return "no location"
		}
	}
}
