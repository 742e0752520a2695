package engine

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Split cuts a text at the semicolons that end statements. The statements come without them, those of
// nothing but blanks and comments left out; rest is what follows the last semicolon, the beginning of a
// statement that has not ended yet.
func Split(text string) (statements []string, rest string) {
	start := 0
	hasCode := false
	for at := 0; at < len(text); {
		end, isCode := token(text, at)
		if text[at] == ';' {
			if hasCode {
				statements = append(statements, text[start:at])
			}
			start, hasCode = end, false
		}
		hasCode = hasCode || isCode && text[at] != ';'
		at = end
	}
	if !hasCode {
		return statements, ""
	}
	return statements, text[start:]
}

// Bare is a statement without the semicolon at its end and what follows it, so that it can stand in
// brackets. What else follows the semicolon than blanks and comments stays, and is no sound SQL in them.
func Bare(statement string) string {
	if statements, rest := Split(statement); len(statements) == 1 && rest == "" {
		return statements[0]
	}
	return statement
}

// token returns where the token that begins at a place ends, and whether it is more than a blank or a
// comment. One that never ends, ends with the text.
func token(text string, at int) (end int, isCode bool) {
	rest := text[at:]
	switch {
	case strings.HasPrefix(rest, "--"):
		return at + until(rest, 2, "\n"), false
	case strings.HasPrefix(rest, "/*"):
		return at + commentEnd(rest), false
	case rest[0] == '\'' || rest[0] == '"':
		return at + until(rest, 1, rest[:1]), true // two of them are two tokens, which is as good
	case (rest[0] == 'e' || rest[0] == 'E') && strings.HasPrefix(rest[1:], "'"):
		return at + escapedEnd(rest), true
	case rest[0] == '$':
		if tag := dollarTag(rest); tag != "" {
			return at + until(rest, len(tag), tag), true
		}
		return at + 1, true
	}
	first, size := utf8.DecodeRuneInString(rest)
	if unicode.IsSpace(first) {
		return at + size, false
	}
	for isWord(first) { // a word as a whole: the e of name'… is no mark of an escaped text
		at += size
		if at == len(text) {
			return at, true
		}
		if first, size = utf8.DecodeRuneInString(text[at:]); !isWord(first) {
			return at, true
		}
	}
	return at + size, true
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// until returns where a mark ends that is looked for from a place on.
func until(text string, from int, mark string) int {
	if found := strings.Index(text[from:], mark); found >= 0 {
		return from + found + len(mark)
	}
	return len(text)
}

// commentEnd returns where a block comment ends; there may be others in it.
func commentEnd(text string) int {
	depth := 0
	for at := 0; at < len(text); at++ {
		switch {
		case strings.HasPrefix(text[at:], "/*"):
			depth++
			at++
		case strings.HasPrefix(text[at:], "*/"):
			depth--
			at++
			if depth == 0 {
				return at + 1
			}
		}
	}
	return len(text)
}

// escapedEnd returns where a text E'…' ends, in which \' does not end it.
func escapedEnd(text string) int {
	for at := 2; at < len(text); at++ {
		switch text[at] {
		case '\\':
			at++
		case '\'':
			return at + 1
		}
	}
	return len(text)
}

// dollarTag returns the $tag$ that a text begins with, "" if it begins with none.
func dollarTag(text string) string {
	for at, r := range text[1:] {
		if r == '$' {
			return text[:at+2]
		}
		if !isWord(r) || at == 0 && unicode.IsDigit(r) {
			return ""
		}
	}
	return ""
}
