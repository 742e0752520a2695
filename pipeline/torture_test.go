package pipeline_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/guess"
	"github.com/tapcov/tapcov/pipeline/lake"
)

// Every file that others torture their readers with is an export of a source of its own, its first column
// the terminal id. One run reads them all: each is in force or refused with a reason, records and rejects of
// each add up, and so does the edition from there to its headline.
func TestTorturedFilesTieOut(t *testing.T) {
	folder := filepath.Join(sharedData, "torture")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("shared/data is not beside the project")
	}
	dir := t.TempDir()
	var config strings.Builder
	config.WriteString("estate: {area: CN}\nsources:\n")
	files := 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		all, err := guess.Inspect(t.Context(), []string{path}, guess.InspectOptions{})
		if err != nil {
			return err
		}
		source := fmt.Sprintf("f%03d", files)
		files++
		config.WriteString(tortureProfile(t, source, all[0]))
		inbox := filepath.Join(dir, "inbox", source)
		if err := os.MkdirAll(inbox, 0o700); err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(inbox, "x-"+d.Name()), content, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tapcov.yaml"), []byte(config.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	checkExit(t, run(t, dir), pipeline.ExitSetAside)
	edition := current(t, dir)
	states := map[lake.DeliveryState]int{}
	for _, d := range edition.Deliveries {
		states[d.State]++
		if (d.Why == "") != (d.State == lake.InForce) {
			t.Errorf("%s is %s because %q", d.Files, d.State, d.Why)
		}
	}
	if states[lake.InForce] < 120 || states[lake.InForce]+states[lake.Refused] != files {
		t.Errorf("of %d files %v", files, states)
	}
	t.Logf("%d files: %v", files, states)
	checkLaws(t, edition)
}

// tortureProfile reads a file as inspect understands it. Whether that is right does not matter here.
func tortureProfile(t *testing.T, source string, one guess.Inspection) string {
	t.Helper()
	format, id := map[string]any{}, "1"
	var names []string
	for _, c := range one.Columns {
		names = append(names, c.Header)
	}
	named := cmp.Or(names...)
	if encoding := one.Summary.Format.Encoding; encoding != "" {
		format["encoding"] = encoding
	}
	switch {
	case len(one.Columns) == 0:
	case one.Header.Line > 0:
		format["header_row"] = one.Header.Line
		id = cmp.Or(named, id)
	case one.Summary.Format.Kind == "":
		format["header"] = "none"
	default:
		id = cmp.Or(named, id)
	}
	profile, err := json.Marshal(map[string]any{
		"name": source, "snapshot_date": "2016-12-31", "format": format,
		"columns": map[string]any{"terminal_id": map[string]string{"header": id}, "acquirer_id": map[string]string{"value": source}},
		"assume":  map[string]string{"status": "in_service", "device_type": "pos"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return "  - " + string(profile) + "\n"
}
