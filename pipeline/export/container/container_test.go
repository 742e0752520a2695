package container

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func gzipped(t *testing.T, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zstandard(t *testing.T, content string) string {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return string(w.EncodeAll([]byte(content), nil))
}

func TestStream(t *testing.T) {
	content := strings.Repeat("00000001,家乐福,是\n", 50_000)
	for _, c := range []struct {
		name, file, want string
		kind             Kind
	}{
		{"plain", content, content, None},
		{"empty", "", "", None},
		{"gzip", gzipped(t, content), content, Gzip},
		{"gzip of two members", gzipped(t, content) + gzipped(t, "x"), content + "x", Gzip},
		{"gzip of nothing", gzipped(t, ""), "", Gzip},
		{"zstd", zstandard(t, content), content, Zstd},
		{"zstd of two frames", zstandard(t, content) + zstandard(t, "x"), content + "x", Zstd},
	} {
		kind, err := Sniff([]byte(c.file[:min(16, len(c.file))]))
		if kind != c.kind || err != nil {
			t.Errorf("%s: got kind %q, %v, want %q", c.name, kind, err, c.kind)
			continue
		}
		s, err := NewStream(strings.NewReader(c.file), kind, true)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got, err := io.ReadAll(s)
		if string(got) != c.want || err != nil {
			t.Errorf("%s: got %d bytes, %v, want %d", c.name, len(got), err, len(c.want))
		}
		sum := sha256.Sum256([]byte(c.file))
		id, n, err := s.Sum()
		if id != hex.EncodeToString(sum[:]) || n != int64(len(c.file)) || err != nil {
			t.Errorf("%s: got id %s of %d bytes, %v", c.name, id, n, err)
		}
		s.Close()
	}
}

// The identity is that of the whole file, also if its content was not read to the end.
func TestSumReadsTheRest(t *testing.T) {
	s, err := NewStream(strings.NewReader("some bytes"), None, true)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("some bytes"))
	if id, n, err := s.Sum(); id != hex.EncodeToString(sum[:]) || n != 10 || err != nil {
		t.Errorf("got %s of %d bytes, %v", id, n, err)
	}
}

func TestDamaged(t *testing.T) {
	content := strings.Repeat("00000001,家乐福,是\n", 500_000)
	for name, file := range map[string]string{"gzip": gzipped(t, content), "zstd": zstandard(t, content)} {
		flipped := []byte(file)
		flipped[len(flipped)-3] ^= 0xFF // in the checksum
		for what, file := range map[string]string{
			"cut in the middle": file[:len(file)/2], "cut before the end": file[:len(file)-1],
			"cut in the head": file[:5], "flipped": string(flipped), "with a tail": file + "tail",
		} {
			kind, err := Sniff([]byte(file[:4]))
			if err != nil {
				t.Fatal(err)
			}
			var n int64
			s, err := NewStream(strings.NewReader(file), kind, false)
			if err == nil {
				n, err = io.Copy(io.Discard, s)
				s.Close()
			}
			var damaged *DamagedError
			if !errors.As(err, &damaged) {
				t.Errorf("%s %s: got %v, want damage", name, what, err)
				continue
			}
			if damaged.Decoded != n || damaged.Offset > int64(len(file)) || string(damaged.Kind) != name {
				t.Errorf("%s %s: got %+v after %d bytes of content, file has %d", name, what, damaged, n, len(file))
			}
		}
	}
}

// failing is a file that cannot be read: that is no damage.
type failing struct{}

var errDisk = errors.New("disk on fire")

func (failing) Read([]byte) (int, error) { return 0, errDisk }

func TestReadErrorIsNoDamage(t *testing.T) {
	for _, kind := range []Kind{None, Gzip, Zstd} {
		file := io.Reader(failing{})
		if kind == Gzip {
			file = io.MultiReader(strings.NewReader(gzipped(t, "x")[:12]), file)
		}
		s, err := NewStream(file, kind, false)
		if err == nil {
			_, err = io.ReadAll(s)
		}
		var damaged *DamagedError
		if !errors.Is(err, errDisk) || errors.As(err, &damaged) {
			t.Errorf("%s: got %v, want %v", kind, err, errDisk)
		}
	}
}

func TestSniffNames(t *testing.T) {
	for head, want := range map[string]string{
		"PK\x03\x04\x14":                   "ZIP",
		"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1": "Office",
		"PAR1\x15":                         "Parquet",
	} {
		if _, err := Sniff([]byte(head)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", head, err, want)
		}
	}
	if kind, err := Sniff([]byte("PK,name\n")); kind != None || err != nil {
		t.Errorf("got %q, %v, want text", kind, err)
	}
}
