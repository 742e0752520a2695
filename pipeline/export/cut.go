package export

// A cutter makes cells of records that are a line each. It works on what a splitter without delimiter
// and quotes has found, so lines are read in parallel whatever they hold.
type cutter interface {
	// cut writes the cells of all rows that have no fault.
	cut(s *splitter)
}

// lines is the syntax of text in which a record is a line.
var lines = syntax{delimiter: noDelimiter, quote: noQuote, escape: noQuote}
