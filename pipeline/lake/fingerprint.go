package lake

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// The fingerprint's view of an edition. Its fields are listed here one by one, so that a new field of
// the manifest changes no fingerprint before somebody decides that it should.
type (
	printed struct {
		Inputs     Inputs            `json:"inputs"`
		Deliveries []printedDelivery `json:"deliveries"`
		Snapshots  []printedSnapshot `json:"snapshots"`
		Claims     printedFile       `json:"claims"`
	}
	printedDelivery struct {
		Source       string        `json:"source"`
		SnapshotDate string        `json:"snapshot_date"`
		Part         string        `json:"part"`
		Version      string        `json:"version"`
		ExportID     string        `json:"export_id"`
		InventoryID  string        `json:"inventory_id"`
		State        DeliveryState `json:"state"`
		Rows         printedFile   `json:"rows"`
		Traits       printedFile   `json:"traits,omitzero"`
		Rejects      printedFile   `json:"rejects"`
		IsUsage      bool          `json:"is_usage,omitempty"`
	}
	printedSnapshot struct {
		Date      string        `json:"snapshot_date"`
		State     SnapshotState `json:"state"`
		Members   []Member      `json:"members"`
		Usage     []UsageMonths `json:"usage,omitempty"`
		Settled   printedFile   `json:"settled"`
		Merchants printedFile   `json:"merchants"`
		Coverage  printedFile   `json:"coverage"`
	}
	// printedFile leaves the size out: equal rows may be packed differently by two threads than by one.
	printedFile struct {
		Rows int64  `json:"rows"`
		Hash string `json:"hash"`
	}
)

// computeFingerprint returns the SHA-256, in hexadecimal, of all that determines the numbers of the
// edition and of nothing else: not the edition number, the tool version, the names under which exports
// were delivered, the words of a reason, the names and sizes of files, and the order of anything.
// The manifest is sorted.
func (m *Manifest) computeFingerprint() (string, error) {
	view := printed{
		Inputs:     m.Inputs,
		Deliveries: make([]printedDelivery, len(m.Deliveries)),
		Snapshots:  make([]printedSnapshot, len(m.Snapshots)),
		Claims:     printFile(m.Claims),
	}
	for i, d := range m.Deliveries {
		view.Deliveries[i] = printedDelivery{
			Source: d.Source, SnapshotDate: d.SnapshotDate, Part: d.Part, Version: d.Version,
			ExportID: d.ExportID, InventoryID: d.InventoryID, State: d.State,
			Rows: printFile(d.Rows), Traits: printFile(d.Traits), Rejects: printFile(d.Rejects), IsUsage: d.IsUsage,
		}
	}
	for i, s := range m.Snapshots {
		view.Snapshots[i] = printedSnapshot{
			Date: s.Date, State: s.State, Members: s.Members, Usage: s.Usage,
			Settled: printFile(s.Settled), Merchants: printFile(s.Merchants), Coverage: printFile(s.Coverage),
		}
	}
	data, err := json.Marshal(view)
	if err != nil {
		return "", fmt.Errorf("compute fingerprint: %w", err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

func printFile(file File) printedFile { return printedFile{Rows: file.Rows, Hash: file.Hash} }
