// Package html reads the tables of web pages, which many systems write and call a workbook.
package html

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/tapcov/tapcov/pipeline/export/table"
)

// headSize is how much of a page tells its encoding.
const headSize = 64 << 10

// Sniff reports whether a file begins as a web page does.
func Sniff(head []byte, _ io.ReaderAt, _ int64) bool {
	text := strings.ToLower(string(bytes.ReplaceAll(head, []byte{0}, nil))) // UTF-16 too
	for _, mark := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff", "\uFFFD\uFFFD"} {
		text = strings.TrimPrefix(text, mark)
	}
	text = strings.TrimLeft(text, " \t\r\n")
	for strings.HasPrefix(text, "<!--") || strings.HasPrefix(text, "<?xml") {
		at := strings.IndexByte(text, '>')
		if at < 0 {
			return false
		}
		text = strings.TrimLeft(text[at+1:], " \t\r\n")
	}
	for _, tag := range []string{"!doctype html", "html", "head", "meta", "body", "table", "style", "script", "div", "center"} {
		if rest, ok := strings.CutPrefix(text, "<"+tag); ok && (rest == "" || strings.ContainsAny(rest[:1], " \t\r\n>")) {
			return true
		}
	}
	return false
}

// A Page is an open web page. It is a table.Reader.
type Page struct {
	file     io.ReaderAt
	size     int64
	limits   table.Limits
	encoding encoding.Encoding // nil: UTF-8
	skip     int64             // bytes of a byte-order mark
	tables   []table.Info
}

// maxTables is more than export reads.
const maxTables = 2000

// Open lists the tables of a page.
func Open(file io.ReaderAt, size int64, limits table.Limits) (table.Reader, error) {
	p := &Page{file: file, size: size, limits: limits}
	head := make([]byte, min(size, headSize))
	if _, err := file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	p.detectEncoding(head)
	z := p.tokenizer()
	caption := false
	for len(p.tables) <= maxTables {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind == html.TextToken {
			if text := squeeze(z.Text()); caption && len(text) > 0 && len(p.tables) > 0 {
				p.tables[len(p.tables)-1].Name = string(text[:min(len(text), 100)])
				caption = false
			}
			continue
		}
		name, _ := z.TagName()
		switch atom.Lookup(name) {
		case atom.Table:
			if kind == html.StartTagToken {
				p.tables = append(p.tables, table.Info{Name: fmt.Sprintf("table %d", len(p.tables)+1)})
			}
		case atom.Caption:
			caption = kind == html.StartTagToken
		}
	}
	if err := z.Err(); len(p.tables) <= maxTables && !errors.Is(err, io.EOF) {
		return nil, pageError(err)
	}
	if len(p.tables) == 0 {
		return nil, errors.New("it is a web page without a table: perhaps a message of the system that should have written the file")
	}
	return p, nil
}

func pageError(err error) error {
	if errors.Is(err, html.ErrBufferExceeded) {
		return &table.LimitError{What: "its HTML has a tag or a text of", Limit: maxToken, Unit: "bytes"}
	}
	return err
}

// maxToken bounds a tag or a text.
const maxToken = 4 << 20

func (p *Page) tokenizer() *html.Tokenizer {
	var content io.Reader = io.NewSectionReader(p.file, p.skip, p.size-p.skip)
	if p.encoding != nil {
		content = transform.NewReader(content, p.encoding.NewDecoder())
	}
	z := html.NewTokenizer(content)
	z.SetMaxBuf(maxToken)
	return z
}

// detectEncoding goes by a byte-order mark, then by what the page says, then by its bytes. Pages that say
// UTF-8 and are GBK, or the other way round, are taken for what they are.
func (p *Page) detectEncoding(head []byte) {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		p.skip = 3
		return
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		p.encoding, p.skip = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), 2
		return
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		p.encoding, p.skip = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), 2
		return
	}
	if isUTF8(head) {
		return
	}
	p.encoding = simplifiedchinese.GB18030
	if said, err := htmlindex.Get(charsetOf(head)); err == nil {
		switch name, _ := htmlindex.Name(said); name {
		case "utf-8", "gbk", "gb18030", "utf-16le", "utf-16be", "replacement":
		default:
			p.encoding = said
		}
	}
}

// isUTF8 reports whether text is UTF-8, the character aside that its end may cut.
func isUTF8(text []byte) bool {
	for cut := range min(utf8.UTFMax, len(text)+1) {
		if utf8.Valid(text[:len(text)-cut]) {
			return true
		}
	}
	return false
}

// charsetOf returns the encoding that a page says it has, or "".
func charsetOf(head []byte) string {
	lower := bytes.ToLower(head)
	for {
		at := bytes.Index(lower, []byte("charset"))
		if at < 0 {
			return ""
		}
		lower = lower[at+len("charset"):]
		rest := bytes.TrimLeft(lower, " \t")
		if value, ok := bytes.CutPrefix(rest, []byte("=")); ok {
			value = bytes.TrimLeft(value, " \t\"'")
			if end := bytes.IndexAny(value, "\"' \t;/>"); end > 0 {
				return string(value[:end])
			}
		}
	}
}

// Tables lists the tables.
func (p *Page) Tables() []table.Info { return p.tables }

// Notes says nothing.
func (p *Page) Notes() []string { return nil }

// Close does nothing: the file belongs to the caller.
func (p *Page) Close() error { return nil }

// squeeze makes one blank of each run of white space, as browsers do.
func squeeze(text []byte) []byte {
	return bytes.Join(bytes.FieldsFunc(text, isSpace), []byte{' '})
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' || r == '\f' }
