package columnar

import (
	"encoding/binary"
	"errors"
	"io"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// messages reads the messages of an Arrow stream, each checked before anyone believes it.
type messages struct {
	file    *arrowFile
	stream  *io.SectionReader
	memory  memory.Allocator
	current *ipc.Message
}

// Retain and Release count nothing: a reading has one owner.
func (m *messages) Retain() {}

// Release gives the last message back.
func (m *messages) Release() {
	if m.current != nil {
		m.current.Release()
		m.current = nil
	}
}

// Message returns the next message, valid until the next call, or io.EOF.
func (m *messages) Message() (*ipc.Message, error) {
	length, err := m.length()
	if err != nil {
		return nil, err
	}
	if length < 8 || int64(length) > min(m.left(), m.file.limits.Memory/4) {
		return nil, errMessage
	}
	meta := make([]byte, length)
	if _, err := io.ReadFull(m.stream, meta); err != nil {
		return nil, err
	}
	size, err := checkMessage(meta)
	if err != nil {
		return nil, err
	}
	if size > m.left() {
		return nil, errors.New("it ends too early: within a message")
	}
	body := memory.NewResizableBuffer(m.memory)
	defer body.Release()
	body.Resize(int(size))
	if _, err := io.ReadFull(m.stream, body.Bytes()); err != nil {
		return nil, err
	}
	m.Release()
	m.current = ipc.NewMessage(memory.NewBufferBytes(meta), body)
	return m.current, nil
}

// length reads the length that stands before a message; the end is a length of 0, or nothing at all.
func (m *messages) length() (uint32, error) {
	var word [4]byte
	for {
		if _, err := io.ReadFull(m.stream, word[:]); err != nil {
			if m.left() == 0 && len(m.file.notes) == 0 {
				m.file.notes = append(m.file.notes, "its end is not marked: rows may be missing")
			}
			return 0, io.EOF
		}
		switch n := binary.LittleEndian.Uint32(word[:]); n {
		case 0xFFFFFFFF: // a length follows
		case 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

// left is how many bytes of the stream are not read.
func (m *messages) left() int64 {
	at, err := m.stream.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	return m.stream.Size() - at
}
