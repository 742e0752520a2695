package conform_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// The six monthly registers drift: sheets and columns are renamed, the header moves, dates are text or
// dates, columns beyond the table were used once. One profile reads them all.
func TestOneProfileReadsSixRegisters(t *testing.T) {
	const data = "../../../shared/data/"
	overview, err := os.Open(data + "oracle/bnetza_xlsx_overview.csv")
	if err != nil {
		t.Skip("no ../shared/data beside the project")
	}
	defer overview.Close()
	oracle, err := csv.NewReader(overview).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	profile := workspace.Profile{
		SnapshotDate: workspace.DateFrom{Cell: `(\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4})`, Layout: "dd.mm.yyyy"},
		Assume:       map[string]string{"status": "in_service", "device_type": "pos"},
		Columns: map[string]workspace.Column{
			"terminal_id":   {Header: "Längengrad [DG]"}, // no column numbers the chargers
			"merchant_name": {Header: "Betreiber"},
			"address":       {Header: "Adresse", Headers: []string{"Standort"}},
			"contactless_flag": {Header: "Art der Ladeeinrichtung", Values: map[string]string{
				"Schnellladeeinrichtung": "yes", "Normalladeeinrichtung": "no",
			}},
			"extra_kind":  {Header: "Art der Ladeeinrichtung"},
			"extra_power": {Header: "1. Ladepunkt P1 [kW]"},
		},
	}
	type register struct {
		sheet        string
		headerLine   int64
		rows, fast   int64
		headers      int
		skippedTable int
	}
	for _, line := range oracle[1:] {
		file := fileOf(t, line[0], profile)
		opened, err := export.Open(filepath.Join(data, "inventory/bnetza_xlsx", line[0]), export.Options{Known: conform.Known(file)})
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		binding, tables, err := conform.BindTables(opened.Tables(), file)
		if err != nil {
			t.Fatal(err)
		}
		opened.Select(tables)
		layout := binding.Layout()
		got := register{sheet: layout.Sheets[0].Name, headerLine: layout.HeaderLine, skippedTable: len(opened.Tables()) - len(tables)}
		for _, header := range layout.Headers {
			if header != "" {
				got.headers++
			}
		}
		fast := binding.Schema().FieldIndices("extra_kind")[0]
		var tally conform.Tally
		_, err = export.Decode(t.Context(), opened, 2, binding.Conform, func(batch *conform.Batch) error {
			defer batch.Release()
			tally.Add(&batch.Tally)
			for i := range int(batch.Inventory.NumRows()) {
				if batch.Inventory.Column(fast).ValueStr(i) == "Schnellladeeinrichtung" {
					got.fast++
				}
			}
			return nil
		}, (*conform.Batch).Release)
		if err != nil {
			t.Fatal(err)
		}
		if err := binding.Check(&tally); err != nil {
			t.Error(err)
		}
		got.rows = tally.Inventory
		number := func(at int) int64 {
			n, err := strconv.ParseInt(line[at], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		want := register{
			sheet: line[1], headerLine: number(4), headers: int(number(5)), rows: number(6), fast: number(8), skippedTable: int(number(2)) - 1,
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(register{})); diff != "" {
			t.Errorf("%s:\n%s", line[0], diff)
		}
		if tally.RejectTerminal+tally.RejectNotTerminal > 0 {
			t.Errorf("%s: rejects %v", line[0], tally.Reasons)
		}
	}
}
