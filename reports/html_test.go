package reports

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file of testdata, or writes it under -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func render(t *testing.T, r *Report, language string) []byte {
	t.Helper()
	var page bytes.Buffer
	if err := WriteHTML(&page, r, language); err != nil {
		t.Fatal(err)
	}
	return page.Bytes()
}

func TestSameReportSameBytes(t *testing.T) {
	for _, language := range []string{"en", "zh"} {
		if !bytes.Equal(render(t, sample(), language), render(t, sample(), language)) {
			t.Errorf("two pages in %s of one report differ", language)
		}
	}
}

// A delivered text is text on the page, whatever it wants to be.
func TestHostileTextStaysText(t *testing.T) {
	for _, language := range []string{"en", "zh"} {
		page := string(render(t, hostile(), language))
		for _, tag := range []string{"<script", "<b><", "javascript:alert(1)\""} {
			if strings.Contains(page, tag) {
				t.Errorf("%s: the page holds %q", language, tag)
			}
		}
		if i := strings.IndexFunc(page, acts); i >= 0 {
			t.Errorf("%s: the page holds a character that acts, at %q", language, page[max(0, i-20):i+4])
		}
		if got := strings.Count(page, "</style>"); got != 1 {
			t.Errorf("%s: %d style sheets end, want 1", language, got)
		}
	}
}

// The page refers to nothing outside itself but the same report in another language.
func TestPageIsSelfContained(t *testing.T) {
	page := string(render(t, sample(), "en"))
	references := regexp.MustCompile(`(?:href|src|url\()="?([^">)]+)`).FindAllStringSubmatch(page, -1)
	for _, match := range references {
		if target := match[1]; !strings.HasPrefix(target, "#") && target != "data:," && target != "index.zh.html" {
			t.Errorf("the page refers to %q", target)
		}
	}
	if len(references) == 0 {
		t.Error("no reference was found, not even to a section")
	}
	ids := make(map[string]bool)
	for _, match := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if ids[match[1]] {
			t.Errorf("two elements have the id %q", match[1])
		}
		ids[match[1]] = true
	}
	for _, match := range references {
		if id, isSection := strings.CutPrefix(match[1], "#"); isSection && !ids[id] {
			t.Errorf("the contents name %q, which is not there", id)
		}
	}
}

func TestPageSays(t *testing.T) {
	open := sample()
	open.Headline.State, open.Headline.Verdict = "open", ""
	unclaimed := sample()
	unclaimed.Headline.ClaimID, unclaimed.Headline.Verdict = "", ""
	marked := sample()
	marked.Populations[0].Marks = []PopulationMark{{"minnan", 5000, 9000}}
	tests := []struct {
		name     string
		report   *Report
		language string
		want     []string
		wantNot  []string
	}{
		{"open snapshot", open, "en", []string{"No verdict</strong> This snapshot is still open"}, nil},
		{"no claim", unclaimed, "en", []string{"No claim is held against this figure.", `class="interval plain"`}, []string{"Against 60%", `class="claim"`}},
		{"marked population", marked, "en", []string{"networked: membership is undecided for more than half the terminals of minnan (5,000 of 9,000); they count as unknown."}, nil},
		{"no terminals", &Report{}, "en", []string{"no terminals are counted, so there is no share"}, []string{"NaN", "0.0%"}},
		{"no terminals, Chinese", &Report{}, "zh", []string{"没有计入任何终端，因此没有比例"}, nil},
		{"title", &Report{Title: "Fujian & Xiamen"}, "en", []string{"<title>Fujian &amp; Xiamen</title>"}, nil},
		{"province names", sample(), "en", []string{"Inner Mongolia</span> <span class=\"second\">内蒙古自治区"}, nil},
		{"province names, Chinese", sample(), "zh", []string{"内蒙古自治区</span> <span class=\"second\">150000"}, nil},
		{"unmatched acquirer", sample(), "en", []string{"某某支付</span> <span class=\"second\">not in the table"}, nil},
		{"reject codes", sample(), "en", []string{"turned into a number by a spreadsheet", "a row of totals", "bytes that are no text"}, nil},
		{"printed share", sample(), "en", []string{`<td class="n">15%</td><td><strong class="verdict refuted">Refuted`, `<td class="n">55.84%</td>`}, nil},
		{"device type", sample(), "zh", []string{"智能POS"}, nil},
		{"cut list", sample(), "en", []string{"The 5 largest of 61; coverage.csv has all."}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			page := string(render(t, test.report, test.language))
			for _, want := range test.want {
				if !strings.Contains(page, want) {
					t.Errorf("the page does not say %q", want)
				}
			}
			for _, wantNot := range test.wantNot {
				if strings.Contains(page, wantNot) {
					t.Errorf("the page says %q", wantNot)
				}
			}
		})
	}
}

// A list that grows with the snapshots is cut down to the headline's, and says so.
func TestLongListsAreCut(t *testing.T) {
	r := sample()
	for range mostRows {
		export := r.Provenance.Exports[0]
		export.SnapshotDate = "2011-01-31"
		r.Provenance.Exports = append(r.Provenance.Exports, export)
	}
	page := string(render(t, r, "en"))
	if want := "3 of 64 are listed; exports.csv has all."; !strings.Contains(page, want) {
		t.Errorf("the page does not say %q", want)
	}
	if strings.Contains(page, "2011-01-31") {
		t.Error("the page lists an export of another snapshot")
	}
}

func TestUnknownLanguageWritesNothing(t *testing.T) {
	var page bytes.Buffer
	if err := WriteHTML(&page, sample(), "fr"); err == nil || page.Len() > 0 {
		t.Errorf("got %d bytes and error %v", page.Len(), err)
	}
}

func TestVisible(t *testing.T) {
	tests := map[string]string{
		"plain 家乐福\n\ttext": "plain 家乐福\n\ttext",
		"\x1b[31mred\x00":   `\x1b[31mred\x00`,
		"abc\u202edcba":     `abc\u202edcba`,
		"\u0085\x7f":        `\x85\x7f`,
	}
	for text, want := range tests {
		if got := visible(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
