package pipeline

import (
	"slices"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

func (r *run) reconforms(source string) bool {
	return slices.Contains(r.Reconform, source) || slices.Contains(r.Reconform, "*")
}

// catalog holds the inventories of the lake by what they were made from.
type catalog struct {
	byExport map[string][]*lake.Inventory // key: source, export id
	inForce  map[string]held              // key: source, export id, snapshot, part
	names    map[string][]string          // key: inventory id
	closed   map[string]bool              // ids of the inventories that closed snapshots were settled from
}

func (r *run) knownInventories() (*catalog, error) {
	all, err := r.lake.Inventories()
	if err != nil {
		return nil, err
	}
	c := &catalog{
		byExport: map[string][]*lake.Inventory{}, inForce: map[string]held{}, names: map[string][]string{}, closed: map[string]bool{},
	}
	byID := map[string]*lake.Inventory{}
	for _, inventory := range all {
		if inventory.Refused == "" && inventory.Usage == nil && inventory.Traits.IsZero() {
			continue // its rows are of a layout that was given up before the first release
		}
		key := exportKey(inventory)
		c.byExport[key] = append(c.byExport[key], inventory)
		byID[inventory.ID] = inventory
	}
	current, err := r.lake.Current()
	if err != nil || current == nil {
		return c, err
	}
	for _, snapshot := range current.Snapshots {
		for _, m := range snapshot.Members {
			c.closed[m.InventoryID] = c.closed[m.InventoryID] || snapshot.State == lake.SnapshotClosed
		}
		for _, u := range snapshot.Usage {
			c.closed[u.InventoryID] = c.closed[u.InventoryID] || snapshot.State == lake.SnapshotClosed
		}
	}
	for _, delivery := range current.Deliveries {
		inventory := byID[delivery.InventoryID]
		if inventory != nil && (r.hasSource(inventory.Source) || c.closed[inventory.ID]) {
			c.names[inventory.ID] = delivery.Files
			if inventory.Refused != "" {
				continue // nothing was taken from it: it counts as long as it lies in the inbox
			}
			c.inForce[placeKey(inventory)] = held{Inventory: inventory, names: delivery.Files}
		}
	}
	return c, nil
}

func (r *run) hasSource(name string) bool {
	return slices.ContainsFunc(r.ws.Config.Sources, func(s workspace.Source) bool { return s.Name == name })
}

func exportKey(inventory *lake.Inventory) string {
	return inventory.Source + "\x00" + inventory.ExportID
}

func placeKey(inventory *lake.Inventory) string {
	return exportKey(inventory) + "\x00" + inventory.SnapshotDate + "\x00" + inventory.Part
}

// find returns the inventory that a file's bytes already became under today's profile and name: the
// one of the current edition if there are several, of different conform versions. What a closed
// snapshot was settled from stays, whatever the profile says today.
func (c *catalog) find(file inboxFile, exportID, conformInputs string) *lake.Inventory {
	profile := workspace.ReadingHash(file.source)
	var found *lake.Inventory
	for _, inventory := range c.byExport[file.source.Name+"\x00"+exportID] {
		if !c.isOf(file, inventory, conformInputs) || (inventory.Profile != profile && !c.closed[inventory.ID]) {
			continue
		}
		if c.closed[inventory.ID] {
			return inventory
		}
		if found == nil || c.inForce[placeKey(inventory)].Inventory == inventory {
			found = inventory
		}
	}
	return found
}

// isOf tells whether a file of that name would become the inventory again, its bytes being the same.
// An export may be refused before its date is known; then only the name itself can tell.
func (c *catalog) isOf(file inboxFile, inventory *lake.Inventory, conformInputs string) bool {
	if inventory.Refused != "" {
		return inventory.Conform == conformInputs && slices.Contains(c.names[inventory.ID], file.name)
	}
	return conform.FitsName(file.source, file.name, inventory.SnapshotDate, inventory.Part, inventory.Version)
}

// deliver notes that the inbox holds the export of an inventory under a name. An inventory made from
// the same export under an older profile gives way, unless a closed snapshot stands on it; so does one
// of a lower version.
func (c *catalog) deliver(inventory *lake.Inventory, name string) {
	for key, other := range c.inForce {
		isSame := other.Source == inventory.Source && other.ExportID == inventory.ExportID
		if isSame && other.Profile != inventory.Profile && !c.closed[other.ID] {
			delete(c.inForce, key)
		}
	}
	names := c.names[inventory.ID]
	if !slices.Contains(names, name) {
		names = append(names, name)
		slices.Sort(names)
	}
	c.names[inventory.ID] = names
	key := placeKey(inventory)
	if rival, ok := c.inForce[key]; ok && lake.CompareVersions(rival.Version, inventory.Version) > 0 {
		return
	}
	c.inForce[key] = held{Inventory: inventory, names: names}
}

func (c *catalog) list() []held {
	all := make([]held, 0, len(c.inForce))
	for _, h := range c.inForce {
		h.isClosed = c.closed[h.ID]
		all = append(all, h)
	}
	return all
}
