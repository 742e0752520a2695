package workspace

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// The schema of tapcov.yaml is Config itself. Beside the YAML name, a field may carry
//
//	plain:"yes"             plain text in place of the whole mapping sets this field
//	word:"all"              this word in place of a list means the list is not set
//	word:"unionpay=table"   this word in place of a mapping means a mapping of this one entry
//	unit:"bytes"            a size such as 512MiB

// A decoder walks a syntax tree along a Go value: it fills the value, marks where each part of it
// was written, and collects what does not fit. It goes on after a problem.
type decoder struct {
	file     string
	problems []Problem
}

// decode reads text into the value that into points to; what the text does not mention is left as
// it is. The mark is that of the whole file.
func decode(file string, text []byte, into any) (*mark, []Problem) {
	start := place{file, 1, 1}
	top := &mark{key: start, value: start}
	root, problems := parse(file, text)
	if root == nil {
		return top, problems
	}
	d := &decoder{file: file}
	d.value(root, reflect.ValueOf(into).Elem(), "", top)
	return top, d.problems
}

// field is one key of a mapping.
type field struct {
	name  string
	index []int
	tag   reflect.StructTag
}

// fieldsOf lists the keys of a struct in order, those of inline structs in place.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if option != "inline" {
			fields = append(fields, field{name, f.Index, f.Tag})
			continue
		}
		for _, inner := range fieldsOf(f.Type) {
			inner.index = slices.Concat(f.Index, inner.index)
			fields = append(fields, inner)
		}
	}
	return fields
}

// plainField returns the field that plain text in place of a struct's mapping sets.
func plainField(t reflect.Type) (field, bool) {
	for _, f := range fieldsOf(t) {
		if f.tag.Get("plain") != "" {
			return f, true
		}
	}
	return field{}, false
}

// value decodes n into the Go value; tag is that of the field which holds it.
func (d *decoder) value(n ast.Node, into reflect.Value, tag reflect.StructTag, m *mark) {
	m.value = d.at(n)
	if m.key == (place{}) {
		m.key = m.value
	}
	if _, null := n.(*ast.NullNode); (null || n == nil) && !isScalar(into) {
		return // the key of a section whose entries are all commented out
	}
	switch into.Kind() {
	case reflect.Struct:
		d.structure(n, into, m)
	case reflect.Map:
		d.table(n, into, tag, m)
	case reflect.Slice:
		d.list(n, into, tag, m)
	default:
		text, kind := scalarOf(n)
		if expected, ok := setScalar(into, tag, text, kind); !ok {
			d.report(n, "expected %s, found %s", expected, describe(n))
		}
	}
}

func (d *decoder) structure(n ast.Node, into reflect.Value, m *mark) {
	pairs, ok := pairsOf(n)
	if !ok {
		plain, allowed := plainField(into.Type())
		text, kind := scalarOf(n)
		switch {
		case !allowed:
			d.report(n, "expected a mapping, found %s", describe(n))
		case kind == notScalar:
			d.report(n, "expected text or a mapping, found %s", describe(n))
		default:
			into.FieldByIndex(plain.index).SetString(text)
			*m.add(plain.name) = mark{key: m.value, value: m.value}
		}
		return
	}
	fields := fieldsOf(into.Type())
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	d.eachPair(pairs, m, func(name string, pair *ast.MappingValueNode, c *mark) {
		i := slices.Index(names, name)
		if i < 0 {
			d.report(pair.Key, "unknown key %q%s", name, didYouMean(name, names))
			return
		}
		d.value(pair.Value, into.FieldByIndex(fields[i].index), fields[i].tag, c)
	})
}

func (d *decoder) table(n ast.Node, into reflect.Value, tag reflect.StructTag, m *mark) {
	word, entry, _ := strings.Cut(tag.Get("word"), "=")
	if text, kind := scalarOf(n); kind != notScalar && word != "" && text == word {
		into.Set(reflect.ValueOf(map[string]string{word: entry}))
		return
	}
	pairs, ok := pairsOf(n)
	if !ok {
		d.report(n, "expected %sa mapping, found %s", orWord(word), describe(n))
		return
	}
	into.Set(reflect.MakeMapWithSize(into.Type(), len(pairs)))
	d.eachPair(pairs, m, func(name string, pair *ast.MappingValueNode, c *mark) {
		element := reflect.New(into.Type().Elem()).Elem()
		d.value(pair.Value, element, "", c)
		into.SetMapIndex(reflect.ValueOf(name), element)
	})
}

func (d *decoder) list(n ast.Node, into reflect.Value, tag reflect.StructTag, m *mark) {
	word := tag.Get("word")
	if text, kind := scalarOf(n); kind != notScalar && word != "" && text == word {
		into.SetZero()
		return
	}
	sequence, ok := n.(*ast.SequenceNode)
	if !ok {
		d.report(n, "expected %sa list, found %s", orWord(word), describe(n))
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(sequence.Values), len(sequence.Values)))
	for i, item := range sequence.Values {
		d.value(item, into.Index(i), tag, m.add(strconv.Itoa(i)))
	}
}

// eachPair calls visit for each key of a mapping that is fit to be one, the first time it stands there.
func (d *decoder) eachPair(pairs []*ast.MappingValueNode, m *mark, visit func(string, *ast.MappingValueNode, *mark)) {
	for _, pair := range pairs {
		name, kind := scalarOf(pair.Key)
		if kind == notScalar {
			name = pair.Key.GetToken().Value // ~ or null, which is text where a key stands
		}
		if first, known := m.children[name]; known {
			d.report(pair.Key, "duplicate key %q, first in line %d", name, first.key.line)
			continue
		}
		c := m.add(name)
		c.key = d.at(pair.Key)
		visit(name, pair, c)
	}
}

func (d *decoder) report(n ast.Node, format string, args ...any) {
	p := d.at(n)
	d.problems = append(d.problems, Problem{p.file, p.line, p.column, fmt.Sprintf(format, args...)})
}

// at is where a node begins as a reader sees it. The parser's own idea is the colon after the
// first key of a mapping, and the end of a block of text.
func (d *decoder) at(n ast.Node) place {
	var t *token.Token
	switch n := n.(type) {
	case nil:
		return place{d.file, 1, 1}
	case *ast.MappingNode:
		if n.IsFlowStyle || len(n.Values) == 0 {
			t = n.Start
			break
		}
		return d.at(n.Values[0].Key)
	case *ast.MappingValueNode:
		return d.at(n.Key)
	case *ast.LiteralNode:
		t = n.Start
	default:
		t = n.GetToken()
	}
	if t == nil || t.Position == nil {
		return place{d.file, 1, 1}
	}
	return place{d.file, max(1, t.Position.Line), max(1, t.Position.Column)}
}

// pairsOf returns the entries of a mapping; ok is false for any other node.
func pairsOf(n ast.Node) (pairs []*ast.MappingValueNode, ok bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	default:
		return nil, false
	}
}

// orWord prefixes what is expected with the word that is as good.
func orWord(word string) string {
	if word == "" {
		return ""
	}
	return fmt.Sprintf("%q or ", word)
}
