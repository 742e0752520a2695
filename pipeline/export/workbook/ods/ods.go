// Package ods reads OpenDocument spreadsheets row by row, zipped (ods) or as one XML file (fods), in
// memory that is bounded.
package ods

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tapcov/tapcov/pipeline/export/table"
	"github.com/tapcov/tapcov/pipeline/export/workbook/markup"
	"github.com/tapcov/tapcov/pipeline/export/workbook/pack"
)

const (
	mimeType    = "application/vnd.oasis.opendocument.spreadsheet"
	contentPart = "content.xml"
)

// Sniff reports whether a file is a zipped spreadsheet: its first part says so.
func Sniff(head []byte, _ io.ReaderAt, _ int64) bool {
	return strings.HasPrefix(string(head), "PK\x03\x04") && bytes.Contains(head[:min(len(head), 200)], []byte("mimetypeapplication/vnd.oasis.opendocument."))
}

// SniffFlat reports whether a file is a spreadsheet in one XML file.
func SniffFlat(head []byte, _ io.ReaderAt, _ int64) bool {
	text := bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\uFEFF")))
	return bytes.HasPrefix(text, []byte("<")) && bytes.Contains(head, []byte("<office:document"))
}

// A Book is an open spreadsheet. It is a table.Reader.
type Book struct {
	open     func() (io.ReadCloser, error) // the XML that has the tables
	limits   table.Limits
	sheets   []table.Info
	styles   map[string]bool // of tables: whether they are shown
	formulas map[int]int64
}

// Open lists the tables of a zipped spreadsheet.
func Open(file io.ReaderAt, size int64, limits table.Limits) (table.Reader, error) {
	f, err := pack.Open(file, size, limits)
	if err != nil {
		return nil, err
	}
	if f.Has("META-INF/manifest.xml") {
		if err := checkManifest(f); err != nil {
			return nil, err
		}
	}
	return newBook(func() (io.ReadCloser, error) { return f.Part(contentPart) }, limits)
}

// OpenFlat lists the tables of a spreadsheet in one XML file.
func OpenFlat(file io.ReaderAt, size int64, limits table.Limits) (table.Reader, error) {
	return newBook(func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(file, 0, size)), nil
	}, limits)
}

// checkManifest refuses what is encrypted, which the parts themselves do not say.
func checkManifest(f *pack.File) error {
	manifest, err := f.Part("META-INF/manifest.xml")
	if err != nil {
		return err
	}
	defer manifest.Close()
	s := markup.NewScanner(doctypeless(manifest))
	for s.Scan() {
		if s.Is(markup.Start, "encryption-data") {
			return errors.New("it is encrypted: ask for it without a password")
		}
	}
	return nil // the content itself tells what is wrong with the file
}

// doctypeless lets a manifest have the document type that old programs write.
func doctypeless(r io.Reader) io.Reader {
	head, err := io.ReadAll(io.LimitReader(r, 1<<16))
	if err != nil {
		return bytes.NewReader(nil)
	}
	if at := bytes.Index(head, []byte("<!DOCTYPE")); at >= 0 {
		if end := bytes.IndexByte(head[at:], '>'); end >= 0 && !bytes.ContainsRune(head[at:at+end], '[') {
			head = append(head[:at], head[at+end+1:]...)
		}
	}
	return io.MultiReader(bytes.NewReader(head), r)
}

func newBook(open func() (io.ReadCloser, error), limits table.Limits) (table.Reader, error) {
	b := &Book{open: open, limits: limits, styles: map[string]bool{}, formulas: map[int]int64{}}
	content, err := open()
	if err != nil {
		return nil, err
	}
	defer content.Close()
	s := markup.NewScanner(content)
	style, isSheet := "", false
	for s.Scan() && len(b.sheets) <= maxSheets {
		switch {
		case s.Is(markup.Start, "style"):
			name, _ := s.Attr("style:name")
			style = string(name)
		case s.Is(markup.Start, "table-properties"):
			if shown, ok := s.Attr("table:display"); ok {
				b.styles[style] = string(shown) != "false"
			}
		case s.Is(markup.Start, "spreadsheet"):
			isSheet = true
		case isSheet && s.Is(markup.Start, "table"):
			name, _ := s.Attr("table:name")
			style, _ := s.Attr("table:style-name")
			isShown, known := b.styles[string(style)]
			b.sheets = append(b.sheets, table.Info{Name: string(name), IsHidden: known && !isShown})
			s.Skip()
		}
	}
	switch {
	case s.Err() != nil:
		return nil, s.Err()
	case !isSheet:
		return nil, errors.New("it is an OpenDocument file, but no spreadsheet")
	case len(b.sheets) == 0:
		return nil, errors.New("it has no sheet")
	}
	return b, nil
}

// maxSheets is more than export reads.
const maxSheets = 2000

// Tables lists the sheets.
func (b *Book) Tables() []table.Info { return b.sheets }

// Notes says how many cells hold formulas.
func (b *Book) Notes() []string { return table.FormulaNote(b.formulas) }

// Close does nothing: the file belongs to the caller.
func (b *Book) Close() error { return nil }

// Rows starts to read a sheet.
func (b *Book) Rows(index int) (table.Rows, error) {
	content, err := b.open()
	if err != nil {
		return nil, err
	}
	b.formulas[index] = 0
	r := &rows{book: b, index: index, content: content, scanner: markup.NewScanner(content)}
	s := r.scanner
	isSheet := false
	for s.Scan() {
		switch {
		case s.Is(markup.Start, "spreadsheet"):
			isSheet = true
		case isSheet && s.Is(markup.Start, "table"):
			if index == 0 {
				r.depth = s.Depth()
				return r, nil
			}
			index--
			s.Skip()
		}
	}
	content.Close()
	if s.Err() != nil {
		return nil, s.Err()
	}
	return nil, fmt.Errorf("its table %d is not there", index)
}
