package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// FileName is the file that makes a folder a workspace.
const FileName = "tapcov.yaml"

// Variable is the environment variable that names the workspace.
const Variable = "TAPCOV_WORKSPACE"

// Find returns the folder of the workspace: that of the flag -w if it is not empty, else that of
// $TAPCOV_WORKSPACE, else the nearest folder from cwd upward that holds a tapcov.yaml. A relative
// path is relative to cwd. That there is none is an *Error which says what to do.
func Find(flag string, getenv func(string) string, cwd string) (dir string, err error) {
	for _, named := range []struct{ by, dir string }{{"-w", flag}, {"$" + Variable, getenv(Variable)}} {
		if named.dir == "" {
			continue
		}
		dir := named.dir
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(cwd, dir)
		}
		found, err := isWorkspace(dir)
		if err != nil {
			return "", err
		}
		if !found {
			return "", mistake("no %s in %q (named by %s): to make a workspace there run: tapcov init %s",
				FileName, named.dir, named.by, named.dir)
		}
		return filepath.Clean(dir), nil
	}
	for dir := filepath.Clean(cwd); ; dir = filepath.Dir(dir) {
		found, err := isWorkspace(dir)
		if err != nil {
			return "", err
		}
		if found {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", mistake("no workspace: no %s in %q or above it; run: tapcov init DIR, or name one with -w DIR or $%s",
				FileName, cwd, Variable)
		}
	}
}

// isWorkspace reports whether dir holds a tapcov.yaml. A folder that may not be looked into is an error:
// to go on upward would find another workspace than the user means.
func isWorkspace(dir string) (bool, error) {
	info, err := os.Stat(filepath.Join(dir, FileName))
	switch {
	case err == nil:
		return info.Mode().IsRegular(), nil
	case errors.Is(err, fs.ErrNotExist) || isNotFolder(err):
		return false, nil
	default:
		return false, fmt.Errorf("look for a workspace in %s: %w", dir, err)
	}
}
