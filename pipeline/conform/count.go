package conform

import (
	"bytes"
	"math"
)

// parseCount reads a whole number from 0, in digits or with commas between thousands; a decimal
// part of zeros, as a spreadsheet writes it, is accepted. text is trimmed and folded.
func parseCount(text []byte) (int64, bool) {
	whole, decimals, _ := bytes.Cut(text, []byte{'.'})
	if len(whole) == 0 || len(bytes.Trim(decimals, "0")) > 0 {
		return 0, false
	}
	if n, ok := parseDigits(whole); ok {
		return n, true
	}
	groups := bytes.Split(whole, []byte{','})
	if len(groups[0]) == 0 || len(groups[0]) > 3 {
		return 0, false
	}
	n, ok := parseDigits(groups[0])
	for _, group := range groups[1:] {
		part, isNumber := parseDigits(group)
		if !ok || !isNumber || len(group) != 3 || n > (math.MaxInt64-part)/1000 {
			return 0, false
		}
		n = n*1000 + part
	}
	return n, ok
}

// parseDigits reads up to 18 digits.
func parseDigits(text []byte) (n int64, ok bool) {
	if len(text) == 0 || len(text) > 18 {
		return 0, false
	}
	for _, c := range text {
		if c -= '0'; c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	return n, true
}
