// Package settle turns the inventories in force at a snapshot into one row per terminal: references
// resolved on distinct values and joined, evidence judged, duplicates united.
package settle

import (
	"context"
	"fmt"
	"time"

	"github.com/tapcov/tapcov/pipeline/acceptance"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
	"github.com/tapcov/tapcov/queries"
)

// Delivery is one inventory file in force and what its source's profile says of its evidence.
type Delivery struct {
	Inventory         string // path of the inventory file
	Traits            string // path of its traits
	Rows              int64  // in the inventory
	Source            string
	ExportID          string
	Authority         int    // rank of the source; the lowest wins
	IsCarried         bool   // taken over from an earlier snapshot
	DefaultAcquirer   string // for rows that name none; "": none
	IsKeyedByMerchant bool   // terminal ids are unique only within a merchant
	ContactlessScheme string
	MobileIs          string
	NoPinScope        string
}

// Input is all that decides the settled terminals of one snapshot.
type Input struct {
	SnapshotDate time.Time
	Deliveries   []Delivery
	Usage        []Usage // of the window that ends with the snapshot
	Reference    *reference.Set
	Divisions    *reference.Divisions
	Rules        *acceptance.Set
	// Suspects is the path of the rows that may not be alone with their terminal or their device: HasSuspects tells
	// that it is there, else Settle writes it. They are the same as long as the deliveries and their acquirers are.
	Suspects    string
	HasSuspects bool
	// Place returns a query over a query for terminals that adds to each who counts it; nil: nothing is added.
	Place func(terminals string) string
}

// Result counts what became of the inventory rows.
type Result struct {
	InventoryRows           int64    `json:"inventory_rows"`
	Terminals               int64    `json:"terminals"`
	DuplicatedTerminals     int64    `json:"duplicated_terminals"`
	DuplicateRows           int64    `json:"duplicate_rows"`
	MerchantDisagreements   int64    `json:"merchant_disagreements"`
	RegionDisagreements     int64    `json:"region_disagreements"`
	AcceptanceDisagreements int64    `json:"acceptance_disagreements"`
	UnmatchedAcquirers      []string `json:"unmatched_acquirers,omitempty"`
	// Usage counts the terminals that usage tells of; nil without any.
	Usage *UsageResult `json:"usage,omitempty"`
	// RegionNames gives region keys outside GB/T 2260 a name: the first spelling in byte order.
	RegionNames map[string]string `json:"region_names,omitempty"`
}

// UsageResult counts the terminals that the usage of a snapshot tells of.
type UsageResult struct {
	Terminals     int64 `json:"terminals"`
	Unknown       int64 `json:"unknown"`        // of these in no inventory in force
	OtherMerchant int64 `json:"other_merchant"` // of these in one, but under other merchants only
}

// TiesOut reports whether every inventory row is a terminal or a counted duplicate.
func (r Result) TiesOut() bool { return r.InventoryRows == r.Terminals+r.DuplicateRows }

// columns are the inventory columns that settling reads; wide text stays in the inventory.
const columns = `source_line, terminal_id, merchant_id, merchant_name, serial_number,
    license_code, installed_on, removed_on, updated_at, transaction_count, contactless_transaction_count,
    mobile_contactless_transaction_count, last_transaction_on`

// Settle writes the settled terminals of a snapshot to path (columns: queries/settle/terminals.sql;
// grain: one row per terminal) and says what became of the rows, and what the numbers in them stand for.
// The order of deliveries numbers them and decides nothing. Its tables are dropped again.
func Settle(ctx context.Context, e *engine.Engine, in Input, path string) (Result, Legend, error) {
	s := settling{engine: e, Input: in}
	defer s.drop(ctx)
	for _, step := range []func(context.Context) error{
		s.readInventory, s.resolve, s.judge, s.readUsage, s.unite, s.readLegend,
	} {
		if err := step(ctx); err != nil {
			return Result{}, Legend{}, fmt.Errorf("settle %s: %w", in.SnapshotDate.Format(time.DateOnly), err)
		}
	}
	terminals := queries.Text("settle/terminals")
	if in.Place != nil {
		terminals = in.Place(terminals)
	}
	var err error
	// Places may ask for a serial number; only those of several terminals are kept, which is a tenth of the file.
	terminals = "select * exclude (serial_number) from (\n" + terminals + "\n) as settled_terminals"
	if s.result.Terminals, err = e.Copy(ctx, terminals, path); err != nil {
		return Result{}, Legend{}, fmt.Errorf("settle %s: %w", in.SnapshotDate.Format(time.DateOnly), err)
	}
	return s.result, s.legend, nil
}

type settling struct {
	Input
	engine *engine.Engine
	result Result
	legend Legend
}

// readInventory makes the views delivered and inventory and the tables traits, deliveries and settings.
func (s *settling) readInventory(ctx context.Context) error {
	paths := make([]string, 0, len(s.Deliveries))
	traits := make([]string, 0, len(s.Deliveries))
	rows := make([][]any, 0, len(s.Deliveries))
	for i, d := range s.Deliveries {
		paths, traits = append(paths, d.Inventory), append(traits, d.Traits)
		rows = append(rows, []any{
			int32(i), d.Source, d.ExportID, int32(d.Authority), d.IsCarried, d.IsKeyedByMerchant, null(d.DefaultAcquirer),
			null(d.ContactlessScheme), null(d.MobileIs), null(d.NoPinScope),
		})
	}
	err := s.engine.Fill(ctx, "deliveries", `delivery integer, source varchar, export_id varchar, authority integer,
		is_carried boolean, is_keyed_by_merchant boolean, default_acquirer varchar,
		contactless_scheme varchar, mobile_is varchar, no_pin_scope varchar`, rows)
	if err != nil {
		return err
	}
	const delivery = "cast(" + engine.FileIndex + " as bigint)"
	if err := s.engine.Create(ctx, "traits", "select "+delivery+" as delivery, * from "+engine.Parquet(traits...)); err != nil {
		return err
	}
	// A number of a trait is of its own file. Numbers of the snapshot lie close together, so that the engine
	// may look them up in an array (queries/settle).
	var traitCount int64
	if err := s.engine.Scan(ctx, "select coalesce(max(number), 0) + 1 from traits", &traitCount); err != nil {
		return err
	}
	if err := s.engine.Fill(ctx, "settings", "snapshot_date date, trait_count bigint", [][]any{{s.SnapshotDate, traitCount}}); err != nil {
		return err
	}
	delivered := "select cast(" + engine.FileIndex + " as integer) as delivery, " + delivery + " * 1099511627776 + source_line as source_row, " + columns
	for _, kind := range []string{"place", "device", "terms"} {
		delivered += fmt.Sprintf(", %s * %d + %s as %s", delivery, traitCount, kind, kind)
	}
	if err := s.engine.View(ctx, "delivered", delivered+" from "+engine.Parquet(paths...)); err != nil {
		return err
	}
	return s.engine.View(ctx, "inventory", "select * from delivered")
}

// What a rule asks of the terms or of the device alone is answered once for all rows that have them.
var (
	termsColumns = []string{
		"contactless_flag", "contactless_parameter", "no_pin_flag", "no_pin_parameter", "mobile_flag", "qr_flag", "entry_modes",
		"status", "contactless_scheme", "mobile_is", "no_pin_scope",
	}
	deviceColumns = []string{"vendor", "model", "device_type", "model_contactless"}
)

// judge makes the views row_keys and fired_rows: the rows' keys, and the rows with the rules that
// fire on them. What they take from small tables is encoded.
func (s *settling) judge(ctx context.Context) error {
	if err := s.Rules.Install(ctx, s.engine); err != nil {
		return err
	}
	if err := s.create(ctx, "places"); err != nil {
		return err
	}
	for _, table := range []struct {
		name    string
		columns []string
	}{{"devices", deviceColumns}, {"terms", termsColumns}} {
		query := "select *, " + s.Rules.FiredBy(table.columns) + " as fired from (\n" + queries.Text("settle/"+table.name) + ") as rows"
		if err := s.engine.Create(ctx, table.name, query); err != nil {
			return err
		}
	}
	services := [][]any{{int32(1), "yes"}, {int32(2), "no"}, {int32(3), "unknown"}}
	if err := s.engine.Fill(ctx, "services", "service integer, in_service varchar", services); err != nil {
		return err
	}
	for _, table := range []string{"places", "devices", "terms", "services", "resolved_brands", "outcomes", "rules"} {
		if err := s.engine.Encode(ctx, table); err != nil {
			return err
		}
	}
	for _, view := range []struct{ name, query string }{
		{"named_inventory", s.namedInventory()},
		{"row_keys", queries.Text("settle/keys")},
		{"settle_rows", queries.Text("settle/rows")},
		{"fired_rows", s.firedRows()},
	} {
		if err := s.engine.View(ctx, view.name, view.query); err != nil {
			return err
		}
	}
	return nil
}

func (s *settling) firedRows() string {
	return s.Rules.FiredRows("settle_rows", termsColumns, deviceColumns)
}

// namedInventory returns a query over inventory: its rows, with the alias of a brand that stands in the
// merchant's name, if any.
func (s *settling) namedInventory() string {
	alias := "cast(null as varchar)"
	if pattern := s.Reference.Brands.Pattern(); pattern != "" {
		search := "(merchant_name, " + engine.Quote("(?i)(?:"+pattern+")") + ")"
		alias = "case when regexp_like" + search + " then lower(regexp_extract" + search + ") end"
	}
	return "select *, " + alias + " as brand_alias from inventory"
}

// create makes tables, each from the query of its name.
func (s *settling) create(ctx context.Context, names ...string) error {
	for _, name := range names {
		if err := s.engine.Create(ctx, name, queries.Text("settle/"+name)); err != nil {
			return err
		}
	}
	return nil
}

// tables are those that grow with the snapshot.
var tables = []string{
	"traits", "places", "devices", "terms", "repeated_keys", "repeated_serials", "judged_suspects", "united_keys", "shared_serials", "united_suspects",
	"usage_evidence", "usage_by_merchant", "usage_rows",
}

// drop frees the tables; views over them go with the next snapshot's.
func (s *settling) drop(ctx context.Context) {
	_ = s.engine.Drop(context.WithoutCancel(ctx), tables...)
}

func null(text string) any {
	if text == "" {
		return nil
	}
	return text
}
