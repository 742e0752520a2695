package workspace

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// datePart is one part of a date as a profile writes it and as package time does.
type datePart struct {
	name, layout string
	is           string
}

// dateParts holds a longer name before those it begins with.
var dateParts = []datePart{
	{"yyyy", "2006", "year"},
	{"yy", "06", "year"},
	{"mmm", "Jan", "month"},
	{"mm", "01", "month"},
	{"mi", "04", "minute"},
	{"m", "1", "month"},
	{"dd", "02", "day"},
	{"d", "2", "day"},
	{"hh", "15", "hour"},
	{"ss", "05", "second"},
}

// DateLayout turns a layout in the notation of profiles, such as yyyy-mm-dd, into one for
// time.Parse. The parts are yyyy yy, mmm (Jan) mm m, dd d, and for times hh mi ss, each once; a
// year and a month are required. Of ASCII letters and digits only T and Z stand for themselves;
// all other characters do.
func DateLayout(notation string) (string, error) {
	var layout strings.Builder
	seen := map[string]bool{}
	for rest := notation; rest != ""; {
		part, ok := leadingPart(rest)
		if ok && seen[part.is] {
			return "", fmt.Errorf("date layout %q has the %s twice", notation, part.is)
		}
		if ok {
			seen[part.is] = true
			layout.WriteString(part.layout)
			rest = rest[len(part.name):]
			continue
		}
		r, size := utf8.DecodeRuneInString(rest)
		if r <= unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) && r != 'T' && r != 'Z' {
			return "", fmt.Errorf("date layout %q: %q is none of yyyy, yy, mmm, mm, m, dd, d, hh, mi, ss", notation, r)
		}
		layout.WriteString(rest[:size])
		rest = rest[size:]
	}
	if !seen["year"] || !seen["month"] {
		return "", fmt.Errorf("date layout %q needs a year and a month, such as yyyy-mm-dd", notation)
	}
	return layout.String(), nil
}

func leadingPart(rest string) (datePart, bool) {
	for _, part := range dateParts {
		if strings.HasPrefix(rest, part.name) {
			return part, true
		}
	}
	return datePart{}, false
}

// isDate reports whether text is a date in one of the layouts, given in the notation of profiles.
func isDate(text string, notations ...string) bool {
	for _, notation := range notations {
		layout, err := DateLayout(notation)
		if err != nil {
			continue
		}
		if _, err := time.Parse(layout, text); err == nil {
			return true
		}
	}
	return false
}
