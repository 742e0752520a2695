package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain puts a tapcov on the PATH of everything that the tests start: this very binary, which is
// the program when it is called by that name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tapcov": main})
}
