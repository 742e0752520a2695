package conform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// rules are what a profile says about the text of one column, before its kind is asked.
type rules struct {
	take   *regexp.Regexp
	values map[string]string // by fold.Text
	tokens map[string]bool   // by fold.Text
	split  string
}

func newRules(name string, c workspace.Column) (rules, error) {
	r := rules{split: c.Split}
	if c.Take != "" {
		take, err := regexp.Compile(c.Take)
		if err != nil {
			return r, fmt.Errorf("columns.%s.take: %w", name, err)
		}
		r.take = take
	}
	r.values = folded(c.Values)
	for _, token := range c.Tokens {
		if r.tokens == nil {
			r.tokens = map[string]bool{}
		}
		r.tokens[fold.Text(token)] = true
	}
	return r, nil
}

// folded returns values with its keys as fold.Text gives them, nil for none.
func folded(values map[string]string) map[string]string {
	if len(values) == 0 {
		return nil
	}
	byText := make(map[string]string, len(values))
	for key, value := range values {
		byText[fold.Text(key)] = value
	}
	return byText
}

// isNone reports whether cells are read as they stand.
func (r *rules) isNone() bool { return r.take == nil && r.values == nil && r.tokens == nil }

// apply returns what the cell says by the profile's rules; blank or nil is no value.
func (r *rules) apply(text []byte) []byte {
	if r.take != nil {
		match := r.take.FindSubmatch(text)
		if match == nil {
			return nil
		}
		text = fold.Trim(match[min(1, len(match)-1)])
	}
	if r.values != nil {
		if value, ok := r.values[fold.Text(string(text))]; ok {
			text = []byte(value)
		}
	}
	if r.tokens != nil {
		text = r.hasToken(text)
	}
	return text
}

// hasToken returns yes if one of the wanted tokens is a whole token of text, no if text has other
// tokens only, nothing if it has none.
func (r *rules) hasToken(text []byte) []byte {
	var tokens []string
	if r.split == "" {
		tokens = strings.FieldsFunc(string(text), func(c rune) bool {
			return c == ' ' || c == ',' || c == ';' || c == '\t' || c == '\n' || c == '\r'
		})
	} else {
		tokens = strings.Split(string(text), r.split)
	}
	answer := []byte(nil)
	for _, token := range tokens {
		key := fold.Text(token)
		if r.tokens[key] {
			return []byte("yes")
		}
		if key != "" {
			answer = []byte("no")
		}
	}
	return answer
}

// interpreter turns a raw cell of a dictionary column into a value of its dictionary.
type interpreter struct {
	rules
	kind   kind
	words  []string          // the vocabulary of kindWord and kindFlag
	byText map[string]string // the profile's map of kindWord
	flags  *reference.Flags
}

// read returns the value of a raw cell, nil for none, and why a cell that says something has none.
func (in *interpreter) read(scratch *[]byte, raw []byte) ([]byte, fault) {
	var text []byte
	if in.kind == kindText {
		text = fold.Trim(raw)
	} else {
		text = foldInto(scratch, raw)
	}
	switch in.kind {
	case kindWord:
		return in.word(text)
	case kindEntry, kindCardScheme:
		return in.code(text)
	}
	text = in.apply(text)
	switch {
	case in.kind == kindFlag:
		return in.flag(text)
	case in.kind != kindText && isNull(text), len(text) == 0:
		return nil, faultNone
	}
	return text, faultNone
}

// word looks a value up in the profile's map, which may speak of blanks too, and takes the
// vocabulary's own words.
func (in *interpreter) word(text []byte) ([]byte, fault) {
	if in.take != nil || in.tokens != nil {
		text = in.apply(text)
	}
	key := fold.Text(string(text))
	if value, ok := in.values[key]; ok {
		return []byte(value), faultNone
	}
	if value, ok := in.byText[key]; ok {
		return []byte(value), faultNone
	}
	switch {
	case slices.Contains(in.words, key):
		return []byte(key), faultNone
	case isNull(text):
		return []byte(unknown), faultNone
	}
	return []byte(unknown), faultWord
}

func (in *interpreter) flag(text []byte) ([]byte, fault) {
	if len(text) == 0 {
		return []byte(unknown), faultNone
	}
	flag, ok := in.flags.Value(text)
	if !ok {
		return []byte(unknown), faultFlag
	}
	return []byte(flag.String()), faultNone
}
