package reference

import (
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// Divisions is the map of China as of one vintage. All keys are six-digit codes of that vintage, or
// None. It is read-only and safe for concurrent use.
type Divisions struct {
	table   *regionTable
	vintage int
	names   func() *nameIndex
}

// separatelyPlanned are the five cities under separate planning (计划单列市), reported apart from
// their provinces.
var separatelyPlanned = []string{"210200", "330200", "350200", "370200", "440300"}

// Vintage returns the revision as yyyymm.
func (d *Divisions) Vintage() string { return d.table.vintages[d.vintage] }

// Resolve returns the finest key that a code of any revision stands for in this vintage. A code of
// two or four digits is padded with zeros. A code abolished since maps to its successor, with
// several successors to their common parent, without a known one to its own parent; a code younger
// than the vintage takes the same ways back. Groups such as 市辖区 (350201, 110100) are their parent.
// ok is false if the code is in no revision; the key is then its nearest known ancestor, or None.
func (d *Divisions) Resolve(code string) (key string, ok bool) {
	code = fold.Text(code)
	if len(code) > 6 || len(code)%2 != 0 || !isDigits(code) {
		return None, false
	}
	code += "000000"[len(code):]
	known := isGroup(code) || len(d.table.history(code)) > 0 || len(d.table.after[code]) > 0
	return d.follow(code), known
}

// isGroup reports whether a code is one of the standard's headings: 市辖区 (xxxx01, and 01 to 03 at
// the city level of a municipality) and 省直辖县级行政区划 (xx9000).
// Where a code of this shape is a place, as 110101 is, it is found before this is asked.
func isGroup(code string) bool {
	switch {
	case code[4:] == "01":
		return true
	case isMunicipality(code):
		return code[2:] == "0100" || code[2:] == "0200" || code[2:] == "0300"
	}
	return code[2:] == "9000"
}

// isMunicipality reports whether a code lies in Beijing, Tianjin, Shanghai or Chongqing.
func isMunicipality(code string) bool {
	switch code[:2] {
	case "11", "12", "31", "50":
		return true
	}
	return false
}

// follow returns the key of this vintage that code came to be, or came from.
func (d *Divisions) follow(code string) string {
	if d.has(code) {
		return code
	}
	return d.trace(code, map[string]string{})
}

// trace is follow for codes that are not keys. It notes in traced what it finds, and None while it
// looks: a code that ended before this vintage, and whose successor began after it, leads to and fro.
func (d *Divisions) trace(code string, traced map[string]string) string {
	if d.has(code) {
		return code
	}
	if key, ok := traced[code]; ok {
		return key
	}
	traced[code] = None
	next := d.table.after[code]
	if history := d.table.history(code); len(history) > 0 && history[0].from > d.vintage {
		next = d.table.before[code]
	}
	key := None
	for i, other := range next {
		found := d.trace(other, traced)
		if i > 0 {
			found = d.common(key, found)
		}
		key = found
	}
	if parent := parentOf(code); key == None && parent != None {
		key = d.trace(parent, traced)
	}
	traced[code] = key
	return key
}

// parentOf returns the code one level up, by its digits alone; None above a province.
func parentOf(code string) string {
	switch {
	case code[4:] != "00":
		return code[:4] + "00"
	case code[2:] != "0000":
		return code[:2] + "0000"
	}
	return None
}

// common returns the finest key that contains both a and b.
func (d *Divisions) common(a, b string) string {
	switch {
	case a == b:
		return a
	case d.City(a) != None && d.City(a) == d.City(b):
		return d.City(a)
	case d.Province(a) == d.Province(b):
		return d.Province(a)
	}
	return None
}

// has reports whether key is a key of this vintage.
func (d *Divisions) has(key string) bool {
	_, ok := d.table.at(key, d.vintage)
	return ok
}

// Province returns the province of key, None if key is not a key.
func (d *Divisions) Province(key string) string {
	if !d.has(key) {
		return None
	}
	return key[:2] + "0000"
}

// City returns the city of key, None for a province. The four municipalities are their own city
// (110000), and so is a county directly under its province (429004), which has no city above it.
// Every key below a province thus has exactly one city.
func (d *Divisions) City(key string) string {
	switch {
	case !d.has(key):
		return None
	case isMunicipality(key):
		return key[:2] + "0000"
	case key[2:] == "0000":
		return None
	}
	if city := key[:4] + "00"; city != key[:2]+"0000" && d.has(city) {
		return city
	}
	return key
}

// County returns the county of key, None if key is not that fine. Cities without counties, such as
// 东莞 441900, are None.
func (d *Divisions) County(key string) string {
	if !d.has(key) || key[4:] == "00" {
		return None
	}
	return key
}

// ReportingArea returns the area of key at the level reporting_area: its province, or one of the
// five cities under separate planning. A key that is only known to lie in a province that has such
// a city is None: nobody can say on which side it is.
func (d *Divisions) ReportingArea(key string) string {
	city := d.City(key)
	if slices.Contains(separatelyPlanned, city) {
		return city
	}
	province := d.Province(key)
	if city == None && plannedCityOf(province) != "" {
		return None
	}
	return province
}

// plannedCityOf returns the city that is reported apart from a province, "" if there is none.
func plannedCityOf(province string) string {
	for _, city := range separatelyPlanned {
		if city[:2]+"0000" == province {
			return city
		}
	}
	return ""
}

// Name returns the Chinese name of key in this vintage, "" if it is not a key.
func (d *Divisions) Name(key string) string {
	s, ok := d.table.at(key, d.vintage)
	if !ok {
		return ""
	}
	return s.name
}

// NameEN returns the short English name of a province or a city under separate planning, the
// Chinese name of any other key, "" if it is not a key.
func (d *Divisions) NameEN(key string) string {
	s, ok := d.table.at(key, d.vintage)
	switch {
	case !ok:
		return ""
	case s.nameEN == "":
		return s.name
	}
	return s.nameEN
}

// AreaName returns the names of a reporting area, which say what it leaves out: "Fujian without
// Xiamen", 福建省（不含厦门市）.
func (d *Divisions) AreaName(key string) Text {
	name := Text{EN: d.NameEN(key), ZH: d.Name(key)}
	if city := plannedCityOf(key); city != "" && name.ZH != "" {
		name.EN += " without " + d.NameEN(city)
		name.ZH += "（不含" + d.Name(city) + "）"
	}
	return name
}

// Keys lists the keys of a level (province, reporting_area, city, county) in order; none for
// another level.
func (d *Divisions) Keys(level string) []string {
	of := map[string]func(string) string{
		LevelProvince: d.Province, LevelReportingArea: d.ReportingArea, LevelCity: d.City, LevelCounty: d.County,
	}[level]
	if of == nil {
		return nil
	}
	var keys []string
	for _, s := range d.table.spans {
		if key := of(s.code); key != None && s.from <= d.vintage && d.vintage <= s.to {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// suffixes of names, longest first, so that 延边朝鲜族自治州 loses more than 州.
var nameSuffixes = []string{
	"特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区", "特区", "省", "市", "区", "县", "盟", "旗", "州",
}

// peoples are named in the full names of autonomous divisions and left out by most writers.
var peoples = []string{
	"壮族", "回族", "维吾尔", "藏族", "羌族", "苗族", "侗族", "土家族", "布依族", "彝族", "哈尼族", "傣族", "白族",
	"景颇族", "傈僳族", "朝鲜族", "蒙古族", "蒙古", "哈萨克", "柯尔克孜", "黎族", "满族", "瑶族", "畲族", "拉祜族",
	"佤族", "纳西族", "水族", "土族", "撒拉族", "东乡族", "保安族", "裕固族", "锡伯", "塔吉克", "达斡尔族",
	"鄂伦春", "鄂温克族", "独龙族", "怒族", "普米族", "布朗族", "毛南族", "仫佬族", "仡佬族", "各族",
}

// stem cuts a name down to what people call the place: 厦门市 to 厦门, 黔西南布依族苗族自治州 to 黔西南.
// A stem of one character stays with its suffix (沙县).
func stem(name string) string {
	short := name
	for _, suffix := range nameSuffixes {
		if cut, ok := strings.CutSuffix(name, suffix); ok {
			short = cut
			break
		}
	}
	for {
		cut := short
		for _, people := range peoples {
			if rest, ok := strings.CutSuffix(cut, people); ok && len(rest) >= len("县县") {
				cut = rest
			}
		}
		if cut == short {
			break
		}
		short = cut
	}
	if len(short) < len("县县") {
		return name
	}
	return short
}
