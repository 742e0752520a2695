package columnar_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/export/columnar"
	"github.com/tapcov/tapcov/pipeline/export/table"
)

var limits = table.Limits{Unpacked: 1 << 30, Memory: 64 << 20, Record: 1 << 20}

// formats are the three files that a batch can become.
var formats = []struct {
	name  string
	write func(t testing.TB, batch arrow.RecordBatch) []byte
	sniff func([]byte, io.ReaderAt, int64) bool
	open  func(io.ReaderAt, int64, table.Limits) (table.Reader, error)
}{
	{"parquet", writeParquet, columnar.SniffParquet, columnar.OpenParquet},
	{"arrow", writeArrow, columnar.SniffArrow, columnar.OpenArrow},
	{"arrow stream", writeStream, columnar.SniffStream, columnar.OpenStream},
}

func writeParquet(t testing.TB, batch arrow.RecordBatch) []byte {
	t.Helper()
	var b bytes.Buffer
	properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd), parquet.WithMaxRowGroupLength(2000))
	w, err := pqarrow.NewFileWriter(batch.Schema(), &b, properties, pqarrow.NewArrowWriterProperties())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(batch), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writeArrow(t testing.TB, batch arrow.RecordBatch) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := ipc.NewFileWriter(&b, ipc.WithSchema(batch.Schema()), ipc.WithLZ4())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(batch), w.Write(batch.NewSlice(0, 0)), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func writeStream(t testing.TB, batch arrow.RecordBatch) []byte {
	t.Helper()
	var b bytes.Buffer
	w := ipc.NewWriter(&b, ipc.WithSchema(batch.Schema()))
	if err := errors.Join(w.Write(batch), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read returns the names and rows of a file; null is "∅".
func read(open func(io.ReaderAt, int64, table.Limits) (table.Reader, error), data []byte, l table.Limits) (names []string, all [][]string, err error) {
	reader, err := open(bytes.NewReader(data), int64(len(data)), l)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	names = reader.Tables()[0].Columns
	rows, err := reader.Rows(0)
	if err != nil {
		return names, nil, err
	}
	defer rows.Close()
	var row table.Row
	for rows.Next(&row) {
		if row.Number != int64(len(all)+1) {
			return names, nil, fmt.Errorf("row %d has number %d", len(all)+1, row.Number)
		}
		var cells []string
		for i := range row.Cells {
			if text := row.Value(i); text == nil {
				cells = append(cells, "∅")
			} else {
				cells = append(cells, string(text))
			}
		}
		all = append(all, cells)
	}
	return names, all, rows.Err()
}

// batchOf makes a batch from the JSON of its rows.
func batchOf(t testing.TB, fields []arrow.Field, rows string) arrow.RecordBatch {
	t.Helper()
	batch, _, err := array.RecordFromJSON(memory.NewGoAllocator(), arrow.NewSchema(fields, nil), strings.NewReader(rows))
	if err != nil {
		t.Fatal(err)
	}
	return batch
}

func TestValues(t *testing.T) {
	field := func(name string, of arrow.DataType) arrow.Field {
		return arrow.Field{Name: name, Type: of, Nullable: true}
	}
	for _, c := range []struct {
		name string
		of   arrow.DataType
		json string // of the values
		want []string
	}{
		{"text", arrow.BinaryTypes.String, `["00018644","",null," 家乐福 "]`, []string{"00018644", "", "∅", " 家乐福 "}},
		{"truth", arrow.FixedWidthTypes.Boolean, `[true,false,null]`, []string{"true", "false", "∅"}},
		{"whole", arrow.PrimitiveTypes.Int64, `[9223372036854775807,-1,null]`, []string{"9223372036854775807", "-1", "∅"}},
		{"unsigned", arrow.PrimitiveTypes.Uint64, `[18446744073709551615,0]`, []string{"18446744073709551615", "0"}},
		{"small", arrow.PrimitiveTypes.Uint32, `[4294967295]`, []string{"4294967295"}},
		{"double", arrow.PrimitiveTypes.Float64, `[0.1,18644,1e20,1e300,-0.5]`, []string{"0.1", "18644", "100000000000000000000", "1e+300", "-0.5"}},
		{"float", arrow.PrimitiveTypes.Float32, `[0.1,16777216]`, []string{"0.1", "16777216"}},
		{"decimal", &arrow.Decimal128Type{Precision: 20, Scale: 3}, `["12345678901234567.890","-0.001","0.5",null]`, []string{"12345678901234567.890", "-0.001", "0.500", "∅"}},
		{"small decimal", &arrow.Decimal128Type{Precision: 5, Scale: 2}, `["123.45","-1.00"]`, []string{"123.45", "-1.00"}},
		{"day", arrow.FixedWidthTypes.Date32, `["2017-01-31","1969-12-31"]`, []string{"2017-01-31", "1969-12-31"}},
		{"moment", &arrow.TimestampType{Unit: arrow.Microsecond}, `["2017-01-31 23:59:59.000001","1969-12-31 23:59:59.5"]`, []string{"2017-01-31 23:59:59.000001", "1969-12-31 23:59:59.5"}},
		{"moment in UTC", &arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: "UTC"}, `["2017-01-31 00:00:00Z"]`, []string{"2017-01-31 00:00:00"}},
		{"clock", arrow.FixedWidthTypes.Time32ms, `["12:30:00.250"]`, []string{"12:30:00.25"}},
		{"dictionary", &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}, `["yes","no","yes",null]`, []string{"yes", "no", "yes", "∅"}},
		{"bytes", arrow.BinaryTypes.Binary, `["5Lit","/wA="]`, []string{"中", "0xff00"}},
	} {
		values := strings.Split(strings.Trim(c.json, "[]"), ",")
		rows := `[{"v":` + strings.Join(values, `},{"v":`) + `}]`
		batch := batchOf(t, []arrow.Field{field("v", c.of)}, rows)
		for _, f := range formats {
			data := f.write(t, batch)
			if !f.sniff(data, bytes.NewReader(data), int64(len(data))) {
				t.Errorf("%s, %s: not recognised", c.name, f.name)
			}
			_, all, err := read(f.open, data, limits)
			var got []string
			for _, row := range all {
				got = append(got, row...)
			}
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%s, %s: %v, -want +got\n%s", c.name, f.name, err, diff)
			}
		}
	}
}

// Members of structs are columns; lists of Parquet files are left out, of Arrow files JSON.
func TestNested(t *testing.T) {
	fields := []arrow.Field{
		{Name: "id", Type: arrow.BinaryTypes.String},
		{Name: "at", Nullable: true, Type: arrow.StructOf(
			arrow.Field{Name: "region", Type: arrow.BinaryTypes.String, Nullable: true},
			arrow.Field{Name: "city", Nullable: true, Type: arrow.StructOf(arrow.Field{Name: "code", Type: arrow.PrimitiveTypes.Int32, Nullable: true})},
		)},
		{Name: "tags", Type: arrow.ListOf(arrow.PrimitiveTypes.Int32), Nullable: true},
	}
	batch := batchOf(t, fields, `[{"id":"1","at":{"region":"x","city":{"code":5}},"tags":[1,2]},{"id":"2","at":null},{"id":"3","at":{"region":null,"city":null},"tags":[]}]`)
	for _, f := range formats {
		wantNames := []string{"id", "at.region", "at.city.code"}
		want := [][]string{{"1", "x", "5"}, {"2", "∅", "∅"}, {"3", "∅", "∅"}}
		if f.name != "parquet" {
			wantNames = append(wantNames, "tags")
			want = [][]string{{"1", "x", "5", "[1,2]"}, {"2", "∅", "∅", "∅"}, {"3", "∅", "∅", "[]"}}
		}
		names, all, err := read(f.open, f.write(t, batch), limits)
		if err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
		if diff := cmp.Diff(wantNames, names); diff != "" {
			t.Errorf("%s: -want +got\n%s", f.name, diff)
		}
		if diff := cmp.Diff(want, all); diff != "" {
			t.Errorf("%s: -want +got\n%s", f.name, diff)
		}
	}
}

// many is a batch of more rows than are read at a time.
func many(t testing.TB, n int) arrow.RecordBatch {
	t.Helper()
	b := array.NewRecordBuilder(memory.NewGoAllocator(), arrow.NewSchema([]arrow.Field{
		{Name: "id", Type: arrow.BinaryTypes.String}, {Name: "n", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
	}, nil))
	defer b.Release()
	for i := range n {
		b.Field(0).(*array.StringBuilder).Append(fmt.Sprintf("%08d", i))
		if i%7 == 0 {
			b.Field(1).AppendNull()
		} else {
			b.Field(1).(*array.Int64Builder).Append(int64(i))
		}
	}
	return b.NewRecordBatch()
}

func TestManyRows(t *testing.T) {
	const n = 5003
	for _, f := range formats {
		_, all, err := read(f.open, f.write(t, many(t, n)), limits)
		if err != nil || len(all) != n {
			t.Fatalf("%s: got %d rows, %v", f.name, len(all), err)
		}
		for i, row := range all {
			want := fmt.Sprint(i)
			if i%7 == 0 {
				want = "∅"
			}
			if row[0] != fmt.Sprintf("%08d", i) || row[1] != want {
				t.Fatalf("%s: row %d is %q", f.name, i, row)
			}
		}
	}
}

// A damaged file gives an error, at the latest with the rows, or panics in the reader's own goroutine,
// where export recovers; it never hangs.
func TestDamaged(t *testing.T) {
	for _, f := range formats {
		data := f.write(t, many(t, 3000))
		for _, cut := range []int{13, len(data) / 2, len(data) - 9} {
			if _, all, err := guarded(f.open, data[:cut], limits); err == nil && len(all) == 3000 && f.name != "arrow stream" {
				t.Errorf("%s cut to %d bytes: got no error", f.name, cut)
			}
		}
	}
	if _, _, err := read(columnar.OpenParquet, []byte("PARExxxxxxxxPARE"), limits); err == nil || !strings.Contains(err.Error(), "encrypted") {
		t.Errorf("got %v", err)
	}
}

// Pages that need more memory than there is are refused.
func TestMemory(t *testing.T) {
	batch := batchOf(t, []arrow.Field{{Name: "v", Type: arrow.BinaryTypes.String}}, `[{"v":"`+strings.Repeat("x", 1<<20)+`"}]`)
	for _, f := range formats {
		data := f.write(t, batch)
		if _, _, err := guarded(f.open, data, table.Limits{Memory: 100 << 10, Record: math.MaxInt32}); err == nil {
			t.Errorf("%s: got no error", f.name)
		}
		var limit *table.LimitError
		if _, _, err := guarded(f.open, data[:len(data):len(data)], table.Limits{Memory: 64 << 20, Record: math.MaxInt32}); len(data) < 5000 && !errors.As(err, &limit) {
			t.Errorf("%s: got %v for a text of %d times the file's size", f.name, err, 1<<20/len(data))
		}
		if _, all, err := guarded(f.open, data, table.Limits{Unpacked: 4 << 20, Memory: 64 << 20, Record: 1000}); err != nil || len(all) != 1 || len(all[0]) != 0 {
			t.Errorf("%s: got %d rows, %v, want one that is too long", f.name, len(all), err)
		}
	}
}

// guarded is read under recover, as export does it.
func guarded(open func(io.ReaderAt, int64, table.Limits) (table.Reader, error), data []byte, l table.Limits) (names []string, all [][]string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return read(open, data, l)
}

func FuzzParquet(f *testing.F) { fuzz(f, 0) }

func FuzzArrow(f *testing.F) { fuzz(f, 1) }

func FuzzArrowStream(f *testing.F) { fuzz(f, 2) }

// fuzz reads what is left of a good file after some bytes of it were changed.
func fuzz(f *testing.F, format int) {
	good := formats[format].write(f, many(f, 40))
	f.Add(uint32(0), []byte{}, uint32(0))
	f.Add(uint32(20), []byte{0xFF, 0xFF, 0xFF, 0x7F}, uint32(3))
	f.Add(uint32(len(good)-20), []byte{0xFF, 0xFF}, uint32(0))
	f.Fuzz(func(t *testing.T, at uint32, change []byte, cut uint32) {
		data := bytes.Clone(good)
		copy(data[int(at)%len(data):], change)
		data = data[:len(data)-int(cut)%len(data)]
		small := table.Limits{Memory: 8 << 20, Record: 1 << 20}
		if _, all, err := guarded(formats[format].open, data, small); err == nil && len(all) > 1<<20 {
			t.Errorf("got %d rows of %d bytes", len(all), len(data))
		}
	})
}
