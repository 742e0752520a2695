package reference

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// xClaim is a claim without problems, for problems to be appended to.
const xClaim = "- id: X\n  text: {en: x}\n  comparator: '>'\n  value: 0.6\n"

var problemTests = []struct{ name, file, content, want string }{
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
	{"circle", "successors.csv", "code,successors\n371202,371203\n371203,371202\n", `2:8: the successors of 371202 lead in a circle`},

	{"no list", "claims.yaml", "id: X\n", `1:3: expected a list: each entry begins with - id:`},
	{"syntax", "claims.yaml", "- id: X\n   text: [\n", ""},
	{"no id", "claims.yaml", "- text: {en: x}\n", `1:7: an entry needs an id`},
	{"id shape", "claims.yaml", "- id: a b\n", `1:7: id "a b": an id is letters, digits and . _ -, at most 64`},
	{"id twice", "claims.yaml", xClaim + xClaim, `5:7: id "X" stands twice`},
	{"key", "claims.yaml", xClaim + "  comparater: x\n", `5:3: unknown key "comparater", did you mean "comparator"?`},
	{"key twice", "claims.yaml", xClaim + "  value: 0.7\n", `5:3: key "value" stands twice`},
	{"list for text", "claims.yaml", xClaim + "  level: [a]\n", `5:10: level: expected a text`},
	{"text for mapping", "claims.yaml", "- id: X\n  text: x\n", `2:9: text: expected keys below it`},
	{"alias", "claims.yaml", "- id: &a X\n", `1:7: id: expected a text`},
	{"value", "claims.yaml", "- id: X\n  text: {en: x}\n  comparator: '>'\n  value: 60%\n", `4:10: value: "60%" is no decimal number such as 0.60`},
	{"comparator", "claims.yaml", "- id: X\n  text: {en: x}\n  comparator: over\n  value: 0.6\n", `3:15: unknown comparator "over": one of >, >=, <, <=, between, about`},
	{"level without key", "claims.yaml", xClaim + "  level: province\n", `5:10: level province needs either a key or every: true`},
	{"reading", "claims.yaml", xClaim + "  reading: loose\n", `5:12: unknown reading "loose": one of strict, declared, inferred`},
	{"scope", "claims.yaml", xClaim + "  scope: all\n", `5:10: unknown scope "all": one of estate, or area and acquirers below it`},
	{"date", "claims.yaml", xClaim + "  as_of: 2016-13\n", `5:10: as_of: "2016-13" is no date: expected one such as 2016-12-31, 2016-12, 2016-Q4 or 2016`},
	{"dates", "claims.yaml", xClaim + "  as_of: {from: 2017, to: 2016}\n", `5:27: as_of: the range ends before it begins`},
	{"tolerance", "claims.yaml", "- id: X\n  text: {en: x}\n  comparator: about\n  value: 0.6\n", `1:5: claim X needs tolerance: a decimal number such as 0.60`},
	{"since", "claims.yaml", xClaim + "  since: 2015-12-31\n", `5:10: since: only the metric growth has it`},
	{"figure", "figures.yaml", "- id: F\n  kind: total\n  value: 1.5\n  mark: V\n", `3:10: value: "1.5" is no whole number of terminals`},
	{"denominator", "figures.yaml", "- id: F\n  kind: share\n  unit: ratio\n  value: 0.5\n  mark: V\n  denominator: none\n", `6:16: denominator: no figure of kind total has the id "none"`},
	{"mark", "figures.yaml", "- id: F\n  kind: total\n  value: 1\n  mark: X\n", `4:9: unknown mark "X": one of V, W, D, GK`},
	{"nesting", "claims.yaml", "- id: " + strings.Repeat("[", 100_000), `1:23: nested too deeply`},
}

func TestProblemsNameTheirPlace(t *testing.T) {
	for _, test := range problemTests {
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

// FuzzTables feeds any text as any table of the workspace: it is taken or refused, and nothing else
// happens.
func FuzzTables(f *testing.F) {
	names := Names()
	for i, name := range names {
		for _, ext := range []string{".csv", ".yaml"} {
			if text, err := embedded.ReadFile(name + ext); err == nil {
				f.Add(i, text[:min(len(text), 800)])
			}
		}
	}
	f.Fuzz(func(t *testing.T, i int, text []byte) {
		var bad problems
		rows := func(l *layout) *table { return &table{layout: l, rows: parseRows(l, "own", text, &bad)} }
		switch name := names[uint(i)%uint(len(names))]; name {
		case "acquirers":
			newAcquirers(rows(acquirersLayout), &bad).Match("01020000")
		case "brands":
			newBrands(rows(brandsLayout), &bad).Match("家乐福")
		case "categories":
			newCategories(rows(categoriesLayout), &bad).Group("5812")
		case "headers":
			newHeaders(rows(headersLayout), &bad).Column("终端号")
		case "models":
			newModels(rows(modelsLayout), &bad).Contactless("PAX", "S80")
		case "values":
			flags, _, _ := newValues(rows(valuesLayout), &bad)
			flags.Value([]byte("是"))
		case "regions", "successors":
			fuzzRegions(newRegionTable(rows(regionsLayout), rows(successorsLayout), &bad))
		case "figures":
			newFigureTable(figuresDocument.parse("own", text, &bad), &bad)
		case "claims":
			claims := newClaimTable(claimsDocument.parse("own", text, &bad), &bad)
			for _, claim := range claims.list {
				if _, _, err := claim.Rational(); err != nil && claim.NoVerdict.IsZero() && len(bad) == 0 {
					t.Errorf("%s has no value and no problem: %v", claim.ID, err)
				}
			}
		}
	})
}

func fuzzRegions(table *regionTable) {
	d, err := (&Regions{func() *regionTable { return table }}).At("")
	if err != nil {
		return
	}
	for _, s := range table.spans {
		d.Resolve(s.code)
		d.ByName(s.name, s.name, s.name)
	}
	for code := range table.after {
		d.Resolve(code)
	}
}
