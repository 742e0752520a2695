// Package sample makes synthetic exports: the sample workspace that people try the program on, and
// inventories of any size to measure it with.
//
// Both are deterministic. The same call writes the same bytes, whatever the machine, the clock and
// the number of threads. All acquirers, merchants and terminals are invented; division codes, device
// models, merchant category codes and three brand names are real.
package sample
