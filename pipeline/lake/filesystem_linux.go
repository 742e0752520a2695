package lake

import (
	"os"
	"path/filepath"
	"strings"
)

// fileSystem names the type of the file system that path lies in, for messages.
func fileSystem(path string) string {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return "unknown"
	}
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		path = resolved
	}
	return mountedType(string(mounts), path)
}

// mountedType finds the file system type of path in the text of a mountinfo file, whose lines are
// "36 35 98:0 /root /mount/point options … - type source options".
func mountedType(mounts, path string) string {
	name, longest := "unknown", 0
	unescape := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
	for line := range strings.Lines(mounts) {
		place, kind, found := strings.Cut(line, " - ")
		fields, kinds := strings.Fields(place), strings.Fields(kind)
		if !found || len(fields) < 5 || len(kinds) == 0 {
			continue
		}
		point := strings.TrimSuffix(unescape.Replace(fields[4]), "/") + "/"
		// A later mount on the same point hides the earlier one.
		if strings.HasPrefix(path+"/", point) && len(point) >= longest {
			name, longest = kinds[0], len(point)
		}
	}
	return name
}
