package workspace

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/google/renameio/v2"

	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// tutorial is the tapcov.yaml of a new workspace. In it, # and an odd number of blanks begin prose;
// without the # any other comment is a setting that loads, which a test holds.
//
//go:embed tutorial.yaml
var tutorial []byte

// tutorialSource is the one source that the tutorial configures.
const tutorialSource = "my_bank"

// Init makes dir a workspace with a commented tapcov.yaml for one source, and makes dir itself if
// need be. Files that are there already stay as they are; a dir that is a workspace is an *Error.
// After any error dir is as it was before.
func Init(dir string) error {
	return create(dir, tutorial, []string{tutorialSource})
}

// Write makes dir a workspace of the configuration c, as Init does. A configuration that Load would
// refuse, or not read back as c.WithDefaults(), is refused before anything is written.
func Write(dir string, c Config) error {
	text := Render(c)
	set, err := reference.Load("")
	if err != nil {
		return fmt.Errorf("load the embedded reference data: %w", err)
	}
	read, _, problems := configure(text, Overrides{}, set)
	if err := problemsOrNil(problems); err != nil {
		return err
	}
	c = c.WithDefaults()
	if c.Regions.Vintage == "" {
		read.Regions.Vintage = ""
	}
	if string(canonicalJSON(read)) != string(canonicalJSON(c)) {
		return fmt.Errorf("write %s: the configuration does not survive being written, which is a defect of tapcov", FileName)
	}
	var sources []string
	for _, s := range c.Sources {
		sources = append(sources, s.Name)
	}
	return create(dir, text, sources)
}

// create makes the folders, and last the file that makes them a workspace.
func create(dir string, text []byte, sources []string) (err error) {
	path := filepath.Join(dir, FileName)
	if _, err := os.Lstat(path); err == nil {
		return mistake("%q is a workspace already: it has a %s", dir, FileName)
	} else if !errors.Is(err, fs.ErrNotExist) && !isNotFolder(err) {
		return fmt.Errorf("make a workspace: %w", err)
	}
	var made []string
	defer func() {
		if err == nil {
			return
		}
		for _, folder := range slices.Backward(made) {
			_ = os.Remove(folder) // only an empty folder goes, and only one made here
		}
	}()
	w := Workspace{Dir: dir}
	folders := []string{dir, w.Inbox(""), w.ReferenceDir(), w.Queries(), w.Rules(), w.Lake(), w.Reports()}
	for _, source := range sources {
		folders = append(folders, w.Inbox(source))
	}
	for _, folder := range folders {
		perm := fs.FileMode(0o755)
		if folder == w.Lake() {
			perm = 0o700 // what is read from exports is for the owner alone
		}
		if made, err = makeFolder(folder, perm, made); err != nil {
			return fmt.Errorf("make a workspace: %w", err)
		}
	}
	if err := renameio.WriteFile(path, text, 0o644); err != nil {
		return fmt.Errorf("make a workspace: write %s: %w", path, err)
	}
	return nil
}

// makeFolder is os.MkdirAll that also says what it made, parents first.
func makeFolder(path string, perm fs.FileMode, made []string) ([]string, error) {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		return made, fmt.Errorf("%s is not a folder", path)
	}
	if err == nil {
		return made, nil
	}
	if parent := filepath.Dir(path); errors.Is(err, fs.ErrNotExist) && parent != path {
		if made, err = makeFolder(parent, 0o755, made); err != nil {
			return made, err
		}
	}
	if err := os.Mkdir(path, perm); err != nil {
		return made, err
	}
	return append(made, path), nil
}

// isNotFolder reports whether an error says that a part of a path is a file.
func isNotFolder(err error) bool { return errors.Is(err, syscall.ENOTDIR) }
