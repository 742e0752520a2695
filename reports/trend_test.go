package reports

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/reports/words"
)

func chart(t *testing.T, r *Report) *trendChart {
	t.Helper()
	w, err := words.In("en")
	if err != nil {
		t.Fatal(err)
	}
	return newPage(r, w).TrendChart()
}

func TestTrendChart(t *testing.T) {
	got := chart(t, sample())
	var ticks []string
	for _, tick := range got.Ticks {
		ticks = append(ticks, tick.Label+" at "+tick.At)
	}
	want := []string{"40% at 100.00%", "50% at 75.00%", "60% at 50.00%", "70% at 25.00%", "80% at 0.00%"}
	if diff := cmp.Diff(want, ticks); diff != "" {
		t.Errorf("ticks (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]axisLine{{At: "50.00%", Label: "60%"}}, got.Claims); diff != "" {
		t.Errorf("the claim's line (-want +got):\n%s", diff)
	}
	if len(got.Bands) != 1 || strings.Count(got.Bands[0].Outline, ",") != 8 {
		t.Errorf("got bands %v, want one through 4 snapshots there and back", got.Bands)
	}
	first, last := got.Columns[0], got.Columns[3]
	if first.X != "6.00%" || last.X != "94.00%" {
		t.Errorf("the snapshots lie from %s to %s", first.X, last.X)
	}
	// 61.70% is 45.74% down from 80% to 40%.
	if last.Lower != "61.7%" || last.LowerY != "45.74%" {
		t.Errorf("the last lower bound is %s at %s", last.Lower, last.LowerY)
	}
}

// A snapshot without terminals is a gap in the band and no point of it.
func TestTrendChartGap(t *testing.T) {
	r := years()
	got := chart(t, r)
	if len(got.Bands) != 2 || !got.IsDense {
		t.Errorf("got %d bands, dense %t; want 2, dense", len(got.Bands), got.IsDense)
	}
	if got.Columns[50].Exists() {
		t.Error("the month without terminals has a share")
	}
	labels := 0
	for _, column := range got.Columns {
		if column.IsLabelled {
			labels++
		}
	}
	if labels != 8 || !got.Columns[119].IsLabelled {
		t.Errorf("%d labels, last %t; want 8 with the last", labels, got.Columns[119].IsLabelled)
	}
}

func TestTrendChartOfOneAndNone(t *testing.T) {
	r := sample()
	r.Trend = r.Trend[:1]
	got := chart(t, r)
	if got.Columns[0].X != "50.00%" || len(got.Bands) != 0 {
		t.Errorf("one snapshot lies at %s in %d bands, want 50.00%% in none", got.Columns[0].X, len(got.Bands))
	}
	r.Trend[0].Counts = Counts{}
	if chart(t, r) != nil {
		t.Error("a chart was drawn of nothing")
	}
}

// Dates that are none, or not in order, are set evenly.
func TestTrendChartWithoutDates(t *testing.T) {
	r := sample()
	for i := range r.Trend {
		r.Trend[i].SnapshotDate = []string{"first", "second", "2016-12-31", "2016-11-30"}[i]
	}
	var at []string
	for _, column := range chart(t, r).Columns {
		at = append(at, column.X)
	}
	if diff := cmp.Diff([]string{"6.00%", "35.33%", "64.67%", "94.00%"}, at); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}
