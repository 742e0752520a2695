package export

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/tapcov/tapcov/pipeline/export/container"
	"github.com/tapcov/tapcov/pipeline/export/dialect"
	"github.com/tapcov/tapcov/pipeline/export/text"
)

// Options fixes what would otherwise be detected, and bounds. The zero value detects everything.
type Options struct {
	Encoding  string // utf-8, gb18030, utf-16le or utf-16be; empty: detected
	Delimiter string // as dialect.ParseDelimiter reads it; empty: detected
	Quote     string // as dialect.ParseQuote reads it, with a Delimiter only; empty: detected
	Escape    string // likewise

	Fixed    *Fixed   // columns of fixed width; nil: there is a delimiter
	NoHeader bool     // no record names the columns …
	Columns  []string // … these do; empty: their numbers

	KeepDamaged bool   // what stands before the damage in compressed data is read, else the file is refused
	RecordLimit int    // bytes of one record in UTF-8; 0: 1 MiB
	BlockSize   int    // bytes of the file that make a Block, about; 0: 4 MiB
	Unpacked    int64  // bytes that a packed file of tables may unpack to; 0: 4 GiB
	Memory      int64  // bytes that reading a file of tables may keep, about; 0: 256 MiB
	TempDir     string // for what is unpacked; empty: that of the system

	// Known reports whether a text is the name of a column. It helps to guess the delimiter; may be nil.
	Known func(header string) bool

	told     map[string]Options // what a first reading told of members of an archive
	prefix   string             // of the names of members
	depth    int                // of archives in archives
	unpacked *int64             // bytes of all members so far
}

// Bounds of Options. Offsets in a Block have 32 bits.
const (
	defaultRecordLimit = 1 << 20
	defaultBlockSize   = 4 << 20
	minBlockSize       = 16
	maxSize            = 1 << 29
)

// Format is what a file was found to be.
type Format struct {
	Kind      string `json:"kind,omitempty"`   // xlsx, xls, ods, fods, xmlss, html …; empty: text
	Container string `json:"container"`        // none, gzip or zstd
	Encoding  string `json:"encoding"`         // utf-8, gb18030, utf-16le or utf-16be
	BOM       bool   `json:"bom"`              // the file begins with a byte-order mark
	Delimiter string `json:"delimiter"`        // as dialect.Name writes it: , ; | tab none || \x01 …
	Quote     string `json:"quote,omitempty"`  // apostrophe, none …; empty: the usual one
	Escape    string `json:"escape,omitempty"` // backslash …; empty: none but a doubled quote
	LineEnd   string `json:"line_end"`         // lf, crlf, cr, mixed or none, as far as the head of the file tells
	Note      string `json:"note,omitempty"`

	Tables []TableFormat `json:"tables,omitempty"` // of a file that is no text
}

// RefusedError says that a file cannot be used as it is, whatever one does.
type RefusedError struct {
	Path string
	Err  error
}

func (e *RefusedError) Error() string { return fmt.Sprintf("read %s: %v", e.Path, e.Err) }

func (e *RefusedError) Unwrap() error { return e.Err }

// An Export is one file as it was delivered. Close it.
type Export struct {
	path      string
	file      *os.File // as delivered
	unpacked  *os.File // its content, if it is compressed and that is no text; nil: file
	info      os.FileInfo
	kind      container.Kind
	bom       int // length of the byte-order mark
	blockSize int
	firstSize int // of the first Block
	reading   reading
	dialect   dialect.Dialect
	isFixed   bool // the delimiter is
	finding   dialect.Finding
	fixed     *Fixed
	headEnd   uint32            // of the text in head
	isWhole   bool              // head has all of it
	known     func(string) bool // Options.Known
	json      *jsonCutter       // nil: no JSON Lines
	asked     []string          // Options.Columns
	names     []string          // of the columns, where no record holds them

	areQuotesFixed bool
	noHeader       bool
	isDocument     bool // a JSON document
	keepDamaged    bool
	format         Format
	head           *Block
	tableFile      *tableFile // nil: text
	members        *members   // nil: no archive
}

// Open tells what a file is by the first bytes of it. A file that is no text, a compressed one that
// cannot be read, or one that is no regular file is a *RefusedError.
func Open(path string, opts Options) (*Export, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, (&Export{path: path}).refused(errors.New("it is not a regular file"))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return openFile(path, file, opts)
}

// openFile goes on with Open; path is for messages. It takes the file over.
func openFile(path string, file *os.File, opts Options) (*Export, error) {
	e := &Export{path: path, file: file}
	err := e.set(opts)
	if err != nil {
		file.Close()
		return nil, err
	}
	if e.info, err = e.file.Stat(); err == nil {
		err = e.detect(opts)
	}
	if err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// Format returns what the file was found to be.
func (e *Export) Format() Format { return e.format }

// Head returns the first records of the file, at least one if it has any, up to about 256 KiB. It does
// not take them away from Decode.
func (e *Export) Head() *Block { return e.head }

// Close closes the file.
func (e *Export) Close() error {
	if e.unpacked != nil {
		defer e.unpacked.Close()
	}
	switch {
	case e.tableFile != nil:
		return errors.Join(e.tableFile.reader.Close(), e.file.Close())
	case e.members != nil:
		return errors.Join(e.members.close(), e.file.Close())
	}
	return e.file.Close()
}

// set takes over the options that need no look at the file.
func (e *Export) set(opts Options) error {
	e.reading.limit, e.blockSize = opts.RecordLimit, opts.BlockSize
	if e.reading.limit == 0 {
		e.reading.limit = defaultRecordLimit
	}
	if e.blockSize == 0 {
		e.blockSize = defaultBlockSize
	}
	if e.reading.limit < 1 || e.reading.limit > maxSize {
		return fmt.Errorf("record limit %d is not between 1 and %d bytes", e.reading.limit, maxSize)
	}
	if e.blockSize < minBlockSize || e.blockSize > maxSize {
		return fmt.Errorf("block size %d is not between %d and %d bytes", e.blockSize, minBlockSize, maxSize)
	}
	if opts.Encoding != "" {
		var err error
		if e.reading.encoding, err = text.Parse(opts.Encoding); err != nil {
			return err
		}
	}
	e.known = opts.Known
	e.asked, e.noHeader, e.keepDamaged = opts.Columns, opts.NoHeader, opts.KeepDamaged
	if e.fixed = opts.Fixed; e.fixed == nil {
		return e.fixDialect(opts)
	}
	for _, c := range e.fixed.Columns {
		e.names = append(e.names, c.Name)
	}
	return e.fixed.check()
}

// detect looks at the head of the file.
func (e *Export) detect(opts Options) error {
	magic := make([]byte, sniffSize)
	n, err := e.file.ReadAt(magic, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return e.readError(err)
	}
	isOpen, err := e.openFormat(magic[:n], opts)
	if isOpen || err != nil {
		return err
	}
	if e.kind, err = container.Sniff(magic[:n]); err != nil {
		return e.refused(err)
	}
	e.format.Container = string(e.kind)
	e.note(mismatch(e.path, string(e.kind)))
	if e.kind != container.None {
		if isOpen, err = e.openPacked(opts); isOpen || err != nil {
			return err
		}
	}
	return e.detectText(opts)
}

// detectText looks at the head of a file that is text.
func (e *Export) detectText(opts Options) error {
	stream, err := e.stream(false)
	if err != nil {
		return err
	}
	defer stream.Close()
	size := headSize
	if e.kind == container.None {
		size = int(min(e.info.Size(), headSize-1)) + 1
	}
	var raw []byte
	for ; ; size *= 4 {
		n := len(raw)
		raw = append(raw, make([]byte, size-n)...)
		m, err := io.ReadFull(stream, raw[n:])
		raw = raw[:n+m]
		whole := err == io.EOF || err == io.ErrUnexpectedEOF || e.tolerated(err) != nil
		if err != nil && !whole {
			return e.readError(err)
		}
		if n == 0 {
			e.detectEncoding(raw, whole)
		}
		if e.readHead(raw, whole, opts.Known); e.isDocument {
			return e.openDocument(opts)
		} else if whole || len(e.head.Rows) > 0 {
			if whole {
				// One Block holds it, and one more unit shows that it ends.
				e.blockSize = min(e.blockSize, max(len(raw)+2, minBlockSize))
			}
			break
		}
	}
	e.blockSize &^= e.reading.encoding.Unit() - 1
	e.firstSize = e.blockSize
	for range 16 { // halved as often as it may have to be
		e.firstSize = e.nextSize(e.firstSize, raw)
	}
	return nil
}

// mismatch says so if the file's name promises another content than the kind of a format or container.
func mismatch(path, kind string) string {
	ext := strings.ToLower(filepath.Ext(path))
	promised, isKnown := map[string]string{
		".csv": "none", ".tsv": "none", ".txt": "none", ".gz": "gzip", ".zst": "zstd",
		".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".ods": "ods", ".fods": "fods", ".html": "html", ".htm": "html",
		".zip": "zip", ".parquet": "parquet", ".arrow": "arrow",
	}[ext]
	switch {
	case !isKnown || promised == kind:
		return ""
	case kind == "none":
		kind = "text"
	}
	return fmt.Sprintf("its name ends in %s, its content is %s", ext, kind)
}

func (e *Export) note(s string) { e.format.Note = joinNotes(e.format.Note, s) }

func joinNotes(notes, s string) string {
	if s != "" && notes != "" {
		s = "; " + s
	}
	return notes + s
}

// tolerated returns err if it is damage at which the file may end, else nil.
func (e *Export) tolerated(err error) error {
	var damaged *container.DamagedError
	if e.keepDamaged && errors.As(err, &damaged) {
		return err
	}
	return nil
}

// stream reads the content of the file from its start.
func (e *Export) stream(hashing bool) (*container.Stream, error) {
	stream, err := container.NewStream(io.NewSectionReader(e.file, 0, 1<<62), e.kind, hashing)
	if err != nil {
		return nil, e.readError(err)
	}
	return stream, nil
}

// unchanged tells whether the file is what it was when it was opened.
func (e *Export) unchanged() error {
	now, err := e.file.Stat()
	if err != nil {
		return e.readError(err)
	}
	if now.Size() != e.info.Size() || !now.ModTime().Equal(e.info.ModTime()) {
		return fmt.Errorf("read %s: it changed while it was read", e.path)
	}
	return nil
}

// readError tells a file that is damaged from one that cannot be read now.
func (e *Export) readError(err error) error {
	var damaged *container.DamagedError
	if errors.As(err, &damaged) {
		return e.refused(err)
	}
	return fmt.Errorf("read %s: %w", e.path, err)
}

func (e *Export) refused(err error) error { return &RefusedError{Path: e.path, Err: err} }
