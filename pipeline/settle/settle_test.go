package settle

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/acceptance"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// blank gives every inventory column a test does not name.
const blank = `
	cast(1 as bigint) as source_line, cast(null as varchar) as country, cast(null as varchar) as acquirer_raw,
	cast(null as varchar) as terminal_id, cast(null as varchar) as merchant_id, cast(null as varchar) as merchant_name,
	cast(null as varchar) as category_code, cast(null as varchar) as serial_number, cast(null as varchar) as vendor,
	cast(null as varchar) as model, cast(null as varchar) as license_code, 'pos' as device_type, 'in_service' as status,
	'unknown' as "use", 'unknown' as connection, cast(null as date) as installed_on, cast(null as date) as removed_on,
	cast(null as timestamp) as updated_at, cast(null as varchar) as region_raw, 'gb2260' as region_scheme,
	'unknown' as contactless_flag, 'unknown' as contactless_parameter, 'unknown' as no_pin_flag,
	'unknown' as no_pin_parameter, 'unknown' as mobile_flag, 'unknown' as qr_flag, 'unknown' as is_registered,
	cast(null as bigint) as transaction_count, cast(null as bigint) as contactless_transaction_count,
	cast(null as bigint) as mobile_contactless_transaction_count, cast(null as varchar) as entry_modes,
	cast(null as date) as last_transaction_on`

// traitColumns are those of them that stand in the traits.
const traitColumns = `country, region_scheme, region_raw, vendor, model, device_type, acquirer_raw, category_code, status, "use",
	connection, contactless_flag, contactless_parameter, no_pin_flag, no_pin_parameter, mobile_flag, qr_flag, is_registered, entry_modes`

type bench struct {
	*testing.T
	engine *engine.Engine
	input  Input
	path   string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{TempDir: t.TempDir(), Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	set, err := reference.Load("")
	if err != nil {
		t.Fatal(err)
	}
	divisions, err := set.Regions.At("")
	if err != nil {
		t.Fatal(err)
	}
	rules, err := acceptance.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return &bench{T: t, engine: e, path: filepath.Join(t.TempDir(), "settled.parquet"), input: Input{
		SnapshotDate: time.Date(2017, 1, 31, 0, 0, 0, 0, time.UTC), Reference: set, Divisions: divisions, Rules: rules,
	}}
}

// deliver adds an inventory; each row is a list of `column = value` in SQL, blanks filled in.
func (b *bench) deliver(d Delivery, rows ...string) {
	b.Helper()
	var selects []string
	for i, row := range rows {
		replaced := []string{fmt.Sprintf("cast(%d as bigint) as source_line", i+2)}
		for _, pair := range strings.Split(row, "; ") {
			column, value, _ := strings.Cut(pair, " = ")
			replaced = append(replaced, value+" as "+engine.Name(column))
		}
		selects = append(selects, "select * replace ("+strings.Join(replaced, ", ")+") from (select "+blank+") as blank")
	}
	d.Inventory = filepath.Join(b.TempDir(), "inventory.parquet")
	d.Traits = filepath.Join(b.TempDir(), "traits.parquet")
	d.ExportID, d.Rows = fmt.Sprintf("export%d", len(b.input.Deliveries)), int64(len(rows))
	whole := " from (" + strings.Join(selects, " union all ") + ") as whole"
	number := "cast(source_line as integer) as "
	for path, query := range map[string]string{ // each row has traits of its own
		d.Inventory: "select * exclude (" + traitColumns + "), " + number + "place, " + number + "device, " + number + "terms" + whole,
		d.Traits:    "select kind, " + number + "number, " + traitColumns + whole + " cross join (values ('place'), ('device'), ('terms')) as kinds(kind)",
	} {
		if _, err := b.engine.Copy(b.Context(), query, path); err != nil {
			b.Fatal(err)
		}
	}
	b.input.Deliveries = append(b.input.Deliveries, d)
}

// settled settles and returns some columns of every terminal, in order. Settling again with what is known of
// suspects by then comes to the same.
func (b *bench) settled(columns string) (Result, []string) {
	b.Helper()
	b.input.Suspects, b.input.HasSuspects = filepath.Join(b.TempDir(), "suspects.parquet"), false
	result, lines := b.settledOnce(columns)
	b.input.HasSuspects = true
	again, sameLines := b.settledOnce(columns)
	if diff := cmp.Diff(result, again) + cmp.Diff(lines, sameLines); diff != "" {
		b.Errorf("settled again (-first +again):\n%s", diff)
	}
	return result, lines
}

func (b *bench) settledOnce(columns string) (Result, []string) {
	b.Helper()
	result, _, err := Settle(b.Context(), b.engine, b.input, b.path)
	if err != nil {
		b.Fatal(err)
	}
	if !result.TiesOut() {
		b.Errorf("%d inventory rows are not %d terminals and %d duplicates", result.InventoryRows, result.Terminals, result.DuplicateRows)
	}
	rows, err := b.engine.Query(b.Context(), "select concat_ws(' ', "+columns+") from "+engine.Parquet(b.path)+" order by acquirer_id, terminal_id, merchant_id")
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			b.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return result, lines
}

func (b *bench) check(columns string, want ...string) Result {
	b.Helper()
	result, got := b.settled(columns)
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("%s (-want +got):\n%s", columns, diff)
	}
	return result
}

func TestEvidenceOfDuplicatesIsUnitedAndAttributesComeFromTheAuthority(t *testing.T) {
	b := newBench(t)
	b.deliver(Delivery{Source: "bank", Authority: 0}, `acquirer_raw = '102'; terminal_id = '00018644'; merchant_name = 'by the bank'; contactless_flag = 'no'`)
	b.deliver(Delivery{Source: "processor", Authority: 5},
		`acquirer_raw = '工行'; terminal_id = '00018644'; merchant_name = 'by the processor'; contactless_parameter = 'yes'; updated_at = timestamp '2017-01-30 00:00:00'`,
		`acquirer_raw = '01020000'; terminal_id = '00000001'; contactless_flag = 'yes'`)
	result := b.check("acquirer_id, terminal_id, merchant_name, tier, rule, state, is_contradiction, row_count",
		"102 00000001 declared contactless_flag_yes 16 false 1",
		"102 00018644 by the bank configured contactless_parameter_on 4 true 2")
	if result.DuplicatedTerminals != 1 || result.DuplicateRows != 1 || result.AcceptanceDisagreements != 1 {
		t.Errorf("got %+v", result)
	}
}

func TestLaterRowWinsWithinASource(t *testing.T) {
	b := newBench(t)
	b.deliver(Delivery{Source: "bank"},
		`acquirer_raw = '102'; terminal_id = 'A'; merchant_id = 'old'; updated_at = timestamp '2017-01-01 00:00:00'`,
		`acquirer_raw = '102'; terminal_id = 'A'; merchant_id = 'new'; updated_at = timestamp '2017-01-02 00:00:00'`,
		`acquirer_raw = '102'; terminal_id = 'A'; merchant_id = 'undated'`)
	result := b.check("merchant_id, source_line, row_count", "new 3 3")
	if result.MerchantDisagreements != 1 {
		t.Errorf("got %+v", result)
	}
}

func TestTerminalIDsMayBeUniqueWithinAMerchantOnly(t *testing.T) {
	b := newBench(t)
	b.deliver(Delivery{Source: "bank", IsKeyedByMerchant: true},
		`acquirer_raw = '102'; terminal_id = '1'; merchant_id = 'a'`,
		`acquirer_raw = '102'; terminal_id = '1'; merchant_id = 'b'`,
		`acquirer_raw = '102'; terminal_id = '1'; merchant_id = 'b'`)
	b.check("terminal_id, merchant_id, row_count", "1 a 1", "1 b 2")
}

func TestInServiceIsUndecidedWhereDatesContradictTheStatus(t *testing.T) {
	b := newBench(t)
	b.deliver(Delivery{Source: "bank", DefaultAcquirer: "bank"},
		`terminal_id = '1'`,
		`terminal_id = '2'; installed_on = date '2017-01-31'`,
		`terminal_id = '3'; installed_on = date '2017-02-01'`,
		`terminal_id = '4'; removed_on = date '2017-01-31'`,
		`terminal_id = '5'; removed_on = date '2017-02-01'`,
		`terminal_id = '6'; status = 'unknown'`,
		`terminal_id = '7'; status = 'removed'; removed_on = date '2016-01-31'`,
		`terminal_id = '8'; status = 'removed'; removed_on = date '2017-02-28'`,
		`terminal_id = '9'; status = 'suspended'`)
	b.check("acquirer_id, terminal_id, in_service",
		"raw:bank 1 yes", "raw:bank 2 yes", "raw:bank 3 unknown", "raw:bank 4 unknown", "raw:bank 5 yes",
		"raw:bank 6 unknown", "raw:bank 7 no", "raw:bank 8 unknown", "raw:bank 9 no")
}

func TestReferencesAreResolvedOnDistinctValues(t *testing.T) {
	b := newBench(t)
	b.deliver(Delivery{Source: "processor"},
		`acquirer_raw = '招行'; terminal_id = '1'; region_raw = '350203'; category_code = '5411'; merchant_name = '厦门家乐福商业有限公司'`,
		`acquirer_raw = '某某银行'; terminal_id = '2'; region_raw = '371202'; merchant_name = 'MCDONALD''S #12'`,
		`terminal_id = '3'; region_raw = '5810'; region_scheme = 'unionpay'`,
		`acquirer_raw = '308'; terminal_id = '4'; region_raw = '福建省/厦门市'; region_scheme = 'name'`,
		`acquirer_raw = '308'; terminal_id = '5'; region_raw = 'Kent'; region_scheme = 'name'; country = 'GB'`)
	result := b.check("acquirer_id, terminal_id, region, category, brand",
		"308 1 350203 supermarkets carrefour",
		"308 4 350200",
		"308 5 name:gb/kent",
		"none 3 unionpay:5810",
		"raw:某某银行 2 370116 mcdonalds")
	if diff := cmp.Diff([]string{"某某银行"}, result.UnmatchedAcquirers); diff != "" {
		t.Errorf("unmatched (-want +got):\n%s", diff)
	}
	if got := result.RegionNames["name:gb/kent"]; got != "Kent" {
		t.Errorf("got name %q, want Kent", got)
	}
}

func TestSharedSerialsAreCountedOverTerminalsNotRows(t *testing.T) {
	b := newBench(t)
	b.deliver(Delivery{Source: "bank"},
		`acquirer_raw = '102'; terminal_id = '1'; vendor = 'PAX'; serial_number = 'S1'`,
		`acquirer_raw = '102'; terminal_id = '1'; vendor = 'PAX'; serial_number = 'S1'`,
		`acquirer_raw = '102'; terminal_id = '2'; vendor = 'PAX'; serial_number = 'S2'`,
		`acquirer_raw = '103'; terminal_id = '2'; vendor = 'PAX'; serial_number = 'S2'`,
		`acquirer_raw = '103'; terminal_id = '3'; vendor = 'Newland'; serial_number = 'S2'`)
	b.check("acquirer_id, terminal_id, coalesce(cast(serial_terminal_count as varchar), 'own')",
		"102 1 own", "102 2 2", "103 2 2", "103 3 own")
}

func TestCountsSpeakOnlyAsTheProfileSays(t *testing.T) {
	b := newBench(t)
	b.deliver(Delivery{Source: "unionpay", ContactlessScheme: "unionpay"}, `acquirer_raw = '102'; terminal_id = '1'; contactless_transaction_count = cast(2 as bigint)`)
	b.deliver(Delivery{Source: "any"}, `acquirer_raw = '103'; terminal_id = '1'; contactless_transaction_count = cast(2 as bigint)`)
	b.deliver(Delivery{Source: "switch", NoPinScope: "merchant"}, `acquirer_raw = '104'; terminal_id = '1'; no_pin_flag = 'yes'`)
	b.deliver(Delivery{Source: "terminal", NoPinScope: "terminal"}, `acquirer_raw = '105'; terminal_id = '1'; no_pin_flag = 'yes'`)
	b.check("acquirer_id, tier, rule", "102 observed contactless_count", "103 inferred other_scheme_tap",
		"104 inferred no_pin_flag_merchant", "105 declared no_pin_flag_terminal")
}
