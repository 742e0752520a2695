package conform

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A card number may be written in groups, 6222 0202 0011 2230 434, and a line that is torn may have one
// across the borders of cells. Masking a number that is none costs a reader little; showing one costs
// its holder much.

const (
	maxSeparators = 3 // characters between two groups, such as ","
	leastGroup    = 3 // digits of a group in text that is whole, the last group aside
)

// group is a run of digits.
type group struct{ start, end, count int }

// maskGroups masks the card numbers of text that are written in groups and do not lie within one of the
// kept ranges. In torn text the borders of cells join groups too. Text is never changed.
func maskGroups(text []byte, kept []span, isTorn bool) []byte {
	masked := text
	for at := 0; ; {
		from, to, ok := nextGrouped(masked, at, kept, isTorn)
		if !ok {
			return masked
		}
		at = from // what is still shown of it may be a group of the next
		if &masked[0] == &text[0] {
			masked = bytes.Clone(text)
		}
		hideGrouped(masked[from:to])
	}
}

// mayHaveGroups reports whether text may hold a card number in groups, by every seventh byte: two of
// these in a row lie within one. It is for text of which there is a lot.
func mayHaveGroups(text []byte) bool {
	before := false
	for at := 6; at < len(text); at += 7 {
		c := text[at]
		is := c >= '0' && c <= '9' || c < 0x80 && isSeparator(rune(c), false)
		if is && before {
			return true
		}
		before = is
	}
	return false
}

// nextGrouped returns the range of the first card number in groups in text[at:].
func nextGrouped(text []byte, at int, kept []span, isTorn bool) (from, to int, ok bool) {
	var chain []group
	gap := 0
	for at < len(text) {
		if digitAt(text, at) > 0 {
			g := group{start: at}
			for n := digitAt(text, at); n > 0; n = digitAt(text, at) {
				at += n
				g.count++
			}
			g.end = at
			if within(kept, g.start, g.end) {
				chain = chain[:0]
				continue
			}
			chain, gap = append(chain, g), 0
			if from, to, ok = cardAtEnd(text, chain, isTorn); ok {
				// The longest number that starts here hides the most.
				return from, longest(text, from, to, kept, isTorn), true
			}
			continue
		}
		r, size := utf8.DecodeRune(text[at:])
		at += size
		if gap++; gap > maxSeparators || !isSeparator(r, isTorn) {
			chain = chain[:0]
		}
	}
	return 0, 0, false
}

// cardAtEnd returns the range of the groups at the end of a chain that are a card number, as many as
// there can be.
func cardAtEnd(text []byte, chain []group, isTorn bool) (from, to int, ok bool) {
	last := len(chain) - 1
	count := chain[last].count
	for first := last - 1; first >= 0; first-- {
		g := chain[first]
		if count += g.count; count > maxCardDigits || !isTorn && g.count < leastGroup {
			break
		}
		run := text[g.start:chain[last].end]
		if count >= minCardDigits && passesLuhnInGroups(run) && startsLikeCard(run) {
			from, to, ok = g.start, chain[last].end, true
		}
	}
	return from, to, ok
}

// longest returns the end of the longest card number that starts at from and ends at or after to.
func longest(text []byte, from, to int, kept []span, isTorn bool) int {
	end, gap, count := to, 0, 0
	for at := from; at < len(text) && count <= maxCardDigits && gap <= maxSeparators; {
		if digitAt(text, at) == 0 {
			r, size := utf8.DecodeRune(text[at:])
			if !isSeparator(r, isTorn) {
				break
			}
			at += size
			gap++
			continue
		}
		start := at
		for n := digitAt(text, at); n > 0; n = digitAt(text, at) {
			at += n
			count++
		}
		gap = 0
		if within(kept, start, at) {
			break
		}
		if at > to && count <= maxCardDigits && passesLuhnInGroups(text[from:at]) {
			end = at
		}
	}
	return end
}

// isSeparator tells the characters that may stand between the groups of a number. Asterisks hide digits
// already.
func isSeparator(r rune, isTorn bool) bool {
	switch {
	case r == '*' || r == '＊' || unicode.IsLetter(r) || unicode.IsNumber(r):
		return false
	case isTorn:
		return true
	}
	return r != '\n' && r != '\r' && !strings.ContainsRune("\t,;|:\"，；：", r)
}

// startsLikeCard reports whether digits begin as those of a payment card do, and as dates, amounts and
// most identifiers do not.
func startsLikeCard(run []byte) bool {
	first, count := 0, 0
	for at := 0; count < 4; {
		n := digitAt(run, at)
		if n == 0 {
			at++
			continue
		}
		first, count, at = 10*first+int(run[at+n-1]&0x0F), count+1, at+n
	}
	return first >= 3000 && first < 7000 || first >= 2221 && first <= 2720
}

// passesLuhnInGroups is passesLuhn for digits with other characters between them.
func passesLuhnInGroups(run []byte) bool {
	digits := make([]byte, 0, maxCardDigits)
	for at := 0; at < len(run); {
		n := digitAt(run, at)
		if n == 0 {
			at++
			continue
		}
		digits = append(digits, '0'+run[at+n-1]&0x0F)
		at += n
	}
	return passesLuhn(digits)
}

// hideGrouped replaces the digits of run between the first six and the last four; what stands between
// groups stays.
func hideGrouped(run []byte) {
	var digits []span
	for at := 0; at < len(run); {
		if n := digitAt(run, at); n > 0 {
			digits = append(digits, span{at, at + n})
			at += n
		} else {
			at++
		}
	}
	for _, d := range digits[shownFirst : len(digits)-shownLast] {
		if d.end-d.start == 1 {
			run[d.start] = '*'
		} else {
			run[d.start+2] = 0x8A // full-width asterisk
		}
	}
}

// hideCutNumber hides the digits at the end of a text that was cut off, but for the first six: they may
// be the beginning of a card number. Text is never changed.
func hideCutNumber(text []byte) []byte {
	var digits []span
	end := len(text)
	for gap := 0; end > 0 && gap <= maxSeparators && len(digits) < maxCardDigits; {
		if n := digitBefore(text, end); n > 0 {
			digits = append(digits, span{end - n, end})
			end -= n
			gap = 0
			continue
		}
		r, size := utf8.DecodeLastRune(text[:end])
		if !isSeparator(r, true) {
			break
		}
		end -= size
		gap++
	}
	if len(digits) <= shownFirst {
		return text
	}
	text = bytes.Clone(text)
	for _, d := range digits[:len(digits)-shownFirst] { // the last one first
		if d.end-d.start == 1 {
			text[d.start] = '*'
		} else {
			text[d.start+2] = 0x8A
		}
	}
	return text
}
