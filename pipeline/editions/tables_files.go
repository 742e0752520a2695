package editions

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/queries"
)

// sourceFile is the first of the names, in byte order, under which a delivery's bytes came.
func sourceFile(d lake.Delivery) string { return d.Source + "/" + d.File() }

// delivered is one kind of the deliveries' files, and what a table of one row per file says of each. The
// files of a kind are told apart by their number, deliveries by theirs.
type delivered struct {
	paths []string
	Rows  [][]any
}

// The type of file_number is that of the engine's own number, so that a join with it decides which files
// are read.
const deliveredColumns = `file_number ubigint, delivery_number integer, edition integer, source varchar, source_file varchar,
	export_id varchar, snapshot_date date, state varchar`

// delivered returns the files of one kind.
func (t *tables) delivered(file func(d lake.Delivery) lake.File) delivered {
	var found delivered
	for number, d := range t.deliveries {
		if f := file(d.Delivery); !f.IsZero() {
			found.Rows = append(found.Rows, []any{
				uint64(len(found.paths)), int32(number), int32(d.edition), d.Source, sourceFile(d.Delivery), d.ExportID, day(d.SnapshotDate), string(d.State),
			})
			found.paths = append(found.paths, t.lake.Abs(f))
		}
	}
	return found
}

// makeRows makes a view over files that lie side by side: what is said of each, then their rows.
func (t *tables) makeRows(ctx context.Context, name string, found delivered, read func(paths ...string) string) error {
	if err := t.Fill(ctx, name+"_files", deliveredColumns, found.Rows); err != nil {
		return err
	}
	return t.View(ctx, name, fmt.Sprintf(`select files.* exclude (file_number), numbered.* exclude (file_number)
		from (select *, %s as file_number from %s) as numbered
		inner join %s_files as files on files.file_number = numbered.file_number`,
		engine.FileIndex, read(found.paths...), name))
}

// makeInventory makes the rows whole from what is their own and what their traits stand for; what profiles
// keep beyond the columns of the catalogue comes last.
func (t *tables) makeInventory(ctx context.Context, name string) error {
	rows := t.delivered(inventoryFile)
	if len(rows.paths) == 0 {
		return t.makeEmpty(ctx, name)
	}
	if err := t.makeRows(ctx, "inventory_rows", rows, engine.ParquetByName); err != nil {
		return err
	}
	// Traits are alike in every file, so that only the first has to be opened to know their columns.
	traits := t.delivered(func(d lake.Delivery) lake.File { return d.Traits })
	if err := t.makeRows(ctx, "inventory_traits", traits, engine.Parquet); err != nil {
		return err
	}
	return t.View(ctx, name, inOrder(name, queries.Text("read/inventory"), "delivery_number", "place", "device", "terms"))
}

func (t *tables) makeRejects(ctx context.Context, name string) error {
	rows := t.delivered(func(d lake.Delivery) lake.File { return d.Rejects })
	if len(rows.paths) == 0 {
		return t.makeEmpty(ctx, name)
	}
	if err := t.makeRows(ctx, "reject_rows", rows, engine.ParquetByName); err != nil {
		return err
	}
	return t.View(ctx, name, inOrder(name, withCell("select * from reject_rows"), "delivery_number"))
}

// withCell gives rejects of older lakes the column that they lack.
func withCell(query string) string {
	return query + " union all by name select cast(null as varchar) as source_cell where false"
}

// withSerials gives settled terminals of older lakes, which have every serial number, the columns of newer ones.
func withSerials(query string) string {
	return `select * exclude (serial_number) replace (
			coalesce(has_serial, serial_number is not null) as has_serial,
			coalesce(shared_serial_number, case when serial_terminal_count is not null then serial_number end) as shared_serial_number)
		from (` + query + ` union all by name
			select cast(null as varchar) as serial_number, cast(null as boolean) as has_serial, cast(null as varchar) as shared_serial_number where false)`
}

// inOrder puts the columns of a query into the order of the catalogue. Those that the catalogue does not
// know come last, but for the hidden ones.
func inOrder(name, query string, hidden ...string) string {
	table, _ := queries.Describe(name)
	var known []string
	for _, column := range table.Columns {
		known = append(known, engine.Name(column.Name))
	}
	return fmt.Sprintf("select %s, * exclude (%s) from (%s) as ordered",
		strings.Join(known, ", "), strings.Join(append(known, hidden...), ", "), query)
}

// members calls see for every inventory in force at a snapshot, counted from 0 as the settled rows do.
func (t *tables) members(see func(s publishedSnapshot, number int, d lake.Delivery)) {
	editions := map[int]map[string]lake.Delivery{} // by inventory id
	for _, s := range t.snapshots {
		deliveries := editions[s.edition.Edition]
		if deliveries == nil {
			deliveries = map[string]lake.Delivery{}
			for _, d := range s.edition.Deliveries {
				deliveries[d.InventoryID] = d
			}
			editions[s.edition.Edition] = deliveries
		}
		for i, m := range s.Members {
			see(s, i, deliveries[m.InventoryID])
		}
	}
}

func (t *tables) makeMembers(ctx context.Context, name string) error {
	var rows [][]any
	t.members(func(s publishedSnapshot, number int, d lake.Delivery) {
		rows = append(rows, []any{day(s.Date), int32(number), d.Source, sourceFile(d), d.ExportID, day(d.SnapshotDate)})
	})
	return t.Fill(ctx, name, "snapshot_date date, delivery integer, source varchar, source_file varchar, export_id varchar, delivered_on date", rows)
}

func (t *tables) makeDeliveries(ctx context.Context, name string) error {
	var rows [][]any
	for _, d := range t.deliveries {
		kind := "inventory"
		if d.IsUsage {
			kind = "usage"
		}
		rows = append(rows, []any{
			d.edition, d.Source, kind, day(d.SnapshotDate), null(d.Part), null(d.Version), string(d.State), null(d.Why),
			sourceFile(d.Delivery), len(d.Files), d.Rows.Rows, d.Rejects.Rows, d.ExportID, d.InventoryID,
		})
	}
	return t.Fill(ctx, name, catalogColumns(name), rows)
}

func (t *tables) makeSnapshots(ctx context.Context, name string) error {
	newest := (&Edition{Manifest: t.current}).Newest()
	var rows [][]any
	for _, s := range t.snapshots {
		var tally struct {
			InventoryRows int64 `json:"inventory_rows"`
		}
		if err := json.Unmarshal(s.Tally, &tally); len(s.Tally) > 0 && err != nil {
			return fmt.Errorf("tally of %s: %w", s.Date, err)
		}
		carried := 0
		for _, m := range s.Members {
			if m.CarriedMonths > 0 {
				carried++
			}
		}
		rows = append(rows, []any{
			s.edition.Edition, day(s.Date), string(s.State), s.Date == newest, len(s.Members), carried, tally.InventoryRows, s.Settled.Rows,
		})
	}
	return t.Fill(ctx, name, catalogColumns(name), rows)
}

// makeExports tells what each export was found to be, from the facts beside its inventory.
func (t *tables) makeExports(ctx context.Context, name string) error {
	var rows [][]any
	seen := map[string]bool{}
	for _, d := range t.deliveries {
		inventory, err := t.lake.Inventory(d.InventoryID)
		if err != nil {
			return err
		}
		if inventory == nil || seen[d.InventoryID] {
			continue
		}
		seen[d.InventoryID] = true
		row, err := exportRow(d.Delivery, inventory)
		if err != nil {
			return fmt.Errorf("facts of %s: %w", sourceFile(d.Delivery), err)
		}
		rows = append(rows, row)
	}
	return t.Fill(ctx, name, catalogColumns(name), rows)
}

func exportRow(d lake.Delivery, inventory *lake.Inventory) ([]any, error) {
	var format export.Format
	var layout conform.Layout
	var tally conform.Tally
	for _, part := range []struct {
		text json.RawMessage
		into any
	}{{inventory.Format, &format}, {inventory.Layout, &layout}, {inventory.Tally, &tally}} {
		if len(part.text) == 0 {
			continue
		}
		if err := json.Unmarshal(part.text, part.into); err != nil {
			return nil, err
		}
	}
	return []any{
		d.Source, sourceFile(d), day(d.SnapshotDate), d.ExportID, d.InventoryID,
		null(format.Container), null(format.Encoding), null(format.Delimiter), layout.HeaderLine,
		tally.Records, tally.Skipped(), tally.Inventory, tally.RejectTerminal, tally.RejectNotTerminal, null(inventory.Refused),
	}, nil
}
