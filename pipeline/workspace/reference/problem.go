package reference

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Place is where something was written. Embedded files are named embedded:FILE.
type Place struct {
	File   string
	Line   int // counted from 1; 0: the file as a whole
	Column int // counted from 1; bytes in CSV, characters in YAML
}

// String gives FILE:LINE:COL.
func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Problem is one thing that is wrong with a file of reference data.
type Problem struct {
	Place
	Message string
}

// String gives FILE:LINE:COL: MESSAGE.
func (p Problem) String() string { return p.Place.String() + ": " + p.Message }

// Error holds every problem of the files of reference data, by file and place.
type Error struct {
	Problems []Problem
}

// maxPrinted is how many problems an Error prints before it counts the rest.
const maxPrinted = 20

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

// problems collects what is wrong while a table is read.
type problems []Problem

func (p *problems) add(at Place, format string, args ...any) {
	*p = append(*p, Problem{at, fmt.Sprintf(format, args...)})
}

// err returns the problems in order of file and place, nil if there is none.
func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return &Error{p}
}

// unknownWord is the message for a word that is not in a closed list.
func unknownWord(what, word string, known []string) string {
	return fmt.Sprintf("unknown %s %q: one of %s", what, word, strings.Join(known, ", "))
}
