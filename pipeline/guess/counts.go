package guess

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/export"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// quickCounts is what all records of a source say in the columns whose values decide its profile.
type quickCounts struct {
	records int64                       // that have the header's shape
	values  map[string]map[string]int64 // by column: cell, trimmed → records
	newest  map[string]string           // by column of dates: the newest, yyyy-mm-dd
}

// mostValues bounds the distinct values kept of a column: one with more is no column of codes.
const mostValues = 200

// watched is a column that is counted.
type watched struct {
	column  string
	header  string
	at      int
	layouts []string // of dates: their newest is kept instead of their values
}

// countSource reads every file of a source from start to end. A file that cannot be read through is set
// aside and leaves the source.
func (q *quick) countSource(ctx context.Context, source *quickSource, watch func(*quickFile) []watched) error {
	source.counts = newQuickCounts()
	var readable []*quickFile
	for _, file := range source.files {
		counts, err := q.countFile(ctx, source.profile.Profile, file, watch)
		var refused *export.RefusedError
		switch {
		case errors.As(err, &refused):
			q.setAside(file.path, refused.Err.Error())
		case err != nil:
			return err
		default:
			source.counts.add(counts)
			readable = append(readable, file)
		}
	}
	source.files = readable
	return nil
}

// countFile counts all sheets that a run reads. What only the whole file tells of its columns is taken over.
func (q *quick) countFile(ctx context.Context, profile workspace.Profile, file *quickFile, watch func(*quickFile) []watched) (quickCounts, error) {
	as := conform.File{Name: file.name, Source: provisional(profile), Reference: q.set}
	options := export.Options{Known: conform.Known(as)}
	for {
		total := newQuickCounts()
		reading, err := export.Open(file.path, options)
		if err != nil {
			return total, err
		}
		if head := reading.Head(); !slices.Equal(head.Names, file.head.Names) {
			file.head = head
			file.layout, _ = q.examine(file, as.Source)
			file.sample = sampleColumns(head, file.layout, q.set)
		}
		sheets := sheetsToCount(reading, as, file, watch(file))
		work := func(block *export.Block) (quickCounts, error) {
			sheet := &sheets[block.Table]
			return countBlock(block, sheet.layout, sheet.columns), nil
		}
		emit := func(counts quickCounts) error {
			total.add(counts)
			return nil
		}
		_, err = export.Decode(ctx, reading, runtime.GOMAXPROCS(0), work, emit, nil)
		err = errors.Join(err, reading.Close())
		if options.Retry(err) {
			continue
		}
		return total, err
	}
}

// countedSheet is one of the tables of a file, and where the columns stand in it.
type countedSheet struct {
	layout  conform.Layout
	columns []watched
}

// sheetsToCount selects the tables that a run reads, the file's main one at least.
func sheetsToCount(reading *export.Export, as conform.File, file *quickFile, columns []watched) (sheets []countedSheet) {
	tables := reading.Tables()
	whole, _ := conform.ExamineTables(tables, as)
	var selected []int
	for i := range tables {
		isRead := slices.ContainsFunc(whole.Sheets, func(s conform.Sheet) bool { return s.Name == tables[i].Name })
		switch {
		case i == file.head.Table:
			sheets = append(sheets, countedSheet{file.layout, columns})
		case isRead && !tables[i].IsHidden:
			layout, _ := conform.Examine(tables[i].Head, as)
			sheets = append(sheets, countedSheet{layout, placedIn(layout, columns)})
		default:
			continue
		}
		selected = append(selected, i)
	}
	reading.Select(selected)
	return sheets
}

// placedIn finds the columns in another layout.
func placedIn(layout conform.Layout, columns []watched) (placed []watched) {
	for _, w := range columns {
		if w.at = slices.Index(layout.Headers, w.header); w.at >= 0 {
			placed = append(placed, w)
		}
	}
	return placed
}

func newQuickCounts() quickCounts {
	return quickCounts{values: map[string]map[string]int64{}, newest: map[string]string{}}
}

// countBlock counts the records of a Block that have the header's shape.
func countBlock(block *export.Block, layout conform.Layout, columns []watched) quickCounts {
	counts := newQuickCounts()
	for _, row := range block.Rows {
		if row.Line > layout.HeaderLine && int(row.Count) == len(layout.Headers) {
			counts.records++
		}
	}
	for _, w := range columns {
		values := map[string]int64{}
		for i, row := range block.Rows {
			if row.Line <= layout.HeaderLine || int(row.Count) != len(layout.Headers) {
				continue
			}
			cell := fold.Trim(block.Text(block.Row(i)[w.at]))
			switch {
			case len(cell) == 0, string(cell) == w.header: // blank, or in a header that is repeated
			case w.layouts != nil:
				counts.newest[w.column] = max(counts.newest[w.column], dayOf(string(cell), w.layouts))
			default:
				if n, met := values[string(cell)]; met || len(values) < mostValues {
					values[string(cell)] = n + 1
				}
			}
		}
		if len(values) > 0 {
			counts.values[w.column] = values
		}
	}
	return counts
}

// add adds counts; of a column with too many values any will do to show that.
func (c *quickCounts) add(other quickCounts) {
	c.records += other.records
	for column, values := range other.values {
		if c.values[column] == nil {
			c.values[column] = map[string]int64{}
		}
		own := c.values[column]
		for value, n := range values {
			if _, met := own[value]; met || len(own) < mostValues {
				own[value] += n
			}
		}
	}
	for column, day := range other.newest {
		c.newest[column] = max(c.newest[column], day)
	}
}

// isCoded reports whether a column has few enough values to be one of codes.
func (c *quickCounts) isCoded(column string) bool { return len(c.values[column]) < mostValues }

// byCount lists the values of a column, the most frequent first.
func (c *quickCounts) byCount(column string) []string {
	values := c.values[column]
	return slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(cmp.Compare(values[b], values[a]), strings.Compare(a, b))
	})
}
