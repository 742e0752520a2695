package conform

import (
	"fmt"
	"strings"
)

// Layout says how an export is read: where its header is and where each canonical column comes
// from. It is what inspect, plan, quick and reports show.
type Layout struct {
	HeaderLine  int64        `json:"header_line"`          // 0: no record is it
	FirstLine   int64        `json:"first_line,omitempty"` // of the data, where no record is the header and a profile says it
	Preamble    int          `json:"preamble"`             // records above the header, or above the data
	Headers     []string     `json:"headers"`              // as in the file, trimmed
	Columns     []Mapped     `json:"columns"`              // in the order of the inventory; absent columns are left out
	Assumptions []Assumption `json:"assumptions,omitempty"`
	Unmapped    []Unmapped   `json:"unmapped,omitempty"`
	// SnapshotDate is yyyy-mm-dd; Part and Version are as the export states them, "" if it does not.
	SnapshotDate string `json:"snapshot_date"`
	Part         string `json:"part,omitempty"`
	Version      string `json:"version,omitempty"`

	Sheets []Sheet `json:"sheets,omitempty"` // of a workbook: those that are read
}

// Found says how a canonical column was found.
type Found string

// The ways in which a canonical column is found.
const (
	FoundProfile  Found = "profile"  // the profile names the header
	FoundAlias    Found = "alias"    // the table of known headers has it
	FoundConstant Found = "constant" // the profile gives one value for every row
	FoundAssumed  Found = "assumed"  // the profile assumes one value for every row
)

// Mapped is a canonical column and where it comes from.
type Mapped struct {
	Column  string   `json:"column"`
	Found   Found    `json:"found"`
	Headers []string `json:"headers,omitempty"` // several: the levels of a region
	Value   string   `json:"value,omitempty"`   // of a constant
	Note    string   `json:"note,omitempty"`    // a caution about the header
}

// Assumption is a value that a profile takes for every row because the export does not say it.
type Assumption struct {
	Column string `json:"column"`
	Value  string `json:"value"`
}

// Unmapped is a header that no canonical column reads, and why, where it could have been one.
type Unmapped struct {
	Header string `json:"header"`
	Why    string `json:"why,omitempty"`
}

// Column returns how a canonical column was found.
func (l *Layout) Column(name string) (Mapped, bool) {
	for _, m := range l.Columns {
		if m.Column == name {
			return m, true
		}
	}
	return Mapped{}, false
}

// Problem is one reason to set an export aside.
type Problem struct {
	Code    string   `json:"code"`
	Column  string   `json:"column,omitempty"` // the canonical column, if one is to blame
	Values  []string `json:"values,omitempty"` // the cells that are not understood, or the headers that might be meant
	Message string   `json:"message"`
	Hint    string   `json:"hint,omitempty"` // what to do, with the line of YAML to add where one would help
}

// The codes of problems.
const (
	ProblemNoHeader     = "no_header"
	ProblemNoTerminalID = "no_terminal_id"
	ProblemHeaderAbsent = "header_absent"
	ProblemHeaderTwice  = "header_twice"
	ProblemProfile      = "profile" // a rule of the profile cannot be used
	ProblemUnassumed    = "unassumed"
	ProblemNoMap        = "no_map"
	ProblemSnapshotDate = "snapshot_date"
	ProblemPart         = "part"
	ProblemVersion      = "version"
	ProblemUnknownValue = "unknown_value"
	ProblemControlTotal = "control_total"
	ProblemDisagreement = "disagreement"
	ProblemNoSheet      = "no_sheet"
)

// ProblemCodes lists the codes that a Problem can have.
var ProblemCodes = []string{
	ProblemNoHeader, ProblemNoTerminalID, ProblemHeaderAbsent, ProblemHeaderTwice, ProblemProfile, ProblemUnassumed, ProblemNoMap,
	ProblemSnapshotDate, ProblemPart, ProblemVersion, ProblemUnknownValue, ProblemControlTotal, ProblemDisagreement,
	ProblemNoSheet,
}

// SetAsideError is the error of an export that cannot be used as it is: its delivery is set aside, the
// rest of the run goes on. It holds everything that was found wrong.
type SetAsideError struct {
	File     string
	Problems []Problem
	Layout   Layout // as far as it was found
}

// Error prints FILE: MESSAGE, one line a problem, each with its hint.
func (e *SetAsideError) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s: %s", e.File, p.Message)
		if p.Hint != "" {
			fmt.Fprintf(&b, "; %s", p.Hint)
		}
	}
	return b.String()
}

func setAsideOrNil(file string, layout Layout, problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	return &SetAsideError{File: file, Problems: problems, Layout: layout}
}
