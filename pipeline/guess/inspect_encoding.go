package guess

import (
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/tapcov/tapcov/pipeline/export"
)

// TextReading says how sure it is that a text has the encoding that it was read in.
type TextReading struct {
	Sure float64 `json:"sure"` // 0 to 1
	Why  string  `json:"why"`
}

// characters counts what speaks for an encoding.
type characters struct {
	wide    int64 // rows with characters other than ASCII
	checked int64 // such characters that were looked at
	usual   int64 // of these, those of everyday Chinese
}

func (c *characters) add(other characters) {
	c.wide += other.wide
	c.checked += other.checked
	c.usual += other.usual
}

// maxChecked bounds the characters of a Block that are looked at.
const maxChecked = 2000

// seeCharacters looks at the text of a row.
func (c *characters) seeCharacters(text []byte) {
	isWide := false
	for _, b := range text {
		if b >= utf8.RuneSelf {
			isWide = true
			break
		}
	}
	if !isWide {
		return
	}
	c.wide++
	if c.checked >= maxChecked {
		return
	}
	for _, r := range string(text) {
		if r >= utf8.RuneSelf && r != utf8.RuneError {
			c.checked++
			if isUsual(r) {
				c.usual++
			}
		}
	}
}

// isUsual reports whether a character is of the symbols or the first level of GB 2312, which hold nearly
// all of everyday text. Text of another encoding reads as rare ones.
func isUsual(r rune) bool {
	code, err := simplifiedchinese.GBK.NewEncoder().String(string(r))
	return err == nil && len(code) == 2 && code[0] >= 0xA1 && code[0] <= 0xD7 && code[1] >= 0xA1
}

// readingOf says how sure the encoding is.
func readingOf(summary export.Summary, counts *columnCounts, a *attempt) *TextReading {
	format := summary.Format
	switch {
	case format.BOM:
		return &TextReading{1, "its byte-order mark says so"}
	case a.isGuessed:
		return &TextReading{0.5, "a guess: it is neither UTF-8 nor GB18030"}
	case a.Encoding == format.Encoding && a.Encoding != "" && counts.wide == 0:
		return &TextReading{1, "as asked for"}
	case format.Encoding == "utf-16le" || format.Encoding == "utf-16be":
		return &TextReading{0.99, "every other byte tends to be NUL"}
	case counts.wide == 0:
		return &TextReading{1, "all of it is ASCII"}
	case format.Encoding == "utf-8":
		whole := counts.wide - min(summary.DamagedLines, counts.wide)
		sure := float64(whole) / float64(counts.wide)
		return &TextReading{sure, fmt.Sprintf("%d of %d rows beyond ASCII are UTF-8, which others hardly ever are", whole, counts.wide)}
	}
	sure := float64(counts.usual) / float64(max(counts.checked, 1))
	return &TextReading{sure, fmt.Sprintf("it is not UTF-8, and %.0f%% of its characters are of everyday Chinese", 100*sure)}
}
