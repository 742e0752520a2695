package conform

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// usageColumns are the columns of a usage export in their order, after source_line. Rows of usage are
// collapsed before they are kept, so none of them are traits.
var usageColumns = []canonicalColumn{
	{acquirerColumn, kindCode},
	{terminalIDColumn, kindTerminalID},
	{"merchant_id", kindIdentifier},
	{monthColumn, kindDate},
	{transactedColumn, kindDate},
	{schemeOfCard, kindCardScheme},
	{entryModeColumn, kindCode},
	{entryColumn, kindEntry},
	{"terminal_capability", kindCode},
	{"transaction_count", kindCount},
	{"contactless_transaction_count", kindCount},
	{"offline_contactless_transaction_count", kindCount},
	{"mobile_contactless_transaction_count", kindCount},
	{"apple_pay_transaction_count", kindCount},
	{"hce_transaction_count", kindCount},
	{"samsung_pay_transaction_count", kindCount},
	{"entry_modes", kindCode},
	{"last_transaction_on", kindDate},
}

const (
	monthColumn      = "month"
	transactedColumn = "transacted_on"
	schemeOfCard     = "card_scheme"
	entryModeColumn  = "entry_mode"
	entryColumn      = "entry" // what the entry mode means
)

// entryModes says what the first two digits of F22 mean, as far as it is known. Those that are not listed
// mean nothing: 9x as a class is not contactless.
var entryModes = map[string]string{
	"01": "manual", "02": "magstripe", "03": "code", "04": "code",
	"05": "contact", "95": "contact",
	"07": "contactless", "91": "contactless", "98": "contactless",
	"96": "mobile",
}

// entryOf returns what an entry mode means, by the profile's own meanings first. ok is false for what is no
// entry mode: those have two digits, or three, of which the last says whether there was a PIN.
func entryOf(code []byte, own map[string]string) (word string, ok bool) {
	if len(code) != 2 && len(code) != 3 {
		return unknown, false
	}
	for _, c := range code {
		if c < '0' || c > '9' {
			return unknown, false
		}
	}
	if word, ok = own[string(code[:2])]; ok {
		return word, true
	}
	if word, ok = entryModes[string(code[:2])]; ok {
		return word, true
	}
	return unknown, true
}

// cardSchemes are names of card schemes, by fold.Text.
var cardSchemes = map[string]string{
	"unionpay": "unionpay", "union pay": "unionpay", "china unionpay": "unionpay", "cup": "unionpay", "cupc": "unionpay", "up": "unionpay",
	"银联": "unionpay", "中国银联": "unionpay", "银联卡": "unionpay",
	"visa": "other", "mastercard": "other", "master card": "other", "master": "other", "mc": "other", "jcb": "other",
	"amex": "other", "american express": "other", "diners": "other", "diners club": "other", "discover": "other", "maestro": "other",
	"维萨": "other", "万事达": "other", "万事达卡": "other", "运通": "other", "美国运通": "other", "大来": "other",
	"other": "other", "其他": "other", "外卡": "other",
}

// unionPayRID begins the application identifiers (AID) of UnionPay.
const unionPayRID = "a000000333"

// schemeOf returns whose card a cell names, by name or by AID.
func schemeOf(key string) (word string, ok bool) {
	if word, ok = cardSchemes[key]; ok {
		return word, true
	}
	if aid := strings.ReplaceAll(key, " ", ""); len(aid) >= len(unionPayRID) && len(aid) <= 32 && isHex(aid) {
		if strings.HasPrefix(aid, unionPayRID) {
			return "unionpay", true
		}
		return "other", aid[0] == 'a'
	}
	return unknown, slices.Contains(workspace.SchemeWords, key)
}

func isHex(text string) bool {
	return strings.Trim(text, "0123456789abcdef") == ""
}

// code reads a cell of a code that we know the meaning of; the profile's values go first.
func (in *interpreter) code(text []byte) ([]byte, fault) {
	if in.take != nil {
		text = in.apply(text)
	}
	if isNull(text) {
		return []byte(unknown), faultNone
	}
	key := fold.Text(string(text))
	word, ok := in.values[key]
	switch {
	case ok:
	case in.kind == kindEntry:
		word, ok = entryOf(text, in.byText)
	default:
		word, ok = schemeOf(key)
	}
	if !ok {
		return []byte(unknown), faultWord
	}
	return []byte(word), faultNone
}

func (f *File) isUsage() bool { return f.Source.Usage.IsSet() }

func (f *File) isTransactions() bool { return f.Source.Usage.Rows == workspace.UsageTransactions }

// columns are those that an export of the source can have.
func (f *File) columns() []canonicalColumn {
	if f.isUsage() {
		return usageColumns
	}
	columns := slices.Clone(canonicalColumns)
	for _, name := range Extras(f.Source.Profile) {
		columns = append(columns, canonicalColumn{name, kindText})
	}
	return columns
}

// aliasFor returns the column that the table of headers means by one of its own in a usage export: what an
// inventory says of a terminal, a transaction says of itself.
func (f *File) aliasFor(column string) string {
	if f.isTransactions() {
		switch column {
		case "entry_modes":
			return entryModeColumn
		case "last_transaction_on":
			return transactedColumn
		}
	}
	return column
}

// completeUsage binds what follows from the bound columns of a usage export, and asks for what it cannot
// do without.
func (b *binder) completeUsage() {
	mode, entry := b.column(entryModeColumn), b.column(entryColumn)
	entry.cells, entry.header, entry.rules = mode.cells, mode.header, mode.rules
	entry.byText, entry.words = b.file.Source.Usage.EntryModes, workspace.EntryWords
	if len(entry.cells) == 0 {
		entry.constant = unknown
	}
	card := b.column(schemeOfCard)
	if card.words = workspace.SchemeWords; !card.isPlaced() {
		card.constant = unknown
	}
	b.column(monthColumn).isMonth = true
	if !b.column(acquirerColumn).isPlaced() && !b.absent[acquirerColumn] {
		b.problems = append(b.problems, Problem{
			Code: ProblemUnassumed, Column: acquirerColumn,
			Message: "the export does not say whose terminals it is about",
			Hint:    b.yamlHint("columns", "acquirer_id: {value: ACQUIRER}", "as its inventory names the acquirer: a code, a name, or the name of its source"),
		})
	}
	wanted := "any count of transactions"
	if b.file.isTransactions() {
		wanted = "the entry mode (F22) of its transactions"
	}
	isTold := slices.ContainsFunc(b.columns, func(c bound) bool {
		return len(c.cells) > 0 && (c.kind == kindCount || c.name == "entry_modes")
	})
	if b.file.isTransactions() && !mode.isPlaced() && !b.absent[entryModeColumn] || !b.file.isTransactions() && !isTold {
		b.problem(ProblemHeaderAbsent, "", "no column is known to hold %s; %s has %s", wanted, b.headerPlace(), quoteAll(b.layout.Headers))
	}
}

// usageHint says, of an export that is taken for an inventory and has columns of transactions, what it may be.
func (b *binder) usageHint() string {
	for at, alias := range b.aliases {
		isOurs := slices.ContainsFunc(canonicalColumns, func(c canonicalColumn) bool { return c.name == alias })
		isTheirs := slices.ContainsFunc(usageColumns, func(c canonicalColumn) bool { return c.name == alias })
		if isTheirs && !isOurs {
			return fmt.Sprintf("; if its rows tell of transactions, as %q does, the source needs \"usage: transactions\" or \"usage: counts\"", b.layout.Headers[at])
		}
	}
	return ""
}

// cardHeaders name columns of card numbers, which exports of transactions have.
var cardHeaders = []string{
	"卡号", "银行卡号", "交易卡号", "主账号", "账号", "pan", "card no", "card number", "card_no", "card_number", "primary account number",
}

// hideCards makes columns of card numbers private, whatever stands in their cells.
func (b *binder) hideCards() {
	for at, key := range b.keys {
		if slices.Contains(cardHeaders, key) {
			b.private = append(b.private, at)
		}
	}
}

// fixMonth gives the rows of an export that says no month or date of its own the month of the export.
func (b *binder) fixMonth() {
	month := b.column(monthColumn)
	if month.isPlaced() || b.column(transactedColumn).isPlaced() || b.absent[monthColumn] || b.absent[transactedColumn] || b.layout.SnapshotDate == "" {
		return
	}
	b.setConstant(month, b.layout.SnapshotDate, FoundConstant)
}

// parseMonth reads a month, which stands for its last day.
func parseMonth(text []byte) (moment, bool) {
	for _, l := range months {
		if m, rest, ok := l.parse(text); ok && len(bytes.TrimSpace(rest)) == 0 {
			return m, true
		}
	}
	return moment{}, false
}
