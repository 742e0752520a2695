package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	bindings "github.com/duckdb/duckdb-go-bindings"
)

// Refusal is a statement that may be sound and is not allowed.
type Refusal struct {
	Reason string
	Hint   string // what to do instead; "": nothing
	At     int    // the byte of the statement that is refused; 0: all of it is
}

// Error says why.
func (r *Refusal) Error() string { return r.Reason }

// tableFunctions are the table functions that SQL in a sandbox may call: those that compute, and those
// that read files, which the sandbox opens only where it may. DuckDB has others that write though a
// SELECT calls them: enable_logging makes files, checkpoint writes databases, read_duckdb attaches one.
// query and json_execute_serialized_sql run text that nobody has checked.
var tableFunctions = strings.Fields(`
	duckdb_columns duckdb_functions duckdb_keywords duckdb_settings duckdb_tables duckdb_types duckdb_views
	generate_series glob histogram histogram_values icu_calendar_names json_each json_tree
	parquet_file_metadata parquet_kv_metadata parquet_metadata parquet_scan parquet_schema
	pg_timezone_names pragma_table_info pragma_version range
	read_blob read_csv read_csv_auto read_json read_json_auto read_json_objects read_json_objects_auto
	read_ndjson read_ndjson_auto read_ndjson_objects read_parquet read_text repeat repeat_row sniff_csv
	summary unnest`)

// refusedFunctions are functions of a row that do more than compute, or nothing but wait.
var refusedFunctions = []string{"write_log", "sleep_ms", "nextval", "setseed"}

var (
	explainWords = regexp.MustCompile(`(?is)^(?:\s|--[^\n]*\n|/\*.*?\*/)*explain(?:\s+(analyze))?\s`)
	firstWord    = regexp.MustCompile(`(?is)^(?:\s|--[^\n]*\n|/\*.*?\*/)*([a-z]+)`)
	notLineEnd   = regexp.MustCompile(`[^\n]`)
)

// Check tells whether Query would run a statement, without running it: it is one SELECT, or an EXPLAIN of
// one, and it calls no function that does more than compute and read.
func (s *Sandbox) Check(ctx context.Context, statement string) error {
	_, err := s.admitText(ctx, statement)
	return err
}

// admitText returns what of a statement may run.
func (s *Sandbox) admitText(ctx context.Context, statement string) (string, error) {
	text, prepared, err := s.admit(ctx, statement)
	if err != nil {
		return "", err
	}
	prepared.close()
	return text, nil
}

// admit returns what of a statement may run: all of it, or for an EXPLAIN our own words for it over the
// query that has been checked, without a semicolon; and the query, prepared and the caller's to close. The
// tree comes first, since it is made by parsing alone: DuckDB makes the folder of an EXPORT when it
// prepares it.
func (s *Sandbox) admit(ctx context.Context, statement string) (text string, prepared *session, err error) {
	statement = Bare(statement)
	explain := ""
	if words := explainWords.FindStringSubmatch(statement); words != nil {
		explain = "explain " + words[1] + " "
		// Blanks in place of the words keep the places of mistakes.
		statement = notLineEnd.ReplaceAllString(words[0], " ") + statement[len(words[0]):]
	}
	calls, err := s.Calls(ctx, statement)
	if err != nil {
		return "", nil, err
	}
	for _, call := range calls {
		if call.IsTable && !slices.Contains(tableFunctions, call.Name) || slices.Contains(refusedFunctions, call.Name) {
			return "", nil, &Refusal{Reason: fmt.Sprintf("the function %s is not allowed: a query computes and reads, and does nothing else", call.Name)}
		}
	}
	if prepared, err = s.prepare(ctx, statement); err != nil {
		return "", nil, err
	}
	if prepared.kind != bindings.StatementTypeSelect {
		prepared.close()
		return "", nil, refused(statement)
	}
	return explain + statement, prepared, nil
}

// refused says that a statement is no query, and what would do instead.
func refused(statement string) error {
	r := &Refusal{Reason: "only queries are run: select, with, from, values, describe, show, summarize, explain"}
	word := ""
	if found := firstWord.FindStringSubmatch(statement); found != nil {
		word = strings.ToLower(found[1])
	}
	switch word {
	case "copy", "export":
		r.Hint = "to write a file: tapcov save QUERY --to FILE"
	case "create":
		r.Hint = "to name a part of a query: with name as (select …) select …"
	case "pivot":
		r.Hint = "list the values, so that it is one statement: pivot … on column in ('yes', 'no')"
	case "explain":
		r.Hint = "explain takes no options here but analyze, and a query"
	case "select", "with", "from", "values":
		r.Reason = "one statement at a time, and only queries"
	}
	return r
}

// Call is a function that a statement calls.
type Call struct {
	Name    string // in lower case
	IsTable bool   // it stands in from
}

// Calls returns the functions that a SELECT calls, operators included, from DuckDB's own tree of it.
func (s *Sandbox) Calls(ctx context.Context, statement string) ([]Call, error) {
	tree, err := s.tree(ctx, statement)
	if err != nil {
		return nil, err
	}
	var calls []Call
	visit(tree, func(node map[string]any) {
		function, isTable := node, false
		if node["type"] == "TABLE_FUNCTION" {
			function, _ = node["function"].(map[string]any)
			isTable = true
		}
		if name, ok := function["function_name"].(string); ok {
			calls = append(calls, Call{strings.ToLower(name), isTable})
		}
	})
	return calls, nil
}

// tree returns DuckDB's tree of a text that is one SELECT, which it makes without preparing it.
func (s *Sandbox) tree(ctx context.Context, statement string) (any, error) {
	c, err := s.run(ctx, "select cast(json_serialize_sql(cast(? as varchar)) as varchar)", []any{statement})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	var text []byte
	for c.Next() {
		text = []byte(c.Batch().Column(0).ValueStr(0))
		c.Batch().Release()
	}
	var said struct {
		IsError    bool   `json:"error"`
		Kind       string `json:"error_type"`
		Statements []any  `json:"statements"`
	}
	if err := errors.Join(c.Err(), json.Unmarshal(text, &said)); err != nil {
		return nil, fmt.Errorf("take the query apart: %w", err)
	}
	switch {
	case said.IsError && said.Kind == "parser":
		return nil, newMistake(statement, string(text))
	case said.IsError:
		return nil, refused(statement)
	case len(said.Statements) == 0:
		return nil, &Refusal{Reason: "there is no statement", Hint: "write a query, such as: select * from coverage limit 5"}
	case len(said.Statements) > 1:
		return nil, &Refusal{Reason: "one statement at a time"}
	}
	return said.Statements[0], nil
}

// visit calls see for every object of a tree.
func visit(tree any, see func(node map[string]any)) {
	switch tree := tree.(type) {
	case map[string]any:
		see(tree)
		for _, child := range tree {
			visit(child, see)
		}
	case []any:
		for _, child := range tree {
			visit(child, see)
		}
	}
}
