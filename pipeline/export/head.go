package export

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/tapcov/tapcov/pipeline/export/jsonrow"
	"github.com/tapcov/tapcov/pipeline/export/text"
)

// detectEncoding settles the encoding: fixed by Options or a byte-order mark, or guessed and then open
// to be found wrong by Decode.
func (e *Export) detectEncoding(head []byte, whole bool) {
	marked, n := text.ByteOrderMark(head)
	switch fixed := e.reading.encoding; {
	case fixed != "" && marked != "" && marked != fixed:
		e.note(fmt.Sprintf("its byte-order mark says %s", marked))
	case marked != "":
		e.reading.encoding, e.bom = marked, n
	case fixed == "":
		e.reading.encoding = text.Guess(head, whole)
		e.reading.other = otherEncoding(e.reading.encoding)
	}
	e.format.Encoding, e.format.BOM = string(e.reading.encoding), e.bom > 0
}

// settleReading settles how records are cut into cells.
func (e *Export) settleReading(s *splitter, content []byte, end int, whole bool, known func(string) bool) {
	if e.fixed != nil {
		s.syntax, e.reading.cutter = lines, newFixedCutter(e.fixed, e.reading.encoding)
		e.format.Delimiter = "fixed"
		return
	}
	if !e.isFixed && !e.noHeader && areJSONLines(content[:end], whole) {
		s.syntax = lines
		s.reset(content, end, whole)
		s.run(0)
		e.json = newJSONCutter(s, e.asked)
		e.names, e.reading.cutter = e.json.columns.names, e.json
		e.format.Kind, e.format.Delimiter = "jsonl", "none"
		return
	}
	if !e.isFixed && !e.noHeader && jsonrow.IsDocument(content[:min(end, documentHead)]) {
		e.isDocument = true
	}
	e.detectDialect(s, content, end, whole, known)
	s.syntax = syntaxOf(e.dialect)
	e.describe()
	if e.names = nil; e.noHeader {
		e.names = e.asked
	}
}

// readHead splits the head of the file, after guessing the delimiter if it is not known.
func (e *Export) readHead(raw []byte, whole bool, known func(string) bool) {
	var damage text.Damage
	content := make([]byte, 0, len(raw)*3/2+padding)
	content, _ = e.reading.encoding.Append(content, raw[e.bom:], whole, &damage)
	end := len(content)
	content = append(content, make([]byte, padding)...)
	s := splitter{limit: e.reading.limit}
	e.settleReading(&s, content, end, whole, known)
	s.reset(content, end, whole)
	s.run(0)
	s.markRows(damage.At)
	if e.reading.cutter != nil {
		e.reading.cutter.cut(&s)
	}
	for i := range s.rows {
		s.rows[i].Line++
	}
	e.headEnd, e.isWhole = uint32(end), whole
	e.head = &Block{Data: s.data, Cells: s.cells, Rows: s.rows, Names: e.names}
	if e.noHeader && len(e.names) == 0 {
		found := e.Finding()
		for i := range found.Width() {
			e.head.Names = append(e.head.Names, strconv.Itoa(i+1))
		}
	}
	if len(s.rows) > 0 || whole {
		e.reading.syntax = s.syntax
		e.format.LineEnd = lineEnd(e.head)
	}
}

// lineEnd names how the records of a Block end.
func lineEnd(b *Block) string {
	found := ""
	for _, row := range b.Rows {
		var kind string
		switch rest := b.Data[row.End:]; {
		case bytes.HasPrefix(rest, []byte("\r\n")):
			kind = "crlf"
		case rest[0] == '\n':
			kind = "lf"
		case rest[0] == '\r':
			kind = "cr"
		default:
			continue // the end of the file, or of what is kept of an overlong line
		}
		if found != "" && found != kind {
			return "mixed"
		}
		found = kind
	}
	if found == "" {
		return "none"
	}
	return found
}
