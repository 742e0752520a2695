package sample

import (
	"fmt"
	"slices"
	"time"
)

var orangesailHeader = []string{
	"收单机构", "终端号", "商户编码", "经营名称", "省份", "城市", "区县", "机型名称", "机身号",
	"终端类型", "终端状态", "装机日期", "闪付开通情况", "是否支持银联二维码", "最后修改时间",
}

var (
	orangesailStatus = map[string]string{
		inService: "正常", pending: "待装", suspended: "停用", lost: "停用", removed: "撤机",
	}
	orangesailType = map[string]string{
		deviceATM: "ATM", "pos": "传统POS", "mpos": "mPOS", "smart_pos": "智能POS",
		"telephone": "II型固定电话", deviceBarcode: "条码支付受理终端",
	}
	// How the processor writes the acquirers it speaks for.
	orangesailNames = map[*acquirer][]string{
		harbour:    {"海港银行", "海港", "00000901"},
		egret:      {"白鹭银行", "902"},
		wheatfield: {"麦浪银行", "麦浪"},
	}
)

// orangesailExport writes the file of Orange Sail, a processor: all of Wheatfield Bank, and some
// terminals of Harbour and Egret once more, in its own words.
func orangesailExport(e estate, m month) (*export, error) {
	books := slices.Concat(oneIn(11, e[harbour.id]), oneIn(12, e[egret.id]), e[wheatfield.id])
	b := newBatch(m, stream(15, uint64(m)), books)
	for _, r := range b.rows {
		r.removed = time.Time{} // it does not say
		if r.acquirer != wheatfield {
			r.name += "(橙帆)"
			r.updated = r.updated.Add(36 * time.Hour)
		}
	}
	spoilOrangesail(b)
	s := &sheet{
		export: &export{
			source: "orangesail", name: "orangesail-" + m.end().Format("2006-01") + ".csv.zst", month: m,
		},
		delimiter: ",", newline: "\n", encode: asUTF8, damage: []byte{0xff},
		nameCell: 3, width: len(orangesailHeader),
	}
	s.header(orangesailHeader)
	for i, r := range b.rows {
		s.record(r, orangesailCells(r, i))
	}
	return s.finish(asZstd)
}

// oneIn keeps every n-th terminal.
func oneIn(n int, books []*terminal) []*terminal {
	var kept []*terminal
	for i := 0; i < len(books); i += n {
		kept = append(kept, books[i])
	}
	return kept
}

func orangesailCells(r *record, i int) []string {
	place := r.merchant.place
	names := orangesailNames[r.acquirer]
	flag := map[answer]string{yes: "已开通", no: "未开通"}[r.declared]
	if r.declared == blank && i%2 == 0 {
		flag = "--"
	}
	province, city, county := trimSuffix(place.province), trimSuffix(place.city), place.county
	if r.noRegion {
		province, city, county = "", "", ""
	}
	return []string{
		names[i%len(names)],
		either(r.spelling, r.terminalID),
		r.merchantID,
		r.name,
		province,
		city,
		county,
		r.model.vendor + " " + r.model.name,
		r.serial,
		orangesailType[r.device],
		orangesailStatus[r.status],
		on(r.installed, "2006.01.02"),
		flag,
		chinese(answerOf(i%3 > 0)),
		on(r.updated, time.DateTime),
	}
}

func spoilOrangesail(b *batch) {
	guest := func(r *record) bool { return r.acquirer != wheatfield }
	b.spoil(3, atWork, func(r *record) {
		r.fate, r.spelling = damagedID, fmt.Sprintf("3.%02dE+05", b.rng.IntN(100))
	})
	b.spoil(2, atWork, setAside(damagedBytes))
	b.spoil(25, atWork, func(r *record) { r.noRegion = true })
	// The processor says yes where the acquirer says no.
	b.spoil(30, func(r *record) bool { return guest(r) && saying(no)(r) }, func(r *record) { r.declared = yes })
	// The processor knows what the acquirer left blank.
	b.spoil(20, func(r *record) bool { return guest(r) && saying(blank)(r) }, func(r *record) { r.declared = yes })
	// The processor has not heard of a removal, or has heard of one that did not happen.
	b.spoil(12, func(r *record) bool { return guest(r) && r.status == removed }, func(r *record) { r.status = inService })
	b.spoil(8, func(r *record) bool { return guest(r) && atWork(r) }, func(r *record) { r.status = removed })
	b.repeat(15, saying(no), func(original, copied *record) {
		copied.declared, copied.updated = yes, original.updated.Add(time.Hour)
	})
}
