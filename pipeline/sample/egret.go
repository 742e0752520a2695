package sample

import (
	"fmt"
	"time"
)

var egretHeader = []string{
	"Terminal ID", "Merchant ID", "Merchant Name", "MCC", "Device Type", "Status", "Installed", "Removed",
	"Province", "City", "District", "Address", "Vendor", "Model", "Serial No", "Contactless", "No PIN", "Updated",
}

var (
	egretStatus = map[string]string{suspended: "0", inService: "1", removed: "2", lost: "0", pending: "3"}
	egretType   = map[string]string{
		deviceATM: "ATM", "pos": "POS", "mpos": "MPOS", "smart_pos": "SMART", "telephone": "TEL", deviceBarcode: "QRBOX",
	}
)

// egretExport writes the list of Egret Bank: UTF-8 with a byte order mark, English headers, Y and N,
// day-first dates, printed in pages. From December on it comes compressed.
func egretExport(e estate, m month) (*export, error) {
	b := newBatch(m, stream(12, uint64(m)), e[egret.id])
	if m == 3 {
		b.drop(func(r *record) bool { return r.status == removed })
	}
	spoilEgret(b)
	s := &sheet{
		export:    &export{source: "egret", name: "egret_" + m.end().Format("200601") + ".csv", month: m},
		delimiter: ",", newline: "\n", encode: asUTF8, damage: []byte{0xe5, 0xff},
		nameCell: 2, width: len(egretHeader),
	}
	s.text.WriteString("\ufeff")
	s.header(egretHeader)
	for i, r := range b.rows {
		switch {
		case i > 0 && i%1500 == 0:
			s.note(repeatedHeader, egretHeader...)
		case i == 777:
			s.note(blankRow, "")
		}
		s.record(r, egretCells(r, i))
	}
	if m < 2 {
		return s.finish(nil)
	}
	s.export.name += ".gz"
	return s.finish(asGzip)
}

func egretCells(r *record, i int) []string {
	const dayFirst = "02/01/2006"
	place := r.merchant.place
	address := place.county + r.merchant.road
	switch i % 160 {
	case 0:
		address = r.merchant.road + "\n2层"
	case 80:
		address = r.merchant.road + `, "B" 座`
	}
	return []string{
		either(r.spelling, r.terminalID),
		either(r.merchantCell, r.merchantID),
		r.name,
		r.merchant.code,
		egretType[r.device],
		egretStatus[r.status],
		on(r.installed, dayFirst),
		on(r.removed, dayFirst),
		place.province,
		place.city,
		place.county,
		address,
		r.model.vendorEN,
		r.model.name,
		r.serial,
		letter(r.declared),
		letter(r.noPin),
		on(r.updated, dayFirst),
	}
}

// letter spells a flag as Y or N.
func letter(f answer) string {
	switch f {
	case yes:
		return "Y"
	case no:
		return "N"
	}
	return ""
}

func spoilEgret(b *batch) {
	b.spoil(3, atWork, func(r *record) {
		r.fate, r.spelling = damagedID, fmt.Sprintf("1.%02dE+4", b.rng.IntN(100))
	})
	b.spoil(2, atWork, setAside(damagedBytes))
	b.spoil(2, atWork, setAside(cellsMissing))
	b.spoil(20, atWork, func(r *record) { r.spelling = "'" + r.terminalID })
	b.spoil(20, func(r *record) bool { return r.merchant.brand != nil }, func(r *record) {
		r.name = fmt.Sprintf("%s, %s", r.merchant.brand.english, r.name)
	})
	b.spoil(8, atWork, func(r *record) { r.status = statusUnknown })
	// Installed after the month's end and yet in service.
	b.spoil(8, atWork, func(r *record) { r.installed = b.month.end().AddDate(0, 0, 1+b.rng.IntN(20)) })

	// The last rows of a page once more on the next.
	b.repeat(20, atWork, func(_, _ *record) {})
	// A removal and the return to service, each with its own row.
	b.repeat(10, atWork, func(original, copied *record) {
		copied.status, copied.removed = removed, original.installed.AddDate(0, 0, 30)
		copied.updated = original.updated.Add(-48 * time.Hour)
	})
}
