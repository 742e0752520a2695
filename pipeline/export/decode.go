package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"

	"github.com/tapcov/tapcov/pipeline/export/container"
)

// Summary is what reading a whole file has told.
type Summary struct {
	ID           string `json:"id"`            // SHA-256 of the file's bytes, as delivered, in hex
	Bytes        int64  `json:"bytes"`         // of the file as delivered
	Records      int64  `json:"records"`       // rows of all Blocks: header, blank lines and faults included
	DamagedLines int64  `json:"damaged_lines"` // lines that are not text in the encoding
	Format       Format `json:"format"`
}

// SwitchError says that the whole file, other than its beginning, has fewer damaged lines under another
// encoding. What was emitted is void: open the file again with Options.Encoding set to To.
type SwitchError struct {
	Path         string
	Member       string // of the archive that the file is; empty: it is none
	From, To     string // encodings
	DamagedLines int64  // under From
	Better       int64  // damaged lines under To
}

func (e *SwitchError) Error() string {
	return fmt.Sprintf("decode %s: %d damaged lines as %s, %d as %s: read it as %s",
		e.Path, e.DamagedLines, e.From, e.Better, e.To, e.To)
}

// Retry takes over what a reading that ended with err has told, and reports whether the file is to be
// opened and read again with it.
func (o *Options) Retry(err error) bool {
	var better *SwitchError
	var wider *ColumnsError
	switch {
	case errors.As(err, &better):
		own := o.of(better.Member)
		if own.Encoding != "" {
			return false
		}
		own.Encoding = better.To
		o.tell(better.Member, own)
	case errors.As(err, &wider):
		own := o.of(wider.Member)
		if len(wider.Columns) <= len(own.Columns) {
			return false
		}
		own.Columns = wider.Columns
		o.tell(wider.Member, own)
	default:
		return false
	}
	return true
}

// RetryAs takes over the encoding that a refused file may have, and reports whether it is to be read again
// with it. It is for a look at a file: a run reads nothing on a guess.
func (o *Options) RetryAs(err error) bool {
	var wrong *EncodingError
	if !errors.As(err, &wrong) || wrong.Better == "" {
		return false
	}
	own := o.of(wrong.Member)
	if own.Encoding == wrong.Better {
		return false
	}
	own.Encoding = wrong.Better
	o.tell(wrong.Member, own)
	return true
}

// of returns the options of a member, or of the file itself.
func (o *Options) of(member string) Options {
	if told, known := o.told[member]; known {
		return told
	}
	return *o
}

func (o *Options) tell(member string, own Options) {
	if member == "" {
		*o = own
		return
	}
	told := maps.Clone(o.told)
	if told == nil {
		told = map[string]Options{}
	}
	told[member] = own
	o.told = told
}

// Decode reads the whole file once and hashes it on the way. It calls work with each Block on up to
// threads goroutines, and emit with what work returned, in file order, from the calling goroutine. Every
// Block has a row at least; it is void when work returns. What emit will not get because of an error,
// drop gets, if it is not nil.
//
// The result does not depend on threads or Options.BlockSize, other than in where Blocks begin. A few
// Blocks are in memory at a time, whatever the size of the file or of a line in it.
//
// The error is a *SwitchError if another encoding suits the file better, a *ColumnsError if there are
// columns that the head of the file does not have, a *RefusedError if the file
// cannot be used, else that of ctx, work, emit or the file system. A panic in work or emit is an error.
func Decode[T any](
	ctx context.Context, e *Export, threads int,
	work func(*Block) (T, error), emit func(T) error, drop func(T),
) (Summary, error) {
	threads = max(threads, 1)
	if e.tableFile != nil {
		return decodeTables(ctx, e, threads, work, emit, drop)
	}
	if e.members != nil {
		return decodeArchive(ctx, e, threads, work, emit, drop)
	}
	p := pass{export: e, reading: e.reading, hashing: true, shelf: make(shelf, threads+inFlight)}
	defer p.shelf.clear()
	belt := conveyor[*chunk, T]{
		threads: threads,
		feed:    p.feed,
		emit:    emit,
		drop:    drop,
		work: func(ctx context.Context, c *chunk) (value T, ok bool, err error) {
			block, err := c.read(ctx, p.reading)
			if err == nil && block != nil {
				value, err = work(block)
				ok = err == nil
			}
			if err == nil {
				p.shelf.give(c)
			}
			return value, ok, err
		},
	}
	if err := belt.run(ctx); err != nil {
		var panicked *panicError
		if errors.As(err, &panicked) {
			err = fmt.Errorf("decode %s: %w", e.path, err)
		}
		return Summary{}, err
	}
	total := <-p.last
	if err := e.judge(ctx, total); err != nil {
		return Summary{}, err
	}
	if err := e.furtherColumns(); err != nil {
		return Summary{}, err
	}
	summary := Summary{ID: p.id, Bytes: p.bytes, Records: total.records, DamagedLines: total.damaged, Format: e.format}
	if p.damage != nil {
		summary.Format.Note = joinNotes(e.format.Note, fmt.Sprintf("only what stands before the damage was read: %v", p.damage))
	}
	return summary, nil
}

// pass is one reading of a file from start to end.
type pass struct {
	export  *Export
	reading reading
	hashing bool
	shelf   shelf

	last   <-chan handover // has what the last chunk hands over
	id     string          // with hashing
	bytes  int64
	damage error // that was tolerated
}

// feed cuts the content into chunks at line ends, where there are any.
func (p *pass) feed(_ context.Context, put func(*chunk) error) error {
	e := p.export
	stream, err := e.stream(p.hashing)
	if err != nil {
		return err
	}
	defer stream.Close()
	var carry []byte // what was read behind the cut
	before := make(chan handover, 1)
	before <- handover{line: 1}
	inLine := false
	size := e.firstSize
	for skip := e.bom; ; skip = 0 {
		c := p.shelf.take(e.blockSize, p.reading)
		n := copy(c.raw[c.from:], carry)
		size = max(size, n+minBlockSize)
		m, err := io.ReadFull(stream, c.raw[c.from+n:c.from+size])
		p.damage = e.tolerated(err)
		c.isCut = p.damage != nil
		c.final = err == io.EOF || err == io.ErrUnexpectedEOF || c.isCut
		if err != nil && !c.final {
			return e.readError(err)
		}
		c.to = c.from + n + m
		c.from = min(c.from+skip, c.to)
		content := c.raw[c.from:c.to]
		c.inLine, inLine = inLine, false
		if !c.final {
			cut := p.reading.encoding.Cut(content)
			if cut == 0 {
				cut, inLine = p.reading.encoding.CutLine(content), true
			}
			carry = append(carry[:0], content[cut:]...)
			c.to = c.from + cut
		}
		size = e.nextSize(size, content)
		after := make(chan handover, 1)
		c.before, c.after = before, after
		before = after
		final := c.final
		if err := put(c); err != nil {
			return err
		}
		if final {
			break
		}
	}
	p.last = before
	if p.hashing {
		if p.id, p.bytes, err = stream.Sum(); err != nil {
			return e.readError(err)
		}
		return e.unchanged()
	}
	return nil
}

// nextSize returns how much to read next if size bytes were to be read of what is like content: Blocks of
// short lines are made smaller, for a row takes more memory than a short line.
func (e *Export) nextSize(size int, content []byte) int {
	const most = 1 << 17 // lines
	lines := bytes.Count(content, []byte{'\n'}) + bytes.Count(content, []byte{'\r'})
	switch lines = int(int64(lines) * int64(size) / int64(max(len(content), 1))); {
	case lines > most:
		return max(size/4, minBlockSize) * 2
	case lines < most/2:
		return min(size*2, e.blockSize)
	}
	return size
}

// ID returns the identity of a file, the SHA-256 of its bytes in hex, and their number.
func ID(path string) (string, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	id, n, err := hash(f)
	if err != nil {
		return "", 0, fmt.Errorf("hash %s: %w", path, err)
	}
	return id, n, nil
}

// hash returns the SHA-256 of a file's bytes in hex, and their number.
func hash(file io.Reader) (string, int64, error) {
	stream, err := container.NewStream(file, container.None, true)
	if err != nil {
		return "", 0, err
	}
	return stream.Sum()
}
