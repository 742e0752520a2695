// Package workspace reads a workspace: its configuration, its profiles and the reference data that
// comes with the binary. It decides nothing about terminals.
package workspace
