package pipeline

import (
	"fmt"
	"io"
	"os"

	"github.com/tapcov/tapcov/pipeline/export/container"
)

// RoomError says that the disk has no room for what a run would leave. Nothing was read.
type RoomError struct {
	Lake          string // its folder
	Exports       int    // new ones
	Needed, Found int64  // bytes
}

// Error says what is missing and what can be done.
func (e *RoomError) Error() string {
	return fmt.Sprintf("the disk of %s has %s free, and reading %d new exports may need %s: free some space, or put the lake on a larger disk (a symbolic link will do); nothing was read",
		e.Lake, megabytes(e.Found), e.Exports, megabytes(e.Needed))
}

func megabytes(bytes int64) string { return fmt.Sprintf("%d MB", (bytes+1<<20-1)>>20) }

// What a run writes for a byte of an export: its part of the lake is four tenths of a plain text's size, and
// the engine may set aside as much again while it groups. Packed exports are an eighth of their text, or less.
const (
	roomShare  = 0.8
	packedSize = 8
)

// checkRoom refuses to begin what the disk has no room for: a disk that fills up loses nothing, but an hour.
func (r *run) checkRoom(fresh []*intake) error {
	if len(fresh) == 0 {
		return nil
	}
	free, err := r.writer.Free()
	if err != nil {
		return err
	}
	if needed := roomFor(fresh); needed > free {
		return &RoomError{Lake: r.ws.Lake(), Exports: len(fresh), Needed: needed, Found: free}
	}
	return nil
}

// roomFor guesses how many bytes a run with so many new exports takes at most.
func roomFor(fresh []*intake) int64 {
	var size int64
	for _, i := range fresh {
		size += textSize(i.inboxFile)
	}
	return int64(float64(size) * roomShare)
}

// textSize guesses how many bytes of text a file holds. What cannot be opened is found out when it is read.
func textSize(file inboxFile) int64 {
	opened, err := os.Open(file.path)
	if err != nil {
		return 0
	}
	defer opened.Close()
	head := make([]byte, 16)
	n, err := io.ReadFull(opened, head)
	if err != nil && n == 0 {
		return 0
	}
	if kind, err := container.Sniff(head[:n]); err != nil || kind != container.None {
		return file.info.Size() * packedSize
	}
	return file.info.Size()
}
