package sample

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// written are the files of the sample that are not generated.
//
//go:embed workspace
var written embed.FS

// exporters make the exports of a month, in the order of authority.
var exporters = []func(estate, month) (*export, error){
	harbourExport, egretExport, spruceExport, pomegranateExport, orangesailExport,
}

// Write makes the sample workspace in dir: tapcov.yaml, reference/, inbox/, a README.md that says how
// each source was made, and expected.json with the Truth.
//
// The bytes are always the same. A file that is already there with these bytes is left alone, and if
// any is there with others Write changes nothing and names it in the error.
func Write(dir string) error {
	files, err := sampleFiles()
	if err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(files))
	missing := names[:0:0]
	for _, name := range names {
		target := filepath.Join(dir, filepath.FromSlash(name))
		present, err := os.ReadFile(target)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, name)
		case err != nil:
			return fmt.Errorf("look for an earlier sample: %w", err)
		case !bytes.Equal(present, files[name]):
			return fmt.Errorf("write the sample: %q is there and is not the sample's", target)
		}
	}
	for _, name := range missing {
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return fmt.Errorf("write the sample: %w", err)
		}
		if err := os.WriteFile(target, files[name], 0o644); err != nil {
			return fmt.Errorf("write the sample: %w", err)
		}
	}
	return nil
}

// sampleFiles returns the content of every file of the sample by its slash-separated name.
func sampleFiles() (map[string][]byte, error) {
	exports, err := sampleExports()
	if err != nil {
		return nil, fmt.Errorf("generate the sample: %w", err)
	}
	files := make(map[string][]byte)
	for _, delivered := range exports {
		for _, x := range delivered {
			files[path.Join("inbox", x.source, x.name)] = x.content
		}
	}
	truth := truthOf(exports)
	expected, err := json.MarshalIndent(truth, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write expected.json: %w", err)
	}
	files["expected.json"] = append(expected, '\n')
	if files["README.md"], err = readme(truth); err != nil {
		return nil, err
	}
	for _, name := range []string{"tapcov.yaml", "reference/acquirers.csv", "reference/claims.yaml"} {
		if files[name], err = written.ReadFile(path.Join("workspace", name)); err != nil {
			return nil, fmt.Errorf("read the embedded %s: %w", name, err)
		}
	}
	return files, nil
}

// sampleExports makes all exports, by month and in the order of authority.
func sampleExports() (exports [months][]*export, err error) {
	e := newEstate()
	for m := range month(months) {
		for _, make := range exporters {
			x, err := make(e, m)
			if err != nil {
				return exports, err
			}
			exports[m] = append(exports[m], x)
		}
	}
	taps, err := harbourTaps(e)
	if err != nil {
		return exports, err
	}
	exports[taps.month] = append(exports[taps.month], taps)
	return exports, nil
}

// ExpectedTruth returns what a correct run finds in the sample: the content of expected.json.
func ExpectedTruth() (Truth, error) {
	exports, err := sampleExports()
	if err != nil {
		return Truth{}, fmt.Errorf("generate the sample: %w", err)
	}
	return truthOf(exports), nil
}
