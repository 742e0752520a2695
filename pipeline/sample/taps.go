package sample

import "strconv"

var tapsHeader = []string{"统计月份", "终端号", "商户号", "总笔数", "非接联机笔数", "非接脱机笔数", "Appl笔数"}

// harbourTaps writes the counts of transactions that Harbour Bank's switch keeps of the last month, for every
// third of its terminals in service. Where it saw taps, the ledger says so too.
func harbourTaps(e estate) (*export, error) {
	const m = month(months - 1)
	b := newBatch(m, stream(16, uint64(m)), e[harbour.id])
	var used []*record
	for i, r := range b.rows {
		if i%3 > 0 || !atWork(r) {
			continue
		}
		r.transactions = b.rng.IntN(300)
		if r.declared == yes && b.rng.IntN(4) > 0 {
			r.taps = 1 + b.rng.IntN(60)
			r.transactions += r.taps
		}
		used = append(used, r)
	}
	// Placed yesterday: no ledger knows them yet.
	for i := range 3 {
		used = append(used, &record{acquirer: harbour, terminalID: "9999000" + strconv.Itoa(i), transactions: 5, taps: 1})
	}
	s := &sheet{
		export:    &export{source: "harbour_taps", name: "switch_" + m.end().Format("200601") + ".csv", month: m, isUsage: true},
		delimiter: ",", newline: "\n", encode: asUTF8, nameCell: 1, width: len(tapsHeader),
	}
	s.header(tapsHeader)
	for i, r := range used {
		s.record(r, []string{
			m.end().Format("200601"), r.terminalID, r.merchantID, strconv.Itoa(r.transactions), strconv.Itoa(r.taps),
			strconv.Itoa(i % 7 / 6), strconv.Itoa(r.taps / 5),
		})
	}
	return s.finish(nil)
}
