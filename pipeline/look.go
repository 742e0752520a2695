package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace"
)

// inboxFile is one file of the inbox.
type inboxFile struct {
	source workspace.Source
	name   string // below inbox/<source>, with slashes
	path   string
	info   fs.FileInfo
}

// ignored are endings of files that accompany exports or are still being delivered.
var ignored = []string{".tmp", ".part", ".partial", ".crdownload", ".ok", ".count", ".md5", ".sha256"}

// look lists the files of every source in the inbox, in order of source and name. Hidden files,
// side files and files that are still being written are not exports.
func look(ws *workspace.Workspace) ([]inboxFile, error) {
	var files []inboxFile
	for _, source := range ws.Config.Sources {
		folder := ws.Inbox(source.Name)
		err := filepath.WalkDir(folder, func(at string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name, err := filepath.Rel(folder, at)
			if err != nil {
				return err
			}
			name = filepath.ToSlash(name)
			if !isExport(entry, name, source.Files) {
				return nil
			}
			info, err := os.Stat(at)
			if err != nil {
				return err
			}
			if info.Mode().IsRegular() {
				files = append(files, inboxFile{source, name, at, info})
			}
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("list inbox of %q: %w", source.Name, err)
		}
	}
	return files, nil
}

func isExport(entry fs.DirEntry, name, glob string) bool {
	if entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
		return false
	}
	for _, suffix := range ignored {
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
