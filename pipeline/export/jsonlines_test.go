package export

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// decodeAgain reads a file as callers do: again with what the first reading told.
func decodeAgain(t *testing.T, path string, opts Options) (names []string, all []record, summary Summary, err error) {
	t.Helper()
	for {
		e, err := Open(path, opts)
		if err != nil {
			return nil, nil, Summary{}, err
		}
		names = e.Head().Names
		e.Close()
		if all, summary, err = decodeAll(t, path, opts, 2); !opts.Retry(err) {
			return names, all, summary, err
		}
	}
}

func TestJSONLines(t *testing.T) {
	for _, c := range []struct {
		name, text string
		names      []string
		want       [][]string // cells, or the fault
	}{
		{
			"values as they are written", `{"id":"00018644","n":1.50,"big":12345678901234567890,"e":1e2,"yes":true,"no":null}` + "\n",
			[]string{"id", "n", "big", "e", "yes", "no"},
			[][]string{{"00018644", "1.50", "12345678901234567890", "1e2", "true", null}},
		},
		{
			"null, empty and absent", `{"a":null,"b":"","c":" "}` + "\n" + `{"c":"x"}` + "\n",
			[]string{"a", "b", "c"},
			[][]string{{null, "", " "}, {null, null, "x"}},
		},
		{
			"nested", `{"a":{"b":{"c":1},"d":[1,{"x":2}]},"e":{}}` + "\n" + `{"a":{"d":"y"}}`,
			[]string{"a.b.c", "a.d", "e"},
			[][]string{{"1", `[1,{"x":2}]`, "{}"}, {null, "y", null}},
		},
		{
			"escapes", `{"名":"a\"b\\\n\u4e2d\ud83d\ude00\ud800","k\u0065y":"\/"}` + "\r\n" + `{"key":1}` + "\r\n",
			[]string{"名", "key"},
			[][]string{{"a\"b\\\n中😀\uFFFD", "/"}, {null, "1"}},
		},
		{
			"a column further down", `{"a":1}` + "\n" + strings.Repeat(`{"a":2}`+"\n", 3) + `{"b":3,"a":4}` + "\n",
			[]string{"a", "b"},
			[][]string{{"1", null}, {"2", null}, {"2", null}, {"2", null}, {"4", "3"}},
		},
		{
			"records that are none", `{"a":1}` + "\n" + `{"a":2}` + "\n" + `{"a":` + "\n" + `[1]` + "\n\n" + `{"a":1,"a":2}` + "\n" + `{"a":01}` + "\n" + `{"a":3} x` + "\n",
			[]string{"a"},
			[][]string{{"1"}, {"2"}, {"fault"}, {"fault"}, nil, {"fault"}, {"fault"}, {"fault"}},
		},
		{
			"too deep", `{"a":1}` + "\n" + `{"a":2}` + "\n" + `{"a":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}\n",
			[]string{"a"},
			[][]string{{"1"}, {"2"}, {"fault"}},
		},
	} {
		names, all, summary, err := decodeAgain(t, write(t, "x.jsonl", []byte(c.text)), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if summary.Format.Kind != "jsonl" || summary.Records != int64(len(all)) {
			t.Errorf("%s: got %+v", c.name, summary)
		}
		if diff := cmp.Diff(c.names, names); diff != "" {
			t.Errorf("%s: names -want +got\n%s", c.name, diff)
		}
		var got [][]string
		for _, r := range all {
			if r.Fault == FaultJSON {
				r.Cells = []string{"fault"}
			}
			got = append(got, r.Cells)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

// A column that stands below the head of the file is found when the file has been read.
func TestFurtherColumns(t *testing.T) {
	text := strings.Repeat(`{"a":1,"filler":"`+strings.Repeat("x", 1000)+`"}`+"\n", 400)
	path := write(t, "x.jsonl", []byte(text+`{"z":1,"b":2}`+"\n"+`{"c":1}`+"\n"))
	var wider *ColumnsError
	if _, _, err := decodeAll(t, path, Options{}, 2); !errors.As(err, &wider) {
		t.Fatalf("got %v, want further columns", err)
	}
	if diff := cmp.Diff([]string{"a", "filler", "b", "z", "c"}, wider.Columns); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	names, all, _, err := decodeAgain(t, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != 5 || len(all) != 402 || all[400].Cells[3] != "1" || all[401].Cells[4] != "1" || len(all[0].Cells) != 5 {
		t.Errorf("got %q and %d records, the last one %q", names, len(all), all[len(all)-1].Cells)
	}
}

func TestNoJSON(t *testing.T) {
	for _, text := range []string{"{a},b\n1,2\n", "[x],y\n1,2\n", "{}x\n"} {
		e, err := Open(write(t, "x.csv", []byte(text)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if e.Format().Kind != "" {
			t.Errorf("%q: got %q", text, e.Format().Kind)
		}
		e.Close()
	}
}

func FuzzJSONLines(f *testing.F) {
	for _, seed := range []string{
		`{"a":1}` + "\n" + `{"b":{"c":"\u4e2d"}}` + "\n", `{"a":[1,2,{"b":"]"}]}` + "\n" + `{}` + "\n" + `{"a":"\\"}`, "{\"a\":1}\r\n\r{\"a\":tru}\n{\"a",
	} {
		f.Add([]byte(seed), byte(0))
		f.Add([]byte(seed), byte(20))
	}
	path := f.TempDir() + "/export"
	f.Fuzz(func(t *testing.T, data []byte, block byte) {
		writeTo(t, path, append([]byte("{\"a\":0}\n{\"a\":{\"b\":1}}\n"), data...))
		checkCutter(t, path, Options{RecordLimit: 1000}, minBlockSize+int(block), 1+int(block)%3)
	})
}
