package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/shell"
	"github.com/tapcov/tapcov/pipeline/editions"
)

// interact reads statements from the terminal until its user leaves.
func (p *program) interact(ctx context.Context, sh *shell.Shell, session *editions.Session) error {
	fmt.Fprintf(p.stderr, "edition %d, newest snapshot %s; .help for help, .quit to leave\n", session.Edition, session.Newest())
	return sh.Interact(ctx, shell.Terminal{History: historyFile(), Height: terminalHeight, Guard: p.guard})
}

// historyFile is where the statements of the shell are kept, by the XDG base directory specification;
// "" where there is no home.
func historyFile() string {
	state := os.Getenv("XDG_STATE_HOME")
	if state == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "tapcov", "history")
}

func terminalHeight() int {
	if _, rows, err := term.GetSize(int(os.Stdout.Fd())); err == nil && rows > 1 {
		return rows
	}
	return 24
}

// guard gives the next interrupts to cancel instead of to the program, until restore is called.
func (p *program) guard(cancel func()) (restore func()) {
	p.interrupts.Store(&cancel)
	return func() { p.interrupts.Store(nil) }
}
