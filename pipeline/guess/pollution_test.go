package guess_test

import (
	"fmt"
	"slices"
	"strings"
)

// sheet is a table of texts as it should come out of a polluted file.
type sheet struct {
	header  []string // nil: the file has none
	records [][]string
}

// polluted is one table written in a way that loaders stumble over.
type polluted struct {
	name, kind string
	text       string
	want       sheet
}

// cleanSheet is what all pollutions start from: dates, times, numbers, codes, words, texts with delimiters
// and quotes in them, addresses and blanks.
func cleanSheet() sheet {
	s := sheet{header: []string{"DATE", "TIME", "Qty", "PRODUCTID", "Price", "ProductType", "Description", "URL", "Comments"}}
	for i := range 84 {
		description := []string{
			"simple black tee", `poster "Horizon", A2`, "mug, white, 330 ml", "cap; one size", "long sleeve",
			`24" frame`, "phone case",
		}[i%7]
		s.records = append(s.records, []string{
			fmt.Sprintf("%d/%d/2016", 1+i%12, 1+i%28), fmt.Sprintf("%d:%02d", i%24, i*7%60), fmt.Sprint(1 + i%3),
			fmt.Sprintf("%09d", 183_410_026+i*97), fmt.Sprintf("%d.%02d", 7+i%40, i*13%100),
			[]string{"Fitted T-Shirt", "Poster", "Mug", "Cap"}[i%4], description,
			fmt.Sprintf("http://shop.example.org/item/%d?ref=%d", 183_410_026+i*97, i), []string{"", "gift", "", "second choice"}[i%4],
		})
	}
	return s
}

// style is how a sheet is written.
type style struct {
	delimiter, quote, escape, end string
	everything                    bool // is quoted
}

var plainStyle = style{delimiter: ",", quote: `"`, escape: `"`, end: "\n"}

func (f style) cell(text string) string {
	needsQuotes := f.everything || strings.ContainsAny(text, "\r\n") || strings.Contains(text, f.quote) ||
		strings.Contains(text, f.delimiter) || f.escape != f.quote && strings.Contains(text, f.escape)
	if !needsQuotes {
		return text
	}
	if f.escape != f.quote {
		text = strings.ReplaceAll(text, f.escape, f.escape+f.escape)
	}
	return f.quote + strings.ReplaceAll(text, f.quote, f.escape+f.quote) + f.quote
}

func (f style) cells(record []string) []string {
	cells := make([]string, len(record))
	for i, text := range record {
		cells[i] = f.cell(text)
	}
	return cells
}

func (f style) line(record []string) string { return strings.Join(f.cells(record), f.delimiter) }

func (f style) lines(s sheet) []string {
	var lines []string
	if s.header != nil {
		lines = append(lines, f.line(s.header))
	}
	for _, record := range s.records {
		lines = append(lines, f.line(record))
	}
	return lines
}

func (f style) write(s sheet) string { return strings.Join(f.lines(s), f.end) + f.end }

// pollutions writes the clean sheet in every bad way.
func pollutions() (all []polluted) {
	s := cleanSheet()
	add := func(kind, name, text string, want sheet) {
		all = append(all, polluted{kind: kind, name: kind + "/" + name, text: text, want: want})
	}
	dialects(s, add)
	shapes(s, add)
	surroundings(s, add)
	rowsAstray(s, add)
	mixtures(s, add)
	return all
}

type adder func(kind, name, text string, want sheet)

func named(mark string) string { return fmt.Sprintf("%q", mark) }

func dialects(s sheet, add adder) {
	for _, delimiter := range []string{
		",", "\t", ";", "|", " ", ", ", "; ", "||", ";;", "::", "~|~", "|~|", "~", "^", ":", "#", "\x01", "&&", "@", "§",
	} {
		f := plainStyle
		f.delimiter = delimiter
		add("delimiter", named(delimiter), f.write(s), s)
	}
	for _, quote := range []string{`"`, "'"} {
		for _, delimiter := range []string{",", ";", "\t", "|"} {
			f := style{delimiter: delimiter, quote: quote, escape: quote, end: "\n", everything: true}
			add("quote", "all "+named(quote+delimiter), f.write(s), s)
			f.escape = `\`
			add("escape", "all "+named(quote+delimiter), f.write(s), s)
			f.everything = false
			add("escape", "some "+named(quote+delimiter), f.write(s), s)
			f.escape = quote
			add("quote", "some "+named(quote+delimiter), f.write(s), s)
		}
	}
	for _, end := range []string{"\n", "\r\n", "\r"} {
		f := plainStyle
		f.end = end
		text := f.write(s)
		add("record end", named(end), text, s)
		add("record end", "none at the end "+named(end), strings.TrimSuffix(text, end), s)
		add("record end", "two at the end "+named(end), text+end, s)
		lines := f.lines(s)
		for _, other := range []string{"\n", "\r\n", "\r"} {
			if other != end {
				add("record end", named(end)+" but header "+named(other), lines[0]+other+strings.Join(lines[1:], end)+end, s)
				add("record end", named(end)+" but half "+named(other), strings.Join(lines[:40], end)+end+strings.Join(lines[40:], other)+other, s)
			}
		}
	}
	add("encoding", "byte-order mark", "\ufeff"+plainStyle.write(s), s)
}

func shapes(s sheet, add adder) {
	bare := sheet{records: s.records}
	for _, delimiter := range []string{",", "\t", ";", "|", "||", "; "} {
		f := plainStyle
		f.delimiter = delimiter
		add("no header", named(delimiter), f.write(bare), bare)
		add("header only", named(delimiter), f.write(sheet{header: s.header}), sheet{header: s.header})
		for _, n := range []int{1, 2, 3} {
			few := sheet{header: s.header, records: s.records[:n]}
			add("few rows", fmt.Sprintf("%d %s", n, named(delimiter)), f.write(few), few)
		}
	}
	narrow := sheet{header: s.header[:1]}
	pair := sheet{header: s.header[3:5]}
	words := sheet{header: s.header[5:7]}
	for _, record := range s.records {
		narrow.records = append(narrow.records, record[:1])
		pair.records = append(pair.records, record[3:5])
		words.records = append(words.records, record[5:7])
	}
	add("narrow", "one column", plainStyle.write(narrow), narrow)
	add("narrow", "two columns", plainStyle.write(pair), pair)
	add("narrow", "two columns of words", plainStyle.write(words), words)
	twice := sheet{header: slices.Clone(s.header), records: s.records}
	twice.header[4] = twice.header[2]
	add("header", "a name twice", plainStyle.write(twice), twice)
	blank := sheet{header: slices.Clone(s.header), records: s.records}
	blank.header[8] = ""
	add("header", "a blank name", plainStyle.write(blank), blank)
	broken := sheet{header: slices.Clone(s.header), records: s.records}
	broken.header[6] = "Descrip\ntion"
	add("header", "a line break", plainStyle.write(broken), broken)
	again := plainStyle.lines(s)
	again = slices.Insert(again, 50, again[0])
	add("header", "repeated", strings.Join(again, "\n")+"\n", s)
}

var preambles = []struct{ name, text string }{
	{"title", "Sales of the month\n"},
	{"title and blank", "Sales of the month\n\n"},
	{"three lines", "Sales of the month\nprinted for the board\nconfidential\n"},
	{"commas", "Sales, returns, and so on\nall shops, all days\n"},
	{"pairs", "from,2016-01-01\nto,2016-12-31\nshop,12\n"},
	{"padded", "Sales of the month,,,,,,,,\n,,,,,,,,\n"},
	{"comments", "# made by a program\n# version 3, build 7\n"},
	{"separator", "sep=,\n"},
	{"blanks", "\n\n\n"},
}

func surroundings(s sheet, add adder) {
	text := plainStyle.write(s)
	for _, p := range preambles {
		add("preamble", p.name, p.text+text, s)
	}
	for _, footer := range []struct{ name, text string }{
		{"blank and note", "\nend of list\n"}, {"note", "printed by the system\n"}, {"count", "84 rows\n"},
	} {
		add("footer", footer.name, text+footer.text, s)
	}
	less := sheet{header: []string{"shop", "city"}, records: [][]string{{"1", "Oslo"}, {"2", "Bergen"}, {"3", "Tromsø"}}}
	more := sheet{header: append(slices.Clone(s.header), "a", "b")}
	for _, record := range s.records[:10] {
		more.records = append(more.records, append(slices.Clone(record), "1", "2"))
	}
	for _, other := range []struct {
		name  string
		sheet sheet
	}{{"narrower", less}, {"wider", more}} {
		add("several tables", other.name+" below", text+"\n"+plainStyle.write(other.sheet), s)
		add("several tables", other.name+" right below", text+plainStyle.write(other.sheet), s)
		add("several tables", other.name+" above", plainStyle.write(other.sheet)+"\n"+text, s)
	}
}

// rowsAstray pollutes one record at a time.
func rowsAstray(s sheet, add adder) {
	lines := plainStyle.lines(s)
	with := func(at int, line string, record ...string) (string, sheet) {
		changed := slices.Clone(lines)
		changed[at] = line
		want := sheet{s.header, slices.Clone(s.records)}
		want.records[at-1] = record
		return strings.Join(changed, "\n") + "\n", want
	}
	for _, at := range []int{1, 2, 7, 31, 84} {
		record := s.records[at-1]
		for column := range record {
			cells := plainStyle.cells(record)
			less := slices.Delete(slices.Clone(record), column, column+1)
			text, want := with(at, plainStyle.line(less), append(less, "")...)
			add("cell missing", fmt.Sprintf("%d.%d", at, column), text, want)
			more := slices.Insert(slices.Clone(record), column, "x")
			text, want = with(at, plainStyle.line(more), more...)
			add("cell too many", fmt.Sprintf("%d.%d", at, column), text, want)
			if cells[column] != record[column] || record[column] == "" {
				continue // it has quotes of its own
			}
			for _, stray := range []string{`"` + record[column], record[column] + `"`, record[column][:1] + `"` + record[column][1:]} {
				astray, odd := slices.Clone(record), slices.Clone(cells)
				astray[column], odd[column] = stray, stray
				text, want = with(at, strings.Join(odd, ","), astray...)
				add("stray quote", fmt.Sprintf("%d.%d %s", at, column, stray), text, want)
			}
		}
		for _, delimiter := range []string{";", "\t", ", ", "|"} {
			f := plainStyle
			f.delimiter = delimiter
			text, want := with(at, f.line(record), record...)
			add("another delimiter", fmt.Sprintf("%d %s", at, named(delimiter)), text, want)
		}
		text := strings.Join(slices.Insert(slices.Clone(lines), at, ""), "\n") + "\n"
		add("blank line", fmt.Sprint(at), text, s)
	}
}

// mixtures have two pollutions at once.
func mixtures(s sheet, add adder) {
	bare := sheet{records: s.records}
	for _, delimiter := range []string{";", "\t", "|", "||", ", "} {
		f := plainStyle
		f.delimiter = delimiter
		for _, p := range preambles[:3] {
			add("mixture", "preamble "+p.name+" "+named(delimiter), p.text+f.write(s), s)
			add("mixture", "preamble, no header "+p.name+" "+named(delimiter), p.text+f.write(bare), bare)
		}
		f.end = "\r\n"
		f.everything = true
		add("mixture", "quotes, CRLF, no header "+named(delimiter), f.write(bare), bare)
		f.quote, f.escape = "'", "'"
		add("mixture", "apostrophes, CRLF "+named(delimiter), f.write(s), s)
		add("mixture", "apostrophes, CRLF, no header "+named(delimiter), f.write(bare), bare)
	}
}
