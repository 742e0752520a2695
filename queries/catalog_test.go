package queries

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestEveryTableAndColumnIsDescribed(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z_]*$`)
	types := []string{"varchar", "integer", "bigint", "double", "boolean", "date", "timestamp"}
	seen := map[string]bool{}
	for _, table := range Catalog() {
		if !name.MatchString(table.Name) || seen[table.Name] {
			t.Errorf("table %q: no name, or one that stands twice", table.Name)
		}
		seen[table.Name] = true
		if !strings.HasPrefix(table.Grain, "one row per ") || table.About == "" || table.Source == "" {
			t.Errorf("table %s: grain %q, about %q, source %q: each must say something", table.Name, table.Grain, table.About, table.Source)
		}
		columns := map[string]bool{}
		for _, column := range table.Columns {
			at := table.Name + "." + column.Name
			if !name.MatchString(column.Name) || columns[column.Name] {
				t.Errorf("%s: no name, or one that stands twice", at)
			}
			columns[column.Name] = true
			if !slices.Contains(types, column.Type) {
				t.Errorf("%s: type %q is none of %v", at, column.Type, types)
			}
			if column.Meaning == "" || strings.HasSuffix(column.Meaning, ".") {
				t.Errorf("%s: meaning %q: want a phrase without a full stop", at, column.Meaning)
			}
			isNumber := column.Type == "bigint" || column.Type == "double"
			if isNumber && column.Unit == "" && !strings.HasSuffix(column.Name, "_line") {
				t.Errorf("%s: a number without a unit", at)
			}
		}
	}
}

func TestDescribe(t *testing.T) {
	full, ok := Describe("terminals_full")
	if !ok || full.Columns[1].Name != "snapshot_date" || full.Columns[len(full.Columns)-1].Name != "updated_at" {
		t.Errorf("terminals_full has %d columns, want those of terminals and then its own", len(full.Columns))
	}
	if _, ok := Describe("terminal"); ok {
		t.Error("there is a table terminal")
	}
}
