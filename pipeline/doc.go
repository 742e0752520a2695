// Package pipeline is the table of contents: what a run does, in order.
//
//  1. look     — the files of the inbox and the exports they are (look.go)
//  2. read     — each export that the lake does not know yet becomes an inventory (read.go)
//  3. place    — exports take their place by source and snapshot; what is in force (place.go)
//  4. settle   — the inventories in force become one row per terminal, tagged (snapshot.go)
//  5. cover    — terminals become counts at every level (snapshot.go)
//  6. judge    — counts become verdicts (judge.go)
//  7. publish  — everything becomes an edition by one rename (run.go)
//  8. report   — the edition becomes tables and a page (report.go)
//
// What is published is read by package editions; files that no profile describes by package guess.
//
// Each step writes files named by what they are made from, so a step whose inputs did not change is
// not done again, and a run that was killed is taken up where it stopped.
package pipeline
