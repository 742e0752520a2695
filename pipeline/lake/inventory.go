package lake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// An Inventory is what is known of one export once it has been read: its conformed rows, its rejects
// and its own accounts. It is kept beside the rows, so that a run killed before it could publish
// leaves the work for the next one, and it stays valid when the export is gone.
//
// Format, Layout, Problems and Tally belong to the stages that fill them; the lake keeps them as they are.
type Inventory struct {
	LakeFormat   int             `json:"lake_format"`
	ID           string          `json:"id"`
	ExportID     string          `json:"export_id"` // SHA-256 of the bytes
	Source       string          `json:"source"`
	SnapshotDate string          `json:"snapshot_date"`        // iso
	Part         string          `json:"part,omitempty"`       // delivery: parts only
	Version      string          `json:"version,omitempty"`    // as the export gives it
	Profile      string          `json:"profile,omitempty"`    // hash of the reading part of the profile
	Conform      string          `json:"conform,omitempty"`    // conform version
	Refused      string          `json:"refused,omitempty"`    // why no row could be taken; then there are no files
	Bytes        int64           `json:"bytes,omitempty"`      // size of the export; 0: not asked for yet
	MD5          string          `json:"md5,omitempty"`        // of the export's bytes; empty: not asked for yet
	SideFiles    []SideFile      `json:"side_files,omitempty"` // what has stood beside the export, in order of names
	Rows         File            `json:"rows,omitzero"`
	Traits       File            `json:"traits,omitzero"`    // what the numbers in the rows stand for
	Rejects      File            `json:"rejects,omitzero"`   // none if there was nothing to set aside
	Usage        *Usage          `json:"usage,omitempty"`    // of an export of usage: Rows are collapsed then, and have no traits
	Format       json.RawMessage `json:"format,omitempty"`   // what export found: format, encoding, dialect, header
	Layout       json.RawMessage `json:"layout,omitempty"`   // which column was read from what
	Problems     json.RawMessage `json:"problems,omitempty"` // of a refused one, by code, as far as its layout is to blame
	Tally        json.RawMessage `json:"tally,omitempty"`    // the tie-out of the export
}

// Usage is what an export of usage tells of transactions.
type Usage struct {
	Acquirers []string `json:"acquirers"`         // as the rows name them, in order; of very many the first ones
	Months    []string `json:"months"`            // iso, their first days; in order
	Undated   int64    `json:"undated,omitempty"` // rows of the export without a month
}

// A SideFile is what a file beside an export says of it; what it does not say is empty.
type SideFile struct {
	Name   string `json:"name"` // below inbox/<source>
	Count  *int64 `json:"count,omitempty"`
	Bytes  *int64 `json:"bytes,omitempty"`
	MD5    string `json:"md5,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	Fault  string `json:"fault,omitempty"` // why it cannot be used
}

// Inventory returns the inventory with that id, or nil if it is to be made (again): it exists once
// [Writer.SaveInventory] has returned, and as long as its facts and files are whole.
func (l *Lake) Inventory(id string) (*Inventory, error) {
	path := sidecarPath(l.InventoryPath(id))
	var inventory Inventory
	found, err := readSidecar(path, &inventory)
	if err != nil || !found {
		return nil, err
	}
	if err := knownFormat(path, inventory.LakeFormat); err != nil {
		return nil, err
	}
	if inventory.ID != id {
		return nil, fmt.Errorf("%s names inventory %q", path, inventory.ID)
	}
	for _, file := range []File{inventory.Rows, inventory.Traits, inventory.Rejects} {
		if !file.IsZero() && !l.Has(file) {
			return nil, nil
		}
	}
	return &inventory, nil
}

// Inventories returns all inventories that exist, in order of their ids.
func (l *Lake) Inventories() ([]*Inventory, error) {
	entries, err := os.ReadDir(l.path("inventory"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list inventories: %w", err)
	}
	var all []*Inventory
	for _, entry := range entries {
		id, isSidecar := strings.CutSuffix(entry.Name(), ".json")
		if !isSidecar {
			continue
		}
		inventory, err := l.Inventory(id)
		if err != nil {
			return nil, err
		}
		if inventory != nil {
			all = append(all, inventory)
		}
	}
	return all, nil
}

// SaveInventory makes an inventory known. Its files must be in place; it sets LakeFormat.
func (w *Writer) SaveInventory(inventory *Inventory) error {
	if inventory.Rows.IsZero() == (inventory.Refused == "") {
		return fmt.Errorf("save inventory %s: it needs either rows or the reason why it has none", inventory.ID)
	}
	for _, file := range []File{inventory.Rows, inventory.Traits, inventory.Rejects} {
		if file.IsZero() {
			continue
		}
		if err := w.verify(file); err != nil {
			return fmt.Errorf("save inventory %s: %w", inventory.ID, err)
		}
	}
	inventory.LakeFormat = Format
	return w.writeJSON(sidecarPath(w.InventoryPath(inventory.ID)), inventory)
}
