package export

import (
	"io"

	"github.com/tapcov/tapcov/pipeline/export/columnar"
	"github.com/tapcov/tapcov/pipeline/export/table"
	"github.com/tapcov/tapcov/pipeline/export/workbook/html"
	"github.com/tapcov/tapcov/pipeline/export/workbook/ods"
	"github.com/tapcov/tapcov/pipeline/export/workbook/xls"
	"github.com/tapcov/tapcov/pipeline/export/workbook/xlsx"
	"github.com/tapcov/tapcov/pipeline/export/workbook/xmlss"
)

// A format is a kind of file that is not lines of text: what its content begins with, and what yields
// its tables.
type format struct {
	kind string // as Format.Kind has it
	// sniff reports whether a file is of this kind. head has its first bytes, sniffSize at most.
	sniff func(head []byte, file io.ReaderAt, size int64) bool
	open  func(file io.ReaderAt, size int64, limits table.Limits) (table.Reader, error)
}

// sniffSize is how many bytes of a file tell its format.
const sniffSize = 4 << 10

// formats are tried in order; what is none of them is text.
var formats = []format{
	{"ods", ods.Sniff, ods.Open},
	{"fods", ods.SniffFlat, ods.OpenFlat},
	{"xmlss", xmlss.Sniff, xmlss.Open},
	{"xlsx", xlsx.Sniff, xlsx.Open},
	{"parquet", columnar.SniffParquet, columnar.OpenParquet},
	{"arrow", columnar.SniffArrow, columnar.OpenArrow},
	{"arrow stream", columnar.SniffStream, columnar.OpenStream},
	{"xls", xls.Sniff, xls.Open},
	{"html", html.Sniff, html.Open},
}

// formatOf returns the format of a file, nil if it is text or unknown.
func formatOf(head []byte, content func() (io.ReaderAt, int64)) *format {
	file, size := content()
	for i := range formats {
		if formats[i].sniff(head, file, size) {
			return &formats[i]
		}
	}
	return nil
}

// Bounds of what a file may unpack to, where Options say nothing.
const (
	defaultUnpacked    = 4 << 30
	defaultTableMemory = 256 << 20
)

// limits are the bounds of a file that is no text.
func (o Options) limits() table.Limits {
	l := table.Limits{Unpacked: o.Unpacked, Memory: o.Memory, Record: o.RecordLimit}
	if l.Unpacked == 0 {
		l.Unpacked = defaultUnpacked
	}
	if l.Memory == 0 {
		l.Memory = defaultTableMemory
	}
	if l.Record == 0 {
		l.Record = defaultRecordLimit
	}
	return l
}
