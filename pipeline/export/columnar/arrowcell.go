package columnar

import (
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// cellWriter appends the text of a row's value; false is null.
type cellWriter func(to []byte, row int) ([]byte, bool)

// appendWriters adds a writer for each column that an array is: several for a struct.
func appendWriters(writers []cellWriter, a arrow.Array) []cellWriter {
	if s, ok := a.(*array.Struct); ok {
		for i := range s.NumField() {
			for _, write := range appendWriters(nil, s.Field(i)) {
				writers = append(writers, func(to []byte, row int) ([]byte, bool) {
					if s.IsNull(row) {
						return to, false
					}
					return write(to, row)
				})
			}
		}
		return writers
	}
	write := writerOf(a)
	return append(writers, func(to []byte, row int) ([]byte, bool) {
		if a.IsNull(row) {
			return to, false
		}
		return write(to, row)
	})
}

// integer is what arrays of integers have in common.
type integer[T any] interface{ Value(int) T }

func signed[T int8 | int16 | int32 | int64](a integer[T]) cellWriter {
	return func(to []byte, row int) ([]byte, bool) { return strconv.AppendInt(to, int64(a.Value(row)), 10), true }
}

func unsigned[T uint8 | uint16 | uint32 | uint64](a integer[T]) cellWriter {
	return func(to []byte, row int) ([]byte, bool) { return strconv.AppendUint(to, uint64(a.Value(row)), 10), true }
}

func text(a integer[string]) cellWriter {
	return func(to []byte, row int) ([]byte, bool) { return append(to, a.Value(row)...), true }
}

func binaryText(a integer[[]byte]) cellWriter {
	return func(to []byte, row int) ([]byte, bool) { return appendBytes(to, a.Value(row)), true }
}

// writerOf returns what writes the values of an array that are not null.
func writerOf(a arrow.Array) cellWriter {
	switch a := a.(type) {
	case *array.String:
		return text(a)
	case *array.LargeString:
		return text(a)
	case *array.StringView:
		return text(a)
	case *array.Binary:
		return binaryText(a)
	case *array.LargeBinary:
		return binaryText(a)
	case *array.BinaryView:
		return binaryText(a)
	case *array.FixedSizeBinary:
		return binaryText(a)
	case *array.Int8:
		return signed(a)
	case *array.Int16:
		return signed(a)
	case *array.Int32:
		return signed(a)
	case *array.Int64:
		return signed(a)
	case *array.Uint8:
		return unsigned(a)
	case *array.Uint16:
		return unsigned(a)
	case *array.Uint32:
		return unsigned(a)
	case *array.Uint64:
		return unsigned(a)
	case *array.Dictionary:
		inner := writerOf(a.Dictionary())
		return func(to []byte, row int) ([]byte, bool) {
			at := a.GetValueIndex(row)
			if a.Dictionary().IsNull(at) {
				return to, false
			}
			return inner(to, at)
		}
	case *array.RunEndEncoded:
		inner := writerOf(a.Values())
		return func(to []byte, row int) ([]byte, bool) {
			at := a.GetPhysicalIndex(row)
			if a.Values().IsNull(at) {
				return to, false
			}
			return inner(to, at)
		}
	case array.ExtensionArray:
		return writerOf(a.Storage())
	}
	return rareWriterOf(a)
}

// rareWriterOf goes on with writerOf: numbers with a fraction, dates and times, and whatever else there is.
func rareWriterOf(a arrow.Array) cellWriter {
	switch a := a.(type) {
	case *array.Float16:
		return func(to []byte, row int) ([]byte, bool) {
			return appendFloat(to, float64(a.Value(row).Float32()), 32), true
		}
	case *array.Float32:
		return func(to []byte, row int) ([]byte, bool) { return appendFloat(to, float64(a.Value(row)), 32), true }
	case *array.Float64:
		return func(to []byte, row int) ([]byte, bool) { return appendFloat(to, a.Value(row), 64), true }
	case *array.Date32:
		return func(to []byte, row int) ([]byte, bool) { return appendDate(to, int64(a.Value(row))), true }
	case *array.Date64:
		return func(to []byte, row int) ([]byte, bool) {
			return split(int64(a.Value(row)), time.Millisecond).AppendFormat(to, time.DateOnly), true
		}
	case *array.Timestamp:
		unit, at := arrowUnit(a.DataType().(*arrow.TimestampType).Unit), location(a.DataType().(*arrow.TimestampType).TimeZone)
		return func(to []byte, row int) ([]byte, bool) {
			return appendTimestamp(to, int64(a.Value(row)), unit, at), true
		}
	case *array.Time32:
		unit := arrowUnit(a.DataType().(*arrow.Time32Type).Unit)
		return func(to []byte, row int) ([]byte, bool) { return appendTime(to, int64(a.Value(row)), unit), true }
	case *array.Time64:
		unit := arrowUnit(a.DataType().(*arrow.Time64Type).Unit)
		return func(to []byte, row int) ([]byte, bool) { return appendTime(to, int64(a.Value(row)), unit), true }
	case *array.Decimal128:
		scale := int(a.DataType().(*arrow.Decimal128Type).Scale)
		return func(to []byte, row int) ([]byte, bool) { return appendDecimal(to, a.Value(row).BigInt(), scale), true }
	case *array.Decimal256:
		scale := int(a.DataType().(*arrow.Decimal256Type).Scale)
		return func(to []byte, row int) ([]byte, bool) { return appendDecimal(to, a.Value(row).BigInt(), scale), true }
	}
	// What is left prints itself; lists and maps as JSON.
	return func(to []byte, row int) ([]byte, bool) { return append(to, a.ValueStr(row)...), true }
}

func arrowUnit(unit arrow.TimeUnit) time.Duration {
	return map[arrow.TimeUnit]time.Duration{
		arrow.Second: time.Second, arrow.Millisecond: time.Millisecond, arrow.Microsecond: time.Microsecond, arrow.Nanosecond: time.Nanosecond,
	}[unit]
}
