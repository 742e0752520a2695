package reference

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// load returns the embedded set; with files (name, content, name, content, …) as overrides.
func load(t testing.TB, files ...string) *Set {
	t.Helper()
	s, err := Load(overrides(t, files...))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// overrides writes files into a new folder.
func overrides(t testing.TB, files ...string) string {
	t.Helper()
	folder := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(folder, files[i]), []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestEmbeddedDataIsSound(t *testing.T) {
	s := load(t)
	for _, name := range Names() {
		if len(s.Hash(name)) != 64 {
			t.Errorf("hash of %q is %q", name, s.Hash(name))
		}
	}
	if s.Hash("nothing") != "" {
		t.Error("a table that does not exist has a hash")
	}
	var files []string
	err := fs.WalkDir(embedded, ".", func(path string, d fs.DirEntry, err error) error {
		if !d.IsDir() {
			files = append(files, strings.TrimSuffix(path, filepath.Ext(path)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(files, Names()); diff != "" {
		t.Errorf("embedded files and tables differ (-files +tables):\n%s", diff)
	}
}

func TestLoadWithoutFolder(t *testing.T) {
	for _, folder := range []string{"", filepath.Join(t.TempDir(), "missing")} {
		s, err := Load(folder)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Claims.List()) == 0 {
			t.Errorf("no claims with the folder %q", folder)
		}
	}
}

func TestHashIsOfContent(t *testing.T) {
	plain := load(t)
	same := load(t, "brands.csv", "\uFEFF# ours\r\naliases,id,name_zh,name_en\r\n,\"carrefour\",家乐福,  Carrefour\r\n")
	more := load(t, "brands.csv", "id,name_en,name_zh,aliases\ntesco,Tesco,乐购,\n")
	if plain.Hash("brands") != same.Hash("brands") {
		t.Error("the same content in another form has another hash")
	}
	if plain.Hash("brands") == more.Hash("brands") {
		t.Error("a further brand does not change the hash")
	}
	if plain.Hash("values") != more.Hash("values") {
		t.Error("a further brand changes the hash of another table")
	}
	claim := "- id: C1\n  text: {en: other}\n  comparator: '>'\n  value: 0.5\n"
	if load(t, "claims.yaml", claim).Hash("claims") == plain.Hash("claims") {
		t.Error("another claim does not change the hash")
	}
	if load(t, "successors.csv", "code,successors\n130106,130102|130104\n").Hash("successors") == plain.Hash("successors") {
		t.Error("a further successor does not change the hash")
	}
}

func TestRowsOfTheWorkspace(t *testing.T) {
	s := load(t,
		"brands.csv", "id,name_en,name_zh,aliases\nwatsons,,,\ntesco,Tesco,乐购,特易购\n",
		"headers.csv", "header,column\n非接,\n终端 号,serial_number\nwave flag,contactless_flag\n",
		"categories.csv", "id,name_en,name_zh,codes\ncoffee,Coffee shops,咖啡,5812|5813\n",
		"acquirers.csv", "id,name_en,name_zh,aliases\n102,ICBC,工商银行,big bank\nacme,Acme,,48020000|17\n",
		"claims.yaml", "- id: C2\n- id: S1\n  text: {en: over 60% of the sample}\n  comparator: '>'\n  value: 0.60\n  scope: estate\n",
		"regions.csv", "code,first,name,last\n350203,199712,思明区,202306\n350299,202412,新思明区,\n",
		"successors.csv", "code,successors\n350203,350299\n",
	)
	check := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
	}
	tesco, _ := s.Brands.Match("特易购大卖场")
	check("added brand", tesco, "tesco")
	watsons, _ := s.Brands.Match("Watsons")
	check("removed brand", watsons, "")
	column, _ := s.Headers.Column("非接")
	check("removed header", column, "")
	column, _ = s.Headers.Column("终端号")
	check("replaced header", column, "serial_number")
	check("note of a replaced header", s.Headers.Note("终端号"), "")
	column, _ = s.Headers.Column("Wave_Flag")
	check("added header", column, "contactless_flag")
	category, _ := s.Categories.Group("5812")
	check("code claimed by the workspace", category.ID, "coffee")
	category, _ = s.Categories.Group("5814")
	check("code left alone", category.ID, "restaurants")
	acquirer, _ := s.Acquirers.Match("Big Bank")
	check("replaced acquirer", acquirer.ID, "102")
	acquirer, _ = s.Acquirers.Match("工行")
	check("alias lost by replacement", acquirer.ID, "")
	for _, raw := range []string{"17", "48020000", "ACME"} {
		acquirer, _ = s.Acquirers.Match(raw)
		check("added acquirer "+raw, acquirer.ID, "acme")
	}
	if _, ok := s.Claims.ByID("C2"); ok {
		t.Error("claim C2 is still there")
	}
	if claim, _ := s.Claims.ByID("S1"); !claim.Scope.Estate {
		t.Error("claim S1 is not about the estate")
	}
	newest, err := s.Regions.At("")
	if err != nil {
		t.Fatal(err)
	}
	check("added vintage", newest.Vintage(), "202412")
	key, _ := newest.Resolve("350203")
	check("added successor", key, "350299")
	check("code that goes on", newest.Name("350206"), "湖里区")
}

func TestProblemsNameTheirPlace(t *testing.T) {
	const claim = "- id: X\n  text: {en: x}\n  comparator: '>'\n  value: 0.6\n"
	tests := []struct{ name, file, content, want string }{
		{"column unknown", "brands.csv", "id,name_en,alias\n", `1:12: unknown column "alias": one of id, name_en, name_zh, aliases`},
		{"column missing", "brands.csv", "id,aliases\n", `1:1: column "name_en" is missing`},
		{"column twice", "brands.csv", "id,name_en,id\n", `1:12: column "id" stands twice`},
		{"no header", "brands.csv", "# nothing\n", `1:1: the file has no header`},
		{"fields", "brands.csv", "id,name_en\nx\n", `2:1: 1 fields where the header has 2`},
		{"blank", "headers.csv", "header,column,note\n\n终端 X,,n\n", `3:10: column is blank`},
		{"blank key", "brands.csv", "id,name_en\n,x\n", `2:1: id is blank`},
		{"quote", "brands.csv", "id,name_en\na,\"b\nc,d\n", `3:5: not valid CSV: extraneous or missing " in quoted-field`},
		{"not UTF-8", "brands.csv", "id,name_en\na,\xb1\xb1\n", `2:1: not UTF-8 text: save the file as CSV in UTF-8`},
		{"twice", "brands.csv", "id,name_en\na,Aa\na,Bb\n", `3:1: id "a" stands twice, first in line 2`},
		{"nothing to remove", "brands.csv", "id,name_en\nzzz,\n", `2:1: id "zzz" has only its key, which removes a row, but there is none to remove`},
		{"header", "headers.csv", "header,column\nfoo,contactles_flag\n", `2:5: unknown column "contactles_flag" for header "foo", did you mean "contactless_flag"?`},
		{"flag", "values.csv", "set,value,meaning\nflag,si,maybe\n", `2:9: unknown meaning "maybe": one of unknown, no, yes`},
		{"status code", "values.csv", "set,value,meaning\nstatus_word,1,in_service\n", `2:13: "1" is a code: what a status code means is said by the profile of its source`},
		{"set", "values.csv", "set,value,meaning\nflags,si,yes\n", `2:1: unknown set "flags": one of flag, status_word, device_type:NAME`},
		{"codes", "categories.csv", "id,name_en,name_zh,codes\nx,X,X,12\n", `2:7: "12" is neither a category code of four digits nor a range such as 5811-5814`},
		{"codes twice", "categories.csv", "id,name_en,name_zh,codes\nx,X,X,5812\ny,Y,Y,5812\n", `3:7: codes 5812-5812 are in category "x" as well`},
		{"acquirer alias", "acquirers.csv", "id,name_en,name_zh,aliases\n9,New,新,工行\n", `2:11: "工行" is acquirer 102 as well`},
		{"acquirer id", "acquirers.csv", "id,name_en,name_zh\n0999,New,新\n", `2:1: "0999": ids are written without leading zeros`},
		{"brand alias", "brands.csv", "id,name_en,aliases\nx,X Shop,家\n", `2:10: alias "家" would be found in every other name: it needs two characters`},
		{"model", "models.csv", "vendor,model,contactless\nPAX,A920,sometimes\n", `2:10: unknown contactless "sometimes": one of always, never, variant`},
		{"region code", "regions.csv", "code,first,name,last\n3502,199712,x,\n", `2:1: "3502" is no code of six digits`},
		{"region revision", "regions.csv", "code,first,name,last\n990000,19971,x,\n", `2:8: "19971" is no revision: expected a month such as 202306`},
		{"region ends", "regions.csv", "code,first,name,last\n990000,201904,x,199712\n", `2:17: code 990000 ends in 199712, before it begins in 201904`},
		{"region twice", "regions.csv", "code,first,name,last\n350203,202306,x,\n", `2:1: code 350203 has two names in 202306, "思明区" and "x": fill last of the older row`},
		{"successor", "successors.csv", "code,successors\n371202,999999\n", `2:8: "999999" cannot be a successor of 371202: no other code of regions.csv`},

		{"no list", "claims.yaml", "id: X\n", `1:3: expected a list: each entry begins with - id:`},
		{"syntax", "claims.yaml", "- id: X\n   text: [\n", ""},
		{"no id", "claims.yaml", "- text: {en: x}\n", `1:7: an entry needs an id`},
		{"id twice", "claims.yaml", claim + claim, `5:7: id "X" stands twice`},
		{"key", "claims.yaml", claim + "  comparater: x\n", `5:3: unknown key "comparater", did you mean "comparator"?`},
		{"key twice", "claims.yaml", claim + "  value: 0.7\n", `5:3: key "value" stands twice`},
		{"list for text", "claims.yaml", claim + "  level: [a]\n", `5:10: level: expected a text`},
		{"text for mapping", "claims.yaml", "- id: X\n  text: x\n", `2:9: text: expected keys below it`},
		{"alias", "claims.yaml", "- id: &a X\n", `1:7: id: expected a text`},
		{"value", "claims.yaml", "- id: X\n  text: {en: x}\n  comparator: '>'\n  value: 60%\n", `4:10: value: "60%" is no decimal number such as 0.60`},
		{"comparator", "claims.yaml", "- id: X\n  text: {en: x}\n  comparator: over\n  value: 0.6\n", `3:15: unknown comparator "over": one of >, >=, <, <=, between, about`},
		{"level without key", "claims.yaml", claim + "  level: province\n", `5:10: level province needs either a key or every: true`},
		{"reading", "claims.yaml", claim + "  reading: loose\n", `5:12: unknown reading "loose": one of strict, declared, inferred`},
		{"scope", "claims.yaml", claim + "  scope: all\n", `5:10: unknown scope "all": one of estate, or area and acquirers below it`},
		{"date", "claims.yaml", claim + "  as_of: 2016-13\n", `5:10: as_of: "2016-13" is no date: expected one such as 2016-12-31, 2016-12, 2016-Q4 or 2016`},
		{"dates", "claims.yaml", claim + "  as_of: {from: 2017, to: 2016}\n", `5:27: as_of: the range ends before it begins`},
		{"tolerance", "claims.yaml", "- id: X\n  text: {en: x}\n  comparator: about\n  value: 0.6\n", `1:5: claim X needs tolerance: a decimal number such as 0.60`},
		{"since", "claims.yaml", claim + "  since: 2015-12-31\n", `5:10: since: only the metric growth has it`},
		{"figure", "figures.yaml", "- id: F\n  kind: total\n  value: 1.5\n  mark: V\n", `3:10: value: "1.5" is no whole number of terminals`},
		{"denominator", "figures.yaml", "- id: F\n  kind: share\n  unit: ratio\n  value: 0.5\n  mark: V\n  denominator: none\n", `6:16: denominator: no figure of kind total has the id "none"`},
		{"mark", "figures.yaml", "- id: F\n  kind: total\n  value: 1\n  mark: X\n", `4:9: unknown mark "X": one of V, W, D, GK`},
		{"nesting", "claims.yaml", "- id: " + strings.Repeat("[", 100_000), `1:23: nested too deeply`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			folder := overrides(t, test.file, test.content)
			s, err := Load(folder)
			var problems *Error
			if !errors.As(err, &problems) || s != nil {
				t.Fatalf("got %v, want problems", err)
			}
			got := strings.TrimPrefix(problems.Problems[0].String(), filepath.Join(folder, test.file)+":")
			if test.want != "" && got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestAllProblemsAreReported(t *testing.T) {
	folder := overrides(t, "models.csv", "vendor,model,contactless\nA,B,x\nC,D,y\n", "brands.csv", "id\n")
	_, err := Load(folder)
	want := []string{
		filepath.Join(folder, "brands.csv") + `:1:1: column "name_en" is missing`,
		filepath.Join(folder, "models.csv") + `:2:5: unknown contactless "x": one of always, never, variant`,
		filepath.Join(folder, "models.csv") + `:3:5: unknown contactless "y": one of always, never, variant`,
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestUnreadableOverride(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "regions.csv"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Load(folder)
	if want := filepath.Join(folder, "regions.csv") + ": read: is a directory"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// FuzzOverrides feeds any text as any table: it is taken or refused, and nothing else happens.
func FuzzOverrides(f *testing.F) {
	for _, name := range Names() {
		for _, ext := range []string{".csv", ".yaml"} {
			if text, err := embedded.ReadFile(name + ext); err == nil {
				f.Add(slices.Index(Names(), name), text[:min(len(text), 2000)])
			}
		}
	}
	f.Fuzz(func(t *testing.T, table int, text []byte) {
		name := Names()[uint(table)%uint(len(Names()))] + ".csv"
		if name == "claims.csv" || name == "figures.csv" {
			name = strings.TrimSuffix(name, ".csv") + ".yaml"
		}
		s, err := Load(overrides(t, name, string(text)))
		if (s == nil) != (err != nil) {
			t.Fatalf("set %v, error %v", s, err)
		}
		if err != nil {
			return
		}
		if d, err := s.Regions.At(""); err == nil {
			d.Resolve("371202")
			d.ByName("福建", "厦门", "思明")
		}
		s.Brands.Match("家乐福")
		for _, claim := range s.Claims.List() {
			if _, _, err := claim.Rational(); err != nil && claim.NoVerdict.IsZero() {
				t.Error(err)
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseRegions(b *testing.B) {
	for b.Loop() {
		sound(readRegionTable)
	}
}

func BenchmarkParseFigures(b *testing.B) {
	for b.Loop() {
		sound(readFigureTable)
	}
}

func BenchmarkParseClaims(b *testing.B) {
	for b.Loop() {
		sound(readClaimTable)
	}
}
