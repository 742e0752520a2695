package lake

import (
	"path/filepath"
	"strings"
	"syscall"
)

// fileSystem names the type of the file system that path lies in, for messages.
func fileSystem(path string) string {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(path), &stat); err != nil {
		return "unknown"
	}
	var name strings.Builder
	for _, c := range stat.Fstypename {
		if c == 0 {
			break
		}
		name.WriteByte(byte(c))
	}
	return name.String()
}
