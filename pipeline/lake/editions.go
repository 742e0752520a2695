package lake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
)

// A DamagedError says that the pointer or a manifest cannot be read, and what helps.
type DamagedError struct {
	Path  string // the damaged file
	Whole int    // the newest edition that can be read; 0: none
	Err   error
}

func (e *DamagedError) Error() string {
	help := "restore it from a backup"
	if e.Whole > 0 {
		help = fmt.Sprintf("the newest whole edition is %d, `tapcov rollback %d` returns to it", e.Whole, e.Whole)
	}
	return fmt.Sprintf("%s is damaged: %v; %s", e.Path, e.Err, help)
}

func (e *DamagedError) Unwrap() error { return e.Err }

// Current returns the published edition, or nil when nothing is published yet. A pointer or manifest
// that cannot be read is a [*DamagedError].
func (l *Lake) Current() (*Manifest, error) {
	number, err := l.current()
	for err == nil && number != 0 {
		manifest, readErr := l.readManifest(number)
		if readErr == nil {
			return manifest, nil
		}
		// The pointer may have moved on, and the old edition been collected, since it was read.
		moved, err := l.current()
		if err != nil {
			return nil, err
		}
		if moved == number {
			return nil, l.damaged(l.editionPath(number), readErr)
		}
		number = moved
	}
	return nil, err
}

// current reads the pointer: 0 when nothing is published yet.
func (l *Lake) current() (int, error) {
	path := l.path("current")
	number, err := readNumber(path)
	if errors.Is(err, fs.ErrNotExist) {
		editions, listErr := l.numbers()
		if listErr != nil || len(editions) == 0 {
			return 0, listErr
		}
		// The pointer is there before the first manifest. It came after the first look, or it is lost.
		number, err = readNumber(path)
	}
	if err != nil {
		return 0, l.damaged(path, err)
	}
	return number, nil
}

// Manifest returns one edition. One that is not there is an [fs.ErrNotExist]; one that cannot be read,
// or whose contents do not match its fingerprint, is a [*DamagedError].
func (l *Lake) Manifest(edition int) (*Manifest, error) {
	manifest, err := l.readManifest(edition)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no edition %d: %w", edition, err)
	}
	if err != nil {
		return nil, l.damaged(l.editionPath(edition), err)
	}
	return manifest, nil
}

func (l *Lake) readManifest(edition int) (*Manifest, error) {
	path := l.editionPath(edition)
	var manifest Manifest
	err := readJSON(path, &manifest)
	// A newer manifest may not fit the type, but a decoder fills the fields that do.
	if manifest.Format > Format {
		return nil, &FormatError{Path: path, Format: manifest.Format}
	}
	if err != nil {
		return nil, err
	}
	if err := knownFormat(path, manifest.Format); err != nil {
		return nil, err
	}
	if manifest.Edition != edition {
		return nil, fmt.Errorf("it says it is edition %d", manifest.Edition)
	}
	fingerprint, err := manifest.computeFingerprint()
	if err != nil {
		return nil, err
	}
	if fingerprint != manifest.Fingerprint {
		return nil, errors.New("its contents do not match its fingerprint")
	}
	return &manifest, nil
}

func (l *Lake) editionPath(edition int) string {
	return l.path("editions", fmt.Sprintf("%06d.json", edition))
}

// damaged makes the error for the pointer or a manifest that could not be read because of err.
func (l *Lake) damaged(path string, err error) error {
	if newer := new(FormatError); errors.As(err, &newer) {
		return err
	}
	damage := &DamagedError{Path: path, Err: err}
	numbers, _ := l.numbers()
	for _, number := range slices.Backward(numbers) {
		if l.editionPath(number) == path {
			continue
		}
		if _, err := l.readManifest(number); err == nil {
			damage.Whole = number
			break
		}
	}
	return damage
}

// numbers returns the numbers of all editions, whole or not, in ascending order.
func (l *Lake) numbers() ([]int, error) { return l.numbered("editions") }

// numbered lists the files NNNNNN.json of a folder by their numbers, in ascending order.
func (l *Lake) numbered(folder string) ([]int, error) {
	entries, err := os.ReadDir(l.path(folder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list %s: %w", folder, err)
	}
	var numbers []int
	for _, entry := range entries {
		name, isJSON := strings.CutSuffix(entry.Name(), ".json")
		number, err := strconv.Atoi(name)
		if isJSON && err == nil && number > 0 {
			numbers = append(numbers, number)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// EditionInfo is one line of the list of editions.
type EditionInfo struct {
	Edition     int
	IsCurrent   bool
	Fingerprint string
	ToolVersion string
	Snapshots   int    // how many
	Newest      string // date of the newest snapshot; empty: there is none
	Err         error  // why it cannot be read; the fields above are then zero but for Edition and IsCurrent
}

// Editions lists the editions in ascending order. One that cannot be read is listed with its error.
func (l *Lake) Editions() ([]EditionInfo, error) {
	numbers, err := l.numbers()
	if err != nil {
		return nil, err
	}
	// A damaged pointer marks none as current and does not hide the rest.
	current, _ := readNumber(l.path("current"))
	infos := make([]EditionInfo, 0, len(numbers))
	for _, number := range numbers {
		info := EditionInfo{Edition: number, IsCurrent: number == current}
		manifest, err := l.readManifest(number)
		if err != nil {
			info.Err = err
		} else {
			info.Fingerprint, info.ToolVersion = manifest.Fingerprint, manifest.ToolVersion
			info.Snapshots = len(manifest.Snapshots)
			if info.Snapshots > 0 {
				info.Newest = manifest.Snapshots[info.Snapshots-1].Date
			}
		}
		infos = append(infos, info)
	}
	return infos, nil
}
