package sample

import (
	"maps"
	"slices"
)

// The truth is worked out here from what the generator meant each row to say, by the rules of the
// method and without any part of the pipeline.

// Truth is what a correct run finds in the sample.
type Truth struct {
	Exports   []ExportTruth   `json:"exports"`
	Snapshots []SnapshotTruth `json:"snapshots"`
}

// ExportTruth is what one file holds: RecordCount = InventoryCount + the rejects.
type ExportTruth struct {
	File           string         `json:"file"` // within the inbox
	Source         string         `json:"source"`
	SnapshotDate   string         `json:"snapshot_date"`
	PreambleLines  int            `json:"preamble_lines"`
	HeaderLine     int            `json:"header_line"`
	RecordCount    int            `json:"record_count"` // all records below the header
	InventoryCount int            `json:"inventory_count"`
	ControlTotal   int            `json:"control_total,omitempty"`
	IsUsage        bool           `json:"is_usage,omitempty"` // it tells of transactions: InventoryCount rows of it are accepted
	Rejects        []reject       `json:"rejects"`
	Defects        map[string]int `json:"defects"` // accepted rows with a cell that says nothing, by reason
}

// SnapshotTruth is what one month-end comes to.
type SnapshotTruth struct {
	SnapshotDate     string            `json:"snapshot_date"`
	InventoryCount   int               `json:"inventory_count"`
	TerminalCount    int               `json:"terminal_count"`  // settled terminals, of any status
	DuplicateCount   int               `json:"duplicate_count"` // inventory rows less terminals
	NotInService     int               `json:"not_in_service_count"`
	OtherDevices     int               `json:"atm_or_barcode_count"` // in service, out of the population
	CountedCount     int               `json:"counted_count"`        // settled terminals in the population
	UndecidedCount   int               `json:"undecided_count"`
	RejectedCount    int               `json:"rejected_count"` // of class terminal
	ConflictCount    int               `json:"conflict_count"` // counted ones at odds with themselves, reading declared
	Declared         Counts            `json:"declared"`
	Strict           Counts            `json:"strict"`
	ByAcquirer       map[string]Counts `json:"by_acquirer"` // reading declared, as are those below
	ByProvince       map[string]Counts `json:"by_province"`
	ByBrand          map[string]Counts `json:"by_brand"` // the three real ones; rejected rows have none
	MerchantCount    int               `json:"merchant_count"`
	MerchantAny      int               `json:"merchant_any_count"`
	MerchantAnyUpper int               `json:"merchant_any_upper_count"`
	MerchantAll      int               `json:"merchant_all_count"`
	MerchantAllUpper int               `json:"merchant_all_upper_count"`
	MerchantNone     int               `json:"merchant_none_count"`
}

// Counts are terminals of the population networked, rejected rows included as unknown.
type Counts struct {
	Terminals int `json:"terminal_count"`
	Yes       int `json:"yes_count"`
	No        int `json:"no_count"`
	Unknown   int `json:"unknown_count"`
}

// Verdict returns what the counts make of "over 60%".
func (c Counts) Verdict() string {
	switch {
	case c.Terminals == 0:
		return "undetermined"
	case 5*c.Yes > 3*c.Terminals:
		return "supported"
	case 5*(c.Yes+c.Unknown) <= 3*c.Terminals:
		return "refuted"
	}
	return "undetermined"
}

func (c *Counts) add(f answer) {
	c.Terminals++
	switch f {
	case yes:
		c.Yes++
	case no:
		c.No++
	default:
		c.Unknown++
	}
}

// noKey is the key of what is not known.
const noKey = "none"

// truthOf works out the truth of a set of exports, given by month in the order of authority.
func truthOf(exports [months][]*export) Truth {
	var truth Truth
	for m, delivered := range exports {
		truth.Snapshots = append(truth.Snapshots, snapshotTruth(month(m), delivered))
		for _, x := range delivered {
			truth.Exports = append(truth.Exports, x.truth())
		}
	}
	return truth
}

func (x *export) truth() ExportTruth {
	t := ExportTruth{
		File: x.source + "/" + x.name, Source: x.source, SnapshotDate: x.month.end().Format("2006-01-02"),
		PreambleLines: x.preamble, HeaderLine: x.headerRow, ControlTotal: x.total, IsUsage: x.isUsage, Rejects: x.rejects,
		Defects: map[string]int{},
	}
	for _, r := range x.rows {
		if r.fate == accepted {
			t.InventoryCount++
		}
		if r.defect != "" {
			t.Defects[r.defect]++
		}
	}
	t.RecordCount = t.InventoryCount + len(x.rejects)
	return t
}

// key identifies a terminal.
type key struct{ acquirer, terminal string }

func snapshotTruth(m month, exports []*export) SnapshotTruth {
	s := SnapshotTruth{
		SnapshotDate: m.end().Format("2006-01-02"),
		ByAcquirer:   map[string]Counts{}, ByProvince: map[string]Counts{}, ByBrand: map[string]Counts{},
	}
	rows := make(map[key][]*record)
	used := make(map[key]*record)
	for _, x := range exports {
		if x.isUsage { // it adds no terminal
			for _, r := range x.rows {
				used[key{r.acquirer.id, r.terminalID}] = r
			}
			continue
		}
		// Within one source the latest row speaks first; equal ones are alike.
		ordered := slices.Clone(x.rows)
		slices.SortStableFunc(ordered, func(a, b *record) int { return b.updated.Compare(a.updated) })
		for _, r := range ordered {
			if r.fate != accepted {
				s.reject(x, r)
				continue
			}
			s.InventoryCount++
			k := key{r.acquirer.id, r.terminalID}
			rows[k] = append(rows[k], r)
		}
	}
	s.TerminalCount = len(rows)
	s.DuplicateCount = s.InventoryCount - s.TerminalCount
	shops := make(map[key]*Counts)
	for k, said := range rows {
		if r := used[k]; r != nil && (r.merchantID == said[0].merchantID || said[0].merchantID == "" || r.merchantID == "") {
			said = append(said, &record{taps: r.taps})
		}
		s.count(m, said, shops, k.acquirer)
	}
	for shop := range maps.Values(shops) {
		s.MerchantCount++
		s.MerchantAny += one(shop.Yes > 0)
		s.MerchantAnyUpper += one(shop.Yes+shop.Unknown > 0)
		s.MerchantAll += one(shop.Yes == shop.Terminals)
		s.MerchantAllUpper += one(shop.No == 0)
	}
	return s
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// reject counts a row that was a terminal and could not be read.
func (s *SnapshotTruth) reject(x *export, r *record) {
	acquirer := r.acquirer.id
	if r.fate == damagedBytes && x.source == "orangesail" {
		acquirer = noKey // where several acquirers share a file, a row nobody can read belongs to none
	}
	s.RejectedCount++
	s.Declared.add(blank)
	s.Strict.add(blank)
	count(s.ByAcquirer, acquirer, blank)
	count(s.ByProvince, noKey, blank)
}

// count settles one terminal from what the rows say of it, the one that decides first.
func (s *SnapshotTruth) count(m month, said []*record, shops map[key]*Counts, acquirer string) {
	decides := said[0]
	in, decided := decides.membership(m)
	switch {
	case !in && decides.status != inService:
		s.NotInService++
		return
	case !in:
		s.OtherDevices++
		return
	}
	declared, conflict := acceptance(said, true)
	strict, _ := acceptance(said, false)
	if !decided {
		s.UndecidedCount++
		declared, strict, conflict = blank, blank, false
	}
	s.CountedCount++
	s.ConflictCount += one(conflict)
	s.Declared.add(declared)
	s.Strict.add(strict)
	count(s.ByAcquirer, acquirer, declared)
	province := noKey
	if !decides.noRegion {
		province = decides.merchant.place.provinceCode()
	}
	count(s.ByProvince, province, declared)
	if b := decides.merchant.brand; b != nil && b.id != "" {
		count(s.ByBrand, b.id, declared)
	}
	if decides.merchantID == "" {
		s.MerchantNone++
		return
	}
	shop := key{acquirer, decides.merchantID}
	if shops[shop] == nil {
		shops[shop] = new(Counts)
	}
	shops[shop].add(declared)
}

func count(table map[string]Counts, key string, f answer) {
	c := table[key]
	c.add(f)
	table[key] = c
}

// membership says whether the row's terminal is in the population, and whether that can be known.
func (r *record) membership(m month) (in, decided bool) {
	end := m.end()
	switch {
	case r.device == deviceATM || r.device == deviceBarcode:
		return false, true
	case r.status != inService && r.status != statusUnknown:
		return false, true
	case r.status == statusUnknown, r.device == deviceUnknown:
		return true, false
	case r.installed.After(end), !r.removed.IsZero() && !r.removed.After(end):
		return true, false
	}
	return true, true
}

// acceptance unites what all rows of a terminal say, from the highest tier that speaks.
func acceptance(said []*record, withDeclared bool) (accepts answer, conflict bool) {
	var observed, configured, declared [2]bool // no, yes
	for _, r := range said {
		observed[1] = observed[1] || r.taps > 0
		for _, p := range []answer{r.parameter, r.noPinParameter} {
			// That small amounts need a PIN says nothing of tapping.
			configured[1] = configured[1] || p == yes
		}
		configured[0] = configured[0] || r.parameter == no
		declared[0] = declared[0] || r.declared == no
		declared[1] = declared[1] || r.declared == yes
	}
	tiers := [][2]bool{observed, configured}
	if withDeclared {
		tiers = append(tiers, declared)
	}
	for _, says := range tiers {
		switch says {
		case [2]bool{true, true}:
			return blank, true
		case [2]bool{true, false}:
			return no, false
		case [2]bool{false, true}:
			return yes, false
		}
	}
	return blank, false
}
