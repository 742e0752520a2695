package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/lake"
)

// intake is a file of the inbox on its way to its inventory.
type intake struct {
	inboxFile
	at        time.Time       // when it was looked at
	isSeen    bool            // the cache knows its bytes already
	inventory *lake.Inventory // nil until it is known
	done      chan struct{}   // closed once inventory or err is there
	err       error
}

func (i *intake) label() string { return i.source.Name + "/" + i.name }

// readInbox returns every inventory that counts: those of the inbox, read now if they are new, and
// those of the current edition whose files have left the inbox.
func (r *run) readInbox(ctx context.Context) ([]held, error) {
	files, err := look(r.ws)
	if err != nil {
		return nil, err
	}
	known, err := r.knownInventories()
	if err != nil {
		return nil, err
	}
	seen, err := r.lake.Seen(r.Rehash)
	if err != nil {
		return nil, err
	}
	r.progress.files(files)
	intakes, fresh, err := r.lookUp(ctx, files, known, seen)
	if err != nil {
		return nil, errors.Join(err, r.writer.SaveSeen(seen))
	}
	if err := r.checkRoom(fresh); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	wait := r.readAll(ctx, fresh)
	defer wait() // after cancel: nothing reads on while the run ends
	defer cancel()
	saved := time.Now()
	for _, i := range intakes {
		<-i.done
		if i.err != nil {
			return nil, errors.Join(i.err, r.writer.SaveSeen(seen))
		}
		if !i.isSeen {
			seen.Remember(i.label(), i.info, i.at, i.inventory.ExportID)
		}
		if err := r.besides(i, known); err != nil {
			return nil, errors.Join(err, r.writer.SaveSeen(seen))
		}
		known.deliver(i.inventory, i.name)
		r.progress.file(i.inboxFile)
		if time.Since(saved) > time.Second { // a run that is killed later leaves this much
			if err := r.writer.SaveSeen(seen); err != nil {
				return nil, err
			}
			saved = time.Now()
		}
	}
	r.summary.ReadFiles, r.fresh = len(fresh), fresh
	return known.list(), r.writer.SaveSeen(seen)
}

// lookUp tells the files whose bytes are known from the fresh ones, which are to be read.
func (r *run) lookUp(ctx context.Context, files []inboxFile, known *catalog, seen *lake.Seen) (all, fresh []*intake, err error) {
	for _, file := range files {
		if ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		i := &intake{inboxFile: file, at: time.Now(), done: make(chan struct{})}
		exportID, isSeen := seen.Lookup(i.label(), file.info)
		i.isSeen = isSeen
		if !isSeen && seen.HasSize(file.info.Size()) {
			// Touched or renamed, most likely, and hashing takes a fraction of the time of reading.
			if exportID, _, err = export.ID(file.path); err != nil {
				return nil, nil, fmt.Errorf("read %s: %w", i.label(), err)
			}
		}
		i.inventory = known.find(file, exportID, r.conformInputs())
		if i.inventory == nil && file.isAwaited() {
			r.summary.wait(file)
			continue
		}
		all = append(all, i)
		if i.inventory == nil || r.reconforms(file.source.Name) && !known.closed[i.inventory.ID] {
			fresh = append(fresh, i)
			continue
		}
		close(i.done)
	}
	return all, fresh, nil
}

// smallFile is the size in bytes below which reading a file is mostly waiting for the disk to have it.
const smallFile = 1 << 20

// readAll starts reading the fresh files, as many at a time as there are threads: while one file is
// decoded, another is written. A file alone gets all threads, and small ones are read several a thread. The
// returned function waits for the end.
func (r *run) readAll(ctx context.Context, fresh []*intake) (wait func()) {
	if len(fresh) == 0 {
		return func() {}
	}
	readers := r.threads
	if !slices.ContainsFunc(fresh, func(i *intake) bool { return i.info.Size() > smallFile }) {
		readers *= 4
	}
	readers = min(readers, len(fresh))
	threads := max(1, r.threads/readers)
	queue := make(chan *intake)
	var group sync.WaitGroup
	group.Go(func() {
		defer close(queue)
		for _, i := range fresh {
			queue <- i
		}
	})
	for range readers {
		group.Go(func() {
			for i := range queue {
				r.readOne(ctx, i, threads)
			}
		})
	}
	return group.Wait
}

func (r *run) readOne(ctx context.Context, i *intake, threads int) {
	defer close(i.done)
	if ctx.Err() != nil {
		i.err = context.Cause(ctx)
		return
	}
	r.progress.step("read", i.label())
	if i.inventory, i.err = r.readExport(ctx, i.inboxFile, threads); i.err != nil {
		i.err = fmt.Errorf("read %s: %w", i.label(), i.err)
	}
}
