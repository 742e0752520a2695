package columnar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow/float16"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// parquetColumn reads one column as text, a batch at a time.
type parquetColumn struct {
	reader  file.ColumnChunkReader
	maxDef  int16
	defs    []int16
	read    func(n int) (levels int64, values int, err error) // into the values that render writes
	render  func(to []byte, i int) []byte
	text    []byte
	ends    []int
	present []bool
}

// newParquetColumn chooses how values are written by the physical type and what it stands for.
func newParquetColumn(c *schema.Column) (*parquetColumn, error) {
	p := &parquetColumn{maxDef: c.MaxDefinitionLevel(), defs: make([]int16, batch)}
	logical := c.LogicalType()
	switch c.PhysicalType() {
	case parquet.Types.Boolean:
		values := make([]bool, batch)
		p.read = reading[bool, *file.BooleanColumnChunkReader](p, values)
		p.render = func(to []byte, i int) []byte { return strconv.AppendBool(to, values[i]) }
	case parquet.Types.Int32:
		values := make([]int32, batch)
		p.read = reading[int32, *file.Int32ColumnChunkReader](p, values)
		write := integers(logical, 32)
		p.render = func(to []byte, i int) []byte { return write(to, int64(values[i])) }
	case parquet.Types.Int64:
		values := make([]int64, batch)
		p.read = reading[int64, *file.Int64ColumnChunkReader](p, values)
		write := integers(logical, 64)
		p.render = func(to []byte, i int) []byte { return write(to, values[i]) }
	case parquet.Types.Int96:
		values := make([]parquet.Int96, batch)
		p.read = reading[parquet.Int96, *file.Int96ColumnChunkReader](p, values)
		p.render = func(to []byte, i int) []byte { return appendInt96(to, values[i]) }
	case parquet.Types.Float:
		values := make([]float32, batch)
		p.read = reading[float32, *file.Float32ColumnChunkReader](p, values)
		p.render = func(to []byte, i int) []byte { return appendFloat(to, float64(values[i]), 32) }
	case parquet.Types.Double:
		values := make([]float64, batch)
		p.read = reading[float64, *file.Float64ColumnChunkReader](p, values)
		p.render = func(to []byte, i int) []byte { return appendFloat(to, values[i], 64) }
	case parquet.Types.ByteArray:
		values := make([]parquet.ByteArray, batch)
		p.read = reading[parquet.ByteArray, *file.ByteArrayColumnChunkReader](p, values)
		write := texts(logical)
		p.render = func(to []byte, i int) []byte { return write(to, values[i]) }
	case parquet.Types.FixedLenByteArray:
		values := make([]parquet.FixedLenByteArray, batch)
		p.read = reading[parquet.FixedLenByteArray, *file.FixedLenByteArrayColumnChunkReader](p, values)
		write := texts(logical)
		p.render = func(to []byte, i int) []byte { return write(to, values[i]) }
	default:
		return nil, fmt.Errorf("type %s is unknown", c.PhysicalType())
	}
	return p, nil
}

// reading returns what reads a batch of values of one type.
func reading[T any, R interface {
	ReadBatch(n int64, values []T, defs, reps []int16) (int64, int, error)
}](p *parquetColumn, values []T) func(n int) (int64, int, error) {
	return func(n int) (int64, int, error) {
		reader, ok := p.reader.(R)
		if !ok {
			return 0, 0, errors.New("its pages are of another type than the footer says")
		}
		return reader.ReadBatch(int64(n), values, p.defs[:n], nil)
	}
}

// fill reads n rows.
func (p *parquetColumn) fill(n int) error {
	p.text, p.ends, p.present = p.text[:0], p.ends[:0], p.present[:0]
	for len(p.ends) < n {
		levels, values, err := p.read(n - len(p.ends))
		if err != nil {
			return err
		}
		if levels == 0 {
			return errors.Join(p.reader.Err(), errors.New("it ends too early"))
		}
		next := 0
		for _, def := range p.defs[:levels] {
			isPresent := p.maxDef == 0 || def == p.maxDef
			if isPresent {
				if next == values {
					return errors.New("it has fewer values than its levels say")
				}
				p.text = p.render(p.text, next)
				next++
			}
			p.present = append(p.present, isPresent)
			p.ends = append(p.ends, len(p.text))
		}
	}
	return nil
}

// cell returns the text of a row of the batch; false is null.
func (p *parquetColumn) cell(i int) ([]byte, bool) {
	start := 0
	if i > 0 {
		start = p.ends[i-1]
	}
	return p.text[start:p.ends[i]], p.present[i]
}

// integers returns how integers are written: as what they stand for.
func integers(logical schema.LogicalType, bits int) func(to []byte, v int64) []byte {
	switch l := logical.(type) {
	case schema.DateLogicalType:
		return appendDate
	case schema.TimestampLogicalType:
		unit := unitOf(l.TimeUnit())
		return func(to []byte, v int64) []byte { return appendTimestamp(to, v, unit, time.UTC) }
	case schema.TimeLogicalType:
		unit := unitOf(l.TimeUnit())
		return func(to []byte, v int64) []byte { return appendTime(to, v, unit) }
	case schema.DecimalLogicalType:
		scale := int(l.Scale())
		return func(to []byte, v int64) []byte { return appendDecimal(to, big.NewInt(v), scale) }
	case schema.IntLogicalType:
		if !l.IsSigned() {
			return func(to []byte, v int64) []byte {
				if bits == 32 {
					v = int64(uint32(v))
				}
				return strconv.AppendUint(to, uint64(v), 10)
			}
		}
	}
	return func(to []byte, v int64) []byte { return strconv.AppendInt(to, v, 10) }
}

func unitOf(unit schema.TimeUnitType) time.Duration {
	switch unit {
	case schema.TimeUnitMillis:
		return time.Millisecond
	case schema.TimeUnitMicros:
		return time.Microsecond
	}
	return time.Nanosecond
}

// texts returns how bytes are written: as what they stand for.
func texts(logical schema.LogicalType) func(to, v []byte) []byte {
	switch l := logical.(type) {
	case schema.DecimalLogicalType:
		scale := int(l.Scale())
		return func(to, v []byte) []byte { return appendDecimal(to, bigEndian(v), scale) }
	case schema.UUIDLogicalType:
		return appendUUID
	case schema.Float16LogicalType:
		return func(to, v []byte) []byte {
			if len(v) != 2 {
				return appendBytes(to, v)
			}
			return appendFloat(to, float64(float16.FromLEBytes(v).Float32()), 32)
		}
	}
	return appendBytes
}

func appendUUID(to, v []byte) []byte {
	if len(v) != 16 {
		return appendBytes(to, v)
	}
	for i, n := range []int{4, 2, 2, 2, 6} {
		if i > 0 {
			to = append(to, '-')
		}
		to = appendHex(to, v[:n])
		v = v[n:]
	}
	return to
}

// appendInt96 writes the timestamp that old writers store: nanoseconds of a day, and the Julian day.
func appendInt96(to []byte, v parquet.Int96) []byte {
	const epoch = 2_440_588 // Julian day of 1970-01-01
	nanos := int64(binary.LittleEndian.Uint64(v[:8]))
	day := int64(binary.LittleEndian.Uint32(v[8:])) - epoch
	return time.Unix(day*secondsPerDay, nanos).UTC().AppendFormat(to, "2006-01-02 15:04:05.999999999")
}
