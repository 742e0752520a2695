package pipeline

import (
	"context"
	"fmt"
	"runtime"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// Decode reads every export of a workspace into typed and validated batches, file by file on all threads,
// and keeps nothing: it is what reading alone costs. It returns the number of inventory rows.
func Decode(ctx context.Context, ws *workspace.Workspace) (rows int64, err error) {
	files, err := look(ws)
	if err != nil {
		return 0, err
	}
	r := &run{ws: ws}
	threads := ws.Config.Limits.Threads
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	for _, file := range files {
		of, err := r.decode(ctx, file, threads)
		if err != nil {
			return rows, fmt.Errorf("decode %s: %w", file.path, err)
		}
		rows += of
	}
	return rows, nil
}

func (r *run) decode(ctx context.Context, file inboxFile, threads int) (rows int64, err error) {
	reading, err := export.Open(file.path, r.exportOptions(file))
	if err != nil {
		return 0, err
	}
	defer reading.Close()
	binding, err := conform.Bind(reading.Head(), r.conformFile(file))
	if err != nil {
		return 0, err
	}
	emit := func(batch *conform.Batch) error {
		rows += batch.Tally.Inventory
		batch.Release()
		return nil
	}
	_, err = export.Decode(ctx, reading, threads, binding.Conform, emit, (*conform.Batch).Release)
	return rows, err
}
