// Package archive lists the members of a ZIP archive that may hold data. Their names are labels: nothing
// is ever written or read under them.
package archive

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Member is a file in an archive.
type Member struct {
	Name string // in UTF-8, with slashes
	File *zip.File
}

// maxMembers bounds the entries of an archive.
const maxMembers = 10_000

// List returns the members that may hold data, in the order of their names, and notes on those that it
// left out. An archive is refused for what it would take to be careless with it: names that lead
// elsewhere, links, a name twice, a password.
func List(file io.ReaderAt, size int64) ([]Member, []string, error) {
	reader, err := zip.NewReader(file, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, nil, fmt.Errorf("it is a damaged ZIP archive: %w", err)
	}
	if len(reader.File) > maxMembers {
		return nil, nil, fmt.Errorf("it has more than %d members", maxMembers)
	}
	var members []Member
	var notes []string
	seen := map[string]bool{}
	for _, f := range reader.File {
		name, err := nameOf(f)
		if err != nil {
			return nil, nil, err
		}
		if strings.HasSuffix(name, "/") {
			continue
		}
		switch mode := f.Mode(); {
		case seen[name]:
			return nil, nil, fmt.Errorf("it has the member %q twice", name)
		case mode.Type()&^fs.ModeNamedPipe != 0: // zip calls what it was piped a pipe
			return nil, nil, fmt.Errorf("member %q is a link or a device, not a file", name)
		case f.Flags&1 != 0:
			return nil, nil, fmt.Errorf("member %q is encrypted: ask for it without a password", name)
		}
		seen[name] = true
		if isBeside(name) {
			continue
		}
		if what := noData(f); what != "" {
			notes = append(notes, fmt.Sprintf("member %q is not read: it is %s", name, what))
			continue
		}
		members = append(members, Member{name, f})
	}
	slices.SortFunc(members, func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
	return members, notes, nil
}

// nameOf returns a member's name as a label. Programs in China write GBK without saying so.
func nameOf(f *zip.File) (string, error) {
	name := f.Name
	if !utf8.ValidString(name) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().String(name)
		if err != nil || strings.ContainsRune(decoded, utf8.RuneError) {
			return "", fmt.Errorf("the name of member %q is neither UTF-8 nor GBK", name)
		}
		name = decoded
	}
	name = strings.ReplaceAll(name, `\`, "/")
	switch {
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }):
		return "", fmt.Errorf("the name of member %q has control characters", name)
	case name == "", strings.HasPrefix(name, "/"), len(name) > 1 && name[1] == ':', slices.Contains(strings.Split(name, "/"), ".."):
		return "", fmt.Errorf("the name of member %q leads out of the archive", name)
	}
	return name, nil
}

// isBeside reports whether a member stands beside the data: what systems and senders leave there.
func isBeside(name string) bool {
	base := path.Base(name)
	if strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, ".") || strings.EqualFold(base, "Thumbs.db") {
		return true
	}
	return slices.Contains([]string{".ok", ".count", ".md5", ".sha256"}, strings.ToLower(path.Ext(base)))
}

// noData names what can be told, by its first bytes, to hold no table; empty if it may hold one.
func noData(f *zip.File) string {
	content, err := f.Open()
	if err != nil {
		return ""
	}
	defer content.Close()
	head := make([]byte, 4<<10)
	n, _ := io.ReadFull(content, head) // a member that cannot be read is refused when it is
	head = head[:n]
	for _, kind := range []struct{ magic, what string }{
		{"%PDF-", "a PDF document"}, {"\x89PNG", "a picture"}, {"\xFF\xD8\xFF", "a picture"}, {"GIF8", "a picture"},
	} {
		if bytes.HasPrefix(head, []byte(kind.magic)) {
			return kind.what
		}
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) && (bytes.Contains(head, []byte("word/")) || bytes.Contains(head, []byte("ppt/"))) {
		return "an Office document that is no workbook"
	}
	return ""
}
