package reference

import (
	"io/fs"
	"os"
	"path/filepath"
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

func TestManyProblemsAreCounted(t *testing.T) {
	rows := "a,b,x\nc,d,x\n"
	for c := 'A'; c <= 'Z'; c++ {
		rows += string(c) + "1,m,x\n"
	}
	_, err := Load(overrides(t, "models.csv", "vendor,model,contactless\n"+rows))
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 21 || lines[20] != "and 8 more" {
		t.Errorf("got %d lines, the last %q", len(lines), lines[len(lines)-1])
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
