package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
)

// conditionFunctions are the functions that a condition may call. Both engines know them, and all of them
// look at the values of one row alone.
var conditionFunctions = strings.Fields(`
	+ - * / % || ~~ !~~ ~~* !~~* abs bitwise_and bitwise_or ceil concat contains date_part date_trunc day
	ends_with floor greatest least length like_escape not_like_escape lower ltrim mod month nullif regexp_like
	replace reverse round rtrim starts_with strpos substr substring trim upper year`)

// conditionClasses are the kinds of nodes that DuckDB's tree of a condition may have: no subquery, window,
// aggregate, lambda, parameter or star.
var conditionClasses = strings.Fields("BETWEEN CASE CAST COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION OPERATOR")

// ConditionError is what is wrong with a condition, a [*Mistake] or a [*Refusal], and where.
type ConditionError struct {
	Before string // the condition up to what is wrong; "": it is wrong as a whole
	err    error
}

// Error says what is wrong.
func (e *ConditionError) Error() string { return e.err.Error() }

// Unwrap returns what is wrong.
func (e *ConditionError) Unwrap() error { return e.err }

// CheckConditions checks conditions that stand in a workspace's files, against a table with no rows and
// the given columns ("name type, name type"): each must be one expression that is true, false or null, over
// these columns and a closed list of functions. It returns what is wrong with each, nil for a sound
// one; err is trouble of the engine.
func (s *Sandbox) CheckConditions(ctx context.Context, columns string, conditions []string) (problems []*ConditionError, err error) {
	if err := s.Fill(ctx, "no_rows", columns, nil); err != nil {
		return nil, err
	}
	rows, err := s.run(ctx, "select * from no_rows", nil)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, field := range rows.Schema().Fields() {
		names = append(names, field.Name)
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	problems = make([]*ConditionError, len(conditions))
	for i, condition := range conditions {
		if err := s.checkCondition(ctx, condition, names); err != nil {
			problems[i] = &ConditionError{condition[:placeIn(condition, err)], err}
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
	}
	return problems, nil
}

// beforeCondition is what stands before a condition in the query that it is checked by.
const beforeCondition = "select ("

// placeIn returns the byte of a condition that an error is about, 0 if it is about none.
func placeIn(condition string, err error) int {
	at := 0
	if mistake, refusal := new(Mistake), new(Refusal); errors.As(err, &mistake) {
		at = mistake.At
	} else if errors.As(err, &refusal) {
		at = refusal.At
	}
	return min(max(0, at-len(beforeCondition)), len(condition))
}

func (s *Sandbox) checkCondition(ctx context.Context, condition string, columns []string) error {
	query := beforeCondition + condition + ") from no_rows"
	tree, err := s.tree(ctx, query)
	if err != nil {
		return err
	}
	expression, isPlain := selected(tree)
	if !isPlain {
		return &Refusal{Reason: "it is more than a condition"}
	}
	if err := checkNodes(expression, columns); err != nil {
		return err
	}
	c, err := s.run(ctx, query, nil)
	if err != nil {
		return err
	}
	if c.Schema().Field(0).Type.ID() != arrow.BOOL {
		err = &Refusal{Reason: "it is neither true nor false, but a value"}
	}
	return errors.Join(err, c.Close())
}

// selected returns the one expression of a tree that is a plain selection from the table without rows.
func selected(tree any) (expression any, ok bool) {
	statement, _ := tree.(map[string]any)
	node, _ := statement["node"].(map[string]any)
	from, _ := node["from_table"].(map[string]any)
	list, _ := node["select_list"].([]any)
	isPlain := node["type"] == "SELECT_NODE" && len(list) == 1 && from["type"] == "BASE_TABLE" && from["table_name"] == "no_rows"
	for _, clause := range []string{"where_clause", "having", "qualify", "sample"} {
		isPlain = isPlain && node[clause] == nil
	}
	for _, clause := range []string{"modifiers", "group_expressions"} {
		some, _ := node[clause].([]any)
		isPlain = isPlain && len(some) == 0
	}
	if !isPlain {
		return nil, false
	}
	return list[0], true
}

// checkNodes refuses what a condition may not consist of.
func checkNodes(expression any, columns []string) (err error) {
	visit(expression, func(node map[string]any) {
		class, isNode := node["class"].(string)
		if !isNode || err != nil {
			return
		}
		name, _ := node["function_name"].(string)
		location, _ := node["query_location"].(float64)
		switch {
		case !slices.Contains(conditionClasses, class):
			err = &Refusal{Reason: "a condition looks at the values of one row: no " + strings.ToLower(class), At: int(location)}
		case class == "FUNCTION" && !slices.Contains(conditionFunctions, strings.ToLower(name)):
			err = &Refusal{Reason: fmt.Sprintf("the function %q is not one of conditions", name), At: int(location)}
		case class == "COLUMN_REF":
			err = checkColumn(node, columns, int(location))
		}
	})
	return err
}

// checkColumn refuses a name that is none of the columns. DuckDB would take some for a function, such as
// current_date, and the clock decides nothing.
func checkColumn(node map[string]any, columns []string, at int) error {
	names, _ := node["column_names"].([]any)
	if len(names) == 1 {
		for _, column := range columns {
			if name, _ := names[0].(string); strings.EqualFold(name, column) {
				return nil
			}
		}
	}
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = fmt.Sprint(name)
	}
	name := strings.Join(words, ".")
	return &Mistake{
		Message: fmt.Sprintf("there is no column %q", name), Detail: "there are " + strings.Join(columns, ", "),
		Kind: "binder", What: "column", Name: name, Candidates: columns, At: at,
	}
}
