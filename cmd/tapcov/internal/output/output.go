// Package output prints rows as a table, JSON, JSON lines or CSV. It is the one place where what came
// out of a file meets a terminal: control characters never get through.
package output

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/tapcov/tapcov/reports"
)

// Formats lists the formats that rows can be printed in.
var Formats = []string{"table", "json", "jsonl", "csv"}

// Rows are values by column. A value is nil, a string, an integer, a float64 (a share), a bool or a
// time.Time (a date).
type Rows struct {
	Columns []string
	Values  [][]any
}

// Write prints rows in a format. Only a table may leave out columns: those not in shown (empty: all).
func (r Rows) Write(w io.Writer, format string, width int, shown ...string) error {
	switch format {
	case "json":
		return r.writeJSON(w)
	case "jsonl":
		return r.writeLines(w)
	case "csv":
		return r.writeCSV(w)
	default:
		return r.only(shown).writeTable(w, width)
	}
}

func (r Rows) only(shown []string) Rows {
	if len(shown) == 0 {
		return r
	}
	places := make([]int, 0, len(shown))
	kept := Rows{}
	for _, name := range shown {
		for i, column := range r.Columns {
			if column == name {
				places = append(places, i)
				kept.Columns = append(kept.Columns, name)
			}
		}
	}
	for _, row := range r.Values {
		values := make([]any, 0, len(places))
		for _, at := range places {
			values = append(values, row[at])
		}
		kept.Values = append(kept.Values, values)
	}
	return kept
}

// writeTable prints a table no wider than width columns of the terminal (0: as wide as it takes),
// Chinese characters counted as two.
func (r Rows) writeTable(w io.Writer, width int) error {
	t := table.NewWriter()
	style := table.StyleLight
	style.Options = table.OptionsNoBordersAndSeparators
	limits, gap := r.widths(width)
	style.Box.PaddingLeft, style.Box.PaddingRight = "", strings.Repeat(" ", gap)
	style.Format.Header = text.FormatDefault
	t.SetStyle(style)
	header := make(table.Row, len(r.Columns))
	var configs []table.ColumnConfig
	headings := r.headings()
	for i := range r.Columns {
		header[i] = headings[i]
		config := table.ColumnConfig{Number: i + 1}
		if r.isNumeric(i) {
			config.Align, config.AlignHeader = text.AlignRight, text.AlignRight
		} else {
			config.WidthMax, config.WidthMaxEnforcer = limits[i], trim
		}
		configs = append(configs, config)
	}
	t.AppendHeader(header)
	t.SetColumnConfigs(configs)
	for _, row := range r.Values {
		cells := make(table.Row, len(row))
		for i, value := range row {
			cells[i] = show(r.Columns[i], value)
		}
		t.AppendRow(cells)
	}
	lines := strings.Split(t.Render(), "\n")
	for _, line := range lines {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " ")); err != nil {
			return err
		}
	}
	return nil
}

// Width is how wide a table of the rows is, if nothing is cut.
func (r Rows) Width() int {
	widths, gap := r.widths(0)
	total := -gap
	for _, width := range widths {
		total += width + gap
	}
	return total
}

// widths says how wide each column may be, and how far apart they are, for the table to fit into width
// (0: any). The gap gives way, then columns of text, the widest first; dates and verdicts come last.
func (r Rows) widths(width int) (widths []int, gap int) {
	widths, gap = make([]int, len(r.Columns)), 2
	total := -gap
	headings := r.headings()
	for i, column := range r.Columns {
		widths[i] = text.StringWidthWithoutEscSequences(headings[i])
		for _, row := range r.Values {
			widths[i] = max(widths[i], text.StringWidthWithoutEscSequences(show(column, row[i])))
		}
		total += widths[i] + gap
	}
	if width > 0 && total > width {
		total -= len(widths) - 1
		gap = 1
	}
	for _, least := range []int{len("not_comparable"), 8} {
		for width > 0 && total > width {
			widest := -1
			for i := range widths {
				if !r.isNumeric(i) && widths[i] > least && (widest < 0 || widths[i] > widths[widest]) {
					widest = i
				}
			}
			if widest < 0 {
				break
			}
			widths[widest]--
			total--
		}
	}
	return widths, gap
}

// trim cuts text to a width with an ellipsis.
func trim(content string, width int) string {
	if width <= 0 || text.StringWidthWithoutEscSequences(content) <= width {
		return content
	}
	return text.Trim(content, width-1) + "…"
}

func (r Rows) isNumeric(column int) bool {
	for _, row := range r.Values {
		switch row[column].(type) {
		case int, int32, int64, float64:
			return true
		case string, bool, time.Time:
			return false
		}
	}
	return false
}

// headings are the names over a table; where two would be the same, the share says that it is one.
func (r Rows) headings() []string {
	headings := make([]string, len(r.Columns))
	for i, column := range r.Columns {
		headings[i] = heading(column)
	}
	for i, column := range r.Columns {
		if slices.Index(headings, headings[i]) != i && strings.HasSuffix(column, "_share") {
			headings[i] += " share"
		}
	}
	return headings
}

// heading is a column's name over a table: terminals for terminal_count, lower for lower_share, line for
// source_line, snapshot for snapshot_date.
func heading(column string) string {
	if thing, ok := strings.CutSuffix(column, "_count"); ok && (thing == "terminal" || thing == "merchant") {
		return thing + "s"
	}
	if column == "snapshot_date" {
		return "snapshot"
	}
	for _, suffix := range []string{"_count", "_share"} {
		column = strings.TrimSuffix(column, suffix)
	}
	return strings.ReplaceAll(strings.TrimPrefix(column, "source_"), "_", " ")
}

// show writes a value for people: thousands apart, shares as per cent (a lower bound rounded down, an
// upper one up), nothing as a dash.
func show(column string, value any) string {
	switch value := value.(type) {
	case nil:
		return "–"
	case int, int32, int64:
		return Thousands(fmt.Sprint(value))
	case float64:
		return percent(column, value)
	case time.Time:
		return value.Format(time.DateOnly)
	default:
		return Clean(fmt.Sprint(value))
	}
}

func percent(column string, share float64) string {
	const hundredths, tolerance = 10_000, 1e-7 // a float is a little off the fraction it stands for
	scaled := share * hundredths
	switch column {
	case "lower_share":
		scaled = math.Floor(scaled + tolerance)
	case "upper_share":
		scaled = max(0, math.Ceil(scaled-tolerance)) // else nothing is minus zero
	}
	return strconv.FormatFloat(scaled/100, 'f', 2, 64) + "%"
}

// Thousands sets a number's digits apart by threes.
func Thousands(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return sign + digits
}

// Clean makes text safe for a terminal: control and direction characters become visible marks.
func Clean(content string) string { return clean(content, "") }

// CleanLines is Clean for text that may go over several lines.
func CleanLines(content string) string { return clean(content, "\n\t") }

func clean(content, allowed string) string {
	return strings.Map(func(r rune) rune {
		if isControl(r) && !strings.ContainsRune(allowed, r) {
			return '\ufffd'
		}
		return r
	}, content)
}

// isControl tells the characters that steer a terminal or turn the direction of what follows.
func isControl(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0x061c || r == 0x200e || r == 0x200f
}

// object is a row that keeps the order of its columns in JSON.
type object struct {
	columns []string
	values  []any
}

// MarshalJSON writes the row as an object in the order of its columns.
func (o object) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, column := range o.columns {
		if i > 0 {
			b.WriteByte(',')
		}
		value := o.values[i]
		if date, ok := value.(time.Time); ok {
			value = date.Format(time.DateOnly)
		}
		text, err := marshal(value, "")
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", column, err)
		}
		fmt.Fprintf(&b, "%q:%s", column, text)
	}
	b.WriteByte('}')
	return []byte(b.String()), nil
}

// marshal encodes a value with < and > as they are, and escapes what a terminal may take for a command.
func marshal(value any, indent string) ([]byte, error) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	var escaped strings.Builder
	for _, r := range b.String() {
		if r != '\n' && isControl(r) { // JSON has them in texts only, where \n is escaped already
			fmt.Fprintf(&escaped, `\u%04x`, r)
		} else {
			escaped.WriteRune(r)
		}
	}
	return []byte(escaped.String()), nil
}

func (r Rows) objects() []object {
	objects := make([]object, 0, len(r.Values))
	for _, row := range r.Values {
		objects = append(objects, object{r.Columns, row})
	}
	return objects
}

func (r Rows) writeJSON(w io.Writer) error { return JSON(w, r.objects()) }

// JSON prints any value as indented JSON.
func JSON(w io.Writer, value any) error { return writeJSON(w, value, "  ") }

// JSONLine prints any value as JSON on one line.
func JSONLine(w io.Writer, value any) error { return writeJSON(w, value, "") }

func writeJSON(w io.Writer, value any, indent string) error {
	text, err := marshal(value, indent)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

func (r Rows) writeLines(w io.Writer) error {
	for _, row := range r.objects() {
		if err := JSONLine(w, row); err != nil {
			return err
		}
	}
	return nil
}

func (r Rows) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(r.Columns); err != nil {
		return err
	}
	for _, row := range r.Values {
		cells := make([]string, len(row))
		for i, value := range row {
			switch value := value.(type) {
			case nil:
			case time.Time:
				cells[i] = value.Format(time.DateOnly)
			case string:
				cells[i] = neutral(CleanLines(value))
			default:
				cells[i] = fmt.Sprint(value)
			}
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// neutral keeps a spreadsheet from taking text for a formula.
func neutral(content string) string {
	if reports.StartsFormula(content) {
		return "'" + content
	}
	return content
}
