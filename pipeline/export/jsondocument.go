package export

import (
	"io"

	"github.com/tapcov/tapcov/pipeline/export/container"
	"github.com/tapcov/tapcov/pipeline/export/jsonrow"
	"github.com/tapcov/tapcov/pipeline/export/text"
)

// documentHead is how much of a text tells that it is a JSON document.
const documentHead = 8 << 10

// openDocument reads a file that is a JSON document, whatever it is wrapped in.
func (e *Export) openDocument(opts Options) error {
	var document *jsonrow.Document
	err := e.guardTables(func() (err error) {
		document, err = jsonrow.Open(e.text, opts.limits())
		return err
	})
	if err != nil {
		return e.refused(err)
	}
	e.tableFile = &tableFile{reader: document}
	e.format.Kind, e.format.Delimiter, e.format.LineEnd = "json", "none", ""
	return e.readHeads(opts.Known)
}

// text reads the text of the file in UTF-8 from its start.
func (e *Export) text() (io.ReadCloser, error) {
	stream, err := container.NewStream(io.NewSectionReader(e.file, 0, 1<<62), e.kind, false)
	if err != nil {
		return nil, err
	}
	decoder := text.Decoder(e.reading.encoding)
	if decoder == nil {
		return streamReader{stream, stream}, nil
	}
	return streamReader{decoder.Reader(stream), stream}, nil
}

// streamReader closes the stream that it reads through.
type streamReader struct {
	io.Reader
	stream *container.Stream
}

func (r streamReader) Close() error {
	r.stream.Close()
	return nil
}
