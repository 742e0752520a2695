package workspace

import (
	"time"
)

// Config is tapcov.yaml, after defaults, environment and flags. Load checks it strictly; its struct
// tags are the schema (see schema.go).
type Config struct {
	Estate      Estate       `yaml:"estate"`
	Sources     []Source     `yaml:"sources"` // in order of authority
	Populations []Population `yaml:"populations"`
	Snapshots   Snapshots    `yaml:"snapshots"`
	Evidence    Evidence     `yaml:"evidence"`
	Regions     Regions      `yaml:"regions"`
	Limits      Limits       `yaml:"limits"`
	Report      Report       `yaml:"report"`
}

// Estate is what the workspace claims to hold (method: "Deliveries and snapshots").
// Nothing is concluded about more than the estate.
type Estate struct {
	Area          string   `yaml:"area"`                 // CN, or a region key such as 350000; default CN
	Acquirers     []string `yaml:"acquirers" word:"all"` // `all` or a list of acquirer ids; nil means all
	Complete      bool     `yaml:"complete"`             // the sources together are the whole of the estate
	OfficialTotal string   `yaml:"official_total"`       // id of a published figure, or none; Load turns none into ""
}

// Country is the country of the area, China where it is a part of it.
func (e Estate) Country() string {
	if len(e.Area) == 2 {
		return e.Area
	}
	return "CN"
}

// Source is one deliverer and the profile of its exports.
type Source struct {
	Name   string `yaml:"name"`    // also the folder below inbox/
	Kind   string `yaml:"kind"`    // acquirer (default) or processor: an acquirer outranks a processor
	DueDay int    `yaml:"due_day"` // day of the following month by which a snapshot is expected; 0 declares no rhythm
	// What is agreed with the source. None of it changes how an export is read.
	MaxRejects     string `yaml:"max_rejects"`      // terminals' rows that may be rejected in one export; empty: any number
	MaxRejectShare string `yaml:"max_reject_share"` // decimal text, of all terminals' rows; empty: any share
	Language       string `yaml:"language"`         // en or zh: of the lists of rejects for it; empty: the reports' first
	Profile        `yaml:",inline"`
}

// Profile says how one source's exports are read.
type Profile struct {
	Files        string            `yaml:"files"` // glob within inbox/<source>; default *
	Format       Format            `yaml:"format"`
	SnapshotDate DateFrom          `yaml:"snapshot_date"`
	Columns      map[string]Column `yaml:"columns"`                            // canonical column → how it is read
	Status       map[string]string `yaml:"status"`                             // source's status value → canonical status
	DeviceTypes  map[string]string `yaml:"device_types" word:"unionpay=table"` // `unionpay`, kept as {"unionpay": "table"}: the code set of that name in the reference data
	Uses         map[string]string `yaml:"uses"`
	Connections  map[string]string `yaml:"connections"`
	Assume       map[string]string `yaml:"assume"`        // canonical column → value for every row: status, device_type, use, connection, country …
	Dates        []string          `yaml:"dates"`         // accepted date layouts in the notation yyyy-mm-dd; default: the usual ones
	RegionScheme string            `yaml:"region_scheme"` // gb2260 (default), unionpay, name
	RegionLevels []string          `yaml:"region_levels"` // for scheme name: headers from widest to finest, such as [State, City]
	TerminalKey  []string          `yaml:"terminal_key"`  // default [acquirer_id, terminal_id]
	Private      []string          `yaml:"private"`       // headers masked wherever raw text is written
	Delivery     string            `yaml:"delivery"`      // whole (default) or parts
	Part         DateFrom          `yaml:"part"`          // delivery: parts only; where the part's name stands
	Parts        []string          `yaml:"parts"`         // delivery: parts only; the expected parts
	Version      DateFrom          `yaml:"version"`       // where a corrected export says that it is newer
	// What the source's evidence means (method: "Acceptance").
	ContactlessScheme string `yaml:"contactless_scheme"` // unionpay: its contactless counts are UnionPay's; empty: any scheme's
	MobileIs          string `yaml:"mobile_is"`          // nfc: 云闪付 counts are NFC taps; qr; empty: not known
	NoPinScope        string `yaml:"no_pin_scope"`       // terminal or merchant (default)
	NumericIDs        bool   `yaml:"numeric_ids"`        // terminal ids lost their leading zeros: pad to 8 and flag
	// How an export says that it is whole.
	Control Control `yaml:"control"`
	Usage   Usage   `yaml:"usage"` // of a source whose exports are no inventories: what they tell of transactions
}

// Control says how exports are held against the totals that come with them.
type Control struct {
	Required bool   `yaml:"required"` // an export waits until a side file stands beside it
	Ignore   bool   `yaml:"ignore"`   // side files say nothing about exports
	Counts   string `yaml:"counts"`   // what trailers and side files count: terminals (default) or records, the header included
	Trailer  string `yaml:"trailer"`  // a regular expression over a record that ends the export; group 1 is its count
}

// Format fixes what would otherwise be detected.
type Format struct {
	Encoding  string        `yaml:"encoding"`   // utf-8, gb18030, utf-16le, utf-16be, big5 …; empty: detected
	Delimiter string        `yaml:"delimiter"`  // such as , ; | tab || or \x01; empty: detected
	Quote     string        `yaml:"quote"`      // a character, or none; empty: detected; needs delimiter
	Escape    string        `yaml:"escape"`     // likewise
	Header    string        `yaml:"header"`     // none: no record names the columns
	HeaderRow int           `yaml:"header_row"` // line of the header, counted from 1; 0: found by its names
	FirstRow  int           `yaml:"first_row"`  // line of the first row of data, where no record is a header
	Names     []string      `yaml:"names"`      // of the columns, with header: none; empty: their numbers
	Fixed     []FixedColumn `yaml:"fixed"`      // columns of fixed width, in the order of the line
	Unit      string        `yaml:"unit"`       // of fixed columns: bytes of the file (default) or characters
	Sheets    []string      `yaml:"sheets"`     // of a workbook; empty: all that are shown and have the header of an inventory
	ShortRows string        `yaml:"short_rows"` // pad: cells that a row lacks at its end are blank; empty: such a row is set aside
	Damaged   string        `yaml:"damaged"`    // keep: what stands before the damage in compressed data is read; empty: such a file is refused
}

// FixedColumn is a column of fixed width. Its name is what a header would be.
type FixedColumn struct {
	Name  string `yaml:"name"`
	Start int    `yaml:"start"` // the first place, counted from 1; 0: right behind the column before it
	Width int    `yaml:"width"`
}

// Column says where one canonical column comes from. In YAML a plain text is the header alone.
type Column struct {
	Header   string            `yaml:"header" plain:"yes"` // column name in the export
	Headers  []string          `yaml:"headers"`            // further names, tried in order
	Optional bool              `yaml:"optional"`           // an export without the header is read all the same
	Value    string            `yaml:"value"`              // a constant for every row
	Values   map[string]string `yaml:"values"`             // the source's value → canonical value, before the built-in ones
	Take     string            `yaml:"take"`               // a regular expression; group 1 (or the whole match) is the value, no match is null
	Tokens   []string          `yaml:"tokens"`             // yes if any of these is a whole token of the cell, no if the cell has other tokens, unknown if it is blank
	Split    string            `yaml:"split"`              // token separator; default: blanks, commas and semicolons
}

// DateFrom says where a text such as the snapshot date comes from; exactly one of its fields is set,
// Layout aside. In YAML a plain text is the constant alone.
type DateFrom struct {
	Value    string `yaml:"value" plain:"yes"` // a constant
	FileName string `yaml:"file_name"`         // a regular expression over the file's name; its group 1, or the whole match
	Cell     string `yaml:"cell"`              // a regular expression over the preamble's cells
	Column   string `yaml:"column"`            // a header; every row must agree
	Layout   string `yaml:"layout"`            // for dates: yyyymmdd, yyyy-mm-dd, yyyymm (the month's end) …; default: whichever fits
}

// IsZero reports whether nothing was configured.
func (d DateFrom) IsZero() bool { return d == DateFrom{} }

// Population is a workspace's own population: a SQL condition over the columns of terminals.
type Population struct {
	Name  string `yaml:"name"`
	Title string `yaml:"title"`
	Where string `yaml:"where"` // true: counted, false: left out, null: membership undecided
}

// Snapshots holds the thresholds of method "Deliveries and snapshots".
type Snapshots struct {
	CompleteShare string `yaml:"complete_share"` // decimal text; default 0.95
	CloseAfter    int    `yaml:"close_after"`    // default 3
	CarryMax      int    `yaml:"carry_max"`      // months; default 3
}

// Evidence holds the thresholds of method "Acceptance" and "Devices".
type Evidence struct {
	ObservedMonths        int `yaml:"observed_months"`          // default 12
	MaxTerminalsPerSerial int `yaml:"max_terminals_per_serial"` // default 20
}

// Regions picks the vintage of GB/T 2260 that region keys are given in.
type Regions struct {
	Vintage string `yaml:"vintage"` // such as 201904; default: the newest embedded
}

// Limits bounds what a run may use.
type Limits struct {
	Memory   int64         `yaml:"memory" unit:"bytes"`   // bytes; default 1 GiB
	Record   int64         `yaml:"record" unit:"bytes"`   // bytes of one record; default 1 MiB
	Unpacked int64         `yaml:"unpacked" unit:"bytes"` // bytes that an archive or a workbook may unpack to; default 4 GiB
	Threads  int           `yaml:"threads"`               // default: the processors there are
	Timeout  time.Duration `yaml:"timeout"`               // of a run; 0: none
}

// Report sets what reports say and in which language.
type Report struct {
	Title     string   `yaml:"title"`
	Languages []string `yaml:"languages"` // en, zh; default en
	TopN      int      `yaml:"top_n"`     // rows of the merchant and brand tables; default 20
}
