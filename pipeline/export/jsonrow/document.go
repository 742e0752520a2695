package jsonrow

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/tapcov/tapcov/pipeline/export/table"
)

// maxColumns bounds the columns of a table.
const maxColumns = 10_000

// Document is a JSON document of tables: an array of objects, or an object with such arrays as members.
// It is a table.Reader.
type Document struct {
	open   func() (io.ReadCloser, error)
	limits table.Limits
	tables []*columns
	others []string // members beside the tables

	isSequence bool // objects stand one after the other
}

// columns are the columns of one table, in the order in which its objects have them.
type columns struct {
	member string // that the table is; empty for the whole document
	names  []string
	at     map[string]int
}

// Open reads a document once, to know its tables and their columns. open yields its text in UTF-8 from
// the start, as often as it is asked.
func Open(open func() (io.ReadCloser, error), limits table.Limits) (*Document, error) {
	d := &Document{open: open, limits: limits}
	var err error
	if d.isSequence, err = d.looksLikeSequence(); err != nil {
		return nil, err
	}
	err = d.walk(func(s *scanner, c *columns) (bool, error) {
		d.tables = append(d.tables, c)
		c.at = map[string]int{}
		parser := Parser{Visit: func(path []byte, _ Value) error {
			if _, known := c.at[string(path)]; !known {
				c.at[string(path)] = len(c.names)
				c.names = append(c.names, string(path))
			}
			return nil
		}}
		return true, s.each(func() (bool, error) {
			tooLong, err := s.read()
			met := len(c.names)
			if err == nil && !tooLong && parser.Object(s.value, 0, len(s.value)) != nil {
				for _, name := range c.names[met:] {
					delete(c.at, name) // it is no record
				}
				c.names = c.names[:met]
			}
			if len(c.names) > maxColumns {
				return false, &table.LimitError{What: "its objects have", Limit: maxColumns, Unit: "names"}
			}
			return true, err
		})
	})
	if err != nil {
		return nil, err
	}
	if len(d.tables) == 0 {
		return nil, errors.New("no array of objects is in it")
	}
	return d, nil
}

// walk calls visit for each array that is a table, in the order of the document; the scanner stands
// before it, and behind it afterwards. visit returns false to end the walk.
func (d *Document) walk(visit func(*scanner, *columns) (goOn bool, err error)) error {
	s, c, err := d.scan()
	if err != nil {
		return err
	}
	defer c.Close()
	first, err := s.next()
	if err != nil {
		return err
	}
	var goOn bool
	if first == '[' || d.isSequence {
		goOn, err = visit(s, &columns{})
	} else {
		goOn, err = d.members(s, visit)
	}
	if err != nil || !goOn {
		return err
	}
	if _, err := s.next(); !errors.Is(err, errCut) {
		return errors.Join(err, s.fault("nothing behind the document"))
	}
	return nil
}

// scan opens the document.
func (d *Document) scan() (*scanner, io.Closer, error) {
	content, err := d.open()
	if err != nil {
		return nil, nil, err
	}
	s := &scanner{r: bufio.NewReaderSize(content, 64<<10), limit: d.limits.Record, isSequence: d.isSequence}
	if mark, err := s.r.Peek(3); err == nil && string(mark) == "\uFEFF" {
		_, _ = s.r.Discard(3) // they were there
		s.offset = 3
	}
	return s, content, nil
}

// looksLikeSequence reports whether an object follows the first one, or the only one holds no table.
func (d *Document) looksLikeSequence() (bool, error) {
	s, c, err := d.scan()
	if err != nil {
		return false, err
	}
	defer c.Close()
	if first, err := s.next(); err != nil || first != '{' {
		return false, err
	}
	tooLong, err := s.read()
	if err != nil || tooLong {
		return false, err
	}
	text := bytes.Clone(s.value)
	next, err := s.next()
	if errors.Is(err, errCut) {
		inner := &scanner{r: bufio.NewReader(bytes.NewReader(text)), limit: len(text)}
		hasTable := false
		_, err := (&Document{}).members(inner, func(*scanner, *columns) (bool, error) {
			hasTable = true
			return false, nil
		})
		return err == nil && !hasTable, err
	}
	return next == '{', err
}

// members walks through the object that the document is.
func (d *Document) members(s *scanner, visit func(*scanner, *columns) (bool, error)) (goOn bool, err error) {
	d.others = nil
	if err := s.expect('{'); err != nil {
		return false, err
	}
	for {
		if _, err := s.read(); err != nil {
			return false, err
		}
		if len(s.value) < 2 || s.value[0] != '"' {
			return false, s.fault("a name")
		}
		member := string(Unescape(nil, s.value[1:len(s.value)-1]))
		if err := s.expect(':'); err != nil {
			return false, err
		}
		c, err := s.next()
		if err != nil {
			return false, err
		}
		if c == '[' && s.holdsObjects() {
			goOn, err = visit(s, &columns{member: member})
		} else {
			d.others = append(d.others, member)
			_, err = s.read()
			goOn = true
		}
		if err != nil || !goOn {
			return goOn, err
		}
		switch c, err := s.next(); {
		case err != nil:
			return false, err
		case c == '}':
			s.take()
			return true, nil
		case c != ',':
			return false, s.fault("a comma or the end of the object")
		}
		s.take()
	}
}

// holdsObjects reports whether the array that follows begins with an object.
func (s *scanner) holdsObjects() bool {
	for n := 2; n <= 4096; n++ {
		ahead, err := s.r.Peek(n)
		if err != nil {
			return false
		}
		switch ahead[n-1] {
		case ' ', '\t', '\n', '\r':
		default:
			return ahead[n-1] == '{'
		}
	}
	return false
}

// Tables lists the tables in the order of the document.
func (d *Document) Tables() []table.Info {
	infos := make([]table.Info, len(d.tables))
	for i, c := range d.tables {
		infos[i] = table.Info{Name: c.member, Columns: c.names}
	}
	return infos
}

// Notes says which members are not read.
func (d *Document) Notes() []string {
	if len(d.others) == 0 {
		return nil
	}
	const most = 10
	named := slices.Clone(d.others[:min(most, len(d.others))])
	for i, name := range named {
		named[i] = fmt.Sprintf("%.40q", name)
	}
	return []string{fmt.Sprintf("members beside the table are not read: %s", named)}
}

// Close does nothing: what is open belongs to a reading.
func (d *Document) Close() error { return nil }

// Rows starts to read a table.
func (d *Document) Rows(index int) (table.Rows, error) {
	r := &rows{columns: d.tables[index]}
	at := 0
	r.next, r.stop = iter.Pull2(func(yield func(element, error) bool) {
		err := d.walk(func(s *scanner, _ *columns) (bool, error) {
			isWanted := at == index
			at++
			err := s.each(func() (bool, error) {
				tooLong, err := s.read()
				if err != nil || !isWanted {
					return true, err
				}
				return yield(element{s.value, tooLong}, nil), nil
			})
			return !isWanted, err
		})
		if err != nil {
			yield(element{}, err)
		}
	})
	r.values, r.isSet = make([]Value, len(r.columns.names)), make([]bool, len(r.columns.names))
	r.parser.Visit = r.visit
	return r, nil
}

// element is one object of a table as it stands in the document, valid until the next.
type element struct {
	text    []byte
	tooLong bool
}

// rows are the objects of one table.
type rows struct {
	columns *columns
	next    func() (element, error, bool)
	stop    func()

	number int64
	parser Parser
	values []Value
	isSet  []bool
	text   []byte
	err    error
}

var errTwice = errors.New("a name stands there twice")

func (r *rows) visit(path []byte, v Value) error {
	at, known := r.columns.at[string(path)]
	if !known || r.isSet[at] {
		return errTwice // the columns of all whole objects are known
	}
	r.values[at], r.isSet[at] = v, true
	return nil
}

// Next fills the row with the values of the next object.
func (r *rows) Next(row *table.Row) bool {
	e, err, ok := r.next()
	if r.err = err; !ok || err != nil {
		return false
	}
	r.number++
	row.Reset(r.number)
	if e.tooLong {
		row.Spoil(table.FaultTooLong, e.text)
		return true
	}
	clear(r.isSet)
	if err := r.parser.Object(e.text, 0, len(e.text)); err != nil {
		row.Spoil(table.FaultSyntax, e.text)
		return true
	}
	for at, v := range r.values {
		switch {
		case !r.isSet[at] || v.IsNull:
			row.AddNull(1)
		case v.IsEscaped:
			r.text = Unescape(r.text[:0], e.text[v.Start:v.End])
			row.AddBytes(r.text)
		default:
			row.AddBytes(e.text[v.Start:v.End])
		}
	}
	return true
}

// Err is why the rows ended before the table did.
func (r *rows) Err() error { return r.err }

// Close ends the reading.
func (r *rows) Close() error {
	r.stop()
	return nil
}

// IsDocument reports whether a text begins like a document of tables.
func IsDocument(head []byte) bool {
	s := &scanner{r: bufio.NewReaderSize(bytes.NewReader(head), 8<<10), limit: len(head)}
	c, err := s.next()
	if err != nil || c != '[' && c != '{' {
		return false
	}
	s.take()
	isArray := c == '['
	if isArray {
		if c, err = s.next(); err != nil || c != '{' {
			return false
		}
		s.take()
	}
	if c, err = s.next(); err != nil || c != '"' {
		return err == nil && isArray && c == '}'
	}
	if _, err := s.read(); err != nil {
		return false
	}
	c, err = s.next()
	return err == nil && c == ':'
}
