package export

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/export/table"
)

// grid is a file of tables for tests: sheets parted by blank lines, each of a name, a hash if it is hidden, and
// rows of cells parted by bars; ∅ is null. The row `panic` is what it says, `end` an error.
type grid struct{ sheets [][]string }

func openGrid(file io.ReaderAt, size int64, _ table.Limits) (table.Reader, error) {
	text := make([]byte, size)
	if _, err := file.ReadAt(text, 0); err != nil {
		return nil, err
	}
	var g grid
	for _, sheet := range strings.Split(strings.TrimPrefix(string(text), "GRID\n"), "\n\n") {
		g.sheets = append(g.sheets, strings.Split(strings.TrimSuffix(sheet, "\n"), "\n"))
	}
	return &g, nil
}

func (g *grid) Tables() (infos []table.Info) {
	for _, sheet := range g.sheets {
		name, isHidden := strings.CutPrefix(sheet[0], "#")
		infos = append(infos, table.Info{Name: name, IsHidden: isHidden})
	}
	return infos
}

func (g *grid) Rows(index int) (table.Rows, error) { return &gridRows{lines: g.sheets[index][1:]}, nil }

func (g *grid) Notes() []string { return []string{"a note"} }

func (g *grid) Close() error { return nil }

type gridRows struct {
	lines []string
	at    int
	err   error
}

func (r *gridRows) Next(row *table.Row) bool {
	if r.at == len(r.lines) || r.err != nil {
		return false
	}
	line := r.lines[r.at]
	r.at++
	switch line {
	case "panic":
		panic("broken")
	case "end":
		r.err = errors.New("it ends too early")
		return false
	}
	row.Reset(int64(r.at) * 10)
	for _, cell := range strings.Split(line, "|") {
		if cell == null {
			row.AddNull(1)
			continue
		}
		row.Add(cell)
	}
	return true
}

func (r *gridRows) Err() error { return r.err }

func (r *gridRows) Close() error { return nil }

// withGrids makes Open understand grids.
func withGrids(t *testing.T) {
	t.Helper()
	before := formats
	formats = append([]format{{
		kind:  "grid",
		sniff: func(head []byte, _ io.ReaderAt, _ int64) bool { return strings.HasPrefix(string(head), "GRID\n") },
		open:  openGrid,
	}}, formats...)
	t.Cleanup(func() { formats = before })
}

func openText(t *testing.T, name, content string, opts Options) (*Export, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := Open(path, opts)
	if err == nil {
		t.Cleanup(func() { e.Close() })
	}
	return e, err
}

// placed is a record and the table it is of.
type placed struct {
	Table  int
	Record record
}

func placedRecords(b *Block) (all []placed) {
	for i, r := range records(b) {
		all = append(all, placed{b.Table, r})
		all[i].Record.Raw = strings.ReplaceAll(r.Raw, "\t", "|")
	}
	return all
}

func TestTablesBecomeBlocksOfOneTable(t *testing.T) {
	withGrids(t)
	const content = "GRID\none\na||∅\n∅|b\n\n#two\nx\n\nthree\nc\n\xff\n"
	for _, size := range []int{16, 1 << 20} {
		for _, threads := range []int{1, 4} {
			e, err := openText(t, "x.csv", content, Options{BlockSize: size})
			if err != nil {
				t.Fatal(err)
			}
			var got []placed
			summary, err := Decode(context.Background(), e, threads,
				func(b *Block) ([]placed, error) { return placedRecords(b), nil },
				func(r []placed) error { got = append(got, r...); return nil }, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := []placed{
				{0, record{Line: 10, Raw: "a||", Cells: []string{"a", "", null}}},
				{0, record{Line: 20, Raw: "|b", Cells: []string{null, "b", null}}},
				{1, record{Line: 10, Raw: "c", Cells: []string{"c"}}},
				{1, record{Line: 20, Raw: "\xff", Fault: FaultEncoding}},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("blocks of %d on %d threads:\n%s", size, threads, diff)
			}
			id, n, err := ID(e.path)
			if err != nil {
				t.Fatal(err)
			}
			wantSummary := Summary{
				ID: id, Bytes: n, Records: 4,
				Format: Format{
					Kind: "grid", Container: "none", Note: "its name ends in .csv, its content is grid; a note",
					Tables: []TableFormat{{Name: "one", IsRead: true, Rows: 2}, {Name: "two", IsHidden: true}, {Name: "three", IsRead: true, Rows: 2}},
				},
			}
			if diff := cmp.Diff(wantSummary, summary); diff != "" {
				t.Error(diff)
			}
		}
	}
}

func TestOnlyTheSelectedTablesAreRead(t *testing.T) {
	withGrids(t)
	e, err := openText(t, "x", "GRID\none\na\n\n#two\nb\n", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(e.Tables()[1].Head.Raw(0)); got != "b" {
		t.Errorf("the head of the second table is %q", got)
	}
	e.Select([]int{1})
	var got []placed
	if _, err := Decode(context.Background(), e, 1,
		func(b *Block) ([]placed, error) { return placedRecords(b), nil },
		func(r []placed) error { got = append(got, r...); return nil }, nil); err != nil {
		t.Fatal(err)
	}
	want := []placed{{0, record{Line: 10, Raw: "b", Cells: []string{"b"}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestADamagedTableRefusesItsFile(t *testing.T) {
	withGrids(t)
	check := func(content, want string) {
		t.Helper()
		e, err := openText(t, "x", content, Options{})
		if err == nil {
			_, err = Decode(context.Background(), e, 2,
				func(*Block) (int, error) { return 0, nil }, func(int) error { return nil }, nil)
		}
		var refused *RefusedError
		if !errors.As(err, &refused) || !strings.HasPrefix(refused.Err.Error(), want) {
			t.Errorf("%q: %v, want a refusal that begins with %q", content, err, want)
		}
	}
	long := strings.Repeat("a\n", headRows)
	check("GRID\none\na\nend\n", `sheet "one": it ends too early`)
	check("GRID\none\na\npanic\n", `sheet "one": it is damaged: panic: broken`)
	check("GRID\none\n"+long+"end\n", `sheet "one": it ends too early`)
	check("GRID\none\n"+long+"panic\n", `sheet "one": it is damaged: panic: broken`)
	check("GRID\n"+strings.Repeat("s\na\n\n", maxTables)+"s\na\n", "it has more than 1000 tables")
}
