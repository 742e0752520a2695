package conform_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// A column of ever new values starts its dictionary anew between Blocks and loses nothing.
func TestManyDistinctValues(t *testing.T) {
	var text strings.Builder
	text.WriteString("终端号,厂商,状态\n")
	for i := range 20_000 {
		fmt.Fprintf(&text, "%08d,V%d of a long name,%d\n", i, i, i)
	}
	head, blocks := blocksOf(t, text.String())
	p := plain(func(p *workspace.Profile) {
		delete(p.Assume, "status")
		p.Status = map[string]string{"a": "removed"}
	})
	binding, err := conform.Bind(head, fileOf(t, "a.csv", p))
	if err != nil {
		t.Fatal(err)
	}
	var tally conform.Tally
	for round := range 3 {
		for _, block := range blocks {
			batch, err := binding.Conform(block)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range inventoryOf(binding, batch) {
				if want := fmt.Sprintf("V%d of a long name", i); row["vendor"] != want || row["status"] != "unknown" {
					t.Fatalf("round %d, row %d: got %q, %q", round, i, row["vendor"], row["status"])
				}
			}
			tally.Add(&batch.Tally)
			batch.Release()
		}
	}
	const want = `a.csv: status: more than 999 different values that the profile's map does not know, the first is "0" at line 2`
	if err := binding.Check(&tally); err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// What could not be split is a terminal that could not be read, whatever the reason.
func TestFaults(t *testing.T) {
	text := []byte("终端号,商户编号\n4111111111111111,x")
	head := &export.Block{
		Data:  text,
		Cells: []export.Cell{{Start: 0, End: 9}, {Start: 10, End: 22}},
		Rows:  []export.Row{{Line: 1, Count: 2, End: 22}},
	}
	for fault, reason := range map[export.Fault]string{
		export.FaultEncoding: "encoding", export.FaultOpenQuote: "quote_open",
		export.FaultQuote: "quote_stray", export.FaultTooLong: "record_too_long",
	} {
		block := *head
		block.Rows = append(block.Rows[:1:1], export.Row{Line: 2, First: 2, Start: 23, End: uint32(len(text)), Fault: fault})
		r := conformedBlocks(t, head, []*export.Block{&block}, fileOf(t, "a.csv", plain(nil)))
		want := []map[string]string{{
			"source_line": "2", "class": "terminal", "reason": reason, "raw_text": "411111******1111,x",
		}}
		if diff := cmp.Diff(want, r.rejects); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if r.tally.RejectTerminal != 1 || r.check != nil {
			t.Errorf("%s: got %d rejects, check %v", reason, r.tally.RejectTerminal, r.check)
		}
	}
}

// A record that was lost on the way is our mistake, not the export's.
func TestBrokenTieOut(t *testing.T) {
	head, _ := blocksOf(t, "终端号\n1\n")
	binding, err := conform.Bind(head, fileOf(t, "a.csv", plain(nil)))
	if err != nil {
		t.Fatal(err)
	}
	err = binding.Check(&conform.Tally{Records: 3, Header: 1, Inventory: 1})
	var aside *conform.SetAsideError
	if err == nil || errors.As(err, &aside) {
		t.Errorf("got %v, want a broken tie-out", err)
	}
}

// Messages show neither card numbers nor cells without end, though a first record be data.
func TestMessagesShowLittle(t *testing.T) {
	head, _ := blocksOf(t, "4111111111111111,"+strings.Repeat("x", 1000)+"\n1,2\n")
	_, err := conform.Bind(head, fileOf(t, "a.csv", plain(nil)))
	want := `line 1 has "411111******1111", "` + strings.Repeat("x", 120) + `…";`
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestKnown(t *testing.T) {
	known := conform.Known(fileOf(t, "a.csv", plain(func(p *workspace.Profile) {
		p.Columns["vendor"] = workspace.Column{Header: "Meter Type"}
		p.Private = []string{"联系人"}
	})))
	for header, want := range map[string]bool{
		"终端号": true, " Terminal ID ": true, "省份": true, "ＭＥＴＥＲ　ＴＹＰＥ": true, "联系人": true,
		"": false, " ": false, "00018644": false, "是": false,
	} {
		if got := known(header); got != want {
			t.Errorf("%q: got %t, want %t", header, got, want)
		}
	}
}
