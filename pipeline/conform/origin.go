package conform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// The names under which a Tally counts what rows state.
const (
	statedSnapshot = "snapshot_date"
	statedPart     = "part"
	statedVersion  = "version"
)

// hidePrivate finds the columns that are shown nowhere. One that is absent may be misspelt, and
// would be shown.
func (b *binder) hidePrivate() {
	for _, name := range b.file.Source.Private {
		found := false
		for at, key := range b.keys {
			if key == fold.Text(name) {
				b.private, found = append(b.private, at), true
			}
		}
		if !found {
			b.problem(ProblemHeaderAbsent, b.absentHint(name),
				"private: %s has no column %q", b.headerPlace(), name)
		}
	}
	if b.file.isUsage() {
		b.hideCards()
	}
	slices.Sort(b.private)
	b.private = slices.Compact(b.private)
}

// findOrigins finds the snapshot date, the part and the version of the export.
func (b *binder) findOrigins() {
	source := &b.file.Source
	if source.SnapshotDate.IsZero() {
		b.dateFromName()
	} else if text, ok := b.origin(statedSnapshot, ProblemSnapshotDate, source.SnapshotDate); ok {
		date, err := snapshotDate(text, source.SnapshotDate.Layout)
		if err != nil {
			b.problem(ProblemSnapshotDate, "", "snapshot_date: %v", err)
		}
		b.layout.SnapshotDate = date
	}
	if !source.Part.IsZero() {
		b.layout.Part, _ = b.origin(statedPart, ProblemPart, source.Part)
		if part := b.layout.Part; part != "" && len(source.Parts) > 0 && !slices.Contains(source.Parts, part) {
			b.problem(ProblemPart, "", "part: %q is none of the expected parts %s", clipped([]byte(part)), quoteAll(source.Parts))
		}
	}
	if !source.Version.IsZero() {
		b.layout.Version, _ = b.origin(statedVersion, ProblemVersion, source.Version)
	}
}

// origin returns the text that a DateFrom points at.
func (b *binder) origin(what, code string, from workspace.DateFrom) (text string, ok bool) {
	switch {
	case from.Value != "":
		return from.Value, true
	case from.FileName != "":
		return b.match(what, code, "file_name", from.FileName, namesOf(b.file.Name))
	case from.Cell != "":
		var cells []string
		for i := range b.layout.Preamble {
			for _, cell := range b.head.Row(i) {
				cells = append(cells, string(fold.Trim(b.head.Text(cell))))
			}
			if len(b.head.Names) > 0 { // what stands above the data need not have its columns
				cells = append(cells, string(b.head.Raw(i)))
			}
		}
		return b.match(what, code, "cell", from.Cell, append(cells, b.outside...))
	default:
		return b.fromColumn(what, code, from.Column)
	}
}

// match returns group 1, or the whole match, of an expression in the first text that it matches.
func (b *binder) match(what, code, key, expression string, texts []string) (string, bool) {
	text, ok, err := firstMatch(expression, texts)
	switch {
	case err != nil:
		b.problem(ProblemProfile, "", "%s.%s: %v", what, key, err)
		return "", false
	case ok:
		return text, true
	}
	where := "the name of the file"
	if key == "cell" {
		where = fmt.Sprintf("the cells of the %d records above the header", b.layout.Preamble)
	}
	b.problem(code, "", "%s: %q matches nothing in %s", what, expression, where)
	return "", false
}

// firstMatch returns group 1, or the whole match, of an expression in the first text that it matches.
func firstMatch(expression string, texts []string) (match string, ok bool, err error) {
	compiled, err := regexp.Compile(expression)
	if err != nil {
		return "", false, err
	}
	for _, text := range texts {
		if m := compiled.FindStringSubmatch(text); m != nil {
			return m[min(1, len(m)-1)], true, nil
		}
	}
	return "", false, nil
}

// namesOf are the texts that an expression over a file's name is tried on.
func namesOf(name string) []string { return []string{path.Base(name), name} }

// FitsName reports whether a file of that name, if it has the same bytes, is the same delivery as one
// of that snapshot date, part and version: whichever of them the profile reads from the name, or fixes,
// must agree.
func FitsName(source workspace.Source, name, snapshotDateISO, part, version string) bool {
	for _, stated := range []struct {
		from workspace.DateFrom
		want string
		read func(text string) (string, error)
	}{
		{source.SnapshotDate, snapshotDateISO, func(text string) (string, error) { return snapshotDate(text, source.SnapshotDate.Layout) }},
		{source.Part, part, asStated},
		{source.Version, version, asStated},
	} {
		text, ok, err := stated.from.Value, true, error(nil)
		switch {
		case stated.from.FileName != "":
			text, ok, err = firstMatch(stated.from.FileName, namesOf(name))
		case stated.from.Value == "":
			continue // the export itself says it, in a place that the profile's hash knows
		}
		if err != nil || !ok {
			return false
		}
		if text, err = stated.read(text); err != nil || text != stated.want {
			return false
		}
	}
	if source.SnapshotDate.IsZero() {
		dates := datesIn(path.Base(name))
		return len(dates) == 1 && dates[0] == snapshotDateISO
	}
	return true
}

func asStated(text string) (string, error) { return text, nil }

// fromColumn returns the first value of a column in which every row must agree; Check sees to that.
func (b *binder) fromColumn(what, code, header string) (string, bool) {
	at, ok := b.lookup(header)
	if !ok {
		b.problem(ProblemHeaderAbsent, b.absentHint(header),
			"%s.column: %s has no column %q", what, b.headerPlace(), header)
		return "", false
	}
	if b.isTwice(at, what) {
		return "", false
	}
	b.taken[at] = true
	b.stated = append(b.stated, bound{
		name: what, kind: kindCode, isStated: true, header: b.layout.Headers[at], cells: []int{at},
		interpreter: interpreter{kind: kindCode},
	})
	var scratch []byte
	for i := b.headerRow + 1; i < len(b.head.Rows); i++ {
		if cells := b.head.Row(i); len(cells) == len(b.keys) {
			if text := foldInto(&scratch, b.head.Text(cells[at])); len(text) > 0 {
				return string(text), true
			}
		}
	}
	b.problem(code, "", "%s.column: no value in column %q in the first %d records", what, header, len(b.head.Rows))
	return "", false
}

// dateFromName takes the one date in the name of the file for the snapshot date.
func (b *binder) dateFromName() {
	dates := datesIn(path.Base(b.file.Name))
	switch len(dates) {
	case 1:
		b.layout.SnapshotDate = dates[0]
	case 0:
		b.problem(ProblemSnapshotDate, b.yamlHint("snapshot_date", "value: YYYY-MM-DD", "or file_name, cell or column"),
			"the profile does not say where the snapshot date stands, and the file's name has no date")
	default:
		b.problem(ProblemSnapshotDate, b.yamlHint("snapshot_date", "file_name: EXPRESSION", "which matches one of them"),
			"the file's name has several dates: %s", strings.Join(dates, ", "))
	}
}

// dateShape is a year and month, or a date, as file names and titles have them.
var dateShape = regexp.MustCompile(`(?:19|20)\d\d(?:[-/._年]\d{1,2}(?:[-/._月]\d{1,2}日?|月)?|\d{4}|\d{2})`)

// datesIn returns the distinct dates in a text in order; a month is its last day.
func datesIn(text string) []string {
	text = string(fold.Width(nil, []byte(text)))
	var dates []string
	for _, at := range dateShape.FindAllStringIndex(text, -1) {
		if isDigitAt(text, at[0]-1) || isDigitAt(text, at[1]) {
			continue
		}
		if date, ok := usualDate(strings.ReplaceAll(text[at[0]:at[1]], "_", "-")); ok && !slices.Contains(dates, date) {
			dates = append(dates, date)
		}
	}
	return dates
}

func isDigitAt(text string, i int) bool {
	return i >= 0 && i < len(text) && text[i] >= '0' && text[i] <= '9'
}

// snapshotDate reads a text as a date, by a layout or as whichever fits.
func snapshotDate(text, notation string) (string, error) {
	text = fold.Text(text)
	if notation == "" {
		if date, ok := usualDate(text); ok {
			return date, nil
		}
		if dates := datesIn(text); len(dates) == 1 {
			return dates[0], nil
		}
		return "", fmt.Errorf("%q is no date", clipped([]byte(text)))
	}
	l, err := parseLayout(notation)
	if err != nil {
		return "", err
	}
	m, ok := l.parseWhole([]byte(text))
	if !ok { // a cell of a workbook may be a date in one export and text in the next
		m, ok = parseISO([]byte(text))
	}
	if !ok {
		return "", fmt.Errorf("%q is no date of the layout %s", clipped([]byte(text)), notation)
	}
	return isoDate(m.days), nil
}

// months are the layouts of a month, which stands for its last day.
var months = func() []layout {
	var layouts []layout
	for _, notation := range []string{"yyyymm", "yyyy-m", "yyyy/m", "yyyy.m", "yyyy年m月", "yyyy年m"} {
		l, err := parseLayout(notation)
		if err != nil {
			panic(err) // the notations above are ours
		}
		layouts = append(layouts, l)
	}
	return layouts
}()

// usualDate reads a date or a month that cannot be mistaken.
func usualDate(text string) (string, bool) {
	usual := dates{usual: true}
	if m, ok := usual.parse([]byte(text)); ok {
		return isoDate(m.days), true
	}
	for _, l := range months {
		if m, rest, ok := l.parse([]byte(text)); ok && len(rest) == 0 {
			return isoDate(m.days), true
		}
	}
	return "", false
}

// listUnmapped lists the headers that nothing reads, and sorts the columns into their order.
func (b *binder) listUnmapped() {
	for at, header := range b.layout.Headers {
		if !b.taken[at] && header != "" {
			b.layout.Unmapped = append(b.layout.Unmapped, Unmapped{Header: header, Why: b.shadowed[at]})
		}
	}
	order := map[string]int{}
	for i := range b.columns {
		order[b.columns[i].name] = i
	}
	slices.SortStableFunc(b.layout.Columns, func(x, y Mapped) int { return order[x.Column] - order[y.Column] })
}
