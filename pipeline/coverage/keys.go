package coverage

import (
	"context"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// installKeys makes region_keys (one row per region that occurs: its key at each place level) and
// names (one row per level and key that has a name of its own).
func (c *covering) installKeys(ctx context.Context) error {
	regions, err := c.column(ctx, "select distinct region from cells where region is not null order by region")
	if err != nil {
		return err
	}
	names := map[[2]string]string{{"nation", "all"}: "all"}
	provinces := map[string]string{reference.None: ""}
	var rows [][]any
	for _, value := range regions {
		place := c.place(value.(string))
		rows = append(rows, []any{value, place.province, place.reportingArea, place.city, place.county})
		provinces[place.province] = c.regionName(place.province)
		names[[2]string{"province", place.province}] = c.regionName(place.province)
		names[[2]string{"reporting_area", place.reportingArea}] = c.regionName(place.reportingArea)
		names[[2]string{"city", place.city}] = c.regionName(place.city)
		names[[2]string{"county", place.county}] = c.regionName(place.county)
	}
	err = c.engine.Fill(ctx, "region_keys", "region varchar, province varchar, reporting_area varchar, city varchar, county varchar", rows)
	if err != nil {
		return err
	}
	things, err := c.thingNames(ctx)
	if err != nil {
		return err
	}
	for at, name := range things {
		names[at] = name
	}
	for province, provinceName := range provinces {
		for at, name := range things {
			if at[0] == "brand" || at[0] == "acquirer" {
				names[[2]string{"province_" + at[0], province + "|" + at[1]}] = strings.Trim(provinceName+" / "+name, " /")
			}
		}
	}
	var named [][]any
	for at, name := range names {
		if name != "" {
			named = append(named, []any{at[0], at[1], name})
		}
	}
	return c.engine.Fill(ctx, "names", "level varchar, key varchar, name varchar", named)
}

// thingNames names the acquirers, brands and categories that occur.
func (c *covering) thingNames(ctx context.Context) (map[[2]string]string, error) {
	names := map[[2]string]string{}
	acquirers, err := c.column(ctx, "select distinct acquirer_id from cells where acquirer_id is not null")
	if err != nil {
		return nil, err
	}
	for _, value := range acquirers {
		id := value.(string)
		names[[2]string{"acquirer", id}] = strings.TrimPrefix(id, "raw:")
		if acquirer, ok := c.Reference.Acquirers.ByID(id); ok {
			names[[2]string{"acquirer", id}] = both(acquirer.NameEN, acquirer.NameZH)
		}
	}
	for _, brand := range c.Reference.Brands.List() {
		names[[2]string{"brand", brand.ID}] = both(brand.NameEN, brand.NameZH)
	}
	for _, category := range c.Reference.Categories.List() {
		names[[2]string{"category", category.ID}] = both(category.NameEN, category.NameZH)
	}
	return names, nil
}

// place is a region's key at each place level.
type place struct{ province, reportingArea, city, county string }

// place splits a region key into levels. A key of GB/T 2260 has none at levels finer than itself; a
// key of another scheme is one name per level, and the finest stands for every finer level.
func (c *covering) place(region string) place {
	scheme, path, other := strings.Cut(region, ":")
	if !other {
		return place{c.Divisions.Province(region), c.Divisions.ReportingArea(region), c.Divisions.City(region), c.Divisions.County(region)}
	}
	if scheme != "name" {
		return place{region, region, region, region}
	}
	parts := strings.Split(path, "/")
	start := 1
	if len(parts) > 1 && len(parts[0]) == 2 {
		start = 2 // a country leads
	}
	at := func(level int) string {
		return "name:" + strings.Join(parts[:min(start+level, len(parts))], "/")
	}
	return place{at(0), at(0), at(1), at(2)}
}

func (c *covering) regionName(key string) string {
	if name, ok := c.RegionNames[key]; ok {
		return name
	}
	return c.Divisions.Name(key)
}

// both names a thing in the two languages of its readers.
func both(en, zh string) string {
	if en == zh {
		return en
	}
	return strings.TrimSpace(en + " " + zh)
}
