package editions

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/queries"
)

// SessionOptions says what ad-hoc SQL sees, and what it may use.
type SessionOptions struct {
	Edition       int           // 0: the current one
	IsAsPublished bool          // each snapshot as the first edition had it in which it was complete
	Folders       []string      // beside the edition's files, SQL may read what lies in these
	Timeout       time.Duration // of one statement; 0: none
}

// Session is ad-hoc SQL over an edition, read-only: whatever is asked of it, nothing in the lake or
// elsewhere changes. Its tables are those of the catalogue (queries/catalog.yaml). Close it.
type Session struct {
	*lake.Manifest
	ws        *workspace.Workspace
	lake      *lake.Lake
	published *published
	options   SessionOptions

	mu    sync.Mutex
	rooms []*room // the last one is in use; in those before, a result may still be open
}

// room is a sandbox, the tables in it, and the tables whose files it may read. What a sandbox may read is
// fixed when it opens, and to allow it ten years of files takes longer than most questions. So it is
// allowed those of the tables that have been asked of, and another one is opened when that is too little.
type room struct {
	*engine.Sandbox
	tables  *tables
	allowed []string
}

// OpenSession opens a session over an edition of a workspace. It takes no lock: an edition never changes.
func OpenSession(_ context.Context, ws *workspace.Workspace, options SessionOptions) (*Session, error) {
	opened, err := lake.Open(ws.Lake())
	if err != nil {
		return nil, err
	}
	manifest, err := manifestOf(opened, options.Edition)
	if err != nil {
		return nil, err
	}
	s := &Session{Manifest: manifest, ws: ws, lake: opened, published: asItStands(manifest), options: options}
	if options.IsAsPublished {
		if s.published, err = asPublished(opened, manifest); err != nil {
			return nil, err
		}
	}
	if options.Edition == 0 {
		s.published.pointer = manifest.Edition
	}
	if s.options.Folders, err = readableFolders(options.Folders); err != nil {
		return nil, &workspace.ConfigError{Err: err}
	}
	return s, nil
}

// about returns a sandbox with the tables that a text may be about.
func (s *Session) about(ctx context.Context, text string) (*engine.Sandbox, error) {
	names := namesIn(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.rooms); n == 0 || !s.rooms[n-1].allows(names) {
		if n > 0 {
			names = append(names, s.rooms[n-1].allowed...)
		}
		opened, err := s.openRoom(ctx, names)
		if err != nil {
			return nil, err
		}
		s.rooms = append(s.rooms, opened)
	}
	r := s.rooms[len(s.rooms)-1]
	return r.Sandbox, r.tables.mention(ctx, text)
}

func (r *room) allows(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(r.allowed, name) })
}

func (s *Session) openRoom(ctx context.Context, names []string) (*room, error) {
	var paths []string
	for _, file := range s.published.filesOf(names) {
		paths = append(paths, s.lake.Abs(file))
	}
	limits := s.ws.Config.Limits
	sandbox, err := engine.OpenSandbox(ctx, engine.SandboxOptions{
		Options: engine.Options{Memory: limits.Memory / 2, Threads: limits.Threads, TempDir: os.TempDir()},
		Files:   paths, Folders: s.options.Folders,
	})
	if err != nil {
		return nil, err
	}
	return &room{sandbox, newTables(sandbox, s.ws, s.lake, s.published), names}, nil
}

// readableFolders returns the absolute paths of folders, which must exist.
func readableFolders(folders []string) ([]string, error) {
	absolute := make([]string, len(folders))
	for i, folder := range folders {
		info, err := os.Stat(folder)
		if err != nil {
			return nil, fmt.Errorf("allow files: %w", err)
		}
		if !info.IsDir() {
			return nil, fmt.Errorf("allow files: %s is not a folder", folder)
		}
		if absolute[i], err = filepath.Abs(folder); err != nil {
			return nil, fmt.Errorf("allow files: %w", err)
		}
	}
	return absolute, nil
}

// Newest returns the date of the newest complete snapshot, or of the newest one if none is complete.
func (s *Session) Newest() string { return (&Edition{Manifest: s.Manifest}).Newest() }

// Close frees what the session holds. No result may be open.
func (s *Session) Close() (err error) {
	for _, r := range s.rooms {
		err = errors.Join(err, r.Close())
	}
	return err
}

// TimeoutError says that a statement took longer than the session allows.
type TimeoutError struct{ Timeout time.Duration }

// Error says how long that is.
func (e *TimeoutError) Error() string { return fmt.Sprintf("the query took longer than %s", e.Timeout) }

// limited returns a context that ends with the session's timeout.
func (s *Session) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.options.Timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, s.options.Timeout, &TimeoutError{s.options.Timeout})
}

// Result is the result of a query, handed out batch by batch. Close it.
type Result struct {
	*engine.Cursor
	cancel context.CancelFunc
}

// Close ends the query, finished or not.
func (r *Result) Close() error {
	defer r.cancel()
	return r.Cursor.Close()
}

// Query runs one query; each ? in it stands for a value, nil or text, that the query casts. What is wrong
// with it is an [*engine.Mistake], what is not allowed an [*engine.Refusal].
func (s *Session) Query(ctx context.Context, query string, values ...any) (*Result, error) {
	ctx, cancel := s.limited(ctx)
	sandbox, err := s.about(ctx, query)
	if err != nil {
		cancel()
		return nil, err
	}
	cursor, err := sandbox.Query(ctx, query, values...)
	if err != nil {
		cancel()
		return nil, err
	}
	return &Result{cursor, cancel}, nil
}

// Parquet writes the result of a query as one Parquet file and returns its number of rows.
func (s *Session) Parquet(ctx context.Context, w io.Writer, query string, values ...any) (rows int64, err error) {
	ctx, cancel := s.limited(ctx)
	defer cancel()
	sandbox, err := s.about(ctx, query)
	if err != nil {
		return 0, err
	}
	return sandbox.Parquet(ctx, w, query, values...)
}

// Count returns how many rows a query has. It gives up with within, and the error then says so.
func (s *Session) Count(ctx context.Context, within time.Duration, query string, values ...any) (count int64, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, within, &TimeoutError{within})
	defer cancel()
	result, err := s.Query(ctx, "select count(*) from (\n"+engine.Bare(query)+"\n)", values...)
	if err != nil {
		return 0, err
	}
	for result.Next() {
		if counts, ok := result.Batch().Column(0).(interface{ Value(i int) int64 }); ok {
			count = counts.Value(0)
		}
		result.Batch().Release()
	}
	return count, errors.Join(result.Err(), result.Close())
}

// TableInfo is a table in words: what a row of it is, and what each column means.
type TableInfo = queries.Table

// Tables lists the tables that SQL sees, the most asked for first.
func Tables() []TableInfo { return queries.Catalog() }
