package pipeline

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRoomFor(t *testing.T) {
	dir := t.TempDir()
	var fresh []*intake
	for name, head := range map[string]string{"text.csv": "终端号,商户号", "packed.csv.gz": "\x1f\x8b\x08", "book.xlsx": "PK\x03\x04", "empty.csv": ""} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(head), 0o600); err != nil {
			t.Fatal(err)
		}
		if head != "" {
			if err := os.Truncate(path, 1<<30); err != nil { // sparse: a gigabyte that takes no room
				t.Fatal(err)
			}
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		fresh = append(fresh, &intake{inboxFile: inboxFile{name: name, path: path, info: info}})
	}
	fresh = append(fresh, &intake{inboxFile: inboxFile{name: "gone.csv", path: filepath.Join(dir, "gone.csv")}})
	gigabytes := float64(1 + packedSize + packedSize)
	if got, want := roomFor(fresh), int64(roomShare*gigabytes*(1<<30)); got != want {
		t.Errorf("room for %d bytes, want %d", got, want)
	}
}

func TestRoomErrorSaysWhatToDo(t *testing.T) {
	err := &RoomError{Lake: "lake", Exports: 30, Needed: 6<<30 + 1, Found: 512 << 20}
	want := "the disk of lake has 512 MB free, and reading 30 new exports may need 6145 MB: " +
		"free some space, or put the lake on a larger disk (a symbolic link will do); nothing was read"
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}
