package workspace

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Setting is one effective value of a workspace's configuration.
type Setting struct {
	Key    string // dotted, such as limits.memory or sources.my_bank.files
	Value  string // as one would write it; a list is separated by commas
	Origin string // default, tapcov.yaml:LINE, environment TAPCOV_X or flag --x
}

// Effective lists the configuration of w after defaults, file, environment and flags, in the order
// of Config. Of sources and populations it lists what is written or has a default.
func Effective(w *Workspace) []Setting {
	marks := w.marks
	if marks == nil {
		marks = &mark{}
	}
	return appendSettings(nil, "", reflect.ValueOf(w.Config), "", marks, true)
}

// appendSettings adds the values below v; unless all is set, without those that are neither written
// nor have a default.
func appendSettings(list []Setting, key string, v reflect.Value, tag reflect.StructTag, m *mark, all bool) []Setting {
	switch {
	case v.Kind() == reflect.Struct:
		for _, f := range fieldsOf(v.Type()) {
			list = appendSettings(list, joinKey(key, f.name), v.FieldByIndex(f.index), f.tag, m.below(f.name), all)
		}
		return list
	case v.Kind() == reflect.Map && tag.Get("word") != "" && renderWord(v, tag) != "":
		return append(list, Setting{key, renderWord(v, tag), m.value.origin()})
	case v.Kind() == reflect.Map:
		for _, name := range sortedKeys(v) {
			list = appendSettings(list, joinKey(key, name), v.MapIndex(reflect.ValueOf(name)), "", m.below(name), false)
		}
		return list
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		for i := range v.Len() {
			name := v.Index(i).FieldByName("Name").String()
			list = appendSettings(list, joinKey(key, name), v.Index(i), "", m.below(fmt.Sprint(i)), false)
		}
		return list
	case v.IsZero() && !all && m.value == (place{}):
		return list
	}
	return append(list, Setting{key, settingText(v, tag), m.value.origin()})
}

// below is at for origins: what is not written is a default, whoever should contain it.
func (m *mark) below(name string) *mark {
	if c, written := m.children[name]; written {
		return c
	}
	return &mark{}
}

func joinKey(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

// sortedKeys returns the keys of a map in order, canonical columns in theirs.
func sortedKeys(m reflect.Value) []string {
	var names []string
	for _, key := range m.MapKeys() {
		names = append(names, key.String())
	}
	slices.SortFunc(names, func(a, b string) int {
		i, j := slices.Index(CanonicalColumns, a), slices.Index(CanonicalColumns, b)
		switch {
		case i >= 0 && j >= 0:
			return i - j
		case i >= 0:
			return -1
		case j >= 0:
			return 1
		}
		return strings.Compare(a, b)
	})
	return names
}

// settingText writes a value the way setFromOutside reads it.
func settingText(v reflect.Value, tag reflect.StructTag) string {
	switch {
	case v.Kind() == reflect.Slice:
		if v.IsZero() {
			return tag.Get("word")
		}
		entries := make([]string, v.Len())
		for i := range entries {
			entries[i] = v.Index(i).String()
		}
		return strings.Join(entries, ",")
	case v.Type() == durationType:
		return time.Duration(v.Int()).String()
	case tag.Get("unit") == "bytes":
		return formatBytes(v.Int())
	default:
		return fmt.Sprint(v.Interface())
	}
}
