// Package reasons says in English and in Chinese what each reason code of a reject means and what
// its source should do about it. It is the one place for these words: the reports, the lists that go
// back to acquirers and the pages under docs/rejects all come from here.
package reasons

import (
	"slices"
	"strings"
)

// The classes of reasons.
const (
	Terminal    = "terminal"     // a row that was a terminal and could not be read
	NotTerminal = "not_terminal" // a row that was none
	Field       = "field"        // one cell; the terminal counts
	Delivery    = "delivery"     // the whole export is set aside
)

// Text is a text in both languages.
type Text struct{ En, Zh string }

// In returns the text in a language, "en" or "zh".
func (t Text) In(language string) string {
	if language == "zh" {
		return t.Zh
	}
	return t.En
}

// A Reason is what there is to say about one reason code.
type Reason struct {
	Code, Class string
	Name        Text   // a few words, for a table
	Means       Text   // what was found, and what it does to the count
	Action      Text   // what the source should do; of NotTerminal, that nothing is to be done
	Example     string // a value or a row that has this fault, as in the export
}

// All returns every reason in the order of the catalogue: rows first, then cells, then deliveries.
func All() []Reason { return slices.Clone(catalogue) }

// Of returns the reason of a code, and whether there is one.
func Of(code string) (Reason, bool) {
	at := slices.IndexFunc(catalogue, func(r Reason) bool { return r.Code == code })
	if at < 0 {
		return Reason{Code: code}, false
	}
	return catalogue[at], true
}

// Codes returns the codes of one class, or of all classes for "", in the order of the catalogue.
func Codes(class string) []string {
	var codes []string
	for _, r := range catalogue {
		if class == "" || r.Class == class {
			codes = append(codes, r.Code)
		}
	}
	return codes
}

// Consequence says what a class of reasons does to the count.
func Consequence(class string) Text { return consequences[class] }

// Class names a class in a few words.
func Class(class string) Text { return classes[class] }

var classes = map[string]Text{
	Terminal:    {"row rejected", "整行未采用"},
	NotTerminal: {"not a terminal", "非终端行"},
	Field:       {"cell not used", "单元格未采用"},
	Delivery:    {"delivery set aside", "整份文件搁置"},
}

var consequences = map[string]Text{
	Terminal: {
		"The row was a terminal and could not be read. It counts as a terminal of which nothing is known, so it widens the bounds and never narrows them.",
		"该行是一台终端，但无法读取。它作为状态未知的终端计入，只会放宽区间，不会收窄区间。",
	},
	NotTerminal: {
		"The row is not a terminal. It is counted in the tie-out and nowhere else.",
		"该行不是终端，只在对账时计数，不影响任何比例。",
	},
	Field: {
		"The terminal counts. This one cell is taken as blank; a flag is taken as unknown.",
		"终端照常计入，仅该单元格按空值处理；标识类字段按未知处理。",
	},
	Delivery: {
		"No row of the export is used. The last delivery of the source stands in for it, marked as carried, until a corrected one comes.",
		"整份文件不采用。在收到更正文件之前，沿用该来源最近一次报送的数据，并作标注。",
	},
}

// catalogue is rows, cells, and then deliveries.
var catalogue = slices.Concat(rows, identifierReasons(Terminal, "terminal_id", Text{"terminal id", "终端编号"}),
	cells, identifierReasons(Field, "merchant_id", Text{"merchant id", "商户编号"}),
	identifierReasons(Field, "serial_number", Text{"serial number", "终端序列号"}), deliveries)

// identifierReasons are the damages that the identifiers of one column can have.
func identifierReasons(class, column string, name Text) []Reason {
	var list []Reason
	fill := func(text Text) Text {
		return Text{strings.ReplaceAll(text.En, "{id}", name.En), strings.ReplaceAll(text.Zh, "{id}", name.Zh)}
	}
	for _, d := range damages {
		if d.Code == "blank" && class != Terminal {
			continue // blank is no damage where an id may be missing
		}
		list = append(list, Reason{
			Code: column + "_" + d.Code, Class: class, Example: d.Example,
			Name: fill(d.Name), Means: fill(d.Means), Action: fill(d.Action),
		})
	}
	return list
}
