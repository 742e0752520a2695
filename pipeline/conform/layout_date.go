package conform

import (
	"fmt"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace"
)

// layout is a date layout of a profile, compiled.
type layout []layoutPart

// layoutPart is a field of a layout, or the text between two.
type layoutPart struct {
	field       byte // of layoutFields, 0 for text
	least, most int  // digits
	text        string
}

// The fields of a date and of the time of its day.
const (
	yearField      = 'Y'
	shortYearField = 'y'
	monthField     = 'm'
	monthNameField = 'b'
	dayField       = 'd'
	hourField      = 'h'
	minuteField    = 'i'
	secondField    = 's'
)

// layoutFields are the elements of Go's layouts that workspace.DateLayout writes, longest first.
var layoutFields = []struct {
	element string
	layoutPart
}{
	{"2006", layoutPart{field: yearField, least: 4, most: 4}},
	{"Jan", layoutPart{field: monthNameField}},
	{"01", layoutPart{field: monthField, least: 2, most: 2}},
	{"02", layoutPart{field: dayField, least: 2, most: 2}},
	{"04", layoutPart{field: minuteField, least: 2, most: 2}},
	{"05", layoutPart{field: secondField, least: 2, most: 2}},
	{"06", layoutPart{field: shortYearField, least: 2, most: 2}},
	{"15", layoutPart{field: hourField, least: 2, most: 2}},
	{"1", layoutPart{field: monthField, least: 1, most: 2}},
	{"2", layoutPart{field: dayField, least: 1, most: 2}},
}

// parseLayout compiles a layout in the notation of profiles. It reads as time.Parse would, several
// times as fast; dates are on the way of every row.
func parseLayout(notation string) (layout, error) {
	rest, err := workspace.DateLayout(notation)
	if err != nil {
		return nil, err
	}
	var l layout
next:
	for rest != "" {
		for _, f := range layoutFields {
			if after, ok := strings.CutPrefix(rest, f.element); ok {
				l, rest = append(l, f.layoutPart), after
				continue next
			}
		}
		if n := len(l); n == 0 || l[n-1].field != 0 {
			l = append(l, layoutPart{})
		}
		l[len(l)-1].text += rest[:1]
		rest = rest[1:]
	}
	return l, nil
}

// has reports whether a field is part of the layout.
func (l layout) has(field byte) bool {
	for _, part := range l {
		if part.field == field {
			return true
		}
	}
	return false
}

// parse reads a date, with the time of day if the layout has one, from the front of b; rest is what
// follows. Without a day it is the last one of the month.
func (l layout) parse(b []byte) (m moment, rest []byte, ok bool) {
	var year, month, hour, minute, second int
	day := 0
	for _, part := range l {
		n := 0
		switch part.field {
		case 0:
			if len(b) < len(part.text) || string(b[:len(part.text)]) != part.text {
				return m, nil, false
			}
			b = b[len(part.text):]
			continue
		case monthNameField:
			n, b, ok = monthName(b)
		default:
			n, b, ok = number(b, part.least, part.most)
		}
		if !ok {
			return m, nil, false
		}
		switch part.field {
		case yearField:
			year = n
		case shortYearField:
			if year = 2000 + n; n >= 69 {
				year -= 100
			}
		case monthField, monthNameField:
			month = n
		case dayField:
			day = n
		case hourField:
			hour = n
		case minuteField:
			minute = n
		case secondField:
			second = n
		}
	}
	if !l.has(dayField) && month >= 1 && month <= 12 {
		day = daysIn(year, month)
	}
	if m.days, ok = daysOf(year, month, day); !ok || hour > 24 || minute > 59 || second > 60 {
		return m, nil, false
	}
	m.micros = int64(hour*3600+minute*60+second) * 1_000_000
	return m, b, true
}

// monthName reads the first three letters of an English month.
func monthName(b []byte) (month int, rest []byte, ok bool) {
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	if len(b) < 3 {
		return 0, nil, false
	}
	name := string([]byte{b[0] | 0x20, b[1] | 0x20, b[2] | 0x20})
	at := strings.Index(names, name)
	return at/3 + 1, b[3:], at >= 0 && at%3 == 0
}

// parseWhole reads a date and, if the layout has no time itself, a time in one of the usual ways.
func (l layout) parseWhole(b []byte) (moment, bool) {
	m, rest, ok := l.parse(b)
	switch {
	case !ok:
		return m, false
	case l.has(hourField):
		return m, len(rest) == 0
	}
	return parseTime(m.days, rest)
}

// excelLayout in a profile's list of date layouts admits a spreadsheet's day numbers.
const excelLayout = "excel"

// newDates compiles the date layouts of a profile; an empty list is the usual ones.
func newDates(notations []string) (dates, []error) {
	d := dates{usual: len(notations) == 0}
	var problems []error
	for _, notation := range notations {
		if notation == excelLayout {
			d.serial = true
			continue
		}
		l, err := parseLayout(notation)
		switch {
		case err != nil:
			problems = append(problems, err)
		case !l.has(dayField):
			problems = append(problems, fmt.Errorf("date layout %q has no day", notation))
		default:
			d.layouts = append(d.layouts, l)
		}
	}
	return d, problems
}
