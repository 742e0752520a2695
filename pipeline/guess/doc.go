// Package guess reads files that no profile describes: [Inspect] says what a file is and drafts its profile,
// [Quick] does the whole job on it in a workspace that nobody sees, and says every assumption it made.
//
// Both look at the head of a file (look.go), count its columns (counts.go) and guess what they mean
// (guess.go, mapping.go, date.go). What is guessed is a profile like any other: reading, settling and
// counting are those of a run.
package guess
