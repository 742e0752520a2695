package engine

import (
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

var hashedSchema = arrow.NewSchema([]arrow.Field{
	{Name: "line", Type: arrow.PrimitiveTypes.Int64},
	{Name: "place", Type: arrow.PrimitiveTypes.Int32, Nullable: true},
	{Name: "left", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "right", Type: arrow.BinaryTypes.String, Nullable: true},
}, nil)

// streamHash hashes rows that come in so many batches, each the JSON of its rows.
func streamHash(t *testing.T, columns []string, batches ...string) string {
	t.Helper()
	h := NewStreamHash(hashedSchema, columns...)
	for _, rows := range batches {
		list := "[" + strings.ReplaceAll(rows, "}{", "},{") + "]"
		batch, _, err := array.RecordFromJSON(memory.DefaultAllocator, hashedSchema, strings.NewReader(list))
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Add(batch); err != nil {
			t.Fatal(err)
		}
		batch.Release()
	}
	return h.Sum()
}

func TestStreamHash(t *testing.T) {
	const (
		first  = `{"line": 1, "place": 3, "left": "a", "right": "b"}`
		second = `{"line": 2, "place": null, "left": null, "right": ""}`
	)
	whole := streamHash(t, nil, first+second)
	if len(whole) != 32 {
		t.Errorf("hash %q", whole)
	}
	if none := streamHash(t, nil); none != "" {
		t.Errorf("no rows hash to %q", none)
	}
	for name, same := range map[string]string{
		"other order":   streamHash(t, nil, second+first),
		"other batches": streamHash(t, nil, first, second),
	} {
		if same != whole {
			t.Errorf("%s: %s, want %s", name, same, whole)
		}
	}
	for name, other := range map[string]string{
		"a row less":        streamHash(t, nil, first),
		"a row twice":       streamHash(t, nil, first+first+second),
		"columns exchanged": streamHash(t, nil, `{"line": 1, "place": 3, "left": "b", "right": "a"}`+second),
		"values moved":      streamHash(t, nil, `{"line": 2, "place": 3, "left": "a", "right": "b"}`, `{"line": 1, "place": null, "left": null, "right": ""}`),
		"null for blank":    streamHash(t, nil, first+`{"line": 2, "place": null, "left": "", "right": null}`),
		"null for zero":     streamHash(t, nil, first+`{"line": 2, "place": 0, "left": null, "right": ""}`),
		"fewer columns":     streamHash(t, []string{"line"}, first+second),
	} {
		if other == whole {
			t.Errorf("%s: the same hash", name)
		}
	}
	moved := streamHash(t, []string{"line"}, `{"line": 1, "place": 9, "left": "z", "right": null}`+second)
	if moved != streamHash(t, []string{"line"}, first+second) {
		t.Error("a column that is not hashed changes the hash")
	}
}
