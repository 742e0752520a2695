package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// Sides are what Side can run, each in a process of its own.
var Sides = []string{"decode", "load-memory", "load-file", "scan"}

// Side runs one side of a comparison over the exports of a workspace:
//   - decode: reads every export into typed and validated batches and keeps nothing
//   - load-memory: DuckDB, create table from read_csv, in memory, default settings
//   - load-file: the same into a database file
//   - scan: DuckDB, the maximum of every column of read_csv, all of them text
func Side(ctx context.Context, name, dir string) error {
	if name == "decode" {
		ws, err := workspace.Load(dir, workspace.Overrides{})
		if err != nil {
			return err
		}
		_, err = pipeline.Decode(ctx, ws)
		return err
	}
	files, err := filepath.Glob(filepath.Join(dir, "inbox", "*", "*"))
	if err != nil {
		return err
	}
	e, err := engine.Open(ctx, engine.Options{})
	if err != nil {
		return err
	}
	defer e.Close()
	for _, setting := range []string{"memory_limit", "preserve_insertion_order", "threads"} {
		if err := e.Exec(ctx, "reset "+setting); err != nil {
			return err
		}
	}
	for i := range files {
		files[i] = engine.Quote(files[i])
	}
	read := "read_csv([" + strings.Join(files, ", ") + "]"
	switch name {
	case "load-memory":
		return e.Exec(ctx, "create table exports as select * from "+read+")")
	case "load-file":
		path := filepath.Join(dir, "load.duckdb")
		defer os.Remove(path)
		for _, statement := range []string{
			"attach " + engine.Quote(path) + " as loaded",
			"create table loaded.exports as select * from " + read + ")",
			"detach loaded",
		} {
			if err := e.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	case "scan":
		rows, err := e.Query(ctx, "select max(columns(*)) from "+read+", all_varchar = true)")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
		}
		return rows.Err()
	}
	return fmt.Errorf("there is no side %q", name)
}
