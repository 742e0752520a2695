package lake

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
)

const (
	fileMode   = 0o600
	folderMode = 0o700
)

// temporarySuffix ends the names under which engines write beside the final file.
const temporarySuffix = ".tmp"

// A File is one immutable file of the lake. The zero File stands for none.
type File struct {
	Path  string `json:"path"`  // relative to the lake, with slashes
	Rows  int64  `json:"rows"`  // rows in it
	Hash  string `json:"hash"`  // hash of its rows, whatever their order
	Bytes int64  `json:"bytes"` // its size; two files with equal rows may differ in size
}

// IsZero reports whether f stands for no file.
func (f File) IsZero() bool { return f == File{} }

// Describe returns the File for the finished file at path, an absolute path within the lake, with its
// size as found on disk.
func (l *Lake) Describe(path string, rows int64, hash string) (File, error) {
	relative, err := filepath.Rel(l.dir, path)
	if err != nil || !filepath.IsLocal(relative) {
		return File{}, fmt.Errorf("describe %s: not in lake %s", path, l.dir)
	}
	info, err := os.Stat(path)
	if err != nil {
		return File{}, fmt.Errorf("describe file: %w", err)
	}
	return File{Path: filepath.ToSlash(relative), Rows: rows, Hash: hash, Bytes: info.Size()}, nil
}

// Has reports whether the file is in place with the size it should have.
func (l *Lake) Has(file File) bool { return l.verify(file) == nil }

func (l *Lake) verify(file File) error {
	if !filepath.IsLocal(filepath.FromSlash(file.Path)) {
		return fmt.Errorf("%q is no path within the lake", file.Path)
	}
	info, err := os.Stat(l.Abs(file))
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no file", l.Abs(file))
	}
	if info.Size() != file.Bytes {
		return fmt.Errorf("%s has %d bytes and should have %d", l.Abs(file), info.Size(), file.Bytes)
	}
	return nil
}

// facts is the sidecar of one file.
type facts struct {
	Format int `json:"format"`
	File
	Tally json.RawMessage `json:"tally,omitempty"`
}

// Facts returns what is known of the finished file at path, such as one of [Lake.SettledPath], and the
// tally that was kept with it.
// It reports false if there is no such file, if its facts were never written (a run was killed in
// between), cannot be understood, or say another size: the file is then to be written again.
func (l *Lake) Facts(path string) (file File, tally json.RawMessage, known bool, err error) {
	var stored facts
	sidecar := sidecarPath(path)
	found, err := readSidecar(sidecar, &stored)
	if err != nil || !found {
		return File{}, nil, false, err
	}
	if err := knownFormat(sidecar, stored.Format); err != nil {
		return File{}, nil, false, err
	}
	if l.Abs(stored.File) != path || !l.Has(stored.File) {
		return File{}, nil, false, nil
	}
	return stored.File, stored.Tally, true, nil
}

// WriteFacts writes the rows and hash of the finished file at path beside it, with a tally of its maker
// (nil: none), and returns the File for the manifest. From then on [Lake.Facts] knows the file and a
// later run takes it as it is.
func (w *Writer) WriteFacts(path string, rows int64, hash string, tally json.RawMessage) (File, error) {
	file, err := w.Describe(path, rows, hash)
	if err != nil {
		return File{}, err
	}
	return file, w.writeJSON(sidecarPath(path), facts{Format: Format, File: file, Tally: tally})
}

// sidecarPath returns where the facts of a Parquet file lie.
func sidecarPath(path string) string { return strings.TrimSuffix(path, filepath.Ext(path)) + ".json" }

// Temp returns a new temporary name for the file that will be final. It keeps the extension and lies in
// the same file system. What is written there reaches its place by [Commit], or is swept.
func (w *Writer) Temp(final string) string {
	return filepath.Join(w.TempDir(), rand.Text()[:8]+"-"+filepath.Base(final))
}

// TempDir returns the folder for files that need not outlive the run; [Writer.Sweep] empties it.
func (w *Writer) TempDir() string { return w.path("tmp") }

// Commit moves the finished file temp to its place: contents to disk, rename, folder to disk. After
// that neither a kill nor a power cut loses it; before, final is as it was. On error temp is removed.
func Commit(temp, final string) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("commit %s: %w", final, err), removeFile(temp))
		}
	}()
	if err := os.Chmod(temp, fileMode); err != nil {
		return err
	}
	if err := syncPath(temp); err != nil {
		return err
	}
	if err := makeFolder(filepath.Dir(final)); err != nil {
		return err
	}
	if err := os.Rename(temp, final); err != nil {
		return err
	}
	return syncPath(filepath.Dir(final))
}

// Sweep removes what killed runs left unfinished: everything in [Writer.TempDir], and files beside
// finished ones whose name ends in ".tmp". It returns how many it removed.
func (w *Writer) Sweep() (removed int, err error) {
	entries, err := os.ReadDir(w.TempDir())
	if err != nil {
		return 0, fmt.Errorf("sweep: %w", err)
	}
	for _, entry := range entries {
		if err := os.RemoveAll(filepath.Join(w.TempDir(), entry.Name())); err != nil {
			return removed, fmt.Errorf("sweep: %w", err)
		}
		removed++
	}
	err = filepath.WalkDir(w.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !strings.HasSuffix(path, temporarySuffix) {
			return err
		}
		removed++
		return os.Remove(path)
	})
	if err != nil {
		return removed, fmt.Errorf("sweep: %w", err)
	}
	return removed, nil
}

// writeJSON replaces the file at path by value as JSON: maps sorted, indented, one newline at the end.
func (w *Writer) writeJSON(path string, value any) error {
	data, err := encodeJSON(value)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return w.writeFile(path, data)
}

// writeFile replaces the file at path: a reader finds the old contents or the new ones.
func (w *Writer) writeFile(path string, data []byte) error {
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	// renameio would otherwise look for a place of its own, where Sweep finds nothing.
	file, err := renameio.NewPendingFile(path,
		renameio.WithTempDir(w.TempDir()), renameio.WithStaticPermissions(fileMode))
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer file.Cleanup() //nolint:errcheck // does nothing after success; after a failure that failure is the news
	if _, err := file.Write(data); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := syncPath(filepath.Dir(path)); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func encodeJSON(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(value)
	return buffer.Bytes(), err
}

// readJSON reads the file at path into value. A file that is not there is an [fs.ErrNotExist].
func readJSON(path string, value any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, value); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

// readSidecar reads JSON that can be made again: what is not there or is no JSON is not found.
func readSidecar(path string, value any) (found bool, err error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return json.Unmarshal(data, value) == nil, nil
}

// makeFolder makes a folder and those above it, and sees each new one onto the disk.
func makeFolder(path string) error {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(path)
	if parent == path {
		return err
	}
	if err := makeFolder(parent); err != nil {
		return err
	}
	if err := os.Mkdir(path, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncPath(parent)
}

// syncPath sees the file or folder at path onto the disk.
func syncPath(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

func removeFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
