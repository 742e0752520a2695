package workspace

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a configuration file. They are far above what people write; beyond them the YAML parser,
// whose time grows with the square of the keys of a mapping and whose recursion with the nesting,
// would be slow or run out of stack.
const (
	maxFileSize = 1 << 20 // bytes
	maxTokens   = 100_000 // words and punctuation marks
	maxNesting  = 32      // brackets in brackets
	maxIndent   = 200     // characters before a block entry
	maxName     = 128     // characters of any name
)

// parse turns the text of a YAML file into its syntax tree, nil for a file that holds nothing.
//
// What a configuration has no use for is refused before the parser sees it: anchors, aliases and
// merge keys (the text would not stand where it takes effect), tags, directives, complex keys and
// a second document.
func parse(file string, text []byte) (root ast.Node, problems []Problem) {
	if len(text) > maxFileSize {
		return nil, []Problem{{file, 0, 0, fmt.Sprintf("is larger than %s", formatBytes(maxFileSize))}}
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	if p, ok := firstUnreadable(text); ok {
		p.File = file
		return nil, []Problem{p}
	}
	defer func() {
		// The parser is not ours, and no file may end the process.
		if cause := recover(); cause != nil {
			root, problems = nil, []Problem{{file, 1, 1, fmt.Sprintf("not valid YAML: %v", cause)}}
		}
	}()
	tokens := lexer.Tokenize(string(text))
	if problems = refused(file, tokens); len(problems) > 0 {
		return nil, problems
	}
	// The walk reports duplicate keys itself, all of them and with the place of the first.
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, []Problem{syntaxProblem(file, err)}
	}
	for _, document := range tree.Docs {
		if document.Body != nil {
			return document.Body, nil
		}
	}
	return nil, nil
}

// firstUnreadable finds the first byte that is not UTF-8 text, or a control character.
func firstUnreadable(text []byte) (Problem, bool) {
	line, column := 1, 1
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1:
			return Problem{Line: line, Column: column, Message: "not UTF-8 text"}, true
		case r < ' ' && r != '\n' && r != '\t', r == 0x7f:
			return Problem{Line: line, Column: column, Message: fmt.Sprintf("control character %U", r)}, true
		case r == '\n':
			line, column = line+1, 1
		default:
			column++
		}
		text = text[size:]
	}
	return Problem{}, false
}

// refused lists the tokens a configuration may not contain.
func refused(file string, tokens token.Tokens) []Problem {
	var problems []Problem
	depth, started := 0, false
	for i, t := range tokens {
		if message := refusal(t, started); message != "" {
			problems = append(problems, Problem{file, t.Position.Line, t.Position.Column, message})
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth = max(0, depth-1)
		}
		message := ""
		switch {
		case depth > maxNesting, depth == 0 && blockColumn(tokens, i) > maxIndent:
			message = "nested too deeply"
		case i == maxTokens:
			message = "too much for a configuration"
		}
		if message != "" {
			return append(problems, Problem{file, t.Position.Line, t.Position.Column, message})
		}
		started = started || t.Type != token.DocumentHeaderType && t.Type != token.CommentType
	}
	return problems
}

// refusal says why a token may not stand in a configuration, or "" if it may.
func refusal(t *token.Token, started bool) string {
	switch t.Type {
	case token.AnchorType, token.AliasType, token.MergeKeyType:
		return "anchors and aliases are not allowed: write the value where it is used"
	case token.TagType:
		return "tags are not allowed: quote what must be text"
	case token.DirectiveType:
		return "directives are not allowed"
	case token.MappingKeyType:
		return "keys are plain text here: put the one that begins with ? in quotes"
	case token.DocumentHeaderType, token.DocumentEndType:
		if started {
			return "a second document is not allowed"
		}
	}
	return ""
}

// blockColumn returns the column at which the i-th token opens an entry of a block list or mapping,
// 0 if it opens none. Outside brackets every level of nesting is at least one column further right.
func blockColumn(tokens token.Tokens, i int) int {
	switch {
	case tokens[i].Type == token.SequenceEntryType:
		return tokens[i].Position.Column
	case tokens[i].Type == token.MappingValueType && i > 0:
		key := tokens[i-1].Position
		if i == 1 || tokens[i-2].Position.Line != key.Line {
			return key.Column
		}
	}
	return 0
}

// syntaxProblem is what the YAML parser stumbled over.
func syntaxProblem(file string, err error) Problem {
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		message := "not valid YAML: " + syntax.GetMessage()
		if t := syntax.GetToken(); t != nil && t.Position != nil {
			return Problem{file, max(1, t.Position.Line), max(1, t.Position.Column), message}
		}
		return Problem{file, 1, 1, message}
	}
	return Problem{file, 1, 1, fmt.Sprintf("not valid YAML: %v", err)}
}
