package sample

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// A month counts the month-ends of the sample from 0.
type month int

const months = 4

// end returns the snapshot date.
func (m month) end() time.Time { return day(2016, time.November+time.Month(m), 0) }

// start returns the first day of the month.
func (m month) start() time.Time { return day(2016, time.October+time.Month(m), 1) }

func day(year int, m time.Month, d int) time.Time {
	return time.Date(year, m, d, 0, 0, 0, 0, time.UTC)
}

// An acquirer is one of the five invented institutions, with what is to become of its terminals.
type acquirer struct {
	id        string
	home      string          // the province of two terminals in three
	terminals int             // in its books at the first month-end
	firstID   int             // number of its first terminal
	idFormat  string          // how a number becomes a terminal id
	accepts   [months]float64 // share of its card terminals that truly accept
	blank     [months]float64 // share whose acceptance its books leave open
}

var (
	harbour = &acquirer{
		id: "901", home: "福建省", terminals: 5200, firstID: 10018, idFormat: "%08d",
		accepts: [months]float64{0.53, 0.597, 0.633, 0.685},
		blank:   [months]float64{0.095, 0.095, 0.085, 0.065},
	}
	egret = &acquirer{
		id: "902", home: "山东省", terminals: 3900, firstID: 10007, idFormat: "%08d",
		accepts: [months]float64{0.56, 0.628, 0.672, 0.725},
		blank:   [months]float64{0.075, 0.08, 0.07, 0.06},
	}
	spruce = &acquirer{
		id: "903", home: "四川省", terminals: 2600, firstID: 510003, idFormat: "S%07d",
		accepts: [months]float64{0.45, 0.508, 0.552, 0.61},
		blank:   [months]float64{0.11, 0.12, 0.11, 0.09},
	}
	pomegranate = &acquirer{
		id: "904", home: "广东省", terminals: 4600, firstID: 58001001, idFormat: "%08d",
		accepts: [months]float64{0.57, 0.638, 0.682, 0.735},
		blank:   [months]float64{0.09, 0.09, 0.08, 0.07},
	}
	wheatfield = &acquirer{
		id: "905", home: "辽宁省", terminals: 3700, firstID: 300011, idFormat: "%08d",
		accepts: [months]float64{0.44, 0.508, 0.552, 0.615},
		blank:   [months]float64{0.12, 0.125, 0.12, 0.10},
	}
	acquirers = []*acquirer{harbour, egret, spruce, pomegranate, wheatfield}
)

// Statuses, in the canonical words.
const (
	inService     = "in_service"
	pending       = "pending"
	suspended     = "suspended"
	removed       = "removed"
	lost          = "lost"
	statusUnknown = "unknown"
)

// A merchant is a contract of an acquirer.
type merchant struct {
	id    string
	name  string
	brand *brand // nil for most
	place place
	road  string
	code  string // merchant category code
}

// A terminal is one true terminal, month after month.
type terminal struct {
	acquirer  *acquirer
	id        string
	merchant  *merchant
	model     model
	serial    string
	installed time.Time
	removed   time.Time // zero unless it leaves
	first     month     // the month in which its books begin
	status    [months]string
	accepts   [months]bool
	blank     [months]bool      // its books leave the acceptance open
	noPin     bool              // small amounts need neither PIN nor signature
	updated   [months]time.Time // last change of its books
	taps      bool              // a customer has tapped since it accepts
}

// An estate is all terminals by acquirer id, in the order of their terminal ids.
type estate map[string][]*terminal

// stream returns the random numbers of one part of the sample, so that a change in one part leaves
// the others as they are.
func stream(parts ...uint64) *rand.Rand {
	seed := uint64(0x5a3b1e)
	for _, part := range parts {
		seed = mix(seed ^ mix(part+1))
	}
	return rand.New(rand.NewPCG(seed, 20161031))
}

// newEstate invents the terminals of all acquirers.
func newEstate() estate {
	e := make(estate)
	for i, a := range acquirers {
		e[a.id] = newBooks(a, stream(uint64(i)))
	}
	return e
}

// newBooks invents the terminals of one acquirer: those of the first month and what later months add.
func newBooks(a *acquirer, rng *rand.Rand) []*terminal {
	const growth = 0.018 // a month
	total := a.terminals
	for range months - 1 {
		total += int(float64(total) * growth)
	}
	var books []*terminal
	within, elsewhere := placesBy(a.home)
	for serial := 1; len(books) < total; serial++ {
		from := elsewhere
		if rng.IntN(3) < 2 {
			from = within
		}
		shop, size := newMerchant(a, serial, from[rng.IntN(len(from))], rng)
		for range min(size, total-len(books)) {
			books = append(books, &terminal{acquirer: a, merchant: shop})
		}
	}
	number := a.firstID
	for i, t := range books {
		if i >= a.terminals && rng.IntN(2) == 0 {
			t.merchant = books[rng.IntN(a.terminals)].merchant
		}
		number += 1 + rng.IntN(3)
		t.id = fmt.Sprintf(a.idFormat, number)
		if i >= a.terminals {
			t.first = month(1 + (i-a.terminals)*(months-1)/(total-a.terminals))
		}
		equip(t, rng)
		live(t, rng)
	}
	shareSerials(books)
	convert(a, books, rng)
	return books
}

// newMerchant invents a merchant in a place and how many terminals it has: few have many.
func newMerchant(a *acquirer, serial int, in place, rng *rand.Rand) (*merchant, int) {
	m := &merchant{place: in, road: roads[rng.IntN(len(roads))]}
	m.road += fmt.Sprintf("%d号", 1+rng.IntN(688))
	size := zipf(rng)
	if rng.IntN(30) == 0 {
		b := &brands[rng.IntN(len(brands))]
		m.brand, m.code = b, b.category
		m.name = fmt.Sprintf("%s(%s%s店)", b.name, trimSuffix(m.place.city), trimSuffix(m.place.county))
		size = b.least + rng.IntN(b.most-b.least+1)
	} else {
		kind := trades[rng.IntN(len(trades))]
		m.code = kind.category
		m.name = trimSuffix(m.place.county) + nameHeads[rng.IntN(len(nameHeads))] +
			nameTails[rng.IntN(len(nameTails))] + kind.name
	}
	m.id = fmt.Sprintf("%s%s%s%04d", a.id, m.place.code[:4], m.code, serial)
	return m, size
}

// zipf returns k or more with probability 1/k, and at most 60.
func zipf(rng *rand.Rand) int {
	return min(60, int(1/(1-rng.Float64())))
}

// trimSuffix leaves the last character of a division's name out, as people do: 思明 for 思明区.
// Names of two characters keep it.
func trimSuffix(name string) string {
	runes := []rune(name)
	if len(runes) > 2 {
		runes = runes[:len(runes)-1]
	}
	return string(runes)
}

// equip gives a terminal its device.
func equip(t *terminal, rng *rand.Rand) {
	t.model = pickModel(rng)
	switch roll := rng.IntN(1000); {
	case roll < 20 && t.acquirer != spruce:
		t.model = cashMachine
	case roll < 55 && t.acquirer != spruce:
		t.model = barcodeBox
	}
	t.serial = fmt.Sprintf("%s%s%08d", t.model.vendorEN[:2], t.model.name, rng.IntN(100_000_000))
	t.noPin = rng.IntN(3) == 0
}

func pickModel(rng *rand.Rand) model {
	roll := rng.IntN(100)
	for _, m := range models {
		if roll -= m.weight; roll < 0 {
			return m
		}
	}
	return models[0]
}

// shareSerials lets every hundredth terminal be a second one on the device before it (一机多户).
func shareSerials(books []*terminal) {
	for i := 1; i < len(books); i++ {
		before := books[i-1]
		if i%97 == 0 && before.first <= books[i].first && before.model.device == books[i].model.device {
			books[i].model, books[i].serial = before.model, before.serial
		}
	}
}

// live settles when a terminal came, and whether and how it went.
func live(t *terminal, rng *rand.Rand) {
	t.installed = day(2009, time.March, 1).AddDate(0, 0, rng.IntN(2750))
	if t.first > 0 {
		t.installed = t.first.start().AddDate(0, 0, rng.IntN(28))
	}
	gone, how := month(months), ""
	switch roll := rng.IntN(1000); {
	case t.first > 0:
	case roll < 45:
		gone, how = 0, removed
		t.removed = t.installed.AddDate(0, 0, 1+rng.IntN(int(day(2016, time.October, 30).Sub(t.installed).Hours()/24)))
	case roll < 54:
		gone, how = 0, suspended
	case roll < 58:
		gone, how = 0, lost
	case roll < 82:
		gone, how = month(1+(roll-58)/8), removed
		t.removed = gone.start().AddDate(0, 0, rng.IntN(28))
	}
	for m := range month(months) {
		t.status[m] = inService
		if m >= gone {
			t.status[m] = how
		}
	}
	// One addition in eight is in the books a month before it is at work.
	if t.first > 0 && t.first < months-1 && rng.IntN(8) == 0 {
		t.status[t.first] = pending
		t.installed = (t.first + 1).start().AddDate(0, 0, rng.IntN(28))
	}
}

// convert settles from which month on each terminal accepts, in the order of a turn that depends on
// province, chain and age, so that each month has the acquirer's share.
func convert(a *acquirer, books []*terminal, rng *rand.Rand) {
	turn := make(map[*terminal]float64, len(books))
	var card []*terminal
	for _, t := range books {
		t.taps = rng.IntN(20) < 17
		if t.model.device == deviceATM || t.model.device == deviceBarcode {
			continue
		}
		card = append(card, t)
		turn[t] = rng.Float64() + lead[t.merchant.place.province]
		if t.merchant.brand != nil {
			turn[t] += 0.35
		}
		if t.installed.After(day(2015, time.July, 1)) {
			turn[t] += 0.25
		}
	}
	slices.SortStableFunc(card, func(x, y *terminal) int { return cmp.Compare(turn[y], turn[x]) })
	for i, t := range card {
		rank, open := float64(i)/float64(len(card)), rng.Float64()
		for m := range months {
			t.accepts[m] = rank < a.accepts[m]
			t.blank[m] = open < a.blank[m]
		}
	}
	for _, t := range books {
		stamp(t, rng)
	}
}

// stamp dates the last change of a terminal's books as of each month.
func stamp(t *terminal, rng *rand.Rand) {
	const fourWeeks = 28 * 24 * 3600
	last := month(0).start().Add(-time.Duration(1+rng.IntN(200*24*3600)) * time.Second)
	for m := range month(months) {
		if m == t.first && m > 0 || m > 0 &&
			(t.status[m] != t.status[m-1] || t.accepts[m] != t.accepts[m-1] || t.blank[m] != t.blank[m-1]) {
			last = m.start().Add(time.Duration(rng.IntN(fourWeeks)) * time.Second)
		}
		t.updated[m] = last
	}
}
