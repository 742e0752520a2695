package export

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/tapcov/tapcov/pipeline/export/container"
	"github.com/tapcov/tapcov/pipeline/export/table"
)

// content returns the file that holds the tables, and its size.
func (e *Export) content() (io.ReaderAt, int64) {
	if e.unpacked == nil {
		return e.file, e.info.Size()
	}
	size, err := e.unpacked.Seek(0, io.SeekEnd)
	if err != nil {
		size = 0 // and so it ends too early
	}
	return e.unpacked, size
}

// openFormat opens the content if it is no text, by its first bytes.
func (e *Export) openFormat(head []byte, opts Options) (isOpen bool, err error) {
	if f := formatOf(head, e.content); f != nil {
		return true, e.openTables(f, opts)
	}
	if isArchive(head) {
		return true, e.openArchive(opts)
	}
	return false, nil
}

// openPacked opens a compressed file whose content is no text. Such content is read from its end, or
// from several places, so it is unpacked to a file without a name first.
func (e *Export) openPacked(opts Options) (isOpen bool, err error) {
	stream, err := e.stream(false)
	if err != nil {
		return false, err
	}
	defer stream.Close()
	head := make([]byte, sniffSize)
	n, err := io.ReadFull(stream, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, nil // nothing, or damage that reading it as text names
	}
	head = head[:n]
	switch inner, err := container.Sniff(head); {
	case inner == container.Gzip || inner == container.Zstd:
		return false, e.refused(fmt.Errorf("it is %s data within %s data: ask for it compressed once", inner, e.kind))
	case isTar(head):
		return false, e.refused(fmt.Errorf("it is a tar archive in %s data: unpack it, or ask for a ZIP archive", e.kind))
	case err != nil && !isArchive(head) && formatOf(head, headOnly(head)) == nil:
		return false, e.refused(fmt.Errorf("what is compressed in it: %w", err))
	}
	if !isArchive(head) && formatOf(head, headOnly(head)) == nil {
		return false, nil
	}
	if opts.unpacked == nil {
		opts.unpacked = new(int64)
	}
	e.unpacked, err = unpack(io.MultiReader(bytes.NewReader(head), stream), e.info.Size(), opts, opts.limits().Unpacked)
	if err != nil {
		return false, e.unpackError(err)
	}
	return e.openFormat(head, opts)
}

// unpackError tells what is wrong with the file from what is wrong with the disk.
func (e *Export) unpackError(err error) error {
	var limit *table.LimitError
	if errors.As(err, &limit) {
		return e.refused(err)
	}
	return e.readError(err)
}

// headOnly stands for content of which no more is known than its head.
func headOnly(head []byte) func() (io.ReaderAt, int64) {
	return func() (io.ReaderAt, int64) { return bytes.NewReader(head), 1 << 40 }
}

// isTar reports whether content begins like a tar archive.
func isTar(head []byte) bool {
	const at = 257
	return len(head) > at && bytes.HasPrefix(head[at:], []byte("ustar"))
}

// setKind says what the content is that is no text.
func (e *Export) setKind(kind string) {
	e.format.Kind, e.format.Container, e.format.Encoding = kind, string(container.None), ""
	if e.unpacked != nil {
		e.format.Container = string(e.kind)
		return // its name was held against the container
	}
	e.note(mismatch(e.path, kind))
}

// Bounds of what unpacks to too much: data packs well, but not that well.
const (
	maxPacked  = 300
	fewUnpacks = 64 << 20
)

// unpack copies content, which took so many bytes packed, to a file that has no name any more and goes
// when it is closed.
func unpack(content io.Reader, packed int64, opts Options, limit int64) (*os.File, error) {
	to, err := os.CreateTemp(opts.TempDir, "unpacked-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(to.Name()); err != nil {
		return nil, errors.Join(err, to.Close())
	}
	left := limit - *opts.unpacked
	plausible := max(fewUnpacks, maxPacked*packed)
	n, err := io.Copy(to, io.LimitReader(content, min(left, plausible)+1))
	*opts.unpacked += n
	switch {
	case n > left:
		err = &table.LimitError{What: "what is packed in it unpacks to", Limit: limit, Unit: "bytes", Key: "limits.unpacked"}
	case n > plausible:
		err = &table.LimitError{What: "it unpacks to", Limit: maxPacked, Unit: "times its size"}
	}
	if err != nil {
		return nil, errors.Join(err, to.Close())
	}
	return to, nil
}
