// Package xls reads legacy Excel workbooks: the records of BIFF8 in an OLE container.
//
// A workbook is held in memory, for its records point at each other; what can be wrong with one is
// refused with what and where.
package xls

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"

	"github.com/tapcov/tapcov/pipeline/export/table"
	"github.com/tapcov/tapcov/pipeline/export/workbook/numfmt"
)

// The records that are read.
const (
	recordFormula  = 0x0006
	recordEOF      = 0x000A
	recordDateMode = 0x0022
	recordFilePass = 0x002F
	recordContinue = 0x003C
	recordSheet    = 0x0085
	recordMulRK    = 0x00BD
	recordRString  = 0x00D6
	recordXF       = 0x00E0
	recordMerged   = 0x00E5
	recordSST      = 0x00FC
	recordLabelSST = 0x00FD
	recordNumber   = 0x0203
	recordLabel    = 0x0204
	recordBoolErr  = 0x0205
	recordString   = 0x0207
	recordArray    = 0x0221
	recordTable    = 0x0236
	recordRK       = 0x027E
	recordFormat   = 0x041E
	recordShared   = 0x04BC
	recordBOF      = 0x0809
)

const (
	versionBIFF8 = 0x0600
	workbookType = 0x0005
)

// signature begins an OLE container.
const signature = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

// isGarbled reports whether a file begins with what is left of the signature where something has taken
// it for text.
func isGarbled(head string) bool {
	rest := strings.TrimPrefix(strings.TrimPrefix(head, "\uFFFD"), "\uFFFD") // one for each byte, or for both
	return len(rest) < len(head) && strings.HasPrefix(rest, "\x11")
}

// Sniff reports whether a file is an OLE container, or was one.
func Sniff(head []byte, _ io.ReaderAt, _ int64) bool {
	return strings.HasPrefix(string(head), signature) || isGarbled(string(head))
}

// A Book is an open workbook. It is a table.Reader.
type Book struct {
	data     []byte // all records
	limits   table.Limits
	is1904   bool
	sheets   []sheet
	texts    []string
	styles   []numfmt.Format
	formulas map[int]int64 // cells, by sheet
}

type sheet struct {
	table.Info
	offset int
}

// Open reads a workbook.
func Open(file io.ReaderAt, size int64, limits table.Limits) (table.Reader, error) {
	head := make([]byte, min(size, 16))
	if _, err := file.ReadAt(head, 0); err != nil {
		return nil, err
	}
	if isGarbled(string(head)) {
		return nil, errors.New("it was a legacy workbook (XLS): its OLE signature and every other byte above 127 " +
			"were replaced when it was handled as text, which cannot be undone; ask for the file again, sent as binary")
	}
	data, err := workbookStream(file, size, limits)
	if err != nil {
		return nil, err
	}
	b := &Book{data: data, limits: limits, formulas: map[int]int64{}}
	if err := b.readGlobals(); err != nil {
		return nil, err
	}
	return b, nil
}

// workbookStream finds the stream of records in the container.
func workbookStream(file io.ReaderAt, size int64, limits table.Limits) ([]byte, error) {
	container, err := mscfb.New(file)
	if err != nil {
		return nil, fmt.Errorf("its OLE container is damaged: %w", err)
	}
	for range 10_000 {
		entry, err := container.Next()
		if err != nil {
			break
		}
		switch entry.Name {
		case "EncryptedPackage":
			return nil, errors.New("it is encrypted: ask for it without a password")
		case "WordDocument":
			return nil, errors.New("it is a Word document, not a workbook")
		case "Book":
			return nil, errors.New("it is a workbook of Excel 5.0 or 95, which is not read: save it as xlsx")
		case "Workbook":
			most := min(size, limits.Memory)
			data, err := io.ReadAll(io.LimitReader(entry, most+1))
			if err != nil {
				return nil, fmt.Errorf("its OLE container is damaged: %w", err)
			}
			switch {
			case int64(len(data)) > size:
				return nil, errors.New("its OLE container is damaged: a stream is longer than the file")
			case int64(len(data)) > most:
				return nil, &table.LimitError{What: "its workbook stream has", Limit: most, Unit: "bytes", Key: "limits.memory"}
			}
			return data, nil
		}
	}
	return nil, errors.New("it is a legacy Office file without a workbook")
}

// record is one record: where it starts, its type and its data.
type record struct {
	at, next int
	kind     uint16
	data     []byte
}

// recordAt reads the record at an offset.
func (b *Book) recordAt(at int) (record, error) {
	if at < 0 || at+4 > len(b.data) {
		return record{}, fmt.Errorf("its records end too early, at byte %d", at)
	}
	n := int(binary.LittleEndian.Uint16(b.data[at+2:]))
	if at+4+n > len(b.data) {
		return record{}, fmt.Errorf("its record at byte %d is cut short", at)
	}
	return record{at, at + 4 + n, binary.LittleEndian.Uint16(b.data[at:]), b.data[at+4 : at+4+n]}, nil
}

func (r record) u16(at int) int {
	if at+2 > len(r.data) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(r.data[at:]))
}

func (r record) u32(at int) uint32 {
	if at+4 > len(r.data) {
		return 0
	}
	return binary.LittleEndian.Uint32(r.data[at:])
}

// readGlobals reads what concerns the whole workbook.
func (b *Book) readGlobals() error {
	first, err := b.recordAt(0)
	switch {
	case err != nil:
		return err
	case first.kind != recordBOF || first.u16(2) != workbookType:
		return errors.New("its workbook stream begins with no workbook")
	case first.u16(0) != versionBIFF8:
		return errors.New("it is a workbook older than Excel 97, which is not read: save it as xlsx")
	}
	formats := map[int]numfmt.Format{}
	for at := first.next; ; {
		r, err := b.recordAt(at)
		if err != nil {
			return err
		}
		at = r.next
		switch r.kind {
		case recordEOF:
			if len(b.sheets) == 0 {
				return errors.New("it has no sheet")
			}
			return nil
		case recordFilePass:
			return errors.New("it is encrypted: ask for it without a password")
		case recordDateMode:
			b.is1904 = r.u16(0) == 1
		case recordSheet:
			b.addSheet(r)
		case recordFormat:
			code, _ := b.textOf(r, 2)
			formats[r.u16(0)] = numfmt.Parse(code)
		case recordXF:
			format, ok := formats[r.u16(2)]
			if !ok {
				format = numfmt.Builtin(r.u16(2))
			}
			b.styles = append(b.styles, format)
		case recordSST:
			if at, err = b.readTexts(r); err != nil {
				return err
			}
		}
	}
}

func (b *Book) addSheet(r record) {
	const worksheet = 0
	if len(r.data) < 8 || r.data[5] != worksheet {
		return
	}
	c := cursor{parts: [][]byte{r.data[6:]}}
	n := int(c.byte())
	name := c.text(n)
	b.sheets = append(b.sheets, sheet{table.Info{Name: name, IsHidden: r.data[4]&3 != 0}, int(r.u32(0))})
}

// readTexts reads the shared texts and the records that continue them.
func (b *Book) readTexts(first record) (next int, err error) {
	c, next := b.continued(first, 8)
	for !c.isDone() {
		text := c.longText()
		if c.failed {
			break // the count is not to be trusted; a cell that misses one says so
		}
		b.texts = append(b.texts, text)
	}
	return next, nil
}

// continued returns the data of a record from an offset, with that of the records that continue it.
func (b *Book) continued(r record, from int) (c cursor, next int) {
	c = cursor{parts: [][]byte{r.data[min(from, len(r.data)):]}}
	for next = r.next; ; {
		more, err := b.recordAt(next)
		if err != nil || more.kind != recordContinue {
			return c, next
		}
		c.parts = append(c.parts, more.data)
		next = more.next
	}
}

// textOf reads a text with its length before it, from an offset.
func (b *Book) textOf(r record, from int) (string, bool) {
	c, _ := b.continued(r, from)
	text := c.longText()
	return text, !c.failed
}

// A cursor reads data that is spread over several records.
type cursor struct {
	parts  [][]byte
	failed bool
}

func (c *cursor) isDone() bool {
	for len(c.parts) > 0 && len(c.parts[0]) == 0 {
		c.parts = c.parts[1:]
	}
	return len(c.parts) == 0
}

func (c *cursor) byte() byte {
	if c.isDone() {
		c.failed = true
		return 0
	}
	v := c.parts[0][0]
	c.parts[0] = c.parts[0][1:]
	return v
}

func (c *cursor) u16() int { return int(c.byte()) | int(c.byte())<<8 }

func (c *cursor) skip(n int) {
	for n > 0 {
		if c.isDone() {
			c.failed = true
			return
		}
		step := min(n, len(c.parts[0]))
		c.parts[0] = c.parts[0][step:]
		n -= step
	}
}

// longText reads a text with its length, formatting and phonetics.
func (c *cursor) longText() string {
	n := c.u16()
	if c.failed || c.isDone() {
		c.failed = true
		return ""
	}
	const hasPhonetics, isRich = 4, 8
	flags := c.parts[0][0]
	runs, phonetics := 0, 0
	if flags&(isRich|hasPhonetics) != 0 {
		c.byte()
		if flags&isRich != 0 {
			runs = c.u16()
		}
		if flags&hasPhonetics != 0 {
			phonetics = c.u16() | c.u16()<<16
		}
		text := c.characters(n, flags)
		c.skip(4 * runs)
		c.skip(phonetics)
		return text
	}
	return c.text(n)
}

// text reads n characters behind the byte that says how wide they are.
func (c *cursor) text(n int) string { return c.characters(n, c.byte()) }

// characters reads n characters. A record that continues them begins with their width anew.
func (c *cursor) characters(n int, flags byte) string {
	var units []uint16
	for n > 0 {
		if len(c.parts) > 0 && len(c.parts[0]) == 0 {
			c.parts = c.parts[1:]
			if len(c.parts) == 0 || len(c.parts[0]) == 0 {
				c.failed = true
				break
			}
			flags = c.parts[0][0]
			c.parts[0] = c.parts[0][1:]
			continue
		}
		if len(c.parts) == 0 {
			c.failed = true
			break
		}
		width := int(flags&1) + 1
		part := c.parts[0]
		count := min(n, len(part)/width)
		if count == 0 { // half a character
			c.failed = true
			break
		}
		for i := range count {
			if width == 1 {
				units = append(units, uint16(part[i]))
			} else {
				units = append(units, binary.LittleEndian.Uint16(part[2*i:]))
			}
		}
		c.parts[0] = part[count*width:]
		n -= count
	}
	return string(utf16.Decode(units))
}

// Tables lists the sheets.
func (b *Book) Tables() []table.Info {
	var infos []table.Info
	for _, s := range b.sheets {
		infos = append(infos, s.Info)
	}
	return infos
}

// Notes says how many cells hold formulas.
func (b *Book) Notes() []string {
	return table.FormulaNote(b.formulas)
}

// Close does nothing: the file belongs to the caller.
func (b *Book) Close() error { return nil }
