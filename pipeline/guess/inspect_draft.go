package guess

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// DraftProfiles returns the profiles of files as YAML, a list for `sources:` of tapcov.yaml, with what
// they assume.
func DraftProfiles(ctx context.Context, paths []string) (yaml string, assumptions []string, err error) {
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			return "", nil, err
		}
	}
	q, err := drafted(ctx, paths, nil)
	if err != nil {
		return "", nil, err
	}
	if key := q.likelyKey(); len(q.answer.SetAside) > 0 && key != "" {
		if q, err = drafted(ctx, paths, []QuickMapping{{Column: "terminal_id", Header: key}}); err != nil {
			return "", nil, err
		}
		assumptions = append(assumptions, fmt.Sprintf("%q is the terminal id: every record has a value of its own there", key))
	}
	for _, aside := range q.answer.SetAside {
		return "", nil, fmt.Errorf("draft a profile of %s: %s", aside.File, aside.Why)
	}
	for _, note := range q.answer.Assumptions {
		assumptions = append(assumptions, note.Text)
	}
	var text strings.Builder
	text.WriteString("sources:\n")
	for _, source := range q.sources {
		text.Write(workspace.RenderSource(source.profile))
	}
	return text.String(), assumptions, nil
}

// drafted guesses the profiles of files, as Quick does.
func drafted(ctx context.Context, paths []string, mappings []QuickMapping) (q *quick, err error) {
	q = &quick{QuickOptions: QuickOptions{Mappings: mappings}, answer: &QuickAnswer{}}
	if q.set, err = reference.Load(""); err != nil {
		return nil, err
	}
	if err := q.look(paths); err != nil {
		return nil, err
	}
	return q, q.guess(ctx)
}

// likelyKey is the first header under which every record of every file has a value of its own.
func (q *quick) likelyKey() string {
	if len(q.files) == 0 {
		return ""
	}
	for _, c := range q.files[0].sample {
		isKey := !slices.ContainsFunc(q.files, func(f *quickFile) bool {
			return !slices.ContainsFunc(f.sample, func(other sampledColumn) bool {
				return other.Header == c.Header && other.isKey(f.records())
			})
		})
		if isKey {
			return c.Header
		}
	}
	return ""
}
