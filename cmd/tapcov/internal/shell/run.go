// Package shell runs SQL over an edition: one statement, a script, or what somebody types.
package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/google/renameio/v2"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/cmd/tapcov/internal/result"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/engine"
)

// Options says where results go, and how.
type Options struct {
	Format     result.Format
	Output     string // file that a result goes to; "": Out
	Limit      int    // most rows of a table; 0: all
	Params     []engine.Param
	IsTerminal bool // Out is a terminal
	IsColoured bool
	Width      func() int // of the terminal; 0: any
	// More says how to see more rows than Limit, such as "--limit 0 for all".
	More string
	// Explain says what an error means.
	Explain func(err error)
}

// Shell runs statements over a session.
type Shell struct {
	Options
	session  *editions.Session
	out, err io.Writer
	timer    bool
}

// New returns a shell over a session; results go to out, words to err.
func New(session *editions.Session, out, err io.Writer, options Options) *Shell {
	return &Shell{Options: options, session: session, out: out, err: err}
}

// errTerminal says that a result is nothing for a terminal.
type errTerminal struct{ format result.Format }

func (e errTerminal) Error() string {
	return fmt.Sprintf("%s is no text, and would go to the terminal: name a file for it", e.format)
}

// Run runs one statement and writes its result.
func (s *Shell) Run(ctx context.Context, statement string) error {
	if s.Output != "" {
		rows, err := int64(0), error(nil)
		err = ToFile(s.Output, func(w io.Writer) error {
			rows, err = s.write(ctx, w, statement)
			return err
		})
		if err == nil {
			fmt.Fprintf(s.err, "%s written to %s\n", counted(rows, "row"), output.Clean(s.Output))
		}
		return err
	}
	if s.Format.IsBinary() && s.IsTerminal {
		return errTerminal{s.Format}
	}
	_, err := s.write(ctx, s.out, statement)
	return err
}

// ToFile writes a file that is there when it is whole; on error the old one, or none, stays.
func ToFile(path string, write func(w io.Writer) error) error {
	file, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o666), renameio.WithExistingPermissions())
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() { _ = file.Cleanup() }()
	if err := write(file); err != nil {
		return err
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func (s *Shell) write(ctx context.Context, w io.Writer, statement string) (rows int64, err error) {
	if s.Format == result.Parquet {
		return s.session.Parquet(ctx, w, statement, s.values()...)
	}
	begun := time.Now()
	found, err := s.session.Query(ctx, statement, s.values()...)
	if err != nil {
		return 0, err
	}
	if s.Format != result.Table {
		rows, err = result.Write(w, s.Format, s.Output != "", found)
		return rows, errors.Join(err, found.Close())
	}
	shown, err := result.WriteTable(w, found, s.layout())
	if err = errors.Join(err, found.Close()); err != nil {
		return shown.Rows, err
	}
	s.sayHowMany(ctx, shown, statement, time.Since(begun))
	return shown.Rows, nil
}

func (s *Shell) layout() result.Layout {
	layout := result.Layout{Limit: s.Limit}
	if s.Output == "" {
		layout.IsColoured = s.IsColoured
		if s.IsTerminal && s.Width != nil {
			layout.Width = s.Width()
		}
	}
	return layout
}

// countWithin is how long the rows that are not shown may take to be counted.
const countWithin = 10 * time.Second

// sayHowMany says how much of a result is shown, and with the timer how long it took.
func (s *Shell) sayHowMany(ctx context.Context, shown result.Shown, statement string, took time.Duration) {
	switch {
	case shown.HasMore:
		all := "more"
		if count, err := s.session.Count(ctx, countWithin, statement, s.values()...); err == nil {
			all = output.Thousands(strconv.FormatInt(count, 10))
		}
		fmt.Fprintf(s.err, "%s of %s rows; %s\n", output.Thousands(strconv.FormatInt(shown.Rows, 10)), all, s.More)
	case shown.Rows == 0 && s.IsTerminal:
		fmt.Fprintln(s.err, "no rows")
	case s.timer:
		fmt.Fprintln(s.err, counted(shown.Rows, "row"))
	}
	if s.timer {
		fmt.Fprintf(s.err, "%.3f s\n", took.Seconds())
	}
}

func (s *Shell) values() []any {
	values := make([]any, len(s.Params))
	for i, param := range s.Params {
		values[i] = param
	}
	return values
}

// Script runs the statements of a text one after another, and the dot commands on lines of their own. It
// ends with the first that fails.
func (s *Shell) Script(ctx context.Context, text string) error {
	b := buffer{}
	for line := range lines(text) {
		if err := s.feed(ctx, &b, line, s.Run); err != nil {
			return err
		}
		if b.quit {
			return nil
		}
	}
	if rest := b.rest(); rest != "" {
		return s.Run(ctx, rest)
	}
	return nil
}

// counted says how many of a thing there are: 1 row, 2,000 rows.
func counted(n int64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return output.Thousands(strconv.FormatInt(n, 10)) + " " + thing
}
