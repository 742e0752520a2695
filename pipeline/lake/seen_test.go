package lake

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func stat(t *testing.T, path string) os.FileInfo {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func setTime(t *testing.T, path string, modified time.Time) {
	t.Helper()
	if err := os.Chtimes(path, time.Time{}, modified); err != nil {
		t.Fatal(err)
	}
}

func TestSeenDoubts(t *testing.T) {
	modified := time.Date(2017, 2, 3, 4, 5, 6, 789, time.UTC)
	tests := []struct {
		name     string
		lookedAt time.Time
		change   func(t *testing.T, path string)
		want     bool
	}{
		{"unchanged", modified.Add(time.Hour), func(*testing.T, string) {}, true},
		{"two seconds old", modified.Add(2 * time.Second), func(*testing.T, string) {}, true},
		{"under two seconds old", modified.Add(2*time.Second - 1), func(*testing.T, string) {}, false},
		{"from the future", modified.Add(-time.Hour), func(*testing.T, string) {}, false},
		{"later time", modified.Add(time.Hour), func(t *testing.T, path string) {
			setTime(t, path, modified.Add(1))
		}, false},
		{"earlier time", modified.Add(time.Hour), func(t *testing.T, path string) {
			setTime(t, path, modified.Add(-1))
		}, false},
		{"other size", modified.Add(time.Hour), func(t *testing.T, path string) {
			write(t, path, "longer bytes")
			setTime(t, path, modified)
		}, false},
		{"other inode", modified.Add(time.Hour), func(t *testing.T, path string) {
			write(t, path+".new", "other")
			setTime(t, path+".new", modified)
			if err := os.Rename(path+".new", path); err != nil {
				t.Fatal(err)
			}
		}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newLake(t)
			seen, err := w.Seen(false)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "export.csv")
			write(t, path, "bytes")
			setTime(t, path, modified)
			seen.Remember("icbc/export.csv", stat(t, path), test.lookedAt, "ab12")
			if err := w.SaveSeen(seen); err != nil {
				t.Fatal(err)
			}
			test.change(t, path)
			if seen, err = w.Seen(false); err != nil {
				t.Fatal(err)
			}
			id, known := seen.Lookup("icbc/export.csv", stat(t, path))
			if known != test.want || known && id != "ab12" {
				t.Errorf("Lookup = %q, %t; want known %t", id, known, test.want)
			}
			if _, known := seen.Lookup("abc/export.csv", stat(t, path)); known {
				t.Error("a file of another name is known")
			}
		})
	}
}

func TestSeenRehash(t *testing.T) {
	w := newLake(t)
	path := filepath.Join(t.TempDir(), "export.csv")
	write(t, path, "bytes")
	info := stat(t, path)
	seen, err := w.Seen(false)
	if err != nil {
		t.Fatal(err)
	}
	seen.Remember("export.csv", info, info.ModTime().Add(time.Hour), "ab12")
	if err := w.SaveSeen(seen); err != nil {
		t.Fatal(err)
	}
	if seen, err = w.Seen(true); err != nil {
		t.Fatal(err)
	}
	if _, known := seen.Lookup("export.csv", info); known {
		t.Error("known in spite of rehash")
	}
	seen.Remember("export.csv", info, info.ModTime().Add(time.Hour), "cd34")
	if id, _ := seen.Lookup("export.csv", info); id != "cd34" {
		t.Errorf("Lookup = %q, want what was remembered since", id)
	}
}

func TestSeenIsACache(t *testing.T) {
	w := newLake(t)
	for _, text := range []string{"", "{", "[]", `{"format": 2, "entries": {"a": {}}}`, `{"format": 1}`} {
		write(t, w.path("seen.json"), text)
		seen, err := w.Seen(false)
		if err != nil || len(seen.entries) != 0 {
			t.Errorf("seen.json of %q: %v, %v; want an empty cache", text, seen.entries, err)
		}
		info := stat(t, w.path("seen.json"))
		seen.Remember("export.csv", info, info.ModTime(), "ab12")
	}
}

func TestName(t *testing.T) {
	tests := []struct{ name, want string }{
		{"icbc/2017-01.csv", "icbc/2017-01.csv"},
		{"工行/一月.csv", "工行/一月.csv"},
		{"\xb9\xa4\xd0\xd0.csv", `\xb9\xa4\xd0\xd0.csv`}, // 工行 in GBK
		{"一\xff月", `一\xff月`},
		{"a\ufffdb", "a\ufffdb"},
		{"", ""},
	}
	for _, test := range tests {
		if got := Name(test.name); got != test.want {
			t.Errorf("Name(%q) = %q, want %q", test.name, got, test.want)
		}
	}
}

func TestSeenSizes(t *testing.T) {
	w := newLake(t)
	path := filepath.Join(t.TempDir(), "export.csv")
	write(t, path, "bytes")
	seen, err := w.Seen(false)
	if err != nil {
		t.Fatal(err)
	}
	if seen.HasSize(5) {
		t.Error("an empty cache has seen a file of five bytes")
	}
	seen.Remember("export.csv", stat(t, path), time.Now(), "ab12")
	if err := w.SaveSeen(seen); err != nil {
		t.Fatal(err)
	}
	for _, rehash := range []bool{false, true} {
		if seen, err = w.Seen(rehash); err != nil {
			t.Fatal(err)
		}
		if !seen.HasSize(5) || seen.HasSize(6) {
			t.Errorf("rehash %t: five bytes seen %t, six bytes seen %t", rehash, seen.HasSize(5), seen.HasSize(6))
		}
	}
	before := stat(t, w.path("seen.json")).ModTime()
	if err := w.SaveSeen(seen); err != nil {
		t.Fatal(err)
	}
	if after := stat(t, w.path("seen.json")).ModTime(); !after.Equal(before) {
		t.Error("a cache to which nothing was added is written again")
	}
}
