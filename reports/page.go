package reports

import (
	"bufio"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/tapcov/tapcov/reports/templates"
	"github.com/tapcov/tapcov/reports/words"
)

// mostRows bounds the lists of the page that grow with the number of snapshots; the CSV set has
// them in full.
const mostRows = 60

// WriteHTML writes the report as one page in language (en or zh) that needs no other file, no
// network and no script. The same report gives the same bytes. Nothing is written if the report
// contradicts itself (Check) or the language is not known.
func WriteHTML(w io.Writer, r *Report, language string) error {
	if err := r.Check(); err != nil {
		return fmt.Errorf("check the report: %w", err)
	}
	said, err := words.In(language)
	if err != nil {
		return err
	}
	page := newPage(r, said)
	parsed, err := template.New("page.html").Funcs(page.functions()).ParseFS(templates.Files, "*.html")
	if err != nil {
		return fmt.Errorf("parse the page's templates: %w", err)
	}
	out := bufio.NewWriter(w)
	if err := parsed.Execute(visibleWriter{out}, page); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return out.Flush()
}

// page is what the templates see: the report, and what has to be worked out to show it.
type page struct {
	*Report
	words.Words
	Style    template.CSS
	Claim    *Claim // that the headline is held against, or nil
	Pages    []pageLink
	Sections []section
}

// pageLink is the same report in one language.
type pageLink struct {
	Language, File string
	IsThis         bool
}

// section is one entry of the contents.
type section struct{ ID, Title string }

func newPage(r *Report, w words.Words) *page {
	style, err := templates.Files.ReadFile("style.css")
	if err != nil {
		panic(err) // it is embedded
	}
	p := &page{Report: r, Words: w, Style: template.CSS(style), Claim: r.claim(r.Headline.ClaimID)}
	for i, language := range r.languages() {
		p.Pages = append(p.Pages, pageLink{language, pageName(language, i), language == w.Language()})
	}
	for _, s := range []struct {
		id    string
		isHad bool
	}{
		{"trend", len(r.Trend) > 0},
		{"figures", len(r.Figures) > 0},
		{"breakdowns", len(r.Breakdowns) > 0},
		{"evidence", len(r.Evidence) > 0},
		{"readings", len(r.Readings) > 0},
		{"claims", len(r.Claims) > 0},
		{"rejects", true},
		{"tieout", true},
		{"terms", true},
		{"made", true},
	} {
		switch {
		case !s.isHad:
		case s.id == "breakdowns":
			for _, breakdown := range r.Breakdowns {
				p.Sections = append(p.Sections, section{"by-" + breakdown.Level, w.Term("levels", breakdown.Level)})
			}
		default:
			p.Sections = append(p.Sections, section{s.id, w.Say("section." + s.id)})
		}
	}
	return p
}

// functions are what the templates call.
func (p *page) functions() template.FuncMap {
	return template.FuncMap{
		"say":     p.Say,
		"term":    p.Term,
		"num":     Number,
		"count":   func(n int) string { return Number(int64(n)) },
		"date":    func(iso string) string { return Date(p.Language(), iso) },
		"short":   shortHash,
		"text":    func(t Text) string { return t.In(p.Language()) },
		"clip":    clip,
		"join":    func(list []string) string { return strings.Join(list, p.Say("list.separator")) },
		"unit":    p.UnitName,
		"lines":   p.ClaimLines,
		"claimed": p.ClaimValue,
		"figure":  func(name string, c Counts) interval { return p.interval(name, c.Lower(), c.Upper()) },
	}
}

// shortHash is the head of a hash, enough to recognise it by.
func shortHash(hash string) string {
	if len(hash) > 12 {
		return hash[:12]
	}
	return hash
}

// Title is the heading of the page.
func (p *page) Title() string {
	if p.Report.Title != "" {
		return p.Report.Title
	}
	return p.Say("title")
}

// UnitName is the word for what the headline counts.
func (p *page) UnitName() string {
	if p.Headline.Unit == "" {
		return p.Term("unit", "terminal")
	}
	return p.Term("unit", p.Headline.Unit)
}

// Population is the name of a population in words.
func (p *page) Population(name string) string {
	for _, population := range p.Populations {
		if title := population.Title.In(p.Language()); population.Name == name && title != "" {
			return title
		}
	}
	return p.Term("population", name)
}

// visibleWriter passes text on with control characters made visible: a terminal's escape sequence
// or a change of writing direction in a delivered name must neither act nor hide.
type visibleWriter struct{ w io.Writer }

func (v visibleWriter) Write(text []byte) (int, error) {
	if _, err := io.WriteString(v.w, visible(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}

func visible(text string) string {
	if strings.IndexFunc(text, acts) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case !acts(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// acts reports whether a character does something other than to be seen.
func acts(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == '\r':
		return false
	case r < 0x20, 0x7f <= r && r < 0xa0:
		return true
	}
	return r == 0x061c || r == 0x200e || r == 0x200f || 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069
}

// longestName is the number of characters of a name that a page prints; the CSV set has it whole.
const longestName = 120

func clip(name string) string {
	if characters := []rune(name); len(characters) > longestName {
		return string(characters[:longestName-1]) + "…"
	}
	return name
}
