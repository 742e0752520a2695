package conform

import (
	"fmt"
	"strconv"
	"strings"
)

// maxShown is how many bytes of a cell a message shows.
const maxShown = 120

// clipped returns a cell as a message may show it: card numbers masked, and not without end.
func clipped(cell []byte) string {
	shown := string(cut(Mask(cut(cell, 2*maxShown)), maxShown))
	if len(shown) < len(cell) {
		shown += "…"
	}
	return shown
}

// maxListed is how many names a message lists.
const maxListed = 40

func quoted(texts []string) []string {
	quotes := make([]string, len(texts))
	for i, text := range texts {
		quotes[i] = strconv.Quote(text)
	}
	return quotes
}

// quoteAll lists texts for a message.
func quoteAll(texts []string) string {
	if rest := len(texts) - maxListed; rest > 0 {
		return strings.Join(quoted(texts[:maxListed]), ", ") + fmt.Sprintf(" and %d more", rest)
	}
	return strings.Join(quoted(texts), ", ")
}

// yamlHint says which line to add where.
func (b *binder) yamlHint(under, line, comment string) string {
	return yamlHint(b.file.Source.Name, under, line, comment)
}

func yamlHint(source, under, line, comment string) string {
	hint := fmt.Sprintf("add under \"%s:\" of source %q the line %s", under, source, line)
	if comment != "" {
		hint += ", " + comment
	}
	return hint
}

// yamlText prints a text as a YAML scalar: plain where it cannot be taken for anything else.
func yamlText(text string) string {
	plain := text != ""
	for i, c := range text {
		isLetter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x2E80 && c < 0xFF00
		isInner := i > 0 && (c == '_' || c == '-' || c == '/' || c >= '0' && c <= '9' || c == ' ' && i < len(text)-1)
		plain = plain && (isLetter || isInner)
	}
	switch strings.ToLower(text) {
	case "yes", "no", "on", "off", "y", "n", "true", "false", "null":
		plain = false
	}
	if plain {
		return text
	}
	return strconv.Quote(text)
}
