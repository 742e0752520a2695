// Package result writes the result of a query in a format, batch by batch: what is in memory at a time is
// a batch, however many rows there are.
package result

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
)

// Batches is a result. Each batch is the reader's to release.
type Batches interface {
	Schema() *arrow.Schema
	Next() bool
	Batch() arrow.RecordBatch
	Err() error
}

// Format is a format that results are written in.
type Format string

// The formats.
const (
	Table    Format = "table"
	CSV      Format = "csv"
	TSV      Format = "tsv"
	JSON     Format = "json"
	JSONL    Format = "jsonl"
	Markdown Format = "markdown"
	XLSX     Format = "xlsx"
	Parquet  Format = "parquet" // which the engine writes itself
	Arrow    Format = "arrow"
)

// Formats lists the formats.
var Formats = []Format{Table, CSV, TSV, JSON, JSONL, Markdown, XLSX, Parquet, Arrow}

// IsBinary tells whether a format is nothing for a terminal.
func (f Format) IsBinary() bool { return f == XLSX || f == Parquet || f == Arrow }

// FormatOf returns the format that the name of a file asks for.
func FormatOf(name string) (format Format, ok bool) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".txt":
		return Table, true
	case ".csv":
		return CSV, true
	case ".tsv", ".tab":
		return TSV, true
	case ".json":
		return JSON, true
	case ".jsonl", ".ndjson":
		return JSONL, true
	case ".md":
		return Markdown, true
	case ".xlsx":
		return XLSX, true
	case ".parquet":
		return Parquet, true
	case ".arrow", ".arrows", ".feather", ".ipc":
		return Arrow, true
	}
	return "", false
}

// writer writes one format. begin and end stand around the rows.
type writer interface {
	begin(fields []arrow.Field) error
	batch(batch arrow.RecordBatch) error
	end() error
}

// Write writes a result and returns its number of rows. A file (isFile) is what others will open at any
// place; a stream they read from its beginning.
func Write(w io.Writer, format Format, isFile bool, batches Batches) (rows int64, err error) {
	buffered := bufio.NewWriterSize(w, 64<<10)
	var out writer
	switch format {
	case CSV:
		out = &textWriter{w: buffered, comma: ','}
	case TSV:
		out = &textWriter{w: buffered, comma: '\t'}
	case JSON, JSONL:
		out = &jsonWriter{w: buffered, isList: format == JSON}
	case Markdown:
		out = &markdownWriter{w: buffered}
	case XLSX:
		out = &bookWriter{w: buffered}
	case Arrow:
		out = &arrowWriter{w: buffered, isFile: isFile}
	default:
		return 0, fmt.Errorf("no writer of format %q", format)
	}
	if err := out.begin(batches.Schema().Fields()); err != nil {
		return 0, err
	}
	for batches.Next() {
		batch := batches.Batch()
		err := out.batch(batch)
		rows += batch.NumRows()
		batch.Release()
		if err != nil {
			return rows, err
		}
	}
	if err := batches.Err(); err != nil {
		return rows, err
	}
	if err := out.end(); err != nil {
		return rows, err
	}
	return rows, buffered.Flush()
}
