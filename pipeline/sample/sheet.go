package sample

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// An export is one file as a source delivers it, with what is known of its rows.
type export struct {
	source    string
	name      string // of the file
	month     month
	content   []byte
	preamble  int // lines before the header
	headerRow int // line of the header
	total     int // the control total it prints, 0 if it prints none
	isUsage   bool
	rows      []*record
	rejects   []reject
}

// A reject is a row that a reader has to set aside.
type reject struct {
	Line   int    `json:"line"` // first line of the record, counted from 1, in the decoded text
	Reason fate   `json:"reason"`
	Class  string `json:"class"`
}

// damageMark stands in a cell where bytes are to be that are no text in the encoding of the file.
const damageMark = "\x1a"

// A sheet spells rows as delimited text.
type sheet struct {
	export    *export
	delimiter string
	newline   string
	encode    func(string) ([]byte, error)
	damage    []byte // what damageMark becomes
	nameCell  int    // the column that damage strikes
	width     int
	line      int // the last line written
	text      bytes.Buffer
	err       error
}

// put writes one line of cells, quoted where they have to be.
func (s *sheet) put(cells ...string) {
	quoted := make([]string, len(cells))
	for i, cell := range cells {
		if strings.Contains(cell, s.delimiter) || strings.ContainsAny(cell, "\"\r\n") {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		quoted[i] = cell
	}
	line := strings.Join(quoted, s.delimiter) + s.newline
	before, after, damaged := strings.Cut(line, damageMark)
	s.write(before)
	if damaged {
		s.text.Write(s.damage)
		s.write(after)
	}
	s.line += strings.Count(line, "\n")
}

func (s *sheet) write(text string) {
	encoded, err := s.encode(text)
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("encode line %d of %s: %w", s.line+1, s.export.name, err)
	}
	s.text.Write(encoded)
}

// preamble writes a line above the header, as wide as the table.
func (s *sheet) preamble(cells ...string) {
	s.export.preamble++
	s.put(append(cells, make([]string, s.width-len(cells))...)...)
}

// header writes the header.
func (s *sheet) header(cells []string) {
	s.export.headerRow = s.line + 1
	s.put(cells...)
}

// note writes a row that is no terminal.
func (s *sheet) note(reason fate, cells ...string) {
	s.reject(reason)
	s.put(append(cells, make([]string, s.width-len(cells))...)...)
}

func (s *sheet) reject(reason fate) {
	s.export.rejects = append(s.export.rejects,
		reject{Line: s.line + 1, Reason: reason, Class: reason.class()})
}

// record writes the row of r, whose cells are as they would be were nothing wrong with it.
func (s *sheet) record(r *record, cells []string) {
	s.export.rows = append(s.export.rows, r)
	if r.fate != accepted {
		s.reject(r.fate)
	}
	switch r.fate {
	case damagedBytes:
		name := []rune(cells[s.nameCell])
		half := len(name) / 2
		cells[s.nameCell] = string(name[:half]) + damageMark + string(name[half:])
	case cellsMissing:
		cells = cells[:len(cells)-2]
	case cellsExtra:
		cells = slices.Insert(cells, s.nameCell+1, r.extra)
	}
	s.put(cells...)
}

// finish hands over the bytes, compressed by pack unless it is nil.
func (s *sheet) finish(pack func([]byte) ([]byte, error)) (*export, error) {
	if s.err != nil {
		return nil, s.err
	}
	s.export.content = s.text.Bytes()
	if pack != nil {
		packed, err := pack(s.export.content)
		if err != nil {
			return nil, fmt.Errorf("compress %s: %w", s.export.name, err)
		}
		s.export.content = packed
	}
	return s.export, nil
}

func asUTF8(text string) ([]byte, error) { return []byte(text), nil }

func asGB18030(text string) ([]byte, error) {
	return simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
}

func asUTF16(text string) ([]byte, error) {
	return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(text))
}

// asGzip compresses without a time stamp or name.
func asGzip(content []byte) ([]byte, error) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

func asZstd(content []byte) ([]byte, error) {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer w.Close()
	return w.EncodeAll(content, nil), nil
}

// fullWidth spells ASCII as an input method left in full-width mode does.
func fullWidth(text string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xfee0
		}
		return r
	}, text)
}

// on formats a date, blank if there is none.
func on(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(layout)
}

// either returns text unless it is blank, else instead.
func either(text, instead string) string {
	if text != "" {
		return text
	}
	return instead
}
