package lake

import (
	"fmt"
	"path/filepath"
)

// Publish makes m the current edition and sets its Format, Edition and Fingerprint. It sorts what m
// lists and checks that every file it names is in place.
//
// If the current edition has the same fingerprint, its exports were delivered under the same names, and
// its files are in place, nothing is written: published is false and Edition that of the current one. A manifest that an earlier call wrote without
// reaching the pointer is taken up under its number.
func (w *Writer) Publish(m *Manifest) (published bool, err error) {
	m.Format = Format
	m.sort()
	if m.Fingerprint, err = m.computeFingerprint(); err != nil {
		return false, err
	}
	if err := m.check(); err != nil {
		return false, fmt.Errorf("publish: %w", err)
	}
	current, err := w.Current()
	if err != nil {
		return false, fmt.Errorf("publish: %w", err)
	}
	if current != nil && current.equals(m) && w.whole(current) == nil {
		m.Edition = current.Edition
		return false, nil
	}
	if err := w.secureFiles(m, current); err != nil {
		return false, fmt.Errorf("publish: %w", err)
	}
	if current == nil {
		// From here on a missing pointer is a loss, not a lake without an edition.
		if err := w.point(0); err != nil {
			return false, err
		}
	}
	if err := w.writeManifest(m); err != nil {
		return false, err
	}
	return true, w.point(m.Edition)
}

// secureFiles checks that the files of m are in place, and sees the folders of those that the current
// edition does not name onto the disk: a manifest must not outlive a file it names.
func (w *Writer) secureFiles(m, current *Manifest) error {
	known := make(map[File]bool)
	if current != nil {
		for _, file := range current.Files() {
			known[file] = true
		}
	}
	folders := map[string]bool{w.dir: true}
	for _, file := range m.Files() {
		if err := w.verify(file); err != nil {
			return err
		}
		if known[file] {
			continue
		}
		for folder := filepath.Dir(w.Abs(file)); folder != w.dir; folder = filepath.Dir(folder) {
			folders[folder] = true
		}
	}
	for folder := range folders {
		if err := syncPath(folder); err != nil {
			return err
		}
	}
	return nil
}

// writeManifest gives m its number and writes it.
func (w *Writer) writeManifest(m *Manifest) error {
	numbers, err := w.numbers()
	if err != nil {
		return err
	}
	m.Edition = 1
	if len(numbers) > 0 {
		newest := numbers[len(numbers)-1]
		left, err := w.readManifest(newest)
		if err == nil && left.equals(m) && w.whole(left) == nil {
			m.Edition = newest
			return nil
		}
		m.Edition = newest + 1
	}
	return w.writeJSON(w.editionPath(m.Edition), m)
}

// Point makes an existing edition the current one, whatever the pointer says now.
func (w *Writer) Point(edition int) error {
	manifest, err := w.Manifest(edition)
	if err != nil {
		return err
	}
	if err := w.whole(manifest); err != nil {
		return fmt.Errorf("edition %d is not whole: %w", edition, err)
	}
	return w.point(edition)
}

// whole finds the first file of m that is not in place.
func (l *Lake) whole(m *Manifest) error {
	for _, file := range m.Files() {
		if err := l.verify(file); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) point(edition int) error {
	return w.writeFile(w.path("current"), fmt.Appendf(nil, "%06d\n", edition))
}
