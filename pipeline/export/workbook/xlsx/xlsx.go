// Package xlsx reads the sheets of Office Open XML workbooks row by row, in memory that is bounded.
//
// Cells are what the file says they are, not how a program shows them: numbers with all their digits,
// dates by ISO 8601, formulas by the value that was last computed.
package xlsx

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/tapcov/tapcov/pipeline/export/table"
	"github.com/tapcov/tapcov/pipeline/export/workbook/markup"
	"github.com/tapcov/tapcov/pipeline/export/workbook/merge"
	"github.com/tapcov/tapcov/pipeline/export/workbook/numfmt"
	"github.com/tapcov/tapcov/pipeline/export/workbook/pack"
)

// A Book is an open workbook. It is a table.Reader.
type Book struct {
	file     *pack.File
	limits   table.Limits
	is1904   bool
	sheets   []sheet
	styles   []numfmt.Format // by index of cellXfs
	texts    texts
	formulas map[int]int64 // cells of the rows read last, by sheet
}

type sheet struct {
	table.Info
	part   string
	merged []merge.Range // nil: not looked for yet
}

// Sniff reports whether a ZIP archive is a workbook.
func Sniff(head []byte, file io.ReaderAt, size int64) bool {
	if !strings.HasPrefix(string(head), "PK\x03\x04") {
		return false
	}
	f, err := pack.Open(file, size, table.Limits{})
	if err != nil {
		// What is left of a damaged archive still tells what it was.
		return strings.Contains(string(head), "[Content_Types].xml") || strings.Contains(string(head), "xl/")
	}
	return f.Has("xl/workbook.xml") || f.Has("[Content_Types].xml") && f.Has("_rels/.rels")
}

// Open reads what a workbook is made of, and its shared texts.
func Open(file io.ReaderAt, size int64, limits table.Limits) (table.Reader, error) {
	f, err := pack.Open(file, size, limits)
	if err != nil {
		return nil, err
	}
	b := &Book{file: f, limits: limits, formulas: map[int]int64{}}
	book, err := b.mainPart()
	if err != nil {
		return nil, err
	}
	links, err := b.links(book)
	if err != nil {
		return nil, err
	}
	if err := b.readBook(book, links); err != nil {
		return nil, err
	}
	for _, l := range links {
		switch {
		case l.is("styles") && f.Has(l.target):
			err = b.readStyles(l.target)
		case l.is("sharedStrings") && f.Has(l.target):
			err = b.readTexts(l.target)
		}
		if err != nil {
			return nil, err
		}
	}
	return b, nil
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

// link is a relation of one part to another.
type link struct{ id, kind, target string }

// is tells the kind of a relation, which strict and transitional workbooks write differently.
func (l link) is(kind string) bool { return strings.HasSuffix(l.kind, "/"+kind) }

// mainPart finds the part that lists the sheets.
func (b *Book) mainPart() (string, error) {
	if links, err := b.links(""); err == nil {
		for _, l := range links {
			if l.is("officeDocument") {
				return l.target, b.isBook(l.target)
			}
		}
	}
	if b.file.Has("xl/workbook.xml") {
		return "xl/workbook.xml", nil
	}
	return "", errors.New("it is an Office file, but no workbook")
}

func (b *Book) isBook(part string) error {
	switch {
	case strings.HasSuffix(part, ".bin"):
		return errors.New("it is a binary workbook (xlsb), which is not read: save it as xlsx")
	case strings.HasPrefix(part, "word/") || strings.HasPrefix(part, "ppt/"):
		return errors.New("it is an Office document, but no workbook")
	}
	return nil
}

// links reads the relations of a part, "" for the file itself.
func (b *Book) links(part string) ([]link, error) {
	dir, name := path.Split(part)
	var links []link
	err := b.scan(path.Join(dir, "_rels", name+".rels"), func(s *markup.Scanner) error {
		if !s.Is(markup.Start, "Relationship") {
			return nil
		}
		if mode, _ := s.Attr("TargetMode"); string(mode) == "External" {
			return nil // nothing outside the file is ever asked for
		}
		id, _ := s.Attr("Id")
		kind, _ := s.Attr("Type")
		target, _ := s.Attr("Target")
		full := string(target)
		if !strings.HasPrefix(full, "/") {
			full = path.Join(dir, full)
		}
		links = append(links, link{string(id), string(kind), strings.TrimPrefix(full, "/")})
		return nil
	})
	return links, err
}

// scan goes through a part.
func (b *Book) scan(part string, visit func(*markup.Scanner) error) error {
	content, err := b.file.Part(part)
	if err != nil {
		return err
	}
	defer content.Close()
	s := markup.NewScanner(content)
	for s.Scan() {
		if err := visit(s); err != nil {
			return err
		}
	}
	return wrap(part, s.Err())
}

func wrap(part string, err error) error {
	var limit *table.LimitError
	if err == nil || errors.As(err, &limit) || strings.HasPrefix(err.Error(), "part ") {
		return err
	}
	return fmt.Errorf("part %q: %w", part, err)
}

// readBook reads the list of sheets.
func (b *Book) readBook(part string, links []link) error {
	targets := map[string]link{}
	for _, l := range links {
		targets[l.id] = l
	}
	err := b.scan(part, func(s *markup.Scanner) error {
		switch {
		case s.Is(markup.Start, "workbookPr"):
			b.is1904 = s.Has("date1904")
		case s.Is(markup.Start, "sheet"):
			name, _ := s.Attr("name")
			id, _ := s.Attr("id")
			state, _ := s.Attr("state")
			l, ok := targets[string(id)]
			switch {
			case !ok || !b.file.Has(l.target):
				return fmt.Errorf("sheet %q is listed, but not there", name)
			case l.is("worksheet"): // not of a chart or a macro
				isHidden := string(state) == "hidden" || string(state) == "veryHidden"
				b.sheets = append(b.sheets, sheet{Info: table.Info{Name: string(name), IsHidden: isHidden}, part: l.target})
			}
		}
		return nil
	})
	if err == nil && len(b.sheets) == 0 {
		err = errors.New("it has no sheet")
	}
	return err
}
