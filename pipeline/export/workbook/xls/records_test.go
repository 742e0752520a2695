package xls

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/export/table"
	"github.com/tapcov/tapcov/pipeline/export/workbook/booktest"
)

// stream makes records: each a type and its data.
func stream(records ...[]byte) (data []byte) {
	for _, r := range records {
		data = append(data, r...)
	}
	return data
}

func rec(kind uint16, parts ...any) []byte {
	var data []byte
	for _, part := range parts {
		switch v := part.(type) {
		case string:
			data = append(data, v...)
		default:
			data, _ = binary.Append(data, binary.LittleEndian, v)
		}
	}
	head := binary.LittleEndian.AppendUint16(nil, kind)
	return append(binary.LittleEndian.AppendUint16(head, uint16(len(data))), data...)
}

// bookOf makes a workbook of one sheet from global records and those of the sheet.
func bookOf(t *testing.T, globals, cells []byte) *Book {
	t.Helper()
	before := stream(rec(recordBOF, uint16(versionBIFF8), uint16(workbookType)), globals)
	size := len(rec(recordSheet, uint32(0), uint16(0), "\x01\x00s")) + len(rec(recordEOF))
	data := stream(before, rec(recordSheet, uint32(len(before)+size), uint16(0), "\x01\x00s"), rec(recordEOF),
		rec(recordBOF, uint16(versionBIFF8), uint16(0x10)), cells, rec(recordEOF))
	b := &Book{data: data, limits: booktest.Limits, formulas: map[int]int64{}}
	if err := b.readGlobals(); err != nil {
		t.Fatal(err)
	}
	return b
}

func read(t *testing.T, b *Book) (lines []string) {
	t.Helper()
	rows, err := b.Rows(0)
	if err != nil {
		t.Fatal(err)
	}
	var row table.Row
	for rows.Next(&row) {
		lines = append(lines, string(row.Text[1:]))
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	return lines
}

func TestRecordsOfCells(t *testing.T) {
	const u16 = uint16(0)
	cell := func(row, column, style int) any { return [3]uint16{uint16(row), uint16(column), uint16(style)} }
	text := func(i int) any { return uint32(i) }
	b := bookOf(t,
		stream(
			rec(recordFormat, uint16(164), uint16(8), "\x0000000000"),
			rec(recordXF, u16, u16), rec(recordXF, u16, uint16(14)), rec(recordXF, u16, uint16(164)),
			// Three texts: one cut within its characters, which go on wider; one with formatting that
			// a record cuts; one of the last record.
			rec(recordSST, uint32(3), uint32(3), uint16(4), "\x00ab"),
			rec(recordContinue, "\x01", uint16('终'), uint16('端'), uint16(2), "\x0d", uint16(1), uint32(5), uint16('x'), uint16('y'), "\x00\x00"),
			rec(recordContinue, "\x00\x00", "12345", uint16(1), "\x00z"),
		),
		stream(
			rec(recordLabelSST, cell(0, 0, 0), text(0)), rec(recordLabelSST, cell(0, 2, 0), text(1)), rec(recordLabelSST, cell(0, 3, 0), text(2)),
			rec(recordRK, cell(2, 0, 0), uint32(1234<<2|3)), rec(recordNumber, cell(2, 1, 1), 42370.0),
			rec(recordMulRK, uint16(3), uint16(1), uint16(2), uint32(77<<2|2), uint16(0), uint32(0xFFFFFFFB), uint16(2)),
			rec(recordBOF, uint16(versionBIFF8), uint16(0x20)), rec(recordNumber, cell(3, 0, 0), 1.0), rec(recordEOF), // a chart
			rec(recordFormula, cell(4, 0, 0), "\x00\x00\x00\x00\x00\x00", uint16(0xFFFF), uint32(0), uint16(0)),
			rec(recordShared, "any"), rec(recordString, uint16(2), "\x00ok"),
			rec(recordFormula, cell(4, 1, 0), math.Float64bits(0.5)), rec(recordFormula, cell(4, 2, 0), "\x01\x00\x01\x00\x00\x00", uint16(0xFFFF)),
			rec(recordFormula, cell(4, 3, 0), "\x02\x00\x2A\x00\x00\x00", uint16(0xFFFF)), rec(recordFormula, cell(4, 4, 0), "\x03\x00\x00\x00\x00\x00", uint16(0xFFFF)),
			rec(recordLabel, cell(1, 0, 0), uint16(1), "\x00L"), rec(recordBoolErr, cell(1, 1, 0), "\x00\x00"), rec(recordBoolErr, cell(1, 2, 0), "\x07\x01"),
		))
	want := []string{"ab终端\t\txy\tz", "L\tFALSE\t#DIV/0!", "12.34\t2016-01-01", "\t00000077\t-0.02", "ok\t0.5\tTRUE\t#N/A\t"}
	if diff := cmp.Diff(want, read(t, b)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"5 cells have formulas; the values last computed are read"}, b.Notes()); diff != "" {
		t.Error(diff)
	}
}

func TestRecordsThatAreRefused(t *testing.T) {
	check := func(cells []byte, want string) {
		t.Helper()
		b := bookOf(t, nil, cells)
		rows, err := b.Rows(0)
		if err == nil {
			var row table.Row
			for rows.Next(&row) {
			}
			err = rows.Err()
		}
		if err == nil || err.Error() != want {
			t.Errorf("%v, want %q", err, want)
		}
	}
	check(rec(recordLabelSST, [3]uint16{4}, uint32(9)), "row 5 has a cell of the shared text 9, which is not there")
	check(rec(recordNumber, [3]uint16{4}), "its record at byte 33 is cut short")
	check(rec(recordNumber, [3]uint16{4, 256}, 1.0), "row 5 has more than 256 columns")
}
