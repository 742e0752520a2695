// Package queries holds the SQL of tapcov, one statement a file. The files run as they lie, on any
// engine that knows the common subset; what they read and return stands in their headers.
package queries

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed */*.sql
var files embed.FS

// Text returns the statement of a file such as "settle/terminals". A name that does not exist is a
// mistake in the program, so it panics.
func Text(name string) string {
	text, err := files.ReadFile(name + ".sql")
	if err != nil {
		panic(fmt.Sprintf("no such query: %s", name))
	}
	return string(text)
}

// Names returns the names of all queries, in byte order.
func Names() []string {
	found, err := fs.Glob(files, "*/*.sql")
	if err != nil {
		panic(err)
	}
	for i, name := range found {
		found[i] = strings.TrimSuffix(name, ".sql")
	}
	return found
}
