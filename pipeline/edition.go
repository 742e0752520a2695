package pipeline

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/queries"
)

// ErrNoEdition says that nothing has been published yet.
var ErrNoEdition = errors.New("nothing is published yet: put exports into inbox/ and run `tapcov run`")

// ErrNoSnapshot says that an edition holds no snapshot, since no delivery is in force.
var ErrNoSnapshot = errors.New("no delivery is in force, so there is nothing to count: `tapcov status` says what was set aside and why")

// Edition is one published state of the lake, open for reading. Close it. Readers take no lock: an
// edition never changes.
type Edition struct {
	*lake.Manifest
	ws     *workspace.Workspace
	lake   *lake.Lake
	engine *engine.Engine
}

// Open opens an edition of a workspace, 0 being the current one. Its rows are seen through views:
// coverage, claims, terminals, inventory, rejects (queries/read).
func Open(ctx context.Context, ws *workspace.Workspace, number int) (*Edition, error) {
	opened, err := lake.Open(ws.Lake())
	if err != nil {
		return nil, err
	}
	manifest, err := manifestOf(opened, number)
	if err != nil {
		return nil, err
	}
	e, err := engine.Open(ctx, engine.Options{Memory: ws.Config.Limits.Memory / 2, Threads: ws.Config.Limits.Threads, TempDir: os.TempDir()})
	if err != nil {
		return nil, err
	}
	edition := &Edition{Manifest: manifest, ws: ws, lake: opened, engine: e}
	if err := edition.install(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return edition, nil
}

// manifestOf returns the manifest of an edition, 0 being the current one.
func manifestOf(l *lake.Lake, number int) (*lake.Manifest, error) {
	if number == 0 {
		manifest, err := l.Current()
		if err == nil && manifest == nil {
			err = ErrNoEdition
		}
		return manifest, err
	}
	manifest, err := l.Manifest(number)
	if !errors.Is(err, fs.ErrNotExist) {
		return manifest, err
	}
	editions, err := l.Editions()
	if err != nil {
		return nil, err
	}
	if len(editions) == 0 {
		return nil, ErrNoEdition
	}
	known := make([]string, len(editions))
	for i, edition := range editions {
		known[i] = strconv.Itoa(edition.Edition)
	}
	return nil, &SelectionError{"edition", strconv.Itoa(number), strings.Join(known, ", ")}
}

// Close frees what the edition holds.
func (e *Edition) Close() error { return e.engine.Close() }

// Newest returns the date of the newest complete snapshot, or of the newest one if none is complete.
func (e *Edition) Newest() string {
	newest := ""
	for _, snapshot := range e.Snapshots {
		if snapshot.State != lake.SnapshotOpen {
			newest = snapshot.Date
		}
	}
	if newest == "" && len(e.Snapshots) > 0 {
		newest = e.Snapshots[len(e.Snapshots)-1].Date
	}
	return newest
}

// install makes the views over the files that the manifest names.
func (e *Edition) install(ctx context.Context) error {
	cubes := map[string]string{}
	var settled []string
	for _, snapshot := range e.Snapshots {
		cubes[snapshot.Date] = e.lake.Abs(snapshot.Coverage)
		settled = append(settled, dated(snapshot.Date, e.lake.Abs(snapshot.Settled)))
	}
	if err := coverage.Install(ctx, e.engine, cubes); err != nil {
		return err
	}
	var rejects []string
	for _, d := range e.Deliveries {
		source := fmt.Sprintf("%s as source, %s as export_id, %s as source_file, cast(%s as date) as snapshot_date, %s as state",
			engine.Quote(d.Source), engine.Quote(d.ExportID), engine.Quote(d.Source+"/"+first(d.Files)),
			optional(d.SnapshotDate), engine.Quote(string(d.State)))
		if !d.Rejects.IsZero() {
			rejects = append(rejects, "select "+source+", * from "+engine.Parquet(e.lake.Abs(d.Rejects)))
		}
	}
	views := map[string][]string{"settled": settled, "rejects": rejects}
	if !e.Claims.IsZero() {
		views["claims"] = []string{"select * from " + engine.Parquet(e.lake.Abs(e.Claims))}
	}
	for name, parts := range views {
		if len(parts) == 0 {
			continue
		}
		if err := e.engine.View(ctx, name, strings.Join(parts, "\nunion all by name\n")); err != nil {
			return err
		}
	}
	if err := e.installInventory(ctx); err != nil || len(settled) == 0 {
		return err
	}
	return e.installTerminals(ctx)
}

// installInventory makes the view inventory: the rows of all deliveries, and what their traits stand for.
func (e *Edition) installInventory(ctx context.Context) error {
	var files [][]any
	var rows, traits []string
	for _, d := range e.Deliveries {
		if d.Rows.IsZero() {
			continue
		}
		date, err := time.Parse(time.DateOnly, d.SnapshotDate)
		if err != nil {
			return fmt.Errorf("delivery of %s: %w", d.Source, err)
		}
		files = append(files, []any{len(files), d.Source, d.ExportID, d.Source + "/" + first(d.Files), date, string(d.State)})
		rows, traits = append(rows, e.lake.Abs(d.Rows)), append(traits, e.lake.Abs(d.Traits))
	}
	if len(files) == 0 {
		return nil
	}
	if err := e.engine.Fill(ctx, "inventory_files", `file_number bigint, source varchar, export_id varchar,
		source_file varchar, snapshot_date date, state varchar`, files); err != nil {
		return err
	}
	const numbered = "select *, cast(" + engine.FileIndex + " as bigint) as file_number from "
	for _, view := range []struct{ name, query string }{
		{"inventory_rows", `select inventory_files.*, numbered.* exclude (file_number) from (` + numbered + engine.ParquetByName(rows...) +
			`) as numbered inner join inventory_files on numbered.file_number = inventory_files.file_number`},
		{"inventory_traits", numbered + engine.Parquet(traits...)},
		{"inventory", "select * exclude (file_number, place, device, terms) from (" + queries.Text("read/inventory") + ") as inventory"},
	} {
		if err := e.engine.View(ctx, view.name, view.query); err != nil {
			return err
		}
	}
	return nil
}

// installTerminals makes the view terminals: settled terminals, and the export each one comes from.
func (e *Edition) installTerminals(ctx context.Context) error {
	deliveries := map[string]lake.Delivery{}
	for _, d := range e.Deliveries {
		deliveries[d.InventoryID] = d
	}
	var members [][]any
	for _, snapshot := range e.Snapshots {
		date, err := time.Parse(time.DateOnly, snapshot.Date)
		if err != nil {
			return fmt.Errorf("snapshot %q: %w", snapshot.Date, err)
		}
		for i, m := range snapshot.Members {
			d := deliveries[m.InventoryID]
			members = append(members, []any{date, int32(i), d.Source, d.Source + "/" + first(d.Files), d.ExportID})
		}
	}
	if err := e.engine.Fill(ctx, "snapshot_members", `snapshot_date date, delivery integer, source varchar,
		source_file varchar, export_id varchar`, members); err != nil {
		return err
	}
	return e.engine.View(ctx, "terminals", queries.Text("read/terminals"))
}

func dated(date, path string) string {
	return fmt.Sprintf("select cast(%s as date) as snapshot_date, * from %s", engine.Quote(date), engine.Parquet(path))
}

func optional(text string) string {
	if text == "" {
		return "null"
	}
	return engine.Quote(text)
}

// Table is a small result: columns, and rows of nil, string, int64, float64, bool or time.Time.
type Table struct {
	Columns []string
	Rows    [][]any
}

// Query runs a query over the edition's views whose result is small.
func (e *Edition) Query(ctx context.Context, query string, args ...any) (*Table, error) {
	rows, err := e.engine.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return readTable(rows)
}

func readTable(rows *sql.Rows) (*Table, error) {
	columns, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("read result: %w", err)
	}
	t := &Table{Columns: columns, Rows: [][]any{}}
	for rows.Next() {
		values := make([]any, len(columns))
		pointers := make([]any, len(columns))
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			return nil, fmt.Errorf("read result: %w", err)
		}
		for i, value := range values {
			values[i] = plain(value)
		}
		t.Rows = append(t.Rows, values)
	}
	return t, rows.Err()
}

// plain brings the driver's many integer types down to one.
func plain(value any) any {
	switch value := value.(type) {
	case int8:
		return int64(value)
	case int16:
		return int64(value)
	case int32:
		return int64(value)
	case int:
		return int64(value)
	case float32:
		return float64(value)
	case []byte:
		return string(value)
	default:
		return value
	}
}
