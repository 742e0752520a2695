package workspace

import (
	"fmt"
	"strings"
	"testing"
)

// Wherever a condition stands and however it is written, the place of a word of it is found.
func TestPlaceInPopulation(t *testing.T) {
	check := func(where, word, want string) {
		t.Helper()
		w := &Workspace{text: []byte("populations:\n  - name: own\n    where: " + where + "\n")}
		var problems []Problem
		w.Config, w.marks, problems = configure(w.text, Overrides{}, nil)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		before, _, found := strings.Cut(w.Config.Populations[0].Where, word)
		line, column := w.PlaceInPopulation("own", before)
		if got := fmt.Sprintf("%d:%d", line, column); !found || got != want {
			t.Errorf("%s: %s is at %s, want %s", where, word, got, want)
		}
	}
	check("colour = 'red'", "colour", "3:12")
	check("vendor = '商户' and colour = 'red'", "colour", "3:30")
	check("'vendor = ''x'' and colour = ''red'''", "colour", "3:32")
	check(`"vendor = \"x\" and colour = 'red'"`, "colour", "3:32")
	check("|\n      vendor = 'x'\n\n        and colour = 'red'", "colour", "6:13")
	check(">-\n      vendor = 'x'\n      and colour = 'red'", "colour", "5:11")
	check("vendor = 'x'\n      and colour = 'red'", "colour", "4:11")

	if line, column := (&Workspace{}).PlaceInPopulation("networked", ""); line != 0 || column != 0 {
		t.Errorf("a population of ours stands at %d:%d", line, column)
	}
}
