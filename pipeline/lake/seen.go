package lake

import (
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"
)

// proofAge is how much older than the moment of looking a file's time must be before it proves
// anything: a write in the same tick of a coarse clock would leave it as it is.
const proofAge = 2 * time.Second

// Seen remembers which bytes a file in the inbox had, so that they need not be hashed again.
// It can be used by several goroutines at once.
type Seen struct {
	mu        sync.Mutex
	entries   map[string]sighting
	sizes     map[int64]bool // of every file that any run has seen
	isChanged bool
}

// A sighting is what one look at a file gave.
type sighting struct {
	Size     int64  `json:"size"`
	Modified int64  `json:"modified"` // nanoseconds since 1970
	Inode    uint64 `json:"inode"`
	LookedAt int64  `json:"looked_at"` // nanoseconds since 1970
	ExportID string `json:"export_id"`
}

type seenFile struct {
	Format  int                 `json:"format"`
	Entries map[string]sighting `json:"entries"`
}

// Seen returns what earlier runs have seen. A cache that is absent, damaged or of a newer format is an
// empty one. With rehash it answers only for what is remembered from now on.
func (l *Lake) Seen(rehash bool) (*Seen, error) {
	path := l.path("seen.json")
	var stored seenFile
	found, err := readSidecar(path, &stored)
	if err != nil {
		return nil, err
	}
	seen := &Seen{entries: make(map[string]sighting), sizes: make(map[int64]bool)}
	if !found || knownFormat(path, stored.Format) != nil || stored.Entries == nil {
		return seen, nil
	}
	for _, entry := range stored.Entries {
		seen.sizes[entry.Size] = true
	}
	if !rehash {
		seen.entries = stored.Entries
	}
	return seen, nil
}

// HasSize reports whether some file of that size has been seen. If so, a file that Lookup does not know
// may have been touched or renamed, and hashing it may spare reading it; if not, its bytes are new.
func (s *Seen) HasSize(size int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sizes[size]
}

// Lookup returns the export id of the file at path, if it is beyond doubt: size, time and inode are as
// they were, and the file was at least two seconds old when it was looked at. The path is a name within
// the inbox; info comes from a look at the file now.
func (s *Seen) Lookup(path string, info fs.FileInfo) (exportID string, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry, known := s.entries[Name(path)]
	if !known || entry.LookedAt-entry.Modified < int64(proofAge) {
		return "", false
	}
	if now := look(info, time.Unix(0, entry.LookedAt), entry.ExportID); now != entry {
		return "", false
	}
	return entry.ExportID, true
}

// Remember notes the export id of the file at path. Both info and lookedAt belong to the moment before
// the first byte was read: what is written to the file while it is read must not go unnoticed.
func (s *Seen) Remember(path string, info fs.FileInfo, lookedAt time.Time, exportID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries[Name(path)] = look(info, lookedAt, exportID)
	s.sizes[info.Size()], s.isChanged = true, true
}

func look(info fs.FileInfo, at time.Time, exportID string) sighting {
	entry := sighting{
		Size: info.Size(), Modified: info.ModTime().UnixNano(),
		LookedAt: at.UnixNano(), ExportID: exportID,
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		entry.Inode = stat.Ino
	}
	return entry
}

// SaveSeen keeps the cache for the next run, if anything was remembered since it was last kept.
func (w *Writer) SaveSeen(seen *Seen) error {
	seen.mu.Lock()
	defer seen.mu.Unlock()
	if !seen.isChanged {
		return nil
	}
	seen.isChanged = false
	return w.writeJSON(w.path("seen.json"), seenFile{Format: Format, Entries: seen.entries})
}

// Name returns a file's name as text. Bytes that are not UTF-8, as in names from a GBK system, become
// \xNN, so that the name survives JSON and can be told from its neighbours.
func Name(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	var text strings.Builder
	for len(name) > 0 {
		r, size := utf8.DecodeRuneInString(name)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&text, `\x%02x`, name[0])
		} else {
			text.WriteString(name[:size])
		}
		name = name[size:]
	}
	return text.String()
}
