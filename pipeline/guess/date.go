package guess

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// quickDateShape is a date or a month as names of files and titles have it.
const quickDateShape = `(?:19|20)\d\d(?:[-/._年]\d{1,2}(?:[-/._月]\d{1,2}日?|月)?|\d{4}|\d{2})`

// datePlaces are where an export may say which date it describes, the best first.
var datePlaces = []struct {
	from workspace.DateFrom
	note string
}{
	{workspace.DateFrom{FileName: `(?:^|\D)(` + quickDateShape + `)(?:\D|$)`}, "the name of the file"},
	{workspace.DateFrom{Cell: `(?i)(?:日期|时间|月份|截至|截止|as of|as at|date)\D{0,12}(` + quickDateShape + `)`}, "a line above the header"},
	{workspace.DateFrom{Cell: `(?:^|\D)(` + quickDateShape + `)(?:\D|$)`}, "a line above the header"},
}

// dateHeaders are headers of a column that says the date of every row's snapshot.
var dateHeaders = []string{
	"数据日期", "统计日期", "统计月份", "数据月份", "报表日期", "截止日期", "截至日期", "数据时间", "统计时间",
	"snapshot_date", "snapshot date", "snapshot", "as of", "as of date", "as_of", "report date", "data date", "month",
}

// findDate finds out which date the files of a source describe.
func (q *quick) findDate(source *quickSource) {
	p := &source.profile
	switch {
	case q.Snapshot != "":
		p.SnapshotDate = workspace.DateFrom{Value: q.Snapshot}
		return
	case !p.SnapshotDate.IsZero():
		return
	}
	for _, place := range datePlaces {
		if q.tryDate(source, place.from, place.note) {
			return
		}
	}
	for _, header := range source.layout.Headers {
		if !slices.ContainsFunc(dateHeaders, func(known string) bool { return fold.Text(known) == fold.Text(header) }) {
			continue
		}
		if len(source.counts.values[header]) == len(datesOfFiles(source, header)) &&
			q.tryDate(source, workspace.DateFrom{Column: header}, fmt.Sprintf("column %q", header)) {
			return
		}
	}
	q.assumeDate(source)
}

// datesOfFiles returns the distinct values of a column in the first record of each file.
func datesOfFiles(source *quickSource, header string) []string {
	var dates []string
	for _, file := range source.files {
		at := slices.Index(file.layout.Headers, header)
		if cells := cellsBelow(file.head, file.layout, at); len(cells) > 0 && !slices.Contains(dates, cells[0]) {
			dates = append(dates, cells[0])
		}
	}
	return dates
}

// tryDate takes a place for the snapshot date if every file of the source has one there.
func (q *quick) tryDate(source *quickSource, from workspace.DateFrom, note string) bool {
	profile := source.profile
	profile.SnapshotDate = from
	var dates []string
	for _, file := range source.files {
		layout, problems := q.examine(file, profile)
		isDated := !slices.ContainsFunc(problems, func(p conform.Problem) bool {
			return p.Code == conform.ProblemSnapshotDate || p.Code == conform.ProblemHeaderAbsent
		})
		if !isDated || layout.SnapshotDate == "" {
			return false
		}
		if !slices.Contains(dates, layout.SnapshotDate) {
			dates = append(dates, layout.SnapshotDate)
		}
	}
	slices.Sort(dates)
	source.profile.SnapshotDate = from
	q.note(source, "snapshot %s, from %s", strings.Join(dates, ", "), note)
	return true
}

// newestOf are the columns whose newest date an export cannot be older than, the best first: what
// has been updated or used lies in the past, what is installed or removed may be planned.
var newestOf = []string{"last_transaction_on", "updated_at", "installed_on", "removed_on"}

// assumeDate settles for a date that the rows name, or for one that stands for none. The clock is no
// choice: the same file must give the same numbers tomorrow.
func (q *quick) assumeDate(source *quickSource) {
	for _, column := range newestOf {
		if newest := source.counts.newest[column]; newest != "" {
			source.profile.SnapshotDate = workspace.DateFrom{Value: newest}
			mapped, _ := source.layout.Column(column)
			q.note(source, "no snapshot date found: %s, the newest date in %q", newest, strings.Join(mapped.Headers, "/"))
			source.isDateAssumed = true
			return
		}
	}
	source.profile.SnapshotDate = workspace.DateFrom{Value: placeholderDate}
	q.note(source, "no date found: %s stands for it, and no number depends on it", placeholderDate)
}

// usualDates are the layouts that are read without being told, those with the year first.
var usualDates = []string{"2006-1-2", "2006/1/2", "2006.1.2", "20060102", "2006年1月2日"}

// otherDates are the layouts, as profiles write them, that a column may have throughout.
var otherDates = []string{"d/m/yyyy", "m/d/yyyy", "d.m.yyyy", "d-m-yyyy", "m-d-yyyy", "d-mmm-yyyy", "d mmm yyyy"}

// dayOf reads the day of a cell, "" if it is none that can be a date of today's terminals.
func dayOf(cell string, layouts []string) string {
	day := cell
	if at := strings.IndexAny(cell, " T"); at > 0 {
		day = cell[:at]
	}
	for _, layout := range layouts {
		for _, text := range []string{day, cell} {
			if at, err := time.Parse(layout, text); err == nil && at.Year() >= 1980 && at.Year() < 2100 {
				return at.Format(time.DateOnly)
			}
		}
	}
	return ""
}

// findDates finds out how the columns of dates are written, where it is not with the year first.
func (q *quick) findDates(source *quickSource) {
	var notations []string
	for _, m := range source.layout.Columns {
		if !isDateColumn(m.Column) || len(m.Headers) != 1 {
			continue
		}
		if notation, known := dateNotation(source.sampleCells(m.Headers[0])); known && notation != "" && !slices.Contains(notations, notation) {
			notations = append(notations, notation)
		}
	}
	if len(notations) > 0 {
		q.note(source, "dates are written %s", strings.Join(notations, ", "))
		source.profile.Dates = append(notations, "yyyy-mm-dd", "yyyy/m/d", "yyyy.m.d", "yyyymmdd", "yyyy年m月d日")
	}
}

func isDateColumn(column string) bool {
	return column == "updated_at" || strings.HasSuffix(column, "_on")
}

// dateNotation returns the only layout that all cells have, "" for the usual ones. Known is false if
// none fits, or if the day and the month cannot be told apart.
func dateNotation(cells []string) (notation string, known bool) {
	all := func(layouts ...string) bool {
		return !slices.ContainsFunc(cells, func(cell string) bool {
			return strings.Trim(cell, "0-/.: ") != "" && dayOf(cell, layouts) == ""
		})
	}
	if len(cells) == 0 || all(usualDates...) {
		return "", true
	}
	for _, candidate := range otherDates {
		layout, err := workspace.DateLayout(candidate)
		if err != nil || !all(layout) {
			continue
		}
		if notation != "" {
			return "", false
		}
		notation = candidate
	}
	return notation, notation != ""
}

// layoutsOf are the layouts of package time in which a source's dates are read.
func layoutsOf(profile workspace.Source) []string {
	layouts := slices.Clone(usualDates)
	for _, notation := range profile.Dates {
		if layout, err := workspace.DateLayout(notation); err == nil {
			layouts = append(layouts, layout)
		}
	}
	return layouts
}
