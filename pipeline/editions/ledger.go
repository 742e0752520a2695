package editions

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/queries"
)

// Runs lists the runs of a workspace, the newest first, with the columns of the table runs. Nothing has to
// be published for that.
func Runs(ws *workspace.Workspace) (*Table, error) {
	return ledger(ws, "runs", runRows)
}

// Editions lists the editions of a workspace, the newest first, with the columns of the table editions.
func Editions(ws *workspace.Workspace) (*Table, error) {
	return ledger(ws, "editions", func(l *lake.Lake) ([][]any, error) { return editionRows(l, 0) })
}

// ledger makes a result of rows that need no engine; moments are text, since a Table has days only.
func ledger(ws *workspace.Workspace, name string, list func(l *lake.Lake) ([][]any, error)) (*Table, error) {
	opened, err := lake.Open(ws.Lake())
	if err != nil {
		return nil, err
	}
	rows, err := list(opened)
	if err != nil {
		return nil, err
	}
	described, _ := queries.Describe(name)
	t := &Table{Rows: rows}
	for i, column := range described.Columns {
		t.Columns = append(t.Columns, column.Name)
		for _, row := range rows {
			if at, ok := row[i].(time.Time); ok && column.Type == "timestamp" {
				row[i] = at.UTC().Format(time.DateTime)
			}
		}
	}
	slices.Reverse(t.Rows)
	return t, nil
}

// makeEditions lists the editions of the lake. Which of them is current is what it was when this one was
// opened as the current one: beside a run that publishes, the other tables would contradict it.
func (t *tables) makeEditions(ctx context.Context, name string) error {
	rows, err := editionRows(t.lake, t.pointer)
	if err != nil {
		return err
	}
	return t.Fill(ctx, name, catalogColumns(name), rows)
}

// editionRows lists the editions, the oldest first; pointer is the current one, 0 for what the lake says.
func editionRows(l *lake.Lake, pointer int) ([][]any, error) {
	editions, err := l.Editions()
	if err != nil {
		return nil, err
	}
	runs, err := l.Runs()
	if err != nil {
		return nil, err
	}
	publishedAt := map[int]any{}
	for _, run := range runs {
		if run.State == lake.Done && run.Edition > 0 && publishedAt[run.Edition] == nil {
			publishedAt[run.Edition] = run.EndedAt
		}
	}
	rows := [][]any{}
	for _, e := range editions {
		broken := any(nil)
		if e.Err != nil {
			broken = e.Err.Error()
		}
		isCurrent := e.IsCurrent
		if pointer != 0 {
			isCurrent = e.Edition == pointer
		}
		rows = append(rows, []any{
			e.Edition, isCurrent, e.Snapshots, day(e.Newest), publishedAt[e.Edition], null(e.ToolVersion), null(e.Fingerprint), broken,
		})
	}
	return rows, nil
}

func (t *tables) makeRuns(ctx context.Context, name string) error {
	rows, err := runRows(t.lake)
	if err != nil {
		return err
	}
	return t.Fill(ctx, name, catalogColumns(name), rows)
}

// runRows lists the runs, the oldest first.
func runRows(l *lake.Lake) ([][]any, error) {
	runs, err := l.Runs()
	if err != nil {
		return nil, err
	}
	rows := [][]any{}
	for _, run := range runs {
		var exit, edition, pid any
		if !run.EndedAt.IsZero() {
			exit = run.ExitCode
		}
		if run.Edition > 0 {
			edition = run.Edition
		}
		if run.PID > 0 {
			pid = run.PID
		}
		rows = append(rows, []any{
			run.ID, string(run.State), exit, edition, moment(run.StartedAt), moment(run.EndedAt), null(strings.Join(run.Args, " ")),
			null(run.Error), null(run.Host), pid, null(run.ToolVersion),
		})
	}
	return rows, nil
}

func moment(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UTC()
}
