package settle

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/engine"
)

// blankUsage gives every column of collapsed usage that a test does not name.
const blankUsage = `
	'102' as acquirer_raw, cast(null as varchar) as terminal_id, cast(null as varchar) as merchant_id, date '2017-01-01' as month,
	cast(null as varchar) as card_scheme, cast(null as bigint) as transaction_count, cast(null as bigint) as contactless_transaction_count,
	cast(null as bigint) as offline_contactless_transaction_count, cast(null as bigint) as mobile_contactless_transaction_count,
	cast(null as bigint) as wallet_transaction_count, cast(null as varchar) as entry_modes, cast(null as date) as last_transaction_on`

// use adds an export of usage; each row is a list of `column = value` in SQL, blanks filled in.
func (b *bench) use(u Usage, rows ...string) {
	b.Helper()
	var selects []string
	for _, row := range rows {
		var replaced []string
		for _, pair := range strings.Split(row, "; ") {
			column, value, _ := strings.Cut(pair, " = ")
			replaced = append(replaced, value+" as "+engine.Name(column))
		}
		selects = append(selects, "select * replace ("+strings.Join(replaced, ", ")+") from (select "+blankUsage+") as blank")
	}
	u.Rows = filepath.Join(b.TempDir(), "usage.parquet")
	if u.Months == nil {
		u.Months = []string{"2017-01-01"}
	}
	if _, err := b.engine.Copy(b.Context(), strings.Join(selects, " union all "), u.Rows); err != nil {
		b.Fatal(err)
	}
	b.input.Usage = append(b.input.Usage, u)
}

// ofUnionPay is usage whose taps are of UnionPay cards.
var ofUnionPay = Usage{ContactlessScheme: "unionpay"}

func TestATapIsObservedWhateverTheFlagSays(t *testing.T) {
	b := newBench(t)
	b.deliver(Delivery{Source: "bank"},
		`acquirer_raw = '102'; terminal_id = '1'; contactless_flag = 'no'`,
		`acquirer_raw = '102'; terminal_id = '2'`,
		`acquirer_raw = '102'; terminal_id = '3'; contactless_flag = 'no'`,
		`acquirer_raw = '103'; terminal_id = '1'`)
	b.use(ofUnionPay,
		`acquirer_raw = '工行'; terminal_id = '1'; transaction_count = 9; contactless_transaction_count = 2`,
		`acquirer_raw = '01020000'; terminal_id = '2'; contactless_transaction_count = 1`,
		`terminal_id = '3'; transaction_count = 9; contactless_transaction_count = 0`)
	b.check("acquirer_id, terminal_id, tier, coalesce(rule, '-'), is_contradiction",
		"102 1 observed contactless_count true", "102 2 observed contactless_count false",
		"102 3 declared contactless_flag_no false", "103 1 none - false")
}

// Whose card it was decides, then what the profile says of all.
func TestTapsOfOtherSchemesAreInferred(t *testing.T) {
	b := newBench(t)
	b.deliver(Delivery{Source: "bank"}, `acquirer_raw = '102'; terminal_id = '1'`, `acquirer_raw = '102'; terminal_id = '2'`,
		`acquirer_raw = '102'; terminal_id = '3'`, `acquirer_raw = '102'; terminal_id = '4'`)
	b.use(Usage{}, `terminal_id = '1'; contactless_transaction_count = 1; card_scheme = 'unionpay'`,
		`terminal_id = '2'; contactless_transaction_count = 1`)
	b.use(ofUnionPay, `terminal_id = '3'; contactless_transaction_count = 1; card_scheme = 'other'`,
		`terminal_id = '4'; contactless_transaction_count = 1`)
	b.check("terminal_id, tier, rule", "1 observed contactless_count", "2 inferred other_scheme_tap",
		"3 inferred other_scheme_tap", "4 observed contactless_count")
}

func TestCountsOfPhonesAndOfflineTapsSpeakAsTheProfileSays(t *testing.T) {
	rows := []string{
		`terminal_id = '1'; mobile_contactless_transaction_count = 4`,
		`terminal_id = '2'; offline_contactless_transaction_count = 4; contactless_transaction_count = 0`,
		`terminal_id = '3'; mobile_contactless_transaction_count = 0; wallet_transaction_count = 4`,
		`terminal_id = '4'; entry_modes = '051 071'`,
	}
	for _, test := range []struct {
		name  string
		usage Usage
		want  []string
	}{
		{"nothing", Usage{ContactlessScheme: "unionpay"}, []string{"1 -", "2 -", "3 mobile_count", "4 -"}},
		{"codes", Usage{ContactlessScheme: "unionpay", MobileIs: "qr"}, []string{"1 -", "2 -", "3 mobile_count", "4 -"}},
		{
			"taps",
			Usage{ContactlessScheme: "unionpay", MobileIs: "nfc", IsOnlineCapable: true, IsCounted: true},
			[]string{"1 mobile_count", "2 contactless_count", "3 mobile_count", "4 entry_mode"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t)
			b.deliver(Delivery{Source: "bank"}, `acquirer_raw = '102'; terminal_id = '1'`, `acquirer_raw = '102'; terminal_id = '2'`,
				`acquirer_raw = '102'; terminal_id = '3'`, `acquirer_raw = '102'; terminal_id = '4'`)
			b.use(test.usage, rows...)
			b.check("terminal_id, coalesce(rule, '-')", test.want...)
		})
	}
}

// Months outside of those that count say nothing, and neither does one that goes on after the snapshot,
// but for what is known to have been before.
func TestUsageOfTheWindowOnly(t *testing.T) {
	b := newBench(t)
	b.input.SnapshotDate = time.Date(2017, 1, 30, 0, 0, 0, 0, time.UTC)
	b.deliver(Delivery{Source: "bank"}, `acquirer_raw = '102'; terminal_id = '1'`, `acquirer_raw = '102'; terminal_id = '2'`,
		`acquirer_raw = '102'; terminal_id = '3'`, `acquirer_raw = '102'; terminal_id = '4'`, `acquirer_raw = '102'; terminal_id = '5'`)
	u := ofUnionPay
	u.Months = []string{"2016-02-01", "2017-01-01"}
	b.use(u,
		`terminal_id = '1'; contactless_transaction_count = 1; month = date '2016-02-01'`,
		`terminal_id = '2'; contactless_transaction_count = 1; month = date '2016-01-01'`,
		`terminal_id = '3'; contactless_transaction_count = 1`,
		`terminal_id = '4'; contactless_transaction_count = 1; last_transaction_on = date '2017-01-30'`,
		`terminal_id = '5'; contactless_transaction_count = 1; last_transaction_on = date '2017-01-31'`)
	result := b.check("terminal_id, tier", "1 observed", "2 none", "3 none", "4 observed", "5 none")
	if diff := cmp.Diff(&UsageResult{Terminals: 2}, result.Usage); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
}

// The same merchant, where both are told; where ids repeat between merchants both must be.
func TestUsageIsOfTheSameMerchant(t *testing.T) {
	use := func(b *bench) {
		b.use(ofUnionPay,
			`terminal_id = '1'; merchant_id = 'M1'; contactless_transaction_count = 1`,
			`terminal_id = '2'; merchant_id = 'M9'; contactless_transaction_count = 1`,
			`terminal_id = '3'; contactless_transaction_count = 1`,
			`terminal_id = '4'; merchant_id = 'M9'; contactless_transaction_count = 1`,
			`terminal_id = '9'; contactless_transaction_count = 1`)
	}
	rows := []string{
		`acquirer_raw = '102'; terminal_id = '1'; merchant_id = 'M1'`, `acquirer_raw = '102'; terminal_id = '2'; merchant_id = 'M2'`,
		`acquirer_raw = '102'; terminal_id = '3'; merchant_id = 'M3'`, `acquirer_raw = '102'; terminal_id = '4'`,
	}
	b := newBench(t)
	b.deliver(Delivery{Source: "bank"}, rows...)
	use(b)
	result := b.check("terminal_id, tier", "1 observed", "2 none", "3 observed", "4 observed")
	if diff := cmp.Diff(&UsageResult{Terminals: 5, Unknown: 1, OtherMerchant: 1}, result.Usage); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}

	b = newBench(t)
	b.deliver(Delivery{Source: "bank", IsKeyedByMerchant: true}, append(rows, `acquirer_raw = '102'; terminal_id = '1'; merchant_id = 'M2'`)...)
	use(b)
	result = b.check("terminal_id, merchant_id, tier", "1 M1 observed", "1 M2 none", "2 M2 none", "3 M3 none", "4 none")
	if diff := cmp.Diff(&UsageResult{Terminals: 5, Unknown: 1, OtherMerchant: 3}, result.Usage); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
}

// Transactions are of the terminal: the rows of a key that are united do not disagree because of them.
func TestUsageOfDuplicates(t *testing.T) {
	settled := func(use bool) Result {
		b := newBench(t)
		b.deliver(Delivery{Source: "bank", Authority: 0}, `acquirer_raw = '102'; terminal_id = '1'`, `acquirer_raw = '102'; terminal_id = '2'; contactless_flag = 'no'`)
		b.deliver(Delivery{Source: "processor", Authority: 5}, `acquirer_raw = '102'; terminal_id = '1'; contactless_flag = 'no'`)
		if !use {
			return b.check("terminal_id, tier, row_count", "1 declared 2", "2 declared 1")
		}
		b.use(ofUnionPay, `terminal_id = '1'; contactless_transaction_count = 1`)
		return b.check("terminal_id, tier, row_count", "1 observed 2", "2 declared 1")
	}
	without, with := settled(false), settled(true)
	with.Usage = nil
	if diff := cmp.Diff(without, with); diff != "" {
		t.Errorf("without and with usage:\n%s", diff)
	}
}

// What the inventory counts itself stands; the rest is filled in, of all months and exports.
func TestTerminalsHaveTheCountsOfUsage(t *testing.T) {
	b := newBench(t)
	b.deliver(Delivery{Source: "bank"},
		`acquirer_raw = '102'; terminal_id = '1'; transaction_count = cast(7 as bigint); last_transaction_on = date '2016-12-30'`,
		`acquirer_raw = '102'; terminal_id = '2'`, `acquirer_raw = '102'; terminal_id = '3'`)
	u := ofUnionPay
	u.Months = []string{"2016-11-01", "2017-01-01"}
	b.use(u, `terminal_id = '1'; transaction_count = 100; contactless_transaction_count = 3`,
		`terminal_id = '2'; transaction_count = 4; month = date '2016-11-01'`, `terminal_id = '2'; transaction_count = 0`)
	b.use(ofUnionPay, `terminal_id = '2'; transaction_count = 5; last_transaction_on = date '2017-01-09'`)
	columns := []string{"terminal_id"}
	for _, column := range []string{"transaction_count", "contactless_transaction_count", "last_transaction_on"} {
		columns = append(columns, fmt.Sprintf("coalesce(cast(%s as varchar), '-')", column))
	}
	b.check(strings.Join(columns, ", "), "1 7 3 2017-01-01", "2 9 - 2017-01-09", "3 - - -")
}
