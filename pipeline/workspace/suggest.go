package workspace

import (
	"fmt"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// didYouMean ends a message about an unknown name: with the known name that is nearest, or that it
// begins, else with the known names where they are few, else with nothing.
func didYouMean(name string, known []string) string {
	nearest := fold.Nearest(name, known)
	for _, k := range known {
		if nearest == "" && len(name) >= 3 && strings.HasPrefix(k, fold.Text(name)) {
			nearest = k
		}
	}
	switch {
	case nearest != "":
		return fmt.Sprintf(", did you mean %q?", nearest)
	case len(known) > 0 && len(known) <= 12:
		return ": one of " + strings.Join(known, ", ")
	default:
		return ""
	}
}
