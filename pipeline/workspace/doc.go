// Package workspace finds, creates and reads a workspace: its configuration, its profiles and the
// reference data that comes with the binary. It decides nothing about terminals.
//
// tapcov.yaml is read strictly. A YAML parser makes a tree of it (parse.go), a walk along Config decodes it
// and remembers where each value stands (schema.go), and checks find what the schema cannot say
// (checks.go, checks_profile.go), so that every problem is reported in one go with its place.
package workspace
