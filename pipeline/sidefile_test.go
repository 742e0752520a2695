package pipeline

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/tapcov/tapcov/pipeline/lake"
)

func TestParseSideFile(t *testing.T) {
	const md5, other = "9e107d9d372bb6826bd81d3542a419d6", "e4d909c290d0fb1ca068ffaddf22cbd0"
	const sha256 = "d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592"
	count := func(n int64) lake.SideFile { return lake.SideFile{Count: &n} }
	size := func(n int64) lake.SideFile { return lake.SideFile{Bytes: &n} }
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String("总记录数：1,234\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, text string
		want       lake.SideFile
	}{
		{"a.csv.ok", "", lake.SideFile{}},
		{"a.csv.ok", "done, thank you\n", lake.SideFile{}},
		{"a.csv.ok", "123", count(123)},
		{"a.csv.ok", "20170201063000", lake.SideFile{}},
		{"a.csv.count", "20170201", count(20170201)},
		{"a.csv.count", "\ufeff000123\r\n", count(123)},
		{"a.csv.count", "1,234\n", count(1234)},
		{"a.csv.count", "123 a.csv\n", count(123)},
		{"all.count", "7 b.csv\n123 a.csv\n130 total\n", count(123)},
		{"a.csv.count", "rows=123", count(123)},
		{"a.csv.OK", "file: a.csv\nRecord_Count : 123\n", count(123)},
		{"a.csv.ok", "size=4567", size(4567)},
		{"a.csv.ok", gbk, count(1234)},
		{"a.csv.count", "none", lake.SideFile{Fault: "there is no number in it"}},
		{"a.csv.count", "", lake.SideFile{Fault: "there is no number in it"}},
		{"a.csv.count", "99999999999999999999", lake.SideFile{Fault: "there is no number in it"}},
		{"a.csv.md5", md5, lake.SideFile{MD5: md5}},
		{"a.csv.md5", strings.ToUpper(md5) + "  a.csv\n", lake.SideFile{MD5: md5}},
		{"a.csv.md5", md5 + " *a.csv\n", lake.SideFile{MD5: md5}},
		{"a.csv.md5", `\` + md5 + `  out\a.csv` + "\n", lake.SideFile{MD5: md5}},
		{"a.csv.md5", "# made by us\n" + md5 + "  before_it_was_renamed.csv\n", lake.SideFile{MD5: md5}},
		{"a.md5", other + "  b.csv\n" + md5 + "  ./out/a.csv\n", lake.SideFile{MD5: md5}},
		{"a.md5", other + "  b.csv\n", lake.SideFile{Fault: "there is no MD5 of this export in it"}},
		{"a.csv.md5", "MD5 (a.csv) = " + md5, lake.SideFile{MD5: md5}},
		{"a.csv.sha256", "SHA256 (a.csv) = " + sha256, lake.SideFile{SHA256: sha256}},
		{"a.csv.sha256", "SHA2-256(a.csv)= " + sha256, lake.SideFile{SHA256: sha256}},
		{"a.csv.sha256", sha256 + "  a.csv", lake.SideFile{SHA256: sha256}},
		{"a.csv.sha256", md5 + "  a.csv", lake.SideFile{MD5: md5, Fault: "there is no SHA-256 of this export in it"}},
		{"a.csv.ok", "md5=" + md5, lake.SideFile{MD5: md5}},
		{"a.csv.md5", strings.Repeat("x", maxSideFile+1), lake.SideFile{Fault: "it is larger than 64 KiB"}},
	} {
		test.want.Name = test.name
		if diff := cmp.Diff(test.want, parseSideFile([]byte(test.text), test.name, "a.csv")); diff != "" {
			t.Errorf("%s with %.40q (-want +got):\n%s", test.name, test.text, diff)
		}
	}
}

// A side file that is arbitrary bytes says something or nothing, and never fails.
func FuzzParseSideFile(f *testing.F) {
	f.Add([]byte("rows=1,size: 2\nMD5 (a.csv) = 9e107d9d372bb6826bd81d3542a419d6\n7 a.csv"), "a.csv.md5")
	f.Fuzz(func(t *testing.T, text []byte, name string) {
		side := parseSideFile(text, name, "a.csv")
		if side.Name != name || len(side.MD5) != 0 && len(side.MD5) != 32 || len(side.SHA256) != 0 && len(side.SHA256) != 64 {
			t.Errorf("got %+v", side)
		}
	})
}

func TestSideNames(t *testing.T) {
	check := func(name string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, sideNames(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	check("a.csv", "a.csv", "a")
	check("a.csv.gz", "a.csv.gz", "a.csv", "a")
	check("a.2017.csv", "a.2017.csv", "a.2017")
	check("a", "a")
	check(".hidden", ".hidden")
}
