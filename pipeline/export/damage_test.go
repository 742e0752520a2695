package export

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Compressed data that ends too early is refused, or read up to the damage where that is wanted: the record
// at the damage is set aside, the ones before it are whole.
func TestDamagedFiles(t *testing.T) {
	text := "id,name\n"
	for i := range 20_000 {
		text += fmt.Sprintf("%08d,name of %d\n", i, i*i)
	}
	for _, pack := range []struct {
		name  string
		bytes []byte
	}{{"x.csv.gz", gzipped(t, []byte(text))}, {"x.csv.zst", zstandard(t, []byte(text))}} {
		path := write(t, pack.name, pack.bytes[:len(pack.bytes)*2/3])
		var refused *RefusedError
		if _, _, err := decodeAll(t, path, Options{}, 2); !errors.As(err, &refused) || !strings.Contains(err.Error(), "damaged at or before byte") {
			t.Errorf("%s: got %v, want a refusal with the place", pack.name, err)
		}
		for _, blockSize := range []int{0, 100, 5000} {
			got, summary, err := decodeAll(t, path, Options{KeepDamaged: true, BlockSize: blockSize}, 2)
			if err != nil {
				t.Fatal(err)
			}
			if summary.Records != int64(len(got)) || len(got) < 1000 || !strings.Contains(summary.Format.Note, "before the damage") {
				t.Errorf("%s: got %d records, %+v", pack.name, len(got), summary)
			}
			kept := reference([]byte(text), nil, comma, defaultRecordLimit)[:len(got)]
			last, whole := got[len(got)-1], kept[len(got)-1]
			if last.Fault == FaultCut && strings.HasPrefix(whole.Raw, last.Raw) {
				got, kept = got[:len(got)-1], kept[:len(got)-1]
			}
			if diff := cmp.Diff(kept, got); diff != "" {
				t.Errorf("%s: -want +got\n%s", pack.name, diff)
			}
		}
	}
}

// A line of 100 MB is one row, cut off at the limit, and never in memory as a whole.
func TestHugeLine(t *testing.T) {
	const size = 100 << 20
	path := filepath.Join(t.TempDir(), "x.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("a,b\n"); err != nil {
		t.Fatal(err)
	}
	for piece := bytes.Repeat([]byte("x,"), 1<<19); ; {
		if _, err := f.Write(piece); err != nil {
			t.Fatal(err)
		}
		if at, err := f.Seek(0, 1); err != nil || at > size {
			break
		}
	}
	if _, err := f.WriteString("\n1,2\n"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, _, err := decodeAll(t, path, Options{Delimiter: ","}, 2)
	runtime.ReadMemStats(&after)
	if err != nil || len(got) != 3 || got[1].Fault != FaultTooLong || len(got[1].Raw) != defaultRecordLimit || got[2].Line != 3 {
		t.Fatalf("got %d rows, %v", len(got), err)
	}
	if grown := after.HeapSys - min(before.HeapSys, after.HeapSys); grown > size {
		t.Errorf("the heap grew by %d bytes", grown)
	}
}
