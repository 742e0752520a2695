package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

const rootHelp = `tapcov measures which share of POS terminals accepts QuickPass (闪付), by region
and merchant, month after month, from the terminal inventories that acquirers
export, and says with bounds whether a published claim such as "over 60%" holds.

New here:          tapcov demo          a sample workspace with its report
One file at hand:  tapcov quick FILE    no workspace needed
A workspace:       tapcov init DIR      fill DIR/inbox, then tapcov run

Every flag can be given as an environment variable: --workspace as
TAPCOV_WORKSPACE, --limits-memory as TAPCOV_LIMITS_MEMORY.

Exit codes:
  0    done
  1    failed, or the counts do not add up
  2    the command or the configuration is wrong
  3    a claim or check did not hold (--check), or plan --exit-code found work
  4    a delivery was set aside; the rest is published
  5    another process holds the lock; try again
  6    a source is past its due day
  7    the edition is held back by a gate
  130  interrupted
  143  terminated
Several at once: the first of 1, 7, 4, 6, 3; the JSON summary lists all.`

func newRootCommand(p *program) *cobra.Command {
	root := &cobra.Command{
		Use:           "tapcov",
		Short:         "QuickPass coverage of POS terminals, with bounds",
		Long:          rootHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			return p.applyEnvironment(c.Flags())
		},
	}
	root.CompletionOptions.HiddenDefaultCmd = false
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError(err, c.CommandPath()+" --help lists the flags")
	})
	flags := root.PersistentFlags()
	flags.StringVarP(&p.workspace, "workspace", "w", "", "workspace `DIR` (default: the folder with tapcov.yaml here or above)")
	flags.BoolVar(&p.verbose, "verbose", false, "say more when something goes wrong")
	p.settings = map[string]string{}
	for _, key := range workspace.SettingKeys() {
		flags.Var(&setting{p.settings, key}, workspace.FlagName(key), "sets "+key+" of tapcov.yaml")
		flags.Lookup(workspace.FlagName(key)).Hidden = true
	}
	root.AddCommand(
		newInitCommand(p), newDemoCommand(p), newQuickCommand(p),
		newInspectCommand(p), newPlanCommand(p), newRunCommand(p),
		newCoverageCommand(p), newDiffCommand(p), newClaimsCommand(p), newExplainCommand(p), newDeliveriesCommand(p), newRejectsCommand(p), newStatusCommand(p), newRunsCommand(p), newEditionsCommand(p),
		newSQLCommand(p), newQueryCommand(p), newSaveCommand(p),
		newRulesCommand(p), newConfigCommand(p), newGenerateCommand(p), newBenchCommand(p), newVersionCommand(p),
	)
	usageArgs(root)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", ".FlagUsagesWrapped 80"))
	return root
}

// usageArgs makes wrong arguments of any command end with the code for usage, and with what would be right.
func usageArgs(c *cobra.Command) {
	check := c.Args
	if check == nil {
		check = cobra.NoArgs
	}
	c.Args = func(c *cobra.Command, args []string) error {
		switch {
		case check(c, args) == nil:
			return nil
		case c.HasSubCommands():
			return unknownCommand(c, args[0])
		default:
			return usageError(fmt.Errorf("wrong number of arguments for %q: %d", c.CommandPath(), len(args)), "usage: "+c.UseLine())
		}
	}
	for _, child := range c.Commands() {
		usageArgs(child)
	}
}

func unknownCommand(parent *cobra.Command, name string) error {
	var names, hints []string
	for _, c := range parent.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	if nearest := fold.Nearest(name, names); nearest != "" {
		hints = append(hints, fmt.Sprintf("did you mean %q?", parent.CommandPath()+" "+nearest))
	}
	return usageError(fmt.Errorf("there is no command %q; there are %s", parent.CommandPath()+" "+name, strings.Join(names, ", ")), hints...)
}

// setting is a flag that sets one key of the config.
type setting struct {
	values map[string]string
	key    string
}

func (s *setting) String() string { return "" }
func (s *setting) Type() string   { return "value" }
func (s *setting) Set(value string) error {
	s.values[s.key] = value
	return nil
}

// applyEnvironment gives every flag that was not set on the command line the value of its variable.
// Flags of the config are left to the workspace, which tells flag and environment apart.
func (p *program) applyEnvironment(flags *pflag.FlagSet) (err error) {
	flags.VisitAll(func(flag *pflag.Flag) {
		if _, isSetting := flag.Value.(*setting); isSetting || flag.Changed || err != nil {
			return
		}
		name := "TAPCOV_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
		if value, ok := os.LookupEnv(name); ok && flag.Name != "workspace" && flag.Name != "help" {
			if setErr := flags.Set(flag.Name, value); setErr != nil {
				err = usageError(fmt.Errorf("%s: %w", name, setErr))
			}
		}
	})
	return err
}
