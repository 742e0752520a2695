package export

import "strings"

// headSize is how much of a file is looked at before it is read.
const headSize = 256 << 10

// delimiters are the characters that may separate cells, in the order in which a tie is settled.
var delimiters = []struct {
	name string
	char byte
}{
	{",", ','}, {"tab", '\t'}, {";", ';'}, {"|", '|'}, {"none", noDelimiter},
}

func delimiterName(char byte) string {
	for _, d := range delimiters {
		if d.char == char {
			return d.name
		}
	}
	return string(char)
}

// guessDelimiter picks the delimiter under which most column names are found, and of those the one under
// which most records have the same number of cells, two at least. If more records have one cell only,
// there is no delimiter. A preamble or a footer of other widths changes little.
func (s *splitter) guessDelimiter(content []byte, end int, whole bool, known func(string) bool) byte {
	best, names, agreeing, width := byte(noDelimiter), 0, 0, 0
	for _, d := range delimiters[:len(delimiters)-1] {
		s.delimiter = d.char
		s.reset(content, end, whole)
		s.run(0)
		n := s.namesKnown(known)
		a, w := commonWidth(s.rows)
		if n > names || n == names && (a > agreeing || a == agreeing && w > width) {
			best, names, agreeing, width = d.char, n, a, w
		}
	}
	return best
}

// namesKnown returns the number of column names in the row that has most of them. A row of a single cell
// says nothing of the delimiter.
func (s *splitter) namesKnown(known func(string) bool) (most int) {
	if known == nil {
		return 0
	}
	const rows = 100 // a header is not farther down
	b := Block{Data: s.data, Cells: s.cells, Rows: s.rows[:min(rows, len(s.rows))]}
	for i, row := range b.Rows {
		n := 0
		for _, c := range b.Row(i) {
			if row.Count > 1 && !c.IsNull() && known(strings.TrimSpace(string(b.Text(c)))) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// commonWidth returns the width that most records have, if it is more than one, and how many have it.
func commonWidth(rows []Row) (agreeing, width int) {
	counts := map[int]int{}
	for _, row := range rows {
		if row.Fault == FaultNone && row.Count > 0 {
			counts[int(row.Count)]++
		}
	}
	for w, n := range counts {
		if w > 1 && (n > agreeing || n == agreeing && w > width) {
			agreeing, width = n, w
		}
	}
	if counts[1] > agreeing {
		return 0, 0
	}
	return agreeing, width
}
