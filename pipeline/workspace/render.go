package workspace

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"unicode"
)

// about is what a rendered file says beside a key, by the type that holds it.
var about = map[string]string{
	"Estate.area":                       "a country, or a region key such as 350000",
	"Estate.acquirers":                  "all, or a list of acquirer ids",
	"Estate.complete":                   "whether the sources together are the whole of the estate",
	"Estate.official_total":             "the published figure that gives its size",
	"Source.name":                       "also the folder below inbox",
	"Source.kind":                       "acquirer or processor",
	"Source.due_day":                    "day of the following month by which a delivery is expected",
	"Source.max_rejects":                "terminals' rows that may be rejected in one export",
	"Source.max_reject_share":           "of all terminals' rows of one export",
	"Source.language":                   "of its lists of rejects",
	"Source.control":                    "how its exports say that they are whole",
	"Source.files":                      "which files of the folder",
	"Source.format":                     "fixed; what is left out is detected",
	"Source.snapshot_date":              "the date the rows describe",
	"Source.columns":                    "column of tapcov: header of the export; common headers are known",
	"Source.status":                     "status in the export: in_service, pending, suspended, removed, lost, unknown",
	"Source.device_types":               "device type in the export: pos, mpos, smart_pos … (unionpay: its code table)",
	"Source.uses":                       "use in the export: merchant, self_service, personal, unknown",
	"Source.connections":                "connection in the export: direct, indirect, telephone, unknown",
	"Source.assume":                     "the same for every row; reports print each of these",
	"Source.dates":                      "how dates are written",
	"Source.region_scheme":              "gb2260, unionpay or name",
	"Source.region_levels":              "headers of region names, the widest first",
	"Source.terminal_key":               "what tells terminals apart",
	"Source.private":                    "headers masked wherever raw text is written",
	"Source.delivery":                   "whole, or parts",
	"Source.part":                       "where the name of a part stands",
	"Source.parts":                      "the parts to expect",
	"Source.version":                    "where a corrected export says that it is newer",
	"Source.contactless_scheme":         "unionpay: contactless counts are UnionPay's alone",
	"Source.mobile_is":                  "what 云闪付 means here: nfc or qr",
	"Source.no_pin_scope":               "双免 is a property of the terminal, or of the merchant",
	"Source.numeric_ids":                "terminal ids lost their leading zeros",
	"Population.where":                  "true: counted, false: left out, null: undecided",
	"Config.populations":                "beside the built-in ones",
	"Snapshots.complete_share":          "of the previous snapshot's terminals",
	"Snapshots.close_after":             "complete snapshots",
	"Snapshots.carry_max":               "months",
	"Evidence.observed_months":          "months in which a transaction counts as seen",
	"Limits.memory":                     "of the whole process",
	"Limits.record":                     "of one record",
	"Limits.unpacked":                   "that an archive or a workbook may unpack to",
	"Limits.timeout":                    "of a run",
	"Report.top_n":                      "rows of the merchant and brand tables",
	"Regions.vintage":                   "of GB/T 2260",
	"Report.languages":                  "en, zh",
	"Evidence.max_terminals_per_serial": "more on one serial number are counted one by one",
}

const renderedHeader = `# What this workspace counts and how its exports are read.
# tapcov config check finds mistakes; tapcov config check --show prints what is left out here.

`

// Render writes a configuration as the text of a tapcov.yaml, with a comment beside the keys. What
// is at its default is left out, except for the estate. Load reads back c.WithDefaults(), if c is valid.
func Render(c Config) []byte {
	c = c.WithDefaults()
	defaults := Defaults()
	defaults.Estate = Estate{Area: "?"} // what is claimed about is always spelled out
	lines := mappingLines(reflect.ValueOf(c), reflect.ValueOf(defaults))
	return []byte(renderedHeader + strings.Join(lines, "\n") + "\n")
}

// RenderSource writes one source as the entry of the list `sources` in a tapcov.yaml, indented to
// be put there.
func RenderSource(s Source) []byte {
	lines := itemLines(reflect.ValueOf(s.WithDefaults()), reflect.ValueOf(Source{}.WithDefaults()))
	return []byte(strings.Join(indent(lines), "\n") + "\n")
}

// mappingLines writes the fields of a struct that are not at their default.
func mappingLines(v, defaults reflect.Value) []string {
	var lines []string
	for _, f := range fieldsOf(v.Type()) {
		entry, usual := v.FieldByIndex(f.index), defaults.FieldByIndex(f.index)
		always := v.Type() == reflect.TypeFor[Estate]() && f.name == "acquirers"
		if string(canonicalJSON(entry.Interface())) == string(canonicalJSON(usual.Interface())) && !always {
			continue
		}
		written := entryLines(quote(f.name), entry, usual, f.tag)
		if comment := about[v.Type().Name()+"."+f.name]; comment != "" && len(written) > 0 {
			written[0] += "  # " + comment
		}
		lines = append(lines, written...)
	}
	return lines
}

// entryLines writes one key with its value.
func entryLines(key string, v, usual reflect.Value, tag reflect.StructTag) []string {
	switch v.Kind() {
	case reflect.Struct:
		if text, ok := plainText(v); ok {
			return []string{key + ": " + quote(text)}
		}
		return append([]string{key + ":"}, indent(mappingLines(v, usual))...)
	case reflect.Map:
		if word := renderWord(v, tag); word != "" {
			return []string{key + ": " + word}
		}
		lines := []string{key + ":"}
		for _, name := range sortedKeys(v) {
			entry := v.MapIndex(reflect.ValueOf(name))
			lines = append(lines, indent(entryLines(quote(name), entry, reflect.Zero(entry.Type()), ""))...)
		}
		return lines
	case reflect.Slice:
		return listLines(key, v, tag)
	case reflect.String:
		if block, ok := blockLines(v.String()); ok {
			return append([]string{key + ": " + block[0]}, indent(block[1:])...)
		}
		return []string{key + ": " + quote(v.String())}
	default:
		return []string{key + ": " + settingText(v, tag)}
	}
}

func listLines(key string, v reflect.Value, tag reflect.StructTag) []string {
	if v.Len() == 0 && tag.Get("word") != "" {
		return []string{key + ": " + tag.Get("word")}
	}
	if v.Type().Elem().Kind() == reflect.Struct {
		usual := reflect.Zero(v.Type().Elem())
		if v.Type().Elem() == reflect.TypeFor[Source]() {
			usual = reflect.ValueOf(Source{}.WithDefaults())
		}
		lines := []string{key + ":"}
		for i := range v.Len() {
			lines = append(lines, indent(itemLines(v.Index(i), usual))...)
		}
		return lines
	}
	entries := make([]string, v.Len())
	for i := range entries {
		entries[i] = quote(v.Index(i).String())
	}
	return []string{key + ": [" + strings.Join(entries, ", ") + "]"}
}

// itemLines writes a struct as one entry of a list.
func itemLines(v, usual reflect.Value) []string {
	lines := indent(mappingLines(v, usual))
	if len(lines) == 0 {
		return []string{"- {}"}
	}
	lines[0] = "- " + lines[0][2:]
	return lines
}

func indent(lines []string) []string {
	indented := make([]string, len(lines))
	for i, line := range lines {
		indented[i] = "  " + line
	}
	return indented
}

// plainText returns the text that may stand in place of a struct's mapping: if its plain field is
// the only one set.
func plainText(v reflect.Value) (string, bool) {
	plain, ok := plainField(v.Type())
	if !ok {
		return "", false
	}
	for _, f := range fieldsOf(v.Type()) {
		if isUnset(v.FieldByIndex(f.index)) == (f.name == plain.name) {
			return "", false
		}
	}
	return v.FieldByIndex(plain.index).String(), true
}

// renderWord returns the word that may stand in place of a mapping, or "".
func renderWord(v reflect.Value, tag reflect.StructTag) string {
	word, entry, _ := strings.Cut(tag.Get("word"), "=")
	if m, ok := v.Interface().(map[string]string); ok && word != "" && len(m) == 1 && m[word] == entry {
		return word
	}
	return ""
}

var (
	safeText = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_./-]*( [\p{L}\p{N}_./-]+)*$`)
	isoDate  = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	keyword  = regexp.MustCompile(`(?i)^(null|true|false)$`)
)

// quote writes a text as a YAML scalar of one line.
func quote(text string) string {
	switch {
	case safeText.MatchString(text) && !keyword.MatchString(text), isoDate.MatchString(text):
		return text
	case strings.IndexFunc(text, isUnprintable) < 0:
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case !isUnprintable(r):
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// isUnprintable holds for what a reader would not see or an editor might change; the blank is printable.
func isUnprintable(r rune) bool { return !unicode.IsPrint(r) }

// blockLines writes a text of several lines as a YAML block, if it survives that unchanged.
func blockLines(text string) ([]string, bool) {
	body, chomp := strings.TrimSuffix(text, "\n"), "|-"
	if body != text {
		chomp = "|"
	}
	lines := strings.Split(body, "\n")
	if len(lines) < 2 || strings.HasPrefix(body, " ") {
		return nil, false
	}
	for _, line := range lines {
		if strings.TrimSpace(line) == "" || strings.TrimRight(line, " ") != line || strings.IndexFunc(line, isUnprintable) >= 0 {
			return nil, false
		}
	}
	return append([]string{chomp}, lines...), true
}
