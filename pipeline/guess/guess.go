package guess

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
	"github.com/tapcov/tapcov/reports"
)

// guess makes a profile for every layout. Sources that cannot be read leave their files set aside.
func (q *quick) guess(ctx context.Context) error {
	q.group()
	var usable []*quickSource
	for _, source := range q.sources {
		if err := q.guessSource(ctx, source); err != nil {
			return err
		}
		if len(source.files) > 0 {
			usable = append(usable, source)
		}
	}
	q.sources = usable
	if len(q.sources) > 1 {
		q.answer.Assumptions = append(q.answer.Assumptions, QuickNote{Text: "a terminal of two sources is counted twice, unless both give it the same acquirer"})
	}
	q.noteCountry()
	if slices.ContainsFunc(q.sources, func(s *quickSource) bool { return s.isDateAssumed }) {
		q.step("if you know the date", "--snapshot", "YYYY-MM-DD")
	}
	return nil
}

func (q *quick) guessSource(ctx context.Context, source *quickSource) error {
	source.profile = workspace.Source{Name: source.profile.Name, Profile: q.mapped(source.has)}
	q.addOtherHeaders(source)
	q.guessRegion(source, source.last())
	if err := q.bind(ctx, source); err != nil || len(source.files) == 0 {
		return err
	}
	if err := source.placeValues(); err != nil {
		return err
	}
	q.findDates(source)
	if err := q.countSource(ctx, source, source.watch); err != nil || len(source.files) == 0 {
		return err
	}
	source.layout = source.last().layout
	q.noteColumns(source)
	q.findDate(source)
	q.findParts(source)
	q.guessAcquirer(source)
	q.guessWords(source)
	q.guessCountry(source)
	q.noteEvidence(source)
	q.suggestColumns(source)
	source.profile = source.profile.WithDefaults()
	return nil
}

// bind finds the columns of every file; files without those that are needed leave the source.
func (q *quick) bind(ctx context.Context, source *quickSource) error {
	var bound []*quickFile
	for _, file := range source.files {
		layout, problems := q.examine(file, provisional(source.profile.Profile))
		if len(problems) > 0 {
			if err := q.setAsideLayout(ctx, file, problems); err != nil {
				return err
			}
			continue
		}
		file.layout = layout
		bound = append(bound, file)
		source.layout = layout
	}
	source.files = bound
	return nil
}

func (q *quick) note(source *quickSource, format string, args ...any) {
	q.answer.Assumptions = append(q.answer.Assumptions, QuickNote{source.profile.Name, fmt.Sprintf(format, args...)})
}

// step suggests words to add to the command, if they can be typed.
func (q *quick) step(why string, words ...string) {
	if isTypeable(words) && !slices.ContainsFunc(q.answer.Steps, func(s QuickStep) bool { return slices.Equal(s.Words, words) }) {
		q.answer.Steps = append(q.answer.Steps, QuickStep{words, why})
	}
}

func isTypeable(words []string) bool {
	return !strings.ContainsFunc(strings.Join(words, ""), func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar })
}

// placeValues gives cells that a person explained the headers that they stand under.
func (s *quickSource) placeValues() error {
	for _, name := range slices.Sorted(maps.Keys(s.profile.Columns)) {
		column := s.profile.Columns[name]
		if column.Header != "" || column.Value != "" {
			continue
		}
		if column = s.located(name); column.Header == "" {
			return quickMistake("no column is read as %s: say which one with --map %s=HEADER", name, name)
		}
		s.profile.Columns[name] = column
	}
	return nil
}

// located returns the profile's column of a name with the headers that it is read from.
func (s *quickSource) located(name string) workspace.Column {
	column := s.profile.Columns[name]
	for _, file := range s.files {
		m, ok := file.layout.Column(name)
		if !ok || len(m.Headers) != 1 || m.Headers[0] == column.Header || slices.Contains(column.Headers, m.Headers[0]) {
			continue
		}
		if column.Header == "" {
			column.Header = m.Headers[0]
		} else {
			column.Headers = append(column.Headers, m.Headers[0])
		}
	}
	return column
}

// watch lists the columns whose values decide the profile.
func (s *quickSource) watch(file *quickFile) []watched {
	var columns []watched
	add := func(column, header string, layouts []string) {
		if at := slices.Index(file.layout.Headers, header); at >= 0 {
			columns = append(columns, watched{column, header, at, layouts})
		}
	}
	for _, m := range file.layout.Columns {
		if len(m.Headers) != 1 {
			continue
		}
		switch {
		case slices.Contains([]string{"status", "device_type", "country", "acquirer_raw"}, m.Column):
			add(m.Column, m.Headers[0], nil)
		case slices.Contains(newestOf, m.Column):
			add(m.Column, m.Headers[0], layoutsOf(s.profile))
		}
	}
	for _, header := range file.layout.Headers {
		if slices.ContainsFunc(dateHeaders, func(known string) bool { return fold.Text(known) == fold.Text(header) }) {
			add(header, header, nil)
		}
	}
	return columns
}

// guessRegion tells codes from names where a person says which column holds the region, and UnionPay's
// area codes, which have four digits, from those of GB/T 2260.
func (q *quick) guessRegion(source *quickSource, file *quickFile) {
	p := &source.profile
	header := p.Columns["region_raw"].Header
	isMapped := header != ""
	if !isMapped {
		if m, ok := file.layout.Column("region_raw"); ok && len(m.Headers) == 1 {
			header = m.Headers[0]
		}
	}
	at := slices.IndexFunc(file.layout.Headers, func(own string) bool { return fold.Text(own) == fold.Text(header) })
	if at < 0 || header == "" {
		return
	}
	switch digits := file.sample[at].digits; {
	case digits == len("5810"):
		p.RegionScheme = "unionpay"
	case isMapped && digits != len("350000"):
		delete(p.Columns, "region_raw")
		p.RegionScheme, p.RegionLevels = "name", []string{header}
	}
}

// findParts takes files of one layout and one date for the parts of one delivery.
func (q *quick) findParts(source *quickSource) {
	dates, names := map[string]bool{}, []string{}
	for _, file := range source.files {
		layout, _ := q.examine(file, source.profile)
		dates[layout.SnapshotDate] = true
		names = append(names, file.name)
	}
	if len(dates) == len(source.files) {
		return
	}
	p := &source.profile
	p.Delivery, p.Part, p.Parts = "parts", workspace.DateFrom{FileName: "(.+)"}, names
	q.note(source, "%d files of the same columns are parts of one whole, a terminal in several counted once", len(names))
}

func (q *quick) guessAcquirer(source *quickSource) {
	switch _, ok := source.layout.Column("acquirer_raw"); {
	case !ok:
		q.note(source, "no column of acquirers: all terminals belong to one, called %q", source.profile.Name)
	case len(source.counts.values["acquirer_raw"]) > 1:
		source.profile.Kind = "processor"
	}
}

// guessWords finds out what the values of status and device type mean.
func (q *quick) guessWords(source *quickSource) {
	status, hasStatus := q.columnOfWords(source, "status", "in_service")
	types, hasTypes := q.columnOfWords(source, "device_type", "pos")
	if !hasStatus && !hasTypes {
		q.note(source, "no column of status or device type: every terminal is a POS in service")
	} else if !hasStatus {
		q.note(source, "no column of status: every terminal is in service")
	} else if !hasTypes {
		q.note(source, "no column of device types: every terminal is a POS")
	}
	if status {
		q.guessStatus(source)
	}
	if types {
		q.guessDeviceTypes(source)
	}
}

// columnOfWords tells whether a column of words is to be guessed, and whether the last file has it; where
// a file has none, it is assumed.
func (q *quick) columnOfWords(source *quickSource, column, otherwise string) (isOpen, isThere bool) {
	for _, file := range source.files {
		m, ok := file.layout.Column(column)
		isThere = ok && m.Found != conform.FoundAssumed
		isOpen = isOpen || isThere && m.Found != conform.FoundConstant
		if !isThere {
			source.profile.Assume[column] = otherwise
		}
	}
	return isOpen, isThere
}

func (q *quick) guessStatus(source *quickSource) {
	guessed, open := q.mapWords(source, "status", &source.profile.Status, q.set.StatusWords.Guess)
	if len(guessed) > 0 {
		q.note(source, "status by what the words mean: %s", strings.Join(guessed, ", "))
	}
	if len(open) > 0 {
		q.note(source, "status %s may mean anything: whether these terminals are in service stays open", source.counts.list("status", open))
		if values := source.counts.values["status"]; 2*values[open[0]] > source.counts.records {
			q.step("if that is what it means; likewise the others", "--map", "status:"+open[0]+"=in_service")
		} else {
			q.step("in_service, pending, suspended, removed or lost", "--map", "status:"+open[0]+"=WORD")
		}
	}
}

// guessDeviceTypes reads device types by the codes of UnionPay's registration if all codes of the export
// are such.
func (q *quick) guessDeviceTypes(source *quickSource) {
	types, _ := q.set.DeviceTypes.Map("unionpay")
	isTable, hasOther := true, false
	for _, value := range source.counts.byCount("device_type") {
		_, known := types[fold.Text(value)]
		isTable = isTable && known
		hasOther = hasOther || !known && hasOnlyDigits(value)
	}
	isTable = isTable && len(source.profile.DeviceTypes) == 0 && source.counts.isCoded("device_type")
	guessed, open := q.mapWords(source, "device_type", &source.profile.DeviceTypes, func(value string) (string, bool) {
		word, known := types[fold.Text(value)]
		return word, known && !(hasOther && hasOnlyDigits(value))
	})
	if isTable {
		source.profile.DeviceTypes = map[string]string{"unionpay": "table"}
	}
	if len(guessed) > 0 {
		q.note(source, "device types as UnionPay registers them: %s", strings.Join(guessed, ", "))
	}
	if len(open) > 0 {
		q.note(source, "device types %s are not known: whether these are POS terminals stays open", source.counts.list("device_type", open))
		q.step("if that is what it means; likewise the others", "--map", "device_type:"+open[0]+"=pos")
	}
}

// mapWords maps every value of a column to a word: as a person said, as it stands, as guessed, else to
// unknown. It returns what was guessed, in words, and the values that stay open.
func (q *quick) mapWords(source *quickSource, column string, words *map[string]string, guess func(string) (string, bool)) (guessed, open []string) {
	if *words == nil {
		*words = map[string]string{}
	}
	if !source.counts.isCoded(column) {
		q.note(source, "%s has too many values to be one: it stays open for every terminal", column)
		source.profile.Assume[column] = "unknown"
		return nil, nil
	}
	told := map[string]bool{}
	for value := range *words {
		told[fold.Text(value)] = true
	}
	for _, value := range source.counts.byCount(column) {
		folded := fold.Text(value)
		if told[folded] {
			continue
		}
		if slices.Contains(workspace.Vocabulary(column), folded) {
			(*words)[value] = folded // an assumed value would go before a column without a map
			continue
		}
		word, ok := guess(value)
		if ok {
			guessed = append(guessed, value+" = "+word)
		} else {
			word = "unknown"
			if flag, known := q.set.Flags.Value([]byte(value)); !known || flag != reference.FlagUnknown {
				open = append(open, value)
			}
		}
		(*words)[value] = word
	}
	return guessed, open
}

// list prints values with the number of their rows, the most frequent few.
func (c *quickCounts) list(column string, values []string) string {
	const shown = 4
	var listed []string
	for i, value := range values[:min(len(values), shown)] {
		count := reports.Number(c.values[column][value])
		if i == 0 && c.values[column][value] == 1 {
			count += " row"
		} else if i == 0 {
			count += " rows"
		}
		listed = append(listed, fmt.Sprintf("%s (%s)", shorten(string(conform.Mask([]byte(value)))), count))
	}
	text := strings.Join(listed, ", ")
	if more := len(values) - len(listed); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
