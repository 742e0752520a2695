package editions

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tapcov/tapcov/pipeline/acceptance"
	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
	"github.com/tapcov/tapcov/queries"
)

// Asked is what parameters of named queries may mean: the snapshots of an edition and the names of a
// workspace. Without an edition the snapshots are empty, and what needs one is null.
type Asked struct {
	Snapshots   []string // dates in order
	Newest      string
	Populations []string
}

// Asked returns what parameters may mean in a session.
func (s *Session) Asked() Asked {
	e := &Edition{Manifest: s.Manifest}
	return Asked{e.dates(), e.Newest(), s.ws.Populations()}
}

// AskedWithoutEdition returns what parameters may mean before anything is published; ws may be nil.
func AskedWithoutEdition(ws *workspace.Workspace) Asked {
	if ws == nil {
		return Asked{Populations: workspace.BuiltinPopulations}
	}
	return Asked{Populations: ws.Populations()}
}

// ParameterError says what is wrong with the value of a parameter, or that there is no such parameter.
type ParameterError struct{ what string }

// Error says what is wrong, and what would be right.
func (e *ParameterError) Error() string { return e.what }

func parameterError(format string, args ...any) error {
	return &ParameterError{fmt.Sprintf(format, args...)}
}

// Bind returns the values of a query's parameters in the order of its statement: text, or nil where there
// is no snapshot to mean. All that is wrong comes at once.
func (a Asked) Bind(q NamedQuery, given map[string]string) ([]any, error) {
	var problems []error
	var known []string
	for _, param := range q.Params {
		known = append(known, param.Name)
	}
	for name := range given {
		if !slices.Contains(known, name) {
			problems = append(problems, unknownParameter(q, name, known))
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	values := make([]any, len(q.Params))
	for i, param := range q.Params {
		text, isGiven := given[param.Name]
		if !isGiven && param.Required {
			problems = append(problems, parameterError("parameter %q of %s needs a value: %s", param.Name, q.Name, param.Meaning))
			continue
		}
		if !isGiven {
			text = param.Default
		}
		var err error
		if values[i], err = a.value(param, text); err != nil {
			problems = append(problems, err)
		}
	}
	if len(problems) == 0 {
		if err := a.bindPrevious(q, values); err != nil {
			problems = append(problems, err)
		}
	}
	return values, errors.Join(problems...)
}

func unknownParameter(q NamedQuery, name string, known []string) error {
	switch nearest := fold.Nearest(name, known); {
	case nearest != "":
		return parameterError("%s has no parameter %q, did you mean %q?", q.Name, name, nearest)
	case len(known) == 0:
		return parameterError("%s has no parameter %q, nor any other", q.Name, name)
	default:
		return parameterError("%s has no parameter %q; there are %s", q.Name, name, strings.Join(known, ", "))
	}
}

// value is what a text means as the value of a parameter.
func (a Asked) value(param queries.Param, text string) (any, error) {
	switch param.Type {
	case queries.IntegerParam:
		if _, err := strconv.ParseInt(text, 10, 64); err != nil {
			return nil, parameterError("%s=%s is not a whole number", param.Name, text)
		}
	case queries.ShareParam:
		return shareOf(param.Name, text)
	case queries.DateParam:
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return nil, parameterError("%s=%s is not a date such as 2016-12-31", param.Name, text)
		}
	case queries.SnapshotParam:
		return a.snapshot(param, text)
	case queries.LevelParam:
		return oneOf(param.Name, text, coverage.Levels)
	case queries.PopulationParam:
		return oneOf(param.Name, text, a.Populations)
	case queries.UnitParam:
		return oneOf(param.Name, text, []string{"terminal", "device"})
	case queries.ReadingParam:
		var readings []string
		for _, reading := range acceptance.Readings {
			readings = append(readings, string(reading))
		}
		return oneOf(param.Name, text, readings)
	case queries.ChoiceParam:
		return oneOf(param.Name, text, param.Choices)
	}
	return text, nil
}

func oneOf(name, text string, known []string) (any, error) {
	if slices.Contains(known, text) {
		return text, nil
	}
	if nearest := fold.Nearest(text, known); nearest != "" {
		return nil, parameterError("%s=%s is unknown, did you mean %q?", name, text, nearest)
	}
	return nil, parameterError("%s=%s is unknown: one of %s", name, text, strings.Join(known, ", "))
}

var decimal = regexp.MustCompile(`^(\d{1,3})(?:\.(\d{1,8}))?$`)

// shareOf reads 0.6 and 60% as 0.6, exactly.
func shareOf(name, text string) (any, error) {
	digits, isPercent := strings.CutSuffix(strings.ReplaceAll(text, "％", "%"), "%")
	found := decimal.FindStringSubmatch(digits)
	if found == nil {
		return nil, parameterError("%s=%s is not a share such as 0.6 or 60%%", name, text)
	}
	whole, fraction := found[1], found[2]
	if isPercent {
		whole = "00" + whole
		whole, fraction = whole[:len(whole)-2], whole[len(whole)-2:]+fraction
	}
	units, _ := strconv.Atoi(whole) // at most three digits
	isOne := units == 1 && strings.Trim(fraction, "0") == ""
	switch {
	case units > 0 && !isOne:
		return nil, parameterError("%s=%s is more than everything: a share is 0 to 1, or 0%% to 100%%", name, text)
	case len(fraction) > 8:
		return nil, parameterError("%s=%s has more than eight decimals as a share", name, text)
	case isOne:
		return "1", nil
	case fraction == "":
		return "0", nil
	}
	return "0." + fraction, nil
}

// Words that stand for snapshots.
const (
	newestSnapshot   = "newest"
	firstSnapshot    = "first"
	previousSnapshot = "previous"
)

// snapshot is the date of a snapshot that a text names: by its date, by its month, or by a word. Where
// previous is the default it is kept for bindPrevious, since it is about another parameter.
func (a Asked) snapshot(param queries.Param, text string) (any, error) {
	isRelative := text == previousSnapshot && param.Default == previousSnapshot
	switch {
	case isRelative:
		return text, nil
	case len(a.Snapshots) == 0:
		return nil, nil
	case text == newestSnapshot:
		return a.Newest, nil
	case text == firstSnapshot:
		return a.Snapshots[0], nil
	case text == previousSnapshot:
		return a.before(param.Name, a.Newest)
	}
	var found []string
	for _, date := range a.Snapshots {
		if date == text || (len(text) == len("2006-01") && strings.HasPrefix(date, text)) {
			found = append(found, date)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	if len(found) > 1 {
		return nil, parameterError("%s=%s may be any of %s", param.Name, text, strings.Join(found, ", "))
	}
	return nil, parameterError("%s=%s is no snapshot of this edition; there are newest, previous, first, %s", param.Name, text, someOf(a.Snapshots))
}

// someOf lists the last of many names.
func someOf(names []string) string {
	const many = 6
	if len(names) <= many {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s to %s (%d of them)", names[0], names[len(names)-1], len(names))
}

// bindPrevious puts the snapshot before the one that the query is about in the place of previous.
func (a Asked) bindPrevious(q NamedQuery, values []any) error {
	about := any(a.Newest)
	for i, param := range q.Params {
		if param.Type == queries.SnapshotParam && values[i] != previousSnapshot {
			about = values[i]
			break
		}
	}
	for i, param := range q.Params {
		if param.Type != queries.SnapshotParam || values[i] != previousSnapshot {
			continue
		}
		if values[i] = nil; len(a.Snapshots) == 0 {
			continue
		}
		var err error
		if values[i], err = a.before(param.Name, fmt.Sprint(about)); err != nil {
			return err
		}
	}
	return nil
}

// before is the snapshot before another one.
func (a Asked) before(name, date string) (any, error) {
	at := slices.Index(a.Snapshots, date)
	if at <= 0 {
		return nil, parameterError("%s=previous: there is no snapshot before %s", name, date)
	}
	return a.Snapshots[at-1], nil
}
