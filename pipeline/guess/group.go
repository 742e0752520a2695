package guess

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// group makes sources of the files: those of one layout are one source, and so are those of one folder
// and name whose layout changed a little. Sources keep the order of the files.
func (q *quick) group() {
	for _, file := range q.files {
		at := slices.IndexFunc(q.sources, func(s *quickSource) bool { return s.isLike(file) && q.canShare(s, file) })
		if at < 0 {
			q.sources = append(q.sources, &quickSource{})
			at = len(q.sources) - 1
		}
		q.sources[at].files = append(q.sources[at].files, file)
	}
	taken := map[string]bool{}
	for _, source := range q.sources {
		base := sourceName(source.files)
		name := base
		for n := 2; taken[fold.Text(name)]; n++ {
			name = fmt.Sprintf("%s-%d", base, n)
		}
		taken[fold.Text(name)] = true
		source.profile.Name = name
		source.nameFiles()
	}
}

// isLike reports whether a file has the layout of a source, or follows its last file in folder and name
// with more than half of its headers.
func (s *quickSource) isLike(file *quickFile) bool {
	last := s.last()
	shared := 0
	for _, header := range file.layout.Headers {
		if last.has(header) {
			shared++
		}
	}
	isSame := shared == len(file.layout.Headers) && len(last.layout.Headers) == shared
	isNext := filepath.Dir(last.path) == filepath.Dir(file.path) && stem(last) == stem(file)
	return isSame || isNext && 2*shared > max(len(file.layout.Headers), len(last.layout.Headers))
}

// canShare reports whether one profile can follow every mapping in the files of a source and in another.
func (q *quick) canShare(source *quickSource, file *quickFile) bool {
	files := append(slices.Clone(source.files), file)
	for _, m := range q.Mappings {
		some := slices.ContainsFunc(files, func(f *quickFile) bool { return f.has(m.Header) })
		if m.Header == "" || !some {
			continue
		}
		if slices.ContainsFunc(files, func(f *quickFile) bool { return !f.has(m.Header) && q.otherHeader(f, m) == "" }) {
			return false
		}
	}
	return true
}

// otherHeader returns the header that a column is read from in a file without the header of a mapping:
// of another mapping, or a known one. Levels of regions have no other.
func (q *quick) otherHeader(file *quickFile, mapping QuickMapping) string {
	if mapping.Column == "region_raw" || mapping.Column == "snapshot_date" {
		return ""
	}
	for _, m := range q.Mappings {
		if m.Column == mapping.Column && m.Header != "" && file.has(m.Header) {
			return m.Header
		}
	}
	for _, header := range file.layout.Headers {
		if column, ok := q.set.Headers.Column(header); ok && column == mapping.Column {
			return header
		}
	}
	return ""
}

// addOtherHeaders lets mapped columns be read in files that have another header for them.
func (q *quick) addOtherHeaders(source *quickSource) {
	for _, m := range q.Mappings {
		column, mapped := source.profile.Columns[m.Column]
		if m.Header == "" || !mapped || column.Header == "" {
			continue
		}
		for _, file := range source.files {
			other := q.otherHeader(file, m)
			if !file.has(m.Header) && other != "" && other != column.Header && !slices.Contains(column.Headers, other) {
				column.Headers = append(column.Headers, other)
			}
		}
		source.profile.Columns[m.Column] = column
	}
}

// nameFiles tells files of one name in several folders apart.
func (s *quickSource) nameFiles() {
	seen := map[string]bool{}
	for i, file := range s.files {
		if seen[file.name] {
			file.name = fmt.Sprintf("%d-%s", i+1, file.name)
		}
		seen[file.name] = true
	}
}

var dateInName = regexp.MustCompile(quickDateShape)

// bareName is the name of a file without dates and endings.
func bareName(file *quickFile) string {
	name, _, _ := strings.Cut(filepath.Base(file.name), ".")
	return dateInName.ReplaceAllString(name, "")
}

// stem is the name of a file without what counts it.
func stem(file *quickFile) string {
	return strings.TrimRightFunc(bareName(file), func(r rune) bool { return unicode.IsDigit(r) || r == '-' || r == '_' })
}

// sourceName makes a name of what the names of files have in common.
func sourceName(files []*quickFile) string {
	common := []rune(bareName(files[0]))
	for _, file := range files[1:] {
		name := []rune(bareName(file))
		n := 0
		for n < len(common) && n < len(name) && common[n] == name[n] {
			n++
		}
		common = common[:n]
	}
	const longest = 40
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' {
			return r
		}
		return '-'
	}, string(common[:min(len(common), longest)]))
	if len(files) > 1 {
		name = strings.TrimRightFunc(name, unicode.IsDigit)
	}
	return cmp.Or(strings.Trim(name, "-_"), "source")
}
