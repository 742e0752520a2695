package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/pipeline"
)

// progress shows where a run is: a bar on a terminal, one plain line a step elsewhere.
type progress struct {
	w    io.Writer
	bar  *progressbar.ProgressBar
	last string
	mute bool
}

func newProgress(w io.Writer, quiet bool) *progress {
	p := &progress{w: w, mute: quiet}
	if !quiet && isTerminal(w) {
		p.bar = progressbar.NewOptions64(-1,
			progressbar.OptionSetWriter(w), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(24), progressbar.OptionShowBytes(true))
	}
	return p
}

func (p *progress) update(e pipeline.Event) {
	if p.mute {
		return
	}
	label := strings.TrimSpace(e.Step + " " + e.Item)
	if p.bar == nil {
		if label != "" && label != p.last {
			fmt.Fprintln(p.w, output.Clean(label))
		}
		p.last = label
		return
	}
	if e.Size > 0 && p.bar.GetMax64() != e.Size {
		p.bar.ChangeMax64(e.Size)
	}
	if label != p.last {
		p.bar.Describe(output.Clean(label))
		p.last = label
	}
	_ = p.bar.Set64(e.Done)
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
