package reference

import (
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// What the table writes in place of a column for headers of regions that are not GB/T 2260 codes.
const (
	regionColumn     = "region_raw"
	regionCodePrefix = "region_code:"
	regionNamePrefix = "region_name:"
)

// headerColumns are the columns a header may mean: what an inventory or an export of usage can hold, so
// neither where a row comes from nor what a profile says of all rows.
var headerColumns = []string{
	"country", "acquirer_id", "terminal_id", "merchant_id", "merchant_name", "category_code",
	"serial_number", "vendor", "model", "license_code", "device_type", "status", "use", "connection",
	"installed_on", "removed_on", "updated_at", regionColumn, "address", "contactless_flag",
	"contactless_parameter", "no_pin_flag", "no_pin_parameter", "mobile_flag", "qr_flag",
	"is_registered", "transaction_count", "contactless_transaction_count",
	"mobile_contactless_transaction_count", "entry_modes", "last_transaction_on",
	"month", "transacted_on", "card_scheme", "terminal_capability", "offline_contactless_transaction_count",
	"apple_pay_transaction_count", "hce_transaction_count", "samsung_pay_transaction_count",
	regionCodePrefix + "unionpay",
	regionNamePrefix + LevelProvince, regionNamePrefix + LevelCity, regionNamePrefix + LevelCounty,
}

var headersLayout = &layout{
	file: "headers.csv", columns: []string{"header", "column", "note"}, keys: 1, required: 2, fold: headerKey,
}

// Headers tells which canonical column a header of an export means.
type Headers struct {
	meanings map[string]headerMeaning // by headerKey
	aliases  map[string][]string      // by column as the table writes it
}

type headerMeaning struct{ column, note string }

func newHeaders(t *table, bad *problems) *Headers {
	h := &Headers{meanings: make(map[string]headerMeaning, len(t.rows)), aliases: map[string][]string{}}
	for i := range t.rows {
		r := &t.rows[i]
		header, column, note := r.cells[0], r.cells[1], r.cells[2]
		if !slices.Contains(headerColumns, column) {
			bad.add(r.at(1), "unknown column %q for header %q%s", column, header, didYouMean(column, headerColumns))
			continue
		}
		h.meanings[r.key] = headerMeaning{column, note}
		h.aliases[column] = append(h.aliases[column], header)
	}
	return h
}

// headerKey folds a header and leaves out blanks and the signs that writers of headers disagree on.
func headerKey(header string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u00a0\t\r\n_-./:*#", r) {
			return -1
		}
		return r
	}, fold.Text(header))
}

// Column returns the canonical column that a header means. Whole headers are compared, by fold.Text
// and without regard to spaces and the signs _ - . / : * #.
// ok is false for a header the table does not know, and for one level of a region by name, which is
// no column of its own: see Region.
func (h *Headers) Column(header string) (column string, ok bool) {
	meaning, ok := h.meanings[headerKey(header)]
	switch {
	case strings.HasPrefix(meaning.column, regionNamePrefix):
		return "", false
	case strings.HasPrefix(meaning.column, regionCodePrefix):
		return regionColumn, true
	}
	return meaning.column, ok
}

// Region returns how a header gives regions: as codes of the scheme gb2260 or unionpay (level is
// then ""), or with the scheme name as the names of one level: province, city or county.
func (h *Headers) Region(header string) (scheme, level string, ok bool) {
	column := h.meanings[headerKey(header)].column
	if column == regionColumn {
		return SchemeGB2260, "", true
	}
	if scheme, ok := strings.CutPrefix(column, regionCodePrefix); ok {
		return scheme, "", true
	}
	level, ok = strings.CutPrefix(column, regionNamePrefix)
	if !ok {
		return "", "", false
	}
	return SchemeName, level, true
}

// Note returns the caution to print with a header that may mean something else than its column,
// such as a 终端号 that holds serial numbers, "" if there is none.
func (h *Headers) Note(header string) string { return h.meanings[headerKey(header)].note }

// Aliases returns the headers known for a canonical column, as the table writes them and in its order.
func (h *Headers) Aliases(column string) []string { return h.aliases[column] }
