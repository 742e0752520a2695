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

// dialectsOf lists the dialects that are worth a try.
func dialectsOf(s Sample) []Dialect {
	if s.Fixed != nil {
		return []Dialect{*s.Fixed}
	}
	var dialects []Dialect
	for _, delimiter := range slices.Concat(usual, rare(s.Text)) {
		if !bytes.Contains(s.Text, []byte(delimiter)) {
			continue
		}
		dialects = append(dialects, Dialect{Delimiter: delimiter, Quote: '"'})
	}
	return dialects
}

// rare lists further delimiters that stand in most lines: other single characters, and pairs and
// triples such as || or ~|~.
func rare(text []byte) []string {
	counts := map[string]int{}
	lines := 0
	for line := range bytes.FieldsFuncSeq(text[:min(len(text), 16<<10)], func(r rune) bool { return r == '\n' || r == '\r' }) {
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
		if n*2 > lines && !slices.Contains(usual, mark) {
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

// canDelimit reports whether a byte may be part of a delimiter: what neither words nor numbers, dates
// and paths are made of.
func canDelimit(c byte) bool {
	return c < ' ' && c != 0 || strings.IndexByte(" ,;|~^:#&!@$%*", c) >= 0
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
