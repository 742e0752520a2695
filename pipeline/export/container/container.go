// Package container opens what a file is wrapped in: nothing, gzip or zstd, told by its content.
package container

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Kind is what a file is wrapped in.
type Kind string

// The containers, by the names that manifests use.
const (
	None Kind = "none"
	Gzip Kind = "gzip"
	Zstd Kind = "zstd"
)

// magics are the first bytes of what can be told by them. A kind with a name cannot be read as text.
var magics = []struct {
	magic string
	kind  Kind
	name  string
}{
	{"\x1F\x8B", Gzip, ""},
	{"\x28\xB5\x2F\xFD", Zstd, ""},
	{"PK\x03\x04", "", "a ZIP archive or a workbook"},
	{"PK\x05\x06", "", "an empty ZIP archive"},
	{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "", "a legacy Office file"},
	{"PAR1", "", "a Parquet file"},
	{"ARROW1\x00\x00", "", "an Arrow file"},
	{"%PDF-", "", "a PDF document"},
	{"BZh", "", "bzip2 data"},
	{"\xFD7zXZ\x00", "", "xz data"},
	{"7z\xBC\xAF\x27\x1C", "", "a 7z archive"},
	{"Rar!\x1A\x07", "", "a RAR archive"},
	{"MIME-Version:", "", "a web page saved as one file (MHTML)"},
}

// Sniff tells the container by the first bytes of a file. An error names a format that is no text.
func Sniff(head []byte) (Kind, error) {
	for _, m := range magics {
		switch {
		case !bytes.HasPrefix(head, []byte(m.magic)):
		case m.name != "":
			return "", fmt.Errorf("it is %s, which is not read: ask for text, a workbook or a ZIP archive of them", m.name)
		default:
			return m.kind, nil
		}
	}
	return None, nil
}

// maxWindow bounds what a zstd frame may demand: what the zstd tool itself accepts by default.
const maxWindow = 128 << 20

// A Stream reads the content of a file from start to end. It needs memory for a window, whatever the
// content swells to.
type Stream struct {
	kind    Kind
	raw     *rawReader
	content io.Reader
	zstd    *zstd.Decoder
	decoded int64
}

// NewStream reads the content of a file of the given kind. With hashing, Sum tells the identity of the
// file afterwards. Close the stream.
func NewStream(file io.Reader, kind Kind, hashing bool) (*Stream, error) {
	s := &Stream{kind: kind, raw: &rawReader{file: file}}
	if hashing {
		s.raw.hash = sha256.New()
	}
	var err error
	switch kind {
	case Gzip:
		s.content, err = gzip.NewReader(bufio.NewReaderSize(s.raw, 128<<10))
	case Zstd:
		// Concurrency 1 decodes in Read, without goroutines of its own.
		s.zstd, err = zstd.NewReader(s.raw, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		s.content = s.zstd
	default:
		s.content = s.raw
	}
	if err != nil {
		return nil, s.damaged(err)
	}
	return s, nil
}

// Read reads content. Damaged or truncated compressed data is a DamagedError, once all content before
// the damage has been read.
func (s *Stream) Read(p []byte) (int, error) {
	n, err := s.content.Read(p)
	s.decoded += int64(n)
	if err == nil || err == io.EOF || s.raw.err != nil {
		return n, err
	}
	return n, s.damaged(err)
}

// Sum reads the rest of the file and returns the SHA-256 of its bytes, as delivered, and their number.
func (s *Stream) Sum() (string, int64, error) {
	if !s.raw.ended {
		for buf := make([]byte, hashStep); !s.raw.ended; {
			if _, err := s.raw.Read(buf); err != nil && !errors.Is(err, io.EOF) {
				return "", 0, err
			}
		}
	}
	return hex.EncodeToString(s.raw.hash.Sum(nil)), s.raw.n, nil
}

// Close releases what the stream holds, not the file.
func (s *Stream) Close() {
	if s.zstd != nil {
		s.zstd.Close()
	}
}

func (s *Stream) damaged(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("it ends too early")
	}
	return &DamagedError{Kind: s.kind, Offset: s.raw.n, Decoded: s.decoded, Err: err}
}

// DamagedError says that compressed data could not be read to its end.
type DamagedError struct {
	Kind    Kind
	Offset  int64 // bytes of the file read up to the damage; decoders read ahead, up to 128 KiB
	Decoded int64 // bytes of content before the damage
	Err     error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("%s data is damaged at or before byte %d, after %d bytes of content: %v",
		e.Kind, e.Offset, e.Decoded, e.Err)
}

func (e *DamagedError) Unwrap() error { return e.Err }

// rawReader counts and hashes the bytes of a file as they are read.
type rawReader struct {
	file io.Reader
	hash hash.Hash
	n    int64
	err  error // from the file itself, not from what is in it

	ended bool
}

// hashStep keeps what was just read in the cache until it is hashed.
const hashStep = 256 << 10

func (r *rawReader) Read(p []byte) (int, error) {
	n, err := r.file.Read(p[:min(len(p), hashStep)])
	r.n += int64(n)
	if r.hash != nil {
		r.hash.Write(p[:n])
	}
	switch err {
	case nil:
	case io.EOF:
		r.ended = true
	default:
		r.err = err
	}
	return n, err
}
