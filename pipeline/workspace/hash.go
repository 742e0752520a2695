package workspace

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// ReadingHash returns the SHA-256, in hex, of what decides how the rows of a source's exports are
// read: an inventory made under one hash is valid under any configuration with the same.
//
// Left out are the source's name, kind, due day, limits and language, and what only decides which
// exports are read as which delivery (files, snapshot_date, delivery, part, parts, version, side files),
// except for cells and columns named there, which are in the export. The order of keys, comments and spelled-out defaults make no
// difference. A field not set is not hashed, so one added in a later version changes no old hash.
func ReadingHash(s Source) string {
	p := s.WithDefaults().Profile
	p.Files, p.Delivery, p.Parts = "", "", nil
	for _, from := range []*DateFrom{&p.SnapshotDate, &p.Part, &p.Version} {
		if from.Cell == "" && from.Column == "" {
			*from = DateFrom{}
		}
	}
	p.Control.Required, p.Control.Ignore = false, false
	p.Private = slices.Sorted(slices.Values(p.Private))
	sum := sha256.Sum256(canonicalJSON(p))
	return hex.EncodeToString(sum[:])
}

// canonicalJSON encodes a value by its YAML names, keys sorted, without what is not set. Two values
// encode alike if tapcov.yaml cannot tell them apart.
func canonicalJSON(v any) []byte {
	text, err := json.Marshal(canonical(reflect.ValueOf(v)))
	if err != nil {
		panic(fmt.Sprintf("workspace: encode %T: %v", v, err)) // text, numbers, maps and lists always encode
	}
	return text
}

func canonical(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Struct:
		object := map[string]any{}
		for _, f := range fieldsOf(v.Type()) {
			if entry := v.FieldByIndex(f.index); !isUnset(entry) {
				object[f.name] = canonical(entry)
			}
		}
		return object
	case reflect.Map:
		object := map[string]any{}
		for _, key := range v.MapKeys() {
			object[key.String()] = canonical(v.MapIndex(key))
		}
		return object
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = canonical(v.Index(i))
		}
		return list
	default:
		return v.Interface()
	}
}

// isUnset reports whether a value is as if its key were not there.
func isUnset(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice:
		return v.Len() == 0
	default:
		return v.IsZero()
	}
}
