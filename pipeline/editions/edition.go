package editions

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
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
	tables *tables
}

// Open opens an edition of a workspace, 0 being the current one. Its rows are seen through the tables of
// the catalogue (queries/catalog.yaml).
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
	return New(ws, opened, e, manifest), nil
}

// New returns the edition of a manifest, over an engine that the caller closes.
func New(ws *workspace.Workspace, l *lake.Lake, e *engine.Engine, m *lake.Manifest) *Edition {
	return &Edition{Manifest: m, ws: ws, lake: l, engine: e, tables: newTables(e, ws, l, asItStands(m))}
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

// Table is a small result: columns, and rows of nil, string, int64, float64, bool or time.Time.
type Table struct {
	Columns []string
	Rows    [][]any
}

// Query runs a query over the edition's views whose result is small.
func (e *Edition) Query(ctx context.Context, query string, args ...any) (*Table, error) {
	rows, err := e.Rows(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return readTable(rows)
}

// View makes a view over tables of the edition, for queries that follow.
func (e *Edition) View(ctx context.Context, name, query string) error {
	if err := e.tables.mention(ctx, query); err != nil {
		return err
	}
	return e.engine.View(ctx, name, query)
}

// Rows runs a query whose result is small, once the tables that it names are made.
func (e *Edition) Rows(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := e.tables.mention(ctx, query); err != nil {
		return nil, err
	}
	return e.engine.Query(ctx, query, args...)
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
