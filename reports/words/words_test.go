package words

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var placePattern = regexp.MustCompile(`\{[^}]*\}`)

func TestEveryKeyExistsInBothLanguages(t *testing.T) {
	for _, key := range Keys() {
		text, _ := lookup(key)
		if strings.TrimSpace(text.en) == "" || strings.TrimSpace(text.zh) == "" {
			t.Errorf("%q is not there in both languages: %q, %q", key, text.en, text.zh)
		}
		en, zh := placePattern.FindAllString(text.en, -1), placePattern.FindAllString(text.zh, -1)
		slices.Sort(en)
		slices.Sort(zh)
		isDate := strings.HasPrefix(key, "date.") // a language may name the month or number it
		if diff := cmp.Diff(slices.Compact(en), slices.Compact(zh)); diff != "" && !isDate {
			t.Errorf("%q has other places in Chinese (-en +zh):\n%s", key, diff)
		}
	}
}

func TestKeysAreUnique(t *testing.T) {
	keys := Keys()
	if got, want := len(slices.Compact(slices.Clone(keys))), len(keys); got != want {
		t.Errorf("%d of %d keys are in one table only", got, want)
	}
}

// Every text that a template or a Go file of the reports asks for is there, and every text is asked
// for, by its key or by a prefix that is put before a word of a closed list.
func TestKeysAreThoseInUse(t *testing.T) {
	var source strings.Builder
	for _, pattern := range []string{"../*.go", "../templates/*.html"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(text)
		}
	}
	asked := regexp.MustCompile(`(?:say|Say\(|Parts\() ?"([a-z_.]+[a-z_])"`)
	for _, match := range asked.FindAllStringSubmatch(source.String(), -1) {
		if !Has(match[1]) {
			t.Errorf("there is no text %q", match[1])
		}
	}
	for _, key := range Keys() {
		prefix, _, _ := strings.Cut(key, ".")
		isAsked := strings.Contains(source.String(), `"`+key+`"`)
		byPrefix := strings.Contains(source.String(), `"`+prefix+`.`) || strings.Contains(source.String(), `term "`+prefix+`"`) ||
			strings.Contains(source.String(), `Term("`+prefix+`"`) || strings.Contains(source.String(), `Tallies "`+prefix+`"`)
		if !isAsked && !byPrefix {
			t.Errorf("nothing asks for %q", key)
		}
	}
}

func TestSay(t *testing.T) {
	check := func(language, key, want string, values ...string) {
		t.Helper()
		w, err := In(language)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Say(key, values...); got != want {
			t.Errorf("%s in %s: got %q, want %q", key, language, got, want)
		}
	}
	check("en", "interval", "between 57.9% and 63.2% of terminals", "lower", "57.9%", "upper", "63.2%", "unit", "terminals")
	check("zh", "interval", "终端中的 57.9% 至 63.2%", "lower", "57.9%", "upper", "63.2%", "unit", "终端")
	// A value is never searched for places itself.
	check("en", "headline.claim", "Claim {text}: “{id}”", "id", "{text}", "text", "{id}")
}

func TestTermFallsBackToTheName(t *testing.T) {
	w, err := In("zh")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := w.Term("population", "networked"), "联网终端"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := w.Term("population", "our_own"), "our_own"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParts(t *testing.T) {
	w, err := In("en")
	if err != nil {
		t.Fatal(err)
	}
	want := []Part{{"between ", false}, {"lower", true}, {" and ", false}, {"upper", true}, {" of ", false}, {"unit", true}}
	if diff := cmp.Diff(want, w.Parts("interval")); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

func TestUnknownLanguage(t *testing.T) {
	_, err := In("fr")
	if got, want := err.Error(), `no words in language "fr" (there are en, zh)`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTilesDoNotOverlap(t *testing.T) {
	w, err := In("zh")
	if err != nil {
		t.Fatal(err)
	}
	taken := make(map[[2]int]string)
	tiles := w.Tiles()
	for _, tile := range tiles {
		at := [2]int{tile.Column, tile.Row}
		if other, ok := taken[at]; ok {
			t.Errorf("%s lies on %s", tile.Name, other)
		}
		taken[at] = tile.Name
		if name, ok := w.Place(tile.Code); !ok || name != tile.Name {
			t.Errorf("%s is called %q and %q", tile.Code, name, tile.Name)
		}
	}
	if len(tiles) != 34 {
		t.Errorf("there are %d tiles, want 34", len(tiles))
	}
	if _, ok := w.Place("350200"); !ok {
		t.Error("厦门市 is not known")
	}
}
