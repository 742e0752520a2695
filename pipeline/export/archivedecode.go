package export

import (
	"context"
	"io"
)

// decodeArchive is Decode for an archive: one member after the other.
func decodeArchive[T any](
	ctx context.Context, e *Export, threads int,
	work func(*Block) (T, error), emit func(T) error, drop func(T),
) (Summary, error) {
	total := Summary{Bytes: e.info.Size()}
	rows := map[int]int64{}
	blocks := 0
	for i, m := range e.members.list {
		own, before := e.members.selectedOf(i)
		if len(own) == 0 {
			continue
		}
		m.export.Select(own)
		first := blocks
		summary, err := Decode(ctx, m.export, threads,
			func(b *Block) (T, error) {
				b.Index, b.Table = b.Index+first, b.Table+before
				return work(b)
			},
			func(value T) error {
				blocks++
				return emit(value)
			}, drop)
		if err != nil {
			return Summary{}, e.memberError(m.name, err)
		}
		total.Records += summary.Records
		total.DamagedLines += summary.DamagedLines
		for at, t := range summary.Format.Tables {
			rows[m.first+at] = t.Rows
		}
		if len(summary.Format.Tables) == 0 {
			rows[m.first] = summary.Records
		}
	}
	var err error
	if total.ID, _, err = hash(io.NewSectionReader(e.file, 0, 1<<62)); err != nil {
		return Summary{}, e.readError(err)
	}
	e.describeMembers(rows)
	total.Format = e.format
	return total, e.unchanged()
}
