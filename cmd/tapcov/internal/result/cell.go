package result

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
)

// column writes the cells of one column of a batch.
type column struct {
	arrow.Array
	isNumber bool // or boolean: nothing that needs quotes
	isText   bool // of whatever characters; false: of ours
	add      func(to []byte, row int) []byte
}

// columnsOf prepares the columns of a batch, so that what a type asks for is found once and not in every
// cell.
func columnsOf(batch arrow.RecordBatch) []column {
	columns := make([]column, batch.NumCols())
	for i, values := range batch.Columns() {
		columns[i] = columnOf(values)
	}
	return columns
}

func columnOf(values arrow.Array) column {
	c := column{Array: values}
	switch values := values.(type) {
	case *array.String:
		c.isText = true
		c.add = func(to []byte, row int) []byte { return append(to, values.Value(row)...) }
	case *array.Boolean:
		c.isNumber = true
		c.add = func(to []byte, row int) []byte { return strconv.AppendBool(to, values.Value(row)) }
	case *array.Int8:
		c.isNumber, c.add = true, integers(values.Value)
	case *array.Int16:
		c.isNumber, c.add = true, integers(values.Value)
	case *array.Int32:
		c.isNumber, c.add = true, integers(values.Value)
	case *array.Int64:
		c.isNumber, c.add = true, integers(values.Value)
	case *array.Float64:
		c.isNumber = true
		c.add = func(to []byte, row int) []byte { return appendFloat(to, values.Value(row), 64) }
	case *array.Float32:
		c.isNumber = true
		c.add = func(to []byte, row int) []byte { return appendFloat(to, float64(values.Value(row)), 32) }
	case *array.Date32:
		var last arrow.Date32 // the same day mostly stands on row after row
		var text []byte
		c.add = func(to []byte, row int) []byte {
			if day := values.Value(row); day != last || text == nil {
				last, text = day, day.ToTime().AppendFormat(text[:0], time.DateOnly)
			}
			return append(to, text...)
		}
	case *array.Timestamp:
		unit := values.DataType().(*arrow.TimestampType).Unit
		c.add = func(to []byte, row int) []byte {
			return values.Value(row).ToTime(unit).AppendFormat(to, "2006-01-02 15:04:05.999999")
		}
	case *array.Uint8, *array.Uint16, *array.Uint32, *array.Uint64, *array.Decimal128:
		c.isNumber = true
		c.add = func(to []byte, row int) []byte { return append(to, c.ValueStr(row)...) }
	default:
		c.isText = true
		c.add = func(to []byte, row int) []byte { return append(to, c.ValueStr(row)...) }
	}
	return c
}

func integers[T ~int8 | ~int16 | ~int32 | ~int64](value func(row int) T) func(to []byte, row int) []byte {
	return func(to []byte, row int) []byte { return strconv.AppendInt(to, int64(value(row)), 10) }
}

func appendFloat(to []byte, value float64, bits int) []byte {
	return strconv.AppendFloat(to, value, 'g', -1, bits)
}

// isNumeric tells whether the values of a type are numbers, which stand to the right in a table.
func isNumeric(t arrow.DataType) bool {
	return arrow.IsInteger(t.ID()) || arrow.IsFloating(t.ID()) || arrow.IsDecimal(t.ID())
}

// text is a cell as text, and whether it is null.
func (c column) text(row int) (text string, isNull bool) {
	if c.IsNull(row) {
		return "", true
	}
	return string(c.add(nil, row)), false
}

// What a byte of a text may mean to whoever reads it.
const (
	steers  = 1 << iota // a control character, or the first byte of what could steer a terminal
	divides             // it ends a cell or a line of CSV, or a quote
	escapes             // JSON writes it in another way
)

// meanings says of each byte what it may mean: texts are looked at byte by byte, and most have nothing.
var meanings = func() (table [256]uint8) {
	for b := range table {
		if b < ' ' || b == 0x7f || b == 0xc2 || b == 0xd8 || b == 0xe2 || b >= 0xf8 {
			table[b] |= steers
		}
	}
	for _, b := range []byte(",\"\r\n") {
		table[b] |= divides
	}
	for _, b := range []byte("\"\\") {
		table[b] |= escapes
	}
	return table
}()

// meaningOf returns what the bytes of a text may mean.
func meaningOf(text []byte) (meaning uint8) {
	for _, b := range text {
		meaning |= meanings[b]
	}
	return meaning
}

// cleaned makes a text safe for a terminal, line ends and tabs kept.
func cleaned(text []byte) []byte {
	if meaningOf(text)&steers == 0 {
		return text
	}
	return []byte(output.CleanLines(string(text)))
}

// appendJSON writes a cell as JSON.
func (c column) appendJSON(to []byte, row int, scratch *[]byte) []byte {
	switch {
	case c.IsNull(row):
		return append(to, "null"...)
	case c.isNumber:
		if f, ok := c.Array.(*array.Float64); ok && (math.IsNaN(f.Value(row)) || math.IsInf(f.Value(row), 0)) {
			return append(to, "null"...) // JSON has no word for it
		}
		return c.add(to, row)
	case isNested(c.DataType()):
		encoded, err := json.Marshal(c.GetOneForMarshal(row))
		if err != nil {
			return append(to, "null"...)
		}
		return append(to, encoded...)
	}
	*scratch = c.add((*scratch)[:0], row)
	return appendJSONText(to, *scratch)
}

func isNested(t arrow.DataType) bool {
	switch t.ID() {
	case arrow.LIST, arrow.STRUCT, arrow.MAP, arrow.FIXED_SIZE_LIST:
		return true
	}
	return false
}

// appendJSONText writes a text as JSON, with escapes for what could steer a terminal.
func appendJSONText(to, text []byte) []byte {
	to = append(to, '"')
	if meaningOf(text)&(steers|escapes) == 0 {
		return append(append(to, text...), '"')
	}
	for _, r := range string(text) {
		switch {
		case r == '"' || r == '\\':
			to = append(to, '\\', byte(r))
		case r == '\n':
			to = append(to, `\n`...)
		case r == '\t':
			to = append(to, `\t`...)
		case output.Clean(string(r)) != string(r):
			to = append(to, `\u`...)
			to = append(to, strconv.FormatInt(int64(r)+0x10000, 16)[1:]...)
		default:
			to = utf8.AppendRune(to, r)
		}
	}
	return append(to, '"')
}
