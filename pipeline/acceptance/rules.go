package acceptance

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/tapcov/tapcov/pipeline/workspace/scalar"
)

// Rule is one acceptance rule.
type Rule struct {
	ID       string            `yaml:"id" json:"id"`
	Tier     Tier              `yaml:"tier" json:"tier"`
	Yields   Acceptance        `yaml:"yields" json:"yields"`     // yes or no
	Priority int               `yaml:"priority" json:"priority"` // within a tier the lowest that fired is named; then the order in the file
	When     string            `yaml:"when" json:"when"`         // SQL condition over Columns; null is false
	Reason   map[string]string `yaml:"reason" json:"reason"`     // by language: en, zh
	Examples []Example         `yaml:"examples" json:"examples"`
	Disabled bool              `yaml:"disabled" json:"disabled,omitempty"` // a workspace can switch a default rule off
	Origin   string            `yaml:"-" json:"origin"`                    // the file the rule stands in

	text  []byte // of that file
	index int    // among its rules
}

// Example is a test written beside a rule: does it fire on these evidence columns, all others being
// blank (flags: unknown)?
type Example struct {
	Given map[string]string `yaml:"given" json:"given"`
	Fires bool              `yaml:"fires" json:"fires"`
}

// Column is one evidence column that conditions may name.
type Column struct {
	Name, Type string // Type is the SQL type
	Blank      string // what a row without this evidence has: null or 'unknown'
	Meaning    string
}

// Columns are the evidence columns of a rule.
var Columns = []Column{
	{"contactless_flag", "varchar", "'unknown'", "the acquirer's own flag that the terminal takes contactless: yes, no, unknown"},
	{"contactless_parameter", "varchar", "'unknown'", "the terminal's contactless parameter: yes, no, unknown"},
	{"no_pin_flag", "varchar", "'unknown'", "payment without PIN and signature (双免) is on: yes, no, unknown"},
	{"no_pin_parameter", "varchar", "'unknown'", "the terminal parameter FF8054 is 1: yes, no, unknown"},
	{"mobile_flag", "varchar", "'unknown'", "the acquirer's flag for mobile QuickPass: yes, no, unknown"},
	{"qr_flag", "varchar", "'unknown'", "the acquirer's flag for UnionPay QR; says nothing about contactless"},
	{"transaction_count", "bigint", "null", "transactions of all kinds in the observed months"},
	{"contactless_transaction_count", "bigint", "null", "contactless transactions in the observed months"},
	{"mobile_contactless_transaction_count", "bigint", "null", "mobile QuickPass transactions in the observed months"},
	{"entry_modes", "varchar", "null", "the F22 entry modes seen, separated by blanks"},
	{"contactless_scheme", "varchar", "null", "from the profile: unionpay if the contactless counts are UnionPay's"},
	{"mobile_is", "varchar", "null", "from the profile: nfc if the mobile counts are taps, qr if they are codes"},
	{"no_pin_scope", "varchar", "null", "from the profile: does the 双免 column speak of the terminal or of the merchant"},
	{"model_contactless", "varchar", "null", "from the model table: always, never, variant"},
	{"vendor", "varchar", "null", "maker of the device"},
	{"model", "varchar", "null", "model of the device"},
	{"license_code", "varchar", "null", "network license of the device"},
	{"device_type", "varchar", "'unknown'", "pos, mpos, smart_pos, phone_pos, atm, telephone, …"},
	{"status", "varchar", "'unknown'", "in_service, pending, suspended, removed, lost, unknown"},
	{"installed_on", "date", "null", "day of installation"},
	{"snapshot_date", "date", "null", "the snapshot"},
}

// Set is a rule set in the order of its bits: by tier, then priority, then place in the files.
type Set struct {
	Rules []Rule
	Hash  string // SHA-256 over what decides: ids, tiers, yields, order and conditions
}

//go:embed default.yaml
var defaultRules []byte

// Load returns the default rules and, over them, the rules of the *.yaml files in folder (which need
// not exist): a rule with the id of an earlier one replaces it.
func Load(folder string) (*Set, error) {
	rules, err := parse("default rules", defaultRules)
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list rules: %w", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		own, err := parse(filepath.Join(filepath.Base(folder), filepath.Base(path)), text)
		if err != nil {
			return nil, err
		}
		for _, rule := range own {
			at := slices.IndexFunc(rules, func(known Rule) bool { return known.ID == rule.ID })
			if at < 0 {
				rules = append(rules, rule)
				continue
			}
			rules[at] = rule
		}
	}
	return newSet(rules)
}

// maxRules is how many rules fit into the bits of a bigint, its sign left out.
const maxRules = 62

func newSet(rules []Rule) (*Set, error) {
	rules = slices.DeleteFunc(rules, func(rule Rule) bool { return rule.Disabled })
	if len(rules) > maxRules {
		return nil, fmt.Errorf("%d acceptance rules: at most %d can be in force", len(rules), maxRules)
	}
	slices.SortStableFunc(rules, func(a, b Rule) int {
		if by := slices.Index(Tiers, a.Tier) - slices.Index(Tiers, b.Tier); by != 0 {
			return by
		}
		return a.Priority - b.Priority
	})
	sum := sha256.New()
	for _, rule := range rules {
		deciding, err := json.Marshal([]string{rule.ID, string(rule.Tier), string(rule.Yields), rule.When})
		if err != nil {
			return nil, fmt.Errorf("hash rule %q: %w", rule.ID, err)
		}
		sum.Write(deciding)
	}
	return &Set{Rules: rules, Hash: hex.EncodeToString(sum.Sum(nil))}, nil
}

// parse reads one rules file; its errors say FILE:LINE:COL.
func parse(name string, text []byte) ([]Rule, error) {
	var rules []Rule
	if err := yaml.UnmarshalWithOptions(text, &rules, yaml.Strict()); err != nil {
		var syntax yaml.Error
		if errors.As(err, &syntax) {
			at := syntax.GetToken().Position
			return nil, fmt.Errorf("%s:%d:%d: %s", name, at.Line, at.Column, syntax.GetMessage())
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var problems []error
	seen := map[string]bool{}
	for i := range rules {
		rules[i].Origin, rules[i].text, rules[i].index = name, text, i
		if err := rules[i].validate(); err != nil {
			problems = append(problems, fmt.Errorf("%s: rule %d %q: %w", name, i+1, rules[i].ID, err))
		}
		if seen[rules[i].ID] {
			problems = append(problems, fmt.Errorf("%s: rule %d: the id %q stands twice", name, i+1, rules[i].ID))
		}
		seen[rules[i].ID] = true
	}
	return rules, errors.Join(problems...)
}

func (r Rule) validate() error {
	switch {
	case r.ID == "":
		return errors.New("has no id")
	case r.Disabled:
		return nil
	case !slices.Contains(Tiers, r.Tier):
		return fmt.Errorf("tier %q is none of observed, configured, declared, inferred", r.Tier)
	case r.Yields != Yes && r.Yields != No:
		return fmt.Errorf("yields %q, want yes or no; what is not known is what no rule says", r.Yields)
	case strings.TrimSpace(r.When) == "":
		return errors.New("has no condition: write when: …")
	}
	for _, example := range r.Examples {
		for column := range example.Given {
			if !slices.ContainsFunc(Columns, func(c Column) bool { return c.Name == column }) {
				return fmt.Errorf("an example gives %q, which is no evidence column", column)
			}
		}
	}
	return nil
}

// place returns FILE:LINE:COLUMN of what comes after a beginning of the rule's condition.
func (r Rule) place(before string) string {
	path, err := yaml.PathString(fmt.Sprintf("$[%d].when", r.index))
	if err != nil {
		return r.Origin
	}
	node, err := path.ReadNode(bytes.NewReader(r.text))
	if err != nil { // a rule that no file has
		return r.Origin
	}
	at := node.GetToken().Position
	line, column := scalar.Place(r.text, at.Line, at.Column, before)
	return fmt.Sprintf("%s:%d:%d", r.Origin, line, column)
}
