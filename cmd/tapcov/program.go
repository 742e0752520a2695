package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"sync/atomic"

	"golang.org/x/term"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// program is what every command shares: where words go, and the global flags.
type program struct {
	stdout, stderr io.Writer
	args           []string

	workspace string // -w
	verbose   bool
	settings  map[string]string // flags that set a key of the config, by key

	interrupts atomic.Pointer[func()] // what an interrupt does instead of ending the program; nil: nothing
}

// All words go to stderr through the functions below: `tapcov: error: …`, one thing a line, lower
// case, no full stop, names quoted. A hint says what to do, with the corrected command if there is one.

func (p *program) warn(format string, args ...any) { p.say("warning", format, args...) }
func (p *program) hint(format string, args ...any) { p.say("hint", format, args...) }

func (p *program) say(kind, format string, args ...any) {
	fmt.Fprintf(p.stderr, "tapcov: %s: %s\n", kind, output.CleanLines(fmt.Sprintf(format, args...)))
}

// explain says what an error means to whoever ran the command.
func (p *program) explain(err error) {
	var exit *exitError
	if errors.As(err, &exit) && exit.silent {
		return
	}
	var mistake *engine.Mistake
	var config *workspace.ConfigError // says itself where its conditions stand
	if errors.As(err, &mistake) && !errors.As(err, &config) {
		var in *fileError
		if errors.As(err, &in) {
			p.explainMistake(mistake, in.file)
		} else {
			p.explainMistake(mistake, "")
		}
		return
	}
	for _, line := range strings.Split(strings.TrimSpace(err.Error()), "\n") {
		p.say("error", "%s", line)
	}
	var query *engine.Error
	if errors.As(err, &query) && p.verbose {
		fmt.Fprintln(p.stderr, output.CleanLines(query.Detail))
	}
	if exit != nil {
		for _, hint := range exit.hints {
			p.hint("%s", hint)
		}
	}
	var usage interface{ Hint() string }
	if errors.As(err, &usage) && usage.Hint() != "" {
		p.hint("%s", usage.Hint())
	}
	var refusal *engine.Refusal
	if errors.As(err, &refusal) && refusal.Hint != "" {
		p.hint("%s", refusal.Hint)
	}
	var late *editions.TimeoutError
	if errors.As(err, &late) {
		p.hint("give it more time with --timeout")
	}
	var locked *lake.LockedError
	if errors.As(err, &locked) {
		p.hint("wait for it with --wait, or try again later")
	}
	var broken *pipeline.TieOutError
	if errors.As(err, &broken) {
		p.hint("this is a defect of tapcov, not of your data; the last edition is unchanged")
	}
}

// load finds and loads the workspace.
func (p *program) load() (*workspace.Workspace, error) {
	cwd, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("find the working folder: %w", err)
	}
	dir, err := workspace.Find(p.workspace, os.Getenv, cwd)
	if err != nil {
		return nil, usageError(err)
	}
	return workspace.Load(dir, workspace.Overrides{Flags: p.settings, Env: os.Getenv})
}

// isTerminal reports whether w, a reader or a writer, is a terminal that wants more than plain lines.
func isTerminal(w any) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd())) && os.Getenv("TERM") != "dumb"
}

// version is the version of the tool: the module's, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return "devel-" + setting.Value[:min(12, len(setting.Value))]
		}
	}
	return "devel"
}
