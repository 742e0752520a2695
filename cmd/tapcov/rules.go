package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
)

func newRulesCommand(p *program) *cobra.Command {
	rules := &cobra.Command{
		Use:   "rules",
		Short: "the acceptance rules in force, and the tests written beside them",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	var format string
	list := &cobra.Command{
		Use:   "list",
		Short: "every rule in force, in the order in which they are asked",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return p.runRulesList(format) },
	}
	addFormatFlag(list.Flags(), &format)
	test := &cobra.Command{
		Use:   "test",
		Short: "run the examples written beside each rule",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return p.runRulesTest(c.Context()) },
	}
	rules.AddCommand(list, test)
	return rules
}

func (p *program) runRulesList(format string) error {
	if err := checkFormat(format); err != nil {
		return err
	}
	set, err := p.rules()
	if err != nil {
		return err
	}
	table := &editions.Table{Columns: []string{"rule", "tier", "yields", "condition", "reason", "origin"}}
	for _, r := range set.Rules {
		table.Rows = append(table.Rows, []any{r.ID, string(r.Tier), string(r.Yields), r.When, r.Reason["en"], r.Origin})
	}
	return p.print(table, format, "rule", "tier", "yields", "reason")
}

// wanted says what an example that failed should have come to.
var wanted = map[bool]string{true: "it does not fire and should", false: "it fires and should not"}

// givenText writes an example's evidence as its file does.
func givenText(given map[string]string) string {
	var pairs []string
	for _, column := range slices.Sorted(maps.Keys(given)) {
		pairs = append(pairs, column+": "+given[column])
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

func (p *program) runRulesTest(ctx context.Context) error {
	set, err := p.rules()
	if err != nil {
		return err
	}
	ran, failures, err := pipeline.TestRules(ctx, set)
	if err != nil {
		return err
	}
	for _, f := range failures {
		p.say("error", "rule %q: example %d, %s: %s", f.Rule, f.Example, givenText(f.Given), wanted[f.Want])
	}
	fmt.Fprintf(p.stdout, "%s, %d failed\n", counted(ran, "example"), len(failures))
	if len(failures) > 0 {
		return ended(pipeline.ExitCheck)
	}
	return nil
}
