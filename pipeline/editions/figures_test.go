package editions

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
	"github.com/tapcov/tapcov/reports"
)

// The printed counts of three year ends, as the claim's arithmetic and the report's rounding see them.
func TestPublishedFigures(t *testing.T) {
	set, err := reference.Load("")
	if err != nil {
		t.Fatal(err)
	}
	r := &reporting{Edition: &Edition{ws: &workspace.Workspace{Reference: set}}, report: &reports.Report{}}
	if err := r.fillFigures(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, figure := range r.report.Figures {
		share, _ := reports.Bounds{
			Lower: reports.Ratio{Num: figure.Numerator, Den: figure.Denominator},
			Upper: reports.Ratio{Num: figure.Numerator, Den: figure.Denominator},
		}.Percent(reports.Ratio{Num: 3, Den: 5})
		if figure.Numerator > 0 && figure.Denominator > 0 && strings.HasSuffix(figure.AsOf, "-12-31") && figure.Verdict != reports.NotComparable {
			got[figure.AsOf] = share + " " + string(figure.Verdict) + " " + figure.Mark
		}
	}
	want := map[string]string{
		"2014-12-31": "25.10% refuted V", "2015-12-31": "36.81% refuted W", "2016-12-31": "55.84% refuted W",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
}
