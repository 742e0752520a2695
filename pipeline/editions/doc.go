// Package editions is what can be asked of what has been published: the tables that SQL sees, coverage and
// claims, rejects and deliveries, why a terminal counts as it does, and the values that a report prints.
//
// Nothing here changes an edition or takes the lock. An [Edition] is opened for questions of ours, whose
// results are small; a [Session] for those of a user, which run in a sandbox and may be of any size.
package editions
