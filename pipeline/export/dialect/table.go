package dialect

import "fmt"

// Table is a run of records that belong together.
type Table struct {
	From    int      `json:"from"` // the first of its records, header included
	To      int      `json:"to"`   // behind its last one
	Line    int64    `json:"line"` // of the first record
	Width   int      `json:"width"`
	Header  int      `json:"header"` // records of its header; 0: it has none
	Sure    float64  `json:"sure"`   // of the header, or of there being none
	Reasons []string `json:"reasons"`
}

// Tables finds the tables of a text: runs of records of about one width. What stands above the first
// one is a preamble, what stands between and below are titles and notes.
func Tables(rows Rows, known func(string) bool) []Table {
	var tables []Table
	for from := 0; from < rows.Len(); {
		t, ok := tableAt(rows, from, known)
		if !ok {
			from++
			continue
		}
		t.judgeHeader(rows, known)
		if len(tables) > 0 && tables[len(tables)-1].goesOn(rows, t) {
			tables[len(tables)-1].To = t.To
		} else {
			tables = append(tables, t)
		}
		from = t.To
	}
	if len(tables) == 0 {
		tables = single(rows, known)
	}
	return tables
}

// tableAt returns the table that begins with a record, if one does: another record of the same width
// follows, or it fills the text alone.
func tableAt(rows Rows, from int, known func(string) bool) (Table, bool) {
	t := Table{From: from, Line: rows.Line(from), Width: rows.Width(from)}
	if t.Width < 2 || rows.IsFaulty(from) || filled(rows, from)*2 < t.Width {
		return t, false
	}
	agree, misses := 1, 0
	t.To = from + 1
	for i := from + 1; i < rows.Len() && misses < maxMisses; i++ {
		switch {
		case rows.Width(i) == t.Width:
			agree++
			misses = 0
			t.To = i + 1
		case rows.Width(i) == 0 && !rows.IsFaulty(i) && begins(rows, i+1, t.Width, known):
			i = rows.Len() // a blank line, and then something else
		default:
			misses++
		}
	}
	return t, agree > 1 || isAlone(rows, from)
}

// maxMisses is how many ragged records in a row end a table.
const maxMisses = 4

// begins reports whether another table begins at i: two records of another width, or a header.
func begins(rows Rows, i, width int, known func(string) bool) bool {
	if i+1 >= rows.Len() || rows.Width(i) < 2 || rows.Width(i) != rows.Width(i+1) {
		return false
	}
	if rows.Width(i) != width {
		return true
	}
	next := Table{From: i, To: min(i+maxMisses, rows.Len()), Width: width}
	next.judgeHeader(rows, known)
	return next.Header == 1 && next.Sure > 0.5
}

// isAlone reports whether no other record of the text has more than one cell.
func isAlone(rows Rows, row int) bool {
	for i := range rows.Len() {
		if i != row && rows.Width(i) > 1 {
			return false
		}
	}
	return true
}

// single takes a text of one column for one table.
func single(rows Rows, known func(string) bool) []Table {
	for i := range rows.Len() {
		if rows.Width(i) == 0 {
			continue
		}
		t := Table{From: i, To: rows.Len(), Line: rows.Line(i), Width: rows.Width(i)}
		t.judgeHeader(rows, known)
		return []Table{t}
	}
	return nil
}

// goesOn reports whether another run of records is the same table further down: as wide, and without a
// header of its own, or with the same one.
func (t *Table) goesOn(rows Rows, next Table) bool {
	if t.Width != next.Width {
		return false
	}
	if next.Header == 0 {
		return true
	}
	for at := range t.Width {
		a, _ := rows.Cell(t.From, at)
		b, _ := rows.Cell(next.From, at)
		if string(a) != string(b) {
			return false
		}
	}
	return true
}

// filled counts the cells of a record that are not blank.
func filled(rows Rows, row int) (n int) {
	for at := range rows.Width(row) {
		if text, _ := rows.Cell(row, at); kindOf(text) != kindBlank {
			n++
		}
	}
	return n
}

// judgeHeader decides whether the first record of a table names its columns. Known names do; else each
// column votes: for a header if its first cell is a word above numbers or dates, against it if it is a
// number itself or one of the values below.
func (t *Table) judgeHeader(rows Rows, known func(string) bool) {
	names, words, repeated := 0, map[string]bool{}, 0
	votesFor, votesAgainst := 0.0, 0.0
	for at := range rows.Width(t.From) {
		text, _ := rows.Cell(t.From, at)
		name := string(text)
		if known != nil && name != "" && known(name) {
			names++
		}
		if words[name] && name != "" {
			repeated++
		}
		words[name] = true
		pro, contra := t.vote(rows, at, text)
		votesFor += pro
		votesAgainst += contra
	}
	switch {
	case names > 0 && votesAgainst <= float64(t.Width)/2:
		t.Header, t.Sure = 1, 1
		t.Reasons = append(t.Reasons, fmt.Sprintf("%d of %d names are known", names, t.Width))
	case votesFor == 0 && votesAgainst == 0:
		// All columns are words: the first record is a header if its words are all different.
		t.Sure = 0.5
		if repeated == 0 {
			t.Header = 1
		}
		t.Reasons = append(t.Reasons, "every column is of words, so nothing tells a header from them")
	default:
		t.Sure = max(votesFor, votesAgainst) / (votesFor + votesAgainst)
		if votesFor > votesAgainst {
			t.Header = 1
		}
		t.Reasons = append(t.Reasons, fmt.Sprintf("line %d: columns that differ from what stands below speak %.1f for a header, those that are alike %.1f against",
			t.Line, votesFor, votesAgainst))
	}
}

// maxBody bounds how many records a column is judged by.
const maxBody = 200

// vote compares the first cell of a column with those below.
func (t *Table) vote(rows Rows, at int, first []byte) (pro, contra float64) {
	var kinds [kindFlag + 1]int
	same, bodies, lengths := 0, 0, map[int]int{}
	for i := t.From + 1; i < min(t.To, t.From+1+maxBody); i++ {
		if at >= rows.Width(i) || rows.Width(i) != t.Width {
			continue
		}
		text, _ := rows.Cell(i, at)
		k := kindOf(text)
		kinds[k]++
		if k == kindBlank {
			continue
		}
		bodies++
		lengths[len(text)]++
		if string(text) == string(first) {
			same++
		}
	}
	own := kindOf(first)
	if own == kindFlag && kinds[kindFlag] == 0 {
		own = kindText // a column may be called n
	}
	switch typed := bodies - kinds[kindText]; {
	case bodies == 0:
		return 0, 0
	case own == kindBlank:
		return 0, 0.3
	case typed*10 >= bodies*9 && own == kindText:
		return 1, 0
	case typed*10 >= bodies*9:
		return 0, 1
	case own != kindText:
		return 0, 1 // a number above words names nothing
	case same > 0:
		return 0, 0.5
	case bodies > 2 && lengths[len(first)] == 0 && len(lengths) == 1:
		return 0.7, 0 // codes of one length below another word
	case bodies > 2 && lengths[len(first)] == bodies && len(first) > 3:
		return 0, 0.7
	}
	return 0, 0
}
