package guess_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/guess"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

func TestQuickMistakes(t *testing.T) {
	good := file(t, "good.csv", "TID,NFC\n00000001,1\n")
	taken := t.TempDir()
	if err := workspace.Init(taken); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, path, want string
		options          guess.QuickOptions
	}{
		{"no file", filepath.Join(t.TempDir(), "none.csv"), "there is no file", guess.QuickOptions{}},
		{"a folder", t.TempDir(), "is a folder", guess.QuickOptions{}},
		{"no such header", good, `no column "TIDD" for terminal_id; did you mean "TID"?`, guess.QuickOptions{Mappings: mappings(t, "terminal_id=TIDD")}},
		{"words for no column", good, "no column is read as qr_flag", guess.QuickOptions{Mappings: mappings(t, "qr_flag:x=yes")}},
		{"no date", good, `date "2017" is not of the form`, guess.QuickOptions{Snapshot: "2017"}},
		{"a workspace there", good, "is a workspace already", guess.QuickOptions{Save: taken}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := guess.Quick(t.Context(), []string{test.path}, test.options)
			var mistake *guess.QuickError
			if !errors.As(err, &mistake) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a QuickError with %q", err, test.want)
			}
		})
	}
}

func TestParseQuickMapping(t *testing.T) {
	for _, test := range []struct {
		text string
		want guess.QuickMapping
		err  string
	}{
		{"terminal_id=Meter Id", guess.QuickMapping{Column: "terminal_id", Header: "Meter Id"}, ""},
		{"region=a=b", guess.QuickMapping{Column: "region_raw", Header: "a=b"}, ""},
		{"acquirer==102", guess.QuickMapping{Column: "acquirer_id", Value: "102"}, ""},
		{"status:1=in_service", guess.QuickMapping{Column: "status", Cell: "1", Word: "in_service"}, ""},
		{"contactless_flag:a=b=yes", guess.QuickMapping{Column: "contactless_flag", Cell: "a=b", Word: "yes"}, ""},
		{"terminal_id", guess.QuickMapping{}, "is not of the form"},
		{"=x", guess.QuickMapping{}, "is not of the form"},
		{"terminal_id=", guess.QuickMapping{}, "names no header"},
		{"terminl_id=x", guess.QuickMapping{}, `did you mean "terminal_id"?`},
		{"source=x", guess.QuickMapping{}, `there is no column "source"`},
		{"terminal_id==1", guess.QuickMapping{}, "cannot be the same in every row"},
		{"status==gone", guess.QuickMapping{}, `"gone" is none of in_service`},
		{"status:1", guess.QuickMapping{}, "does not say what the cell means"},
		{"vendor:1=x", guess.QuickMapping{}, "taken as they stand"},
		{"country==", guess.QuickMapping{}, "gives no value"},
	} {
		got, err := guess.ParseQuickMapping(test.text)
		switch {
		case test.err == "" && (err != nil || got != test.want):
			t.Errorf("%q: got %+v, %v, want %+v", test.text, got, err, test.want)
		case test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)):
			t.Errorf("%q: got error %v, want %q", test.text, err, test.err)
		}
	}
}

// A saved workspace gives the same numbers by a plain run.
func TestQuickSaves(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	answer, err := guess.Quick(t.Context(), slices.Concat(sampleFiles(t, "harbour")[:2], sampleFiles(t, "orangesail")[:2]), guess.QuickOptions{
		Save: dir, Mappings: mappings(t, "status:1=in_service", "contactless_flag=闪付开通情况"),
	})
	if err != nil {
		t.Fatal(err)
	}
	run(t, dir)
	edition := current(t, dir)
	var got [][]any
	for _, row := range append([]guess.QuickRow{answer.Headline}, answer.Regions...) {
		got = append(got, []any{row.Level, row.Key, row.TerminalCount, row.YesCount, row.UnknownCount})
	}
	want := rows(t, edition, `select level, key, terminal_count, yes_count, unknown_count from coverage
		where level in ('nation', ?) and population = 'networked' and unit = 'terminal' and reading = 'declared' and snapshot_date = cast(? as date)
		order by level <> 'nation', key = 'none', terminal_count desc, key`, answer.Level, edition.Newest())
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("saved and quick (-saved +quick):\n%s", diff)
	}
	var merchants int64
	for _, row := range answer.Merchants {
		merchants += row.TerminalCount
	}
	if left := answer.Headline.TerminalCount - answer.Headline.RejectedCount - merchants; left < 0 || int64(len(answer.Merchants)) != answer.MerchantCount {
		t.Errorf("%d merchants of %d have %d terminals of %d", len(answer.Merchants), answer.MerchantCount, merchants, answer.Headline.TerminalCount)
	}
}

func TestQuickLeavesNoTrace(t *testing.T) {
	home := t.TempDir()
	t.Setenv("TMPDIR", home)
	path := sampleFiles(t, "egret")[0]
	quick(t, []string{path})
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := guess.Quick(cancelled, []string{path}, guess.QuickOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
	left, err := os.ReadDir(home)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
