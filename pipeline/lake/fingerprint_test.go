package lake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// unprinted are the fields of a manifest that determine no number, as paths into its JSON.
var unprinted = []string{
	"format", "edition", "fingerprint", "tool_version",
	"deliveries.why", "deliveries.reason", "deliveries.files", "snapshots.tally",
	"deliveries.rows.path", "deliveries.rows.bytes", "deliveries.traits.path", "deliveries.traits.bytes",
	"deliveries.rejects.path", "deliveries.rejects.bytes",
	"snapshots.settled.path", "snapshots.settled.bytes", "snapshots.merchants.path", "snapshots.merchants.bytes",
	"snapshots.coverage.path", "snapshots.coverage.bytes", "claims.path", "claims.bytes",
}

func fingerprint(t *testing.T, m *Manifest) string {
	t.Helper()
	m.sort()
	text, err := m.computeFingerprint()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Every field of the manifest is either printed or listed above: a new one makes somebody decide.
func TestFingerprintCoversWhatCounts(t *testing.T) {
	example := func() *Manifest {
		m := goldenManifest()
		m.Snapshots[0].Usage = []UsageMonths{{InventoryID: "taps", Months: []string{"2016-12-01"}}}
		return m
	}
	base := fingerprint(t, example())
	changed, kept := 0, 0
	for i := 0; ; i++ {
		manifest := example()
		field, done := alterLeaf(reflect.ValueOf(manifest).Elem(), "", i)
		if done {
			break
		}
		got := fingerprint(t, manifest)
		if slices.Contains(unprinted, field) {
			kept++
			if got != base {
				t.Errorf("%s changes the fingerprint", field)
			}
			continue
		}
		changed++
		if got == base {
			t.Errorf("%s leaves the fingerprint as it is", field)
		}
	}
	if changed < 50 || kept < len(unprinted) {
		t.Errorf("%d fields that count and %d that do not: the example is too small", changed, kept)
	}
}

// alterLeaf alters the i-th scalar found below value and returns the path to it, or done if there are
// fewer.
func alterLeaf(value reflect.Value, path string, i int) (altered string, done bool) {
	remaining := i
	var walk func(value reflect.Value, path string) string
	walk = func(value reflect.Value, path string) string {
		switch {
		case value.Type() == reflect.TypeFor[json.RawMessage]():
			if remaining--; remaining < 0 {
				value.SetBytes([]byte(`"altered"`))
				return path
			}
		case value.Kind() == reflect.Struct:
			for j := range value.NumField() {
				name, _, _ := strings.Cut(value.Type().Field(j).Tag.Get("json"), ",")
				if found := walk(value.Field(j), strings.TrimPrefix(path+"."+name, ".")); found != "" {
					return found
				}
			}
		case value.Kind() == reflect.Slice:
			for j := range value.Len() {
				if found := walk(value.Index(j), path); found != "" {
					return found
				}
			}
		case value.Kind() == reflect.Map:
			if remaining--; remaining < 0 {
				value.SetMapIndex(reflect.ValueOf("altered"), reflect.ValueOf("x"))
				return path
			}
		case value.Kind() == reflect.String:
			if remaining--; remaining < 0 {
				value.SetString(value.String() + "~")
				return path
			}
		case value.CanInt():
			if remaining--; remaining < 0 {
				value.SetInt(value.Int() + 1)
				return path
			}
		case value.Kind() == reflect.Bool:
			if remaining--; remaining < 0 {
				value.SetBool(!value.Bool())
				return path
			}
		default:
			panic(fmt.Sprintf("%s has a type this test does not know", path))
		}
		return ""
	}
	altered = walk(value, path)
	return altered, altered == ""
}

func TestFingerprintIgnoresOrder(t *testing.T) {
	straight, reversed := goldenManifest(), goldenManifest()
	slices.Reverse(reversed.Deliveries)
	slices.Reverse(reversed.Snapshots)
	slices.Reverse(reversed.Inputs.DueDaysPassed)
	for i := range reversed.Snapshots {
		slices.Reverse(reversed.Snapshots[i].Members)
	}
	for i := range reversed.Deliveries {
		slices.Reverse(reversed.Deliveries[i].Files)
	}
	if fingerprint(t, straight) != fingerprint(t, reversed) {
		t.Error("the order of deliveries, snapshots or members changes the fingerprint")
	}
	if diff := cmp.Diff(straight, reversed); diff != "" {
		t.Error(diff)
	}
}

// Nothing, and an empty list of nothing, are the same.
func TestFingerprintOfNothing(t *testing.T) {
	empty := &Manifest{
		Inputs:     Inputs{References: map[string]string{}, Settings: map[string]string{}, DueDaysPassed: []DueDay{}},
		Deliveries: []Delivery{}, Snapshots: []Snapshot{},
	}
	if fingerprint(t, empty) != fingerprint(t, &Manifest{}) {
		t.Error("nil and empty lists differ")
	}
}

func TestManifestIsDeterministic(t *testing.T) {
	first, err := encodeJSON(goldenManifest())
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		again, err := encodeJSON(goldenManifest())
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Fatal(cmp.Diff(string(first), string(again)))
		}
	}
}

func TestManifestFiles(t *testing.T) {
	var paths []string
	for _, file := range goldenManifest().Files() {
		paths = append(paths, file.Path)
	}
	want := []string{
		"claims/cl01.parquet",
		"coverage/snapshot_date=2017-01-31/co01.parquet",
		"coverage/snapshot_date=2017-02-28/co02.parquet",
		"inventory/in01.parquet",
		"inventory/in02.parquet",
		"inventory/in03.parquet",
		"merchants/snapshot_date=2017-01-31/me01.parquet",
		"merchants/snapshot_date=2017-02-28/me02.parquet",
		"rejects/in01.parquet",
		"settled/snapshot_date=2017-01-31/se01.parquet",
		"settled/snapshot_date=2017-02-28/se02.parquet",
	}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Error(diff)
	}
}

func TestSnapshotOf(t *testing.T) {
	manifest := goldenManifest()
	if got := manifest.Snapshot("2017-02-28"); got == nil || got.Settled.Path != "settled/snapshot_date=2017-02-28/se02.parquet" {
		t.Errorf("Snapshot = %v", got)
	}
	if got := manifest.Snapshot("2017-03-31"); got != nil {
		t.Errorf("Snapshot = %v, want nil", got)
	}
}
