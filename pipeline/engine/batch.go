package engine

import (
	"errors"
	"fmt"
	"os"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// WriteBatch writes one small batch as a Parquet file at path, which must be new, without starting the
// engine's own writer. It is for files of some thousand rows: larger ones come out larger and slower than
// those of [Engine.Ingest]. It syncs nothing; on error no file is left.
func WriteBatch(batch arrow.RecordBatch, path string) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write batch: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write batch: %w", err), remove(path))
		}
	}()
	writer, err := pqarrow.NewFileWriter(batch.Schema(), file, parquet.NewWriterProperties(
		parquet.WithCompression(compress.Codecs.Snappy), parquet.WithDictionaryDefault(false),
	), pqarrow.DefaultWriterProps())
	if err != nil {
		return errors.Join(err, file.Close())
	}
	if err := writer.Write(batch); err != nil {
		return errors.Join(err, file.Close())
	}
	return writer.Close() // closes the file as well
}
