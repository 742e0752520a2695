package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestMain puts a tapcov on the PATH of everything that the tests start: this very binary, which is
// the program when it is called by that name.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "tapcov" {
		main()
	}
	os.Exit(withProgram(m))
}

func withProgram(m *testing.M) int {
	bin, err := os.MkdirTemp("", "tapcov-bin")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(bin)
	this, err := os.Executable()
	if err == nil {
		err = os.Symlink(this, filepath.Join(bin, "tapcov"))
	}
	if err == nil {
		err = os.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}
