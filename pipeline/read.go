package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// readExport reads one file of the inbox into the lake: inventory, rejects and their facts. A file
// that cannot be taken gives an inventory whose Refused says why; only trouble of our own (disk,
// engine, cancellation) is an error.
func (r *run) readExport(ctx context.Context, file inboxFile, threads int) (*lake.Inventory, error) {
	options := r.exportOptions(file)
	for {
		inventory, err := r.readAs(ctx, file, options, threads)
		if options.Retry(err) {
			continue
		}
		return inventory, err
	}
}

// exportOptions says what a profile fixes and the limits bound.
func (r *run) exportOptions(file inboxFile) export.Options {
	options := formatOptions(file.source.Format)
	limits := r.ws.Config.Limits
	options.RecordLimit, options.Unpacked, options.Memory = int(limits.Record), limits.Unpacked, limits.Memory/4
	options.Known = conform.Known(r.conformFile(file))
	if r.writer != nil { // a plan writes nothing
		options.TempDir = r.writer.TempDir()
	}
	return options
}

// formatOptions are the options that a profile's format fixes.
func formatOptions(f workspace.Format) export.Options {
	options := export.Options{
		Encoding: f.Encoding, Delimiter: f.Delimiter, Quote: f.Quote, Escape: f.Escape,
		NoHeader: f.Header == "none", Columns: f.Names, KeepDamaged: f.Damaged == "keep",
	}
	if len(f.Fixed) == 0 {
		return options
	}
	fixed, next := &export.Fixed{Characters: f.Unit == "characters"}, 0
	for _, c := range f.Fixed {
		if c.Start > 0 {
			next = c.Start - 1
		}
		fixed.Columns = append(fixed.Columns, export.FixedColumn{Name: c.Name, Start: next, Width: c.Width})
		next += c.Width
	}
	options.Fixed = fixed
	return options
}

func (r *run) conformFile(file inboxFile) conform.File {
	return conform.File{Name: file.name, Source: file.source, Reference: r.ws.Reference}
}

// readAs reads a file with the given options on so many threads.
func (r *run) readAs(ctx context.Context, file inboxFile, options export.Options, threads int) (*lake.Inventory, error) {
	reading, err := export.Open(file.path, options)
	if err != nil {
		return r.refuse(file, "", err)
	}
	defer reading.Close()
	binding, tables, err := conform.BindTables(reading.Tables(), r.conformFile(file))
	if err != nil {
		return r.refuse(file, "", faultOf(ctx, reading, threads, err))
	}
	reading.Select(tables)

	rows := r.newRowSink(file, binding)
	traits := newSink(r.engine, conform.TraitSchema(), r.writer.Temp("traits.parquet"))
	rejects := newSink(r.engine, conform.RejectSchema(), r.writer.Temp("rejects.parquet"))
	defer rows.discard()
	defer traits.discard()
	defer rejects.discard()
	isUsage := file.source.Usage.IsSet() // which has no traits to number
	numbering := conform.NewNumbering(binding)
	var tally conform.Tally
	emit := func(batch *conform.Batch) error {
		tally.Add(&batch.Tally)
		r.progress.rows(batch.Tally.Records)
		if batch.Rejects != nil {
			if err := rejects.put(ctx, batch.Rejects); err != nil {
				batch.Inventory.Release()
				return err
			}
		}
		if !isUsage {
			numbering.Number(batch)
		}
		if numbering.IsFull() {
			if err := traits.put(ctx, numbering.Take()); err != nil {
				batch.Inventory.Release()
				return err
			}
		}
		return rows.put(ctx, batch.Inventory)
	}
	summary, err := export.Decode(ctx, reading, threads, binding.Conform, emit, (*conform.Batch).Release)
	if err != nil {
		return r.refuse(file, "", err)
	}
	if err := binding.Check(&tally); err != nil {
		return r.refuse(file, summary.ID, err)
	}
	if !isUsage {
		if err := traits.put(ctx, numbering.Take()); err != nil {
			return nil, err
		}
	}
	return r.keep(ctx, file, binding.Layout(), summary, tally, rows, traits, rejects)
}

// faultOf says why an export could not be bound: a file that is no text at all, or text in another
// encoding than its head looked like, has no header because of that.
func faultOf(ctx context.Context, reading *export.Export, threads int, unbound error) error {
	nothing := func(*export.Block) (struct{}, error) { return struct{}{}, nil }
	_, err := export.Decode(ctx, reading, threads, nothing, func(struct{}) error { return nil }, nil)
	if err != nil {
		return err
	}
	return unbound
}

// keep gives the finished files their places, named by what they are made from.
func (r *run) keep(ctx context.Context, file inboxFile, layout conform.Layout, summary export.Summary, tally conform.Tally, rows, traits, rejects *sink) (*lake.Inventory, error) {
	inventory := &lake.Inventory{
		ExportID: summary.ID, Source: file.source.Name, SnapshotDate: layout.SnapshotDate,
		Part: layout.Part, Version: layout.Version,
		Profile: workspace.ReadingHash(file.source), Conform: conform.Version,
		Format: encode(summary.Format), Layout: encode(layout), Tally: encode(tally),
	}
	inventory.ID = inventoryID(inventory)
	known, err := r.lake.Inventory(inventory.ID)
	if err != nil || known != nil {
		return known, err // what an edition may name already is never written again
	}
	if file.source.Usage.IsSet() {
		if err = r.keepUsage(ctx, inventory, rows, tally.Inventory); err != nil {
			return nil, err
		}
	} else if err = r.keepInventory(ctx, inventory, rows, traits); err != nil {
		return nil, err
	}
	if rejects.isUsed() {
		if inventory.Rejects, err = r.store(ctx, rejects, r.lake.RejectsPath(inventory.ID)); err != nil {
			return nil, err
		}
	}
	return inventory, r.writer.SaveInventory(inventory)
}

// keepInventory gives the rows of an inventory and their traits their places.
func (r *run) keepInventory(ctx context.Context, inventory *lake.Inventory, rows, traits *sink) (err error) {
	if inventory.Rows, err = r.store(ctx, rows, r.lake.InventoryPath(inventory.ID)); err != nil {
		return err
	}
	inventory.Traits, err = r.store(ctx, traits, r.lake.TraitsPath(inventory.ID))
	return err
}

// inventoryID names an inventory by all that determines its rows.
func inventoryID(inventory *lake.Inventory) string {
	return contentKey(inventory.ExportID, inventory.Source, inventory.SnapshotDate, inventory.Part, inventory.Version, inventory.Profile, inventory.Conform, inventory.Refused)
}

// contentKey hashes inputs to a file's name.
func contentKey(inputs ...string) string {
	sum := sha256.Sum256(encode(inputs))
	return hex.EncodeToString(sum[:16])
}

func encode(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("encode %T: %v", value, err)) // every type given here is ours and encodes
	}
	return text
}

// store finishes a sink and moves its file to its place in the lake.
func (r *run) store(ctx context.Context, s *sink, path string) (lake.File, error) {
	count, err := s.finish(ctx)
	if err != nil {
		return lake.File{}, err
	}
	if err := lake.Commit(s.path, path); err != nil {
		return lake.File{}, err
	}
	return r.lake.Describe(path, count, s.hash.Sum())
}

// refuse keeps an export that cannot be used, with the reason. Trouble that is not the export's fault
// (disk, engine, cancellation) is passed on.
func (r *run) refuse(file inboxFile, exportID string, cause error) (*lake.Inventory, error) {
	var refused *export.RefusedError
	var setAside *conform.SetAsideError
	if !errors.As(cause, &refused) && !errors.As(cause, &setAside) {
		return nil, cause
	}
	if exportID == "" {
		var err error
		if exportID, _, err = export.ID(file.path); err != nil {
			return nil, fmt.Errorf("read %s/%s: %w", file.source.Name, file.name, err)
		}
	}
	var problems, layout json.RawMessage
	if setAside != nil {
		problems, layout = encode(setAside.Problems), encode(setAside.Layout)
	}
	inventory := &lake.Inventory{
		Problems: problems, Layout: layout,
		ExportID: exportID, Source: file.source.Name, Profile: workspace.ReadingHash(file.source),
		Conform: r.conformInputs(), Refused: r.why(file, cause),
	}
	inventory.ID = inventoryID(inventory)
	if known, err := r.lake.Inventory(inventory.ID); err != nil || known != nil {
		return known, err
	}
	return inventory, r.writer.SaveInventory(inventory)
}

// why says why a file is of no use, without the folder that it lies in.
func (r *run) why(file inboxFile, cause error) string {
	return strings.ReplaceAll(cause.Error(), r.ws.Inbox(file.source.Name)+string(os.PathSeparator), "")
}

// conformInputs names what besides the profile decides whether an export can be read: a refused one
// is tried again when this changes.
func (r *run) conformInputs() string {
	return strings.Join([]string{conform.Version, r.ws.Reference.Hash("headers"), r.ws.Reference.Hash("values")}, "/")
}
