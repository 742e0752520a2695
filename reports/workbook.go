package reports

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"

	"github.com/xuri/excelize/v2"
)

// writeWorkbook writes a workbook to w. excelize would hold it in memory, and order its sheets by
// chance; here its parts go through temporary files and stand in the order of their names, so that the
// same cells give the same bytes.
func writeWorkbook(w io.Writer, file *excelize.File) error {
	parts := &workbookParts{w: w, files: map[string]*os.File{}}
	defer parts.discard()
	file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return parts })
	if _, err := file.WriteToBuffer(); err != nil { // the buffer stays empty
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// workbookParts collects the parts of a workbook and writes them when it is closed.
type workbookParts struct {
	w     io.Writer
	files map[string]*os.File
}

// Create begins a part.
func (p *workbookParts) Create(name string) (io.Writer, error) {
	if p.files[name] != nil {
		return nil, fmt.Errorf("part %s stands twice", name)
	}
	file, err := os.CreateTemp("", "tapcov-workbook-*")
	if err != nil {
		return nil, err
	}
	p.files[name] = file
	return file, nil
}

// AddFS is what a ZipWriter has and no workbook needs.
func (p *workbookParts) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close writes the parts.
func (p *workbookParts) Close() error {
	archive := zip.NewWriter(p.w)
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		part, err := archive.Create(name)
		if err != nil {
			return err
		}
		if _, err := p.files[name].Seek(0, io.SeekStart); err != nil {
			return err
		}
		if _, err := io.Copy(part, p.files[name]); err != nil {
			return err
		}
	}
	return archive.Close()
}

// discard removes the temporary files.
func (p *workbookParts) discard() {
	for _, file := range p.files {
		_ = file.Close()
		_ = os.Remove(file.Name())
	}
}
