package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tapcov/tapcov/pipeline/engine"
)

func openSandbox(t *testing.T) *engine.Sandbox {
	t.Helper()
	s, err := engine.OpenSandbox(t.Context(), engine.SandboxOptions{Options: engine.Options{TempDir: t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func openEngine(t *testing.T) *engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func load(t *testing.T, files map[string]string) (*Set, error) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "rules")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Load(folder)
}

func TestDefaultRulesKeepTheirExamples(t *testing.T) {
	set, err := load(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	e := openEngine(t)
	if err := set.Check(t.Context(), openSandbox(t)); err != nil {
		t.Fatal(err)
	}
	ran, failures, err := set.Test(t.Context(), e)
	if err != nil || len(failures) > 0 {
		t.Fatalf("failures %+v, %v", failures, err)
	}
	if ran < 2*len(set.Rules) {
		t.Errorf("%d examples for %d rules: each needs one that fires and one that does not", ran, len(set.Rules))
	}
	for _, rule := range set.Rules {
		if rule.Reason["en"] == "" || rule.Reason["zh"] == "" {
			t.Errorf("rule %q has no reason in both languages", rule.ID)
		}
	}
}

func TestRulesAreRefusedWithTheirPlace(t *testing.T) {
	check := func(text, want string) {
		t.Helper()
		_, err := load(t, map[string]string{"own.yaml": text})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	check("- id: x\n  teir: declared\n", `rules/own.yaml:2:3: unknown field "teir"`)
	check("- id: x\n  tier: rumoured\n  yields: \"yes\"\n  when: \"true\"\n", `tier "rumoured" is none of`)
	check("- id: x\n  tier: declared\n  yields: unknown\n  when: \"true\"\n", `yields "unknown", want yes or no`)
	check("- id: x\n  tier: declared\n  yields: \"yes\"\n", `has no condition`)
}

// What is wrong with a condition is said with its place in the file, in whichever way it is written.
func TestConditionsAreRefusedWithTheirPlace(t *testing.T) {
	check := func(when, want string) {
		t.Helper()
		set, err := load(t, map[string]string{"own.yaml": "- id: first\n  disabled: true\n- id: x\n  tier: declared\n  yields: \"yes\"\n  when: " + when + "\n"})
		if err != nil {
			t.Fatal(err)
		}
		if err := set.Check(t.Context(), openSandbox(t)); err == nil || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", when, err, want)
		}
	}
	check("contactles_flag = 'yes'", `rules/own.yaml:6:9: rule "x": when: there is no column "contactles_flag", did you mean "contactless_flag"?`)
	check("model = '商户' and random() > 0.5", `rules/own.yaml:6:26: rule "x": when: the function "random" is not one of conditions`)
	check("model = 'a' and vendr = 'b'", `rules/own.yaml:6:25: rule "x": when: there is no column "vendr", did you mean "vendor"?`)
	check(">-\n    model = 'a'\n    and vendor = = 'b'", `rules/own.yaml:8:18: rule "x": when: syntax error at or near "="`)
	check("|\n    model =   'a'\n\n    and cuont(model) = 1", `rules/own.yaml:9:9: rule "x": when: the function "cuont" is not one of conditions`)
	check("\"model = 'a' and max(model) = 'b'\"", `rules/own.yaml:6:26: rule "x": when: the function "max" is not one of conditions`)
	check("model = 'a' and exists (select 1)", `rules/own.yaml:6:25: rule "x": when: a condition looks at the values of one row: no subquery`)
	check("model || 'a'", `rules/own.yaml:6:9: rule "x": when: it is neither true nor false, but a value`)
}

// A rule decides how terminals are judged, and nothing else.
func TestConditionDoesNothingElse(t *testing.T) {
	for _, condition := range []string{
		"exists (select 1 from '/etc/passwd')", "(select count(*) from read_text('/etc/passwd')) > 0", "getenv('HOME') is null",
		"random() > 0.5", "current_date > installed_on", "true) as fired from no_rows; drop table no_rows; select (true", "max(model) = 'x'",
	} {
		set, err := newSet([]Rule{{ID: "x", Tier: Declared, Yields: Yes, When: condition, Origin: "rules/own.yaml"}})
		if err != nil {
			t.Fatal(err)
		}
		if err := set.Check(t.Context(), openSandbox(t)); err == nil || !strings.HasPrefix(err.Error(), `rules/own.yaml: rule "x": when: `) {
			t.Errorf("%s: %v", condition, err)
		}
	}
}

func TestFailingExampleIsReported(t *testing.T) {
	set, err := load(t, map[string]string{"own.yaml": "- {id: x, tier: declared, yields: \"yes\", when: qr_flag = 'yes', examples: [{given: {qr_flag: \"no\"}, fires: true}]}\n"})
	if err != nil {
		t.Fatal(err)
	}
	_, failures, err := set.Test(t.Context(), openEngine(t))
	if err != nil || len(failures) != 1 || failures[0].Rule != "x" {
		t.Errorf("got %+v, %v", failures, err)
	}
}

// A row judged in SQL and its mask judged in Go say the same.
func TestJudgedRows(t *testing.T) {
	set, err := load(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	e := openEngine(t)
	if err := set.Install(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	var columns []string
	for _, column := range Columns {
		value := column.Blank
		switch column.Name {
		case "contactless_flag":
			value = "'no'"
		case "contactless_parameter":
			value = "'yes'"
		}
		columns = append(columns, "cast("+value+" as "+column.Type+") as "+column.Name)
	}
	if err := e.Create(t.Context(), "rows", "select "+strings.Join(columns, ", ")); err != nil {
		t.Fatal(err)
	}
	var acceptance, tier, rule string
	var contradiction bool
	query := "select acceptance, outcomes.tier, rule, is_contradiction from (" + set.JudgedRows("rows") + `) as judged
		inner join outcomes on judged.evidence = outcomes.evidence
		inner join rules on rule_place = place`
	if err := e.Scan(t.Context(), query, &acceptance, &tier, &rule, &contradiction); err != nil {
		t.Fatal(err)
	}
	if acceptance != "yes" || tier != "configured" || rule != "contactless_parameter_on" || !contradiction {
		t.Errorf("got %s %s %s %v", acceptance, tier, rule, contradiction)
	}
}

func TestWhatAConditionDependsOn(t *testing.T) {
	for when, want := range map[string]bool{
		"contactless_flag = 'yes'":                                true,
		`"Contactless_Flag" = 'yes' or regexp_like(status, 'in')`: true,
		"true": true,
		"contactless_flag = 'yes' and contactless_transaction_count>0": false,
		"contactless_flag = 'model'":                                   false, // a name in a text is taken for one
		"model_contactless = 'never'":                                  false,
	} {
		if got := (Rule{When: when}).dependsOnlyOn([]string{"contactless_flag", "status"}); got != want {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
}
