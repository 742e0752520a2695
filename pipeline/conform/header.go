package conform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// titleRows is how many records below a record with known names may have more of them and so be the
// header: titles and the upper rows of a header do not stand far above it.
const titleRows = 8

// findHeader finds the header among the first records: the one that the profile fixes by its line,
// else the first with the most names known to the profile and to the table of headers.
func (b *binder) findHeader() bool {
	if len(b.head.Names) > 0 {
		b.setNames()
		return true
	}
	best, most := -1, 0
	for i, row := range b.head.Rows {
		if best >= 0 && i > best+titleRows {
			break
		}
		if line := b.file.Source.Format.HeaderRow; line > 0 {
			if row.Line == int64(line) && row.Count > 0 {
				best = i
			}
			continue
		}
		if n := b.knownNames(i, b.known); n > most {
			best, most = i, n
		}
	}
	if best >= 0 {
		b.namesKnown = most
		b.setHeader(best)
		return true
	}
	if line := b.file.Source.Format.HeaderRow; line > 0 {
		b.problem(ProblemNoHeader, "", "no record starts at line %d, where format.header_row expects the header", line)
		return false
	}
	guess := widest(b.head)
	if guess < 0 {
		b.problem(ProblemNoHeader, "", "no header: the export has no records")
		return false
	}
	b.setHeader(guess)
	b.noTerminalID(
		"no header found: no record has a name that the profile or the table of headers knows; %s %d has %s",
		b.lineWord(), b.layout.HeaderLine, quoteAll(b.layout.Headers))
	b.layout.HeaderLine, b.layout.Preamble = 0, 0
	return false
}

func (b *binder) setHeader(row int) {
	b.upperRow, b.headerRow = row, b.lowerRow(row)
	row = b.headerRow
	b.layout.HeaderLine, b.layout.Preamble = b.head.Rows[row].Line, row
	b.nameColumns(row)
}

// setNames takes the columns' names from where the export or its profile says them: no record does. What
// stands above the first row of data is a preamble.
func (b *binder) setNames() {
	first := int64(b.file.Source.Format.FirstRow)
	b.headerRow = -1
	for i, row := range b.head.Rows {
		if row.Line < first {
			b.headerRow = i
		}
	}
	b.layout.FirstLine, b.layout.Preamble = first, b.headerRow+1
	for _, name := range b.head.Names {
		b.addHeader(name)
	}
}

func (b *binder) addHeader(name string) {
	b.layout.Headers = append(b.layout.Headers, clipped([]byte(name))) // it may be data after all
	b.keys = append(b.keys, fold.Text(name))
	column, _ := b.file.Reference.Headers.Column(name)
	b.aliases = append(b.aliases, b.file.aliasFor(canonicalName(column)))
}

// headerText returns a copy of a header as it stands in the file.
func (b *binder) headerText(at int) []byte {
	if len(b.head.Names) > 0 {
		return []byte(b.head.Names[at])
	}
	for row := b.headerRow; row > b.upperRow; row-- {
		if text := b.head.Text(b.head.Row(row)[at]); len(fold.Trim(text)) > 0 {
			return slices.Clone(text)
		}
	}
	if upper := b.head.Row(b.upperRow); at < len(upper) {
		return slices.Clone(b.head.Text(upper[at]))
	}
	return nil
}

// headerPlace says where the names of the columns stand, for messages.
func (b *binder) headerPlace() string {
	if b.layout.HeaderLine == 0 {
		return "the export"
	}
	return fmt.Sprintf("the header (%s %d)", b.lineWord(), b.layout.HeaderLine)
}

// lineWord is what messages call a line of the export.
func (b *binder) lineWord() string {
	if b.sheet != "" {
		return "row"
	}
	return "line"
}

// namedHeaders returns the headers that a profile names, as fold.Text gives them.
func namedHeaders(p *workspace.Profile) map[string]bool {
	names := slices.Concat(p.RegionLevels, p.Private)
	for _, from := range []workspace.DateFrom{p.SnapshotDate, p.Part, p.Version} {
		names = append(names, from.Column)
	}
	for _, column := range p.Columns {
		names = append(append(names, column.Header), column.Headers...)
	}
	named := map[string]bool{}
	for _, name := range names {
		named[fold.Text(name)] = true
	}
	return named
}

// knownNames counts the distinct names of a record that are known headers.
func (b *binder) knownNames(row int, known func(string) bool) int {
	names := map[string]bool{}
	for _, cell := range b.head.Row(row) {
		if text := string(b.head.Text(cell)); known(text) {
			names[fold.Text(text)] = true
		}
	}
	return len(names)
}

// widest returns the first of the records with the most filled cells, -1 without records.
func widest(head *export.Block) int {
	best, most := -1, 0
	for i := range head.Rows {
		if n := countFilled(head, head.Row(i)); n > most {
			best, most = i, n
		}
	}
	return best
}

// lookup returns the position of the header with this name. A name that two columns have cannot be
// mapped: one of them would be guessed.
func (b *binder) lookup(name string) (at int, ok bool) {
	key := fold.Text(name)
	if key == "" {
		return 0, false
	}
	if at = slices.Index(b.keys, key); at < 0 {
		at = slices.Index(b.full, squeezed(name))
	}
	return at, at >= 0
}

// isTwice reports, as a problem, that the header at a position stands at another one too.
func (b *binder) isTwice(at int, column string) bool {
	again := slices.Index(b.keys[at+1:], b.keys[at])
	if again < 0 {
		return false
	}
	b.problem(ProblemHeaderTwice, "rename one of them in the export",
		"%s: the header has %q twice, as columns %d and %d",
		column, b.layout.Headers[at], at+1, at+1+again+1)
	return true
}

// noTerminalID is the problem of an export without a terminal id; it suggests the headers that look
// most like an identifier of a terminal.
func (b *binder) noTerminalID(format string, args ...any) {
	var best []string
	most := 1
	for i, key := range b.keys {
		points := idPoints(key)
		switch {
		case points > most:
			best, most = []string{b.layout.Headers[i]}, points
		case points == most && len(best) < 3:
			best = append(best, b.layout.Headers[i])
		}
	}
	hint := b.yamlHint("columns", "terminal_id: HEADER", "where HEADER is the name of the column with the terminal ids")
	if most > 1 {
		hint = "did you mean " + strings.Join(quoted(best), " or ") + "? " +
			b.yamlHint("columns", "terminal_id: "+yamlText(best[0]), "")
	}
	b.problems = append(b.problems, Problem{
		Code: ProblemNoTerminalID, Column: terminalIDColumn, Values: best,
		Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// idPoints says how much a header looks like an identifier of a terminal; 0 is not at all.
func idPoints(key string) int {
	points := 0
	if containsAny(key, "terminal", "term", "device", "meter", "终端", "设备", "机具") {
		points += 2
	}
	for _, ending := range []string{"id", "no", "no.", "number", "code", "号", "编号", "编码", "标识码"} {
		if strings.HasSuffix(key, ending) {
			return points + 2
		}
	}
	return points
}

// absentHint suggests the header nearest to a name that the file does not have.
func (b *binder) absentHint(name string) string {
	key := fold.Text(name)
	best, fewest := "", max(1, len([]rune(key))/3)+1
	for i, known := range b.keys {
		if n := edits(key, known, fewest); known != "" && n < fewest {
			best, fewest = b.layout.Headers[i], n
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}

func containsAny(s string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(s, part) })
}

// edits returns how many characters have to be added, removed or changed to make b of a, or limit
// if they are that many.
func edits(a, b string, limit int) int {
	from, to := []rune(a), []rune(b)
	if len(from)-len(to) >= limit || len(to)-len(from) >= limit || len(from) > 100 {
		return limit
	}
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j := range to {
			change := diagonal
			if from[i] != to[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return min(row[len(to)], limit)
}
