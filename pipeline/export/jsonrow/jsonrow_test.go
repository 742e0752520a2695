package jsonrow_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/export/jsonrow"
)

// members returns the values of an object by path, and what was wrong with it.
func members(text []byte) (map[string]string, error) {
	found := map[string]string{}
	p := jsonrow.Parser{Visit: func(path []byte, v jsonrow.Value) error {
		value := text[v.Start:v.End]
		if v.IsEscaped {
			value = jsonrow.Unescape(nil, value)
		}
		if v.IsNull {
			value = []byte("∅")
		}
		found[string(path)] = string(value)
		return nil
	}}
	return found, p.Object(text, 0, len(text))
}

func TestObject(t *testing.T) {
	for _, c := range []struct {
		text string
		want map[string]string
		err  string
	}{
		{`{}`, map[string]string{}, ""},
		{` {"a" : 1 , "b":-0.5e+10} `, map[string]string{"a": "1", "b": "-0.5e+10"}, ""},
		{`{"a":{"b":{},"c":[{"d":1}]},"":"x"}`, map[string]string{"a.b": "{}", "a.c": `[{"d":1}]`, "_": "x"}, ""},
		{`{"a":"\ud83d\ude00\u00e9\ud83d"}`, map[string]string{"a": "😀é\uFFFD"}, ""},
		{`{"a":null,"b":false}`, map[string]string{"a": "∅", "b": "false"}, ""},
		{`[]`, nil, "it is no JSON at byte 1: expected an object"},
		{`{"a":1`, nil, "it is no JSON at byte 7: expected a comma or the object's end"},
		{`{"a":1,}`, nil, "it is no JSON at byte 8: expected a string"},
		{`{"a":01}`, nil, "it is no JSON at byte 7: expected a comma or the object's end"},
		{`{"a":"\x"}`, nil, `it is no JSON at byte 7: expected an escape such as \n or \u4e2d`},
		{"{\"a\":\"\n\"}", nil, "it is no JSON at byte 7: expected no control character in a string"},
		{`{"a":.5}`, nil, "it is no JSON at byte 6: expected a value"},
		{`{"a":tru}`, nil, "it is no JSON at byte 6: expected a value"},
	} {
		got, err := members([]byte(c.text))
		if c.err != "" {
			if err == nil || err.Error() != c.err {
				t.Errorf("%s: got %v, want %s", c.text, err, c.err)
			}
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v, -want +got\n%s", c.text, err, diff)
		}
	}
}

// FuzzObject holds the parser against encoding/json: both take the same objects.
func FuzzObject(f *testing.F) {
	for _, seed := range []string{`{"a":1,"b":[true,null,{"c":"\u4e2d"}]}`, `{"a":{"b":-1.5e3}}`, `{"a":"\\\""} `, `{`, `{"a":0x1}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if text = bytes.TrimLeft(text, " \t\r\n"); len(text) == 0 || text[0] != '{' {
			text = append([]byte(`{"x":`), append(text, '}')...)
		}
		_, err := members(text)
		if want := json.Valid(text); (err == nil) != want && !errors.Is(err, jsonrow.ErrDeep) {
			t.Errorf("%q: got %v, encoding/json says %t", text, err, want)
		}
	})
}
