package dialect

import (
	"bytes"
	"slices"
	"strings"
)

// usual delimiters are always tried, in the order in which a tie is settled.
var usual = []string{",", "\t", ";", "|"}

// maxRare bounds how many further delimiters are tried.
const maxRare = 8

// rare lists further delimiters that stand in most lines: other single characters, and pairs and
// triples such as || or ~|~.
func (s Sample) rare() []string {
	isTyped := s.isTypedColumn()
	counts := map[string]int{}
	lines := 0
	for line := range bytes.FieldsFuncSeq(s.Text[:min(len(s.Text), 16<<10)], func(r rune) bool { return r == '\n' || r == '\r' }) {
		if lines == 60 {
			break
		}
		lines++
		for mark := range marksOf(string(line)) {
			counts[mark]++
		}
	}
	var found []string
	for mark, n := range counts {
		if n*2 > lines && !slices.Contains(usual, mark) && !(isTyped && isWeak(mark)) {
			found = append(found, mark)
		}
	}
	slices.SortFunc(found, func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return found[:min(len(found), maxRare)]
}

// marksOf returns the distinct runs of up to three characters in a line that could be a delimiter.
func marksOf(line string) map[string]bool {
	marks := map[string]bool{}
	for i := range line {
		for n := 1; n <= 3 && i+n <= len(line) && canDelimit(line[i+n-1]); n++ {
			if mark := line[i : i+n]; n == 1 || strings.Trim(mark, " ") != "" && mark[0] != ' ' {
				marks[mark] = true
			}
		}
		if strings.HasPrefix(line[i:], "¦") || strings.HasPrefix(line[i:], "§") {
			marks[line[i:i+2]] = true
		}
	}
	return marks
}

// isPart reports whether a delimiter stands, more often than not, beside another character that could
// delimit: it may be a part of a longer one.
func (s Sample) isPart(delimiter string) bool {
	text := s.Text[:min(len(s.Text), 4<<10)]
	n, beside := 0, 0
	for i := 0; ; n++ {
		at := bytes.Index(text[i:], []byte(delimiter))
		if at < 0 {
			return beside*2 > n
		}
		i += at + len(delimiter)
		if i < len(text) && canDelimit(text[i]) || i > len(delimiter) && canDelimit(text[i-len(delimiter)-1]) {
			beside++
		}
	}
}

// canDelimit reports whether a byte may be part of a delimiter: what neither words nor numbers, dates
// and paths are made of.
func canDelimit(c byte) bool {
	return c < ' ' && c != 0 && c != '\n' && c != '\r' || strings.IndexByte(" ,;|~^:#&!@$%*", c) >= 0
}

// prior says how common a delimiter is.
func prior(delimiter string) float64 {
	switch {
	case strings.HasSuffix(delimiter, " ") && delimiter != " ":
		return 0.85 // blanks around a cell do no harm, but quotes behind blanks do
	case slices.Contains(usual, delimiter), len(delimiter) > 1, delimiter != "" && delimiter[0] < ' ':
		return 1
	case strings.Contains("~^", delimiter):
		return 0.9
	}
	return 0.5
}

// isWeak reports whether prose and times have such a character as well.
func isWeak(delimiter string) bool {
	return strings.Trim(delimiter, " :#&!@$%*") == ""
}

// hasEscape reports whether a backslash stands before a quote or a delimiter somewhere.
func hasEscape(text []byte, d Dialect) bool {
	return d.Delimiter != "" && bytes.Contains(text, []byte(`\`+d.Delimiter)) ||
		d.Quote != 0 && bytes.Contains(text, []byte{'\\', d.Quote})
}
