package dialect

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
)

// Rows are the records of a text under one dialect.
type Rows interface {
	Len() int
	Line(row int) int64
	IsFaulty(row int) bool // it could not be split
	Width(row int) int     // number of cells, 0 of a blank line
	Cell(row, at int) (text []byte, isQuoted bool)
}

// Sample is a text to be told about: the beginning of a file.
type Sample struct {
	Text  []byte             // UTF-8
	Split func(Dialect) Rows // valid until it is called again
	Known func(string) bool  // whether a text is the name of a column; may be nil
	Fixed *Dialect           // the delimiter is known already; may be nil
	Quote bool               // with Fixed: quote and escape are known as well
}

// Finding is what a text was found to be.
type Finding struct {
	Dialect    Dialect  `json:"dialect"`
	Confidence float64  `json:"confidence"` // 0: a guess; 1: nothing else comes near
	Reasons    []string `json:"reasons"`
	Tables     []Table  `json:"tables,omitempty"` // in the order of the text; Detect leaves them to Tables
}

// Width returns the number of columns of the largest table.
func (f *Finding) Width() (width int) {
	most := 0
	for _, t := range f.Tables {
		if cells := (t.To - t.From) * t.Width; cells > most {
			most, width = cells, t.Width
		}
	}
	return width
}

// view is a text under one dialect, and what speaks for it.
type view struct {
	dialect Dialect
	names   int     // column names in the record that has most of them
	score   float64 // 0 to 1
	whole   float64 // how much cells look like cells, 0 to 1
	width   int     // of most records
	agree   int     // records of that width
	records int     // that are not blank
	uncut   int     // records of one cell
	faults  int
	opens   int // cells that begin with an apostrophe
}

// leastScore is what a delimiter must reach: below it the text is one column of text that has such
// characters in it.
const leastScore = 0.12

// Detect tells the dialect by evidence: under the right one most records have the same number of cells,
// and cells are numbers, dates or words rather than pieces with other delimiters or half a pair of
// quotes in them. Where names of columns are known, the dialect that finds most of them is right.
func Detect(s Sample) Finding {
	views := s.lookAt(nil, usual)
	if s.Fixed != nil {
		views = []view{s.judge(*s.Fixed)}
	} else if len(views) == 0 || !views[0].isClear() || s.isPart(views[0].dialect.Delimiter) {
		views = s.lookAt(views, s.rare())
	}
	best := view{dialect: Dialect{Quote: '"'}}
	if i := slices.IndexFunc(views, view.isCut); i >= 0 || s.Fixed != nil {
		best = views[max(i, 0)] // with Fixed there is one
	}
	f := Finding{Dialect: best.dialect}
	f.Confidence, f.Reasons = best.weigh(views)
	return f
}

// lookAt adds views by further delimiters, the best one first.
func (s Sample) lookAt(views []view, delimiters []string) []view {
	for _, delimiter := range delimiters {
		if bytes.Contains(s.Text, []byte(delimiter)) {
			views = append(views, s.judge(Dialect{Delimiter: delimiter, Quote: '"'}))
		}
	}
	slices.SortStableFunc(views, func(a, b view) int {
		return cmp.Or(cmp.Compare(b.names, a.names), cmp.Compare(b.score, a.score))
	})
	return views
}

// judge looks at the text under a dialect, and with another quote or an escape where that may be better.
func (s Sample) judge(d Dialect) view {
	v := s.look(d)
	if s.Quote {
		return v
	}
	if v.opens > 1 && d.Quote == '"' {
		d.Quote = '\''
		if single := s.look(d); single.faults <= v.faults && single.score > v.score {
			v = single
		}
	}
	return s.withEscape(v)
}

// isClear reports whether nothing else can be meant: nearly all records agree, and their cells are whole.
// Under half of a delimiter of two characters every second cell is blank, so they are not.
func (v view) isClear() bool {
	return v.width > 1 && v.agree*20 >= v.records*19 && v.whole >= 0.7
}

// isCut reports whether a delimiter cuts the text: it scores, or it is a usual one and no more records
// lack it than agree.
func (v view) isCut() bool {
	return v.names > 0 || v.score >= leastScore ||
		v.agree > 0 && v.uncut <= v.agree && slices.Contains(usual, v.dialect.Delimiter)
}

// isTypedColumn reports whether most records are a time or a date as a whole.
func (s Sample) isTypedColumn() bool {
	rows := s.Split(Dialect{})
	typed, n := 0, min(rows.Len(), maxBody)
	for i := range n {
		if rows.Width(i) == 1 {
			if text, _ := rows.Cell(i, 0); kindOf(text) == kindTime || kindOf(text) == kindDate {
				typed++
			}
		}
	}
	return typed*2 > n
}

// withEscape takes a backslash for an escape where records split better that way.
func (s Sample) withEscape(v view) view {
	if !hasEscape(s.Text, v.dialect) {
		return v
	}
	d := v.dialect
	d.Escape = '\\'
	if e := s.look(d); e.faults < v.faults || e.faults == v.faults && e.agree > v.agree {
		return e
	}
	return v
}

// weigh says how far a view is ahead of the others, and why it is taken.
func (v view) weigh(views []view) (float64, []string) {
	var reasons []string
	if v.names > 0 {
		reasons = append(reasons, "known names of columns: "+strconv.Itoa(v.names))
	}
	if v.dialect.Delimiter == "" {
		reasons = append(reasons, "no delimiter cuts the records alike")
	} else {
		reasons = append(reasons, fmt.Sprintf("%d of %d records have %d cells", v.agree, v.records, v.width))
	}
	if v.faults > 0 {
		reasons = append(reasons, fmt.Sprintf("%d records cannot be split", v.faults))
	}
	confidence := v.score
	for _, other := range views {
		if other.dialect.Delimiter == v.dialect.Delimiter {
			continue
		}
		if v.dialect.Delimiter == "" {
			return 1 - other.score/leastScore, reasons
		}
		if other.names < v.names {
			return 1, reasons
		}
		if other.score > 0 {
			reasons = append(reasons, fmt.Sprintf("next is %q with %d of %d", Name(other.dialect.Delimiter), other.agree, other.records))
		}
		confidence = 1 - other.score/max(v.score, other.score, 1e-9)
		break
	}
	return confidence, reasons
}

// look splits the text under a dialect and scores what comes out.
func (s Sample) look(d Dialect) view {
	rows := s.Split(d)
	v := view{dialect: d, names: namesKnown(rows, s.Known)}
	widths := map[int]int{}
	inRuns, last, lastPaired := 0, 0, true
	for i := range rows.Len() {
		w := rows.Width(i)
		if rows.IsFaulty(i) {
			v.faults++
			w = -1
		} else if w == 0 {
			continue
		}
		v.records++
		widths[w]++
		if w > 1 && w == last {
			inRuns++
			if !lastPaired {
				inRuns++
			}
			lastPaired = true
		} else {
			last, lastPaired = w, false
		}
	}
	for w, n := range widths {
		if w > 1 && (n > v.agree || n == v.agree && w > v.width) {
			v.agree, v.width = n, w
		}
	}
	if v.uncut = widths[1]; v.agree == 0 {
		return v
	}
	// Several tables in one text have each their width: neighbours that agree count as well.
	share := (float64(v.agree) + float64(max(inRuns, v.agree))) / 2 / float64(v.records)
	pattern := share * share * float64(v.width-1) / float64(v.width)
	v.whole = v.cells(rows)
	v.score = pattern * v.whole * prior(d.Delimiter)
	if isWeak(d.Delimiter) && !v.isTable(rows) {
		v.score = 0
		if v.names == 1 {
			v.names = 0 // a word of a sentence
		}
	}
	return v
}

// namesKnown returns the number of column names in the record that has most of them. A record of a single
// cell says nothing of the delimiter.
func namesKnown(rows Rows, known func(string) bool) (most int) {
	if known == nil {
		return 0
	}
	const records = 100 // a header is not farther down
	for i := range min(records, rows.Len()) {
		n := 0
		for at := range rows.Width(i) {
			if text, _ := rows.Cell(i, at); rows.Width(i) > 1 && len(text) > 0 && known(string(text)) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// maxCells bounds how many cells are looked at.
const maxCells = 1500

// cells scores the cells of the records that agree: 1 if all have a type.
func (v *view) cells(rows Rows) float64 {
	sum, n := 0.0, 0
	for i := 0; i < rows.Len() && n < maxCells; i++ {
		if rows.Width(i) < 2 {
			continue
		}
		for at := range rows.Width(i) {
			text, isQuoted := rows.Cell(i, at)
			sum += cellScore(text, isQuoted)
			n++
			if len(text) > 1 && text[0] == '\'' && !isQuoted {
				v.opens++
			}
		}
	}
	return sum / float64(max(n, 1))
}

// isTable holds characters that prose has as well to more: the first record agrees, nearly all others do,
// there are three columns at least, and some of them are more than words.
func (v *view) isTable(rows Rows) bool {
	if v.width < 3 || v.agree*10 < v.records*9 || rows.Width(0) != v.width {
		return false
	}
	typed, filled := 0, 0
	for i := 1; i < min(rows.Len(), 100); i++ {
		for at := range rows.Width(i) {
			text, isQuoted := rows.Cell(i, at)
			if len(text) > 0 {
				filled++
			}
			if isQuoted || kindOf(text) > kindText {
				typed++
			}
		}
	}
	return typed*5 >= filled
}
