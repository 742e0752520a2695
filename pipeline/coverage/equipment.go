package coverage

import (
	"context"
	"fmt"
)

// Merchants are grouped once, whatever devices they have: what states a merchant's terminals have by
// vendor, by model and by type stands in a few whole numbers of its row, nine bits to a key, as long as
// there is room. Levels with more keys than that are grouped by merchant one by one.
const (
	equipmentWords = 4 // columns equipment_0 … of queries/cover/owners.sql
	slotBits       = 9 // one for each state
	slotsPerWord   = 63 / slotBits
)

// deviceLevels are the levels whose keys are of devices, those with the fewest keys first.
var deviceLevels = []string{"device_type", "vendor", "model"}

// slot is where the states of a key stand.
type slot struct{ word, shift int }

// installEquipment makes slots (one row per level and key that has one) and equipment (one row per device
// and state: the columns equipment_… of a terminal of that device and state), and returns the levels
// that got no slots.
func (c *covering) installEquipment(ctx context.Context) (crowded []string, err error) {
	slots := map[string]map[int32]slot{}
	var rows [][]any
	used := 0
	for _, level := range deviceLevels {
		keys := map[int32]slot{}
		for _, device := range c.devices {
			if _, known := keys[device[level]]; !known {
				at := used + len(keys)
				keys[device[level]] = slot{at / slotsPerWord, at % slotsPerWord * slotBits}
			}
		}
		if used+len(keys) > equipmentWords*slotsPerWord {
			crowded = append(crowded, level)
			continue
		}
		used += len(keys)
		slots[level] = keys
		for key, at := range keys {
			rows = append(rows, []any{levelNumber(level), int64(key), int32(at.word), int64(at.shift)})
		}
	}
	if err := c.engine.Fill(ctx, "slots", "level_number integer, key_number bigint, word integer, shift bigint", rows); err != nil {
		return nil, err
	}
	columns := "device_state integer"
	for word := range equipmentWords {
		columns += fmt.Sprintf(", equipment_%d bigint", word)
	}
	return crowded, c.engine.Fill(ctx, "equipment", columns, c.equipment(slots))
}

// equipment returns a row per device and state.
func (c *covering) equipment(slots map[string]map[int32]slot) [][]any {
	var rows [][]any
	for i, device := range c.devices {
		for bit := range slotBits {
			state := 1 << bit
			var words [equipmentWords]int64
			for level, keys := range slots {
				at := keys[device[level]]
				words[at.word] |= int64(state) << at.shift
			}
			row := []any{int32((i+1)<<slotBits + state)}
			for _, word := range words {
				row = append(row, word)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// countEquipment adds the merchants by key of every level of devices to merchant_counts.
func (c *covering) countEquipment(ctx context.Context, batches, crowded []string) error {
	if err := c.append(ctx, "merchant_counts", "cover/equipment_counts"); err != nil || len(crowded) == 0 {
		return err
	}
	for _, batch := range batches {
		if err := c.engine.View(ctx, "merchant_batch", "select * from merchant_members where "+batch); err != nil {
			return err
		}
		for _, level := range crowded {
			keys := fmt.Sprintf("select device_number, %d as level_number, cast(%s as bigint) as key_number from device_keys", levelNumber(level), level)
			if err := c.engine.View(ctx, "level_devices", keys); err != nil {
				return err
			}
			if err := c.append(ctx, "merchant_counts", "cover/merchant_devices"); err != nil {
				return err
			}
		}
	}
	return nil
}
