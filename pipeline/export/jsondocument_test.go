package export

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJSONDocument(t *testing.T) {
	long := `{"a":"` + strings.Repeat("x", 2000) + `"}`
	for _, c := range []struct {
		name, file string
		text       []byte
		names      []string
		want       [][]string
	}{
		{"array", "x.json", []byte(` [ {"id":"001","n":1.10} ,{"n":null,"id":""}, {} ]` + "\n"), []string{"id", "n"}, [][]string{{"001", "1.10"}, {"", null}, {null, null}}},
		{"array over lines", "x.json", []byte("[\n  {\n    \"id\": 1,\n    \"x\": {\"y\": [1, 2]}\n  },\n  {\"z\": true}\n]\n"), []string{"id", "x.y", "z"}, [][]string{{"1", "[1, 2]", null}, {null, null, "true"}}},
		{"member of an object", "x.json", []byte(`{"count": 2, "rows": [{"a":1},{"a":2}], "more": {"b":[{"c":1}]}}`), []string{"a"}, [][]string{{"1"}, {"2"}}},
		{"objects one after the other", "x.json", []byte("{\n \"a\": 1\n}\n{\n \"a\": 2, \"b\": \"{\"\n}"), []string{"a", "b"}, [][]string{{"1", null}, {"2", "{"}}},
		{"one object over lines", "x.json", []byte("{\n \"a\": 1\n}\n"), []string{"a"}, [][]string{{"1"}}},
		{"gzip", "x.json.gz", gzipped(t, []byte(`[{"a":1}]`)), []string{"a"}, [][]string{{"1"}}},
		{"byte-order mark", "x.json", []byte("\uFEFF" + `[{"a":1}]`), []string{"a"}, [][]string{{"1"}}},
		{"UTF-16", "x.json", widen([]byte(`[{"id":"001"}]`), "utf-16le"), []string{"id"}, [][]string{{"001"}}},
		{"GB18030", "x.json", encoded(t, `[{"终端号":"001","商户":"家乐福厦门店"}]`), []string{"终端号", "商户"}, [][]string{{"001", "家乐福厦门店"}}},
		{"records that are none", "x.json", []byte(`[{"a":1},7,{"a":1,"a":2},` + long + `,[2],{"a":2}]`), []string{"a"}, [][]string{{"1"}, {"fault 7"}, {"fault 7"}, {"fault 4"}, {"fault 7"}, {"2"}}},
	} {
		names, all, summary, err := decodeAgain(t, write(t, c.file, c.text), Options{RecordLimit: 1000})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if summary.Format.Kind != "json" || summary.Records != int64(len(all)) || summary.ID == "" {
			t.Errorf("%s: got %+v", c.name, summary)
		}
		if diff := cmp.Diff(c.names, names); diff != "" {
			t.Errorf("%s: names -want +got\n%s", c.name, diff)
		}
		var got [][]string
		for _, r := range all {
			if r.Fault != FaultNone {
				r.Cells = []string{"fault " + string(rune('0'+r.Fault))}
			}
			got = append(got, r.Cells)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}

func TestJSONDocumentsRefused(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"cut short", `[{"a":1},{"a":`, "ends within a value"},
		{"no comma", `[{"a":1} {"a":2}]`, "expected a comma"},
		{"more behind it", `[{"a":1}] x`, "nothing behind the document"},
		{"deep", `[{"a":1},` + strings.Repeat("[", 1<<20), "ends within a value"},
	} {
		var refused *RefusedError
		_, _, _, err := decodeAgain(t, write(t, "x.json", []byte(c.text)), Options{})
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want it refused: %s", c.name, err, c.want)
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`[{"a":1},{"b":{"c":"\u4e2d"}}]`, `{"n":1,"rows":[{"a":"]"}],"x":[]}`, "{\"a\":\n1}\n{\"a\":2}", `[{"a":`, `[{}]`, `[{"a":1}}`,
	} {
		f.Add([]byte(seed))
	}
	path := f.TempDir() + "/export.json"
	f.Fuzz(func(t *testing.T, data []byte) {
		writeTo(t, path, data)
		checkCutter(t, path, Options{RecordLimit: 1000}, minBlockSize, 3)
	})
}
