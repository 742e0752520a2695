package editions

import (
	"context"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/queries"
)

// SavePartitions writes the result of a query as Parquet files below a folder, in folders COLUMN=VALUE, and
// returns its number of rows. The folder must lie in one of the session's.
func (s *Session) SavePartitions(ctx context.Context, folder string, columns []string, query string, values ...any) (rows int64, err error) {
	ctx, cancel := s.limited(ctx)
	defer cancel()
	sandbox, err := s.about(ctx, query)
	if err != nil {
		return 0, err
	}
	return sandbox.Partition(ctx, folder, columns, query, values...)
}

// SaveResult writes a DuckDB database of one table, result, which holds the result of a query. The file
// must not exist, and lie in one of the session's folders.
func (s *Session) SaveResult(ctx context.Context, path, query string, values ...any) error {
	ctx, cancel := s.limited(ctx)
	defer cancel()
	sandbox, err := s.about(ctx, query)
	if err != nil {
		return err
	}
	return sandbox.SaveDatabase(ctx, path, []engine.Saved{{Name: "result", Query: query, Comment: "the result of: " + engine.Bare(query)}}, values...)
}

// SaveTables writes a DuckDB database that holds tables of the edition, all of them if none is named, with
// what the catalogue says of them as comments. The file must not exist, and lie in one of the session's
// folders.
func (s *Session) SaveTables(ctx context.Context, path string, names []string) error {
	var saved []engine.Saved
	if len(names) == 0 {
		for _, table := range queries.Catalog() {
			names = append(names, table.Name)
		}
		// What joins two tables of the file is a view there as well.
		saved = append(saved, engine.Saved{
			Name: "snapshot_members", Query: "select * from snapshot_members",
			Comment: "one row per snapshot and inventory in force; what terminals_full joins",
		})
	}
	for _, name := range names {
		table, _ := queries.Describe(name)
		saved = append(saved, inWords(table, len(saved) > 0 && saved[0].Name == "snapshot_members"))
	}
	ctx, cancel := s.limited(ctx)
	defer cancel()
	all := ""
	for _, table := range saved {
		all += table.Name + " "
	}
	sandbox, err := s.about(ctx, all)
	if err != nil {
		return err
	}
	return sandbox.SaveDatabase(ctx, path, saved)
}

// inWords is a table of the catalogue as it is saved, its words as comments. isWhole: everything that a
// view needs is saved too.
func inWords(table queries.Table, isWhole bool) engine.Saved {
	saved := engine.Saved{Name: table.Name, Query: "select * from " + table.Name, Comment: table.Grain + ". " + table.About}
	if table.NotFor != "" {
		saved.Comment += " Not for " + table.NotFor + "."
	}
	if isWhole && table.Name == "terminals_full" {
		saved.Query, saved.IsView = queries.Text("read/"+table.Name), true
	}
	for _, column := range table.Columns {
		comment := column.Meaning
		if column.Unit != "" {
			comment += " (" + column.Unit + ")"
		}
		saved.Columns = append(saved.Columns, engine.SavedColumn{Name: column.Name, Comment: comment})
	}
	return saved
}
