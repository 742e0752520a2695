package pipeline

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace"
)

// inboxFile is one file of the inbox.
type inboxFile struct {
	source workspace.Source
	name   string // below inbox/<source>, with slashes
	path   string
	info   fs.FileInfo
	sides  []string // side files that stand beside it, likewise below inbox/<source>
}

// unfinished are endings of files that are still being delivered.
var unfinished = []string{".tmp", ".part", ".partial", ".crdownload"}

// look lists the files of every source in the inbox, in order of source and name. Hidden files,
// side files and files that are still being written are not exports.
func look(ws *workspace.Workspace) ([]inboxFile, error) {
	var files []inboxFile
	for _, source := range ws.Config.Sources {
		folder := ws.Inbox(source.Name)
		first := len(files)
		sides := map[string][]string{} // by what they are called without their ending
		root := folder
		if resolved, err := filepath.EvalSymlinks(folder); err == nil {
			root = resolved // a walk does not follow a link, not even the one it starts from
		}
		err := filepath.WalkDir(root, func(at string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, at)
			if err != nil {
				return err
			}
			name = filepath.ToSlash(name)
			if suffix, ok := sideSuffix(name); ok && !entry.IsDir() {
				of := name[:len(name)-len(suffix)]
				sides[of] = append(sides[of], name)
			}
			if !isExport(entry, name, source.Files) {
				return nil
			}
			info, err := os.Stat(at)
			if err != nil {
				return err
			}
			if info.Mode().IsRegular() {
				files = append(files, inboxFile{source: source, name: name, path: filepath.Join(folder, name), info: info})
			}
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("list inbox of %q: %w", source.Name, err)
		}
		for i := range files[first:] {
			file := &files[first+i]
			for _, of := range sideNames(file.name) {
				file.sides = append(file.sides, sides[of]...)
			}
			slices.Sort(file.sides)
		}
	}
	return files, nil
}

// InboxName is the name under which a file of that name counts as an export in an inbox.
func InboxName(base string) string {
	name := strings.TrimLeft(base, ".")
	for _, suffix := range slices.Concat(unfinished, sideSuffixes) {
		if strings.HasSuffix(strings.ToLower(name), suffix) {
			name += ".csv"
			break
		}
	}
	return cmp.Or(name, "export")
}

func isExport(entry fs.DirEntry, name, glob string) bool {
	if entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
		return false
	}
	if _, isSide := sideSuffix(entry.Name()); isSide {
		return false
	}
	for _, suffix := range unfinished {
		if strings.HasSuffix(strings.ToLower(entry.Name()), suffix) {
			return false
		}
	}
	if glob == "" || glob == "*" {
		return true
	}
	matchesPath, _ := path.Match(glob, name)
	matchesName, _ := path.Match(glob, path.Base(name))
	return matchesPath || matchesName
}
