package lake

import (
	"fmt"
	"syscall"
)

// Free returns how many bytes the file system of the lake has left for this user.
func (w *Writer) Free() (int64, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(w.dir, &stat); err != nil {
		return 0, fmt.Errorf("ask for free space of %s: %w", w.dir, err)
	}
	return int64(stat.Bavail) * int64(stat.Bsize), nil //nolint:unconvert // of another type on macOS
}
