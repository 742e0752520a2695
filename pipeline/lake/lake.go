// Package lake keeps what runs leave behind: content-addressed files, the manifests that say which of
// them belong together, the pointer to the current edition, the lock and the ledger of runs.
//
// It owns paths, JSON and atomicity, and knows nothing of what stands in a Parquet file. A file is
// written under a temporary name and renamed when it is whole and on disk; a manifest names files that
// are already in place; the pointer moves last, by one rename. So a reader needs no lock: whatever it
// finds named by the current manifest is there and will not change.
//
// A [Lake] reads. Everything that writes is a method of [Writer], which holds the lock.
//
//	inventory/<id>.parquet, .traits.parquet, .json conformed rows of one export, and its own facts
//	usage/<id>.parquet                             transactions of one export by terminal and month
//	rejects/<id>.parquet                           the rows set aside
//	settled/snapshot_date=<date>/<key>.parquet     terminals of one snapshot; .json: rows and hash
//	merchants/…, coverage/…                        likewise
//	claims/<key>.parquet                           verdicts
//	editions/NNNNNN.json                           manifests
//	current                                        the number of the published edition
//	runs/NNNNNN.json                               the ledger
//	seen.json                                      which file in the inbox had which bytes
//	format, lock, lock.json, tmp/                  housekeeping
package lake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Format is the newest lake format that this version reads, and the one it writes.
// It grows when a manifest or a sidecar gains or loses a meaning that older versions would miss.
const Format = 1

// A Lake is an opened lake folder. It can be used by several goroutines at once, and readers may open
// a lake while another process writes to it.
type Lake struct {
	dir string
	now func() time.Time
}

// Open opens the lake in dir, which need not exist yet: nothing is created before [Lake.Lock].
// A lake of a newer format is refused with a [*FormatError].
func Open(dir string) (*Lake, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open lake %s: %w", dir, err)
	}
	l := &Lake{dir: absolute, now: time.Now}
	info, err := os.Stat(absolute)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return l, nil
	case err != nil:
		return nil, fmt.Errorf("open lake: %w", err)
	case !info.IsDir():
		return nil, fmt.Errorf("open lake: %s is not a folder", absolute)
	}
	if err := l.checkFormat(); err != nil {
		return nil, err
	}
	return l, nil
}

// A FormatError says that a file of the lake was written by a newer version of tapcov.
type FormatError struct {
	Path   string // the file that says so
	Format int    // the format it names
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("%s has lake format %d, and this version of tapcov reads formats up to %d: use a newer tapcov",
		e.Path, e.Format, Format)
}

// knownFormat checks the format that the file at path names.
func knownFormat(path string, format int) error {
	if format < 1 {
		return fmt.Errorf("%s names no lake format", path)
	}
	if format > Format {
		return &FormatError{Path: path, Format: format}
	}
	return nil
}

// checkFormat reads the format that the lake as a whole is marked with; a lake without a mark passes.
func (l *Lake) checkFormat() error {
	path := l.path("format")
	number, err := readNumber(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return knownFormat(path, number)
}

// readNumber reads a file that holds one decimal number, such as format or current.
func readNumber(path string) (int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	number, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil || number < 0 {
		return 0, fmt.Errorf("%s does not hold a number: %q", path, data)
	}
	return number, nil
}

func (l *Lake) path(elements ...string) string {
	return filepath.Join(append([]string{l.dir}, elements...)...)
}

// Dir returns the absolute path of the lake.
func (l *Lake) Dir() string { return l.dir }

// InventoryPath returns where the conformed rows of one export lie, or will.
func (l *Lake) InventoryPath(id string) string { return l.path("inventory", id+".parquet") }

// TraitsPath returns where the traits of the conformed rows of one export lie, or will.
func (l *Lake) TraitsPath(id string) string { return l.path("inventory", id+".traits.parquet") }

// UsagePath returns where the collapsed rows of one export of usage lie, or will.
func (l *Lake) UsagePath(id string) string { return l.path("usage", id+".parquet") }

// RejectsPath returns where the rejects of one export lie, or will.
func (l *Lake) RejectsPath(id string) string { return l.path("rejects", id+".parquet") }

// SettledPath returns where the terminals of one snapshot lie. The date is iso, such as 2017-01-31.
func (l *Lake) SettledPath(date, key string) string { return l.partition("settled", date, key) }

// SuspectsPath returns where the rows of one snapshot lie that may be of one terminal or device.
func (l *Lake) SuspectsPath(date, key string) string { return l.partition("suspects", date, key) }

// MerchantsPath returns where the merchants of one snapshot lie.
func (l *Lake) MerchantsPath(date, key string) string { return l.partition("merchants", date, key) }

// CoveragePath returns where the coverage cube of one snapshot lies.
func (l *Lake) CoveragePath(date, key string) string { return l.partition("coverage", date, key) }

// ClaimsPath returns where the verdicts lie.
func (l *Lake) ClaimsPath(key string) string { return l.path("claims", key+".parquet") }

func (l *Lake) partition(table, date, key string) string {
	return l.path(table, "snapshot_date="+date, key+".parquet")
}

// Abs returns the absolute path of a file that a manifest or sidecar names.
func (l *Lake) Abs(file File) string { return l.path(filepath.FromSlash(file.Path)) }
