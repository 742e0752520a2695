package workspace

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// source is a configuration of one source; body is indented below its name.
func source(body string) string {
	return "sources:\n- name: a\n  snapshot_date: 2016-12-31\n" + body
}

// badConfigs are configurations and what is wrong with them, place and all.
var badConfigs = []struct {
	name, text string
	want       []string
}{
	// What the parser refuses.
	{"no yaml", "a: [1, 2", []string{"1:4: not valid YAML: sequence end token ']' not found"}},
	{"tab", "estate:\n\tarea: CN", []string{"2:1: not valid YAML: found character '\t' that cannot start any token"}},
	{"not utf-8", "estate:\n  area: \xff", []string{"2:9: not UTF-8 text"}},
	{"control character", "estate: \x00", []string{"1:9: control character U+0000"}},
	{"anchor and alias", "estate: &e {area: CN}\nregions: *e", []string{
		"1:9: anchors and aliases are not allowed: write the value where it is used",
		"2:10: anchors and aliases are not allowed: write the value where it is used",
	}},
	{"merge key", "estate:\n  <<: {area: CN}", []string{"2:3: anchors and aliases are not allowed: write the value where it is used"}},
	{"tag", "estate: {area: !!str CN}", []string{"1:16: tags are not allowed: quote what must be text"}},
	{"complex key", "? estate\n: {area: CN}", []string{"1:1: keys are plain text here: put the one that begins with ? in quotes"}},
	{"directive", "%YAML 1.2\n---\nestate: {}", []string{"1:1: directives are not allowed", "2:1: a second document is not allowed"}},
	{"second document", "estate: {}\n---\nestate: {}", []string{"2:1: a second document is not allowed"}},
	{"brackets in brackets", "estate: " + strings.Repeat("[", 33), []string{"1:41: nested too deeply"}},
	{"dashes in dashes", strings.Repeat("- ", 101) + "x", []string{"1:201: nested too deeply"}},

	// What only inventories or only usage can say.
	{"usage without rows", source("  usage: {offline_is: ecash}"), []string{`4:3: usage needs rows: counts or transactions`}},
	{"usage of what", source("  usage: transaction"), []string{`4:10: "transaction" is no kind of usage, did you mean "transactions"?`}},
	{"usage with a due day", source("  usage: counts\n  due_day: 5"), []string{`5:3: usage makes no snapshot of its own, so source "a" has no due_day`}},
	{"usage with a status", source("  usage: counts\n  status: {1: lost}\n  assume: {country: CN}"), []string{
		`5:3: status is for inventories: the exports of this source are usage`,
		`6:3: assume is for inventories: the exports of this source are usage`,
		`6:12: usage has no column "country"; there are ` + strings.Join(UsageColumns, ", "),
	}},
	{"a column of transactions among counts", source("  usage: counts\n  columns: {entry_mode: F22}"), []string{`5:13: column "entry_mode" needs usage: transactions`}},
	{"entry modes by their class", source("  usage: {rows: transactions, entry_modes: {'9': contactless, '07': tap}}"), []string{
		`4:45: "9" is no entry mode: the first two digits of it, in quotes, such as "07"`,
		`4:69: "tap" is no meaning of an entry mode: one of contactless, mobile, contact, magstripe, manual, code, unknown`,
	}},

	// What the schema refuses.
	{"not a mapping", "- estate", []string{"1:1: expected a mapping, found a list"}},
	{"unknown key", "estat: {}", []string{`1:1: unknown key "estat", did you mean "estate"?`}},
	{"unknown key, few known", "regions: {colour: 1}", []string{`1:11: unknown key "colour": one of vintage`}},
	{"unknown key, swapped letters", source("  assmue: {}"), []string{`4:3: unknown key "assmue", did you mean "assume"?`}},
	{"unknown key, nothing near", source("  wibble: {}"), []string{`4:3: unknown key "wibble"`}},
	{"duplicate key", "regions: {}\nregions: {}", []string{`2:1: duplicate key "regions", first in line 1`}},
	{"duplicate value", source("  status: {1: lost, '1': lost}"), []string{`4:21: duplicate key "1", first in line 4`}},
	{"mapping for text", "estate: {area: {x: y}}", []string{`1:16: expected text, found a mapping`}},
	{"nothing for text", "estate: {area: ~}", []string{`1:16: expected text, found nothing`}},
	{"list for text", source("  files: [a]"), []string{`4:10: expected text, found a list`}},
	{"text for truth", "estate:\n  complete: yes", []string{`2:13: expected true or false, found the text "yes"`}},
	{"text for number", "report: {top_n: '20'}", []string{`1:17: expected a whole number, found the text "20"`}},
	{"fraction for number", "report: {top_n: 1.5}", []string{`1:17: expected a whole number, found the number 1.5`}},
	{"huge number", "report: {top_n: 99999999999}", []string{`1:17: expected a whole number, found the number 99999999999`}},
	{"size", "limits: {memory: 512MB}", []string{`1:18: expected a size such as 512MiB or 1GiB, found the text "512MB"`}},
	{"size overflow", "limits: {memory: 9999999999GiB}", []string{`1:18: expected a size such as 512MiB or 1GiB, found the text "9999999999GiB"`}},
	{"duration", "limits: {timeout: 3 hours}", []string{`1:19: expected a duration such as 90s or 1h30m, found the text "3 hours"`}},
	{"negative duration", "limits: {timeout: -3h}", []string{`1:19: expected a duration such as 90s or 1h30m, found the text "-3h"`}},
	{"text for list", "report: {languages: en}", []string{`1:21: expected a list, found the text "en"`}},
	{"text for list or word", "estate: {acquirers: some}", []string{`1:21: expected "all" or a list, found the text "some"`}},
	{"word for map", source("  device_types: visa"), []string{`4:17: expected "unionpay" or a mapping, found the text "visa"`}},
	{"list for column", source("  columns: {vendor: [a]}"), []string{`4:21: expected text or a mapping, found a list`}},
	{"long text", "limits: " + strings.Repeat("字", 50), []string{`1:9: expected a mapping, found the text "` + strings.Repeat("字", 40) + `…"`}},

	// Estate.
	{"area", "estate: {area: china}", []string{`1:16: "china" is no area: a country such as CN, a region key such as 350000, or SCHEME:VALUE`}},
	{"no acquirers", "estate: {acquirers: []}", []string{`1:21: an estate has acquirers: "all" or a list of them`}},
	{"acquirer twice", "estate: {acquirers: [a, b, a]}", []string{`1:28: "a" stands here twice`}},

	// Sources.
	{"no name", "sources: [{snapshot_date: 2016-12-31}]", []string{`1:11: a source needs a name`}},
	{"no snapshot date", "sources:\n- name: a", []string{`2:3: snapshot_date needs exactly one of value, file_name, cell, column`}},
	{"name unfit for a folder", strings.ReplaceAll(source(""), "name: a", "name: a/b"), []string{
		`2:9: source "a/b": the name is a folder below inbox, so letters, digits, - and _ (and . between them)`,
	}},
	{"name that is a parent", strings.ReplaceAll(source(""), "name: a", "name: .."), []string{
		`2:9: source "..": the name is a folder below inbox, so letters, digits, - and _ (and . between them)`,
	}},
	{"source twice", source("- name: Ａ\n  snapshot_date: 2016-12-31"), []string{`4:9: source "Ａ" is defined twice`}},
	{"kind", source("  kind: processer"), []string{`4:9: "processer" is no kind of source, did you mean "processor"?`}},
	{"due day", source("  due_day: 32"), []string{`4:12: 32 is no day of a month`}},
	{"glob", source("  files: '['"), []string{`4:10: "[" is no pattern of files within the source's folder, such as *.csv or */*.csv`}},
	{"glob outside", source("  files: ../*"), []string{`4:10: "../*" is no pattern of files within the source's folder, such as *.csv or */*.csv`}},
	{"encoding", source("  format: {encoding: gbk}"), []string{`4:22: "gbk" is no encoding: one of utf-8, gb18030, utf-16le, utf-16be, big5, shift_jis, windows-1252`}},
	{"delimiter", source("  format: {delimiter: '\\x4'}"), []string{`4:23: "\\x4": \x wants two hexadecimal digits`}},
	{"quote", source("  format: {delimiter: ',', quote: ab}"), []string{`4:35: "ab" is no quote or escape: want none, quote, apostrophe, backslash or one ASCII character`}},
	{"quote alone", source("  format: {quote: none}"), []string{`4:12: quote needs the delimiter beside it`}},
	{"quote within the delimiter", source("  format: {delimiter: \"|'\", quote: apostrophe}"), []string{`4:11: delimiter "|'" holds the quote '\''`}},
	{"header", source("  format: {header: first, short_rows: fill, damaged: skip}"), []string{
		`4:20: "first" is no header: one of none`, `4:39: "fill" is no way to read short rows: one of pad`, `4:54: "skip" is no way to read damaged files: one of keep`,
	}},
	{"header and none", source("  format: {header: none, header_row: 2}"), []string{`4:26: header_row is for exports with a header`}},
	{"first row of a header", source("  format: {first_row: 2, names: [a]}"), []string{
		`4:12: first_row needs header: none or fixed columns`, `4:26: names needs header: none, and no fixed columns, which have names of their own`,
	}},
	{"fixed columns", source("  format: {unit: words, fixed: [{name: a, width: 4}, {name: a, width: 1}, {width: 2}, {name: d, start: 3, width: 1}]}"), []string{
		`4:18: "words" is no unit of fixed columns: one of bytes, characters`, `4:61: "a" stands here twice`, `4:75: a fixed column needs a name`,
		`4:104: fixed column "d" starts at 3, but the column before it ends at 7`,
	}},
	{"fixed column without width", source("  format: {delimiter: ',', fixed: [{name: a, width: 0}]}"), []string{
		`4:12: fixed columns have no delimiter`, `4:53: fixed column "a": 0 is no width`,
	}},
	{"unit of nothing", source("  format: {unit: bytes}"), []string{`4:12: unit is for fixed columns`}},
	{"header row", source("  format: {header_row: -1}"), []string{`4:24: -1 is no line: lines count from 1`}},

	// What is agreed, and control totals.
	{"rejects", source("  max_rejects: -1"), []string{`4:16: expected a number of rows such as 100, found "-1"`}},
	{"reject share", source("  max_reject_share: 1%"), []string{`4:21: expected a share from 0 to 1 such as 0.01, found "1%"`}},
	{"reject share above one", source("  max_reject_share: 1.01"), []string{`4:21: expected a share from 0 to 1 such as 0.01, found "1.01"`}},
	{"language", source("  language: fr"), []string{`4:13: "fr" is no language: one of en, zh`}},
	{"side files", source("  control: {required: true, ignore: true}"), []string{`4:29: a side file cannot be required and ignored`}},
	{"what is counted", source("  control: {counts: record}"), []string{`4:21: "record" is no thing to count, did you mean "records"?`}},
	{"trailer without a count", source("  control: {trailer: '^T'}"), []string{
		"4:22: a trailer needs a group for its count, such as ^TRAILER\\|0*(\\d+)",
	}},
	{"trailer", source("  control: {trailer: '('}"), []string{"4:22: bad regular expression: missing closing ): `(`"}},
	{"optional constant", source("  columns: {vendor: {value: v, optional: true}}"), []string{`4:32: optional is for a column with a header`}},

	// Dates and other texts of a delivery.
	{"two ways to a date", "sources:\n- name: a\n  snapshot_date: {value: 2016-12-31, column: d}", []string{
		`3:18: snapshot_date needs exactly one of value, file_name, cell, column`,
	}},
	{"layout alone", "sources:\n- name: a\n  snapshot_date: {layout: yyyymm}", []string{
		`3:18: snapshot_date needs exactly one of value, file_name, cell, column`,
	}},
	{"regular expression", "sources:\n- name: a\n  snapshot_date: {file_name: '(\\d'}", []string{
		"3:30: bad regular expression: missing closing ): `(\\d`",
	}},
	{"layout", "sources:\n- name: a\n  snapshot_date: {column: d, layout: yyyy-MM-dd}", []string{
		`3:38: date layout "yyyy-MM-dd": 'M' is none of yyyy, yy, mmm, mm, m, dd, d, hh, mi, ss`,
	}},
	{"no such day", "sources:\n- name: a\n  snapshot_date: 2016-02-30", []string{`3:18: "2016-02-30" is no date: expected yyyy-mm-dd`}},
	{"not in its layout", "sources:\n- name: a\n  snapshot_date: {value: 2016-02-28, layout: yyyymmdd}", []string{
		`3:26: "2016-02-28" is no date: expected yyyymmdd`,
	}},
	{"dates", source("  dates: [yyyy-mm-dd, d-m-d]"), []string{`4:23: date layout "d-m-d" has the day twice`}},
	{"version", source("  version: {layout: yyyymm}"), []string{
		`4:12: version needs exactly one of value, file_name, cell, column`,
		`4:21: layout is for dates: version is taken as it stands`,
	}},
	{"parts without list", source("  delivery: parts"), []string{
		`2:3: part needs exactly one of value, file_name, cell, column`,
		`2:3: delivery: parts needs parts: the list of those to expect`,
	}},
	{"parts of a whole", source("  parts: [n]"), []string{`4:3: parts needs delivery: parts`}},

	// Columns and values.
	{"unknown column", source("  columns: {terminal: 终端号}"), []string{`4:13: unknown column "terminal", did you mean "terminal_id"?`}},
	{"unknown column, nothing near", source("  columns: {colour: 颜色}"), []string{`4:13: unknown column "colour"; a further column to keep is named extra_…`}},
	{"column of ours", source("  columns: {source_line: n}"), []string{`4:13: column "source_line" cannot be mapped: it is the line in the export`}},
	{"extra column", source("  columns: {extra_Größe: g}"), []string{`4:13: column "extra_Größe": a further column is extra_ and lower-case letters, digits and _`}},
	{"column says nothing", source("  columns: {vendor: }"), []string{`4:20: column "vendor" says nothing: give a header, or a mapping with header or value`}},
	{"constant and header", source("  columns: {vendor: {header: v, value: w}}"), []string{`4:40: value is for every row, so column "vendor" takes nothing else`}},
	{"take", source("  columns: {vendor: {take: '*'}}"), []string{"4:28: bad regular expression: missing argument to repetition operator: `*`"}},
	{"flag values", source("  columns:\n    qr_flag:\n      values: {1: y}"), []string{`6:19: "y" is no value of qr_flag: one of yes, no, unknown`}},
	{"tokens for text", source("  columns: {vendor: {tokens: [a]}}"), []string{`4:22: tokens give yes, no or unknown, which column "vendor" does not hold`}},
	{"split without tokens", source("  columns: {vendor: {header: a, split: x}}"), []string{`4:33: split is for tokens`}},
	{"status value", source("  status: {1: in_servise}"), []string{`4:15: "in_servise" is no value of status, did you mean "in_service"?`}},
	{"device type", source("  device_types: {'02': POS}"), []string{`4:24: "POS" is no value of device_type, did you mean "pos"?`}},
	{"use", source("  uses: {a: shop}"), []string{`4:13: "shop" is no value of use: one of merchant, self_service, personal, unknown`}},
	{"connection", source("  connections: {a: indirekt}"), []string{`4:20: "indirekt" is no value of connection, did you mean "indirect"?`}},
	{"assumed column", source("  assume: {stats: in_service}"), []string{`4:12: unknown column "stats", did you mean "status"?`}},
	{"assumed value", source("  assume: {status: on, installed_on: 2015, transaction_count: few, country: China, vendor: ''}"), []string{
		`4:20: "on" is no value of status: one of in_service, pending, suspended, removed, lost, unknown`,
		`4:38: "2015" is no value of installed_on: expected yyyy-mm-dd`,
		`4:63: "few" is no value of transaction_count: expected a whole number`,
		`4:77: "China" is no value of country: expected two capital letters such as CN`,
		`4:92: column "vendor" is given a blank value`,
	}},
	{"region scheme", source("  region_scheme: gb"), []string{`4:18: "gb" is no region scheme: one of gb2260, unionpay, name`}},
	{"region levels", source("  region_levels: [s]"), []string{`4:3: region_levels needs region_scheme: name`}},
	{"terminal key", source("  terminal_key: [terminal_id, serial_number]"), []string{
		`4:17: a terminal key holds acquirer_id and terminal_id, and merchant_id if ids repeat between merchants`,
		`4:31: "serial_number" is no column of a terminal key: one of acquirer_id, merchant_id, terminal_id`,
	}},
	{"closed words", source("  delivery: part\n  contactless_scheme: visa\n  mobile_is: NFC\n  no_pin_scope: shop"), []string{
		`4:13: "part" is no delivery, did you mean "parts"?`,
		`5:23: "visa" is no contactless scheme: one of unionpay`,
		`6:14: "NFC" is no meaning of 云闪付, did you mean "nfc"?`,
		`7:17: "shop" is no scope of 双免: one of terminal, merchant`,
	}},

	// Populations and settings.
	{"population", "populations:\n- {name: networked, where: a}\n- {name: my-own, where: a}\n- {name: x, where: a}\n- {name: x}", []string{
		`2:10: population "networked" is built in: choose another name`,
		`3:10: population "my-own": a name is lower-case letters, digits and _`,
		`5:3: population "x" needs where: a SQL condition over the columns of terminals`,
		`5:10: population "x" is defined twice`,
	}},
	{"share", "snapshots: {complete_share: 95%}", []string{`1:29: expected a share from 0 to 1 such as 0.95, found "95%"`}},
	{"share above one", "snapshots: {complete_share: 1.01}", []string{`1:29: expected a share from 0 to 1 such as 0.95, found "1.01"`}},
	{"bounds", "limits: {memory: 1MiB, threads: 0}\nevidence: {observed_months: 0}", []string{
		`1:18: 1MiB is out of bounds: 64MiB to 1024TiB`,
		`1:33: 0 is out of bounds: 1 to 1024`,
		`2:29: 0 is out of bounds: 1 to 120`,
	}},
	{"languages", "report: {languages: [en, de, en]}", []string{
		`1:26: "de" is no language of reports: one of en, zh`,
		`1:30: "en" stands here twice`,
	}},
	{"no language", "report: {languages: []}", []string{`1:21: a report needs a language: en, zh`}},
	{"vintage", "regions: {vintage: 201913}", []string{`1:20: "201913" is no vintage of GB/T 2260`}},
	{"division", "estate: {area: 999999}", []string{`1:16: "999999" is no division of GB/T 2260 as of `}},
	{"official total", "estate: {official_total: nothing-like-this}", []string{`1:26: no published figure "nothing-like-this"`}},
}

func TestLoadRefuses(t *testing.T) {
	// The reference data may grow, and with it what a message suggests: the start of these decides.
	open := map[string]bool{"vintage": true, "division": true, "official total": true}
	for _, test := range badConfigs {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Split(loadError(t, newWorkspace(t, map[string]string{FileName: test.text}), Overrides{}), "\n")
			var want []string
			for i, line := range test.want {
				want = append(want, "tapcov.yaml:"+line)
				if open[test.name] && i < len(got) && strings.HasPrefix(got[i], want[i]) {
					got[i] = want[i]
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s\nin:\n%s", diff, test.text)
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	dir := newWorkspace(t, map[string]string{FileName: "#" + strings.Repeat("x", maxFileSize)})
	if got, want := loadError(t, dir, Overrides{}), "tapcov.yaml: is larger than 1MiB"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDateLayout(t *testing.T) {
	check := func(notation, want string) {
		t.Helper()
		if got, err := DateLayout(notation); err != nil || got != want {
			t.Errorf("%q: got %q, %v; want %q", notation, got, err, want)
		}
	}
	check("yyyy-mm-dd", "2006-01-02")
	check("yyyymm", "200601")
	check("d/m/yy", "2/1/06")
	check("dd-mmm-yyyy", "02-Jan-2006")
	check("yyyy年m月d日", "2006年1月2日")
	check("yyyy-mm-ddThh:mi:ssZ", "2006-01-02T15:04:05Z")
	for notation, want := range map[string]string{
		"":           `date layout "" needs a year and a month, such as yyyy-mm-dd`,
		"dd":         `date layout "dd" needs a year and a month, such as yyyy-mm-dd`,
		"yyyy-yy":    `date layout "yyyy-yy" has the year twice`,
		"yyyy-mm x1": `date layout "yyyy-mm x1": 'x' is none of yyyy, yy, mmm, mm, m, dd, d, hh, mi, ss`,
	} {
		if _, err := DateLayout(notation); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", notation, err, want)
		}
	}
}
