package coverage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// pairFactor parts the two numbers of a pair's key (queries/cover/keyed.sql).
const pairFactor = 1_000_000

// levelNumber is the place of a level in Levels, from 1.
func levelNumber(level string) int32 { return int32(slices.Index(Levels, level) + 1) }

// levelKey is a key of a level, with the name it has in reports; "": the key itself.
type levelKey struct{ key, name string }

// keyring numbers the keys of every level, since numbers group in a fraction of the time of texts.
// Pairs have no number of their own: theirs is made of two.
type keyring struct {
	keys    map[string]map[int32]levelKey
	numbers map[string]map[string]int32
}

func newKeyring() *keyring {
	k := &keyring{keys: map[string]map[int32]levelKey{}, numbers: map[string]map[string]int32{}}
	for _, level := range Levels {
		k.keys[level], k.numbers[level] = map[int32]levelKey{}, map[string]int32{}
	}
	return k
}

// set gives a key a number that was found elsewhere.
func (k *keyring) set(level string, number int32, key, name string) {
	k.keys[level][number], k.numbers[level][key] = levelKey{key, name}, number
}

// number returns the number of a key, a new one if need be.
func (k *keyring) number(level, key, name string) int32 {
	number, known := k.numbers[level][key]
	if !known {
		number = int32(len(k.keys[level]) + 1)
		k.set(level, number, key, name)
	}
	return number
}

// uncounted returns the number of the key that rows of an acquirer have of which nothing else is known.
func (k *keyring) uncounted(level, acquirer string) int64 {
	none := func(level string) int64 { return int64(k.number(level, reference.None, "")) }
	switch level {
	case "nation":
		return 0
	case "acquirer":
		return int64(k.number(level, acquirer, ""))
	case "province_acquirer":
		return none("province")*pairFactor + k.uncounted("acquirer", acquirer)
	case "province_brand":
		return none("province")*pairFactor + none("brand")
	default:
		return none(level)
	}
}

// pair returns the key that a pair's number stands for.
func (k *keyring) pair(level string, number int64) levelKey {
	province := k.keys["province"][int32(number/pairFactor)]
	other := k.keys[strings.TrimPrefix(level, "province_")][int32(number%pairFactor)]
	name := ""
	if other.name != "" {
		name = strings.Trim(province.name+" / "+other.name, " /")
	}
	return levelKey{province.key + "|" + other.key, name}
}

// installKeys makes region_keys and device_keys (one row per region, or device, that occurs: the
// number of its key at each level that asks for it) and legend (one row per kind and number: its text).
func (c *covering) installKeys(ctx context.Context) error {
	c.keys.set("nation", 0, "all", "all")
	var regions, devices [][]any
	for i, region := range c.Legend.Regions {
		place := c.place(region)
		row := []any{int32(i + 1)}
		for _, at := range []struct{ level, key string }{
			{"province", place.province}, {"reporting_area", place.reportingArea}, {"city", place.city}, {"county", place.county},
		} {
			if at.key == "" {
				row = append(row, nil)
				continue
			}
			row = append(row, c.keys.number(at.level, at.key, c.regionName(at.key)))
		}
		regions = append(regions, row)
	}
	for i, d := range c.Legend.Devices {
		vendor := cmp.Or(d.Vendor, reference.None)
		model := cmp.Or(strings.TrimSpace(d.Vendor+" "+d.Model), reference.None)
		if d.Model == "" {
			model = reference.None
		}
		numbers := map[string]int32{
			"vendor": c.keys.number("vendor", vendor, ""), "model": c.keys.number("model", model, ""), "device_type": c.keys.number("device_type", d.Type, ""),
		}
		c.devices = append(c.devices, numbers)
		devices = append(devices, []any{int32(i + 1), numbers["vendor"], numbers["model"], numbers["device_type"]})
	}
	c.nameThings()
	err := c.engine.Fill(ctx, "region_keys", "region_number integer, province integer, reporting_area integer, city integer, county integer", regions)
	if err != nil {
		return err
	}
	if err := c.engine.Fill(ctx, "device_keys", "device_number integer, vendor integer, model integer, device_type integer", devices); err != nil {
		return err
	}
	return c.installLegend(ctx)
}

// nameThings names the acquirers, brands and categories that occur.
func (c *covering) nameThings() {
	for i, id := range c.Legend.Acquirers {
		name := strings.TrimPrefix(id, "raw:")
		if acquirer, ok := c.Reference.Acquirers.ByID(id); ok {
			name = both(acquirer.NameEN, acquirer.NameZH)
		}
		c.keys.set("acquirer", int32(i+1), id, name)
	}
	names := map[string]string{}
	for _, brand := range c.Reference.Brands.List() {
		names[brand.ID] = both(brand.NameEN, brand.NameZH)
	}
	c.keys.set("brand", 0, reference.None, "")
	for i, id := range c.Legend.Brands {
		c.keys.set("brand", int32(i+1), id, names[id])
	}
	clear(names)
	for _, category := range c.Reference.Categories.List() {
		names[category.ID] = both(category.NameEN, category.NameZH)
	}
	for i, id := range c.Legend.Categories {
		c.keys.set("category", int32(i+1), id, names[id])
	}
}

func (c *covering) installLegend(ctx context.Context) error {
	rows := [][]any{{"brand", int32(0), nil}}
	for _, list := range []struct {
		kind  string
		texts []string
	}{
		{"region", c.Legend.Regions}, {"acquirer", c.Legend.Acquirers}, {"brand", c.Legend.Brands}, {"category", c.Legend.Categories},
	} {
		for i, text := range list.texts {
			var value any = text
			if text == reference.None && list.kind == "category" {
				value = nil
			}
			rows = append(rows, []any{list.kind, int32(i + 1), value})
		}
	}
	if err := c.engine.Fill(ctx, "legend", "kind varchar, number integer, text varchar", rows); err != nil {
		return err
	}
	return c.engine.Encode(ctx, "legend")
}

// installPairs makes level_keys (one row per level and key number: the key and its name), once the pairs
// that occur are known.
func (c *covering) installPairs(ctx context.Context) error {
	var rows [][]any
	for _, level := range Levels {
		for number, key := range c.keys.keys[level] {
			rows = append(rows, []any{levelNumber(level), level, int64(number), key.key, cmp.Or(key.name, key.key)})
		}
		if !strings.HasPrefix(level, "province_") {
			continue
		}
		var union []string
		for _, table := range []string{"terminal_counts", "device_counts", "merchant_counts", "uncounted"} {
			union = append(union, fmt.Sprintf("select key_number from %s where level_number = %d", table, levelNumber(level)))
		}
		numbers, err := c.column(ctx, "select key_number from ("+strings.Join(union, " union all ")+") as pairs group by key_number")
		if err != nil {
			return err
		}
		for _, number := range numbers {
			pair := c.keys.pair(level, number.(int64))
			rows = append(rows, []any{levelNumber(level), level, number, pair.key, cmp.Or(pair.name, pair.key)})
		}
	}
	return c.engine.Fill(ctx, "level_keys", "level_number integer, level varchar, key_number bigint, key varchar, name varchar", rows)
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
