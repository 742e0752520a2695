package export

import (
	"context"
	"errors"
	"fmt"

	"github.com/tapcov/tapcov/pipeline/export/text"
)

// otherEncoding returns the one that files of an encoding are mistaken for, or "".
func otherEncoding(e text.Encoding) text.Encoding {
	switch e {
	case text.UTF8:
		return text.GB18030
	case text.GB18030:
		return text.UTF8
	}
	return ""
}

// judge decides, once the whole file was read, whether its encoding was the right one: GB18030 only if
// it leaves fewer damaged lines than UTF-8, and neither if more than one line in a hundred is damaged. One
// damaged line alone is a reject, unless there is no other.
func (e *Export) judge(ctx context.Context, total handover) error {
	if total.damaged == 0 {
		return nil
	}
	lines := total.line - 1
	if total.lineOpen {
		lines++
	}
	enough := total.damaged // damaged lines of the other encoding that keep this one
	if e.reading.encoding == text.GB18030 {
		enough++
	}
	other := total.other
	if e.reading.other != "" && other < enough {
		// Chunks without damage were not counted under the other encoding.
		var err error
		if other, err = e.count(ctx, e.reading.other, enough); err != nil {
			return err
		}
	}
	switched, fewest := e.reading.other != "" && other < enough, total.damaged
	if switched {
		fewest = other
	}
	switch {
	case fewest == lines, fewest > 1 && fewest*100 > lines:
		err := &EncodingError{text: e.damage(total.damaged, other, lines, switched)}
		if e.reading.other != "" && fewest*10 > lines { // else it is this one, and damaged
			var wrong error
			if err.Better, wrong = e.betterEncoding(ctx, lines); wrong != nil {
				return wrong
			}
		}
		return e.refused(err)
	case switched:
		return &SwitchError{
			Path: e.path, From: string(e.reading.encoding), To: string(e.reading.other),
			DamagedLines: total.damaged, Better: other,
		}
	}
	return nil
}

// damage words the refusal. What the other encoding damages is known exactly only if it is better.
func (e *Export) damage(own, other, lines int64, switched bool) string {
	s := fmt.Sprintf("%d of %d lines are not %s", own, lines, e.reading.encoding)
	switch {
	case switched:
		s += fmt.Sprintf(" and %d are not %s", other, e.reading.other)
	case e.reading.other != "":
		s += fmt.Sprintf(" and no fewer are not %s", e.reading.other)
	}
	return s + ", more than 1%"
}

// EncodingError says that a file is text in none of the encodings that are guessed.
type EncodingError struct {
	Member string // of the archive that the file is; empty: it is none
	Better string // the encoding that it may have; empty: none is known
	text   string
}

func (e *EncodingError) Error() string {
	if e.Better == "" {
		return e.text
	}
	return fmt.Sprintf("%s; if it is %s, say so in format.encoding", e.text, e.Better)
}

// betterEncoding returns the first of the encodings that are never guessed that reads the file, "" if none does.
func (e *Export) betterEncoding(ctx context.Context, lines int64) (string, error) {
	enough := lines/100 + 1
	for _, encoding := range text.Legacy() {
		damaged, err := e.count(ctx, encoding, enough)
		if err != nil || damaged < enough {
			return string(encoding), err
		}
	}
	return "", nil
}

var errEnough = errors.New("counted enough")

// count reads the file again and returns how many lines are not text in the encoding, up to enough.
func (e *Export) count(ctx context.Context, encoding text.Encoding, enough int64) (damaged int64, err error) {
	p := pass{export: e, reading: reading{encoding: encoding}, shelf: make(shelf, 1)}
	defer p.shelf.clear()
	var rest []byte
	open := false
	err = p.feed(ctx, func(c *chunk) error {
		c.decode(p.reading, rest, open)
		damaged += int64(len(c.damage.At))
		rest, open = c.rest, c.damage.Open(c.data[:c.end])
		p.shelf.give(c)
		if damaged >= enough {
			return errEnough
		}
		return context.Cause(ctx)
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return damaged, err
}
