package workspace

import (
	"maps"
	"math/big"
	"path"
	"regexp"
	"slices"
	"strings"
)

// profile checks how one source is read; m is the mark of the source, which holds the profile's keys.
func (k *checker) profile(p Profile, m *mark) {
	if _, err := path.Match(p.Files, ""); err != nil || !withinFolder(p.Files) {
		k.blame(m.at("files").value, "%q is no pattern of files within the source's folder, such as *.csv or */*.csv", p.Files)
	}
	k.format(p.Format, m.at("format"))
	k.dateFrom("snapshot_date", p.SnapshotDate, true, m)
	k.columns(p, m)
	for _, table := range []struct {
		key, column string
		values      map[string]string
	}{
		{"status", "status", p.Status},
		{"device_types", "device_type", p.DeviceTypes},
		{"uses", "use", p.Uses},
		{"connections", "connection", p.Connections},
	} {
		if table.key == "device_types" && IsUnionPayTable(table.values) {
			continue
		}
		for _, raw := range slices.Sorted(maps.Keys(table.values)) {
			k.canonical(m.at(table.key).at(raw).value, table.column, table.values[raw])
		}
	}
	for i, notation := range p.Dates {
		if _, err := DateLayout(notation); err != nil {
			k.blame(m.at("dates").item(i).value, "%v", err)
		}
	}
	k.oneOf(m.at("region_scheme").value, "region scheme", p.RegionScheme, []string{"gb2260", "unionpay", "name"})
	if len(p.RegionLevels) > 0 && p.RegionScheme != "name" {
		k.blame(m.at("region_levels").key, "region_levels needs region_scheme: name")
	}
	k.distinct(m.at("region_levels"), p.RegionLevels)
	k.distinct(m.at("private"), p.Private)
	k.terminalKey(p.TerminalKey, m)
	k.delivery(p, m)
	k.oneOf(m.at("contactless_scheme").value, "contactless scheme", p.ContactlessScheme, []string{"unionpay"})
	k.oneOf(m.at("mobile_is").value, "meaning of 云闪付", p.MobileIs, []string{"nfc", "qr"})
	k.oneOf(m.at("no_pin_scope").value, "scope of 双免", p.NoPinScope, []string{"terminal", "merchant"})
	k.control(p.Control, m.at("control"))
	k.usage(p, m)
}

// control checks how exports are held against control totals.
func (k *checker) control(c Control, m *mark) {
	if c.Required && c.Ignore {
		k.blame(m.at("ignore").key, "a side file cannot be required and ignored")
	}
	k.oneOf(m.at("counts").value, "thing to count", c.Counts, []string{"terminals", "records"})
	if expression, err := regexp.Compile(c.Trailer); err != nil {
		k.expression(m.at("trailer").value, c.Trailer)
	} else if c.Trailer != "" && expression.NumSubexp() == 0 {
		k.blame(m.at("trailer").value, `a trailer needs a group for its count, such as ^TRAILER\|0*(\d+)`)
	}
}

// agreed checks what is agreed with a source beside the layout of its exports.
func (k *checker) agreed(s Source, m *mark) {
	if s.MaxRejects != "" && (!digits.MatchString(s.MaxRejects) || len(s.MaxRejects) > 12) {
		k.blame(m.at("max_rejects").value, "expected a number of rows such as 100, found %q", s.MaxRejects)
	}
	if share, ok := new(big.Rat).SetString(s.MaxRejectShare); s.MaxRejectShare != "" &&
		(!ok || !decimalText.MatchString(s.MaxRejectShare) || share.Cmp(big.NewRat(1, 1)) > 0) {
		k.blame(m.at("max_reject_share").value, "expected a share from 0 to 1 such as 0.01, found %q", s.MaxRejectShare)
	}
	k.oneOf(m.at("language").value, "language", s.Language, []string{"en", "zh"})
}

// withinFolder reports whether a glob names only what lies below its folder.
func withinFolder(glob string) bool {
	return glob != "" && !path.IsAbs(glob) && !strings.Contains(glob, `\`) && !slices.Contains(strings.Split(glob, "/"), "..")
}

func (k *checker) terminalKey(columns []string, m *mark) {
	allowed := []string{"acquirer_id", "merchant_id", "terminal_id"}
	list := m.at("terminal_key")
	for i, column := range columns {
		k.oneOf(list.item(i).value, "column of a terminal key", column, allowed)
	}
	k.distinct(list, columns)
	if !slices.Contains(columns, "acquirer_id") || !slices.Contains(columns, "terminal_id") {
		k.blame(m.at("terminal_key").value, "a terminal key holds acquirer_id and terminal_id, and merchant_id if ids repeat between merchants")
	}
}

func (k *checker) delivery(p Profile, m *mark) {
	k.oneOf(m.at("delivery").value, "delivery", p.Delivery, []string{"whole", "parts"})
	if !p.Version.IsZero() || len(m.at("version").children) > 0 {
		k.dateFrom("version", p.Version, false, m)
	}
	if p.Delivery == "parts" {
		k.dateFrom("part", p.Part, false, m)
		if len(p.Parts) == 0 {
			k.blame(m.at("parts").value, "delivery: parts needs parts: the list of those to expect")
		}
		k.distinct(m.at("parts"), p.Parts)
		return
	}
	for key, set := range map[string]bool{"part": !p.Part.IsZero(), "parts": len(p.Parts) > 0} {
		if set {
			k.blame(m.at(key).key, "%s needs delivery: parts", key)
		}
	}
}

// dateFrom checks where a date or another text of a delivery comes from.
func (k *checker) dateFrom(key string, from DateFrom, isDateText bool, source *mark) {
	m := source.at(key)
	given := 0
	for _, text := range []string{from.Value, from.FileName, from.Cell, from.Column} {
		if text != "" {
			given++
		}
	}
	if given != 1 {
		k.blame(source.at(key).value, "%s needs exactly one of value, file_name, cell, column", key)
	}
	k.expression(m.at("file_name").value, from.FileName)
	k.expression(m.at("cell").value, from.Cell)
	if !isDateText {
		if from.Layout != "" {
			k.blame(m.at("layout").value, "layout is for dates: %s is taken as it stands", key)
		}
		return
	}
	layouts := []string{"yyyy-mm-dd", "yyyymmdd", "yyyy-mm", "yyyymm"}
	if from.Layout != "" {
		layouts = []string{from.Layout}
		if _, err := DateLayout(from.Layout); err != nil {
			k.blame(m.at("layout").value, "%v", err)
			return
		}
	}
	if from.Value != "" && !isDate(from.Value, layouts...) {
		k.blame(m.at("value").value, "%q is no date: expected %s", from.Value, layouts[0])
	}
}

// expression blames a regular expression that does not compile.
func (k *checker) expression(p place, text string) {
	if _, err := regexp.Compile(text); err != nil {
		k.blame(p, "bad regular expression: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
}

// columns checks the canonical columns that a profile maps or assumes.
func (k *checker) columns(p Profile, m *mark) {
	for _, name := range slices.Sorted(maps.Keys(p.Columns)) {
		if k.columnName(m.at("columns").at(name).key, name, p.Usage) {
			k.column(name, p.Columns[name], m.at("columns").at(name))
		}
	}
	assume := m.at("assume")
	for _, name := range slices.Sorted(maps.Keys(p.Assume)) {
		if k.columnName(assume.at(name).key, name, p.Usage) {
			k.canonical(assume.at(name).value, name, p.Assume[name])
		}
	}
}

// columnName reports whether a profile may give values to the column of that name.
func (k *checker) columnName(at place, name string, usage Usage) bool {
	if usage.IsSet() {
		return k.usageColumn(at, name)
	}
	if slices.Contains(mappableColumns(), name) || isExtraColumn(name) {
		return true
	}
	if why, ours := filledByUs[name]; ours {
		k.blame(at, "column %q cannot be mapped: %s", name, why)
		return false
	}
	if strings.HasPrefix(name, "extra_") {
		k.blame(at, "column %q: a further column is extra_ and lower-case letters, digits and _", name)
		return false
	}
	hint := didYouMean(name, mappableColumns())
	if hint == "" {
		hint = "; a further column to keep is named extra_…"
	}
	k.blame(at, "unknown column %q%s", name, hint)
	return false
}

func (k *checker) column(name string, c Column, m *mark) {
	read := c.Header != "" || len(c.Headers) > 0
	shaped := len(c.Values) > 0 || c.Take != "" || len(c.Tokens) > 0 || c.Split != ""
	switch {
	case c.Value != "" && (read || shaped):
		k.blame(m.at("value").value, "value is for every row, so column %q takes nothing else", name)
	case c.Value == "" && !read && !shaped:
		k.blame(m.value, "column %q says nothing: give a header, or a mapping with header or value", name)
	}
	if c.Value != "" {
		k.canonical(m.at("value").value, name, c.Value)
	}
	k.distinct(m.at("headers"), c.Headers)
	if c.Optional && !read {
		k.blame(m.at("optional").key, "optional is for a column with a header")
	}
	k.expression(m.at("take").value, c.Take)
	for _, raw := range slices.Sorted(maps.Keys(c.Values)) {
		if c.Values[raw] == "" && Vocabulary(name) == nil {
			continue // this spelling means null
		}
		k.canonical(m.at("values").at(raw).value, name, c.Values[raw])
	}
	if len(c.Tokens) > 0 && !isFlagColumn(name) && !isExtraColumn(name) {
		k.blame(m.at("tokens").key, "tokens give yes, no or unknown, which column %q does not hold", name)
	}
	k.distinct(m.at("tokens"), c.Tokens)
	if c.Split != "" && len(c.Tokens) == 0 {
		k.blame(m.at("split").key, "split is for tokens")
	}
}

var digits = regexp.MustCompile(`^[0-9]+$`)

// canonical blames a value that the canonical column cannot hold.
func (k *checker) canonical(at place, column, value string) {
	vocabulary := Vocabulary(column)
	switch {
	case vocabulary != nil && !slices.Contains(vocabulary, value):
		k.blame(at, "%q is no value of %s%s", value, column, didYouMean(value, vocabulary))
	case isDateColumn(column) && !isDate(value, "yyyy-mm-dd"):
		k.blame(at, "%q is no value of %s: expected yyyy-mm-dd", value, column)
	case isCountColumn(column) && !digits.MatchString(value):
		k.blame(at, "%q is no value of %s: expected a whole number", value, column)
	case column == "country" && !countryCode.MatchString(value):
		k.blame(at, "%q is no value of country: expected two capital letters such as CN", value)
	case strings.TrimSpace(value) == "":
		k.blame(at, "column %q is given a blank value", column)
	}
}
