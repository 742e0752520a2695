package reference

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

func TestCategories(t *testing.T) {
	c := load(t).Categories
	for _, test := range []struct{ code, want string }{
		{"5812", "restaurants"},
		{"5814", "restaurants"},
		{"5411", "supermarkets"},
		{"5311", "department_stores"},
		{"7011", "hotels"},
		{"3501", "hotels"},
		{"3000", "transport"},
		{"4121", "transport"},
		{"4722", "travel"},
		{"5541", "fuel"},
		{"5511", "cars"},
		{"5983", "fuel"},
		{"8062", "medical"},
		{"5912", "medical"},
		{"8220", "education"},
		{"9311", "government"},
		{"4900", "utilities"},
		{"4814", "telecom"},
		{"4829", "finance"},
		{"6011", "finance"},
		{"6513", "real_estate"},
		{"7832", "leisure"},
		{"5065", "wholesale"},
		{"7230", "personal_services"},
		{"0742", "agriculture"},
		{"742", "agriculture"},
		{"５８１２", "restaurants"},
		{"0000", ""},
		{"9999", ""},
		{"", ""},
		{"58120", ""},
		{"581a", ""},
	} {
		got, ok := c.Group(test.code)
		if got.ID != test.want || ok != (test.want != "") {
			t.Errorf("code %q: got %q, want %q", test.code, got.ID, test.want)
		}
	}
	for _, category := range c.List() {
		if found, ok := c.ByID(category.ID); !ok || found != category || category.NameEN == "" || category.NameZH == "" {
			t.Errorf("category %+v is found as %+v", category, found)
		}
	}
}

// The published codes are all in a group, except those of one card scheme's own use.
func TestCategoriesHoldThePublishedCodes(t *testing.T) {
	f, err := os.Open("../../../../shared/data/reference/mcc/mcc_codes.csv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the table of merchant category codes is not beside the project")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	c, missing := load(t).Categories, []string{}
	for _, record := range records[1:] {
		if _, ok := c.Group(record[0]); !ok {
			missing = append(missing, record[0])
		}
	}
	if diff := cmp.Diff([]string{"9700", "9701", "9702", "9950"}, missing); diff != "" {
		t.Errorf("codes without a group:\n%s", diff)
	}
}

func TestAcquirers(t *testing.T) {
	a := load(t).Acquirers
	check := func(want string, raws ...string) {
		t.Helper()
		for _, raw := range raws {
			if got, ok := a.Match(raw); got.ID != want || ok != (want != "") {
				t.Errorf("%q: got %q, want %q", raw, got.ID, want)
			}
		}
	}
	check("102", "工行", "工商银行", "中国工商银行", "ICBC", "icbc", " ＩＣＢＣ ", "102", "0102", "01020000", "1020000", "00001020000", "'102")
	check("100", "PSBC", "邮储", "100", "01000000", "1000000")
	check("1", "银联", "UnionPay", "001", "0001", "00010000")
	check("308", "招行", "CMB", "03080000")
	check("305", "CMBC", "民生")
	check("802", "银联商务", "ChinaUMS", "802")
	check("307", "平安银行", "深发展")
	check("", "", "1", "10", "1020", "0102290", "某某支付", "08600005", "102000000000", "000", "0000", "银行")
}

func TestAcquirersFindThemselves(t *testing.T) {
	a := load(t).Acquirers
	for _, acquirer := range a.List() {
		for _, name := range append([]string{acquirer.NameEN, acquirer.NameZH, number(acquirer.ID)}, acquirer.Aliases...) {
			if got, ok := a.Match(name); !ok || got.ID != acquirer.ID {
				t.Errorf("%q of acquirer %s is found as %q", name, acquirer.ID, got.ID)
			}
		}
		if got, ok := a.ByID(acquirer.ID); !ok || got.ID != acquirer.ID {
			t.Errorf("acquirer %s is not found by its id", acquirer.ID)
		}
	}
	if _, ok := a.ByID("ICBC"); ok {
		t.Error("a name is taken for an id")
	}
	ids := []string{}
	for _, acquirer := range a.List()[:3] {
		ids = append(ids, acquirer.ID)
	}
	if diff := cmp.Diff([]string{"1", "100", "102"}, ids); diff != "" {
		t.Error(diff)
	}
}

func TestBrands(t *testing.T) {
	b := load(t).Brands
	for _, test := range []struct{ name, want string }{
		{"家乐福（中关村店）", "carrefour"},
		{"CARREFOUR Market", "carrefour"},
		{"上海Carrefour店", "carrefour"},
		{"ＣＡＲＲＥＦＯＵＲ", "carrefour"},
		{"McDonald's #12", "mcdonalds"},
		{"mcdonald’s", "mcdonalds"},
		{"MCDONALDS", "mcdonalds"},
		{"金拱门（中国）有限公司", "mcdonalds"},
		{"北京麦当劳食品有限公司", "mcdonalds"},
		{"屈臣氏个人用品商店", "watsons"},
		{"Watson's Your Personal Store", "watsons"},
		{"麦当劳家乐福店", "mcdonalds"},
		{"Carrefours Ltd", ""},
		{"MyWatsonsons", ""},
		{"家乐", ""},
		{"", ""},
	} {
		got, ok := b.Match(test.name)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("%q: got %q, want %q", test.name, got, test.want)
		}
	}
	ids := []string{}
	for _, brand := range b.List() {
		ids = append(ids, brand.ID)
		if found, ok := b.ByID(brand.ID); !ok || found.NameEN != brand.NameEN {
			t.Errorf("brand %s is found as %+v", brand.ID, found)
		}
	}
	if diff := cmp.Diff([]string{"carrefour", "mcdonalds", "watsons"}, ids); diff != "" {
		t.Error(diff)
	}
}

// What the pattern finds in a folded name is an alias that ByAlias knows, for every alias.
func TestBrandPatternFindsEveryAlias(t *testing.T) {
	b := load(t, "brands.csv", "id,name_en,name_zh,aliases\n7fresh,7-Eleven (CN),七鲜,7.fresh+|Ärzte|m&s|c&a.\n").Brands
	pattern := regexp.MustCompile(b.Pattern())
	for _, brand := range b.List() {
		for _, alias := range brand.Aliases {
			for _, name := range []string{alias, "上海" + alias + "店", "the " + alias + " shop"} {
				found := pattern.FindString(fold.Text(name))
				if id, ok := b.ByAlias(found); !ok || id != brand.ID {
					t.Errorf("%q: found %q of brand %q", name, found, id)
				}
			}
		}
	}
}

func TestNoBrands(t *testing.T) {
	b := load(t, "brands.csv", "id,name_en\ncarrefour,\nmcdonalds,\nwatsons,\n").Brands
	if b.Pattern() != "" {
		t.Errorf("the pattern is %q", b.Pattern())
	}
	if _, ok := b.Match("anything"); ok {
		t.Error("a brand is found where there is none")
	}
}

func TestModels(t *testing.T) {
	m := load(t, "models.csv", "vendor,model,contactless\nAcme,X 1,never\n").Models
	for _, test := range []struct{ vendor, model, want string }{
		{"Newland", "N510", ContactlessAlways},
		{"NEWLAND", "ｎ510 ", ContactlessAlways},
		{"Verifone", "Vx520", ContactlessVariant},
		{"PAX", "S80", ContactlessVariant},
		{"acme", "x 1", ContactlessNever},
		{"PAX", "A920", ContactlessVariant},
		{"", "", ContactlessVariant},
	} {
		if got := m.Contactless(test.vendor, test.model); got != test.want {
			t.Errorf("%s %s: got %s, want %s", test.vendor, test.model, got, test.want)
		}
	}
	if !slices.IsSortedFunc(m.List(), func(a, b Model) int { return strings.Compare(fold.Text(a.Vendor), fold.Text(b.Vendor)) }) {
		t.Error("models are not in the order of their vendors")
	}
}

func BenchmarkBrandMatch(b *testing.B) {
	brands := load(b).Brands
	for b.Loop() {
		brands.Match("上海浦东新区陆家嘴环路某某餐饮管理有限公司")
	}
}
