package lake

import (
	"context"
	"errors"
	"path/filepath"
	"syscall"
	"testing"
)

func TestLockWaits(t *testing.T) {
	w := newLake(t)
	type result struct {
		w   *Writer
		err error
	}
	second := make(chan result)
	go func() {
		got, err := w.Lock(context.Background(), true)
		second <- result{got, err}
	}()
	select {
	case <-second:
		t.Fatal("two writers at once")
	default:
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got := <-second
	if got.err != nil {
		t.Fatal(got.err)
	}
	if err := got.w.Close(); err != nil {
		t.Error(err)
	}
}

func TestLockGivesUpWhenCancelled(t *testing.T) {
	w := newLake(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, wait := range []bool{false, true} {
		_, err := w.Lock(ctx, wait)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("wait %t: error %v, want context.Canceled", wait, err)
		}
	}
}

// A holder that has not said who it is is no reason to let a second writer in.
func TestLockWithoutAHolder(t *testing.T) {
	w := newLake(t)
	write(t, w.path(ownerName), "")
	_, err := w.Lock(t.Context(), false)
	wantError(t, err, w.Dir(), "is locked by another process")
}

// What a dead holder said does not keep anybody out.
func TestHolderAloneIsNoLock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lake")
	write(t, filepath.Join(dir, lockName), "")
	write(t, filepath.Join(dir, ownerName), `{"pid": 1, "host": "elsewhere"}`)
	lock(t, open(t, dir))
}

// A look at the ledger holds the lock for a moment; a writer that starts just then gets it all the same.
func TestReadersDoNotKeepAWriterOut(t *testing.T) {
	w := newLake(t)
	if _, err := w.StartRun(nil, "0.1.0"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-done:
				return
			default:
			}
			if _, err := w.isLocked(); err != nil {
				t.Error(err)
				return
			}
		}
	}()
	for range 10 {
		again, err := w.Lock(t.Context(), false)
		if err != nil {
			t.Error(err)
			break
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
	close(done)
	<-stopped
}

func TestLockFailure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	for _, unsupported := range []error{syscall.ENOLCK, syscall.ENOSYS, syscall.ENOTSUP} {
		err := lockFailure(path, unsupported)
		wantError(t, err, path, "the file system (", ") has no locks", unsupported.Error())
	}
	err := lockFailure(path, syscall.EACCES)
	wantError(t, err, "lock "+path+": permission denied")
}
