// Command tapcov turns the terminal inventories of acquirers into one defensible number: the share
// of POS terminals that accept QuickPass, with bounds, and whether a published claim holds.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) }

// run is the whole program: it returns the exit code. stdout carries results, stderr words.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	p := &program{stdout: stdout, stderr: stderr, args: args}
	ctx, stop := p.withSignals(ctx)
	defer stop()
	root := newRootCommand(p)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if cause := context.Cause(ctx); cause != nil && err != nil {
		err = cause
	}
	if err != nil {
		p.explain(err)
	}
	return exitCode(err)
}

// withSignals ends the context on an interrupt or a request to terminate. A second signal ends the
// process the hard way. An interrupt that somebody guards against is theirs.
func (p *program) withSignals(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for {
			select {
			case received := <-signals:
				if guard := p.interrupts.Load(); guard != nil && received == os.Interrupt {
					(*guard)()
					continue
				}
				signal.Stop(signals)
				code := pipeline.ExitInterrupted
				if received == syscall.SIGTERM {
					code = pipeline.ExitTerminated
				}
				cancel(pipeline.Interruption{Code: code})
				return
			case <-ctx.Done():
				return
			}
		}
	}()
	return ctx, func() { signal.Stop(signals); cancel(nil) }
}

// exitError is an error that ends with a code of its own, and hints at what to do instead. With silent
// there is nothing to say: the result has said it.
type exitError struct {
	code   int
	err    error
	hints  []string
	silent bool
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// usageError wraps what is wrong with the words of a command.
func usageError(err error, hints ...string) error {
	return &exitError{code: pipeline.ExitUsage, err: err, hints: hints}
}

// errSilent stands where a code says everything.
var errSilent = errors.New("")

// ended returns an error that ends the program with a code and without words; nil for 0.
func ended(code int) error {
	if code == pipeline.ExitDone {
		return nil
	}
	return &exitError{code: code, err: errSilent, silent: true}
}

// exitCode maps an error to the exit code that the root help lists.
func exitCode(err error) int {
	var (
		exit    *exitError
		signal  pipeline.Interruption
		locked  *lake.LockedError
		config  *workspace.Error
		mistake *workspace.ConfigError
		unknown *editions.SelectionError
		refusal *engine.Refusal
		wrong   *engine.Mistake
		typed   interface{ Hint() string }
	)
	switch {
	case err == nil:
		return pipeline.ExitDone
	case errors.As(err, &signal):
		return signal.Code
	case errors.As(err, &exit):
		return exit.code
	case errors.As(err, &locked):
		return pipeline.ExitLocked
	case errors.As(err, &config), errors.As(err, &mistake), errors.As(err, &unknown), errors.As(err, &refusal),
		errors.As(err, &typed), errors.As(err, &wrong) && wrong.IsOfWords():
		return pipeline.ExitUsage
	default:
		return pipeline.ExitFailed
	}
}
