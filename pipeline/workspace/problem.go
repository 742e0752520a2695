package workspace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// maxPrinted is how many problems an Error prints before it counts the rest.
const maxPrinted = 20

// Problem is one thing that is wrong with a workspace, and where it stands.
type Problem struct {
	// File is relative to the workspace. For a setting from outside it names the variable
	// (TAPCOV_LIMITS_MEMORY) or the flag (--limits-memory); it is empty where no file is to blame.
	File    string
	Line    int // counted from 1; 0: no line is to blame
	Column  int // characters, counted from 1
	Message string
}

// String gives FILE:LINE:COL: MESSAGE, without the parts that are not known.
func (p Problem) String() string {
	switch {
	case p.File == "":
		return p.Message
	case p.Line == 0:
		return fmt.Sprintf("%s: %s", p.File, p.Message)
	default:
		return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
	}
}

// Error is a workspace that cannot be used as it is configured: the user's mistake, not ours and
// not the machine's. It holds every problem found, in file order, tapcov.yaml first.
type Error struct {
	Problems []Problem
}

// Error prints one problem a line and cuts after 20 with the number of the rest.
func (e *Error) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i == maxPrinted {
			fmt.Fprintf(&b, "\nand %d more", len(e.Problems)-maxPrinted)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.String())
	}
	return b.String()
}

// mistake is an Error of one problem that no line is to blame for.
func mistake(format string, args ...any) error {
	return &Error{Problems: []Problem{{Message: fmt.Sprintf(format, args...)}}}
}

// problemsOrNil turns what was found into an error: nil if nothing was.
func problemsOrNil(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	return &Error{Problems: inFileOrder(problems)}
}

// inFileOrder sorts the problems of each file by place and keeps the files in the order in which
// they were first blamed.
func inFileOrder(problems []Problem) []Problem {
	rank := map[string]int{FileName: 0}
	for _, p := range problems {
		if _, seen := rank[p.File]; !seen {
			rank[p.File] = len(rank)
		}
	}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(rank[a.File], rank[b.File]),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
		)
	})
	return problems
}

// ConfigError is a mistake in the workspace's files that only shows once they are used.
type ConfigError struct{ Err error }

// Error says what is wrong and where.
func (e *ConfigError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *ConfigError) Unwrap() error { return e.Err }
