package conform_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// A record that ends the export is no terminal, and says how many there are.
func TestTrailer(t *testing.T) {
	const header = "终端号|商户编号|备注\n"
	const terminals = "1|898|a\n2|898|b\n|898|c\n" // the third is a reject
	for _, test := range []struct {
		name, counts, trailer, wantError string
	}{
		{"right", "", "TRAILER|000003\n", ""},
		{"cells to the header's width", "", "TRAILER|3|\n", ""},
		{"right, among totals", "", "合计|3|\nTRAILER|3\n", ""},
		{"records with the trailer", "records", "TRAILER|5\n", ""},
		{"records without the trailer", "records", "TRAILER|4\n", ""},
		{"wrong", "", "TRAILER|4\n", "a.csv: line 5 is a trailer of 4, but the export has 3 (2 read, 1 rejected)"},
		{"none where there are some", "", "TRAILER|0\n", "a.csv: line 5 is a trailer of 0, but the export has 3 (2 read, 1 rejected)"},
		{"wrong records", "records", "TRAILER|3\n", "a.csv: line 5 is a trailer of 3, but the export has 5 records, the header included"},
		{"more than can be counted", "", "TRAILER|99999999999999999999\n", "a.csv: line 5 is a trailer without a count"},
		{
			"cut short", "", "",
			`a.csv: no record is the trailer that control.trailer describes, "^TRAILER\\|(\\d+)": the export is cut short, or has none`,
		},
		{
			"a total that is wrong beside it", "", "合计|4|\nTRAILER|3\n",
			"a.csv: line 5 prints a total of 4 terminals, but the export has 3 (2 read, 1 rejected)",
		},
	} {
		p := plain(func(p *workspace.Profile) {
			p.Control = workspace.Control{Counts: test.counts, Trailer: `^TRAILER\|(\d+)`}
		})
		r := conformed(t, "a.csv", header+terminals+test.trailer, p)
		got := ""
		if r.check != nil {
			got = r.check.Error()
		}
		if got != test.wantError {
			t.Errorf("%s: got %q, want %q", test.name, got, test.wantError)
		}
	}
}

// A trailer of another shape than the rows is told by its text, and only where a profile says so.
func TestTrailerOfTheFullWidth(t *testing.T) {
	const text = "终端号,商户编号\n1,898\n9999,000000001\n"
	p := plain(func(p *workspace.Profile) { p.Control.Trailer = `^9999,0*(\d+)$` })
	r := conformed(t, "a.csv", text, p)
	if diff := cmp.Diff([]string{"2 1", "3 not_terminal trailer"}, outcomes(r)); diff != "" || r.check != nil {
		t.Errorf("check %v (-want +got):\n%s", r.check, diff)
	}
	r = conformed(t, "a.csv", text, plain(nil))
	if diff := cmp.Diff([]string{"2 1", "3 9999"}, outcomes(r)); diff != "" {
		t.Errorf("without a trailer (-want +got):\n%s", diff)
	}
}

// A profile of two layouts names what only one of them has.
func TestOptionalColumn(t *testing.T) {
	p := plain(func(p *workspace.Profile) {
		p.Columns["vendor"] = workspace.Column{Header: "厂家名", Optional: true}
		p.Columns["model"] = workspace.Column{Header: "型号名", Headers: []string{"机型名"}}
	})
	r := conformed(t, "new.csv", "终端号,厂家名,型号名\n1,PAX,S90\n", p)
	want := []map[string]string{{"vendor": "PAX", "model": "S90"}}
	pick := func(r result) []map[string]string {
		return []map[string]string{{"vendor": r.inventory[0]["vendor"], "model": r.inventory[0]["model"]}}
	}
	if diff := cmp.Diff(want, pick(r)); diff != "" {
		t.Errorf("the new layout (-want +got):\n%s", diff)
	}
	r = conformed(t, "old.csv", "终端号,机型名\n1,S90\n", p)
	want[0]["vendor"] = ""
	if diff := cmp.Diff(want, pick(r)); diff != "" {
		t.Errorf("the old layout (-want +got):\n%s", diff)
	}
	head, _ := blocksOf(t, "终端号,厂家名\n1,PAX\n")
	_, problems := conform.Examine(head, fileOf(t, "broken.csv", p))
	if len(problems) != 1 || problems[0].Code != conform.ProblemHeaderAbsent {
		t.Errorf("a layout without the required column has problems %+v", problems)
	}
}
