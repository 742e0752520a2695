package reasons

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the pages below docs/rejects anew")

const pages = "../../docs/rejects"

// Every reason has a page in each language, which is what the catalogue says, and there are no others.
func TestPages(t *testing.T) {
	want := map[string]string{}
	for _, language := range []string{"en", "zh"} {
		want[PageName("README", language)] = Index(language)
		for _, r := range All() {
			want[PageName(r.Code, language)] = Page(r, language)
		}
	}
	if *update {
		if err := os.RemoveAll(pages); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(pages, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range want {
			if err := os.WriteFile(filepath.Join(pages, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	got := map[string]string{}
	entries, err := os.ReadDir(pages)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(pages, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got[entry.Name()] = string(text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the pages are not what the catalogue says; go test ./reports/reasons -update writes them (-want +got):\n%s", diff)
	}
}

func TestEveryReasonIsWhole(t *testing.T) {
	codes := map[string]bool{}
	for _, r := range All() {
		if codes[r.Code] {
			t.Errorf("%s stands twice", r.Code)
		}
		codes[r.Code] = true
		if Consequence(r.Class) == (Text{}) || Class(r.Class) == (Text{}) {
			t.Errorf("%s is of class %q, which has no words", r.Code, r.Class)
		}
		for _, text := range []Text{r.Name, r.Means, r.Action} {
			if text.En == "" || text.Zh == "" || strings.ContainsAny(text.En+text.Zh, "{}") {
				t.Errorf("%s lacks words in a language, or has a place that was not filled: %q", r.Code, text)
			}
			if !strings.ContainsFunc(text.Zh, func(c rune) bool { return unicode.Is(unicode.Han, c) }) {
				t.Errorf("%s is not in Chinese: %q", r.Code, text.Zh)
			}
		}
	}
}

func TestOf(t *testing.T) {
	r, known := Of("merchant_id_scientific")
	if !known || r.Class != Field || r.Name.Zh != "商户编号被电子表格转成科学计数" {
		t.Errorf("got %+v, %v", r, known)
	}
	if r, known := Of("of_a_later_version"); known || r.Code != "of_a_later_version" {
		t.Errorf("an unknown code is %+v, %v", r, known)
	}
	if slices.Contains(Codes(Field), "merchant_id_blank") {
		t.Error("a merchant id may be blank, which is no defect")
	}
	if got, want := len(Codes("")), len(All()); got != want {
		t.Errorf("there are %d codes of %d reasons", got, want)
	}
}
