package columnar

import (
	"math"
	"math/big"
	"strconv"
	"time"
	"unicode/utf8"
)

// appendFloat writes the shortest decimal that means the number, without an exponent unless it is very
// large or very small.
func appendFloat(to []byte, v float64, bits int) []byte {
	format := byte('f')
	if a := math.Abs(v); a != 0 && (a < 1e-9 || a >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(to, v, format, -1, bits)
}

// appendDecimal writes an integer with the last scale digits behind the point.
func appendDecimal(to []byte, v *big.Int, scale int) []byte {
	digits := v.Text(10)
	if v.Sign() < 0 {
		to = append(to, '-')
		digits = digits[1:]
	}
	if scale < 0 {
		to = append(to, digits...)
		for range min(-scale, 100) {
			to = append(to, '0')
		}
		return to
	}
	for len(digits) <= scale {
		digits = "0" + digits
	}
	to = append(to, digits[:len(digits)-scale]...)
	if scale > 0 {
		to = append(to, '.')
		to = append(to, digits[len(digits)-scale:]...)
	}
	return to
}

// bigEndian reads an integer in two's complement.
func bigEndian(b []byte) *big.Int {
	v := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return v
}

const secondsPerDay = 24 * 60 * 60

// appendDate writes a day counted from 1970-01-01.
func appendDate(to []byte, days int64) []byte {
	return time.Unix(days*secondsPerDay, 0).UTC().AppendFormat(to, time.DateOnly)
}

// appendTime writes the time of a day.
func appendTime(to []byte, v int64, unit time.Duration) []byte {
	return split(v, unit).AppendFormat(to, "15:04:05.999999999")
}

// appendTimestamp writes a moment as a clock at the place shows it.
func appendTimestamp(to []byte, v int64, unit time.Duration, at *time.Location) []byte {
	return split(v, unit).In(at).AppendFormat(to, "2006-01-02 15:04:05.999999999")
}

// split turns a count of units since 1970 into a time. A product would overflow.
func split(v int64, unit time.Duration) time.Time {
	perSecond := int64(time.Second / unit)
	seconds, rest := v/perSecond, v%perSecond
	return time.Unix(seconds, rest*int64(unit)).UTC()
}

// appendBytes writes bytes as the text that they nearly always are, others in hexadecimal.
func appendBytes(to, v []byte) []byte {
	if utf8.Valid(v) {
		return append(to, v...)
	}
	return appendHex(append(to, "0x"...), v)
}

func appendHex(to, v []byte) []byte {
	const digits = "0123456789abcdef"
	for _, c := range v {
		to = append(to, digits[c>>4], digits[c&15])
	}
	return to
}
