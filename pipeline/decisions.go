package pipeline

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Decisions are the lines of reference/decisions.csv: what people decided about single exports.
// Columns: decision (prefer or withdraw), export_id (or its first 8 digits or more), reason.
type Decisions struct {
	prefer, withdraw []string
}

func (d Decisions) preferred(exportID string) bool { return hasPrefix(d.prefer, exportID) }
func (d Decisions) withdrawn(exportID string) bool { return hasPrefix(d.withdraw, exportID) }

func hasPrefix(prefixes []string, exportID string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(exportID, prefix) {
			return true
		}
	}
	return false
}

// leastPrefix is how many digits of an export id a decision must give.
const leastPrefix = 8

// readDecisions reads the decisions of a workspace; a file that is not there decides nothing.
func readDecisions(path string) (Decisions, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Decisions{}, nil
	}
	if err != nil {
		return Decisions{}, fmt.Errorf("read decisions: %w", err)
	}
	defer file.Close()
	reader := csv.NewReader(file)
	reader.FieldsPerRecord = 3
	rows, err := reader.ReadAll()
	if err != nil {
		return Decisions{}, fmt.Errorf("reference/decisions.csv: %w; each line is decision,export_id,reason", err)
	}
	var d Decisions
	for i, row := range rows {
		decision, id, reason := row[0], row[1], row[2]
		switch {
		case i == 0 && decision == "decision":
		case len(id) < leastPrefix:
			return d, fmt.Errorf("reference/decisions.csv:%d: export id %q is too short, give at least %d digits", i+1, id, leastPrefix)
		case reason == "":
			return d, fmt.Errorf("reference/decisions.csv:%d: a decision needs a reason", i+1)
		case decision == "prefer":
			d.prefer = append(d.prefer, id)
		case decision == "withdraw":
			d.withdraw = append(d.withdraw, id)
		default:
			return d, fmt.Errorf("reference/decisions.csv:%d: %q is neither prefer nor withdraw", i+1, decision)
		}
	}
	return d, nil
}
