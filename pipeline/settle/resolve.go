package settle

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// resolve asks the reference tables about each distinct raw value once and gives the answers to the
// engine as small tables, which the rows are joined to.
func (s *settling) resolve(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		s.resolveAcquirers, s.resolveRegions, s.resolveCategories, s.resolveModels, s.resolveBrands,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// distinct reads the distinct values of some columns of a kind of traits, blanks included.
func (s *settling) distinct(ctx context.Context, kind string, columns ...string) ([][]any, error) {
	list := strings.Join(columns, ", ")
	rows, err := s.engine.Query(ctx, "select distinct "+list+" from traits where kind = '"+kind+"' order by "+list)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var values [][]any
	for rows.Next() {
		row := make([]any, len(columns))
		pointers := make([]any, len(columns))
		for i := range row {
			pointers[i] = &row[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			return nil, fmt.Errorf("read distinct %s: %w", list, err)
		}
		values = append(values, row)
	}
	return values, rows.Err()
}

func (s *settling) resolveAcquirers(ctx context.Context) error {
	values, err := s.distinct(ctx, "terms", "acquirer_raw")
	if err != nil {
		return err
	}
	values = append(values, []any{""}) // of rows that name none
	for _, d := range s.Deliveries {
		values = append(values, []any{d.DefaultAcquirer})
	}
	values = onlyTexts(values)
	for i, row := range values {
		id, matched := Acquirer(s.Reference, str(row[0]))
		if !matched {
			s.result.UnmatchedAcquirers = append(s.result.UnmatchedAcquirers, str(row[0]))
		}
		values[i] = append(row, id)
	}
	return s.engine.Fill(ctx, "resolved_acquirers", "acquirer_raw varchar, acquirer_id varchar", values)
}

// onlyTexts drops blanks and repetitions from a list of single values.
func onlyTexts(values [][]any) [][]any {
	seen := map[string]bool{}
	return slices.DeleteFunc(values, func(row []any) bool {
		text, isText := row[0].(string)
		if !isText || seen[text] {
			return true
		}
		seen[text] = true
		return false
	})
}

// Acquirer returns the key of an acquirer as an export writes it: its id, raw:TEXT where no table
// knows it (matched is then false), or none where it is blank.
func Acquirer(set *reference.Set, raw string) (id string, matched bool) {
	if raw == "" {
		return reference.None, true
	}
	if acquirer, ok := set.Acquirers.Match(raw); ok {
		return acquirer.ID, true
	}
	return "raw:" + raw, false
}

func (s *settling) resolveRegions(ctx context.Context) error {
	values, err := s.distinct(ctx, "place", "country", "region_scheme", "region_raw")
	if err != nil {
		return err
	}
	s.result.RegionNames = map[string]string{}
	for i, row := range values {
		raw := str(row[2])
		key := Region(s.Divisions, str(row[0]), str(row[1]), raw)
		values[i] = append(row, key)
		if _, named := s.result.RegionNames[key]; !named && strings.Contains(key, ":") {
			s.result.RegionNames[key] = raw[strings.LastIndex(raw, "/")+1:]
		}
	}
	return s.engine.Fill(ctx, "resolved_regions", "country varchar, region_scheme varchar, region_raw varchar, region varchar", values)
}

// Region returns the finest region key of a raw value: a GB/T 2260 code of the divisions' vintage,
// SCHEME:VALUE for any other scheme (name:gb/kent), or none where it is blank.
func Region(divisions *reference.Divisions, country, scheme, raw string) string {
	if raw == "" {
		return reference.None
	}
	switch scheme {
	case "name":
		levels := strings.Split(raw, "/")
		if country == "" || strings.EqualFold(country, "CN") {
			names := append(slices.Clone(levels), "", "")
			if key, ok := divisions.ByName(names[0], names[1], names[2]); ok {
				return key
			}
		}
		parts := []string{}
		for _, part := range append([]string{country}, levels...) {
			if folded := fold.Text(part); folded != "" {
				parts = append(parts, folded)
			}
		}
		return "name:" + strings.Join(parts, "/")
	case "gb2260", "":
		key, _ := divisions.Resolve(raw)
		return key
	default:
		return scheme + ":" + fold.Text(raw)
	}
}

func (s *settling) resolveCategories(ctx context.Context) error {
	values, err := s.distinct(ctx, "terms", "category_code")
	if err != nil {
		return err
	}
	for i, row := range values {
		var group any
		if category, ok := s.Reference.Categories.Group(str(row[0])); ok {
			group = category.ID
		}
		values[i] = append(row, group)
	}
	return s.engine.Fill(ctx, "resolved_categories", "category_code varchar, category varchar", values)
}

func (s *settling) resolveModels(ctx context.Context) error {
	values, err := s.distinct(ctx, "device", "vendor", "model")
	if err != nil {
		return err
	}
	for i, row := range values {
		values[i] = append(row, s.Reference.Models.Contactless(str(row[0]), str(row[1])))
	}
	return s.engine.Fill(ctx, "resolved_models", "vendor varchar, model varchar, model_contactless varchar", values)
}

func (s *settling) resolveBrands(ctx context.Context) error {
	s.legend.Brands = []string{}
	var rows [][]any
	for _, brand := range s.Reference.Brands.List() {
		s.legend.Brands = append(s.legend.Brands, brand.ID)
		for _, alias := range brand.Aliases {
			rows = append(rows, []any{fold.Text(alias), brand.ID, int32(len(s.legend.Brands))})
		}
	}
	return s.engine.Fill(ctx, "resolved_brands", "alias varchar, brand varchar, brand_number integer", rows)
}

func str(value any) string {
	text, _ := value.(string)
	return text
}
