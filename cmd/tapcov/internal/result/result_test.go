package result

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// batches is a result in memory.
type batches struct {
	schema *arrow.Schema
	rest   []arrow.RecordBatch
	now    arrow.RecordBatch
	err    error
}

func (b *batches) Schema() *arrow.Schema    { return b.schema }
func (b *batches) Batch() arrow.RecordBatch { return b.now }
func (b *batches) Err() error               { return b.err }
func (b *batches) Next() bool {
	if len(b.rest) == 0 {
		return false
	}
	b.now, b.rest = b.rest[0], b.rest[1:]
	return true
}

// sample is a result of two equal batches with what is hard to write.
func sample(t *testing.T, times int) *batches {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "商户", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "count", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
		{Name: "share", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		{Name: "is_ok", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
		{Name: "day", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
		{Name: "at", Type: arrow.FixedWidthTypes.Timestamp_us, Nullable: true},
	}, nil)
	b := &batches{schema: schema}
	for range times {
		builder := array.NewRecordBuilder(memory.DefaultAllocator, schema)
		texts := builder.Field(0).(*array.StringBuilder)
		for _, text := range []string{"家乐福", "", `a "b", c`, "=1+1\tx\\|\nnext\x1b[2J"} {
			texts.Append(text)
		}
		texts.AppendNull()
		builder.Field(1).(*array.Int64Builder).AppendValues([]int64{1, -2, 9007199254740993, 0, 0}, []bool{true, true, true, false, false})
		builder.Field(2).(*array.Float64Builder).AppendValues([]float64{0.5, 1, 0, 0, 1e21}, []bool{true, true, true, false, true})
		builder.Field(3).(*array.BooleanBuilder).AppendValues([]bool{true, false, true, false, false}, []bool{true, true, true, true, false})
		builder.Field(4).(*array.Date32Builder).AppendValues([]arrow.Date32{17197, 0, -1, 0, 0}, []bool{true, true, true, true, false})
		builder.Field(5).(*array.TimestampBuilder).AppendValues([]arrow.Timestamp{1e15, 1e15 + 5e5, 0, 0, 0}, []bool{true, true, true, true, false})
		b.rest = append(b.rest, builder.NewRecordBatch())
		builder.Release()
	}
	return b
}

func write(t *testing.T, format Format, isFile bool) string {
	t.Helper()
	var out bytes.Buffer
	rows, err := Write(&out, format, isFile, sample(t, 2))
	if err != nil || rows != 10 {
		t.Fatalf("%s: %d rows, %v", format, rows, err)
	}
	return out.String()
}

func TestWriteCSV(t *testing.T) {
	got := write(t, CSV, false)
	const want = "商户,count,share,is_ok,day,at\n" +
		"家乐福,1,0.5,true,2017-01-31,2001-09-09 01:46:40\n" +
		"\"\",-2,1,false,1970-01-01,2001-09-09 01:46:40.5\n" +
		"\"a \"\"b\"\", c\",9007199254740993,0,true,1969-12-31,1970-01-01 00:00:00\n" +
		"\"'=1+1\tx\\|\nnext\uFFFD[2J\",,,false,1970-01-01,1970-01-01 00:00:00\n" +
		",,1e+21,,,\n"
	if diff := cmp.Diff(want+strings.TrimPrefix(want, "商户,count,share,is_ok,day,at\n"), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if rows, err := csv.NewReader(strings.NewReader(got)).ReadAll(); err != nil || len(rows) != 11 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestWriteTSV(t *testing.T) {
	lines := strings.Split(write(t, TSV, false), "\n")
	if want := "=1+1\\tx\\\\|\\nnext\uFFFD[2J\t\t\tfalse\t1970-01-01\t1970-01-01 00:00:00"; lines[4] != want {
		t.Errorf("got  %q\nwant %q", lines[4], want)
	}
}

func TestWriteJSON(t *testing.T) {
	var list []map[string]any
	if err := json.Unmarshal([]byte(write(t, JSON, false)), &list); err != nil || len(list) != 10 {
		t.Fatalf("%d rows, %v", len(list), err)
	}
	want := map[string]any{"商户": "=1+1\tx\\|\nnext\x1b[2J", "count": nil, "share": nil, "is_ok": false, "day": "1970-01-01", "at": "1970-01-01 00:00:00"}
	if diff := cmp.Diff(want, list[3]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	lines := write(t, JSONL, false)
	if strings.Contains(lines, "\x1b") || !strings.Contains(lines, `\u001b`) || !strings.Contains(lines, `"count":9007199254740993`) {
		t.Errorf("got %s", lines)
	}
	for line := range strings.Lines(lines) {
		if err := json.Unmarshal([]byte(line), &map[string]any{}); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	var empty bytes.Buffer
	if _, err := Write(&empty, JSON, false, sample(t, 0)); err != nil || empty.String() != "[]\n" {
		t.Errorf("no rows: %q, %v", empty.String(), err)
	}
}

func TestWriteMarkdown(t *testing.T) {
	lines := strings.Split(write(t, Markdown, false), "\n")
	want := []string{
		"| 商户 | count | share | is\\_ok | day | at |",
		"| --- | ---: | ---: | --- | --- | --- |",
		"| 家乐福 | 1 | 0.5 | true | 2017-01-31 | 2001-09-09 01:46:40 |",
	}
	if diff := cmp.Diff(want, lines[:3]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := "| =1+1 x\\\\\\|<br>next\uFFFD\\[2J |  |  | false | 1970-01-01 | 1970-01-01 00:00:00 |"; lines[5] != want {
		t.Errorf("got  %s\nwant %s", lines[5], want)
	}
}

func TestWriteArrow(t *testing.T) {
	stream, err := ipc.NewReader(strings.NewReader(write(t, Arrow, false)))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Release()
	var rows int64
	for stream.Next() {
		rows += stream.RecordBatch().NumRows()
	}
	if stream.Err() != nil || rows != 10 {
		t.Errorf("a stream of %d rows, %v", rows, stream.Err())
	}
	file, err := ipc.NewFileReader(strings.NewReader(write(t, Arrow, true)))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if file.NumRecords() != 1 || !file.Schema().Equal(sample(t, 0).schema) {
		t.Errorf("a file of %d batches with %v", file.NumRecords(), file.Schema())
	}
}

func TestWriteXLSX(t *testing.T) {
	file, err := excelize.OpenReader(strings.NewReader(write(t, XLSX, true)))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := file.GetRows("rows")
	if err != nil || len(rows) != 11 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if diff := cmp.Diff([]string{`a "b", c`, "9007199254740993", "0", "TRUE", "1969-12-31", "1970-01-01"}, rows[3]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWriteSaysWhatEndsAResult(t *testing.T) {
	broken := sample(t, 1)
	broken.err = errors.New("the query failed halfway")
	for _, format := range []Format{CSV, TSV, JSON, JSONL, Markdown, XLSX, Arrow} {
		if _, err := Write(&bytes.Buffer{}, format, false, broken); !errors.Is(err, broken.err) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func TestWriteTable(t *testing.T) {
	check := func(limit, width int, want string) {
		t.Helper()
		var out strings.Builder
		shown, err := WriteTable(&out, sample(t, 1), Layout{Limit: limit, Width: width})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Errorf("limit %d, width %d (-want +got):\n%s", limit, width, diff)
		}
		if shown.HasMore != (limit > 0 && limit < 5) {
			t.Errorf("limit %d: has more: %t", limit, shown.HasMore)
		}
	}
	check(0, 70, `商户                     count  share  is_ok  day         at
────────────  ────────────────  ─────  ─────  ──────────  ────────────
家乐福                       1    0.5  true   2017-01-31  2001-09-09 …
                            -2      1  false  1970-01-01  2001-09-09 …
a "b", c      9007199254740993      0  true   1969-12-31  1970-01-01 …
=1+1�x\|↵ne…              NULL   NULL  false  1970-01-01  1970-01-01 …
NULL                      NULL  1e+21  NULL   NULL        NULL
`)
	check(1, 40, `商户   家乐福
count  1
share  0.5
is_ok  true
day    2017-01-31
at     2001-09-09 01:46:40
`)
}

func TestWriteLongTable(t *testing.T) {
	var out strings.Builder
	shown, err := WriteTable(&out, sample(t, 5000), Layout{IsColoured: true})
	if err != nil || shown.Rows != 25_000 || shown.HasMore {
		t.Fatalf("%+v, %v", shown, err)
	}
	lines := strings.Split(out.String(), "\n")
	if len(lines) != 25_003 || lines[2] != lines[24_997] || !strings.Contains(lines[6], "\x1b[2mNULL\x1b[0m") {
		t.Errorf("%d lines, the last row %q", len(lines), lines[25_001])
	}
}
