package reports

import (
	"strconv"
	"strings"
)

// breakdownTable is one level ready to print.
type breakdownTable struct {
	Level, Title             string
	Rows                     []breakdownRow
	Total                    int
	HasMerchants, IsAdditive bool
	Map                      *tileMap
}

// breakdownRow is one key of a level.
type breakdownRow struct {
	interval
	Counts                   Counts
	Second                   string // the key, or the name in the other language
	Merchants                string
	MerchantAny, MerchantAll string // ranges
}

// IsCut reports whether the table shows the largest keys only.
func (t breakdownTable) IsCut() bool { return len(t.Rows) < t.Total }

// Tables returns the breakdowns ready to print.
func (p *page) Tables() []breakdownTable {
	var tables []breakdownTable
	for _, breakdown := range p.Breakdowns {
		table := breakdownTable{
			Level: breakdown.Level, Title: p.Term("levels", breakdown.Level),
			Total: max(breakdown.Total, len(breakdown.Rows)), IsAdditive: true,
		}
		for _, row := range breakdown.Rows {
			table.Rows = append(table.Rows, p.breakdownRow(row))
			table.HasMerchants = table.HasMerchants || row.Merchants.Count.V > 0
			table.IsAdditive = table.IsAdditive && row.IsAdditive
		}
		if breakdown.Level == "province" {
			table.Map = p.tileMap(breakdown.Rows)
		}
		tables = append(tables, table)
	}
	return tables
}

func (p *page) breakdownRow(row CoverageRow) breakdownRow {
	name, second := p.keyName(row)
	name, second = clip(name), clip(second)
	m := row.Merchants
	return breakdownRow{
		interval:    p.interval(name, row.Lower(), row.Upper()),
		Counts:      row.Counts,
		Second:      second,
		Merchants:   Number(m.Count.V),
		MerchantAny: numberRange(m.Any.V, m.AnyUpper.V),
		MerchantAll: numberRange(m.All.V, m.AllUpper.V),
	}
}

// keyName returns how a key is called in the page's language, and what is printed small beside it.
func (p *page) keyName(row CoverageRow) (name, second string) {
	if row.Key == "none" {
		return p.Say("key.none"), ""
	}
	name = row.Name
	if name == "" {
		name = strings.TrimPrefix(row.Key, "raw:")
	}
	if strings.HasPrefix(row.Key, "raw:") {
		return name, p.Say("key.raw")
	}
	if row.Level == "device_type" {
		return p.Term("device_type", row.Key), ""
	}
	if row.Level != "province" && row.Level != "reporting_area" {
		return name, unlessEqual(row.Key, name)
	}
	place, ok := p.Place(row.Key)
	switch {
	case !ok || p.Language() == "zh" && row.Name != "":
		return name, unlessEqual(row.Key, name)
	case row.Name == "":
		return place, row.Key
	}
	return place, unlessEqual(row.Name, place)
}

func unlessEqual(s, other string) string {
	if s == other {
		return ""
	}
	return s
}

// numberRange prints a range of counts, or one number where both ends are equal.
func numberRange(from, to int64) string {
	if to <= from {
		return Number(from)
	}
	return Number(from) + "–" + Number(to)
}

// tileMap is the provinces as tiles of equal size.
type tileMap struct {
	Tiles                      []tile
	Height                     int
	Above, Spans, Below, Plain int
	Empty                      int
}

// tile is one province: places in per cent across and in pixels down.
type tile struct {
	interval
	X, Middle, Width string
	Y                int
	Label, Figure    string
}

const (
	tileColumns = 9
	tileStep    = 46 // pixels from one row of tiles to the next
	fewestTiles = 3  // below this a map says less than the table
)

// tileMap lays the rows out on the map, or returns nil where there are too few provinces.
func (p *page) tileMap(rows []CoverageRow) *tileMap {
	byKey := make(map[string]CoverageRow, len(rows))
	for _, row := range rows {
		byKey[row.Key] = row
	}
	m := &tileMap{}
	for _, place := range p.Words.Tiles() {
		t := tile{
			X: hundredths(place.Column * 10_000 / tileColumns), Width: hundredths(10_000/tileColumns - 60),
			Middle: hundredths((2*place.Column+1)*5_000/tileColumns - 30),
			Y:      place.Row * tileStep, Label: place.Label,
		}
		m.Height = max(m.Height, t.Y+tileStep)
		row := byKey[place.Code]
		t.interval = p.interval(place.Name, row.Lower(), row.Upper())
		switch {
		case !t.Exists():
			m.Empty++
		case t.Relation == ">":
			m.Above++
		case t.Relation == "<":
			m.Below++
		case t.Relation == "=":
			m.Spans++
		default:
			m.Plain++
		}
		if t.Exists() {
			t.Figure = strings.TrimSuffix(row.Lower().Percent(0, Down), "%")
		}
		m.Tiles = append(m.Tiles, t)
	}
	if m.Above+m.Spans+m.Below+m.Plain < fewestTiles {
		return nil
	}
	return m
}

// hundredths prints n/100 as a percentage that SVG reads.
func hundredths(n int) string {
	return strconv.Itoa(n/100) + "." + strconv.Itoa(n%100/10) + strconv.Itoa(n%10) + "%"
}
