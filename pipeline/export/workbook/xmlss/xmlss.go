// Package xmlss reads workbooks in the XML of Excel 2003, which report programs still write and mostly
// call .xls, row by row, in memory that is bounded.
package xmlss

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/tapcov/tapcov/pipeline/export/table"
	"github.com/tapcov/tapcov/pipeline/export/workbook/markup"
	"github.com/tapcov/tapcov/pipeline/export/workbook/numfmt"
)

// namespace is what a workbook of this kind declares.
const namespace = "urn:schemas-microsoft-com:office:spreadsheet"

// Sniff reports whether a file is a workbook in one XML file.
func Sniff(head []byte, _ io.ReaderAt, _ int64) bool {
	text := bytes.ReplaceAll(head, []byte{0}, nil) // UTF-16 too
	for _, mark := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"} {
		text = bytes.TrimPrefix(text, []byte(mark))
	}
	text = bytes.TrimSpace(text)
	return bytes.HasPrefix(text, []byte("<")) && bytes.Contains(text, []byte(namespace)) && bytes.Contains(text, []byte("Workbook"))
}

// A Book is an open workbook. It is a table.Reader.
type Book struct {
	file     io.ReaderAt
	size     int64
	limits   table.Limits
	encoding encoding.Encoding // nil: UTF-8
	sheets   []table.Info
	styles   map[string]style
	formulas map[int]int64
}

// style is how the numbers of a cell are written, or the style that says it.
type style struct {
	format numfmt.Format
	isSet  bool
	parent string
}

// Bounds of a workbook; there may be more sheets than export reads.
const (
	maxSheets = 2000
	maxStyles = 100_000
)

// Open lists the sheets of a workbook and the formats of its numbers.
func Open(file io.ReaderAt, size int64, limits table.Limits) (table.Reader, error) {
	b := &Book{file: file, size: size, limits: limits, styles: map[string]style{}, formulas: map[int]int64{}}
	if err := b.detectEncoding(); err != nil {
		return nil, err
	}
	s := b.scanner()
	at, inVisible := "", false
	for s.Scan() && len(b.sheets) <= maxSheets {
		switch {
		case s.Is(markup.Start, "Style"):
			at = attribute(s, "ID")
			b.styles[at] = style{parent: attribute(s, "Parent")}
			if len(b.styles) > maxStyles {
				return nil, &table.LimitError{What: "it has", Limit: maxStyles, Unit: "styles"}
			}
		case s.Is(markup.Start, "NumberFormat"):
			b.styles[at] = style{format: parseFormat(attribute(s, "Format")), isSet: true}
		case s.Is(markup.Start, "Worksheet"):
			b.sheets = append(b.sheets, table.Info{Name: attribute(s, "Name")})
		case s.Is(markup.Start, "Table"):
			s.Skip()
		case s.Kind() == markup.Text && inVisible && len(b.sheets) > 0:
			b.sheets[len(b.sheets)-1].IsHidden = bytes.Contains(s.Text(), []byte("Hidden"))
		}
		inVisible = s.Is(markup.Start, "Visible")
	}
	switch {
	case s.Err() != nil:
		return nil, s.Err()
	case len(b.sheets) == 0:
		return nil, errors.New("it is a workbook in XML without a sheet")
	}
	return b, nil
}

// detectEncoding goes by a byte-order mark, then by what the XML declares.
func (b *Book) detectEncoding() error {
	head := make([]byte, min(b.size, 256))
	if _, err := b.file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		b.encoding = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
		return nil
	}
	_, rest, isDeclared := bytes.Cut(head, []byte("encoding="))
	if !isDeclared || len(rest) < 2 {
		return nil
	}
	name, _, _ := bytes.Cut(rest[1:], rest[:1])
	known, err := htmlindex.Get(string(name))
	if err != nil {
		return fmt.Errorf("its XML says that it is %q, which is no known encoding", name)
	}
	if canonical, _ := htmlindex.Name(known); canonical != "utf-8" {
		b.encoding = known
	}
	return nil
}

func (b *Book) scanner() *markup.Scanner {
	var content io.Reader = io.NewSectionReader(b.file, 0, b.size)
	if b.encoding != nil {
		content = transform.NewReader(content, b.encoding.NewDecoder())
	}
	return markup.NewScanner(content)
}

func attribute(s *markup.Scanner, name string) string {
	value, _ := s.Attr(name)
	return string(value)
}

// parseFormat reads a format code, or one of the names that stand for one. Dates have a type of their own.
func parseFormat(code string) numfmt.Format {
	if code == "Scientific" || code == "General" || code == "Standard" || code == "Fixed" || code == "Percent" {
		return numfmt.Format{}
	}
	return numfmt.Parse(code)
}

// formatOf returns the format of a style, its own or that of one it builds on.
func (b *Book) formatOf(name string) numfmt.Format {
	const deepest = 16
	for range deepest {
		s, known := b.styles[name]
		if !known || s.isSet {
			return s.format
		}
		name = s.parent
	}
	return numfmt.Format{}
}

// Tables lists the sheets.
func (b *Book) Tables() []table.Info { return b.sheets }

// Notes says how many cells hold formulas.
func (b *Book) Notes() []string { return table.FormulaNote(b.formulas) }

// Close does nothing: the file belongs to the caller.
func (b *Book) Close() error { return nil }

// Rows starts to read a sheet.
func (b *Book) Rows(index int) (table.Rows, error) {
	b.formulas[index] = 0
	s := b.scanner()
	for at := -1; s.Scan(); {
		switch {
		case s.Is(markup.Start, "Worksheet"):
			at++
		case s.Is(markup.Start, "Table"):
			if at == index {
				return &rows{book: b, index: index, scanner: s, depth: s.Depth(), columns: map[int]string{}, below: map[int]int64{}, column: -1}, nil
			}
			s.Skip()
		}
		if at > index {
			break
		}
	}
	if s.Err() != nil {
		return nil, s.Err()
	}
	return &rows{book: b, isEnded: true}, nil // a sheet may have no table
}
