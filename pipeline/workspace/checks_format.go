package workspace

import (
	"strings"

	"github.com/tapcov/tapcov/pipeline/export/dialect"
	"github.com/tapcov/tapcov/pipeline/export/text"
)

// format checks what a profile fixes of the files themselves.
func (k *checker) format(f Format, m *mark) {
	k.oneOf(m.at("encoding").value, "encoding", f.Encoding, text.Names())
	k.dialect(f, m)
	for key, line := range map[string]int{"header_row": f.HeaderRow, "first_row": f.FirstRow} {
		if line < 0 {
			k.blame(m.at(key).value, "%d is no line: lines count from 1", line)
		}
	}
	k.oneOf(m.at("header").value, "header", f.Header, []string{"none"})
	k.oneOf(m.at("unit").value, "unit of fixed columns", f.Unit, []string{"bytes", "characters"})
	k.oneOf(m.at("short_rows").value, "way to read short rows", f.ShortRows, []string{"pad"})
	k.oneOf(m.at("damaged").value, "way to read damaged files", f.Damaged, []string{"keep"})
	hasNoHeader := f.Header == "none" || len(f.Fixed) > 0
	switch {
	case hasNoHeader && f.HeaderRow > 0:
		k.blame(m.at("header_row").key, "header_row is for exports with a header")
	case !hasNoHeader && f.FirstRow > 0:
		k.blame(m.at("first_row").key, "first_row needs header: none or fixed columns")
	}
	if len(f.Names) > 0 && (f.Header != "none" || len(f.Fixed) > 0) {
		k.blame(m.at("names").key, "names needs header: none, and no fixed columns, which have names of their own")
	}
	k.distinct(m.at("names"), f.Names)
	k.fixed(f, m)
}

// dialect checks delimiter, quote and escape, each alone and together.
func (k *checker) dialect(f Format, m *mark) {
	var d dialect.Dialect
	var err error
	if f.Delimiter != "" {
		if d.Delimiter, err = dialect.ParseDelimiter(f.Delimiter); err != nil {
			k.blame(m.at("delimiter").value, "%v", err)
			return
		}
	}
	for _, part := range []struct {
		key, name string
		into      *byte
	}{{"quote", f.Quote, &d.Quote}, {"escape", f.Escape, &d.Escape}} {
		if part.name == "" {
			continue
		}
		if f.Delimiter == "" {
			k.blame(m.at(part.key).key, "%s needs the delimiter beside it", part.key)
		}
		if *part.into, err = dialect.ParseQuote(part.name); err != nil {
			k.blame(m.at(part.key).value, "%v", err)
			return
		}
	}
	if d.Escape == d.Quote {
		d.Escape = 0
	}
	if err := d.Check(); err != nil {
		k.blame(m.value, "%v", err)
	}
}

// fixed checks columns of fixed width: named, apart, in the order of the line.
func (k *checker) fixed(f Format, m *mark) {
	list := m.at("fixed")
	if len(f.Fixed) == 0 {
		if f.Unit != "" {
			k.blame(m.at("unit").key, "unit is for fixed columns")
		}
		return
	}
	if f.Delimiter != "" {
		k.blame(m.at("delimiter").key, "fixed columns have no delimiter")
	}
	next, names := 1, map[string]bool{}
	for i, c := range f.Fixed {
		at := list.item(i)
		switch {
		case strings.TrimSpace(c.Name) == "":
			k.blame(at.value, "a fixed column needs a name")
		case names[c.Name]:
			k.blame(at.at("name").value, "%q stands here twice", c.Name)
		}
		names[c.Name] = true
		if c.Width < 1 || c.Width > maxFixed {
			k.blame(at.at("width").value, "fixed column %q: %d is no width", c.Name, c.Width)
			return
		}
		start := c.Start
		if start == 0 {
			start = next
		}
		if start < next || start > maxFixed {
			k.blame(at.at("start").value, "fixed column %q starts at %d, but the column before it ends at %d", c.Name, start, next-1)
			return
		}
		next = start + c.Width
	}
}

// maxFixed bounds places in a line.
const maxFixed = 1 << 20
