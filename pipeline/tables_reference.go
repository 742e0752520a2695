package pipeline

import (
	"context"
	"strings"
	"time"

	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// null stands for text that is not there.
func null(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// day is an iso date as a table has it; a text that is none, such as "", is null.
func day(text string) any {
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return nil
	}
	return date
}

// makeEditions lists the editions of the lake. Which of them is current is what it was when this one was
// opened as the current one: beside a run that publishes, the other tables would contradict it.
func (t *tables) makeEditions(ctx context.Context, name string) error {
	editions, err := t.lake.Editions()
	if err != nil {
		return err
	}
	runs, err := t.lake.Runs()
	if err != nil {
		return err
	}
	publishedAt := map[int]any{}
	for _, run := range runs {
		if run.State == lake.Done && run.Edition > 0 && publishedAt[run.Edition] == nil {
			publishedAt[run.Edition] = run.EndedAt
		}
	}
	var rows [][]any
	for _, e := range editions {
		broken := any(nil)
		if e.Err != nil {
			broken = e.Err.Error()
		}
		isCurrent := e.IsCurrent
		if t.pointer != 0 {
			isCurrent = e.Edition == t.pointer
		}
		rows = append(rows, []any{
			e.Edition, isCurrent, e.Snapshots, day(e.Newest), publishedAt[e.Edition], null(e.ToolVersion), null(e.Fingerprint), broken,
		})
	}
	return t.Fill(ctx, name, catalogColumns(name), rows)
}

func (t *tables) makeRuns(ctx context.Context, name string) error {
	runs, err := t.lake.Runs()
	if err != nil {
		return err
	}
	var rows [][]any
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
	return t.Fill(ctx, name, catalogColumns(name), rows)
}

func moment(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UTC()
}

func (t *tables) makeRegions(ctx context.Context, name string) error {
	divisions, err := t.ws.Reference.Regions.At(t.ws.Config.Regions.Vintage)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, level := range []string{reference.LevelProvince, reference.LevelCity, reference.LevelCounty} {
		for _, key := range divisions.Keys(level) {
			city := any(nil)
			if level != reference.LevelProvince {
				city = divisions.City(key)
			}
			rows = append(rows, []any{
				key, level, divisions.Name(key), null(divisions.NameEN(key)), divisions.Province(key), city, divisions.ReportingArea(key),
			})
		}
	}
	return t.Fill(ctx, name, catalogColumns(name), rows)
}

func (t *tables) makeAcquirers(ctx context.Context, name string) error {
	var rows [][]any
	for _, a := range t.ws.Reference.Acquirers.List() {
		rows = append(rows, []any{a.ID, a.NameEN, a.NameZH, null(strings.Join(a.Aliases, "|"))})
	}
	return t.Fill(ctx, name, catalogColumns(name), rows)
}

func (t *tables) makeBrands(ctx context.Context, name string) error {
	var rows [][]any
	for _, b := range t.ws.Reference.Brands.List() {
		rows = append(rows, []any{b.ID, b.NameEN, b.NameZH, null(strings.Join(b.Aliases, "|"))})
	}
	return t.Fill(ctx, name, catalogColumns(name), rows)
}

func (t *tables) makeCategories(ctx context.Context, name string) error {
	var rows [][]any
	for _, c := range t.ws.Reference.Categories.List() {
		rows = append(rows, []any{c.ID, c.NameEN, c.NameZH})
	}
	return t.Fill(ctx, name, catalogColumns(name), rows)
}
