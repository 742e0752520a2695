package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// TemporarySuffix ends the name of a file that is being written; what a killed run leaves behind
// under such a name is swept by the next one.
const TemporarySuffix = ".tmp"

// replace lets write make a file under a temporary name and moves it to path when it is whole and
// on disk. On error the temporary file is removed and path is as it was: DuckDB's copy neither
// syncs nor cleans up.
func replace(path string, write func(temporary string) error) (err error) {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	temporary := path + TemporarySuffix
	defer func() {
		if err != nil {
			err = errors.Join(err, remove(temporary))
		}
	}()
	if err := write(temporary); err != nil {
		return err
	}
	if err := os.Chmod(temporary, 0o600); err != nil {
		return fmt.Errorf("set mode: %w", err)
	}
	if err := syncPath(temporary); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return fmt.Errorf("publish file: %w", err)
	}
	return syncPath(folder)
}

func syncPath(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open to sync: %w", err)
	}
	return errors.Join(file.Sync(), file.Close())
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove temporary file: %w", err)
	}
	return nil
}
