package reports

import "database/sql"

// Verdict is what the counts make of a claim: one of the four words below, or empty where no
// verdict is given (no claim, or a snapshot that is still open).
type Verdict string

// The closed list of verdicts.
const (
	Supported     Verdict = "supported"
	Refuted       Verdict = "refuted"
	Undetermined  Verdict = "undetermined"
	NotComparable Verdict = "not_comparable"
)

// Text is one piece of wording in every language of the reports. A missing language falls back
// to the other one.
type Text struct {
	EN string `json:"en,omitempty"`
	ZH string `json:"zh,omitempty"`
}

// In returns the wording in language "en" or "zh", or the other one where it is missing.
func (t Text) In(language string) string {
	if (language == "zh" && t.ZH != "") || t.EN == "" {
		return t.ZH
	}
	return t.EN
}

// Plain is a text that is the same in every language, such as a name.
func Plain(s string) Text { return Text{EN: s, ZH: s} }

// Report is everything one report says of one edition. Dates are ISO text (2016-12-31, or a month
// 2016-12), shares are exact ratios, lists are printed in the order given. It holds no clock time,
// host, run id or edition number: the same state of the lake gives the same bytes.
type Report struct {
	Title       string   // from the workspace; empty: the default title of the language
	Fingerprint string   // of the edition
	Languages   []string // en, zh: one page each, the first is index.html; empty: en
	Estate      Estate
	Headline    Headline
	Trend       []TrendPoint // one per snapshot, oldest first
	Figures     []Figure     // published figures, oldest first
	Breakdowns  []Breakdown  // province, reporting_area, brand, acquirer, vendor, category …
	Evidence    []EvidenceTier
	Readings    []ReadingRow
	Populations []Population
	Claims      []Claim
	Rejects     []RejectTotal
	TieOut      TieOut
	Assumptions []Assumption
	Definitions []Definition // beyond the standard ones, which the words hold
	Provenance  Provenance
}

// Estate is what the workspace claims to hold; nothing is concluded about more.
type Estate struct {
	Area      string   // CN or a region key
	Acquirers []string // empty: all
	Complete  bool     // the sources together are the whole of the estate
	Sources   []string
}

// Counts are the terminals (or devices) of one coverage row by acceptance.
// Yes + No + Unknown = All; Check holds it.
type Counts struct {
	All, Yes, No, Unknown int64
	// Of Unknown: membership undecided, rejected rows, sources too old to carry.
	Undecided, Rejected, Missing int64
	// Of All: taken over from an earlier snapshot, and of these yes and no.
	Carried, CarriedYes, CarriedNo int64
}

// Lower is yes over all, the least that the share can be.
func (c Counts) Lower() Ratio { return Ratio{c.Yes, c.All} }

// Upper is yes and unknown over all, the most that the share can be.
func (c Counts) Upper() Ratio { return Ratio{c.Yes + c.Unknown, c.All} }

// Known is the share among terminals with a known state; it is never a headline.
func (c Counts) Known() Ratio { return Ratio{c.Yes, c.Yes + c.No} }

// CarriedAsUnknown returns the counts with carried terminals as unknown, the widest bounds there are.
func (c Counts) CarriedAsUnknown() Counts {
	c.Unknown += c.CarriedYes + c.CarriedNo
	c.Yes -= c.CarriedYes
	c.No -= c.CarriedNo
	c.CarriedYes, c.CarriedNo = 0, 0
	return c
}

// CoverageRow is one row of coverage.csv, with the columns of the coverage table.
type CoverageRow struct {
	SnapshotDate, Population, Unit, Reading, Level, Key, Name string
	Counts

	Merchants    Merchants
	Transactions sql.Null[int64] // not valid: not known
	Contactless  sql.Null[int64] // contactless transactions
	IsAdditive   bool            // the keys of this level sum to the nation
}

// Merchants counts the merchants of a row: any has one yes terminal (upper: yes or unknown), all
// has only yes terminals (upper: no terminal is no). They are not valid where merchants are not
// counted. None is terminals without a merchant id.
type Merchants struct {
	Count, Any, AnyUpper, All, AllUpper sql.Null[int64]
	None                                int64
}

// Judgement is what one set of counts makes of one claim.
type Judgement struct {
	SnapshotDate string // empty: over all snapshots that the claim asks for
	State        string // of the snapshot: open, complete, closed
	Verdict      Verdict
	Reason       Text  // empty: the arithmetic alone, which the page words itself
	Lower, Upper Ratio // bounds of the metric; Den 0: there is none
	// Margin is how many accepting terminals the claim can lose (≥ 0) or still needs (< 0).
	Margin sql.Null[int64]
	// StrictestReading that still decides as the verdict does; empty: none, or it was not left open.
	StrictestReading string
	// AsCarried is the verdict with carried terminals as they stand; empty: nothing was carried.
	// Verdict is the weaker one, which takes them as unknown.
	AsCarried Verdict
}

// Claim is a published statement, how it was read, and its verdicts.
type Claim struct {
	ID         string
	Text       Text
	Source     string
	AsOf       string // as stated: a date or a range; empty: the claim states none
	Comparator string // > >= < <= between about
	Values     []Ratio
	IsShare    bool // Values are shares (60% is 3/5); else counts
	Definition ClaimDefinition
	Judgement               // overall
	Snapshots  []Judgement  // each complete snapshot the claim was judged at, oldest first
	Keys       []KeyVerdict // per brand, acquirer … where the claim is about each of them
}

// ClaimDefinition is what the claim was taken to mean. Open names the fields that the claim
// itself leaves open and the default definition filled: population, unit, reading, as_of, scope.
type ClaimDefinition struct {
	Metric, Scope, Level, Key, Population, Unit, Reading string
	Open                                                 []string
}

// KeyVerdict is one key of a claim about several: a named chain or bank.
type KeyVerdict struct {
	Key, Name string
	Counts    Counts
	Verdict   Verdict
}

// Headline is the figure at the top. ClaimID names the claim it is held against, one of
// Report.Claims; the judgement is that claim's at this snapshot. Verdict is empty for an open
// snapshot, which is shown as provisional.
type Headline struct {
	Population, Unit, Reading string
	Counts                    Counts
	ClaimID                   string
	Judgement
	// Printed beside the figure: terminals under region key none, without merchant id, without serial.
	RegionNone, MerchantNone, SerialMissing int64
}

// TrendPoint is the headline's definition at one snapshot.
type TrendPoint struct {
	Counts Counts
	Judgement
	Breaks []Text // series breaks that fall on this date
}

// Figure is one published figure, held against the claim ClaimID.
type Figure struct {
	ID, AsOf                       string
	Scope                          Text   // as worded
	NumeratorText, DenominatorText string // as printed: 13.7007m, 2453.5 万
	Numerator, Denominator         int64  // 0: not published
	Share                          Ratio  // Numerator / Denominator, or the published share; Den 0: none
	PublishedShare                 string // as printed, such as 37%; empty: none
	ClaimID                        string
	Verdict                        Verdict
	Reason                         Text
	Source                         string
	Mark                           string // V verified, W weak source, D derived, GK general knowledge
}

// Breakdown is the headline's snapshot, population, unit and reading by the keys of one level.
type Breakdown struct {
	Level string
	Rows  []CoverageRow
	Total int // keys there are; more than len(Rows) where only the largest are shown
}

// EvidenceTier counts the terminals whose acceptance is known at one tier (observed, configured,
// declared, inferred), or at none.
type EvidenceTier struct {
	Tier                    string
	Terminals, Yes, No      int64
	Conflict, Contradiction int64 // both ways within the tier; a lower tier disagrees
}

// ReadingRow is the nation under one reading, population and unit.
type ReadingRow struct {
	Population, Unit, Reading string
	Counts                    Counts
	Verdict                   Verdict // against the headline's claim
}

// Population describes one population and marks the sources that cannot decide it.
type Population struct {
	Name      string
	Title     Text   // empty: the words' own for the standard ones
	Condition string // SQL, for those of the workspace
	Marks     []PopulationMark
}

// PopulationMark says that Source cannot decide membership for Undecided of its Terminals, more
// than half.
type PopulationMark struct {
	Source               string
	Undecided, Terminals int64
}

// RejectTotal counts the rejects of one source and reason, with one example.
type RejectTotal struct {
	Source, SnapshotDate string
	Class                string // terminal (counted as unknown) or not_terminal
	Reason               string // code
	Meaning              Text   // empty: the code alone
	Count                int64
	File                 string // of the example
	Line                 int64
	Column, Raw          string // Raw is masked already
}

// Tally is a reason and its count.
type Tally struct {
	Reason string
	Count  int64
}

// TieOut are the sums that must hold from bytes to headline.
type TieOut struct {
	Exports     []ExportTieOut
	Snapshots   []SnapshotTieOut
	Populations []PopulationTieOut
	Levels      []LevelTieOut
}

// ExportTieOut is the sum of one export: Records = Skipped + Inventory + RejectedTerminals + RejectedOther.
type ExportTieOut struct {
	Source, SnapshotDate, Name, SHA256 string
	Records                            int64
	Skipped                            []Tally // preamble, header, footer …
	Inventory                          int64   // rows accepted
	RejectedTerminals, RejectedOther   int64
	IsUsage                            bool // what was accepted tells of transactions and is in no inventory
}

// SnapshotTieOut is the sum of one snapshot: Inventory (carried included) = Terminals + Duplicates.
type SnapshotTieOut struct {
	SnapshotDate                     string
	Inventory, Terminals, Duplicates int64
	Carried                          int64 // of Inventory
}

// PopulationTieOut holds the sums of one population at one snapshot: Terminals = Counted + LeftOut,
// and TerminalCount = Counted + Rejected + Missing.
type PopulationTieOut struct {
	SnapshotDate, Population         string
	Terminals, Counted               int64
	LeftOut                          []Tally
	Rejected, Missing, TerminalCount int64
}

// LevelTieOut is the sum of one additive level: its keys, none included, sum to the nation.
type LevelTieOut struct {
	SnapshotDate, Population, Level string
	Sum, Nation                     int64
}

// Assumption is something the profile or quick took for granted: either column and value, or Text.
type Assumption struct {
	Source, Column, Value string
	Text                  Text
}

// Definition explains a term that the report uses.
type Definition struct {
	Term, Meaning Text
}

// Provenance says what made the report.
type Provenance struct {
	ToolVersion string
	RuleSet     Reference
	References  []Reference
	Exports     []Export
}

// Reference is one input besides the exports: a rule set, a code table, a decisions file.
type Reference struct {
	Name, SHA256 string
}

// Export is one file as delivered.
type Export struct {
	Source, SnapshotDate string
	Names                []string // under which the source delivered these bytes
	SHA256               string
	Rows                 int64 // accepted
	Rejected             int64
	Format, Encoding     string // as found
	Carried              bool   // in force here, though delivered for an earlier snapshot
}
