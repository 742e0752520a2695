package acceptance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// JudgedRows returns a query over table, which has Columns: FiredRows of it, judged.
func (s *Set) JudgedRows(table string) string { return s.Judged(s.FiredRows(table)) }

// FiredRows returns a query over table, which has Columns: its columns, and for each row
//   - fired: bigint, the bits of the rules whose condition holds
//
// Rules that FiredBy decided for some of the known columns are left to a column known_fired of the table.
func (s *Set) FiredRows(table string, known ...[]string) string {
	terms := []string{"cast(0 as bigint)"}
	if len(known) > 0 {
		terms[0] = "known_fired"
	}
	for i, rule := range s.Rules {
		if !slices.ContainsFunc(known, rule.dependsOnlyOn) {
			terms = append(terms, s.firing(i))
		}
	}
	return fmt.Sprintf("select\n    %s.*,\n    %s as fired\nfrom %s", table, strings.Join(terms, "\n        + "), table)
}

// FiredBy returns an expression: the bits of the rules whose condition holds and looks at nothing but columns.
func (s *Set) FiredBy(columns []string) string {
	terms := []string{"cast(0 as bigint)"}
	for i, rule := range s.Rules {
		if rule.dependsOnlyOn(columns) {
			terms = append(terms, s.firing(i))
		}
	}
	return strings.Join(terms, "\n        + ")
}

func (s *Set) firing(rule int) string {
	return fmt.Sprintf("case when %s then %d else 0 end", s.Rules[rule].condition(), s.bit(rule))
}

// dependsOnlyOn tells whether a condition names no other of Columns. A name in a text counts too.
func (r Rule) dependsOnlyOn(columns []string) bool {
	words := strings.FieldsFunc(strings.ToLower(r.When), func(c rune) bool { return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	return !slices.ContainsFunc(Columns, func(c Column) bool {
		return slices.Contains(words, c.Name) && !slices.Contains(columns, c.Name)
	})
}

// Judged returns a query over a query with the column fired: its columns, and for each row
//   - evidence: integer 0 to 255, the mask that Outcomes explains
//   - rule_place: integer, the place in Rules of the rule that decides, the first that fires; -1 for none
func (s *Set) Judged(fired string) string {
	evidence := []string{"0"}
	for i, tier := range Tiers {
		for _, side := range []struct {
			yields Acceptance
			bit    int
		}{{Yes, yesBit(i)}, {No, noBit(i)}} {
			if mask := s.mask(tier, side.yields); mask != 0 {
				evidence = append(evidence, fmt.Sprintf("case when bitwise_and(fired, %d) <> 0 then %d else 0 end", mask, side.bit))
			}
		}
	}
	places := "-1"
	if len(s.Rules) > 0 {
		places = "case"
		for i := range s.Rules {
			places += fmt.Sprintf(" when bitwise_and(fired, %d) <> 0 then %d", s.bit(i), i)
		}
		places += " else -1 end"
	}
	return fmt.Sprintf("select\n    fired_rows.*,\n    %s as evidence,\n    %s as rule_place\nfrom (\n%s\n) as fired_rows",
		strings.Join(evidence, "\n        + "), places, fired)
}

// condition is the rule's condition on one line, in brackets, so that nothing in it reaches beyond.
func (r Rule) condition() string { return "(" + strings.Join(strings.Fields(r.When), " ") + ")" }

func (s *Set) bit(rule int) int64 { return 1 << rule }

// mask returns the bits of the rules of a tier that yield a value.
func (s *Set) mask(tier Tier, yields Acceptance) (mask int64) {
	for i, rule := range s.Rules {
		if rule.Tier == tier && rule.Yields == yields {
			mask |= s.bit(i)
		}
	}
	return mask
}

// Install gives the engine what settled terminals are tagged with:
//   - outcomes: one row per evidence mask (evidence, state, tier, acceptance,
//     acceptance_strict, acceptance_inferred, is_conflict, is_contradiction)
//   - rules: one row per rule in force, and one of nulls for none at place -1 (bit, place in Rules, rule, tier, yields, priority, condition, reason_en, reason_zh, origin)
func (s *Set) Install(ctx context.Context, e *engine.Engine) error {
	outcomes := [][]any{}
	for _, o := range Outcomes() {
		outcomes = append(outcomes, []any{
			int32(o.Evidence), int16(o.State), string(o.Tier),
			string(o.Declared), string(o.Strict), string(o.Inferred), o.IsConflict, o.IsContradiction,
		})
	}
	err := e.Fill(ctx, "outcomes", `evidence integer, state smallint, tier varchar,
		acceptance varchar, acceptance_strict varchar, acceptance_inferred varchar,
		is_conflict boolean, is_contradiction boolean`, outcomes)
	if err != nil {
		return err
	}
	rules := [][]any{{int64(0), int32(-1), nil, nil, nil, nil, nil, nil, nil, nil}}
	for i, rule := range s.Rules {
		rules = append(rules, []any{
			s.bit(i), int32(i), rule.ID, string(rule.Tier), string(rule.Yields), int32(rule.Priority),
			rule.When, rule.Reason["en"], rule.Reason["zh"], rule.Origin,
		})
	}
	return e.Fill(ctx, "rules", `bit bigint, place integer, rule varchar, tier varchar, yields varchar, priority integer,
		condition varchar, reason_en varchar, reason_zh varchar, origin varchar`, rules)
}

// Check checks every condition in a sandbox against a table with no rows, so that one which is more than a
// condition, or names a column that does not exist, is found before a run and not in the middle of it.
func (s *Set) Check(ctx context.Context, sandbox *engine.Sandbox) error {
	columns := make([]string, len(Columns))
	for i, column := range Columns {
		columns[i] = engine.Name(column.Name) + " " + column.Type
	}
	conditions := make([]string, len(s.Rules))
	for i, rule := range s.Rules {
		conditions[i] = rule.condition()
	}
	found, err := sandbox.CheckConditions(ctx, strings.Join(columns, ", "), conditions)
	if err != nil {
		return err
	}
	var problems []error
	for i, problem := range found {
		if problem != nil {
			place := s.Rules[i].place(strings.TrimPrefix(problem.Before, "("))
			problems = append(problems, &ConditionError{Place: place, Rule: s.Rules[i].ID, Err: problem})
		}
	}
	return errors.Join(problems...)
}

// ConditionError is a condition that cannot be used, and the rule it is of.
type ConditionError struct {
	Place string // FILE:LINE:COLUMN
	Rule  string
	Err   error
}

// Error names place and rule, and what may be meant.
func (e *ConditionError) Error() string {
	return fmt.Sprintf("%s: rule %q: when: %v%s", e.Place, e.Rule, e.Err, MeantName(e.Err))
}

// Unwrap returns what is wrong with the condition.
func (e *ConditionError) Unwrap() error { return e.Err }

// MeantName says which column a condition may mean by a name that none has: `, did you mean "model"?`.
func MeantName(err error) string {
	mistake := new(engine.Mistake)
	if !errors.As(err, &mistake) || mistake.Name == "" {
		return ""
	}
	nearest := fold.Nearest(mistake.Name, mistake.Candidates)
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", nearest)
}

// Failure is an example that did not come out as written.
type Failure struct {
	Rule    string
	Example int // counted from 1
	Given   map[string]string
	Want    bool
}

// Test runs the examples written beside each rule and returns how many ran and which failed.
func (s *Set) Test(ctx context.Context, e *engine.Engine) (ran int, failures []Failure, err error) {
	for _, rule := range s.Rules {
		for i, example := range rule.Examples {
			var columns []string
			for _, column := range Columns {
				value := column.Blank
				if given, ok := example.Given[column.Name]; ok {
					value = engine.Quote(given)
				}
				columns = append(columns, "cast("+value+" as "+column.Type+") as "+column.Name)
			}
			var fires bool
			query := "select coalesce(" + rule.condition() + ", false) from (select " + strings.Join(columns, ", ") + ") as example"
			if err := e.Scan(ctx, query, &fires); err != nil {
				return ran, failures, fmt.Errorf("%s: rule %q: example %d: %w", rule.Origin, rule.ID, i+1, err)
			}
			ran++
			if fires != example.Fires {
				failures = append(failures, Failure{Rule: rule.ID, Example: i + 1, Given: example.Given, Want: example.Fires})
			}
		}
	}
	return ran, failures, nil
}
