package conform

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/reports/reasons"
)

// Every reason code has words and a page, of the class that conform gives it.
func TestReasonsHaveWords(t *testing.T) {
	for code, class := range Reasons() {
		if reason, known := reasons.Of(code); !known || reason.Class != class {
			t.Errorf("%s of class %s is %q of class %q in the catalogue", code, class, reason.Name.En, reason.Class)
		}
	}
	for _, code := range ProblemCodes {
		if reason, known := reasons.Of(code); !known || reason.Class != reasons.Delivery {
			t.Errorf("problem %s has no words", code)
		}
	}
	for _, reason := range reasons.All() {
		if _, known := Reasons()[reason.Code]; !known && reason.Class != reasons.Delivery {
			t.Errorf("the catalogue explains %s, which no reject has", reason.Code)
		}
	}
}

// The lists of codes hold every code that the package declares.
func TestListsOfCodesAreComplete(t *testing.T) {
	var listed []string
	for code := range Reasons() {
		listed = append(listed, code)
	}
	check := func(file, prefix string, listed []string) {
		t.Helper()
		declared := declaredTexts(t, file, prefix)
		if missing := slices.DeleteFunc(declared, func(code string) bool { return slices.Contains(listed, code) }); len(missing) > 0 {
			t.Errorf("%s declares %q and no list has them", file, missing)
		}
	}
	check("reason.go", "reason", listed)
	check("layout.go", "Problem", ProblemCodes)
	if diff := cmp.Diff(declaredTexts(t, "identifier.go", "damage"), []string{"blank", "scientific", "control", "too_long", "replacement_character"}); diff != "" {
		t.Errorf("damages (-declared +known):\n%s", diff)
	}
}

// declaredTexts returns the values of a file's constants whose names begin with a prefix.
func declaredTexts(t *testing.T, file, prefix string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, prefix) && len(spec.Values) == 1 {
			if literal, ok := spec.Values[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
				text, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				texts = append(texts, text)
			}
		}
		return true
	})
	return texts
}
