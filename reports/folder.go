package reports

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
)

// The names of the CSV set. Beside them stand one by_LEVEL.csv per breakdown and one page per
// language.
const (
	fileCoverage = "coverage.csv"
	fileClaims   = "claims.csv"
	fileTrend    = "trend.csv"
	fileFigures  = "figures.csv"
	fileEvidence = "evidence.csv"
	fileRejects  = "rejects.csv"
	fileTieOut   = "tie_out.csv"
	fileExports  = "exports.csv"
)

// Formats says which parts of a report are written; the zero value is none.
type Formats struct {
	CSV, HTML bool
}

// output is one file of a report.
type output struct {
	name  string
	write func(io.Writer) error
}

// WriteFolder writes the report into dir and returns the names of the files it wrote. The rows of
// coverage.csv come from coverage; nil leaves that file out.
//
// Everything is written into a temporary folder on the same file system first. A dir that is not
// there yet then appears whole, by one rename; in one that is, each file is replaced by a rename,
// the pages last, and files that are not the report's are left alone. A run that fails before leaves
// dir as it was.
func WriteFolder(dir string, r *Report, formats Formats, coverage iter.Seq2[CoverageRow, error]) ([]string, error) {
	if err := r.Check(); err != nil {
		return nil, fmt.Errorf("check the report: %w", err)
	}
	aside, isNew, err := makeAside(dir)
	if err != nil {
		return nil, fmt.Errorf("make temporary folder for the report: %w", err)
	}
	defer os.RemoveAll(aside)
	// The temporary folder is the owner's alone; the report within it gets the usual permissions.
	whole := filepath.Join(aside, "report")
	if err := os.Mkdir(whole, 0o777); err != nil {
		return nil, fmt.Errorf("make temporary folder for the report: %w", err)
	}
	outputs := r.outputs(formats, coverage)
	names := make([]string, 0, len(outputs))
	for _, output := range outputs {
		if err := writeFile(filepath.Join(whole, output.name), output.write); err != nil {
			return nil, fmt.Errorf("write %s: %w", output.name, err)
		}
		names = append(names, output.name)
	}
	if err := place(whole, dir, isNew, names); err != nil {
		return nil, fmt.Errorf("put the report into %s: %w", dir, err)
	}
	return names, nil
}

// makeAside makes a temporary folder from which files can be renamed into dir: within it, since dir
// may be a mount point or its parent closed to us, or beside it where it is not there yet.
func makeAside(dir string) (aside string, isNew bool, err error) {
	home := dir
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		home, isNew = filepath.Dir(filepath.Clean(dir)), true
		if err := os.MkdirAll(home, 0o777); err != nil {
			return "", false, err
		}
	}
	aside, err = os.MkdirTemp(home, ".report-*")
	return aside, isNew, err
}

// outputs lists the files of the report, the pages last: a page that can be seen refers to CSV
// files that are there.
func (r *Report) outputs(formats Formats, coverage iter.Seq2[CoverageRow, error]) []output {
	var outputs []output
	if formats.CSV {
		if coverage != nil {
			outputs = append(outputs, output{fileCoverage, func(w io.Writer) error { return WriteCoverage(w, coverage) }})
		}
		for _, breakdown := range r.Breakdowns {
			outputs = append(outputs, output{breakdownFile(breakdown.Level), func(w io.Writer) error {
				return WriteCoverage(w, breakdown.all())
			}})
		}
		outputs = append(outputs,
			output{fileClaims, func(w io.Writer) error { return WriteClaims(w, r.Claims) }},
			output{fileTrend, func(w io.Writer) error { return WriteTrend(w, r) }},
			output{fileFigures, func(w io.Writer) error { return WriteFigures(w, r.Figures) }},
			output{fileEvidence, func(w io.Writer) error { return WriteEvidence(w, r) }},
			output{fileRejects, func(w io.Writer) error { return WriteRejects(w, r.Rejects) }},
			output{fileTieOut, func(w io.Writer) error { return WriteTieOut(w, r.TieOut) }},
			output{fileExports, func(w io.Writer) error { return WriteExports(w, r.Provenance.Exports) }})
	}
	if formats.HTML {
		for i, language := range r.languages() {
			outputs = append(outputs, output{pageName(language, i), func(w io.Writer) error {
				return WriteHTML(w, r, language)
			}})
		}
	}
	return outputs
}

// csvFiles returns the names of the whole CSV set.
func (r *Report) csvFiles() []string {
	names := []string{fileCoverage}
	for _, output := range r.outputs(Formats{CSV: true}, nil) {
		names = append(names, output.name)
	}
	return names
}

// all yields the rows of the breakdown.
func (b Breakdown) all() iter.Seq2[CoverageRow, error] {
	return func(yield func(CoverageRow, error) bool) {
		for _, row := range b.Rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (r *Report) languages() []string {
	if len(r.Languages) == 0 {
		return []string{"en"}
	}
	return r.Languages
}

// pageName is the file of the page in the language that stands i-th: the first is the index.
func pageName(language string, i int) string {
	if i == 0 {
		return "index.html"
	}
	return "index." + language + ".html"
}

// levelName is what a level may be called, since it names a file.
var levelName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func breakdownFile(level string) string { return "by_" + level + ".csv" }

// writeFile writes a new file and makes sure that it is on the disk before it is renamed.
func writeFile(path string, write func(io.Writer) error) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	err = write(file)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// place moves the whole folder to dir, or its files into a dir that is there.
func place(whole, dir string, isNew bool, names []string) error {
	if isNew {
		if err := syncFolder(whole); err != nil {
			return err
		}
		if err := os.Rename(whole, dir); err != nil {
			return err
		}
		return syncFolder(filepath.Dir(filepath.Clean(dir)))
	}
	for _, name := range names {
		if err := os.Rename(filepath.Join(whole, name), filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return syncFolder(dir)
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}
