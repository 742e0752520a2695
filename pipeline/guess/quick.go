package guess

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
	"github.com/tapcov/tapcov/reports"
)

// QuickOptions says what Quick is told beside the files.
type QuickOptions struct {
	Mappings  []QuickMapping
	Snapshot  string // yyyy-mm-dd, the date that every file describes; "": found or assumed
	Save      string // folder that becomes a workspace of the same sources; "": none
	Rows      int    // how many regions and merchants, the largest; 0: all of them
	Overrides workspace.Overrides
	Version   string
	Progress  pipeline.Progress
}

// QuickAnswer is what files say when nobody wrote a profile for them, and on which assumptions.
type QuickAnswer struct {
	Headline    QuickRow                   `json:"headline"` // no terminals: nothing was counted
	Population  string                     `json:"population"`
	Reading     string                     `json:"reading"`
	Snapshots   []pipeline.SnapshotSummary `json:"snapshots"`
	Level       string                     `json:"level"` // of Regions
	RegionTitle string                     `json:"region_title"`
	Regions     []QuickRow                 `json:"regions"`
	RegionCount int                        `json:"region_count"`
	Merchants   []QuickRow                 `json:"merchants"`

	MerchantCount int64           `json:"merchant_count"`
	Assumptions   []QuickNote     `json:"assumptions"`
	Steps         []QuickStep     `json:"next"`
	SetAside      []QuickSetAside `json:"set_aside"`
	Saved         string          `json:"saved,omitempty"`
}

// QuickRow is one row of coverage. A share is null where there are no terminals.
type QuickRow struct {
	Level          string   `json:"level"`
	Key            string   `json:"key"`
	Name           string   `json:"name"`
	TerminalCount  int64    `json:"terminal_count"`
	YesCount       int64    `json:"yes_count"`
	NoCount        int64    `json:"no_count"`
	UnknownCount   int64    `json:"unknown_count"`
	UndecidedCount int64    `json:"undecided_count"`
	RejectedCount  int64    `json:"rejected_count"`
	CarriedCount   int64    `json:"carried_count"`
	MissingCount   int64    `json:"missing_count"`
	LowerShare     *float64 `json:"lower_share"`
	UpperShare     *float64 `json:"upper_share"`
	Share          string   `json:"share"` // the interval as printed
}

// QuickNote is one assumption. Source is empty where there is one source only.
type QuickNote struct {
	Source string `json:"source,omitempty"`
	Text   string `json:"text"`
}

// QuickStep is something to do next: the words to add to the command, and what they are good for.
type QuickStep struct {
	Words []string `json:"words"`
	Why   string   `json:"why"`
}

// QuickSetAside is a file that could not be counted. Columns tells what is in it where a column is
// missing, those first that may be the one.
type QuickSetAside struct {
	File    string        `json:"file"`
	Why     string        `json:"why"`
	Columns []QuickColumn `json:"columns,omitempty"`
	Words   []string      `json:"words,omitempty"` // that may help
}

// QuickColumn is a header and the first of its values, card numbers masked.
type QuickColumn struct {
	Header string   `json:"header"`
	Values []string `json:"values"`
}

// QuickError says what is wrong with what Quick was given: a file that is not there, a header that no
// file has.
type QuickError struct{ err error }

// Error says what is wrong.
func (e *QuickError) Error() string { return e.err.Error() }

// Unwrap returns the cause.
func (e *QuickError) Unwrap() error { return e.err }

func quickMistake(format string, args ...any) error {
	return &QuickError{fmt.Errorf(format, args...)}
}

// quick is one execution of Quick.
type quick struct {
	QuickOptions
	set     *reference.Set
	against []reports.Ratio // what printed shares keep their side of
	files   []*quickFile
	sources []*quickSource
	answer  *QuickAnswer
	dir     string // the workspace that answers, gone when Quick returns
}

// Quick counts coverage in files without a workspace: it guesses how they are read, runs the whole
// job on a workspace of its own, and says every assumption it made. A file that cannot be read is
// set aside in the answer. What is wrong with the words of the caller is a *QuickError.
func Quick(ctx context.Context, paths []string, options QuickOptions) (answer *QuickAnswer, err error) {
	q := &quick{QuickOptions: options, answer: &QuickAnswer{
		Snapshots: []pipeline.SnapshotSummary{}, Regions: []QuickRow{}, Merchants: []QuickRow{},
		Assumptions: []QuickNote{}, Steps: []QuickStep{}, SetAside: []QuickSetAside{},
	}}
	if err := q.check(); err != nil {
		return nil, err
	}
	if q.set, err = reference.Load(""); err != nil {
		return nil, err
	}
	q.against = editions.ClaimedShares(q.set.Claims.List())
	if err := q.look(paths); err != nil {
		return nil, err
	}
	if err := q.guess(ctx); err != nil {
		return nil, err
	}
	if len(q.sources) == 0 {
		return q.answer, nil
	}
	if q.dir, err = os.MkdirTemp("", "tapcov-quick-*"); err != nil {
		return nil, fmt.Errorf("make room for a workspace: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(q.dir)) }()
	if err := q.count(ctx); err != nil {
		return nil, err
	}
	if q.Save != "" {
		if err := q.save(ctx); err != nil {
			return nil, fmt.Errorf("save %s: %w", q.Save, err)
		}
		q.answer.Saved = q.Save
	}
	return q.answer, nil
}

// check finds mistakes before anything is read.
func (q *quick) check() error {
	if q.Snapshot != "" {
		if _, err := time.Parse(time.DateOnly, q.Snapshot); err != nil {
			return quickMistake("date %q is not of the form 2017-01-31", q.Snapshot)
		}
	}
	if q.Save != "" && workspace.Exists(filepath.Join(q.Save, workspace.FileName)) {
		return quickMistake("%q is a workspace already: choose another folder", q.Save)
	}
	return nil
}

// look opens every file and finds its header.
func (q *quick) look(paths []string) error {
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return quickMistake("there is no file %q", path)
		case err != nil:
			return &QuickError{err}
		case info.IsDir():
			return quickMistake("%q is a folder: name its files, or make a workspace with `tapcov init`", path)
		case slices.ContainsFunc(q.files, func(f *quickFile) bool { return os.SameFile(f.info, info) }):
			continue // the same file under another name, or twice by a pattern of the shell
		}
		file, err := q.open(path, info)
		var refused *export.RefusedError
		switch {
		case errors.As(err, &refused):
			q.setAside(path, refused.Err.Error())
		case err != nil:
			return err
		default:
			q.files = append(q.files, file)
		}
	}
	return q.checkMappings()
}

func (q *quick) setAside(path, why string) {
	q.answer.SetAside = append(q.answer.SetAside, QuickSetAside{File: path, Why: why})
}

// config is the configuration that the guesses come to.
func (q *quick) config() workspace.Config {
	config := workspace.Config{Estate: workspace.Estate{Area: q.country()}}
	for _, source := range q.sources {
		config.Sources = append(config.Sources, source.profile)
	}
	return config
}

// count makes the workspace that answers, runs it and reads the answer.
func (q *quick) count(ctx context.Context) error {
	if err := workspace.Write(q.dir, q.config()); err != nil {
		return err
	}
	ws, err := workspace.Load(q.dir, q.Overrides)
	if err != nil {
		return err
	}
	for _, source := range q.sources {
		for _, file := range source.files {
			absolute, err := filepath.Abs(file.path)
			if err != nil {
				return fmt.Errorf("find %s: %w", file.path, err)
			}
			target := filepath.Join(ws.Inbox(source.profile.Name), filepath.FromSlash(file.name))
			if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
				return fmt.Errorf("make room for %s: %w", file.path, err)
			}
			if err := os.Symlink(absolute, target); err != nil {
				return fmt.Errorf("make room for %s: %w", file.path, err)
			}
		}
	}
	// No source declares a rhythm, so no day decides anything.
	summary, err := pipeline.Run(ctx, ws, pipeline.Options{Version: q.Version, Progress: q.Progress})
	if err != nil {
		return err
	}
	q.reportSetAside(summary)
	if len(summary.Snapshots) == 0 {
		return nil
	}
	edition, err := editions.Open(ctx, ws, 0)
	if err != nil {
		return err
	}
	return errors.Join(q.fill(ctx, edition, summary), edition.Close())
}

// save writes the workspace that gives the same numbers: the exports first, and last the file that
// makes it a workspace. What was copied goes again if that fails.
func (q *quick) save(ctx context.Context) (err error) {
	var copied []string
	defer func() {
		for _, target := range copied {
			if err != nil {
				_ = os.Remove(target)
			}
		}
	}()
	for _, source := range q.sources {
		for _, file := range source.files {
			if err := ctx.Err(); err != nil {
				return context.Cause(ctx)
			}
			target := filepath.Join(q.Save, "inbox", source.profile.Name, filepath.FromSlash(file.name))
			if err := copyFile(file.path, target); err != nil {
				return err
			}
			copied = append(copied, target)
		}
	}
	return workspace.Write(q.Save, q.config())
}

// copyFile copies a file to a path where none is yet.
func copyFile(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	if err = errors.Join(err, target.Close()); err != nil {
		_ = os.Remove(to)
	}
	return err
}
