package editions

import (
	"context"
	"strings"
	"time"

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
