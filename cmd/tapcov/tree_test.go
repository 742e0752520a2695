package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// walk visits every command of the program.
func walk(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, child := range c.Commands() {
		walk(child, visit)
	}
}

func TestEveryCommandIsComplete(t *testing.T) {
	walk(newRootCommand(&program{}), func(c *cobra.Command) {
		path := c.CommandPath()
		switch first, _ := utf8.DecodeRuneInString(c.Short); {
		case c.Short == "":
			t.Errorf("%s: no short help", path)
		case strings.HasSuffix(c.Short, "."):
			t.Errorf("%s: the short help ends with a full stop", path)
		case unicode.IsUpper(first) && !strings.HasPrefix(c.Short, "QuickPass"):
			t.Errorf("%s: the short help begins with a capital", path)
		}
		if c.RunE == nil {
			t.Errorf("%s: no RunE", path)
		}
		if err := c.ValidateArgs([]string{"1", "2", "3", "4"}); err == nil && !strings.HasSuffix(c.Use, "…") {
			t.Errorf("%s: takes any number of arguments and does not say so", path)
		}
	})
}

func TestEveryFlagIsComplete(t *testing.T) {
	walk(newRootCommand(&program{}), func(c *cobra.Command) {
		path := c.CommandPath()
		inherited := pflag.NewFlagSet("", pflag.ContinueOnError)
		for parent := c.Parent(); parent != nil; parent = parent.Parent() {
			inherited.AddFlagSet(parent.PersistentFlags())
		}
		c.LocalFlags().VisitAll(func(flag *pflag.Flag) {
			if flag.Usage == "" {
				t.Errorf("%s --%s: no usage", path, flag.Name)
			}
			if inherited.Lookup(flag.Name) != nil {
				t.Errorf("%s --%s: the parent has it too", path, flag.Name)
			}
			if flag.Shorthand != "" && inherited.ShorthandLookup(flag.Shorthand) != nil {
				t.Errorf("%s -%s: the parent has it too", path, flag.Shorthand)
			}
			if strings.ToLower(flag.Name) != flag.Name || strings.Contains(flag.Name, "_") {
				t.Errorf("%s --%s: not in lower case with hyphens", path, flag.Name)
			}
		})
	})
}

// The same name means the same everywhere: one variable in the environment sets it.
func TestFlagsOfOneNameAreOfOneType(t *testing.T) {
	types := map[string]string{}
	walk(newRootCommand(&program{}), func(c *cobra.Command) {
		c.LocalFlags().VisitAll(func(flag *pflag.Flag) {
			if known, ok := types[flag.Name]; ok && known != flag.Value.Type() {
				t.Errorf("%s --%s is of type %s, elsewhere of type %s", c.CommandPath(), flag.Name, flag.Value.Type(), known)
			}
			types[flag.Name] = flag.Value.Type()
		})
	})
}

func TestHelpFits(t *testing.T) {
	walk(newRootCommand(&program{}), func(c *cobra.Command) {
		var help, words bytes.Buffer
		args := append(strings.Fields(c.CommandPath())[1:], "--help")
		if code := run(t.Context(), args, &help, &words); code != 0 || words.Len() > 0 {
			t.Errorf("%v: exit code %d, %s", args, code, words.String())
		}
		checkWidth(t, help.String())
	})
}
