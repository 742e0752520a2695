package conform_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// The inventory holds the canonical columns in their order, but for what a file's place says.
func TestSchema(t *testing.T) {
	elsewhere := []string{"export_id", "source", "source_file", "snapshot_date", "acquirer_id"}
	want := slices.DeleteFunc(slices.Clone(workspace.CanonicalColumns), func(name string) bool {
		return slices.Contains(elsewhere, name)
	})
	want[slices.Index(want, "source_line")], want[0] = want[0], "source_line"
	profile := workspace.Profile{Columns: map[string]workspace.Column{"extra_b": {}, "extra_a": {}, "vendor": {}}}
	want = append(want, "extra_a", "extra_b")
	types := map[string]string{
		"source_line": "int64", "terminal_id": "utf8", "merchant_id": "utf8", "merchant_name": "utf8",
		"serial_number": "utf8", "address": "utf8", "extra_a": "utf8", "extra_b": "utf8",
		"installed_on": "date32", "removed_on": "date32", "last_transaction_on": "date32", "updated_at": "timestamp[us]",
		"transaction_count": "int64", "contactless_transaction_count": "int64", "mobile_contactless_transaction_count": "int64",
	}
	var got []string
	for _, field := range conform.Schema(conform.Extras(profile)).Fields() {
		got = append(got, field.Name)
		wantType, ok := types[field.Name]
		if !ok {
			wantType = "dictionary<values=utf8, indices=int32, ordered=false>"
		}
		if field.Type.String() != wantType {
			t.Errorf("%s: got %s, want %s", field.Name, field.Type, wantType)
		}
		if isKey := field.Name == "source_line" || field.Name == "terminal_id"; field.Nullable == isKey {
			t.Errorf("%s: nullable is %t", field.Name, field.Nullable)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
