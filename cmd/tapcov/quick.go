package main

import (
	"github.com/spf13/cobra"
)

func newQuickCommand(p *program) *cobra.Command { return &cobra.Command{Use: "quick"} }
