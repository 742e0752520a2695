package xlsx

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tapcov/tapcov/pipeline/export/table"
	"github.com/tapcov/tapcov/pipeline/export/workbook/markup"
	"github.com/tapcov/tapcov/pipeline/export/workbook/numfmt"
)

// texts are the shared texts of a workbook, one behind the other.
type texts struct {
	data []byte
	ends []uint32
}

// at returns a text by its index.
func (t *texts) at(i int) ([]byte, bool) {
	if i < 0 || i >= len(t.ends) {
		return nil, false
	}
	start := uint32(0)
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.data[start:t.ends[i]], true
}

// readTexts reads the shared texts, up to the memory that may be kept.
func (b *Book) readTexts(part string) error {
	most := min(b.limits.Memory, 1<<31)
	inItem, inText := false, false
	return b.scan(part, func(s *markup.Scanner) error {
		switch s.Kind() {
		case markup.Start:
			switch s.Name() {
			case "si":
				inItem = true
			case "t":
				inText = inItem
			case "rPh": // how to pronounce it
				s.Skip()
			}
		case markup.End:
			switch s.Name() {
			case "si":
				inItem = false
				b.texts.ends = append(b.texts.ends, uint32(len(b.texts.data)))
			case "t":
				inText = false
			}
		case markup.Text:
			if inText {
				b.texts.data = append(b.texts.data, s.Text()...)
			}
		}
		if int64(len(b.texts.data)+4*len(b.texts.ends)) > most {
			return &table.LimitError{What: "its shared texts take", Limit: most, Unit: "bytes", Key: "limits.memory"}
		}
		return nil
	})
}

// maxStyles bounds the styles; programs refuse more than 64,000.
const maxStyles = 1 << 17

// readStyles reads the number formats of cells.
func (b *Book) readStyles(part string) error {
	codes := map[int]numfmt.Format{}
	inCells := false
	return b.scan(part, func(s *markup.Scanner) error {
		switch {
		case s.Is(markup.Start, "cellXfs"):
			inCells = true
		case s.Is(markup.End, "cellXfs"):
			inCells = false
		case s.Is(markup.Start, "numFmt"):
			code, _ := s.Attr("formatCode")
			codes[number(s, "numFmtId")] = numfmt.Parse(string(code))
		case inCells && s.Is(markup.Start, "xf"):
			id := number(s, "numFmtId")
			format, ok := codes[id]
			if !ok {
				format = numfmt.Builtin(id)
			}
			b.styles = append(b.styles, format)
		}
		if len(b.styles) > maxStyles || len(codes) > maxStyles {
			return &table.LimitError{What: "it has", Limit: maxStyles, Unit: "styles"}
		}
		return nil
	})
}

// number reads an attribute, 0 if it is none.
func number(s *markup.Scanner, name string) int {
	value, _ := s.Attr(name)
	n, err := strconv.Atoi(string(value))
	if err != nil {
		return 0
	}
	return n
}

// unescapeText resolves _x000D_ and the like, by which workbooks write control characters.
func unescapeText(text []byte) []byte {
	s := string(text)
	if !strings.Contains(s, "_x") {
		return text
	}
	var out []byte
	for {
		at := strings.Index(s, "_x")
		if at < 0 {
			return append(out, s...)
		}
		out = append(out, s[:at]...)
		s = s[at:]
		if len(s) >= 7 && s[6] == '_' {
			if r, err := strconv.ParseUint(s[2:6], 16, 16); err == nil {
				out = fmt.Appendf(out, "%c", rune(r))
				s = s[7:]
				continue
			}
		}
		out, s = append(out, s[:2]...), s[2:]
	}
}
