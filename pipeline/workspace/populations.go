package workspace

import "github.com/tapcov/tapcov/pipeline/workspace/scalar"

// PlaceInPopulation returns line and column, in the workspace's configuration, of what comes after a
// beginning of the condition of one of its own populations.
func (w *Workspace) PlaceInPopulation(name, before string) (line, column int) {
	for i, p := range w.Config.Populations {
		if p.Name == name {
			where := w.marks.at("populations").item(i).at("where").value
			return scalar.Place(w.text, where.line, where.column, before)
		}
	}
	return 0, 0
}
