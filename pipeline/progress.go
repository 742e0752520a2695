package pipeline

import "sync"

// Event says where a run is.
type Event struct {
	Step       string // read, settle, cover, report
	Item       string // a file, a snapshot
	Rows       int64  // rows read so far
	Done, Size int64  // bytes of the inbox done, and all
}

// Progress is told where a run is; nil: nobody listens. Calls come from one goroutine at a time.
type Progress func(Event)

// tracker adds events up.
type tracker struct {
	report Progress
	mu     sync.Mutex
	now    Event
}

func (t *tracker) files(files []inboxFile) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, file := range files {
		t.now.Size += file.info.Size()
	}
}

func (t *tracker) step(step, item string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now.Step, t.now.Item = step, item
	t.tell()
}

func (t *tracker) rows(rows int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now.Rows += rows
	t.tell()
}

func (t *tracker) file(file inboxFile) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now.Done += file.info.Size()
	t.tell()
}

// tell is called with the lock held.
func (t *tracker) tell() {
	if t.report != nil {
		t.report(t.now)
	}
}
