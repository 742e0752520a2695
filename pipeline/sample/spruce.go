package sample

import "time"

var spruceHeader = []string{
	"TERM_NO", "MER_NO", "MER_NAME", "TYPE", "STATE", "AREA_CODE", "INST_DATE", "REMOVE_DATE",
	"FACTORY", "MODEL", "SN", "CTLS_ON", "FF8054", "UPD_DATE",
}

var spruceStatus = map[string]string{
	pending: "00", inService: "01", suspended: "02", lost: "02", removed: "99",
}

// spruceExport writes what the terminal management system of Spruce Bank dumps: tab-separated UTF-16
// with the parameters that are loaded into each terminal.
func spruceExport(e estate, m month) (*export, error) {
	b := newBatch(m, stream(13, uint64(m)), e[spruce.id])
	for _, r := range b.rows {
		r.parameter, r.declared = r.declared, blank
		r.noPinParameter = blank
		if r.parameter != blank {
			r.noPinParameter = r.noPin
		}
	}
	spoilSpruce(b)
	s := &sheet{
		export:    &export{source: "spruce", name: "tms_dump_" + m.end().Format("20060102") + ".tsv", month: m},
		delimiter: "\t", newline: "\r\n", encode: asUTF16, damage: []byte{0x05, 0xd8},
		nameCell: 2, width: len(spruceHeader),
	}
	s.write("\ufeff")
	s.header(spruceHeader)
	for i, r := range b.rows {
		s.record(r, spruceCells(r, i))
	}
	return s.finish(nil)
}

func spruceCells(r *record, i int) []string {
	const compact = "20060102"
	parameter := bit(r.parameter)
	if r.parameter == blank && i%2 == 0 {
		parameter = "-1"
	}
	return []string{
		either(r.spelling, r.terminalID),
		r.merchantID,
		r.name,
		unionpayType[r.device],
		spruceStatus[r.status],
		r.merchant.place.code,
		on(r.installed, compact),
		on(r.removed, compact),
		r.model.vendorEN,
		r.model.name,
		r.serial,
		parameter,
		bit(r.noPinParameter),
		on(r.updated, "2006/01/02"),
	}
}

// bit spells a flag as 1 or 0.
func bit(f answer) string {
	switch f {
	case yes:
		return "1"
	case no:
		return "0"
	}
	return ""
}

func spoilSpruce(b *batch) {
	saying := func(f answer) func(*record) bool {
		return func(r *record) bool { return atWork(r) && r.parameter == f }
	}
	b.spoil(1, atWork, setAside(damagedBytes))
	b.spoil(2, atWork, func(r *record) { r.fate, r.terminalID, r.spelling = missingID, "", "--" })
	// Somebody noted a test card beside the name: the row has a cell too many, and a secret.
	b.spoil(1, atWork, func(r *record) { r.fate, r.extra = cellsExtra, "测试卡6200000000000005" })
	b.spoil(15, atWork, func(r *record) { r.spelling = fullWidth(r.terminalID) })
	b.spoil(15, atWork, func(r *record) { r.device = deviceUnknown })
	// Two parameters that cannot both be meant.
	b.spoil(8, saying(no), func(r *record) { r.noPinParameter = yes })
	// Loaded since, with a row of its own.
	b.repeat(10, saying(blank), func(original, copied *record) {
		copied.parameter, copied.noPinParameter = yes, no
		copied.updated = original.updated.Add(48 * time.Hour)
	})
}
