package sample

// A printer makes the rows of one inventory. What it prints of a terminal or of a merchant depends
// on nothing but the seed, the source, its number and the snapshot.
type printer struct {
	inventory
	share   uint64 // in 1024: terminals that accept
	days    []string
	others  uint64 // sources whose terminals a processor repeats
	breaks  uint64
	repeats bool
}

func (x inventory) newPrinter() *printer {
	p := &printer{
		inventory: x,
		share:     uint64(min(1000, 520+15*x.snapshot)),
		days:      x.generator.days[x.source%4],
		breaks:    uint64(x.spec.QuotedBreaks),
		repeats:   x.isProcessor(x.source),
	}
	if p.repeats {
		p.others = uint64(x.source)
	}
	return p
}

// chance is a stream of random numbers that starts at any terminal or merchant without a run-up.
type chance uint64

func (c *chance) next() uint64 {
	x := mix(uint64(*c))
	*c += step
	return x
}

// below returns a random number from 0 to n-1.
func (c *chance) below(n uint64) uint64 { return (c.next() >> 32) * n >> 32 }

// start returns the stream of item number i of a kind in a source.
func (g *generator) start(kind, source, i uint64) chance {
	return chance(mix(mix(g.spec.Seed+kind<<56+source<<40) + i))
}

// Kinds of streams.
const (
	ofTerminal = iota
	ofMerchant
	ofSerial
	ofRow
)

// A site is what a row says of the merchant and where the terminal stands.
type site struct {
	home     *county // where the contract was made
	county   *county // where the terminal stands
	brand    *brand  // nil for most
	head     string
	tail     string
	trade    *trade
	road     string
	house    uint64
	category string
	number   uint32
}

// appendRow appends the row at a place of the file, with its line end.
func (p *printer) appendRow(dst []byte, row uint64) []byte {
	place := p.start(ofRow, uint64(p.source), row+uint64(p.snapshot)<<34)
	owner, index, again := uint64(p.source), row, false
	if p.repeats {
		owner = place.below(p.others)
		index = place.below(uint64(p.rows[owner]))
	} else if row > 0 && place.below(250) == 0 {
		index, again = row-1, true // the terminal of the row before once more, updated since
	}
	index += uint64(p.rows[owner]) * uint64(p.snapshot) / 200
	damaged := place.below(10_000) == 0
	c := p.start(ofTerminal, owner, index)
	s := p.siteOf(owner, p.ranks[owner].draw(c.next()), &c)

	dst = p.appendIdentity(dst, owner, index, damaged, &s)
	dst = p.appendDevice(dst, owner, index, &c)
	dst = p.appendLife(dst, p.arrival(owner, index), again, &c)
	dst = append(dst, s.county.code...)
	dst = append(dst, ',')
	dst = p.appendAddress(dst, &s, &c)
	return p.appendEvidence(dst, &s, &c)
}

// siteOf returns the site of a terminal: that of its merchant, unless the merchant is one of the few
// that are everywhere.
func (p *printer) siteOf(owner uint64, number uint32, terminal *chance) site {
	m := p.start(ofMerchant, owner, uint64(number))
	h := m.next()
	s := site{
		head:   p.heads[h&0xffff*uint64(len(p.heads))>>16],
		tail:   p.tails[h>>16&0xffff*uint64(len(p.tails))>>16],
		trade:  &p.trades[h>>32&0xffff*uint64(len(p.trades))>>16],
		number: number,
	}
	s.category = s.trade.category
	isChain := number < 64
	if isChain && h>>62 == 0 || h>>52&63 == 0 {
		s.brand = &p.brands[h>>48&0xff*uint64(len(p.brands))>>8]
		s.category = s.brand.category
	}
	u := m.next()
	s.home = p.countyOf(u)
	s.county = s.home
	if isChain {
		u = terminal.next()
		s.county = p.countyOf(u)
	}
	s.road = p.roads[u&0xffff*uint64(len(p.roads))>>16]
	s.house = 1 + u>>16&0x1ff
	return s
}

// countyOf returns the county that an even random number stands for: the few large ones are scattered
// over the country.
func (p *printer) countyOf(u uint64) *county {
	return &p.counties[uint64(p.spread[u>>50])*1_597%uint64(len(p.counties))]
}

// appendIdentity appends terminal id, merchant id, merchant name, acquirer and category.
func (p *printer) appendIdentity(dst []byte, owner, index uint64, damaged bool, s *site) []byte {
	id := 1_000_000 + index
	if damaged {
		dst = append(dst, '0'+byte(1+id%9), '.')
		dst = appendPadded(dst, id%100, 2)
		dst = append(dst, "E+07"...)
	} else {
		dst = appendPadded(dst, id, 8)
	}
	dst = append(dst, ',')
	dst = appendPadded(dst, 900+owner%100, 3)
	dst = append(dst, s.home.code[:4]...)
	dst = append(dst, s.category...)
	dst = appendBase36(dst, s.number)
	dst = append(dst, ',')
	if s.brand != nil {
		dst = append(dst, s.brand.name...)
		dst = append(dst, s.county.short...)
		dst = append(dst, p.words.shop...)
	} else {
		dst = append(dst, s.county.short...)
		dst = append(dst, s.head...)
		dst = append(dst, s.tail...)
		dst = append(dst, s.trade.name...)
	}
	if p.repeats {
		dst = append(dst, p.words.agent...)
	}
	dst = append(dst, ',')
	dst = appendPadded(dst, uint64(acquirerID(int(owner))), 8)
	dst = append(dst, ',')
	dst = append(dst, s.category...)
	return append(dst, ',')
}

// appendBase36 appends the last four digits of n, letters among them.
func appendBase36(dst []byte, n uint32) []byte {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	return append(dst, digits[n/46656%36], digits[n/1296%36], digits[n/36%36], digits[n%36])
}

// appendDevice appends vendor, model, serial number and device type.
func (p *printer) appendDevice(dst []byte, owner, index uint64, c *chance) []byte {
	device := &p.models[c.next()>>57]
	if index%97 == 96 {
		index-- // one device with two terminals
	}
	serial := p.start(ofSerial, owner, index)
	dst = append(dst, device.vendorAndModel...)
	dst = append(dst, ',')
	dst = append(dst, device.serialPrefix...)
	dst = appendPadded(dst, serial.next()>>20, 10)
	dst = append(dst, ',')
	dst = append(dst, device.kind...)
	return append(dst, ',')
}

// arrival returns the snapshot in which a terminal first appears.
func (p *printer) arrival(owner, index uint64) uint64 {
	rows := uint64(p.rows[owner])
	if index < rows {
		return 0
	}
	return ((index-rows+1)*200 + rows - 1) / rows
}

// appendLife appends status, installation, removal and last change.
func (p *printer) appendLife(dst []byte, arrival uint64, again bool, c *chance) []byte {
	roll, dates := c.below(1000), c.next()
	installed := dates & 0xffffffff * (p.ends[0] - 100) >> 32
	changed := installed + dates>>32*(p.ends[0]-installed)>>32
	if arrival > 0 {
		installed = p.ends[arrival-1] + 1 + dates%27
		changed, roll = installed, 999
	}
	status, removed := byte('1'), ""
	switch {
	case roll < 40:
		status, removed = '4', p.days[changed]
	case roll < 55:
		status = '6'
	case roll < 60:
		status = '2'
	case roll < 63:
		status = '0'
	}
	dst = append(dst, status, ',')
	if status != '2' {
		dst = append(dst, p.days[installed]...)
	}
	dst = append(dst, ',')
	dst = append(dst, removed...)
	dst = append(dst, ',')
	if again {
		changed = p.ends[p.snapshot]
	}
	dst = append(dst, p.days[changed]...)
	return append(dst, ',')
}

// appendAddress appends the address.
func (p *printer) appendAddress(dst []byte, s *site, c *chance) []byte {
	quoted := p.breaks > 0 && c.below(1000) < p.breaks
	if quoted {
		dst = append(dst, '"')
	}
	dst = append(dst, s.county.full...)
	dst = append(dst, s.road...)
	dst = appendNumber(dst, s.house)
	dst = append(dst, p.words.number...)
	if quoted {
		dst = append(dst, '\n')
		dst = append(dst, p.words.floor...)
		dst = append(dst, '"')
	}
	return append(dst, ',')
}

// appendEvidence appends the flags and counts and ends the row. Conversion is a matter of turn: who
// accepts goes on accepting. Provinces differ by up to a fifth.
func (p *printer) appendEvidence(dst []byte, s *site, c *chance) []byte {
	province := uint64(s.county.code[0]-'0')*10 + uint64(s.county.code[1]-'0')
	share := p.share + 7*(province*11%31) - 105
	u := c.next()
	accepts := u&1023 < share
	if u>>10&1023 >= 80 {
		dst = p.appendFlag(dst, accepts)
	}
	dst = append(dst, ',')
	dst = p.appendFlag(dst, accepts && u>>20&3 == 0)
	dst = append(dst, ',')
	dst = p.appendFlag(dst, u>>22&1 == 0)
	dst = append(dst, ',')
	count := u >> 32 & 1023 * (u >> 42 & 1023) >> 10
	taps := uint64(0)
	if accepts && u>>52&7 > 1 {
		taps = count >> 2
	}
	dst = appendNumber(dst, count)
	dst = append(dst, ',')
	dst = appendNumber(dst, taps)
	return append(dst, '\n')
}

func (p *printer) appendFlag(dst []byte, is bool) []byte {
	if is {
		return append(dst, p.words.yes...)
	}
	return append(dst, p.words.no...)
}
