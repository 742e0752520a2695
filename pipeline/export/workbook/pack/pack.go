// Package pack opens the parts of a zipped workbook within a budget: what they unpack to is counted, not
// believed.
package pack

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"

	"github.com/tapcov/tapcov/pipeline/export/table"
)

// maxParts bounds the parts of a file.
const maxParts = 20_000

// A File is a zipped file. No name of a part in it is ever used as a path.
type File struct {
	parts  map[string]*zip.File
	limits table.Limits
}

// Open reads the directory of a zipped file.
func Open(file io.ReaderAt, size int64, limits table.Limits) (*File, error) {
	archive, err := zip.NewReader(file, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("its ZIP archive is damaged: %w", err)
	}
	archive.RegisterDecompressor(zip.Deflate, flate.NewReader) // twice as fast
	if len(archive.File) > maxParts {
		return nil, &table.LimitError{What: "its ZIP archive has", Limit: maxParts, Unit: "parts"}
	}
	f := &File{parts: map[string]*zip.File{}, limits: limits}
	for _, part := range archive.File {
		name := key(part.Name)
		if _, isTwice := f.parts[name]; isTwice {
			return nil, fmt.Errorf("its ZIP archive has the part %q twice", part.Name)
		}
		f.parts[name] = part
	}
	return f, nil
}

// key makes one name of those that programs write for the same part.
func key(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// Has reports whether there is a part of that name.
func (f *File) Has(name string) bool { return f.parts[key(name)] != nil }

// Part opens a part. Reading it ends with a *table.LimitError if it unpacks to more than may be.
func (f *File) Part(name string) (io.ReadCloser, error) {
	part := f.parts[key(name)]
	if part == nil {
		return nil, fmt.Errorf("it has no part %q", name)
	}
	if part.Flags&1 != 0 {
		return nil, errors.New("it is encrypted: ask for it without a password")
	}
	content, err := part.Open()
	if err != nil {
		return nil, fmt.Errorf("part %q: %w", name, err)
	}
	return &reader{ReadCloser: content, name: name, left: f.limits.Unpacked, limit: f.limits.Unpacked}, nil
}

// reader counts what a part unpacks to.
type reader struct {
	io.ReadCloser
	name        string
	left, limit int64
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if r.left -= int64(n); r.left < 0 {
		return 0, &table.LimitError{
			What: fmt.Sprintf("part %q unpacks to", r.name), Limit: r.limit, Unit: "bytes", Key: "limits.unpacked",
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("part %q is damaged: %w", r.name, err)
	}
	return n, err
}
