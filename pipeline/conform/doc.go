// Package conform turns a Block of raw cells and the profile of its source into one typed Arrow
// batch of inventory rows and the rejects that were set aside.
//
// Bind looks at the first records of an export once: it finds the header, binds canonical columns
// to cells and says everything that is wrong with the mapping at once. A Binding then conforms
// Blocks, on as many goroutines as there are; Check judges the sum of what they counted.
//
// Nothing is repaired and nothing is dropped without a trace: every record of a Block is skipped
// (preamble, header), a row of the inventory, or a reject with line, reason and raw text; a cell
// that says nothing usable becomes null or "unknown" and, if it was not blank, a field defect.
package conform

// Version names the rules by which cells become inventory rows. It is part of every inventory's
// identity: an inventory made under another version stays valid until it is conformed again.
const Version = "3"
