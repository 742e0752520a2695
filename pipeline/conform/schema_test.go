package conform_test

import (
	"cmp"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// The inventory and the traits of its rows hold the canonical columns, each once and in their order, but
// for what a file's place says.
func TestSchema(t *testing.T) {
	elsewhere := []string{"export_id", "source", "source_file", "snapshot_date", "acquirer_id"}
	canonical := slices.DeleteFunc(slices.Clone(workspace.CanonicalColumns), func(name string) bool {
		return slices.Contains(elsewhere, name)
	})
	profile := workspace.Profile{Columns: map[string]workspace.Column{"extra_b": {}, "extra_a": {}, "vendor": {}}}
	rows, traits := conform.Schema(conform.Extras(profile)).Fields(), conform.TraitSchema().Fields()
	var got []string
	for _, field := range append(slices.Clone(rows), traits...) {
		if !slices.Contains([]string{"place", "device", "terms", "kind", "number"}, field.Name) {
			got = append(got, field.Name)
		}
	}
	want := append(slices.Clone(canonical), "extra_a", "extra_b")
	slices.Sort(want)
	slices.Sort(got)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	types := map[string]string{
		"source_line": "int64", "place": "int32", "device": "int32", "terms": "int32", "number": "int32",
		"license_code": "dictionary<values=utf8, indices=int32, ordered=false>",
		"installed_on": "date32", "removed_on": "date32", "last_transaction_on": "date32", "updated_at": "timestamp[us]",
		"transaction_count": "int64", "contactless_transaction_count": "int64", "mobile_contactless_transaction_count": "int64",
	}
	keys := []string{"source_line", "place", "device", "terms", "terminal_id", "kind", "number"}
	for _, field := range append(slices.Clone(rows), traits...) {
		if want := cmp.Or(types[field.Name], "utf8"); field.Type.String() != want {
			t.Errorf("%s: got %s, want %s", field.Name, field.Type, want)
		}
		if field.Nullable == slices.Contains(keys, field.Name) {
			t.Errorf("%s: nullable is %t", field.Name, field.Nullable)
		}
	}
}
