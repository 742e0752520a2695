package ods

import (
	"strconv"
	"strings"

	"github.com/tapcov/tapcov/pipeline/export/workbook/numfmt"
)

// plainNumber writes a number as workbooks do.
func plainNumber(text string) string {
	return string(numfmt.Format{}.AppendText(nil, []byte(text), false))
}

// clock writes PT12H30M05S as 12:30:05; what is none stays as it is.
func clock(text string) string {
	rest, ok := strings.CutPrefix(text, "PT")
	if !ok {
		return text
	}
	var parts [3]string
	for i, unit := range []string{"H", "M", "S"} {
		number, after, found := strings.Cut(rest, unit)
		if !found {
			number, after = "0", rest
		}
		if _, err := strconv.ParseFloat(number, 64); err != nil {
			return text
		}
		whole, fraction, _ := strings.Cut(number, ".")
		if len(whole) < 2 {
			whole = "0" + whole
		}
		if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
			whole += "." + fraction
		}
		parts[i], rest = whole, after
	}
	return strings.Join(parts[:], ":")
}

// isPadded reports whether a number is shown with zeros before it, as a code is.
func isPadded(shown []byte, value string) bool {
	zeros, ok := strings.CutSuffix(string(shown), value)
	return ok && value != "" && value[0] != '-' && strings.Trim(zeros, "0") == ""
}
