package sample

import (
	"math/rand/v2"
	"slices"
	"time"
)

// An answer is what a yes/no column says.
type answer string

const (
	yes   answer = "yes"
	no    answer = "no"
	blank answer = ""
)

func answerOf(b bool) answer {
	if b {
		return yes
	}
	return no
}

// A fate is what becomes of a row: "" is accepted, anything else the reason why it is set aside, in
// the words of the reject files.
type fate string

const (
	accepted       fate = ""
	damagedID      fate = "terminal_id_scientific"
	missingID      fate = "terminal_id_blank"
	damagedBytes   fate = "encoding"
	cellsMissing   fate = "columns_missing"
	cellsExtra     fate = "columns_extra"
	blankRow       fate = "blank"
	totalRow       fate = "total"
	repeatedHeader fate = "header_repeated"
	noteRow        fate = "note"
)

// Field defects: the row is accepted, one of its cells says nothing.
const (
	damagedMerchant = "merchant_id_scientific"
	invalidDate     = "date_invalid"
	unknownFlag     = "flag_unknown"
)

// class returns what the method calls such a row: a terminal that could not be read, or none.
func (f fate) class() string {
	switch f {
	case blankRow, totalRow, repeatedHeader, noteRow:
		return "not_terminal"
	}
	return "terminal"
}

// A record is what one row of an export says of a terminal, before a source spells it.
// What is damaged in the spelling is damaged here too, so that the truth is what a reader can know.
type record struct {
	terminal     *terminal
	acquirer     *acquirer
	terminalID   string // as it is meant
	spelling     string // of the terminal id where it differs
	merchant     *merchant
	merchantID   string // blank where the cell is damaged
	merchantCell string // spelling of the merchant id where it differs
	name         string
	region       string // spelling of the region code where it differs
	noRegion     bool
	model        model
	device       string
	serial       string
	status       string
	statusCell   string // spelling of the status where it differs
	installed    time.Time
	installedRaw string // spelling of the date where it differs
	removed      time.Time
	updated      time.Time

	declared       answer
	flagCell       string // spelling of the flag where it differs
	parameter      answer
	noPinParameter answer
	noPin          answer
	transactions   int
	taps           int

	fate   fate
	defect string
	extra  string // of cellsExtra: the cell too many
}

// A batch is the rows of one export on their way to be spelt.
type batch struct {
	month   month
	rng     *rand.Rand
	rows    []*record
	touched map[*record]bool
}

// newBatch takes what the books of the acquirers say at the end of a month.
func newBatch(m month, rng *rand.Rand, books []*terminal) *batch {
	b := &batch{month: m, rng: rng, touched: make(map[*record]bool)}
	for _, t := range books {
		if t.first <= m {
			b.rows = append(b.rows, newRecord(t, m))
		}
	}
	return b
}

func newRecord(t *terminal, m month) *record {
	r := &record{
		terminal: t, acquirer: t.acquirer, terminalID: t.id,
		merchant: t.merchant, merchantID: t.merchant.id, name: t.merchant.name,
		model: t.model, device: t.model.device, serial: t.serial,
		status: t.status[m], installed: t.installed, updated: t.updated[m],
		noPin: answerOf(t.noPin && t.accepts[m]),
	}
	if r.status == removed {
		r.removed = t.removed
	}
	if r.status == pending {
		r.installed = time.Time{}
	}
	if !t.blank[m] {
		r.declared = answerOf(t.accepts[m])
	}
	return r
}

// spoil hands n rows that keep admits to change. No row is spoilt twice, and fewer than n are if
// there are no more.
func (b *batch) spoil(n int, keep func(*record) bool, change func(*record)) {
	for tries := 0; n > 0 && tries < 20*len(b.rows); tries++ {
		r := b.rows[b.rng.IntN(len(b.rows))]
		if b.touched[r] || !keep(r) {
			continue
		}
		b.touched[r] = true
		change(r)
		n--
	}
}

// repeat appends n copies of rows that keep admits, each after change has had it.
func (b *batch) repeat(n int, keep func(*record) bool, change func(original, copied *record)) {
	var copies []*record
	b.spoil(n, keep, func(r *record) {
		c := *r
		change(r, &c)
		copies = append(copies, &c)
	})
	for _, c := range copies {
		b.touched[c] = true
	}
	b.rows = append(b.rows, copies...)
}

// atWork admits rows of card terminals in service.
func atWork(r *record) bool {
	return r.fate == accepted && r.status == inService && r.device != deviceATM && r.device != deviceBarcode
}

// saying admits rows of card terminals in service whose flag says f.
func saying(f answer) func(*record) bool {
	return func(r *record) bool { return atWork(r) && r.declared == f }
}

// setAside makes rows unreadable for the reason given.
func setAside(reason fate) func(*record) {
	return func(r *record) { r.fate = reason }
}

// drop removes the rows that gone admits, as a purge of the books does.
func (b *batch) drop(gone func(*record) bool) {
	b.rows = slices.DeleteFunc(b.rows, gone)
}
