package reference

import (
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// nameIndex finds the places that bear or bore a name.
type nameIndex struct {
	full map[string][]*span // by folded full name, and by English name
	stem map[string][]*span // by stem of the name
}

func (d *Divisions) indexNames() *nameIndex {
	spans := d.table.spans
	index := &nameIndex{full: make(map[string][]*span, len(spans)), stem: make(map[string][]*span, len(spans))}
	for i := range spans {
		s := &spans[i]
		name := fold.Text(s.name)
		index.full[name] = append(index.full[name], s)
		if short := stem(name); short != name {
			index.stem[short] = append(index.stem[short], s)
		}
		if s.nameEN != "" {
			english := fold.Text(s.nameEN)
			index.full[english] = append(index.full[english], s)
		}
	}
	return index
}

// find returns the places that a folded name may mean and whose codes keep lets through: by full
// name if there are any, else by stem, so that 大同县 is not 大同区.
func (n *nameIndex) find(name string, keep func(code string) bool) []*span {
	short := stem(name)
	for _, places := range [][]*span{n.full[name], n.stem[name], n.stem[short], n.full[short]} {
		var kept []*span
		for _, s := range places {
			if keep(s.code) {
				kept = append(kept, s)
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
		search.cities = search.index.find(city, search.within(func(code string) bool {
			return isCityCode(code) || isDirectCode(code)
		}))
		wider := key
		if key, ok = search.agreed(search.cities); !ok {
			return wider, false
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
	provinces []*span // nil for any
	cities    []*span // of all revisions, nil for any
}

// shift moves names that stand one level off to where they belong: a city under separate planning
// in place of a province, and a municipality or its counties in place of a city.
func (s *nameSearch) shift(province, city, county string) (string, string, string) {
	names := func(name string, keep func(string) bool) bool { return s.index.find(name, keep) != nil }
	planned := func(code string) bool { return slices.Contains(separatelyPlanned, code) }
	municipality := func(code string) bool { return isProvinceCode(code) && isMunicipality(code) }
	switch {
	case province == "" && names(city, municipality):
		province, city = city, ""
	case province != "" && !names(province, isProvinceCode) && names(province, planned):
		if county == "" && !names(city, planned) {
			county = city
		}
		return "", province, county
	}
	if names(province, municipality) {
		if county == "" && !names(city, municipality) {
			county = city
		}
		city = ""
	}
	return province, city, county
}

// within narrows keep to the codes of the provinces found.
func (s *nameSearch) within(keep func(code string) bool) func(code string) bool {
	return func(code string) bool {
		return keep(code) && (s.provinces == nil || hasPrefix(s.provinces, code[:2]))
	}
}

// hasPrefix reports whether the code of one of the places begins with prefix.
func hasPrefix(places []*span, prefix string) bool {
	return slices.ContainsFunc(places, func(s *span) bool { return s.code[:len(prefix)] == prefix })
}

// county looks a county up in the cities found, else in the whole province: it may have moved.
func (s *nameSearch) county(name string) (key string, ok bool) {
	if s.cities != nil {
		places := s.index.find(name, func(code string) bool { return isCountyCode(code) && hasPrefix(s.cities, code[:4]) })
		if places != nil {
			return s.agreed(places)
		}
	}
	return s.agreed(s.index.find(name, s.within(isCountyCode)))
}

// agreed returns the key that all places stand for, those of this vintage before all others.
func (s *nameSearch) agreed(places []*span) (key string, ok bool) {
	current := func(place *span) bool { return place.from <= s.vintage && s.vintage <= place.to }
	if slices.ContainsFunc(places, current) {
		places = slices.DeleteFunc(slices.Clone(places), func(place *span) bool { return !current(place) })
	}
	key = None
	for i, place := range places {
		followed := s.follow(place.code)
		if i > 0 && followed != key {
			return None, false
		}
		key = followed
	}
	return key, key != None
}
