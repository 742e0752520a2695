package sample

import (
	"fmt"
	"strconv"
	"time"
)

var harbourHeader = []string{
	"终端号", "商户号", "商户名称", "终端类型", "终端状态", "装机日期", "撤机日期", "行政区划代码",
	"生产厂商", "终端型号", "SN号", "是否支持非接", "是否支持双免", "是否支持银联二维码", "最后修改时间",
}

// harbourStatus are the codes of one of five lists that contradict each other; each source of the
// sample has another one.
var harbourStatus = map[string]string{
	lost: "0", inService: "1", pending: "2", removed: "4", suspended: "6",
}

// unionpayType are the device type codes of the UnionPay terminal registration.
var unionpayType = map[string]string{
	deviceATM: "01", "pos": "02", "mpos": "03", "smart_pos": "04", "telephone": "05", deviceBarcode: "10",
}

// harbourExport writes the ledger of Harbour Bank: a spreadsheet saved as GB18030, with a title, the
// date in a cell and a total below.
func harbourExport(e estate, m month) (*export, error) {
	b := newBatch(m, stream(11, uint64(m)), e[harbour.id])
	spoilHarbour(b)
	s := &sheet{
		export:    &export{source: "harbour", name: fmt.Sprintf("ledger-%d.csv", 1+m), month: m, total: len(b.rows)},
		delimiter: ",", newline: "\r\n", encode: asGB18030, damage: []byte{0xff},
		nameCell: 2, width: len(harbourHeader),
	}
	s.preamble("海港银行特约商户终端台账")
	s.preamble("统计日期："+m.end().Format("2006年1月2日"), "", "", "", "单位：台")
	s.header(harbourHeader)
	for i, r := range b.rows {
		s.record(r, harbourCells(r, i))
	}
	s.note(totalRow, "合计", strconv.Itoa(len(b.rows)))
	s.note(noteRow, "备注：本表含已撤机终端")
	return s.finish(nil)
}

func harbourCells(r *record, i int) []string {
	const longDate = "2006年01月02日"
	flag := chinese(r.declared)
	if r.declared == blank && i%3 == 0 {
		flag = "--"
	}
	region := either(r.region, r.merchant.place.code)
	if r.noRegion {
		region = ""
	}
	return []string{
		either(r.spelling, r.terminalID),
		either(r.merchantCell, r.merchantID),
		r.name,
		unionpayType[r.device],
		harbourStatus[r.status],
		either(r.installedRaw, on(r.installed, longDate)),
		on(r.removed, longDate),
		region,
		r.model.vendor,
		r.model.name,
		r.serial,
		either(r.flagCell, flag),
		chinese(r.noPin),
		chinese(answerOf(i%4 > 0)),
		on(r.updated, time.DateTime),
	}
}

// chinese spells a flag as 是 or 否.
func chinese(f answer) string {
	switch f {
	case yes:
		return "是"
	case no:
		return "否"
	}
	return ""
}

func spoilHarbour(b *batch) {
	b.spoil(4, atWork, func(r *record) {
		r.fate, r.spelling = damagedID, fmt.Sprintf("1.%02dE+04", b.rng.IntN(100))
	})
	b.spoil(2, atWork, func(r *record) { r.fate, r.terminalID = missingID, "" })
	b.spoil(3, atWork, setAside(damagedBytes))
	b.spoil(25, atWork, func(r *record) { r.spelling = fullWidth(r.terminalID) })
	b.spoil(6, atWork, func(r *record) { r.merchantID, r.merchantCell, r.defect = "", "9.01350E+14", damagedMerchant })
	b.spoil(5, atWork, func(r *record) {
		r.installed, r.installedRaw, r.defect = time.Time{}, "2016年02月30日", invalidDate
	})
	b.spoil(5, saying(blank), func(r *record) { r.flagCell, r.defect = "待核实", unknownFlag })
	b.spoil(20, atWork, func(r *record) { r.noRegion = true })
	b.spoil(30, func(r *record) bool { return atWork(r) && r.merchant.place.former != "" },
		func(r *record) { r.region = r.merchant.place.former })
	b.spoil(30, atWork, func(r *record) { r.serial = []string{"", "--", "0"}[b.rng.IntN(3)] })
	// Taken back into service, the date of removal left standing: nobody can say whether they are there.
	b.spoil(20, atWork, func(r *record) { r.removed = b.month.start().AddDate(0, 0, -1-b.rng.IntN(60)) })

	b.repeat(12, atWork, func(original, copied *record) {
		copied.spelling = fullWidth(original.terminalID)
		copied.updated = original.updated.Add(time.Hour)
	})
	b.repeat(15, saying(blank), func(original, copied *record) {
		copied.declared, copied.updated = yes, original.updated.AddDate(0, 0, 1)
	})
	b.repeat(10, saying(no), func(original, copied *record) {
		copied.declared, copied.updated = yes, original.updated.AddDate(0, 0, 1)
	})
}
