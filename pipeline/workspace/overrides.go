package workspace

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Overrides are the settings that come from outside of tapcov.yaml. A flag wins over a variable of
// the environment, and both win over the file.
type Overrides struct {
	Flags map[string]string   // by key, such as limits.memory; only flags that were given
	Env   func(string) string // os.Getenv or a stand-in; nil: no environment
}

// overridable are the sections of Config whose values may come from outside: what a run may use
// and how it reports. What is counted, and how exports are read, stands in the file alone.
var overridable = []string{"snapshots", "evidence", "regions", "limits", "report"}

// setting is one value of an overridable section.
type setting struct {
	section, name string
	index         []int
	tag           reflect.StructTag
}

func (s setting) key() string { return s.section + "." + s.name }

func settings() []setting {
	var list []setting
	for _, section := range fieldsOf(reflect.TypeFor[Config]()) {
		if !slices.Contains(overridable, section.name) {
			continue
		}
		for _, f := range fieldsOf(reflect.TypeFor[Config]().FieldByIndex(section.index).Type) {
			list = append(list, setting{section.name, f.name, slices.Concat(section.index, f.index), f.tag})
		}
	}
	return list
}

// SettingKeys lists the keys of the settings that Overrides may set, such as limits.memory, in the
// order of Config.
func SettingKeys() []string {
	var keys []string
	for _, s := range settings() {
		keys = append(keys, s.key())
	}
	return keys
}

// FlagName returns the flag of a setting without its dashes: limits-memory for limits.memory.
func FlagName(key string) string { return strings.NewReplacer(".", "-", "_", "-").Replace(key) }

// EnvironmentName returns the variable of a setting: TAPCOV_LIMITS_MEMORY for limits.memory.
func EnvironmentName(key string) string {
	return "TAPCOV_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// apply sets what the overrides name and marks it as set from there. An empty variable is none.
func (o Overrides) apply(c *Config, marks *mark) []Problem {
	var problems []Problem
	for _, s := range settings() {
		name, text := "", ""
		if o.Env != nil {
			name, text = EnvironmentName(s.key()), o.Env(EnvironmentName(s.key()))
		}
		given := text != ""
		if flag, ok := o.Flags[s.key()]; ok {
			name, text, given = "--"+FlagName(s.key()), flag, true
		}
		if !given {
			continue
		}
		if expected, ok := setFromOutside(reflect.ValueOf(c).Elem().FieldByIndex(s.index), s.tag, text); !ok {
			problems = append(problems, Problem{File: name, Message: fmt.Sprintf("expected %s, found %q", expected, text)})
			continue
		}
		section, written := marks.children[s.section]
		if !written {
			section = marks.add(s.section)
		}
		*section.add(s.name) = mark{key: place{file: name}, value: place{file: name}}
	}
	for _, key := range slices.Sorted(maps.Keys(o.Flags)) {
		if !slices.Contains(SettingKeys(), key) {
			problems = append(problems, Problem{Message: fmt.Sprintf("unknown setting %q%s", key, didYouMean(key, SettingKeys()))})
		}
	}
	return problems
}

// setFromOutside sets a value from a text without YAML around it: a list is separated by commas.
func setFromOutside(into reflect.Value, tag reflect.StructTag, text string) (expected string, ok bool) {
	if into.Kind() != reflect.Slice {
		kind := asNumber
		if into.Kind() == reflect.String {
			kind = asText
		}
		return setScalar(into, tag, text, kind)
	}
	var list []string
	for entry := range strings.SplitSeq(text, ",") {
		list = append(list, strings.TrimSpace(entry))
	}
	into.Set(reflect.ValueOf(list))
	return "", true
}
