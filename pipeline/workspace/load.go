package workspace

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// Workspace is a folder of configuration, exports and results, loaded and checked.
type Workspace struct {
	Dir       string // as given to Load
	Config    Config
	Reference *reference.Set // embedded, with the workspace's own rows laid over

	text  []byte
	marks *mark // where the values of Config were written
}

// Inbox returns the folder of a source's exports, or of all sources' if source is empty.
func (w *Workspace) Inbox(source string) string { return filepath.Join(w.Dir, "inbox", source) }

// Lake returns the folder of what the pipeline makes.
func (w *Workspace) Lake() string { return filepath.Join(w.Dir, "lake") }

// Reports returns the folder of published reports.
func (w *Workspace) Reports() string { return filepath.Join(w.Dir, "reports") }

// Rules returns the folder of the workspace's own acceptance rules.
func (w *Workspace) Rules() string { return filepath.Join(w.Dir, "rules") }

// Queries returns the folder of the workspace's own named queries.
func (w *Workspace) Queries() string { return filepath.Join(w.Dir, "queries") }

// ReferenceDir returns the folder of the workspace's own reference data.
func (w *Workspace) ReferenceDir() string { return filepath.Join(w.Dir, "reference") }

// Populations lists the names of the populations there are: the built-in ones, then the workspace's own.
func (w *Workspace) Populations() []string {
	names := slices.Clone(BuiltinPopulations)
	for _, p := range w.Config.Populations {
		names = append(names, p.Name)
	}
	return names
}

// Load reads the workspace in dir: tapcov.yaml over the defaults, the overrides over that, and the
// reference data. Whatever is wrong with them comes as one *Error with all problems; any other
// error is the machine's.
func Load(dir string, overrides Overrides) (*Workspace, error) {
	text, err := readConfig(filepath.Join(dir, FileName))
	if err != nil {
		return nil, err
	}
	w := &Workspace{Dir: dir, text: text}
	set, inReference, err := loadReference(w)
	if err != nil {
		return nil, err
	}
	var problems []Problem
	w.Reference = set
	w.Config, w.marks, problems = configure(text, overrides, set)
	problems = append(problems, inReference...)
	if set != nil {
		problems = append(problems, checkClaims(w)...)
	}
	if err := problemsOrNil(problems); err != nil {
		return nil, err
	}
	return w, nil
}

// configure turns the text of a tapcov.yaml into an effective and checked configuration.
// Without reference data, what depends on it is neither filled in nor checked.
func configure(text []byte, overrides Overrides, set *reference.Set) (Config, *mark, []Problem) {
	c := Defaults()
	marks, problems := decode(FileName, text, &c)
	problems = append(problems, overrides.apply(&c, marks)...)
	c = c.settled()
	if c.Regions.Vintage == "" && set != nil {
		vintages := set.Regions.Vintages()
		c.Regions.Vintage = vintages[len(vintages)-1] // oldest first
	}
	return c, marks, append(problems, notBlamedYet(check(c, marks, set), problems)...)
}

// notBlamedYet drops what only follows from a problem in the same place: a value that could not be
// decoded looks to a check as if it were missing.
func notBlamedYet(found, earlier []Problem) []Problem {
	blamed := map[place]bool{}
	for _, p := range earlier {
		blamed[place{p.File, p.Line, p.Column}] = true
	}
	return slices.DeleteFunc(found, func(p Problem) bool { return blamed[place{p.File, p.Line, p.Column}] })
}

// readConfig reads a configuration file, not more of it than parse accepts.
func readConfig(path string) ([]byte, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) || isNotFolder(err) {
		return nil, mistake("no %s in %q: to make a workspace there run: tapcov init %s", FileName, filepath.Dir(path), filepath.Dir(path))
	}
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxFileSize+1))
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return text, nil
}

// Exists reports whether there is a file or folder of that name.
func Exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
