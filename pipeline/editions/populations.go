package editions

import (
	"time"

	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// Populations are the populations at a snapshot: the built-in ones and a workspace's own.
func Populations(config workspace.Config, snapshot time.Time) []coverage.Population {
	populations := coverage.Populations(snapshot)
	for _, own := range config.Populations {
		populations = append(populations, coverage.Population{Name: own.Name, Title: own.Title, Where: own.Where})
	}
	return populations
}
