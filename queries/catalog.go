package queries

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"
)

// Table is a table that analysts see, in words.
type Table struct {
	Name    string   `yaml:"name"`
	Grain   string   `yaml:"grain"`   // one row per …
	About   string   `yaml:"about"`   // what is in it, in a sentence or two
	Source  string   `yaml:"source"`  // where its rows lie
	NotFor  string   `yaml:"not_for"` // what it is likely to be misused for; "": nothing
	Like    string   `yaml:"like"`    // a table whose columns come first, all of them
	Columns []Column `yaml:"columns"` // with those of Like
}

// Column is a column of a table, in words.
type Column struct {
	Name    string `yaml:"name"`
	Type    string `yaml:"type"` // DuckDB's name for it, in lower case
	Unit    string `yaml:"unit"` // "": none
	Meaning string `yaml:"meaning"`
}

//go:embed catalog.yaml
var catalog []byte

// Catalog returns the tables that analysts see, the most asked for first. What `.describe`, the comments
// of a saved database and the manual say comes from here.
func Catalog() []Table { return slices.Clone(readCatalog()) }

// readCatalog reads catalog.yaml once. A mistake in it is a mistake in the program, so it panics.
var readCatalog = sync.OnceValue(func() []Table {
	var tables []Table
	if err := yaml.UnmarshalWithOptions(catalog, &tables, yaml.Strict()); err != nil {
		panic(fmt.Sprintf("catalog.yaml: %v", err))
	}
	for i := range tables {
		if tables[i].Like == "" {
			continue
		}
		at := slices.IndexFunc(tables[:i], func(t Table) bool { return t.Name == tables[i].Like })
		if at < 0 {
			panic(fmt.Sprintf("catalog.yaml: %s is like %q, which is not above it", tables[i].Name, tables[i].Like))
		}
		tables[i].Columns = slices.Concat(tables[at].Columns, tables[i].Columns)
	}
	return tables
})

// Describe returns the table of that name.
func Describe(name string) (table Table, ok bool) {
	tables := readCatalog()
	at := slices.IndexFunc(tables, func(t Table) bool { return t.Name == name })
	if at < 0 {
		return Table{}, false
	}
	return tables[at], true
}
