package export

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/export/archive"
	"github.com/tapcov/tapcov/pipeline/export/table"
)

// members are the files of a ZIP archive that hold data, each an Export of its own.
type members struct {
	list     []member
	tables   []Table // of all of them
	selected []int   // indexes in tables, ascending
}

// member is one file of an archive.
type member struct {
	name   string
	export *Export
	first  int // index of its first table
}

// isArchive reports whether a file begins like a ZIP archive, an empty one too.
func isArchive(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

// openArchive opens every member that holds data, in the order of their names. Each is unpacked to a file
// without a name, so that it is read like any other, whatever it is.
func (e *Export) openArchive(opts Options) error {
	if opts.depth > 1 {
		return e.refused(errors.New("it is an archive within an archive within an archive"))
	}
	if opts.unpacked == nil {
		opts.unpacked = new(int64)
	}
	files, notes, err := archive.List(e.content())
	if err != nil {
		return e.refused(err)
	}
	e.setKind("zip")
	for _, note := range notes {
		e.note(note)
	}
	e.members = &members{}
	for _, file := range files {
		if err := e.openMember(file, opts); err != nil {
			return err
		}
	}
	if len(e.members.tables) == 0 {
		return e.refused(errors.New("it is a ZIP archive without data"))
	}
	for i := range e.members.tables {
		if !e.members.tables[i].IsHidden {
			e.members.selected = append(e.members.selected, i)
		}
	}
	e.head = mainHead(e.members.tables, e.members.selected, opts.Known)
	e.describeMembers(nil)
	return nil
}

// openMember unpacks one member and adds its tables.
func (e *Export) openMember(file archive.Member, opts Options) error {
	limits := opts.limits()
	unpacked, err := unpackMember(file.File, opts, limits.Unpacked)
	if err != nil {
		return e.refused(fmt.Errorf("member %q: %w", file.Name, err))
	}
	own := opts
	own.depth++
	own.prefix += file.Name + "/"
	if told, known := opts.told[opts.prefix+file.Name]; known {
		own.Encoding, own.Columns = told.Encoding, told.Columns
	}
	opened, err := openFile(e.path+"/"+file.Name, unpacked, own)
	if err != nil {
		var refused *RefusedError
		if errors.As(err, &refused) {
			return e.refused(fmt.Errorf("member %q: %w", file.Name, refused.Err))
		}
		return err
	}
	m := member{name: file.Name, export: opened, first: len(e.members.tables)}
	e.members.list = append(e.members.list, m)
	for _, t := range opened.Tables() {
		name := file.Name
		if t.Name != "" {
			name += "/" + t.Name
		}
		head := *t.Head
		head.Table = len(e.members.tables)
		t.Name, t.Head = name, &head
		e.members.tables = append(e.members.tables, t)
	}
	if len(e.members.tables) > maxTables {
		return e.refused(&table.LimitError{What: "it has", Limit: maxTables, Unit: "tables"})
	}
	if note := opened.format.Note; note != "" {
		e.note(fmt.Sprintf("member %q: %s", file.Name, note))
	}
	return nil
}

// unpackMember unpacks a member to a file without a name.
func unpackMember(packed *zip.File, opts Options, limit int64) (*os.File, error) {
	content, err := packed.Open()
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return unpack(content, int64(min(packed.CompressedSize64, 1<<40)), opts, limit)
}

// close closes all members.
func (m *members) close() error {
	var errs []error
	for _, one := range m.list {
		errs = append(errs, one.export.Close())
	}
	return errors.Join(errs...)
}

// describeMembers says in the Format which tables there are; rows has those of the ones that were read.
func (e *Export) describeMembers(rows map[int]int64) {
	e.format.Tables = nil
	for i, t := range e.members.tables {
		_, isRead := slices.BinarySearch(e.members.selected, i)
		e.format.Tables = append(e.format.Tables, TableFormat{Name: t.Name, IsHidden: t.IsHidden, IsRead: isRead, Rows: rows[i]})
	}
}

// selectedOf returns the selected tables of a member, counted within it, and how many of others stand
// before them.
func (m *members) selectedOf(i int) (own []int, before int) {
	end := len(m.tables)
	if i+1 < len(m.list) {
		end = m.list[i+1].first
	}
	for _, at := range m.selected {
		switch {
		case at < m.list[i].first:
			before++
		case at < end:
			own = append(own, at-m.list[i].first)
		}
	}
	return own, before
}

// memberError names the member in an error.
func (e *Export) memberError(name string, err error) error {
	var refused *RefusedError
	var better *SwitchError
	var wider *ColumnsError
	var wrong *EncodingError
	if errors.As(err, &wrong) {
		wrong.Member = joinMember(name, wrong.Member)
	}
	switch {
	case errors.As(err, &refused):
		return e.refused(fmt.Errorf("member %q: %w", name, refused.Err))
	case errors.As(err, &better):
		better.Member = joinMember(name, better.Member)
		return better
	case errors.As(err, &wider):
		wider.Member = joinMember(name, wider.Member)
		return wider
	}
	return fmt.Errorf("member %q: %w", name, err)
}

func joinMember(outer, inner string) string {
	return strings.TrimSuffix(outer+"/"+inner, "/")
}
