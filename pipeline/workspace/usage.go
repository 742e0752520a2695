package workspace

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Usage says that the exports of a source tell of transactions, and how they do. In YAML a plain text is
// what a row is.
type Usage struct {
	Rows       string            `yaml:"rows" plain:"yes"` // counts: of a terminal and month; transactions: a row is one
	EntryModes map[string]string `yaml:"entry_modes"`      // first two digits of F22 → what they mean, before the usual meanings
	OfflineIs  string            `yaml:"offline_is"`       // online_capable: a terminal with 非接脱机 counts takes QuickPass too; ecash; empty: not known
}

// What a row of a usage export is.
const (
	UsageCounts       = "counts"
	UsageTransactions = "transactions"
)

// OfflineIsOnlineCapable is the offline_is of a source whose offline taps prove that a terminal takes
// QuickPass.
const OfflineIsOnlineCapable = "online_capable"

// IsSet reports whether the exports of the source are usage.
func (u Usage) IsSet() bool { return u.Rows != "" }

// EntryWords are what an entry mode can mean: contactless, mobile (contactless by a phone), contact,
// magstripe, manual, code (a barcode or QR code), or none of these.
var EntryWords = []string{"contactless", "mobile", "contact", "magstripe", "manual", "code", "unknown"}

// SchemeWords are what is told of the scheme of a card.
var SchemeWords = []string{"unionpay", "other", "unknown"}

// UsageColumns lists the columns that a profile of a usage export may map.
var UsageColumns = []string{
	"acquirer_id", "terminal_id", "merchant_id", "month", "transacted_on", "card_scheme", "entry_mode", "terminal_capability",
	"transaction_count", "contactless_transaction_count", "offline_contactless_transaction_count",
	"mobile_contactless_transaction_count", "apple_pay_transaction_count", "hce_transaction_count",
	"samsung_pay_transaction_count", "entry_modes", "last_transaction_on",
}

// ofTransactions are the columns that only a row that is one transaction has.
var ofTransactions = []string{"transacted_on", "entry_mode", "terminal_capability"}

var entryCode = regexp.MustCompile(`^[0-9]{2}$`)

// usage checks what a profile says of usage, and that it says nothing that only inventories have.
func (k *checker) usage(p Profile, m *mark) {
	at := m.at("usage")
	if !p.Usage.IsSet() {
		if len(at.children) > 0 {
			k.blame(at.key, "usage needs rows: counts or transactions")
		}
		return
	}
	k.oneOf(at.at("rows").value, "kind of usage", p.Usage.Rows, []string{UsageCounts, UsageTransactions})
	k.oneOf(at.at("offline_is").value, "meaning of offline taps", p.Usage.OfflineIs, []string{OfflineIsOnlineCapable, "ecash"})
	for _, code := range slices.Sorted(maps.Keys(p.Usage.EntryModes)) {
		if !entryCode.MatchString(code) {
			k.blame(at.at("entry_modes").at(code).key, "%q is no entry mode: the first two digits of it, in quotes, such as \"07\"", code)
		}
		k.oneOf(at.at("entry_modes").at(code).value, "meaning of an entry mode", p.Usage.EntryModes[code], EntryWords)
	}
	if len(p.Usage.EntryModes) > 0 && p.Usage.Rows != UsageTransactions {
		k.blame(at.at("entry_modes").key, "entry_modes needs rows: transactions")
	}
	for _, key := range []string{"status", "device_types", "uses", "connections", "assume", "region_scheme", "region_levels", "terminal_key", "no_pin_scope"} {
		if of := m.children[key]; of != nil {
			k.blame(of.key, "%s is for inventories: the exports of this source are usage", key)
		}
	}
	for _, name := range ofTransactions {
		if of := m.at("columns").children[name]; of != nil && p.Usage.Rows == UsageCounts {
			k.blame(of.key, "column %q needs usage: transactions", name)
		}
	}
}

// usageColumn reports whether the profile of a usage export may map a column.
func (k *checker) usageColumn(at place, name string) bool {
	if slices.Contains(UsageColumns, name) {
		return true
	}
	hint := didYouMean(name, UsageColumns)
	if hint == "" {
		hint = "; there are " + strings.Join(UsageColumns, ", ")
	}
	k.blame(at, "usage has no column %q%s", name, hint)
	return false
}
