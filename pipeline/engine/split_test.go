package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplit(t *testing.T) {
	for text, want := range map[string][]string{
		"":                        {""},
		" \n-- nothing\n/* ; */":  {""},
		"select 1":                {"select 1"},
		"select 1;":               {"select 1", ""},
		"select 1; -- one\n":      {"select 1", ""},
		"select 1;;\n; select 2;": {"select 1", " select 2", ""},
		"select ';' as \"a;b\" /* ; /* ; */ ; */ from t; select": {"select ';' as \"a;b\" /* ; /* ; */ ; */ from t", " select"},
		"select 'it''s; ' -- don't; \n; from x":                  {"select 'it''s; ' -- don't; \n", " from x"},
		`select e'a\';b'; 2`:                                     {`select e'a\';b'`, " 2"},
		"select $$a;b$$, $t$;$$;$t$, $1; 2":                      {"select $$a;b$$, $t$;$$;$t$, $1", " 2"},
		"select name'a;b'; 2":                                    {"select name'a;b'", " 2"},
		"select '终端;', 终端 from 商户; 2":                            {"select '终端;', 终端 from 商户", " 2"},
		"select 'open; ":                                         {"select 'open; "},
		"select /* open; ":                                       {"select /* open; "},
		"select 1 -- a comment that ends it":                     {"select 1 -- a comment that ends it"},
	} {
		statements, rest := Split(text)
		if diff := cmp.Diff(want, append(statements, rest)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestBare(t *testing.T) {
	for text, want := range map[string]string{
		"select 1":                "select 1",
		"select 1 ; -- done":      "select 1 ",
		"select 1 -- done;":       "select 1 -- done;",
		"select 1; select 2":      "select 1; select 2",
		"select ';'":              "select ';'",
		"; select 1":              "; select 1",
		"from t where a = '-- ;'": "from t where a = '-- ;'",
	} {
		if got := Bare(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
