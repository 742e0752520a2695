package conform

import (
	"maps"

	"github.com/tapcov/tapcov/pipeline/export"
)

// The classes of a reject.
const (
	ClassTerminal    = "terminal"     // a row that was a terminal and could not be read
	ClassNotTerminal = "not_terminal" // a blank row, a total, a repeated header, a note
	ClassField       = "field"        // a field defect: the row is in the inventory, the cell is not
)

// fault is why a cell has no value of its own; faultNone also stands for a blank cell.
type fault uint8

const (
	faultNone fault = iota
	faultFlag
	faultWord
	faultDate
	faultCount
)

// reason returns the reason code of the field defect.
func (f fault) reason() string {
	return [...]string{"", "flag_unknown", "value_unknown", "date_invalid", "count_invalid"}[f]
}

// The reason codes of rows that are set aside. Damaged ids are COLUMN_DAMAGE, such as
// terminal_id_scientific, for the damages of identifiers.
const (
	reasonEncoding       = "encoding"
	reasonQuoteOpen      = "quote_open"
	reasonQuoteStray     = "quote_stray"
	reasonTooLong        = "record_too_long"
	reasonTorn           = "character_torn"
	reasonCut            = "record_cut"
	reasonJSON           = "json_invalid"
	reasonColumnsMissing = "columns_missing"
	reasonColumnsExtra   = "columns_extra"
	reasonBlank          = "blank"
	reasonTotal          = "total"
	reasonHeader         = "header_repeated"
	reasonNote           = "note"
	reasonTrailer        = "trailer"
)

// The codes of notes: rows that are in the inventory and deserve a sentence.
const (
	NoteShape  = "terminal_id_shape"  // longer than the 8 characters of a terminal id: a serial number, perhaps
	NoteShort  = "columns_padded"     // shorter than the header: the profile says that what lacks is blank
	NotePadded = "terminal_id_padded" // filled up to 8 digits because the source is declared numeric
)

func faultReason(f export.Fault) string {
	switch f {
	case export.FaultEncoding:
		return reasonEncoding
	case export.FaultOpenQuote:
		return reasonQuoteOpen
	case export.FaultQuote:
		return reasonQuoteStray
	case export.FaultTorn:
		return reasonTorn
	case export.FaultCut:
		return reasonCut
	case export.FaultJSON:
		return reasonJSON
	default:
		return reasonTooLong
	}
}

// rowReasons are the reason codes of rows that are set aside for what they are as a whole, with their class.
var rowReasons = map[string]string{
	reasonEncoding: ClassTerminal, reasonQuoteOpen: ClassTerminal, reasonQuoteStray: ClassTerminal,
	reasonTooLong: ClassTerminal, reasonTorn: ClassTerminal, reasonCut: ClassTerminal, reasonJSON: ClassTerminal,
	reasonColumnsMissing: ClassTerminal, reasonColumnsExtra: ClassTerminal,
	reasonBlank: ClassNotTerminal, reasonTotal: ClassNotTerminal, reasonHeader: ClassNotTerminal, reasonNote: ClassNotTerminal,
	reasonTrailer: ClassNotTerminal,
}

// Reasons returns every reason code that a reject can have, with its class.
func Reasons() map[string]string {
	all := maps.Clone(rowReasons)
	for f := faultFlag; f <= faultCount; f++ {
		all[f.reason()] = ClassField
	}
	damages := []string{damageBlank, damageScientific, damageControl, damageLong, damageReplacement}
	for _, damage := range damages {
		all[terminalIDColumn+"_"+damage] = ClassTerminal
	}
	for _, c := range canonicalColumns {
		for _, damage := range damages[1:] { // blank is no damage where an id may be missing
			if c.kind == kindIdentifier {
				all[c.name+"_"+damage] = ClassField
			}
		}
	}
	return all
}
