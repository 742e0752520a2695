package conform

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// binder collects what Bind finds and everything that is wrong.
type binder struct {
	head       *export.Block
	file       File
	sheet      string   // the table's name, "" in text
	outside    []string // texts of the export that stand in no row of the table
	known      func(header string) bool
	upperRow   int // the first row of the header
	headerRow  int // its last
	namesKnown int
	full       []string // of the header, its group's name before it, as squeezed gives it
	keys       []string // of the header, by fold.Text
	aliases    []string // of the header: the column that the table of headers knows each for, or ""
	taken      map[int]bool
	private    []int

	profile map[string]workspace.Column // the profile's columns under the inventory's names
	assume  map[string]string           // likewise
	maps    map[string]map[string]string
	dates   dates

	columns  []bound
	stated   []bound
	scheme   string          // of the regions
	absent   map[string]bool // columns whose header is missing or ambiguous, which was said
	shadowed map[int]string  // position → why a known header is not read
	layout   Layout
	problems []Problem
}

func (b *binder) problem(code, hint, format string, args ...any) {
	b.problems = append(b.problems, Problem{Code: code, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// mustBeKnown reports whether a value that the profile's map does not know refuses the export.
func mustBeKnown(column string) bool { return column == "status" || column == "device_type" }

// mapKeys are the keys of a profile under which the maps of word columns stand.
var mapKeys = map[string]string{
	"status": "status", "device_type": "device_types", "use": "uses", "connection": "connections",
}

// readProfile compiles what the profile says of columns and values.
func (b *binder) readProfile() {
	source := &b.file.Source
	b.profile, b.assume = map[string]workspace.Column{}, map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(source.Columns)) {
		name := canonicalName(key)
		if _, ok := b.file.kindOf(name); !ok {
			b.problem(ProblemProfile, "", "columns.%s: there is no such column in the inventory", key)
			continue
		}
		if _, twice := b.profile[name]; twice {
			b.problem(ProblemProfile, "", "columns.%s: the column %s is mapped twice", key, name)
		}
		b.profile[name] = source.Columns[key]
	}
	for _, key := range slices.Sorted(maps.Keys(source.Assume)) {
		name := canonicalName(key)
		if _, ok := b.file.kindOf(name); !ok || name == terminalIDColumn {
			b.problem(ProblemProfile, "", "assume.%s: there is no such column to assume a value for", key)
			continue
		}
		b.assume[name] = source.Assume[key]
	}
	b.maps = map[string]map[string]string{
		"status": folded(source.Status), "device_type": b.deviceTypes(),
		"use": folded(source.Uses), "connection": folded(source.Connections),
	}
	for _, column := range slices.Sorted(maps.Keys(b.maps)) {
		b.checkWords(mapKeys[column], b.maps[column], workspace.Vocabulary(column))
	}
	if _, err := regexp.Compile(source.Control.Trailer); err != nil {
		b.problem(ProblemProfile, "", "control.trailer: %v", err)
	}
	var mistakes []error
	b.dates, mistakes = newDates(source.Dates)
	b.dates.iso = b.sheet != ""
	for _, mistake := range mistakes {
		b.problem(ProblemProfile, "", "dates: %v", mistake)
	}
}

// deviceTypes returns the map of device types: the profile's own, or the code set that it names.
func (b *binder) deviceTypes() map[string]string {
	types := b.file.Source.DeviceTypes
	if workspace.IsUnionPayTable(types) {
		types, _ = b.file.Reference.DeviceTypes.Map("unionpay")
	}
	return folded(types)
}

func (b *binder) checkWords(key string, values map[string]string, words []string) {
	for _, value := range slices.Sorted(maps.Keys(values)) {
		if !slices.Contains(words, values[value]) {
			b.problem(ProblemProfile, "", "%s.%s: %q is none of %s", key, value, values[value], strings.Join(words, ", "))
		}
	}
}

// mapColumns binds every column of the inventory, or of usage, in its order.
func (b *binder) mapColumns() {
	known := b.file.columns()
	b.columns = make([]bound, len(known))
	for i, c := range known {
		b.columns[i] = bound{name: c.name, kind: c.kind, interpreter: interpreter{kind: c.kind}}
		b.byName(&b.columns[i])
	}
	for i := range b.columns {
		b.byAlias(&b.columns[i])
	}
	if !b.file.isUsage() {
		b.mapRegion()
	}
	for i := range b.columns {
		b.complete(&b.columns[i])
	}
	if b.file.isUsage() {
		b.completeUsage()
	}
}

// byName binds a column to the header that the profile names, or to its constant.
func (b *binder) byName(c *bound) {
	if c.name == regionColumn && len(b.file.Source.RegionLevels) > 0 {
		b.byLevels(c)
		return
	}
	column, ok := b.profile[c.name]
	if !ok {
		return
	}
	var err error
	if c.rules, err = newRules(profileName(c.name), column); err != nil {
		b.problem(ProblemProfile, "", "%v", err)
	}
	if column.Value != "" {
		b.setConstant(c, column.Value, FoundConstant)
		return
	}
	names := slices.Concat([]string{column.Header}, column.Headers)
	names = slices.DeleteFunc(names, func(name string) bool { return fold.Text(name) == "" })
	for _, name := range names {
		if at, ok := b.lookup(name); ok {
			if b.isTwice(at, c.name) {
				b.absent[c.name] = true
			} else {
				b.setCells(c, FoundProfile, at)
			}
			return
		}
	}
	if len(names) > 0 && !column.Optional {
		b.problem(ProblemHeaderAbsent, b.absentHint(names[0]),
			"columns.%s: %s has no column %s", profileName(c.name), b.headerPlace(), quoteAll(names))
		b.absent[c.name] = true
	}
}

// byAlias binds a column that the profile does not place to the first free header that the table of
// headers knows for it.
func (b *binder) byAlias(c *bound) {
	if c.isPlaced() || b.absent[c.name] || c.name == regionColumn {
		return
	}
	for at, alias := range b.aliases {
		if alias != c.name || b.taken[at] {
			continue
		}
		switch {
		case c.isPlaced():
			b.shadowed[at] = fmt.Sprintf("%s is read from %q", c.name, c.header)
		case !b.mayRead(c, at):
			// mayRead has said why
		case b.isTwice(at, c.name):
			b.absent[c.name] = true
			return
		default:
			b.setCells(c, FoundAlias, at)
		}
	}
}

// mayRead reports whether a column may be read from a header that only the table of headers knows:
// what the profile assumes goes before it, and a column of words needs a map.
func (b *binder) mayRead(c *bound, at int) bool {
	if c.kind == kindWord && (len(b.maps[c.name]) > 0 || len(c.values) > 0) {
		return true
	}
	if value, ok := b.assume[c.name]; ok {
		b.shadowed[at] = fmt.Sprintf("%s is assumed to be %q", c.name, value)
		return false
	}
	if c.kind != kindWord || mustBeKnown(c.name) { // complete asks for the map
		return true
	}
	b.shadowed[at] = fmt.Sprintf("%s needs a map under %q", c.name, mapKeys[c.name])
	return false
}

func (b *binder) setCells(c *bound, found Found, cells ...int) {
	c.cells = cells
	m := Mapped{Column: c.name, Found: found}
	for _, at := range cells {
		if at < 0 {
			continue
		}
		b.taken[at] = true
		m.Headers = append(m.Headers, b.layout.Headers[at])
	}
	c.header = strings.Join(m.Headers, "/")
	if found == FoundAlias {
		m.Note = b.file.Reference.Headers.Note(c.header)
	}
	b.layout.Columns = append(b.layout.Columns, m)
}

// maxConstant bounds a constant of free text: it is written once a row.
const maxConstant = 256

// setConstant gives every row of a column the same value.
func (b *binder) setConstant(c *bound, text string, found Found) {
	value, number, err := b.constant(c, text)
	if err != nil {
		key := "columns"
		if found == FoundAssumed {
			key = "assume"
		}
		b.problem(ProblemProfile, "", "%s.%s: %v", key, profileName(c.name), err)
		return
	}
	c.constant, c.number = value, number
	b.layout.Columns = append(b.layout.Columns, Mapped{Column: c.name, Found: found, Value: value})
	if found == FoundAssumed {
		b.layout.Assumptions = append(b.layout.Assumptions, Assumption{Column: c.name, Value: value})
	}
}

func (b *binder) constant(c *bound, text string) (value string, number int64, err error) {
	value = string(fold.Trim([]byte(text)))
	folded := fold.Width(nil, []byte(value))
	switch c.kind {
	case kindTerminalID:
		return "", 0, fmt.Errorf("terminal ids cannot all be %q", text)
	case kindWord:
		if !slices.Contains(workspace.Vocabulary(c.name), value) {
			return "", 0, fmt.Errorf("%q is none of %s", text, strings.Join(workspace.Vocabulary(c.name), ", "))
		}
	case kindFlag:
		flag, ok := b.file.Reference.Flags.Value(folded)
		if !ok {
			return "", 0, fmt.Errorf("%q is none of %s", text, strings.Join(workspace.FlagValues, ", "))
		}
		value = flag.String()
	case kindCardScheme:
		if !slices.Contains(workspace.SchemeWords, value) {
			return "", 0, fmt.Errorf("%q is none of %s", text, strings.Join(workspace.SchemeWords, ", "))
		}
	case kindDate, kindTime:
		usual := dates{usual: true}
		m, ok := usual.parse(folded)
		if !ok {
			return "", 0, fmt.Errorf("%q is no date", text)
		}
		if number = m.timestamp(); c.kind == kindDate {
			number = int64(m.days)
		}
	case kindCount:
		var ok bool
		if number, ok = parseCount(folded); !ok {
			return "", 0, fmt.Errorf("%q is no count", text)
		}
	default:
		if len(value) > maxConstant {
			return "", 0, fmt.Errorf("the value is longer than %d bytes", maxConstant)
		}
	}
	return value, number, nil
}

// complete gives a column what it needs to read its cells, or the value of a column without any.
func (b *binder) complete(c *bound) {
	c.flags = b.file.Reference.Flags
	c.isRuled = !c.rules.isNone()
	switch c.kind {
	case kindWord:
		c.words, c.byText = workspace.Vocabulary(c.name), b.maps[c.name]
		b.checkWords("columns."+c.name+".values", c.values, c.words)
	case kindFlag:
		c.words = workspace.FlagValues
		b.checkWords("columns."+c.name+".values", c.values, c.words)
	case kindScheme:
		if region := b.column(regionColumn); region.isPlaced() {
			c.constant = b.scheme
		}
		return
	}
	if len(c.cells) > 0 {
		if mustBeKnown(c.name) {
			b.checkMap(c)
		}
		return
	}
	if value, ok := b.assume[c.name]; ok && !c.isPlaced() {
		b.setConstant(c, value, FoundAssumed)
	}
	b.checkAbsent(c)
	if c.constant == "" && (c.kind == kindWord || c.kind == kindFlag) {
		c.constant = unknown
	}
}

// checkAbsent asks for what must be said of a column that is not there.
func (b *binder) checkAbsent(c *bound) {
	if c.isPlaced() || b.absent[c.name] {
		return
	}
	switch {
	case c.name == terminalIDColumn:
		b.noTerminalID(
			"no column is known to hold the terminal id; %s has %s", b.headerPlace(), quoteAll(b.layout.Headers))
	case mustBeKnown(c.name):
		b.problems = append(b.problems, Problem{
			Code: ProblemUnassumed, Column: c.name,
			Message: fmt.Sprintf("the export has no %s column and the profile assumes none", c.name),
			Hint:    b.yamlHint("assume", c.name+": "+workspace.Vocabulary(c.name)[0], "if that is so for every row"+b.usageHint()),
		})
	}
}

// checkMap asks for a map of a status or device type column whose first values are not the
// inventory's own words.
func (b *binder) checkMap(c *bound) {
	if len(b.maps[c.name]) > 0 || len(c.values) > 0 || c.tokens != nil {
		return
	}
	var scratch []byte
	var values []string
	for i := b.headerRow + 1; i < len(b.head.Rows) && len(values) <= maxListed; i++ {
		if len(b.head.Row(i)) <= c.cells[0] {
			continue
		}
		cell := b.head.Text(b.head.Row(i)[c.cells[0]])
		value := clipped(fold.Trim(cell))
		if _, f := c.read(&scratch, cell); f != faultNone && !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	if len(values) == 0 {
		return
	}
	b.problems = append(b.problems, Problem{
		Code: ProblemNoMap, Column: c.name, Values: values,
		Message: fmt.Sprintf("the profile has no map for the values of %s in column %q and assumes none", c.name, c.header),
		Hint:    mapHint(b.file, c.name, values),
	})
}

// mapHint says which lines to add for values that a map does not know.
func mapHint(file File, column string, values []string) string {
	var lines strings.Builder
	for _, value := range values[:min(len(values), maxListed)] {
		word := "WORD"
		if guess, ok := file.Reference.StatusWords.Guess(value); ok && column == "status" {
			word = guess
		}
		fmt.Fprintf(&lines, "\n  %q: %s", value, word)
	}
	return fmt.Sprintf("add under \"%s:\" of source %q the lines%s\neach one of %s",
		mapKeys[column], file.Source.Name, lines.String(), strings.Join(workspace.Vocabulary(column), ", "))
}

// column returns the column of that name, which is in the inventory.
func (b *binder) column(name string) *bound {
	return &b.columns[slices.IndexFunc(b.columns, func(c bound) bool { return c.name == name })]
}

func (b *bound) isPlaced() bool { return len(b.cells) > 0 || b.constant != "" }
