package conform

import (
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// totalLabels start a row of totals, longest first; a subtotal counts a part of the export.
var totalLabels = []struct {
	text       string
	isSubtotal bool
}{
	{"total terminals", false},
	{"total records", false},
	{"grand total", false},
	{"total count", false},
	{"total rows", false},
	{"subtotal", true},
	{"sub-total", true},
	{"sub total", true},
	{"totals", false},
	{"total", false},
	{"sum", false},
	{"总记录数", false},
	{"记录总数", false},
	{"记录数", false},
	{"终端总数", false},
	{"合计", false},
	{"总计", false},
	{"共计", false},
	{"总数", false},
	{"小计", true},
}

// noteLabels start a line of prose below a table.
var noteLabels = []string{
	"注", "备注", "说明", "制表", "填表", "审核", "复核", "统计", "打印", "导出", "单位", "日期", "数据来源", "第", "共",
	"note", "source", "prepared by", "generated", "exported", "printed", "page", "end of",
}

// maxLabel is the longest cell, in bytes, that is taken for a label of a total.
const maxLabel = 64

// label is what a cell that starts a row of totals says.
type label struct {
	text       string
	isSubtotal bool
	count      int64 // printed beside the label in the same cell
	hasCount   bool
}

// mayBeLabel reports whether a cell could be the label of a total, by its first bytes: nearly every
// record asks this of its first cell.
func mayBeLabel(cell []byte) bool {
	if len(cell) < 3 || len(cell) > maxLabel {
		return false
	}
	if cell[0] >= 0x80 {
		switch string(cell[:3]) {
		case "合", "总", "共", "小", "记", "终":
			return true
		}
		return mayBeBlank[cell[0]]
	}
	switch [3]byte{cell[0] | 0x20, cell[1] | 0x20, cell[2] | 0x20} {
	case [3]byte{'t', 'o', 't'}, [3]byte{'s', 'u', 'm'}, [3]byte{'s', 'u', 'b'}, [3]byte{'g', 'r', 'a'}:
		return true
	}
	return mayBeBlank[cell[0]]
}

// totalLabel reports whether a cell is the label of a row of totals: one of the words with nothing
// after it but a count and its unit.
func totalLabel(cell []byte) (label, bool) {
	if !mayBeLabel(cell) {
		return label{}, false
	}
	text := fold.Text(string(cell))
	for _, l := range totalLabels {
		rest, ok := strings.CutPrefix(text, l.text)
		if !ok {
			continue
		}
		digits := strings.Trim(rest, " :()[]=台户笔个条数家共计")
		if digits == "" {
			return label{text: l.text, isSubtotal: l.isSubtotal}, true
		}
		count, ok := parseCount([]byte(digits))
		if !ok || digits == rest { // "total2016" is a name
			return label{}, false
		}
		return label{text: l.text, isSubtotal: l.isSubtotal, count: count, hasCount: true}, true
	}
	return label{}, false
}

// startsNote reports whether a cell starts like prose about the table.
func startsNote(cell []byte) bool {
	text := fold.Text(string(cell))
	for _, l := range noteLabels {
		if strings.HasPrefix(text, l) {
			return true
		}
	}
	return false
}
