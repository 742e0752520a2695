package guess

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// setAsideLayout sets a file aside because of what is wrong with its columns, or, where reading shows
// that it is no text at all, because of that.
func (q *quick) setAsideLayout(ctx context.Context, file *quickFile, problems []conform.Problem) error {
	_, err := q.countFile(ctx, q.mapped(file.has), file, func(*quickFile) []watched { return nil })
	var refused *export.RefusedError
	if errors.As(err, &refused) {
		q.setAside(file.path, refused.Err.Error())
		return nil
	}
	if err != nil {
		return err
	}
	aside := QuickSetAside{File: file.path}
	var why []string
	for _, p := range problems {
		switch {
		case len(file.layout.Headers) == 0:
			why = append(why, "it has no rows")
		case p.Code == conform.ProblemNoTerminalID && file.layout.HeaderLine == 0:
			why = append(why, "no header is known, so no column holds the terminal id")
		case p.Code == conform.ProblemNoTerminalID:
			why = append(why, "no column is known to hold the terminal id")
		default:
			why = append(why, p.Message)
		}
		if p.Code == conform.ProblemNoTerminalID {
			aside.Columns, aside.Words = file.idColumns(p.Values)
		}
	}
	aside.Why = strings.Join(why, "\n")
	q.answer.SetAside = append(q.answer.SetAside, aside)
	return nil
}

// idEndings end headers of identifiers.
var idEndings = []string{"id", "no", "no.", "number", "code", "号", "编号", "编码", "标识码"}

// idColumns lists the columns of a file, those first that may hold its terminal ids: the ones whose
// values differ from record to record, by how their header looks. likely are headers that look best.
func (f *quickFile) idColumns(likely []string) (columns []QuickColumn, words []string) {
	records := f.records()
	points := func(c sampledColumn) (n int) {
		if c.isKey(records) {
			n += 4
		}
		if slices.Contains(likely, c.Header) {
			n += 2
		}
		if slices.ContainsFunc(idEndings, func(ending string) bool { return strings.HasSuffix(fold.Text(c.Header), ending) }) {
			n++
		}
		return n
	}
	sorted := slices.Clone(f.sample)
	slices.SortStableFunc(sorted, func(a, b sampledColumn) int { return points(b) - points(a) })
	for _, c := range sorted {
		if c.Header != "" {
			columns = append(columns, c.QuickColumn)
		}
	}
	least := 2
	if f.layout.HeaderLine == 0 {
		least = 5 // the header may be none: its words must look like one
	}
	if len(columns) > 0 && points(sorted[0]) >= least {
		words = []string{"--map", "terminal_id=" + columns[0].Header}
	}
	if !isTypeable(words) {
		words = nil
	}
	return columns, words
}

// answering are the columns that an answer rests on, other than evidence, status and device type, which
// have lines of their own.
var answering = []string{"acquirer_raw", "terminal_id", "merchant_id", "merchant_name", "installed_on", "removed_on", "country", "region_raw"}

// noteColumns says which columns were found by their headers alone, and what is doubtful about them.
func (q *quick) noteColumns(source *quickSource) {
	var found []string
	for _, m := range source.layout.Columns {
		if m.Found != conform.FoundAlias || !slices.Contains(answering, m.Column) {
			continue
		}
		found = append(found, fmt.Sprintf("%s %s", strings.Join(m.Headers, "/"), strings.TrimSuffix(m.Column, "_raw")))
	}
	if len(found) > 0 {
		q.note(source, "known by header: %s", strings.Join(found, ", "))
	}
	for _, m := range source.layout.Columns {
		if m.Note != "" && slices.Contains(answering, m.Column) && !source.isBorneOut(m) {
			q.note(source, "%q: %s", strings.Join(m.Headers, "/"), m.Note)
		}
	}
	q.noteChanges(source)
}

// noteChanges says which columns some files have and the last has not, or the other way round.
func (q *quick) noteChanges(source *quickSource) {
	for i, file := range source.files {
		if i > 0 && slices.Equal(file.layout.Headers, source.files[i-1].layout.Headers) {
			continue
		}
		for _, column := range slices.Concat(answering, evidence, []string{"status", "device_type"}) {
			_, isNow := source.layout.Column(column)
			if _, ok := file.layout.Column(column); ok != isNow {
				without := file
				if ok {
					without = source.last()
				}
				q.note(source, "the columns changed: %s has no %s", without.name, strings.TrimSuffix(column, "_raw"))
			}
		}
	}
}

// isBorneOut reports whether the values of a column lay the doubts about its header to rest: terminal
// ids are no longer than 8 characters, as serial numbers are, and codes of GB/T 2260 have six digits.
func (s *quickSource) isBorneOut(m conform.Mapped) bool {
	const longestID, regionDigits = 8, 6
	cells := s.sampleCells(m.Headers[0])
	return !slices.ContainsFunc(cells, func(cell string) bool {
		switch m.Column {
		case "terminal_id":
			return utf8.RuneCountInString(cell) > longestID
		case "region_raw":
			return digitsOf(cell) != regionDigits
		default:
			return true
		}
	})
}

// suggestions are columns that an answer is poor without, and how headers look that may hold them, the
// likeliest first.
var suggestions = []struct {
	column, why string
	looks       []*regexp.Regexp
}{
	{"status", "to count what is in service", []*regexp.Regexp{regexp.MustCompile(`(?i)status|状态`), regexp.MustCompile(`(?i)\bstate$`)}},
	{"region_raw", "for regions", []*regexp.Regexp{regexp.MustCompile(
		`(?i)省|市|区|县|州|region|province|state|county|city|town|district|suburb|street|area`)}},
	{"merchant_id", "for merchants", []*regexp.Regexp{regexp.MustCompile(
		`(?i)(商户|门店).*[号码]|^mer|(merchant|store|shop|outlet|customer).*(id|no|number|code)$`)}},
}

// suggestColumns names a header for each column that was not found.
func (q *quick) suggestColumns(source *quickSource) {
	for _, s := range suggestions {
		if m, ok := source.layout.Column(s.column); ok && m.Found != conform.FoundAssumed {
			continue
		}
		if header := source.headerLike(s.looks); header != "" {
			q.step(s.why, "--map", strings.TrimSuffix(s.column, "_raw")+"="+header)
		}
	}
}

// headerLike returns the first header that nothing reads and that looks as asked, with values that
// repeat.
func (s *quickSource) headerLike(looks []*regexp.Regexp) string {
	file := s.last()
	for _, look := range looks {
		for at, header := range s.layout.Headers {
			sample := &file.sample[at]
			if look.MatchString(header) && s.isUnread(header) && sample.filled > 0 && !sample.isKey(file.records()) {
				return header
			}
		}
	}
	return ""
}

// isUnread reports whether no column reads a header.
func (s *quickSource) isUnread(header string) bool {
	return slices.ContainsFunc(s.layout.Unmapped, func(u conform.Unmapped) bool { return u.Header == header })
}

// evidence are the columns that the reading of the headline admits.
var evidence = []string{"contactless_parameter", "no_pin_parameter", "contactless_flag"}

// weakEvidence are columns that it does not admit without a word of the source, and why.
var weakEvidence = []struct{ column, why string }{
	{"contactless_transaction_count", "may count the taps of any card scheme"},
	{"mobile_contactless_transaction_count", "may count payments by QR code"},
	{"no_pin_flag", "may be a switch of the merchant, not of the terminal"},
}

// noteEvidence says what acceptance is read from.
func (q *quick) noteEvidence(source *quickSource) {
	var found []string
	for _, column := range evidence {
		if m, ok := source.layout.Column(column); ok && len(m.Headers) > 0 {
			text := fmt.Sprintf("%q", m.Headers[0])
			if m.Note != "" {
				text += " (" + m.Note + ")"
			}
			found = append(found, text)
		} else if ok {
			found = append(found, fmt.Sprintf("%s %s in every row", column, m.Value))
		}
	}
	if len(found) > 0 {
		q.note(source, "a terminal accepts QuickPass if %s says yes", strings.Join(found, " or "))
	} else {
		q.note(source, "no column says whether a terminal takes contactless: all are unknown")
	}
	q.suggestEvidence(source, len(found) > 0)
	for _, weak := range weakEvidence {
		if m, ok := source.layout.Column(weak.column); ok && len(m.Headers) > 0 {
			q.note(source, "%q is not used: it %s", m.Headers[0], weak.why)
		}
	}
}

var looksContactless = regexp.MustCompile(`(?i)非接|闪付|感应|contactless|ctls|quickpass|nfc|\btap|wallet`)

// suggestEvidence names columns that may say whether terminals take contactless: those named like it,
// else those of yes and no where there is no evidence at all.
func (q *quick) suggestEvidence(source *quickSource, hasSome bool) {
	for _, column := range []string{"contactless_flag", "contactless_parameter"} {
		if _, ok := source.layout.Column(column); ok {
			return
		}
	}
	var named, flags []string
	for at, header := range source.layout.Headers {
		sample := &source.last().sample[at]
		switch {
		case !source.isUnread(header) || sample.filled == 0:
		case looksContactless.MatchString(header):
			named = append(named, header)
		case sample.isFlag && !hasSome:
			flags = append(flags, header)
		}
	}
	const most = 3
	best := append(named, flags...)
	for _, header := range best[:min(len(best), most)] {
		q.step("if it tells who takes contactless", "--map", "contactless_flag="+header)
	}
}

// guessCountry reads the country as two letters where it is one, and takes it for unsaid where not.
func (q *quick) guessCountry(source *quickSource) {
	m, ok := source.layout.Column("country")
	if !ok || len(m.Headers) != 1 {
		return
	}
	column := source.located("country")
	values := source.counts.byCount("country")
	if len(values) == 0 || countryCode(values[0]) == "" {
		column.Take = `^[A-Z]{2}$`
	}
	for _, value := range values {
		if code := countryCode(value); code != "" && code != value {
			if column.Values == nil {
				column.Values = map[string]string{}
			}
			column.Values[value] = code
		}
	}
	if column.Take != "" || column.Values != nil {
		source.profile.Columns["country"] = column
	}
}

// countryCode returns the two letters of a country, "" for a text that is none.
func countryCode(text string) string {
	code := strings.ToUpper(fold.Text(text))
	switch code {
	case "中国", "CHINA", "CHN", "PRC", "156":
		return "CN"
	}
	if len(code) == 2 && strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		return code
	}
	return ""
}

// country is the country of most rows, CN where none says so.
func (q *quick) country() string {
	rows := map[string]int64{}
	best := workspace.Defaults().Estate.Area
	for _, source := range q.sources {
		if constant := countryCode(source.profile.Columns["country"].Value); constant != "" {
			return constant
		}
		for value, n := range source.counts.values["country"] {
			if code := countryCode(value); code != "" {
				rows[code] += n
			}
		}
	}
	for code, n := range rows {
		if n > rows[best] || n == rows[best] && code < best {
			best = code
		}
	}
	return best
}

// noteCountry says which country is counted where rows say one.
func (q *quick) noteCountry() {
	for _, source := range q.sources {
		if len(source.counts.values["country"]) > 0 {
			q.answer.Assumptions = append(q.answer.Assumptions, QuickNote{Text: "terminals of " + q.country() + " are counted, the country of most rows"})
			return
		}
	}
}
