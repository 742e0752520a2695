package conform_test

import (
	"testing"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

func TestFitsName(t *testing.T) {
	const date = "2017-01-31"
	byName := workspace.DateFrom{FileName: `(\d{6})`, Layout: "yyyymm"}
	for _, test := range []struct {
		name    string
		profile workspace.Profile
		file    string
		want    bool
	}{
		{"a constant", workspace.Profile{SnapshotDate: workspace.DateFrom{Value: "2017-01-31"}}, "201612.csv", true},
		{"another constant", workspace.Profile{SnapshotDate: workspace.DateFrom{Value: "2016-12-31"}}, "201701.csv", false},
		{"a column", workspace.Profile{SnapshotDate: workspace.DateFrom{Column: "as of"}}, "201612.csv", true},
		{"the date of the name", workspace.Profile{SnapshotDate: byName}, "pos_201701.csv", true},
		{"another date", workspace.Profile{SnapshotDate: byName}, "pos_201702.csv", false},
		{"no date", workspace.Profile{SnapshotDate: byName}, "pos.csv", false},
		{"no date at all", workspace.Profile{SnapshotDate: byName}, "pos_201799.csv", false},
		{"a folder", workspace.Profile{SnapshotDate: byName}, "201701/pos.csv", true},
		{"by default", workspace.Profile{}, "pos 2017-01-31.csv", true},
		{"another by default", workspace.Profile{}, "pos 2017-02-28.csv", false},
		{"the part", workspace.Profile{SnapshotDate: byName, Part: workspace.DateFrom{FileName: "east|west"}}, "201701east.csv", true},
		{"another part", workspace.Profile{SnapshotDate: byName, Part: workspace.DateFrom{FileName: "east|west"}}, "201701west.csv", false},
		{"the version", workspace.Profile{SnapshotDate: byName, Version: workspace.DateFrom{FileName: `_v(\d+)`}}, "201701_v2.csv", true},
		{"another version", workspace.Profile{SnapshotDate: byName, Version: workspace.DateFrom{FileName: `_v(\d+)`}}, "201701_v3.csv", false},
	} {
		source := workspace.Source{Name: "north", Profile: test.profile}
		if got := conform.FitsName(source, test.file, date, "east", "2"); got != test.want {
			t.Errorf("%s: %s fits: %t, want %t", test.name, test.file, got, test.want)
		}
	}
}
