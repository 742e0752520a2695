package workspace

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// loadReference loads the reference data of the workspace in w.Dir. What is wrong with its files
// comes as problems, and the set is then nil.
func loadReference(w *Workspace) (*reference.Set, []Problem, error) {
	set, err := reference.Load(w.ReferenceDir())
	var bad *reference.Error
	switch {
	case errors.As(err, &bad):
		var problems []Problem
		for _, p := range bad.Problems {
			problems = append(problems, Problem{w.relative(p.File), p.Line, p.Column, p.Message})
		}
		return nil, problems, nil
	case err != nil:
		return nil, nil, fmt.Errorf("load the reference data: %w", err)
	}
	return set, nil, nil
}

// checkClaims blames each claim on a population that neither method nor configuration defines.
func checkClaims(w *Workspace) []Problem {
	known := w.Populations()
	var problems []Problem
	for _, claim := range w.Reference.Claims.List() {
		if claim.Population == "" || slices.Contains(known, claim.Population) {
			continue
		}
		at := w.Reference.Claims.Place(claim.ID, "population")
		problems = append(problems, Problem{w.relative(at.File), at.Line, at.Column, fmt.Sprintf(
			"claim %q: unknown population %q%s", claim.ID, claim.Population, didYouMean(claim.Population, known))})
	}
	return problems
}

// relative names a file the way problems do: from the workspace, with slashes.
func (w *Workspace) relative(file string) string {
	if rel, err := filepath.Rel(w.Dir, file); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return file
}
