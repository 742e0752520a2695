package acceptance

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// JudgedRows returns a query over table: its columns, and for each row
//   - fired: bigint, the bits of the rules whose condition holds
//   - evidence: integer 0 to 255, the mask that Outcomes explains
func (s *Set) JudgedRows(table string) string {
	fired := []string{"cast(0 as bigint)"}
	for i, rule := range s.Rules {
		fired = append(fired, fmt.Sprintf("case when %s then %d else 0 end", rule.condition(), s.bit(i)))
	}
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
	return fmt.Sprintf("select\n    fired_rows.*,\n    %s as evidence\nfrom (\n    select\n        %s.*,\n        %s as fired\n    from %s\n) as fired_rows",
		strings.Join(evidence, "\n        + "), table, strings.Join(fired, "\n            + "), table)
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
//   - outcomes: one row per evidence mask (evidence, state, tier, tier_rules, acceptance,
//     acceptance_strict, acceptance_inferred, is_conflict, is_contradiction)
//   - rules: one row per rule in force (bit, rule, tier, yields, priority, condition, reason_en, reason_zh, origin)
func (s *Set) Install(ctx context.Context, e *engine.Engine) error {
	outcomes := [][]any{}
	for _, o := range Outcomes() {
		outcomes = append(outcomes, []any{
			int32(o.Evidence), int16(o.State), string(o.Tier), s.mask(o.Tier, Yes) | s.mask(o.Tier, No),
			string(o.Declared), string(o.Strict), string(o.Inferred), o.IsConflict, o.IsContradiction,
		})
	}
	err := e.Fill(ctx, "outcomes", `evidence integer, state smallint, tier varchar, tier_rules bigint,
		acceptance varchar, acceptance_strict varchar, acceptance_inferred varchar,
		is_conflict boolean, is_contradiction boolean`, outcomes)
	if err != nil {
		return err
	}
	rules := [][]any{}
	for i, rule := range s.Rules {
		rules = append(rules, []any{
			s.bit(i), rule.ID, string(rule.Tier), string(rule.Yields), int32(rule.Priority),
			rule.When, rule.Reason["en"], rule.Reason["zh"], rule.Origin,
		})
	}
	return e.Fill(ctx, "rules", `bit bigint, rule varchar, tier varchar, yields varchar, priority integer,
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
