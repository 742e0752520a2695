package workspace

import (
	"fmt"
	"strconv"
)

// A place is where a value was written: a position in a file, or a variable or flag from outside.
// The zero place is nowhere: the value is a default.
type place struct {
	file         string
	line, column int
}

// origin says where a value comes from in the words of `config check --show`.
func (p place) origin() string {
	switch {
	case p.file == "":
		return "default"
	case p.line > 0:
		return fmt.Sprintf("%s:%d", p.file, p.line)
	case p.file[0] == '-':
		return "flag " + p.file
	default:
		return "environment " + p.file
	}
}

// A mark remembers where one node of a file stands, so that checks of decoded values can still
// point at them. Children go by YAML key, those of a list by index, and exist for what is written only.
type mark struct {
	key, value place // key equals value where there is no key
	children   map[string]*mark
}

// add makes a child. The caller sets its places.
func (m *mark) add(name string) *mark {
	if m.children == nil {
		m.children = map[string]*mark{}
	}
	c := &mark{}
	m.children[name] = c
	return c
}

// at returns the child under that name. For a value that is not written it is a stand-in with the
// key of m for its place: what is missing is blamed on what should contain it.
func (m *mark) at(name string) *mark {
	if c, written := m.children[name]; written {
		return c
	}
	return &mark{key: m.key, value: m.key}
}

// item returns the mark of the i-th entry of a list.
func (m *mark) item(i int) *mark { return m.at(strconv.Itoa(i)) }
