package conform

import "bytes"

// A card number has 13 to 19 digits.
const (
	minCardDigits = 13
	maxCardDigits = 19
	shownFirst    = 6
	shownLast     = 4
)

// Mask returns text with each card number in it masked: of a run of 13 to 19 digits that passes the
// Luhn check, all but the first six and the last four are replaced by asterisks. The digits may stand
// in groups; full-width digits are digits. The length in bytes stays the same. Text without a card
// number is returned as it is, not copied; text itself is never changed.
func Mask(text []byte) []byte { return maskAll(text, nil, false) }

// maskText is Mask for the many cells of free text.
func maskText(text []byte) []byte {
	if !mayHaveGroups(text) {
		return maskExcept(text, nil)
	}
	return Mask(text)
}

// maskTorn is Mask for a record that could not be split into cells: a number may go across their borders.
func maskTorn(text []byte) []byte { return maskAll(text, nil, true) }

// maskAll masks numbers in groups and then those in one, until there are none: what is left of one may
// be a group of another.
func maskAll(text []byte, kept []span, isTorn bool) []byte {
	for len(text) > 0 {
		masked := maskExcept(maskGroups(text, kept, isTorn), kept)
		if &masked[0] == &text[0] {
			break
		}
		text = masked
	}
	return text
}

// maskExcept masks the card numbers of text that do not lie within one of the kept ranges.
func maskExcept(text []byte, kept []span) []byte {
	masked := text
	for from := 0; ; {
		start, end, ok := nextCard(text, from)
		if !ok {
			return masked
		}
		from = end
		if within(kept, start, end) {
			continue
		}
		if &masked[0] == &text[0] {
			masked = bytes.Clone(text)
		}
		hideDigits(masked[start:end])
	}
}

// span is a range of bytes.
type span struct{ start, end int }

func within(spans []span, start, end int) bool {
	for _, s := range spans {
		if s.start <= start && end <= s.end {
			return true
		}
	}
	return false
}

// nextCard returns the range of the first card number in text[from:], where no digit stands right
// before from. Thirteen digits in a row cover one of every thirteen bytes, so only these are looked at.
func nextCard(text []byte, from int) (start, end int, ok bool) {
	for probe := from + minCardDigits - 1; probe < len(text); probe += minCardDigits {
		at := digitAround(text, probe)
		if at < 0 {
			continue
		}
		start, end = at, at
		count := 0
		for n := digitBefore(text, start); n > 0; n = digitBefore(text, start) {
			start -= n
			count++
		}
		for n := digitAt(text, end); n > 0; n = digitAt(text, end) {
			end += n
			count++
		}
		if count >= minCardDigits && count <= maxCardDigits && passesLuhn(text[start:end]) {
			return start, end, true
		}
		probe = end - 1
	}
	return 0, 0, false
}

// digitAt returns the length of the digit that starts at text[i], 0 if none does.
func digitAt(text []byte, i int) int {
	switch {
	case i >= len(text):
		return 0
	case text[i] >= '0' && text[i] <= '9':
		return 1
	case text[i] == 0xEF && i+2 < len(text) && text[i+1] == 0xBC && text[i+2] >= 0x90 && text[i+2] <= 0x99:
		return 3
	}
	return 0
}

// digitBefore returns the length of the digit that ends before text[i], 0 if none does.
func digitBefore(text []byte, i int) int {
	switch {
	case i >= 1 && text[i-1] >= '0' && text[i-1] <= '9':
		return 1
	case i >= 3 && digitAt(text, i-3) == 3:
		return 3
	}
	return 0
}

// digitAround returns the start of the digit that covers text[i], -1 if none does.
func digitAround(text []byte, i int) int {
	if c := text[i]; c >= '0' && c <= '9' {
		return i
	} else if c < 0x80 {
		return -1
	}
	for at := i; at >= 0 && at > i-3; at-- {
		if digitAt(text, at) == 3 {
			return at
		}
	}
	return -1
}

// The last byte of a full-width digit is 0x90 plus its value, that of an ASCII digit 0x30 plus it.
func passesLuhn(run []byte) bool {
	sum, double := 0, false
	for i := len(run); i > 0; i -= digitBefore(run, i) {
		digit := int(run[i-1] & 0x0F)
		if double {
			digit *= 2
			if digit > 9 {
				digit -= 9
			}
		}
		sum += digit
		double = !double
	}
	return sum%10 == 0
}

// hideDigits replaces the digits of run between the first six and the last four.
func hideDigits(run []byte) {
	end := len(run)
	for range shownLast {
		end -= digitBefore(run, end)
	}
	at := 0
	for range shownFirst {
		at += digitAt(run, at)
	}
	for at < end {
		if digitAt(run, at) == 1 {
			run[at] = '*'
			at++
			continue
		}
		run[at+2] = 0x8A // full-width asterisk
		at += 3
	}
}
