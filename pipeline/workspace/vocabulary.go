package workspace

import (
	"regexp"
	"slices"
	"strings"
)

// CanonicalColumns lists the columns of an inventory in order (method: "Canonical inventory
// columns"). Any further column that a profile keeps is named extra_….
var CanonicalColumns = []string{
	"export_id", "source", "source_file", "source_line", "snapshot_date", "country",
	"acquirer_id", "acquirer_raw", "terminal_id", "merchant_id", "merchant_name", "category_code",
	"serial_number", "vendor", "model", "license_code", "device_type", "status", "use", "connection",
	"installed_on", "removed_on", "updated_at", "region_raw", "region_scheme", "address",
	"contactless_flag", "contactless_parameter", "no_pin_flag", "no_pin_parameter", "mobile_flag",
	"qr_flag", "is_registered", "transaction_count", "contactless_transaction_count",
	"mobile_contactless_transaction_count", "entry_modes", "last_transaction_on",
}

// filledByUs are the canonical columns that no profile maps, with where their values come from.
var filledByUs = map[string]string{
	"export_id":     "it is the hash of the export",
	"source":        "it is the name of the source",
	"source_file":   "it is the name of the export",
	"source_line":   "it is the line in the export",
	"snapshot_date": "it comes from snapshot_date of the source",
	"acquirer_raw":  "it is acquirer_id as written",
	"region_scheme": "it comes from region_scheme of the source",
}

// The closed vocabularies of canonical columns. The last value of each says that nothing is known.
var (
	FlagValues       = []string{"yes", "no", "unknown"}
	StatusValues     = []string{"in_service", "pending", "suspended", "removed", "lost", "unknown"}
	UseValues        = []string{"merchant", "self_service", "personal", "unknown"}
	ConnectionValues = []string{"direct", "indirect", "telephone", "unknown"}
	DeviceTypeValues = []string{
		"pos", "mpos", "smart_pos", "phone_pos", "atm", "telephone", "quickpass_terminal", "face_pay",
		"barcode", "industry", "mis", "unknown",
	}
)

// BuiltinPopulations are the populations that every workspace has (method: "Populations").
var BuiltinPopulations = []string{"networked", "indirect_pos", "merchant", "active_3m", "registered", "with_serial"}

// Vocabulary returns the values that a canonical column may hold, or nil if it is not closed.
func Vocabulary(column string) []string {
	switch column {
	case "status":
		return StatusValues
	case "device_type":
		return DeviceTypeValues
	case "use":
		return UseValues
	case "connection":
		return ConnectionValues
	}
	if isFlagColumn(column) {
		return FlagValues
	}
	return nil
}

// isFlagColumn reports whether a canonical column says yes, no or unknown.
func isFlagColumn(column string) bool {
	return !isExtraColumn(column) && (column == "is_registered" ||
		strings.HasSuffix(column, "_flag") || strings.HasSuffix(column, "_parameter"))
}

// isDateColumn reports whether a canonical column holds a date.
func isDateColumn(column string) bool {
	return !isExtraColumn(column) && (column == "updated_at" || strings.HasSuffix(column, "_on"))
}

// isCountColumn reports whether a canonical column holds a number of transactions.
func isCountColumn(column string) bool {
	return !isExtraColumn(column) && strings.HasSuffix(column, "transaction_count")
}

var extraColumn = regexp.MustCompile(`^extra_[a-z0-9_]{1,57}$`)

// isExtraColumn reports whether a column is one that a profile keeps on its own account.
func isExtraColumn(column string) bool { return extraColumn.MatchString(column) }

// mappableColumns lists the canonical columns that a profile may map or assume.
func mappableColumns() []string {
	return slices.DeleteFunc(slices.Clone(CanonicalColumns), func(column string) bool {
		_, ours := filledByUs[column]
		return ours
	})
}

// IsUnionPayTable reports whether the device types of a profile are the word `unionpay` in place of
// a map: the UnionPay registration codes of the reference data.
func IsUnionPayTable(deviceTypes map[string]string) bool {
	return len(deviceTypes) == 1 && deviceTypes["unionpay"] == "table"
}
