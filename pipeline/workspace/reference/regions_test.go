package reference

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func divisions(t testing.TB, vintage string) *Divisions {
	t.Helper()
	d, err := load(t).Regions.At(vintage)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestVintages(t *testing.T) {
	s := load(t)
	want := []string{"199712", "200212", "200712", "201308", "201512", "201607", "201810", "201904", "202306"}
	if diff := cmp.Diff(want, s.Regions.Vintages()); diff != "" {
		t.Error(diff)
	}
	if got := divisions(t, "").Vintage(); got != "202306" {
		t.Errorf("the newest vintage is %s", got)
	}
	_, err := s.Regions.At("201601")
	if err == nil || !strings.HasPrefix(err.Error(), `unknown vintage "201601" of GB/T 2260: one of 199712, `) {
		t.Errorf("got %v", err)
	}
}

func TestResolve(t *testing.T) {
	newest, old := divisions(t, ""), divisions(t, "200712")
	for _, test := range []struct {
		d          *Divisions
		code, want string
		known      bool
	}{
		{newest, "350203", "350203", true},
		{newest, "3502", "350200", true},
		{newest, "35", "350000", true},
		{newest, " ３５０２０３", "350203", true},
		{newest, "371200", "370100", true},                 // 莱芜, merged into 济南 in 2019
		{newest, "371202", "370116", true},                 // 莱城区
		{newest, "371203", "370117", true},                 // 钢城区
		{newest, "341400", "340000", true},                 // 巢湖, split between three cities in 2011
		{newest, "341402", "340181", true},                 // 居巢区, now 巢湖市 under 合肥
		{newest, "341421", "340124", true},                 // 庐江县
		{newest, "341422", "340281", true},                 // 无为县, then 340225, now a city
		{newest, "420600", "420600", true},                 // 襄樊 and 襄阳: the same code
		{newest, "350204", "350203", true},                 // 开元区, part of 思明区
		{newest, "310103", "310101", true},                 // 卢湾区
		{newest, "110103", "110101", true},                 // 崇文区
		{newest, "139001", "130682", true},                 // a code of the statistics bureau for 定州
		{newest, "640102", "640100", true},                 // 城区, shared out among its neighbours
		{newest, "469034", "469028", true},                 // 陵水 before the renumbering of 2007
		{newest, "342600", "340000", true},                 // 巢湖地区, through 巢湖市
		{newest, "110100", "110000", true},                 // 市辖区
		{newest, "350201", "350200", true},                 // 市辖区
		{newest, "429000", "420000", true},                 // 省直辖县级行政区划
		{newest, "350299", "350200", false},                // no such county
		{newest, "359900", "350000", false},                // no such city
		{newest, "130171", "130100", false},                // a development zone of the statistics bureau
		{newest, "990000", None, false},                    //
		{newest, "", None, false},                          //
		{newest, "5810a", None, false},                     //
		{newest, "350", None, false},                       //
		{newest, "350203001", None, false},                 //
		{old, "370116", "371202", true},                    // younger than the vintage: back to what it was
		{old, "340281", "341422", true},                    // through 340225
		{old, "500110", "500110", true},                    // 万盛区 then, 綦江区 now: the number stands for itself
		{old, "340181", "341402", true},                    //
		{old, "450109", "450109", true},                    //
		{divisions(t, "199712"), "440113", "440181", true}, // 番禺市
	} {
		got, known := test.d.Resolve(test.code)
		if got != test.want || known != test.known {
			t.Errorf("code %q in %s: got %s %v, want %s %v", test.code, test.d.Vintage(), got, known, test.want, test.known)
		}
	}
}

func TestLevels(t *testing.T) {
	newest := divisions(t, "")
	for _, test := range []struct{ key, province, city, county, area string }{
		{"350203", "350000", "350200", "350203", "350200"},
		{"350200", "350000", "350200", None, "350200"},
		{"350102", "350000", "350100", "350102", "350000"},
		{"350000", "350000", None, None, None}, // who knows whether in 厦门
		{"130000", "130000", None, None, "130000"},
		{"110101", "110000", "110000", "110101", "110000"},
		{"110000", "110000", "110000", None, "110000"},
		{"500229", "500000", "500000", "500229", "500000"},
		{"429004", "420000", "429004", "429004", "420000"},
		{"659001", "650000", "659001", "659001", "650000"},
		{"441900", "440000", "441900", None, "440000"},
		{"440305", "440000", "440300", "440305", "440300"},
		{"210202", "210000", "210200", "210202", "210200"},
		{"330203", "330000", "330200", "330203", "330200"},
		{"370202", "370000", "370200", "370202", "370200"},
		{"810101", "810000", "810100", "810101", "810000"},
		{"371200", None, None, None, None}, // not of this vintage
		{None, None, None, None, None},
	} {
		got := []string{newest.Province(test.key), newest.City(test.key), newest.County(test.key), newest.ReportingArea(test.key)}
		if diff := cmp.Diff([]string{test.province, test.city, test.county, test.area}, got); diff != "" {
			t.Errorf("key %s:\n%s", test.key, diff)
		}
	}
	// Hainan's counties stood under the number of the province itself.
	if city := divisions(t, "199712").City("460001"); city != "460001" {
		t.Errorf("the city of 通什 in 1997 is %s", city)
	}
}

func TestKeys(t *testing.T) {
	newest := divisions(t, "")
	mainland := func(keys []string) []string {
		return slices.DeleteFunc(keys, func(key string) bool { return key > "700000" })
	}
	for level, want := range map[string]int{LevelProvince: 31, LevelReportingArea: 36} {
		if got := len(mainland(newest.Keys(level))); got != want {
			t.Errorf("%d keys at level %s, want %d", got, level, want)
		}
	}
	if newest.Keys("nation") != nil {
		t.Error("keys at a level that regions do not have")
	}
}

// Every key has one province and, below it, one city; reporting areas tile the country.
func TestLevelsNest(t *testing.T) {
	for _, vintage := range load(t).Regions.Vintages() {
		d := divisions(t, vintage)
		cities := d.Keys(LevelCity)
		for _, s := range d.table.spans {
			key := s.code
			if !d.has(key) {
				continue
			}
			province, city, area := d.Province(key), d.City(key), d.ReportingArea(key)
			if !d.has(province) {
				t.Errorf("%s: the province of %s is %s", vintage, key, province)
			}
			if key != province && (!slices.Contains(cities, city) || d.Province(city) != province) {
				t.Errorf("%s: the city of %s is %s", vintage, key, city)
			}
			if key != province && (area == None || d.Province(area) != province) {
				t.Errorf("%s: the reporting area of %s is %s", vintage, key, area)
			}
		}
	}
}

func TestNames(t *testing.T) {
	newest := divisions(t, "")
	check := func(got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	check(newest.Name("350200"), "厦门市")
	check(newest.Name("420600"), "襄阳市")
	check(divisions(t, "200712").Name("420600"), "襄樊市")
	check(newest.Name("371200"), "")
	check(newest.NameEN("350000"), "Fujian")
	check(newest.NameEN("350200"), "Xiamen")
	check(newest.NameEN("350203"), "思明区")
	check(newest.NameEN(None), "")
	check(newest.AreaName("350000").EN, "Fujian without Xiamen")
	check(newest.AreaName("350000").ZH, "福建省（不含厦门市）")
	check(newest.AreaName("350200").EN, "Xiamen")
	check(newest.AreaName("130000").ZH, "河北省")
	for _, province := range newest.Keys(LevelProvince) {
		if newest.NameEN(province) == newest.Name(province) {
			t.Errorf("province %s has no English name", province)
		}
	}
}

func TestByName(t *testing.T) {
	newest := divisions(t, "")
	for _, test := range []struct {
		province, city, county, want string
		ok                           bool
	}{
		{"福建省", "厦门市", "思明区", "350203", true},
		{"福建", "厦门", "思明", "350203", true},
		{" 福建省　", "", "", "350000", true},
		{"Fujian", "xiamen", "", "350200", true},
		{"厦门市", "", "", "350200", true},
		{"厦门市", "厦门市", "思明区", "350203", true},
		{"厦门", "思明区", "", "350203", true},
		{"内蒙古", "呼和浩特", "", "150100", true},
		{"广西", "南宁", "横县", "450181", true},
		{"贵州省", "黔西南", "兴义市", "522301", true},
		{"北京市", "北京市", "朝阳区", "110105", true},
		{"北京", "市辖区", "朝阳区", "110105", true},
		{"", "北京市", "朝阳区", "110105", true},
		{"上海", "浦东新区", "", "310115", true},
		{"上海市", "", "南汇区", "310115", true},
		{"重庆市", "县", "城口县", "500229", true},
		{"湖北省", "仙桃市", "", "429004", true},
		{"湖北省", "省直辖县级行政区划", "仙桃市", "429004", true},
		{"广东省", "东莞市", "东莞市", "441900", true},
		{"福建省", "厦门市", "市辖区", "350200", true},
		{"湖北省", "襄樊市", "", "420600", true},
		{"山东省", "莱芜市", "莱城区", "370116", true},
		{"山东省", "莱芜市", "", "370100", true},
		{"安徽省", "巢湖市", "庐江县", "340124", true},
		{"安徽省", "巢湖市", "", "340000", true},
		{"安徽省", "合肥市", "巢湖市", "340181", true},
		{"", "厦门市", "", "350200", true},
		{"", "", "思明区", "350203", true},
		{"山西省", "大同市", "大同县", "140215", true},
		{"福建省", "厦门市", "没有区", "350200", false},
		{"福建省", "没有市", "", "350000", false},
		{"没有省", "厦门市", "", None, false},
		{"", "", "鼓楼区", None, false},
		{"江苏省", "", "鼓楼区", "320000", false},
		{"江苏省", "徐州市", "鼓楼区", "320302", true},
		{"", "", "", None, false},
		{"gb", "kent", "", None, false},
	} {
		got, ok := newest.ByName(test.province, test.city, test.county)
		if got != test.want || ok != test.ok {
			t.Errorf("%q %q %q: got %s %v, want %s %v", test.province, test.city, test.county, got, ok, test.want, test.ok)
		}
	}
}

// Every key is found by its full names again, in every vintage.
func TestByNameFindsEveryKey(t *testing.T) {
	for _, vintage := range []string{"199712", "201512", ""} {
		d := divisions(t, vintage)
		for _, s := range d.table.spans {
			key := s.code
			if !d.has(key) || d.Name(key) != s.name {
				continue
			}
			city, county := "", ""
			if c := d.City(key); c != None && c != d.Province(key) {
				city = d.Name(c)
			}
			if c := d.County(key); c != None {
				county = d.Name(c)
			}
			got, ok := d.ByName(d.Name(d.Province(key)), city, county)
			if got != key || !ok {
				t.Errorf("%s in %s: got %s %v for %s %s %s", key, d.Vintage(), got, ok, d.Name(d.Province(key)), city, county)
			}
		}
	}
}

// Every code of the published tables is known, and stands for something in the newest vintage.
func TestResolveEveryPublishedCode(t *testing.T) {
	const folder = "../../../../shared/data/reference/gb2260"
	files, err := filepath.Glob(filepath.Join(folder, "*[0-9].tsv"))
	if _, missing := os.Stat(folder); errors.Is(missing, fs.ErrNotExist) || err != nil {
		t.Skip("the tables of GB/T 2260 are not beside the project")
	}
	newest := divisions(t, "")
	for _, file := range files {
		if strings.HasSuffix(file, "198012.tsv") {
			continue // before the revisions that are embedded
		}
		coarse := 0
		for _, record := range readTSV(t, file)[1:] {
			code, name := record[2], strings.TrimSpace(record[3])
			key, known := newest.Resolve(code)
			isOwn := "71" <= code[4:] && code[4:] <= "79" || slices.Contains([]string{
				"232761", "232762", "232763", "232764", "460321", "460322", "460323", "632857",
			}, code)
			if !known && !isOwn || key == None {
				t.Errorf("%s: %s %s resolves to %s, known %v", filepath.Base(file), code, name, key, known)
			}
			if newest.County(key) == None && code[4:] != "00" && name != "市辖区" && !isOwn {
				coarse++
			}
		}
		if coarse > 40 {
			t.Errorf("%s: %d counties resolve to no county", filepath.Base(file), coarse)
		}
	}
}

func readTSV(t *testing.T, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	reader := csv.NewReader(f)
	reader.Comma = '\t'
	records, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// No chain of successors goes in a circle, and each ends in the newest vintage.
func TestSuccessorsEnd(t *testing.T) {
	newest := divisions(t, "")
	for code, successors := range newest.table.after {
		for _, successor := range successors {
			for steps := 0; !newest.has(successor); steps++ {
				next := newest.table.after[successor]
				if len(next) == 0 || steps > 5 {
					t.Errorf("%s: the chain of successors ends in %s", code, successor)
					break
				}
				successor = next[0]
			}
		}
	}
}

func BenchmarkResolve(b *testing.B) {
	d := divisions(b, "")
	for b.Loop() {
		d.Resolve("371202")
	}
}

func BenchmarkByName(b *testing.B) {
	d := divisions(b, "")
	for b.Loop() {
		d.ByName("福建省", "厦门市", "思明区")
	}
}
