// Package words holds what the reports say, in English and in Chinese, as data: a text by key, with
// named places for values such as {lower}. Every key exists in both languages with the same places.
package words

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// pair is one text in both languages.
type pair struct{ en, zh string }

// Languages are the languages that reports can be written in.
func Languages() []string { return []string{"en", "zh"} }

// Words says texts in one language.
type Words struct {
	language string
}

// In returns the words of language, "en" or "zh".
func In(language string) (Words, error) {
	if !slices.Contains(Languages(), language) {
		return Words{}, fmt.Errorf("no words in language %q (there are %s)", language, strings.Join(Languages(), ", "))
	}
	return Words{language}, nil
}

// Language returns en or zh.
func (w Words) Language() string { return w.language }

// Has reports whether there is a text of that key.
func Has(key string) bool {
	_, ok := lookup(key)
	return ok
}

// Say returns the text of key with its places filled from name, value pairs. A key that does not
// exist is a mistake of ours and panics.
func (w Words) Say(key string, values ...string) string {
	if len(values)%2 != 0 {
		panic(fmt.Sprintf("words: %q is given a name without a value", key))
	}
	places := make([]string, 0, len(values))
	for i := 0; i < len(values); i += 2 {
		places = append(places, "{"+values[i]+"}", values[i+1])
	}
	return strings.NewReplacer(places...).Replace(w.text(key))
}

// Term returns the word for name under prefix, such as "population" and "networked", or name itself
// where the words do not know it: a workspace names populations of its own.
func (w Words) Term(prefix, name string) string {
	if key := prefix + "." + name; Has(key) {
		return w.text(key)
	}
	return name
}

// Part is a stretch of a text: plain words, or the name of a place in it.
type Part struct {
	Text    string
	IsPlace bool
}

// Parts splits the text of key at its places, for a page that sets a figure larger than the words
// around it.
func (w Words) Parts(key string) []Part {
	var parts []Part
	rest := w.text(key)
	for rest != "" {
		before, after, found := strings.Cut(rest, "{")
		if before != "" {
			parts = append(parts, Part{Text: before})
		}
		if !found {
			break
		}
		name, tail, _ := strings.Cut(after, "}")
		parts = append(parts, Part{Text: name, IsPlace: true})
		rest = tail
	}
	return parts
}

func (w Words) text(key string) string {
	text, ok := lookup(key)
	if !ok {
		panic(fmt.Sprintf("words: there is no text %q", key))
	}
	if w.language == "zh" {
		return text.zh
	}
	return text.en
}

var tables = []map[string]pair{sentences, terms, sections, definitions}

func lookup(key string) (pair, bool) {
	for _, table := range tables {
		if text, ok := table[key]; ok {
			return text, true
		}
	}
	return pair{}, false
}

// Keys returns the keys of all texts in byte order.
func Keys() []string {
	var keys []string
	for _, table := range tables {
		keys = slices.AppendSeq(keys, maps.Keys(table))
	}
	slices.Sort(keys)
	return keys
}
