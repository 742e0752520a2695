package shell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/reeflective/readline"

	"github.com/tapcov/tapcov/pipeline/engine"
)

// Terminal is what a shell needs of the terminal that somebody sits at.
type Terminal struct {
	History string // file of the statements of earlier sessions; "": none is kept
	Height  func() int
	// Guard gives Ctrl-C to a query while it runs: cancel ends the query and nothing else.
	Guard func(cancel func()) (restore func())
}

// Interact reads statements from the terminal until its user leaves.
func (s *Shell) Interact(ctx context.Context, t Terminal) error {
	s.More = ".limit 0 for all"
	rl := readline.NewShell()
	// Asked where the cursor is, a terminal answers among what is being typed, and the library loses what
	// comes together with the answer. Our prompt begins a line, so its column need not be asked for; that
	// there is a row below what is typed, for the library to go to and clear, is seen to here.
	rl.SyntaxHighlighter = func(line []rune) string { return string(line) + rowBelow }
	if err := rl.Config.Set("cursor-position-probe", false); err != nil {
		return fmt.Errorf("set up terminal: %w", err)
	}
	rl.Prompt.Primary(func() string { return "tapcov> " })
	rl.Prompt.Secondary(func() string { return "   ...> " })
	rl.AcceptMultiline = func(line []rune) bool { return isWhole(string(line)) }
	rl.Completer = complete
	if t.History != "" {
		if err := os.MkdirAll(filepath.Dir(t.History), 0o700); err == nil {
			rl.History.AddFromFile("history", t.History)
		}
	}
	last := ""
	for ctx.Err() == nil {
		line, err := rl.Readline()
		switch {
		case errors.Is(err, io.EOF):
			fmt.Fprintln(s.err)
			return nil
		case errors.Is(err, readline.ErrInterrupt):
			continue
		case err != nil:
			return fmt.Errorf("read from terminal: %w", err)
		}
		if strings.TrimSpace(line) == ".edit" {
			if line, err = edit(ctx, last); err != nil {
				s.Explain(err)
				continue
			}
			fmt.Fprintln(s.out, strings.TrimSpace(line))
		}
		if !strings.HasPrefix(strings.TrimSpace(line), ".") {
			last = line
		}
		b := buffer{}
		if err := s.guarded(ctx, t, func(ctx context.Context) error { return s.feed(ctx, &b, line+"\n", t.paged(s)) }); err != nil {
			s.Explain(err)
		}
		if b.quit {
			return nil
		}
	}
	return context.Cause(ctx)
}

// rowBelow goes a row down, for which the last row of a terminal scrolls, and up again.
const rowBelow = "\x1bD\x1b[A"

// isWhole tells whether what has been typed is to be run: a dot command, nothing, or statements that end.
func isWhole(typed string) bool {
	if strings.HasPrefix(strings.TrimSpace(typed), ".") {
		return true
	}
	_, rest := engine.Split(typed)
	return rest == ""
}

func complete(line []rune, cursor int) readline.Completions {
	word, candidates := Complete(string(line[:cursor]))
	values := make([]string, 0, 2*len(candidates))
	for _, c := range candidates {
		values = append(values, c.Value, c.About)
	}
	completions := readline.CompleteValuesDescribed(values...)
	completions.PREFIX = word
	return completions
}

// guarded runs what was typed so that Ctrl-C ends it and not the shell.
func (s *Shell) guarded(ctx context.Context, t Terminal, run func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer t.Guard(func() { cancel(errors.New("the query was cancelled")) })()
	return run(ctx)
}

// paged runs a statement and shows what is longer than the screen in a pager.
func (t Terminal) paged(s *Shell) func(ctx context.Context, statement string) error {
	return func(ctx context.Context, statement string) error {
		if s.Output != "" || s.Format.IsBinary() {
			return s.Run(ctx, statement)
		}
		screen := &pager{ctx: ctx, w: s.out, height: t.Height()}
		paged := *s
		paged.out, paged.err = screen, screen // how many rows there are is said below them
		err := paged.Run(ctx, statement)
		if screen.isLeft {
			err = nil // whoever leaves the pager has seen enough
		}
		return errors.Join(err, screen.close())
	}
}

// pager prints what fits on a screen; what is longer goes through the pager of the system.
type pager struct {
	ctx     context.Context
	w       io.Writer
	height  int
	held    bytes.Buffer
	command *exec.Cmd
	stdin   io.WriteCloser
	isLeft  bool // its user has left it
}

func (p *pager) Write(text []byte) (int, error) {
	if p.stdin != nil {
		n, err := p.stdin.Write(text)
		p.isLeft = err != nil
		return n, err
	}
	p.held.Write(text)
	if bytes.Count(p.held.Bytes(), []byte("\n")) < p.height {
		return len(text), nil
	}
	if err := p.start(); err != nil {
		return 0, err
	}
	return len(text), nil
}

// start hands over to the system's pager. Where there is none, everything is printed.
func (p *pager) start() error {
	words := strings.Fields(os.Getenv("PAGER"))
	if len(words) == 0 {
		words = []string{"less", "-SRFX"}
	}
	path, err := exec.LookPath(words[0])
	if err != nil {
		p.stdin = through{p.w}
	} else {
		// Ctrl-C ends the query; killed, a pager would leave the terminal as it had set it up.
		p.command = exec.CommandContext(context.WithoutCancel(p.ctx), path, words[1:]...)
		p.command.Stdout, p.command.Stderr = os.Stdout, os.Stderr
		if p.stdin, err = p.command.StdinPipe(); err == nil {
			err = p.command.Start()
		}
		if err != nil {
			return fmt.Errorf("start %s: %w", words[0], err)
		}
	}
	_, err = p.held.WriteTo(p.stdin)
	p.isLeft = err != nil
	return err
}

// close prints what is still held, or waits until the user leaves the pager.
func (p *pager) close() error {
	if p.stdin == nil {
		_, err := p.held.WriteTo(p.w)
		return err
	}
	_ = p.stdin.Close()
	if p.command != nil {
		_ = p.command.Wait() // its exit code says nothing of the query
	}
	return nil
}

// through is a writer that needs no closing.
type through struct{ io.Writer }

func (through) Close() error { return nil }

// edit lets the user write a statement in an editor, beginning with the last one.
func edit(ctx context.Context, last string) (string, error) {
	file, err := os.CreateTemp("", "tapcov-*.sql")
	if err != nil {
		return "", fmt.Errorf("make file to edit: %w", err)
	}
	defer os.Remove(file.Name())
	_, err = file.WriteString(last)
	if err := errors.Join(err, file.Close()); err != nil {
		return "", fmt.Errorf("make file to edit: %w", err)
	}
	command := strings.Fields(os.Getenv("VISUAL"))
	if len(command) == 0 {
		command = strings.Fields(os.Getenv("EDITOR"))
	}
	if len(command) == 0 {
		command = []string{"vi"}
	}
	editor := exec.CommandContext(ctx, command[0], append(command[1:], file.Name())...)
	editor.Stdin, editor.Stdout, editor.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := editor.Run(); err != nil {
		return "", fmt.Errorf("edit with %s: %w", command[0], err)
	}
	text, err := os.ReadFile(file.Name())
	if err != nil {
		return "", fmt.Errorf("read what was edited: %w", err)
	}
	edited := strings.TrimSpace(string(text))
	if edited != "" && !isWhole(edited) {
		edited += ";"
	}
	return edited, nil
}

func displayWidth(content string) int { return text.StringWidthWithoutEscSequences(content) }
