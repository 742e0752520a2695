package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/tapcov/tapcov/pipeline/export/table"
	"github.com/tapcov/tapcov/pipeline/export/workbook/markup"
	"github.com/tapcov/tapcov/pipeline/export/workbook/merge"
	"github.com/tapcov/tapcov/pipeline/export/workbook/numfmt"
)

// What a sheet may have at most, by its format.
const (
	maxColumns = 16_384
	maxRow     = 1 << 20
)

// rows reads a sheet.
type rows struct {
	book    *Book
	index   int // of the sheet
	part    string
	content io.ReadCloser
	scanner *markup.Scanner
	merged  *merge.Cells
	err     error

	number int64 // of the row at hand
	column int   // of the cell at hand
	kind   string
	style  int
	value  []byte
	isSet  bool // the cell has a value, perhaps an empty one
	inRow  bool
	isLong bool
}

// Rows starts to read a sheet.
func (b *Book) Rows(index int) (table.Rows, error) {
	part := b.sheets[index].part
	merged, err := b.merged(index)
	if err != nil {
		return nil, err
	}
	content, err := b.file.Part(part)
	if err != nil {
		return nil, err
	}
	b.formulas[index] = 0
	return &rows{
		book: b, index: index, part: part, content: content, scanner: markup.NewScanner(content), merged: merge.New(merged),
	}, nil
}

// merged returns the merged ranges of a sheet.
func (b *Book) merged(index int) ([]merge.Range, error) {
	s := &b.sheets[index]
	if s.merged == nil {
		ranges, err := b.findMerged(s.part)
		if err != nil {
			return nil, err
		}
		s.merged = append([]merge.Range{}, ranges...)
	}
	return slices.Clone(s.merged), nil
}

// findMerged reads the merged ranges, which stand behind all cells.
func (b *Book) findMerged(part string) ([]merge.Range, error) {
	content, err := b.file.Part(part)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	const tag = "mergeCell"
	var ranges []merge.Range
	buf := make([]byte, 256<<10)
	kept := 0
	for {
		n, err := io.ReadFull(content, buf[kept:])
		text := buf[:kept+n]
		if at := bytes.Index(text, []byte(tag)); at >= 0 {
			// From here on it is read as XML: what stood before does not matter for a start tag.
			rest := io.MultiReader(bytes.NewReader([]byte("<x ")), bytes.NewReader(text[at:]), content)
			s := markup.NewScanner(rest)
			for s.Scan() && len(ranges) < merge.Max {
				if s.Is(markup.Start, tag) || s.Is(markup.Start, "x") {
					ref, _ := s.Attr("ref")
					if r, ok := parseRange(ref); ok {
						ranges = append(ranges, r)
					}
				}
			}
			return ranges, nil // the rows say what is wrong with the rest
		}
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			return nil, nil
		default:
			return nil, err
		}
		kept = copy(buf, text[len(text)-len(tag):])
	}
}

// parseRange reads A1:B2.
func parseRange(ref []byte) (merge.Range, bool) {
	from, to, ok := bytes.Cut(ref, []byte(":"))
	firstCol, firstRow, ok1 := parseCell(from)
	lastCol, lastRow, ok2 := parseCell(to)
	return merge.Range{FirstRow: firstRow, LastRow: lastRow, FirstCol: firstCol, LastCol: lastCol}, ok && ok1 && ok2
}

// parseCell reads C5 as column 2 and row 5.
func parseCell(ref []byte) (column int, row int64, ok bool) {
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z'; i++ {
		if column = column*26 + int(ref[i]-'A') + 1; column > maxColumns {
			return 0, 0, false
		}
	}
	row, err := strconv.ParseInt(string(ref[i:]), 10, 32)
	return column - 1, row, column > 0 && err == nil && row > 0 && row <= maxRow
}

func (r *rows) Err() error { return r.err }

func (r *rows) Close() error { return r.content.Close() }

// Next reads up to the next row that has a value.
func (r *rows) Next(row *table.Row) bool {
	for r.err == nil && r.scanner.Scan() {
		s := r.scanner
		switch {
		case s.Is(markup.Start, "row"):
			r.startRow(row)
		case r.inRow && s.Is(markup.End, "row"):
			r.inRow = false
			row.Trim()
			if r.isLong {
				row.Spoil(table.FaultTooLong, row.Text[1:min(len(row.Text), r.book.limits.Record)])
			}
			if len(row.Cells) > 0 || row.Fault != table.FaultNone {
				r.merged.Apply(row)
				return true
			}
		case r.inRow && s.Is(markup.Start, "c"):
			r.readCell(row)
		case s.Is(markup.End, "sheetData"):
			return false // what follows is no cell
		}
	}
	if r.err == nil {
		r.err = wrap(r.part, r.scanner.Err())
	}
	return false
}

func (r *rows) startRow(row *table.Row) {
	number := r.number + 1
	if text, ok := r.scanner.Attr("r"); ok {
		n, err := strconv.ParseInt(string(text), 10, 64)
		if err != nil || n < number || n > maxRow {
			r.err = fmt.Errorf("row %.20q follows row %d", text, r.number)
			return
		}
		number = n
	}
	r.number, r.column, r.inRow, r.isLong = number, -1, true, false
	row.Reset(number)
}

// readCell reads a cell up to its end.
func (r *rows) readCell(row *table.Row) {
	s := r.scanner
	column := r.column + 1
	if ref, ok := s.Attr("r"); ok {
		at, _, ok := parseCell(ref)
		if !ok || at < column {
			r.err = fmt.Errorf("row %d has a cell %.20q behind column %d", r.number, ref, column)
			return
		}
		column = at
	}
	if column >= maxColumns {
		r.err = &table.LimitError{What: fmt.Sprintf("row %d has", r.number), Limit: maxColumns, Unit: "columns"}
		return
	}
	r.column = column
	kind, _ := s.Attr("t")
	r.kind = cellKind(kind)
	r.style = number(s, "s")
	r.value, r.isSet = r.value[:0], false
	r.readValue()
	if !r.isSet || r.isLong {
		return
	}
	if len(row.Text)+len(r.value) > r.book.limits.Record {
		r.isLong = true
		return
	}
	row.AddNull(column - len(row.Cells))
	r.addValue(row)
}

// cellKind returns the type of a cell without keeping its name.
func cellKind(t []byte) string {
	for _, known := range []string{"s", "str", "inlineStr", "b", "e", "d"} {
		if string(t) == known {
			return known
		}
	}
	return "n"
}

// readValue collects the text of v, or of all t within is.
func (r *rows) readValue() {
	s := r.scanner
	depth := s.Depth()
	isValue := false
	for s.Scan() && s.Depth() >= depth {
		switch s.Kind() {
		case markup.Start:
			switch s.Name() {
			case "v", "t":
				isValue, r.isSet = true, true
			case "f":
				r.book.formulas[r.index]++
			case "rPh":
				s.Skip()
			}
		case markup.End:
			isValue = false
		case markup.Text:
			if isValue && len(r.value) <= r.book.limits.Record {
				r.value = append(r.value, s.Text()...)
			}
		}
	}
}

// addValue adds the cell as text.
func (r *rows) addValue(row *table.Row) {
	switch r.kind {
	case "s":
		i, err := strconv.Atoi(string(bytes.TrimSpace(r.value)))
		text, ok := r.book.texts.at(i)
		if err != nil || !ok {
			r.err = fmt.Errorf("row %d has a cell of the shared text %.20q, which is not there", r.number, r.value)
			return
		}
		if len(row.Text)+len(text) > r.book.limits.Record {
			r.isLong = true
			return
		}
		row.AddBytes(unescapeText(text))
	case "str", "inlineStr":
		row.AddBytes(unescapeText(r.value))
	case "b":
		row.Add(map[bool]string{true: "TRUE", false: "FALSE"}[string(r.value) == "1"])
	case "e", "d":
		row.AddBytes(r.value)
	default:
		r.addNumber(row)
	}
}

func (r *rows) addNumber(row *table.Row) {
	value := bytes.TrimSpace(r.value)
	if len(value) == 0 {
		row.AddNull(1)
		return
	}
	var buf [64]byte
	var format numfmt.Format
	if r.style >= 0 && r.style < len(r.book.styles) {
		format = r.book.styles[r.style]
	}
	row.AddBytes(format.AppendText(buf[:0], value, r.book.is1904))
}
