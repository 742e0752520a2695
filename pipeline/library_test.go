package pipeline_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// needed are values of parameters that have no default.
var needed = map[string]map[string]string{
	"merchant_terminals": {"merchant": "901350172300001"},
	"terminal_history":   {"terminal": "00010021"},
}

func library(t *testing.T, ws *workspace.Workspace) *editions.Library {
	t.Helper()
	l, err := editions.LoadLibrary(ws)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// answer runs a query of the library with the parameters given as NAME=VALUE.
func answer(t *testing.T, s *editions.Session, name string, params ...string) *editions.Table {
	t.Helper()
	q, err := library(t, nil).Find(name)
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]string{}
	for key, value := range needed[name] {
		given[key] = value
	}
	for _, param := range params {
		key, value, _ := strings.Cut(param, "=")
		given[key] = value
	}
	values, err := s.Asked().Bind(q, given)
	if err != nil {
		t.Fatal(err)
	}
	table, hasMore, err := s.Ask(t.Context(), q, values, 0)
	if err != nil || hasMore {
		t.Fatalf("%s: %v, %v", name, hasMore, err)
	}
	return table
}

// sum adds up a column of counts over the rows that a condition keeps.
func sum(t *testing.T, table *editions.Table, column string, keeps func(row map[string]any) bool) (total int64) {
	t.Helper()
	for _, cells := range table.Rows {
		row := map[string]any{}
		for i, name := range table.Columns {
			row[name] = cells[i]
		}
		count, ok := row[column].(int64)
		if !ok {
			t.Fatalf("%s is %v, no count", column, row[column])
		}
		if keeps(row) {
			total += count
		}
	}
	return total
}

func all(map[string]any) bool { return true }

func is(column, value string) func(map[string]any) bool {
	return func(row map[string]any) bool { return row[column] == value }
}

// Every query of the library runs on an edition without a snapshot, and has the columns it says.
func TestLibraryWithoutSnapshot(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "tapcov.yaml", "estate: {area: CN}\nsources:\n  - name: south\n    snapshot_date: {file_name: '(\\d{8})'}\n")
	run(t, dir)
	s := session(t, load(t, dir), editions.SessionOptions{})
	for _, q := range library(t, nil).Queries {
		table := answer(t, s, q.Name)
		checkColumns(t, q, table)
		if rows := len(table.Rows); rows > 0 && q.Name != "claim_history" {
			t.Errorf("%s: %d rows", q.Name, rows)
		}
	}
}

func checkColumns(t *testing.T, q editions.NamedQuery, table *editions.Table) {
	t.Helper()
	var described []string
	for _, column := range q.Columns {
		described = append(described, column.Name)
	}
	if diff := cmp.Diff(described, table.Columns); diff != "" {
		t.Errorf("%s: its header and its result differ (-header +result):\n%s", q.Name, diff)
	}
}

// Whatever is asked, the counts are those of the coverage rows.
func TestLibraryTiesOut(t *testing.T) {
	s := session(t, sampleEdition(t).Workspace(), editions.SessionOptions{})
	nation := answer(t, s, "readings_compared")
	of := func(column string) int64 { return sum(t, nation, column, is("reading", "declared")) }
	terminals, yes, no, unknown := of("terminal_count"), of("yes_count"), of("no_count"), of("unknown_count")
	check := func(what string, got, want int64) {
		t.Helper()
		if got != want || want == 0 {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	check("yes and no and unknown", yes+no+unknown, terminals)
	for _, level := range []string{"acquirer", "province", "county", "category", "device_type", "model"} {
		check("yes by "+level, sum(t, answer(t, s, "ranking", "level="+level), "yes_count", all), yes)
		check("no by "+level, sum(t, answer(t, s, "concentration", "level="+level), "no_count", all), no)
		check("unknown by "+level, sum(t, answer(t, s, "widest_bounds", "level="+level), "unknown_count", all), unknown)
		check("cost by "+level, sum(t, answer(t, s, "upgrade_cost", "level="+level, "upgrade_cost=1", "visit_cost=0"), "upper_cost", all), no+unknown)
	}
	check("reasons", sum(t, answer(t, s, "unknown_reasons"), "terminal_count", all), unknown)
	check("deciding acquirers", sum(t, answer(t, s, "deciding_acquirers"), "unknown_count", all), unknown)
	check("this month's gain", sum(t, answer(t, s, "gains"), "yes_gain", all), yes-sum(t, answer(t, s, "readings_compared", "snapshot=2016-12"), "yes_count", is("reading", "declared")))

	moved := answer(t, s, "movement")
	check("terminals that are yes now", sum(t, moved, "terminal_count", is("acceptance", "yes")), yes)
	check("terminals that are no now", sum(t, moved, "terminal_count", is("acceptance", "no")), no)
	decided := func(row map[string]any) bool {
		return row["before_acceptance"] == "absent" && row["acceptance"] != "unknown" // the unknown may be undecided
	}
	arrived := answer(t, s, "new_terminals")
	check("new terminals that are known", sum(t, moved, "terminal_count", decided), counted(t, arrived, is("acceptance", "yes"))+counted(t, arrived, is("acceptance", "no")))
	changed := answer(t, s, "changed_answers")
	fromNo := func(row map[string]any) bool { return row["before_acceptance"] == "no" && row["acceptance"] == "yes" }
	check("terminals that turned from no to yes", counted(t, changed, fromNo), sum(t, moved, "terminal_count", fromNo))

	check("yes by rule", sum(t, answer(t, s, "rules_fired"), "yes_count", all), yes)
	check("yes by device type", sum(t, answer(t, s, "device_types"), "yes_count", all), yes)
	check("no by installation", sum(t, answer(t, s, "installation_cohorts", "period=year"), "no_count", all), no)
	sizes := answer(t, s, "merchant_sizes")
	without := sum(t, answer(t, s, "unresolved"), "terminal_count", is("attribute", "merchant_id"))
	check("terminals of merchants", sum(t, sizes, "terminal_count", all), sum(t, answer(t, s, "device_types"), "terminal_count", all)-without)
	check("merchants without", int64(len(answer(t, s, "merchants_without_quickpass").Rows)), sum(t, sizes, "merchant_count", all)-sum(t, sizes, "any_count", all))
}

// counted counts the rows that a condition keeps.
func counted(t *testing.T, table *editions.Table, keeps func(row map[string]any) bool) (n int64) {
	t.Helper()
	for _, cells := range table.Rows {
		row := map[string]any{}
		for i, name := range table.Columns {
			row[name] = cells[i]
		}
		if keeps(row) {
			n++
		}
	}
	return n
}

// How many terminals a claim lacks is exact: with one less it does not hold.
func TestBelowTheClaimIsExact(t *testing.T) {
	s := session(t, sampleEdition(t).Workspace(), editions.SessionOptions{})
	table := answer(t, s, "below_the_claim", "share=62.5%", "level=county")
	if len(table.Rows) < 10 {
		t.Fatalf("%d rows", len(table.Rows))
	}
	at := map[string]int{}
	for i, column := range table.Columns {
		at[column] = i
	}
	for _, row := range table.Rows {
		count := func(column string) int64 { return row[at[column]].(int64) }
		all, yes, unknown, lack, least := count("terminal_count"), count("yes_count"), count("unknown_count"), count("lack_count"), count("lack_lower_count")
		if holds := func(yes int64) bool { return 8*yes > 5*all }; !holds(yes+lack) || holds(yes+lack-1) {
			t.Errorf("%v: %d more of %d make it hold? %v", row[at["key"]], lack, all, row)
		}
		isBelow := 8*(yes+unknown) <= 5*all
		if want := max(0, lack-unknown); least != want || isBelow != (row[at["standing"]] == "below") {
			t.Errorf("%v: lacks %d at least, want %d; %v", row[at["key"]], least, want, row[at["standing"]])
		}
	}
}

func TestBind(t *testing.T) {
	months := editions.Asked{
		Snapshots: []string{"2016-10-31", "2016-11-30", "2016-12-15", "2016-12-31"}, Newest: "2016-12-15", Populations: []string{"networked", "mine"},
	}
	for _, c := range []struct {
		asked              editions.Asked
		query, given, want string // the values, or what is wrong
	}{
		{months, "movement", "", "2016-11-30 2016-12-15 all"},
		{months, "movement", "snapshot=2016-11", "2016-10-31 2016-11-30 all"},
		{months, "movement", "snapshot=2016-12-31 before=first acquirer=901", "2016-10-31 2016-12-31 901"},
		{months, "movement", "snapshot=first", "before=previous: there is no snapshot before 2016-10-31"},
		{months, "movement", "snapshot=2016-12", "snapshot=2016-12 may be any of 2016-12-15, 2016-12-31"},
		{months, "movement", "snapshot=yesterday", "snapshot=yesterday is no snapshot of this edition; there are newest, previous, first, 2016-10-31, 2016-11-30, 2016-12-15, 2016-12-31"},
		{months, "gains", "level=provinces", `level=provinces is unknown, did you mean "province"?`},
		{months, "gains", "population=mine unit=device reading=strict snapshot=previous", "acquirer 2016-10-31 2016-11-30 mine device strict"},
		{months, "upgrade_cost", "visit_cost=1.5", "visit_cost=1.5 is not a whole number"},
		{months, "installation_cohorts", "period=decade", "period=decade is unknown: one of year, quarter, month"},
		{months, "terminal_history", "", `parameter "terminal" of terminal_history needs a value: the terminal's id, with its leading zeros`},
		{months, "terminal_history", "terminal=0001", "0001 all"},
		{months, "terminal_history", "terminl=0001", "terminal_history has no parameter \"terminl\", did you mean \"terminal\"?\nparameter \"terminal\" of terminal_history needs a value: the terminal's id, with its leading zeros"},
		{months, "claim_history", "date=2016", `claim_history has no parameter "date"; there are claim`},
		{editions.Asked{}, "movement", "", "<nil> <nil> all"},
	} {
		q, err := library(t, nil).Find(c.query)
		if err != nil {
			t.Fatal(err)
		}
		given := map[string]string{}
		for _, param := range strings.Fields(c.given) {
			key, value, _ := strings.Cut(param, "=")
			given[key] = value
		}
		values, err := c.asked.Bind(q, given)
		got := strings.Trim(fmt.Sprint(values), "[]")
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.query, c.given, got, c.want)
		}
	}
}

func TestBindShares(t *testing.T) {
	q, err := library(t, nil).Find("late_adopters")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"60%": "0.60", "0.6": "0.6", "62.5%": "0.625", "5%": "0.05", "100%": "1", "1": "1", "0": "0", "0%": "0.00", "0.12345678": "0.12345678", "66％": "0.66",
		"60":         "share=60 is more than everything: a share is 0 to 1, or 0% to 100%",
		"100.1%":     "share=100.1% is more than everything: a share is 0 to 1, or 0% to 100%",
		"1.2345678%": "share=1.2345678% has more than eight decimals as a share",
		"-1%":        "share=-1% is not a share such as 0.6 or 60%",
		"much":       "share=much is not a share such as 0.6 or 60%",
		"":           "share= is not a share such as 0.6 or 60%",
	} {
		values, err := editions.Asked{Populations: []string{"networked"}}.Bind(q, map[string]string{"share": text})
		if got := fmt.Sprint(values[0]); err == nil && got != want || err != nil && err.Error() != want {
			t.Errorf("%q: got %s, %v, want %s", text, got, err, want)
		}
	}
}

// A workspace's own queries stand beside those of the library, and before them; a broken one hurts itself.
func TestOwnQueries(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "tapcov.yaml", "estate: {area: CN}\nsources:\n  - name: south\n    snapshot_date: {file_name: '(\\d{8})'}\n")
	put(t, dir, "queries/shops.sql", "\ufeffselect 1 as one")
	put(t, dir, "queries/ranking.sql", "-- what: Who is first?\nselect 1 as one")
	put(t, dir, "queries/gains.sql", "-- param level levl = province: which\nselect ?")
	put(t, dir, "queries/notes.txt", "-- param level levl = province: which\nselect ?")
	l := library(t, load(t, dir))
	if diff := cmp.Diff([]string{"gains", "ranking"}, l.Shadowed); diff != "" {
		t.Errorf("shadowed (-want +got):\n%s", diff)
	}
	if q, err := l.Find("ranking"); err != nil || q.What != "Who is first?" {
		t.Errorf("ranking: %+v, %v", q, err)
	}
	if q, err := l.Find("shops"); err != nil || q.SQL != "select 1 as one" || l.Queries[1].Name != "shops" {
		t.Errorf("shops: %+v, %v", q, err)
	}
	mistake := new(workspace.ConfigError)
	if _, err := l.Find("gains"); !errors.As(err, &mistake) ||
		!strings.HasSuffix(err.Error(), `queries/gains.sql:1: there is no type of parameter "levl", did you mean "level"?`) {
		t.Errorf("gains: %v", err)
	}
	for name, nearest := range map[string]string{"late-adopters": "late_adopters", "without": "merchants_without_quickpass", "nothing like it": ""} {
		_, err := l.Find(name)
		if unknown := new(editions.UnknownQueryError); !errors.As(err, &unknown) || unknown.Nearest != nearest {
			t.Errorf("%s: %v, want %q", name, err, nearest)
		}
	}
}
