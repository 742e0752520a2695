package conform_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// fuzzHeader is above whatever is fuzzed.
const fuzzHeader = "title\n终端号,商户编号,商户名称,装机日期,最后修改时间,总笔数,是否支持非接,状态,设备类型,Cards,State,City,联系人\n"

var fuzzProfile = plain(func(p *workspace.Profile) {
	p.Assume = nil
	p.Status = map[string]string{"1": "in_service"}
	p.DeviceTypes = map[string]string{"unionpay": "table"}
	p.RegionScheme, p.RegionLevels = "name", []string{"State", "City"}
	p.Private = []string{"联系人"}
	p.NumericIDs = true
	p.Columns = map[string]workspace.Column{
		"no_pin_flag":  {Header: "Cards", Tokens: []string{"A", "B"}},
		"vendor":       {Header: "Cards", Take: `^(\S+)`},
		"removed_on":   {Header: "装机日期", Take: `\d+`},
		"extra_person": {Header: "联系人"},
	}
})

// cutBlock makes a Block of records at line feeds and cells at commas, whatever the bytes. A record
// that starts with ! has a fault; a cell that starts with " stands in another place of the Block.
func cutBlock(text []byte) *export.Block {
	b := &export.Block{Data: bytes.Clone(text)}
	at := 0
	for line, record := range bytes.Split(text, []byte("\n")) {
		row := export.Row{Line: int64(line + 1), First: uint32(len(b.Cells)), Start: uint32(at), End: uint32(at + len(record))}
		if bytes.HasPrefix(record, []byte("!")) {
			row.Fault = export.Fault(1 + len(record)%4)
		} else if len(record) > 0 {
			from := at
			for _, cell := range bytes.Split(record, []byte(",")) {
				b.Cells = append(b.Cells, cutCell(b, from, cell))
				row.Count++
				from += len(cell) + 1
			}
		}
		b.Rows = append(b.Rows, row)
		at += len(record) + 1
	}
	return b
}

func cutCell(b *export.Block, from int, cell []byte) export.Cell {
	switch {
	case len(cell) == 0:
		return export.Cell{}
	case cell[0] == '"':
		start := len(b.Data)
		b.Data = append(b.Data, cell[1:]...)
		return export.Cell{Start: uint32(start), End: uint32(len(b.Data))}
	}
	return export.Cell{Start: uint32(from), End: uint32(from + len(cell))}
}

// FuzzConform: whatever the cells, nothing breaks, every record is accounted for, no memory is left
// behind, and what a worker has met before changes nothing.
func FuzzConform(f *testing.F) {
	for _, seed := range []string{
		"00018644,898,n,2016-12-31,2016-12-31 10:00:00,\"1,是,1,02,A B,WA,Kent,张三",
		",,,,,,,,,,,,合计,0",
		",,,,,,,,,,,,\n\n合计,2\n小计：1台,,,,,,,,,,,,\n注：x",
		"1E+14,1E+14,4111111111111111,soon,later,-1,?,9,99,XA,,Kent/Sea,x\n!fault\n1,2,3",
		"终端号,商户编号,商户名称,装机日期,最后修改时间,总笔数,是否支持非接,状态,设备类型,Cards,State,City,联系人",
		"\xff\xfe,\xef\xbc,\x00,２０１６,20161231235959,１２,Ｙ,１,０２,\u3000,／,／,\xe3\x80",
		"0,1,2,3,4,5,6,7,8,9,10,11,12,13\n0,1,2,3,4,5,6,7,8,9,10,11,12,",
	} {
		f.Add([]byte(seed))
	}
	head := cutBlock([]byte(fuzzHeader))
	checked := memory.NewCheckedAllocator(memory.NewGoAllocator())
	file := fileOf(f, "a.csv", fuzzProfile)
	file.Memory = checked
	worn, err := conform.Bind(head, file)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		block := cutBlock(append([]byte(fuzzHeader), text...))
		fresh, err := conform.Bind(head, file)
		if err != nil {
			t.Fatal(err)
		}
		want, got := conformedOnce(t, fresh, block), conformedOnce(t, worn, block)
		if diff := cmp.Diff(want.inventory, got.inventory); diff != "" {
			t.Errorf("inventory (-fresh +worn):\n%s", diff)
		}
		if diff := cmp.Diff(want.rejects, got.rejects); diff != "" {
			t.Errorf("rejects (-fresh +worn):\n%s", diff)
		}
		checked.AssertSize(t, 0)
	})
}

func conformedOnce(t *testing.T, binding *conform.Binding, block *export.Block) result {
	t.Helper()
	batch, err := binding.Conform(block)
	if err != nil {
		t.Fatal(err)
	}
	defer batch.Release()
	r := result{inventory: inventoryOf(binding, batch), tally: batch.Tally}
	if batch.Rejects != nil {
		r.rejects = rowsOf(batch.Rejects)
	}
	defects := 0
	for _, reject := range r.rejects {
		if reject["class"] == conform.ClassField {
			defects++
		}
		if strings.Contains(reject["raw_text"], "4111111111111111") && reject["column_name"] != "terminal_id" {
			t.Errorf("a card number is in %q", reject["raw_text"])
		}
	}
	sum := r.tally.Skipped() + int64(len(r.inventory)+len(r.rejects)-defects)
	if sum != int64(len(block.Rows)) || sum != r.tally.Records {
		t.Errorf("%d records, but %d skipped, %d in the inventory and %d rejects",
			len(block.Rows), r.tally.Skipped(), len(r.inventory), len(r.rejects)-defects)
	}
	return r
}
