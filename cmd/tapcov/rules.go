package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tapcov/tapcov/pipeline"
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
	table := &pipeline.Table{Columns: []string{"rule", "tier", "yields", "condition", "reason", "origin"}}
	for _, r := range set.Rules {
		table.Rows = append(table.Rows, []any{r.ID, string(r.Tier), string(r.Yields), r.When, r.Reason["en"], r.Origin})
	}
	return p.print(table, format, "rule", "tier", "yields", "reason")
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
		p.say("error", "rule %q: example %d: %v should give %v", f.Rule, f.Example, f.Given, f.Want)
	}
	fmt.Fprintf(p.stdout, "%s, %d failed\n", counted(ran, "example"), len(failures))
	if len(failures) > 0 {
		return ended(pipeline.ExitCheck)
	}
	return nil
}
