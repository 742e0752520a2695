package lake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

const (
	// patience is how long a lock is tried for without waiting: longer than a reader needs to find out
	// whether a writer is alive.
	patience  = 100 * time.Millisecond
	shortTry  = 10 * time.Millisecond
	longTry   = 250 * time.Millisecond
	lockName  = "lock"
	ownerName = "lock.json"
)

// A Writer is a Lake whose lock this process holds. There is one at a time; it is given up by
// [Writer.Close], and by the kernel when the process ends, however it ends.
type Writer struct {
	*Lake
	lock *flock.Flock
}

// Holder says who has the lock. It is there for messages: what counts is the kernel's lock.
type Holder struct {
	PID       int       `json:"pid"`
	Host      string    `json:"host"`
	StartedAt time.Time `json:"started_at"`
}

// A LockedError says that somebody else writes to the lake.
type LockedError struct {
	Dir    string
	Holder Holder // zero if the holder has not said
}

func (e *LockedError) Error() string {
	if e.Holder.PID == 0 {
		return fmt.Sprintf("lake %s is locked by another process", e.Dir)
	}
	return fmt.Sprintf("lake %s is locked by pid %d on %s since %s",
		e.Dir, e.Holder.PID, e.Holder.Host, e.Holder.StartedAt.Format(time.RFC3339))
}

// Lock takes the writer's lock, making the lake's folders first if need be. If another process has it,
// Lock waits until ctx ends, or without wait returns a [*LockedError] at once. A file system without
// locks is refused by name. Runs that a dead process left as running are marked as killed.
func (l *Lake) Lock(ctx context.Context, wait bool) (*Writer, error) {
	w := &Writer{Lake: l}
	if err := makeFolder(w.TempDir()); err != nil {
		return nil, fmt.Errorf("lock lake: %w", err)
	}
	// NFS stands in for this lock with one that asks for a file open for writing.
	w.lock = flock.New(l.path(lockName), flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(fileMode))
	if err := w.acquire(ctx, wait); err != nil {
		return nil, err
	}
	if err := w.enter(); err != nil {
		return nil, errors.Join(fmt.Errorf("lock lake: %w", err), w.Close())
	}
	return w, nil
}

func (w *Writer) acquire(ctx context.Context, wait bool) error {
	try, retry := ctx, longTry
	if !wait {
		var cancel context.CancelFunc
		try, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
		retry = shortTry
	}
	locked, err := w.lock.TryLockContext(try, retry)
	switch {
	case locked:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("lock lake %s: %w", w.dir, ctx.Err())
	case try.Err() != nil:
		return &LockedError{Dir: w.dir, Holder: w.holder()}
	default:
		return lockFailure(w.lock.Path(), err)
	}
}

// lockFailure explains why the kernel would not even say whether the lock is taken.
func lockFailure(path string, err error) error {
	for _, unsupported := range []error{syscall.ENOTSUP, syscall.EOPNOTSUPP, syscall.ENOSYS, syscall.ENOLCK} {
		if errors.Is(err, unsupported) {
			return fmt.Errorf("lock %s: the file system (%s) has no locks, keep the workspace on one that does: %w",
				path, fileSystem(path), err)
		}
	}
	return fmt.Errorf("lock %s: %w", path, err)
}

// enter is what comes first once the lock is held.
func (w *Writer) enter() error {
	if err := w.checkFormat(); err != nil {
		return err
	}
	if _, err := os.Stat(w.path("format")); errors.Is(err, fs.ErrNotExist) {
		if err := w.writeFile(w.path("format"), fmt.Appendf(nil, "%d\n", Format)); err != nil {
			return err
		}
	}
	if err := w.writeJSON(w.path(ownerName), w.self()); err != nil {
		return err
	}
	return w.buryRuns()
}

func (l *Lake) self() Holder {
	// A host without a name is no reason not to run.
	host, _ := os.Hostname()
	return Holder{PID: os.Getpid(), Host: host, StartedAt: l.now().UTC().Truncate(time.Second)}
}

func (l *Lake) holder() Holder {
	var holder Holder
	if err := readJSON(l.path(ownerName), &holder); err != nil {
		return Holder{}
	}
	return holder
}

// Close gives the lock up. The Writer is of no use afterwards.
func (w *Writer) Close() error {
	err := removeFile(w.path(ownerName))
	if unlockErr := w.lock.Unlock(); unlockErr != nil {
		err = errors.Join(err, unlockErr)
	}
	if err != nil {
		return fmt.Errorf("unlock lake: %w", err)
	}
	return nil
}

// isLocked reports whether some process has the lock. It takes a shared lock for a moment, which two
// readers can do at once and for which a writer has patience.
func (l *Lake) isLocked() (bool, error) {
	probe := flock.New(l.path(lockName), flock.SetFlag(os.O_RDONLY))
	free, err := probe.TryRLock()
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, lockFailure(probe.Path(), err)
	}
	return !free, probe.Unlock()
}
