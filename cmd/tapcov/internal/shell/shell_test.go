package shell

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/result"
	"github.com/tapcov/tapcov/pipeline/engine"
)

func TestComplete(t *testing.T) {
	check := func(text, word string, want ...string) {
		t.Helper()
		gotWord, candidates := Complete(text)
		var got []string
		for _, c := range candidates {
			got = append(got, c.Value)
		}
		if diff := cmp.Diff(want, got); diff != "" || gotWord != word {
			t.Errorf("%q: of %q (-want +got):\n%s", text, gotWord, diff)
		}
	}
	check(".de", ".de", ".describe")
	check(".describe cat", "cat", "categories")
	check(".mode js", "js", "json", "jsonl")
	check(".timer ", "", "on", "off")
	check(".query merchants_w", "merchants_w", "merchants_without_quickpass")
	check(".query gains lev", "lev", "level=")
	check(".query terminal_history ", "", "terminal=", "acquirer=")
	check(".query nothing ", "")
	check("select * from terminals_", "terminals_", "terminals_full")
	check("SEL", "SEL", "select")
	check("select lower_ from coverage where lower_s", "lower_s", "lower_share")
	check("select lower_s", "lower_s") // before the table is named
	check("select * from brands b where b.na", "na", "name_en", "name_zh")
	check("select * from brands as x, categories where x.al", "al", "aliases")
	check("select categories.", "", "category", "name_en", "name_zh")
	check("select nobody.na", "na")
	check("select 'sel", "") // within a literal
	check("select ", "")
}

// A statement is run when it ends, however many lines it has; a dot command is a line of its own.
func TestFeed(t *testing.T) {
	var out bytes.Buffer
	s := New(nil, &out, io.Discard, Options{Format: result.Table})
	var ran []string
	run := func(_ context.Context, statement string) error {
		ran = append(ran, strings.TrimSpace(statement))
		if strings.Contains(statement, "wrong") {
			return errors.New("wrong")
		}
		return nil
	}
	b := &buffer{}
	for line := range strings.Lines(`
-- a comment; with a semicolon
select 1;
select ';',
  2; select 3;
.mode csv
select
.4 as n;
select wrong; select 5;
.limit 7
.quit
select 6;
`) {
		if b.quit {
			break
		}
		if err := s.feed(t.Context(), b, line, run); (err != nil) != strings.Contains(line, "wrong") {
			t.Errorf("%q: %v", line, err)
		}
	}
	want := []string{"select 1", "select ';',\n  2", "select 3", "select\n.4 as n", "select wrong"}
	if diff := cmp.Diff(want, ran); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if s.Format != result.CSV || s.Limit != 7 || !b.quit {
		t.Errorf("mode %s, limit %d, quit %t", s.Format, s.Limit, b.quit)
	}
}

func TestCommands(t *testing.T) {
	var out bytes.Buffer
	s := New(nil, &out, io.Discard, Options{Format: result.Table, Limit: 1000})
	check := func(line, want, wantErr string) {
		t.Helper()
		out.Reset()
		_, err := s.command(t.Context(), line)
		message := ""
		if err != nil {
			message = err.Error()
		}
		if !strings.Contains(out.String(), want) || !strings.Contains(message, wantErr) || (wantErr == "") != (err == nil) {
			t.Errorf("%s: printed %q, error %q", line, out.String(), message)
		}
	}
	check(".help", ".describe TABLE", "")
	check(".tables", "coverage        one row per snapshot", "")
	check(".schema brands", "create view brands (\n    brand varchar,\n", "")
	check(".describe terminals;", "is_conflict", "")
	check(".describe nosuch", "", `there is no table "nosuch"`)
	check(".describe", "", "name one table")
	check(".mode yaml", "", `there is no format "yaml"`)
	check(".output rows.xlsx", "", "")
	check(".mode", "xlsx", "")
	check(".output", "", "")
	check(".mode", "table", "")
	check(".limit", "1000", "")
	check(".limit many", "", `"many" is no number`)
	check(".timer on", "", "")
	check(".timer maybe", "", "on or off")
	check(".params since 2016-12-31", "", "")
	check(".params name 家乐福 厦门", "", "")
	check(".params", "$since = 2016-12-31\n$name = 家乐福 厦门\n", "")
	check(".params clear", "", "")
	check(".params one", "", "a name and a value")
	check(".read nosuch.sql", "", "nosuch.sql")
	check(".edit", "", "needs a terminal")
	check(".tabels", "", `there is no command ".tabels"`)
	if s.Output != "" || len(s.Params) > 0 || !s.timer {
		t.Errorf("output %q, params %v, timer %t", s.Output, s.Params, s.timer)
	}
	s.Params = []engine.Param{{Name: "a", Value: "1"}}
	check(".params $a 2", "", "")
	if diff := cmp.Diff([]engine.Param{{Name: "a", Value: "2"}}, s.Params); diff != "" {
		t.Errorf("a parameter that is set again (-want +got):\n%s", diff)
	}
}

func TestToFileIsWholeOrNotThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.csv")
	broken := errors.New("halfway")
	for _, test := range []struct {
		err  error
		want string
	}{{nil, "new"}, {broken, "new"}} {
		err := ToFile(path, func(w io.Writer) error {
			if _, err := io.WriteString(w, "new"); err != nil {
				return err
			}
			return test.err
		})
		text, readErr := os.ReadFile(path)
		if !errors.Is(err, test.err) || readErr != nil || string(text) != test.want {
			t.Errorf("%v: %q, %v", err, text, readErr)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("it left %v", left)
	}
}

// What fits on the screen is printed as it is; what does not goes through the pager.
func TestPager(t *testing.T) {
	if _, err := exec.LookPath("true"); err != nil {
		t.Skip("there is no program true")
	}
	long := strings.Repeat("row\n", 100)
	for _, test := range []struct{ pager, text, want string }{
		{"cat", "short\n", "short\n"},
		{"no-such-pager", long, long},
		{"true", strings.Repeat(long, 10_000), ""}, // it is left at once
	} {
		t.Setenv("PAGER", test.pager)
		var out bytes.Buffer
		p := &pager{ctx: t.Context(), w: &out, height: 24}
		_, err := io.Copy(p, strings.NewReader(test.text))
		if err != nil && !p.isLeft {
			t.Errorf("%s: %v", test.pager, err)
		}
		if err := p.close(); err != nil || out.String() != test.want {
			t.Errorf("%s: printed %d bytes, want %d: %v", test.pager, out.Len(), len(test.want), err)
		}
	}
}

func TestWrap(t *testing.T) {
	got := wrap("one two 三四五 six", 8)
	if diff := cmp.Diff([]string{"one two", "三四五", "six"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
