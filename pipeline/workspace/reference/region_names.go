package reference

import (
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// nameIndex finds the codes that bear a name, of all revisions.
type nameIndex struct {
	full map[string][]string // folded full name, or English name → codes
	stem map[string][]string // stem of the name → codes
}

func (d *Divisions) indexNames() *nameIndex {
	spans := d.table.spans
	index := &nameIndex{full: make(map[string][]string, len(spans)), stem: make(map[string][]string, len(spans))}
	for _, s := range spans {
		name := fold.Text(s.name)
		index.full[name] = append(index.full[name], s.code)
		if short := stem(name); short != name {
			index.stem[short] = append(index.stem[short], s.code)
		}
		if s.nameEN != "" {
			english := fold.Text(s.nameEN)
			index.full[english] = append(index.full[english], s.code)
		}
	}
	return index
}

// find returns the codes that a name as written may mean and that keep says are meant: by full name
// if there are any, else by stem, so that 大同县 is not 大同区.
func (n *nameIndex) find(name string, keep func(code string) bool) []string {
	name = fold.Text(name)
	for _, codes := range [][]string{n.full[name], n.stem[name], n.stem[stem(name)], n.full[stem(name)]} {
		kept := []string{}
		for _, code := range codes {
			if keep(code) && !slices.Contains(kept, code) {
				kept = append(kept, code)
			}
		}
		if len(kept) > 0 {
			return kept
		}
	}
	return nil
}

func isProvinceCode(code string) bool { return code[2:] == "0000" }
func isCityCode(code string) bool     { return code[4:] == "00" && code[2:] != "0000" }
func isCountyCode(code string) bool   { return code[4:] != "00" }

// isDirectCode reports whether a county stands directly under its province (429004).
func isDirectCode(code string) bool {
	return isCountyCode(code) && (code[2:4] == "90" || code[2:4] == "00")
}

// isGroupName reports whether a name is a heading of the standard and not a place.
func isGroupName(name string) bool {
	return name == "市辖区" || name == "县" || name == "市" || strings.Contains(name, "直辖")
}

// ByName returns the finest key that names by level stand for; finer names may be "". The suffixes
// 省, 市, 区, 县 and their kin may be left out, provinces may be in English, and names of earlier
// revisions are known. A city under separate planning may stand as the province. The city of a
// municipality may be blank, its own name, 市辖区, or the county.
// ok is false if a name given is unknown or ambiguous; the key is then that of the wider levels.
func (d *Divisions) ByName(province, city, county string) (key string, ok bool) {
	search := nameSearch{Divisions: d, index: d.names()}
	province, city, county = search.shift(fold.Text(province), fold.Text(city), fold.Text(county))
	key = None
	if province != "" {
		search.provinces = search.index.find(province, isProvinceCode)
		if key, ok = search.agreed(search.provinces); !ok {
			return None, false
		}
	}
	if city != "" && !isGroupName(city) {
		search.cities = search.index.find(city, search.all(isCityCode))
		if search.cities == nil {
			search.cities = search.index.find(city, search.all(isDirectCode))
		}
		if key, ok = search.agreed(search.cities); !ok {
			return search.province(), false
		}
	}
	if county == "" || isGroupName(county) || county == city && search.cities != nil {
		return key, key != None
	}
	if finer, ok := search.county(county); ok {
		return finer, true
	}
	return key, false
}

// A nameSearch is what is known of the wider levels while a name is looked up.
type nameSearch struct {
	*Divisions
	index     *nameIndex
	provinces []string // codes, nil for any
	cities    []string // codes of all revisions, nil for any
}

// shift moves names that stand one level off to where they belong: a city under separate planning
// in place of a province, and a municipality or its counties in place of a city.
func (s *nameSearch) shift(province, city, county string) (string, string, string) {
	planned := func(code string) bool { return slices.Contains(separatelyPlanned, code) }
	municipality := func(code string) bool { return isProvinceCode(code) && isMunicipality(code) }
	switch {
	case province == "" && len(s.index.find(city, municipality)) > 0:
		province, city = city, ""
	case province != "" && s.index.find(province, isProvinceCode) == nil && s.index.find(province, planned) != nil:
		if county == "" && !slices.Equal(s.index.find(city, isCityCode), s.index.find(province, planned)) {
			county = city
		}
		return "", province, county
	}
	if own := s.index.find(province, municipality); own != nil {
		if county == "" && !slices.Equal(s.index.find(city, isProvinceCode), own) {
			county = city
		}
		city = ""
	}
	return province, city, county
}

// all narrows keep to codes in the provinces found.
func (s *nameSearch) all(keep func(string) bool) func(string) bool {
	return func(code string) bool {
		return keep(code) && (s.provinces == nil || slices.Contains(s.provinces, code[:2]+"0000"))
	}
}

// county looks a county up in the cities found, else in the whole province: it may have moved.
func (s *nameSearch) county(name string) (key string, ok bool) {
	for _, keep := range []func(string) bool{
		func(code string) bool { return s.cities != nil && slices.Contains(s.cities, code[:4]+"00") },
		func(string) bool { return true },
	} {
		codes := s.index.find(name, s.all(func(code string) bool { return isCountyCode(code) && keep(code) }))
		if codes != nil {
			return s.agreed(codes)
		}
	}
	return None, false
}

// agreed returns the key that all codes stand for, those of this vintage before all others.
func (s *nameSearch) agreed(codes []string) (key string, ok bool) {
	if i := slices.IndexFunc(codes, s.has); i >= 0 {
		codes = slices.DeleteFunc(slices.Clone(codes), func(code string) bool { return !s.has(code) })
	}
	key = None
	for i, code := range codes {
		followed := s.follow(code, len(s.table.vintages))
		if i > 0 && followed != key {
			return None, false
		}
		key = followed
	}
	return key, key != None
}

// province returns the key of the province found, None if none was named.
func (s *nameSearch) province() string {
	key, _ := s.agreed(s.provinces)
	return key
}
