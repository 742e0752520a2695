package queries

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryNamedQueryIsDescribed(t *testing.T) {
	all := Library()
	if len(all) < 24 {
		t.Fatalf("only %d named queries", len(all))
	}
	params := map[string]Param{}
	for _, q := range all {
		if q.File != "" || !strings.HasPrefix(q.Grain, "one row per ") || !strings.HasSuffix(q.What, "?") || q.Topic == "" {
			t.Errorf("%s: grain %q, what %q, topic %q, file %q", q.Name, q.Grain, q.What, q.Topic, q.File)
		}
		for _, table := range names(q.Reads) {
			if _, ok := Describe(table); !ok || !strings.Contains(q.Statement(), table+".") {
				t.Errorf("%s: says that it reads %q", q.Name, table)
			}
		}
		if len(q.Columns) == 0 {
			t.Errorf("%s: no columns", q.Name)
		}
		for _, c := range q.Columns {
			if c.Meaning == "" || strings.HasSuffix(c.Meaning, ".") {
				t.Errorf("%s: column %s: meaning %q, want a phrase without a full stop", q.Name, c.Name, c.Meaning)
			}
		}
		for _, shown := range q.Shown {
			if !slices.ContainsFunc(q.Columns, func(c Column) bool { return c.Name == shown }) {
				t.Errorf("%s: shows %q, which is no column of it", q.Name, shown)
			}
		}
		for _, p := range q.Params {
			known, ok := params[p.Name]
			if p.Meaning == "" || ok && known.Type != p.Type {
				t.Errorf("%s: parameter %s is of type %s, elsewhere of type %s; it means %q", q.Name, p.Name, p.Type, known.Type, p.Meaning)
			}
			params[p.Name] = p
		}
		checkForm(t, q)
	}
}

var (
	lastOrder = regexp.MustCompile(`\norder by[^;]*\n$`)
	castOnce  = regexp.MustCompile(`(?m)^        cast\(\? as [a-z]+(\(\d+, \d+\))?\) as [a-z_]+,?$`)
)

// checkForm holds that parameters stand in params, cast, and that the rows come in a stated order.
func checkForm(t *testing.T, q Query) {
	t.Helper()
	if found := len(castOnce.FindAllString(q.SQL, -1)); found != len(q.Params) {
		t.Errorf("%s: %d of its %d parameters are cast in params", q.Name, found, len(q.Params))
	}
	if !lastOrder.MatchString(q.SQL) {
		t.Errorf("%s: does not end with its order", q.Name)
	}
	if lines := strings.Count(code(q.SQL), "\n"); lines > 100 {
		t.Errorf("%s: a statement of %d lines", q.Name, lines)
	}
}

func TestParseQuery(t *testing.T) {
	const text = `-- shops: one row per shop.
-- Any other remark
-- what:  Which shops
--     are there?
-- not for: counting,
--        nor for adding
-- limit: 20
-- shown: shop, terminal_count
-- param since date = 2016-01-01: the first day
-- param share share: what is claimed
-- param size choice(small, large) = small:
-- param 省份 text = all: the province
-- columns of coverage: terminal_count, yes_count
-- column shop: its name
select '?', "a?", /* ? */ ? -- ?
from shops where a > ? and b = ? and c = ?
`
	got, problems := ParseQuery("queries/shops.sql", text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	coverage, _ := Describe("coverage")
	column := func(name string) Column {
		return coverage.Columns[slices.IndexFunc(coverage.Columns, func(c Column) bool { return c.Name == name })]
	}
	want := Query{
		Name: "shops", Grain: "one row per shop", What: "Which shops are there?", NotFor: "counting, nor for adding", Limit: 20,
		Shown: []string{"shop", "terminal_count"}, SQL: text, File: "queries/shops.sql",
		Params: []Param{
			{Name: "since", Type: DateParam, Default: "2016-01-01", Meaning: "the first day"},
			{Name: "share", Type: ShareParam, Required: true, Meaning: "what is claimed"},
			{Name: "size", Type: ChoiceParam, Choices: []string{"small", "large"}, Default: "small"},
			{Name: "省份", Type: TextParam, Default: "all", Meaning: "the province"},
		},
		Columns: []Column{column("terminal_count"), column("yes_count"), {Name: "shop", Meaning: "its name"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	filled := got.Filled([]any{"2016-12-31", nil, "small", "'; drop"})
	if want := `/* ? */ '2016-12-31' /* since */ -- ?
from shops where a > null /* share */ and b = 'small' /* size */ and c = '''; drop' /* 省份 */
`; !strings.HasSuffix(filled, want) {
		t.Errorf("filled in:\n%s", filled)
	}
	if statement := got.Statement(); strings.Count(statement, "\n") != strings.Count(text, "\n") || strings.Contains(statement, "coverage") {
		t.Errorf("the statement alone:\n%s", statement)
	}
}

func TestAHeaderIsNotNeeded(t *testing.T) {
	for _, text := range []string{"select 1", "-- what I do here: nothing\nselect 1", "\n-- param x nonsense\nselect 1", "-- https://example.org\n--\nselect 1", ""} {
		q, problems := ParseQuery("my question.sql", text)
		if len(problems) > 0 || q.Name != "my question" || len(q.Params) > 0 {
			t.Errorf("%q: %+v, %v", text, q, problems)
		}
	}
}

func TestHeaderProblems(t *testing.T) {
	for header, want := range map[string]string{
		"-- shop: one row per shop":                    `queries/shops.sql:1: the header is of "shop", the file of "shops": a query has the name of its file`,
		"-- topic: claim":                              `queries/shops.sql:1: there is no topic "claim"; there are claims, places, merchants, change, devices, evidence, quality`,
		"-- limit: few":                                `queries/shops.sql:1: limit "few" is no number of rows`,
		"--\n-- param x":                               `queries/shops.sql:2: parameter "x" is not of the form NAME TYPE = DEFAULT`,
		"-- param x number = 1: a":                     `queries/shops.sql:1: there is no type of parameter "number"; there are text, integer, share, date, snapshot, level, population, unit, reading, choice`,
		"-- param a-b text = 1: a":                     `queries/shops.sql:1: the parameter's name "a-b" is not of letters, digits and _`,
		"-- param x choice = 1: a":                     `queries/shops.sql:1: parameter "x" has no choices: write choice(one, other)`,
		"-- param x text: a\n-- param x text: b":       `queries/shops.sql:2: parameter "x" stands there twice`,
		"-- column x: a\n-- column x: b":               `queries/shops.sql:2: column "x" stands there twice`,
		"-- columns of terminal: x":                    `queries/shops.sql:1: there is no table "terminal"; there are terminals, `,
		"-- columns of brands: brand,\n--     name_fr": `queries/shops.sql:1: there is no column of brands "name_fr"; there are brand, name_en, name_zh, aliases`,
		"-- param x text = 1: a":                       `queries/shops.sql:1: the statement has 0 ? and the header 1 parameters`,
		"select 1\nwhere ? = 1":                        `queries/shops.sql:2: the statement has 1 ? and the header 0 parameters`,
	} {
		_, problems := ParseQuery("queries/shops.sql", header+"\nselect 1\n")
		if len(problems) == 0 || !strings.HasPrefix(problems[0].Error(), want) {
			t.Errorf("%q: %v, want %s", header, problems, want)
		}
	}
}
