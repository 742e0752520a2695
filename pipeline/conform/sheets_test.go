package conform_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/export/table"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// tableOf makes a table of rows parted by lines and cells parted by bars: nothing is null, "" is merged
// with what stands before it.
func tableOf(name, rows string) export.Table {
	t := export.Table{Info: table.Info{Name: strings.TrimPrefix(name, "#"), IsHidden: strings.HasPrefix(name, "#")}, Head: &export.Block{Data: []byte{0}}}
	b := t.Head
	for i, line := range strings.Split(rows, "\n") {
		if line == "" {
			continue
		}
		row := export.Row{Line: int64(i + 1), First: uint32(len(b.Cells)), Start: uint32(len(b.Data))}
		for _, cell := range strings.Split(line, "|") {
			at := uint32(len(b.Data))
			switch cell {
			case "":
				b.Cells = append(b.Cells, export.Cell{})
			case `""`:
				b.Cells = append(b.Cells, export.Cell{Start: at, End: at})
			default:
				b.Data = append(b.Data, cell...)
				b.Cells = append(b.Cells, export.Cell{Start: at, End: at + uint32(len(cell))})
			}
			b.Data = append(b.Data, '\t')
			row.Count++
		}
		row.End = uint32(len(b.Data) - 1)
		b.Rows = append(b.Rows, row)
	}
	return t
}

func TestHeadersOfTwoRows(t *testing.T) {
	check := func(name, rows string, line int64, headers ...string) {
		t.Helper()
		layout, problems := conform.ExamineTables([]export.Table{tableOf(name, rows)}, fileOf(t, "a_20161231.xlsx", plain(nil)))
		if layout.HeaderLine != line || !cmp.Equal(layout.Headers, headers) || len(problems) > 0 {
			t.Errorf("%q has its header at %d: %q, %v", rows, layout.HeaderLine, layout.Headers, problems)
		}
	}
	const merged = `受理|""|备注`
	check("s", "终端号|"+merged+"\n终端号|非接|扫码|备注\n1|是|否|", 2, "终端号", "非接", "扫码", "备注")
	check("s", "终端号|非接|\"\"|扫码|\"\"\n|开通|笔数|开通|笔数\n1|是|2|是|3", 2, "终端号", "非接 开通", "非接 笔数", "扫码 开通", "扫码 笔数")
	check("s", "终端号|状态|非接|\"\"\n终端号|状态|开通|笔数\n1|在用|2|是", 2, "终端号", "状态", "开通", "笔数")
	check("s", "终端情况表|\"\"|\"\"\n终端号|状态|非接\n1|在用|是", 2, "终端号", "状态", "非接")
	check("", "终端号|状态||\n||开通|笔数\n1|在用|2|是", 2, "终端号", "状态", "开通", "笔数")
	check("s", "终端号|状态|非接\nA1|在用|是", 1, "终端号", "状态", "非接")
	check("s", "终端号|状态|\nA1|在用|是", 1, "终端号", "状态", "")
}

func TestSheetsOfAWorkbook(t *testing.T) {
	fileName := "a.xlsx"
	p := plain(func(p *workspace.Profile) { p.SnapshotDate = workspace.DateFrom{Cell: `截至(.*)`} })
	tables := []export.Table{
		tableOf("封面", "终端情况表\n截至2016-12-31"),
		tableOf("东", "终端号|非接\n1|是"),
		tableOf("空", ""),
		tableOf("#旧", "终端号|非接\n0|是"),
		tableOf("西 区", "标题\n\n终端号|商户名称|非接\n1|店|是\n|店|是"),
	}
	binding, read, err := conform.BindTables(tables, fileOf(t, fileName, p))
	if err != nil {
		t.Fatal(err)
	}
	layout := binding.Layout()
	if diff := cmp.Diff([]conform.Sheet{{Name: "东", HeaderLine: 1}, {Name: "西 区", HeaderLine: 3}}, layout.Sheets); diff != "" {
		t.Error(diff)
	}
	if layout.SnapshotDate != "2016-12-31" || !cmp.Equal(read, []int{1, 4}) {
		t.Errorf("read %v at %s", read, layout.SnapshotDate)
	}
	var lines, cells []string
	for i, at := range read {
		block := *tables[at].Head
		block.Table = i
		batch, err := binding.Conform(&block)
		if err != nil {
			t.Fatal(err)
		}
		defer batch.Release()
		lines = append(lines, batch.Inventory.Column(0).ValueStr(0))
		if batch.Rejects != nil {
			for k := range int(batch.Rejects.NumRows()) {
				cells = append(cells, batch.Rejects.Column(0).ValueStr(k)+" "+batch.Rejects.Column(8).ValueStr(k))
			}
		}
	}
	if diff := cmp.Diff([]string{"2", "10000000004"}, lines); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"10000000005 '西 区'!A5"}, cells); diff != "" {
		t.Error(diff)
	}
}

func TestSheetsThatCannotBeRead(t *testing.T) {
	check := func(sheets []string, want string, tables ...export.Table) {
		t.Helper()
		p := plain(func(p *workspace.Profile) { p.Format.Sheets = sheets })
		_, _, err := conform.BindTables(tables, fileOf(t, "a_20161231.xlsx", p))
		var aside *conform.SetAsideError
		if !errors.As(err, &aside) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	good := tableOf("good", "终端号|非接\n1|是")
	check([]string{"west"}, `there is no sheet "west"; there are "good"`, good)
	check(nil, "the export has no records", tableOf("a", ""), tableOf("b", ""))
	check(nil, `sheet "b": no header found`, tableOf("a", ""), tableOf("b", "x|y"))
	check(nil, `sheet "bad": terminal_id: the header has "终端号" twice`, good, tableOf("bad", "终端号|终端号|状态\n1|2|在用"), tableOf("b", "x"))
}
