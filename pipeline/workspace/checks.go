package workspace

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// A checker finds what the schema cannot say: values out of their vocabulary or range, names that
// nothing bears, entries that contradict each other.
type checker struct {
	set      *reference.Set // nil if it could not be read: what depends on it is not checked
	problems []Problem
}

// check returns the problems of a decoded configuration; marks tell where its values stand.
func check(c Config, marks *mark, set *reference.Set) []Problem {
	k := &checker{set: set}
	k.estate(c, marks.at("estate"))
	k.sources(c.Sources, marks.at("sources"))
	k.populations(c.Populations, marks.at("populations"))
	k.settings(c, marks)
	return k.problems
}

func (k *checker) blame(p place, format string, args ...any) {
	k.problems = append(k.problems, Problem{p.file, p.line, p.column, fmt.Sprintf(format, args...)})
}

// oneOf blames a value outside a closed vocabulary; the empty value is for the caller to judge.
func (k *checker) oneOf(p place, what, value string, vocabulary []string) {
	if value == "" || slices.Contains(vocabulary, value) {
		return
	}
	k.blame(p, "%q is no %s%s", value, what, didYouMean(value, vocabulary))
}

// distinct blames the second of equal entries of a list.
func (k *checker) distinct(m *mark, list []string) {
	seen := map[string]bool{}
	for i, entry := range list {
		switch {
		case strings.TrimSpace(entry) == "":
			k.blame(m.item(i).value, "an entry is blank")
		case seen[entry]:
			k.blame(m.item(i).value, "%q stands here twice", entry)
		}
		seen[entry] = true
	}
}

var (
	countryCode  = regexp.MustCompile(`^[A-Z]{2}$`)
	divisionCode = regexp.MustCompile(`^[0-9]{6}$`)
	schemeKey    = regexp.MustCompile(`^[a-z][a-z0-9_]*:.+$`)
	identifier   = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	folderName   = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}_-]*(\.[\p{L}\p{N}_-]+)*$`)
)

func (k *checker) estate(c Config, m *mark) {
	area, total := c.Estate.Area, c.Estate.OfficialTotal
	switch {
	case divisionCode.MatchString(area):
		if known := k.division(c.Regions.Vintage, area); !known {
			k.blame(m.at("area").value, "%q is no division of GB/T 2260 as of %s", area, c.Regions.Vintage)
		}
	case !countryCode.MatchString(area) && !schemeKey.MatchString(area):
		k.blame(m.at("area").value, "%q is no area: a country such as CN, a region key such as 350000, or SCHEME:VALUE", area)
	}
	if c.Estate.Acquirers != nil && len(c.Estate.Acquirers) == 0 {
		k.blame(m.at("acquirers").value, "an estate has acquirers: \"all\" or a list of them")
	}
	k.distinct(m.at("acquirers"), c.Estate.Acquirers)
	if total == "" || k.set == nil {
		return
	}
	if _, known := k.set.Figures.ByID(total); !known {
		var ids []string
		for _, figure := range k.set.Figures.List() {
			ids = append(ids, figure.ID)
		}
		k.blame(m.at("official_total").value, "no published figure %q%s", total, didYouMean(total, ids))
	}
}

// division reports whether a code is a division in the vintage; true where that cannot be told.
func (k *checker) division(vintage, code string) bool {
	if k.set == nil {
		return true
	}
	divisions, err := k.set.Regions.At(vintage)
	if err != nil {
		return true // an unknown vintage is blamed where it is written
	}
	return divisions.Name(code) != ""
}

func (k *checker) populations(list []Population, m *mark) {
	seen := map[string]bool{}
	for i, p := range list {
		at := m.item(i)
		switch {
		case p.Name == "":
			k.blame(at.at("name").value, "a population needs a name")
		case !identifier.MatchString(p.Name) || len(p.Name) > maxName:
			k.blame(at.at("name").value, "population %q: a name is lower-case letters, digits and _", p.Name)
		case slices.Contains(BuiltinPopulations, p.Name):
			k.blame(at.at("name").value, "population %q is built in: choose another name", p.Name)
		case seen[p.Name]:
			k.blame(at.at("name").value, "population %q is defined twice", p.Name)
		}
		seen[p.Name] = true
		if strings.TrimSpace(p.Where) == "" {
			k.blame(at.at("where").value, "population %q needs where: a SQL condition over the columns of terminals", p.Name)
		}
	}
}

// settings checks the sections that environment and flags may override.
func (k *checker) settings(c Config, m *mark) {
	share, ok := new(big.Rat).SetString(c.Snapshots.CompleteShare)
	if !ok || !decimalText.MatchString(c.Snapshots.CompleteShare) || share.Cmp(big.NewRat(1, 1)) > 0 {
		k.blame(m.at("snapshots").at("complete_share").value, "expected a share from 0 to 1 such as 0.95, found %q", c.Snapshots.CompleteShare)
	}
	for _, bound := range []struct {
		section, key string
		value        int64
		least, most  int64
		print        func(int64) string
	}{
		{"snapshots", "close_after", int64(c.Snapshots.CloseAfter), 0, 120, nil},
		{"snapshots", "carry_max", int64(c.Snapshots.CarryMax), 0, 120, nil},
		{"evidence", "observed_months", int64(c.Evidence.ObservedMonths), 1, 120, nil},
		{"evidence", "max_terminals_per_serial", int64(c.Evidence.MaxTerminalsPerSerial), 1, 1_000_000, nil},
		{"limits", "memory", c.Limits.Memory, 64 << 20, 1 << 50, formatBytes},
		{"limits", "record", c.Limits.Record, 1 << 10, 64 << 20, formatBytes},
		{"limits", "unpacked", c.Limits.Unpacked, 1 << 20, 1 << 44, formatBytes},
		{"limits", "threads", int64(c.Limits.Threads), 1, 1024, nil},
		{"report", "top_n", int64(c.Report.TopN), 1, 1_000_000, nil},
	} {
		if bound.value >= bound.least && bound.value <= bound.most {
			continue
		}
		show := bound.print
		if show == nil {
			show = func(n int64) string { return fmt.Sprint(n) }
		}
		k.blame(m.at(bound.section).at(bound.key).value, "%s is out of bounds: %s to %s",
			show(bound.value), show(bound.least), show(bound.most))
	}
	k.vintage(c.Regions.Vintage, m.at("regions").at("vintage").value)
	if len(c.Report.Languages) == 0 {
		k.blame(m.at("report").at("languages").value, "a report needs a language: en, zh")
	}
	languages := m.at("report").at("languages")
	for i, language := range c.Report.Languages {
		k.oneOf(languages.item(i).value, "language of reports", language, []string{"en", "zh"})
	}
	k.distinct(languages, c.Report.Languages)
}

var decimalText = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

func (k *checker) vintage(vintage string, at place) {
	if k.set == nil || vintage == "" {
		return
	}
	k.oneOf(at, "vintage of GB/T 2260", vintage, k.set.Regions.Vintages())
}

func (k *checker) sources(list []Source, m *mark) {
	seen := map[string]bool{}
	for i, s := range list {
		at := m.item(i)
		folded := fold.Text(s.Name)
		switch {
		case s.Name == "":
			k.blame(at.at("name").value, "a source needs a name")
		case !folderName.MatchString(s.Name) || len(s.Name) > maxName:
			k.blame(at.at("name").value, "source %q: the name is a folder below inbox, so letters, digits, - and _ (and . between them)", s.Name)
		case seen[folded]:
			k.blame(at.at("name").value, "source %q is defined twice", s.Name)
		}
		seen[folded] = true
		k.oneOf(at.at("kind").value, "kind of source", s.Kind, []string{"acquirer", "processor"})
		if s.DueDay < 0 || s.DueDay > 31 {
			k.blame(at.at("due_day").value, "%d is no day of a month", s.DueDay)
		}
		if s.DueDay > 0 && s.Usage.IsSet() {
			k.blame(at.at("due_day").key, "usage makes no snapshot of its own, so source %q has no due_day", s.Name)
		}
		k.agreed(s, at)
		k.profile(s.Profile, at)
	}
}
