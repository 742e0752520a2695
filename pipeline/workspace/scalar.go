package workspace

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// scalarKind tells how a scalar was written.
type scalarKind uint8

const (
	notScalar scalarKind = iota // a mapping, a list, or nothing
	asText                      // plain text, quoted text, a block of text
	asNumber
	asTruth
)

// scalarOf returns the text of a scalar as written: identifiers are text, so a number keeps its
// leading zeros and its notation.
func scalarOf(n ast.Node) (text string, kind scalarKind) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, asText
	case *ast.LiteralNode:
		if n.Value == nil {
			return "", asText
		}
		return n.Value.Value, asText
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, asNumber
	case *ast.BoolNode:
		return n.GetToken().Value, asTruth
	default:
		return "", notScalar
	}
}

// describe says what stands at a node, for the second half of "expected …, found …".
func describe(n ast.Node) string {
	text, kind := scalarOf(n)
	if runes := []rune(text); len(runes) > 40 {
		text = string(runes[:40]) + "…"
	}
	switch kind {
	case asText:
		return fmt.Sprintf("the text %q", text)
	case asNumber:
		return "the number " + text
	case asTruth:
		return text
	}
	switch n.(type) {
	case nil, *ast.NullNode:
		return "nothing"
	case *ast.SequenceNode:
		return "a list"
	default:
		return "a mapping"
	}
}

// isScalar reports whether a Go value is written as one YAML scalar.
func isScalar(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Struct, reflect.Map, reflect.Slice:
		return false
	default:
		return true
	}
}

var durationType = reflect.TypeFor[time.Duration]()

// setScalar puts a scalar into a Go value. If it does not fit, ok is false and expected says what
// would: "expected a whole number".
func setScalar(into reflect.Value, tag reflect.StructTag, text string, kind scalarKind) (expected string, ok bool) {
	switch {
	case into.Kind() == reflect.String:
		if kind == notScalar {
			return "text", false
		}
		into.SetString(text)
	case into.Kind() == reflect.Bool:
		if kind != asTruth {
			return "true or false", false
		}
		into.SetBool(strings.EqualFold(text, "true"))
	case into.Type() == durationType:
		duration, err := time.ParseDuration(text)
		if err != nil || duration < 0 {
			return "a duration such as 90s or 1h30m", false
		}
		into.SetInt(int64(duration))
	case tag.Get("unit") == "bytes":
		size, fits := parseBytes(text)
		if !fits {
			return "a size such as 512MiB or 1GiB", false
		}
		into.SetInt(size)
	default:
		number, err := strconv.ParseInt(text, 10, 32)
		if kind != asNumber || err != nil {
			return "a whole number", false
		}
		into.SetInt(number)
	}
	return "", true
}

// byteUnits are the units of sizes, the largest first.
var byteUnits = []struct {
	suffix string
	size   int64
}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}

// parseBytes reads a size: a whole number, with a unit or of bytes.
func parseBytes(text string) (size int64, ok bool) {
	digits, factor := text, int64(1)
	for _, unit := range byteUnits {
		if before, found := strings.CutSuffix(text, unit.suffix); found {
			digits, factor = strings.TrimSpace(before), unit.size
			break
		}
	}
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || int64(n) > math.MaxInt64/factor {
		return 0, false
	}
	return int64(n) * factor, true
}

// formatBytes writes a size in the largest unit that divides it; parseBytes reads it back.
func formatBytes(size int64) string {
	for _, unit := range byteUnits {
		if size != 0 && size%unit.size == 0 {
			return strconv.FormatInt(size/unit.size, 10) + unit.suffix
		}
	}
	return strconv.FormatInt(size, 10)
}
