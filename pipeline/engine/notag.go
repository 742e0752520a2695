//go:build !duckdb_arrow

package engine

// This file stops a build without the tag that puts DuckDB's Arrow interface into the driver.

/*
#error "tapcov is built with -tags duckdb_arrow: go build -tags duckdb_arrow ./cmd/tapcov"
*/
import "C"
