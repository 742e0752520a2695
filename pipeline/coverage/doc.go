// Package coverage counts settled terminals and judges claims about them.
//
// Cover counts once, at the finest grain, and derives every level from it; Judge compares counts as
// integers with what a claim says. Populations are data: a condition that is true (counted), false
// (left out) or null (undecided: counted as unknown).
package coverage
