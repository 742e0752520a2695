package reference

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// A document is a YAML file that holds a list of mappings, each with an id. Every value is text as
// written: 0.60 stays 0.60. Keys below keys are joined by a dot: text.en.
type document struct {
	file string
	keys []string // allowed, in the order of the canonical content
	list string   // the one key that may hold a list of texts, "" if none may
	text []string // keys that hold a mapping, or a text in its short form
}

// An entry is one mapping of a document.
type entry struct {
	id     string
	place  Place
	values map[string]value
}

type value struct {
	text  string
	list  []string
	place Place
}

// get returns the text of a key, "" if it is not there.
func (e *entry) get(key string) string { return e.values[key].text }

// at returns where a key's value stands, the entry if the key is not there.
func (e *entry) at(key string) Place {
	if v, ok := e.values[key]; ok {
		return v.place
	}
	return e.place
}

// readEntries reads the embedded document and lays the file of the same name in the folder
// overrides over it, entry by id; an entry with its id alone removes the embedded one.
func readEntries(d *document, overrides string, bad *problems) []entry {
	text, err := embedded.ReadFile(d.file)
	if err != nil {
		panic("reference: " + err.Error())
	}
	entries := d.parse(embeddedPrefix+d.file, text, bad)
	path, text, ok := readOverride(overrides, d.file, maxYAMLSize, bad)
	if !ok {
		return entries
	}
	own := d.parse(path, text, bad)
	replaced, removable := map[string]bool{}, map[string]bool{}
	for _, e := range own {
		replaced[e.id] = true
	}
	for _, e := range entries {
		removable[e.id] = true
	}
	entries = slices.DeleteFunc(entries, func(e entry) bool { return replaced[e.id] })
	own = slices.DeleteFunc(own, func(e entry) bool { return len(e.values) == 1 && removable[e.id] })
	return append(entries, own...)
}

// Ids stand in file names, command lines and reports.
var entryID = regexp.MustCompile(`^[\pL\pN][\pL\pN._-]{0,63}$`)

// parse reads the entries of one file.
func (d *document) parse(file string, text []byte, bad *problems) []entry {
	root, ok := parseYAML(file, text, bad)
	if !ok {
		return nil
	}
	sequence, ok := root.(*ast.SequenceNode)
	if !ok {
		bad.add(placeOf(file, root), "expected a list: each entry begins with - id:")
		return nil
	}
	var entries []entry
	seen := map[string]bool{}
	for _, node := range sequence.Values {
		e := entry{place: placeOf(file, node), values: map[string]value{}}
		if _, ok := pairsOf(node); !ok {
			bad.add(e.place, "expected an entry with keys such as id")
			continue
		}
		before := len(*bad)
		d.walk(&e, file, "", node, bad)
		e.id = e.get("id")
		switch {
		case len(*bad) > before: // what is missing may be what could not be read
			continue
		case e.id == "":
			bad.add(e.place, "an entry needs an id")
			continue
		case !entryID.MatchString(e.id):
			bad.add(e.at("id"), "id %q: an id is letters, digits and . _ -, at most 64", e.id)
			continue
		case seen[e.id]:
			bad.add(e.at("id"), "id %q stands twice", e.id)
			continue
		}
		seen[e.id] = true
		entries = append(entries, e)
	}
	return entries
}

// walk enters the pairs of a mapping into e.
func (d *document) walk(e *entry, file, prefix string, node ast.Node, bad *problems) {
	pairs, _ := pairsOf(node)
	for _, pair := range pairs {
		at := placeOf(file, pair.Key)
		name, ok := scalarOf(pair.Key)
		key := prefix + name
		nested := slices.ContainsFunc(d.keys, func(k string) bool { return strings.HasPrefix(k, key+".") })
		if !ok || !nested && !slices.Contains(d.keys, key) {
			bad.add(at, "unknown key %q%s", key, didYouMean(key, d.keys))
			continue
		}
		if _, twice := e.values[key]; twice {
			bad.add(at, "key %q stands twice", key)
			continue
		}
		d.enter(e, file, key, nested, pair.Value, bad)
	}
}

// enter enters the value of one key into e.
func (d *document) enter(e *entry, file, key string, nested bool, node ast.Node, bad *problems) {
	at := placeOf(file, node)
	if _, isMapping := pairsOf(node); isMapping && nested {
		d.walk(e, file, key+".", node, bad)
		return
	}
	sequence, isList := node.(*ast.SequenceNode)
	text, isText := scalarOf(node)
	switch {
	case isText && (!nested || slices.Contains(d.text, key)):
		e.values[key] = value{text: text, place: at}
	case isList && key == d.list:
		v := value{place: at}
		for _, item := range sequence.Values {
			text, ok := scalarOf(item)
			if !ok {
				bad.add(placeOf(file, item), "%s: expected a text", key)
			}
			v.list = append(v.list, text)
		}
		e.values[key] = v
	case nested:
		bad.add(at, "%s: expected keys below it", key)
	default:
		bad.add(at, "%s: expected a text", key)
	}
}

// hashEntries returns the SHA-256 of the entries in the order of their ids.
func hashEntries(entries []entry) string {
	h := sha256.New()
	sorted := slices.SortedFunc(slices.Values(entries), func(a, b entry) int { return strings.Compare(a.id, b.id) })
	for _, e := range sorted {
		for _, key := range slices.Sorted(maps.Keys(e.values)) {
			v := e.values[key]
			h.Write([]byte(key + "\x1f" + v.text + "\x1f" + strings.Join(v.list, "\x1f") + "\x1e"))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// didYouMean ends a message about an unknown key.
func didYouMean(name string, known []string) string {
	if nearest := fold.Nearest(name, known); nearest != "" {
		return fmt.Sprintf(", did you mean %q?", nearest)
	}
	return ""
}

// Bounds of a YAML file, far above what people write and far below what makes the parser slow.
const (
	maxYAMLSize = 1 << 20 // bytes
	maxNesting  = 16      // brackets in brackets
	maxIndent   = 100     // characters before a dash
)

// parseYAML returns the syntax tree of a file; false if it has none that can be used.
func parseYAML(file string, text []byte, bad *problems) (root ast.Node, ok bool) {
	text = bytes.ReplaceAll(bytes.TrimPrefix(text, []byte("\uFEFF")), []byte("\r\n"), []byte("\n"))
	if line, found := notUTF8(text); found {
		bad.add(Place{file, line, 1}, "not UTF-8 text")
		return nil, false
	}
	defer func() {
		// The parser is not ours, and no file may end the process.
		if cause := recover(); cause != nil {
			bad.add(Place{file, 1, 1}, "not valid YAML: %v", cause)
			root, ok = nil, false
		}
	}()
	tokens := lexer.Tokenize(string(text))
	if t := deepest(tokens); t != nil {
		bad.add(Place{file, t.Position.Line, t.Position.Column}, "nested too deeply")
		return nil, false
	}
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var syntax yaml.Error
		if errors.As(err, &syntax) && syntax.GetToken() != nil {
			p := syntax.GetToken().Position
			bad.add(Place{file, p.Line, p.Column}, "not valid YAML: %s", syntax.GetMessage())
		} else {
			bad.add(Place{file, 1, 1}, "not valid YAML: %v", err)
		}
		return nil, false
	}
	if len(tree.Docs) > 1 {
		bad.add(placeOf(file, tree.Docs[1]), "a second document is not allowed")
		return nil, false
	}
	if len(tree.Docs) == 0 || tree.Docs[0].Body == nil {
		return nil, false // nothing but comments
	}
	return tree.Docs[0].Body, true
}

// deepest returns the first token that is nested deeper than any entry has need to be, which bounds
// the recursion of the parser.
func deepest(tokens token.Tokens) *token.Token {
	depth := 0
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		}
		dash := t.Type == token.SequenceEntryType || t.Type == token.MappingKeyType
		if depth > maxNesting || dash && t.Position.Column > maxIndent {
			return t
		}
	}
	return nil
}

// pairsOf returns the pairs of a mapping; false for any other node.
func pairsOf(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// scalarOf returns the text of a scalar as written, a blank value as ""; false for what is no
// scalar, anchors and aliases included.
func scalarOf(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		if n.Value == nil {
			return "", true
		}
		return strings.TrimSpace(n.Value.Value), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	case *ast.NullNode:
		return "", true
	}
	return "", false
}

func placeOf(file string, n ast.Node) Place {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return Place{file, max(1, t.Position.Line), max(1, t.Position.Column)}
	}
	return Place{file, 1, 1}
}
