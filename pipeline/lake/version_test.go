package lake

import "testing"

func TestCompareVersions(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"1", "", 1},
		{"2", "1", 1},
		{"10", "9", 1},
		{"010", "9", 1},
		{"9", "08", 1},
		{"007", "7", 0},
		{"2.10", "2.9", 1},
		{"2.0", "2", 1},
		{"v2", "v10", -1},
		{"b", "a", 1},
		{"a", "7", 1},
		{"20170131_2", "20170131_11", -1},
		{"99999999999999999999999999", "100000000000000000000000000", -1},
	} {
		if got := CompareVersions(test.a, test.b); got != test.want {
			t.Errorf("%q and %q: got %d, want %d", test.a, test.b, got, test.want)
		}
		if got := CompareVersions(test.b, test.a); got != -test.want {
			t.Errorf("%q and %q: got %d, want %d", test.b, test.a, got, -test.want)
		}
	}
}
