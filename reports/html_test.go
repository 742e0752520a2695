package reports

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file of testdata, or writes it under -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func render(t *testing.T, r *Report, language string) []byte {
	t.Helper()
	var page bytes.Buffer
	if err := WriteHTML(&page, r, language); err != nil {
		t.Fatal(err)
	}
	return page.Bytes()
}

func TestHTMLGolden(t *testing.T) {
	golden(t, "index.html", render(t, sample(), "en"))
	golden(t, "index.zh.html", render(t, sample(), "zh"))
}
