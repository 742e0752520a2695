package conform

import (
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/tapcov/tapcov/pipeline/workspace"
)

// kind says how the cells of a canonical column are read and stored.
type kind uint8

const (
	kindTerminalID kind = iota
	kindIdentifier      // text; damaged values become null
	kindText            // free text, card numbers masked
	kindCode            // dictionary of whatever the source says
	kindWord            // dictionary of a closed vocabulary by the profile's map
	kindFlag            // dictionary of yes, no, unknown
	kindDate            // days since 1970
	kindTime            // microseconds since 1970
	kindCount           // whole numbers from 0
	kindScheme          // the region scheme, a constant
	kindEntry           // dictionary of what entry modes mean
	kindCardScheme      // dictionary of whose card it is
)

// canonicalColumn is a column of the inventory.
type canonicalColumn struct {
	name string
	kind kind
}

// canonicalColumns are the columns of the inventory in their order, after source_line and before
// what a profile keeps as extra_….
var canonicalColumns = []canonicalColumn{
	{"country", kindCode},
	{acquirerColumn, kindCode},
	{terminalIDColumn, kindTerminalID},
	{"merchant_id", kindIdentifier},
	{"merchant_name", kindText},
	{"category_code", kindCode},
	{"serial_number", kindIdentifier},
	{"vendor", kindCode},
	{"model", kindCode},
	{"license_code", kindCode},
	{"device_type", kindWord},
	{"status", kindWord},
	{"use", kindWord},
	{"connection", kindWord},
	{"installed_on", kindDate},
	{"removed_on", kindDate},
	{"updated_at", kindTime},
	{regionColumn, kindCode},
	{schemeColumn, kindScheme},
	{"address", kindText},
	{"contactless_flag", kindFlag},
	{"contactless_parameter", kindFlag},
	{"no_pin_flag", kindFlag},
	{"no_pin_parameter", kindFlag},
	{"mobile_flag", kindFlag},
	{"qr_flag", kindFlag},
	{"is_registered", kindFlag},
	{"transaction_count", kindCount},
	{"contactless_transaction_count", kindCount},
	{"mobile_contactless_transaction_count", kindCount},
	{"entry_modes", kindCode},
	{"last_transaction_on", kindDate},
}

const (
	terminalIDColumn = "terminal_id"
	acquirerColumn   = "acquirer_raw"
	regionColumn     = "region_raw"
	extraPrefix      = "extra_"
	schemeColumn     = "region_scheme"
	unknown          = "unknown"
)

// Dictionary columns have 32-bit indexes into a dictionary of their batch.
var dictionaryType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

// Schema returns the schema of inventory batches: the line, the number of each kind of trait, the
// canonical columns that are no traits, and then the extra columns, each a text of that name.
func Schema(extras []string) *arrow.Schema {
	fields := []arrow.Field{{Name: "source_line", Type: arrow.PrimitiveTypes.Int64}}
	for _, kind := range traitKinds {
		fields = append(fields, arrow.Field{Name: kind.name, Type: arrow.PrimitiveTypes.Int32})
	}
	for _, c := range canonicalColumns {
		if !isTrait(c.name) {
			fields = append(fields, c.field())
		}
	}
	for _, name := range extras {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	return arrow.NewSchema(fields, nil)
}

// UsageSchema returns the schema of batches of usage: the line, then the columns of usage exports.
func UsageSchema() *arrow.Schema {
	fields := []arrow.Field{{Name: "source_line", Type: arrow.PrimitiveTypes.Int64}}
	for _, c := range usageColumns {
		fields = append(fields, c.field())
	}
	return arrow.NewSchema(fields, nil)
}

func (c canonicalColumn) field() arrow.Field {
	return arrow.Field{Name: c.name, Type: c.kind.arrowType(), Nullable: c.kind != kindTerminalID}
}

// RejectSchema returns the schema of reject batches: one row per reject or field defect.
func RejectSchema() *arrow.Schema {
	text := func(name string, nullable bool) arrow.Field {
		return arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: nullable}
	}
	return arrow.NewSchema([]arrow.Field{
		{Name: "source_line", Type: arrow.PrimitiveTypes.Int64},
		text("class", false), text("reason", false), text("column_name", true), text("header", true),
		text("value", true), text("raw_text", true), text(acquirerColumn, true),
		text("source_cell", true), // of a workbook: Sheet!C5, or Sheet!5:5 for a whole row
	}, nil)
}

// Extras returns the extra_… columns that a profile keeps, in the order in which batches have them.
func Extras(profile workspace.Profile) []string {
	var extras []string
	for name := range profile.Columns {
		if strings.HasPrefix(name, extraPrefix) {
			extras = append(extras, name)
		}
	}
	slices.Sort(extras)
	return extras
}

func (k kind) arrowType() arrow.DataType {
	switch k {
	case kindTerminalID, kindIdentifier, kindText:
		return arrow.BinaryTypes.String
	case kindDate:
		return arrow.FixedWidthTypes.Date32
	case kindTime:
		return &arrow.TimestampType{Unit: arrow.Microsecond}
	case kindCount:
		return arrow.PrimitiveTypes.Int64
	default:
		return dictionaryType
	}
}

// canonicalName returns the inventory's name of a column that a profile or an alias table names.
func canonicalName(name string) string {
	switch name {
	case "acquirer", "acquirer_id":
		return acquirerColumn
	case "region":
		return regionColumn
	}
	return name
}

// profileName returns the name by which profiles know a column of the inventory.
func profileName(name string) string {
	if name == acquirerColumn {
		return "acquirer_id"
	}
	return name
}

// kindOf returns the kind of a column that a profile of the source may name.
func (f *File) kindOf(name string) (kind, bool) {
	if !f.isUsage() && strings.HasPrefix(name, extraPrefix) && len(name) > len(extraPrefix) {
		return kindText, true
	}
	for _, c := range f.columns() {
		if c.name == name && c.kind != kindScheme && c.kind != kindEntry {
			return c.kind, true
		}
	}
	return 0, false
}
