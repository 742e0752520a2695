// Package reports writes what a run found out: a CSV set and one self-contained HTML page per
// language. It defines the values it prints and imports no stage of the pipeline, which fills them.
//
// The formatting of shares, bounds and counts is exported (Bounds, Ratio, Number), so that the
// terminal says a figure in the same digits as the page.
package reports
