package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/tapcov/tapcov/pipeline/acceptance"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// reference loads the reference data: the workspace's if there is one, else what is embedded.
func (p *program) reference() (*reference.Set, error) {
	dir, found, err := p.find()
	if err != nil {
		return nil, err
	}
	if !found {
		return reference.Load("")
	}
	return reference.Load(filepath.Join(dir, "reference"))
}

// rules loads the acceptance rules: the workspace's if there is one, else the default set.
func (p *program) rules() (*acceptance.Set, error) {
	dir, _, err := p.find()
	if err != nil {
		return nil, err
	}
	set, err := acceptance.Load(filepath.Join(dir, "rules"))
	if err != nil {
		return nil, usageError(err)
	}
	return set, nil
}

// find finds a workspace where one is not needed: only one that was named must exist.
func (p *program) find() (dir string, found bool, err error) {
	cwd, err := os.Getwd()
	if err != nil {
		return "", false, fmt.Errorf("find the working folder: %w", err)
	}
	dir, err = workspace.Find(p.workspace, os.Getenv, cwd)
	if err != nil && (p.workspace != "" || os.Getenv("TAPCOV_WORKSPACE") != "") {
		return "", false, usageError(err)
	}
	return dir, err == nil, nil
}

// displayWidth is how many columns a text takes, Chinese characters counted as two.
func displayWidth(content string) int { return text.StringWidthWithoutEscSequences(content) }
