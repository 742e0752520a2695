package conform

import (
	"bytes"
	"time"
)

const (
	secondsPerDay = 24 * 60 * 60
	microsPerDay  = secondsPerDay * 1_000_000
)

// moment is a date and, where it was given, the time of that day and the zone's offset from UTC.
type moment struct {
	days   int32 // since 1970-01-01
	micros int64 // since midnight
	offset int64 // of the zone, in microseconds
}

// timestamp returns the moment in microseconds since 1970 UTC; without a zone the time printed
// counts as UTC, so that times of one source compare.
func (m moment) timestamp() int64 { return int64(m.days)*microsPerDay + m.micros - m.offset }

// dates are the date layouts that a profile accepts.
type dates struct {
	usual   bool // the ones that cannot be mistaken: year first, or 年月日
	iso     bool // ISO 8601 besides the layouts: dates that a workbook has as such
	serial  bool // days of a spreadsheet
	layouts []layout
}

// parse reads a trimmed and folded text as a date, with a time and a zone or without.
func (d *dates) parse(text []byte) (moment, bool) {
	if d.usual || d.iso {
		if m, ok := parseISO(text); ok {
			return m, true
		}
	}
	if d.usual {
		if days, rest, ok := parseYearFirst(text); ok {
			return parseTime(days, rest)
		}
	}
	for _, l := range d.layouts {
		if m, ok := l.parseWhole(text); ok {
			return m, true
		}
	}
	if d.serial {
		return parseSerial(text)
	}
	return moment{}, false
}

// isNullDate reports whether text is a blank or one of the zeros that databases print for no date.
func isNullDate(text []byte) bool {
	if isNull(text) {
		return true
	}
	if text[0] != '0' {
		return false
	}
	for _, c := range text {
		switch c {
		case '0', '-', '/', '.', ':', ' ', 'T':
		default:
			return false
		}
	}
	return true
}

// parseISO reads yyyy-mm-dd, with / or . in place of -, and with hh:mm:ss behind a blank or without:
// what most cells are.
func parseISO(b []byte) (m moment, ok bool) {
	if len(b) != 10 && len(b) != 19 || b[4] != b[7] || b[4] != '-' && b[4] != '/' && b[4] != '.' {
		return m, false
	}
	two := func(i int) int {
		tens, ones := b[i]-'0', b[i+1]-'0'
		if tens > 9 || ones > 9 {
			return 1 << 16 // out of any range
		}
		return int(tens)*10 + int(ones)
	}
	if len(b) == 19 {
		hour, minute, second := two(11), two(14), two(17)
		if b[10] != ' ' || b[13] != ':' || b[16] != ':' || hour > 23 || minute > 59 || second > 59 {
			return m, false
		}
		m.micros = int64(hour*3600+minute*60+second) * 1_000_000
	}
	m.days, ok = daysOf(two(0)*100+two(2), two(5), two(8))
	return m, ok
}

var (
	yearMark  = []byte("年")
	monthMark = []byte("月")
	dayMarks  = [...][]byte{[]byte("日"), []byte("号")}
)

// parseYearFirst reads a date that starts with its year: yyyymmdd, or year, month and day with
// - / . or 年 月 日 between them. rest is what follows.
func parseYearFirst(b []byte) (days int32, rest []byte, ok bool) {
	year, rest, ok := number(b, 4, 4)
	if !ok || len(rest) == 0 {
		return 0, nil, false
	}
	monthDigits, mark, afterMonth := 1, rest[:1], rest[:1]
	switch {
	case bytes.HasPrefix(rest, yearMark):
		mark, afterMonth = yearMark, monthMark
	case rest[0] >= '0' && rest[0] <= '9':
		monthDigits, mark, afterMonth = 2, nil, nil
	case rest[0] != '-' && rest[0] != '/' && rest[0] != '.':
		return 0, nil, false
	}
	month, rest, ok := number(rest[len(mark):], monthDigits, 2)
	if !ok || !bytes.HasPrefix(rest, afterMonth) {
		return 0, nil, false
	}
	day, rest, ok := number(rest[len(afterMonth):], monthDigits, 2)
	if !ok {
		return 0, nil, false
	}
	for _, dayMark := range dayMarks {
		rest = bytes.TrimPrefix(rest, dayMark)
	}
	days, ok = daysOf(year, month, day)
	return days, rest, ok
}

// parseTime reads what follows a date: nothing, or a time as hh:mm, hh:mm:ss or hhmmss, with a
// fraction and a zone (Z, UTC, GMT or an offset) or without.
func parseTime(days int32, b []byte) (moment, bool) {
	m := moment{days: days}
	if b = bytes.TrimLeft(b, " T"); len(b) == 0 {
		return m, true
	}
	hour, b, ok := number(b, 1, 2)
	if !ok {
		return m, false
	}
	colon := len(b) > 0 && b[0] == ':'
	minute, b, ok := number(skip(b, ':'), 2, 2)
	second := 0
	if ok && len(b) > 0 && (!colon || b[0] == ':') {
		second, b, ok = number(skip(b, ':'), 2, 2)
	}
	if !ok || hour > 24 || minute > 59 || second > 60 {
		return m, false
	}
	m.micros = int64(hour*3600+minute*60+second) * 1_000_000
	if len(b) > 1 && (b[0] == '.' || b[0] == ',') {
		b = b[1:]
		for unit := int64(100_000); len(b) > 0 && b[0] >= '0' && b[0] <= '9'; unit /= 10 {
			m.micros += int64(b[0]-'0') * unit
			b = b[1:]
		}
	}
	m.offset, ok = parseZone(bytes.TrimLeft(b, " "))
	return m, ok
}

func parseZone(b []byte) (offset int64, ok bool) {
	switch string(b) {
	case "", "Z", "z", "UTC", "GMT":
		return 0, true
	}
	if b[0] != '+' && b[0] != '-' {
		return 0, false
	}
	hours, rest, ok := number(b[1:], 2, 2)
	if !ok {
		return 0, false
	}
	minutes := 0
	if len(rest) > 0 {
		if minutes, rest, ok = number(skip(rest, ':'), 2, 2); !ok || len(rest) > 0 {
			return 0, false
		}
	}
	offset = int64(hours*60+minutes) * 60 * 1_000_000
	if b[0] == '-' {
		offset = -offset
	}
	return offset, hours <= 18 && minutes < 60
}

// parseSerial reads a spreadsheet's day number with its fraction. Day 60 is the 29 February 1900
// that never was; before it the count is one off.
func parseSerial(b []byte) (moment, bool) {
	whole, fraction, _ := bytes.Cut(b, []byte{'.'})
	serial, ok := parseDigits(whole)
	if !ok || serial < 1 || serial == 60 || serial > 2_958_465 || len(fraction) > 18 {
		return moment{}, false
	}
	const epoch = 25_569 // the serial of 1970-01-01
	m := moment{days: int32(serial - epoch)}
	if serial < 60 {
		m.days++
	}
	if len(fraction) > 0 {
		part, ok := parseDigits(fraction)
		if !ok {
			return moment{}, false
		}
		scale := 1.0
		for range fraction {
			scale *= 10
		}
		m.micros = int64(float64(part)/scale*secondsPerDay+0.5) * 1_000_000
	}
	return m, true
}

// number reads a number of least to most digits from the front of b.
func number(b []byte, least, most int) (n int, rest []byte, ok bool) {
	i := 0
	for ; i < len(b) && i < most && b[i]-'0' <= 9; i++ {
		n = n*10 + int(b[i]-'0')
	}
	return n, b[i:], i >= least
}

func skip(b []byte, c byte) []byte {
	if len(b) > 0 && b[0] == c {
		return b[1:]
	}
	return b
}

// daysOf returns the days from 1970-01-01 to a date of the years 1900 to 9999, false if there is no
// such date.
func daysOf(year, month, day int) (int32, bool) {
	if year < 1900 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	// Years that start in March put the leap day last: every month before it has a fixed place.
	if month <= 2 {
		year, month = year-1, month+12
	}
	era := year*365 + year/4 - year/100 + year/400
	const march1970 = 1969*365 + 1969/4 - 1969/100 + 1969/400 + 306 // days before 1970-01-01, in the same count
	return int32(era + (153*(month-3)+2)/5 + day - 1 - march1970), true
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// isoDate prints days since 1970 as yyyy-mm-dd.
func isoDate(days int32) string {
	return time.Unix(int64(days)*secondsPerDay, 0).UTC().Format(time.DateOnly)
}
