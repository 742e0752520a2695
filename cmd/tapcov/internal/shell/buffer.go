package shell

import (
	"context"
	"iter"
	"strings"

	"github.com/tapcov/tapcov/pipeline/engine"
)

// buffer collects lines until they are a statement.
type buffer struct {
	text string
	quit bool
}

// lines yields the lines of a text, with the line end.
func lines(text string) iter.Seq[string] { return strings.Lines(text) }

// rest is what has been typed of a statement that is not ended.
func (b *buffer) rest() string {
	_, rest := engine.Split(b.text)
	return rest
}

// isCommand tells whether a line is a dot command: one that begins a statement with a dot.
func (b *buffer) isCommand(line string) bool {
	return strings.HasPrefix(strings.TrimSpace(line), ".") && strings.TrimSpace(b.text) == ""
}

// feed takes a line: a dot command is carried out, and run is called for each statement that it ends.
func (s *Shell) feed(ctx context.Context, b *buffer, line string, run func(ctx context.Context, statement string) error) error {
	if b.isCommand(line) {
		b.text = ""
		quit, err := s.command(ctx, strings.TrimSpace(line))
		b.quit = quit
		return err
	}
	b.text += line
	statements, rest := engine.Split(b.text)
	if len(statements) == 0 {
		if rest == "" {
			b.text = "" // blanks and comments
		}
		return nil
	}
	b.text = rest
	for _, statement := range statements {
		if err := run(ctx, statement); err != nil {
			b.text = ""
			return err
		}
	}
	return nil
}
