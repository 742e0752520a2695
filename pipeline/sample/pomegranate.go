package sample

import (
	"fmt"
	"strconv"
)

var (
	pomegranateHeader = []string{
		"数据日期", "终端编号", "商户编号", "商户名称", "终端类型", "终端状态", "装机日期", "下机日期",
		"行政区划代码", "厂家简称", "终端型号", "设备序列号", "是否支持非接", "总笔数", "非接联机笔数", "最后修改时间",
	}
	// From December on: two columns under other names, and one more.
	pomegranateHeaderLater = []string{
		"数据日期", "终端编号", "特约商户编码", "商户名称", "终端类型", "终端状态", "装机日期", "下机日期",
		"行政区划代码", "厂家简称", "终端型号", "设备序列号", "非接受理能力", "总笔数", "非接联机笔数", "云闪付笔数", "最后修改时间",
	}
	pomegranateStatus = map[string]string{
		inService: "1", pending: "3", removed: "4", suspended: "5", lost: "5", statusUnknown: "9",
	}
)

// pomegranateExport writes the monthly file of Pomegranate Bank: gzip, columns split by bars, with
// the month's transactions, and another layout from the third month on.
func pomegranateExport(e estate, m month) (*export, error) {
	b := newBatch(m, stream(14, uint64(m)), e[pomegranate.id])
	for _, r := range b.rows {
		countTransactions(r, b)
	}
	spoilPomegranate(b)
	header := pomegranateHeader
	if m >= 2 {
		header = pomegranateHeaderLater
	}
	s := &sheet{
		export:    &export{source: "pomegranate", name: fmt.Sprintf("pos%02d.csv.gz", m+1), month: m},
		delimiter: "|", newline: "\n", encode: asUTF8, damage: []byte{0xc3, 0x28},
		nameCell: 3, width: len(header),
	}
	s.header(header)
	for i, r := range b.rows {
		s.record(r, pomegranateCells(r, m, i))
	}
	return s.finish(asGzip)
}

// countTransactions gives a row its transactions of the month. Who once tapped taps again, so that
// looking back over earlier months finds nothing more.
func countTransactions(r *record, b *batch) {
	if !atWork(r) {
		return
	}
	t := r.terminal
	r.transactions = b.rng.IntN(400)
	if t.taps && t.accepts[b.month] && t.blank == [months]bool{} {
		r.taps = 1 + b.rng.IntN(40)
		r.transactions += r.taps
	}
}

func pomegranateCells(r *record, m month, i int) []string {
	const iso = "2006-01-02"
	cells := []string{
		m.end().Format(iso),
		r.terminalID,
		r.merchantID,
		r.name,
		unionpayType[r.device],
		either(r.statusCell, pomegranateStatus[r.status]),
		on(r.installed, iso),
		on(r.removed, iso),
		r.merchant.place.code,
		r.model.vendor,
		r.model.name,
		r.serial,
		either(r.flagCell, bit(r.declared)),
		strconv.Itoa(r.transactions),
		strconv.Itoa(r.taps),
	}
	if m >= 2 {
		cells = append(cells, strconv.Itoa(i%3*r.taps/4))
	}
	return append(cells, on(r.updated, iso))
}

func spoilPomegranate(b *batch) {
	b.spoil(1, atWork, setAside(damagedBytes))
	b.spoil(3, atWork, func(r *record) { r.fate, r.extra = cellsExtra, "二分店" })
	b.spoil(20, atWork, func(r *record) { r.status = statusUnknown })
	b.spoil(60, atWork, func(r *record) { r.statusCell = "2" })
	b.spoil(30, saying(yes), func(r *record) { r.flagCell = "\u30001" })
	// Taps are seen where the books say no.
	b.spoil(40, func(r *record) bool { return atWork(r) && r.taps > 0 }, func(r *record) { r.declared = no })
	b.repeat(8, atWork, func(_, _ *record) {})
}
