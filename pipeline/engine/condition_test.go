package engine

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckConditions(t *testing.T) {
	s := sandbox(t, SandboxOptions{})
	for condition, want := range map[string]string{
		"vendor = 'x' and count between 1 and 3 or not is_carried":          "",
		"case when count > 0 then true else false end":                      "",
		"regexp_like(vendor, '^x') and since >= date '2017-01-01'":          "",
		"coalesce(vendor, '') <> '' and vendor in ('x', 'y')":               "",
		"cast(vendor as integer) * -1 < count % 2 and vendor not like 'x%'": "",
		"date_trunc('month', since) = since and lower(trim(vendor)) = 'x'":  "",
		"colour = 'red'": `there is no column "colour"`,
		"vendor":         "neither true nor false",
		"count + 1":      "neither true nor false",
		"vendor = ":      "syntax error",
		"vendor = 'x' -- a comment takes the end":        "syntax error",
		"exists (select 1 from no_rows)":                 "no subquery",
		"count = (select max(count) from no_rows)":       "no subquery",
		"count in (select 1)":                            "no subquery",
		"row_number() over () = 1":                       "no window",
		"max(count) > 1":                                 `the function "max" is not one of conditions`,
		"random() > 0.5":                                 `the function "random"`,
		"current_date > since":                           `there is no column "current_date"`,
		"getenv('HOME') = 'x'":                           `the function "getenv"`,
		"list_contains(list_filter([1], x -> x = 1), 1)": "list_contains",
		"count = ?":                                      "no parameter",
		"true) from no_rows where (true":                 "syntax error",
		"true), (true":                                   "more than a condition",
		"true) from (values (1)) as t(x) --":             "more than a condition",
		"true); drop table no_rows; select (true":        "only queries",
		"true) from no_rows; select (true":               "one statement",
		"*":                                              "no star",
	} {
		problems, err := s.CheckConditions(t.Context(), "vendor varchar, count bigint, since date, is_carried boolean", []string{condition})
		if err != nil {
			t.Fatal(err)
		}
		problem := problems[0]
		if want == "" && problem != nil || want != "" && (problem == nil || !strings.Contains(problem.Error(), want)) {
			t.Errorf("%s: %v, want %q", condition, problem, want)
		}
		if problem != nil && !errors.As(problem, new(*Refusal)) && !errors.As(problem, new(*Mistake)) {
			t.Errorf("%s: an error of type %T", condition, problem)
		}
	}
}
