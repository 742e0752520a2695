package result

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
)

// Null is how a null is shown.
const Null = "NULL"

// Layout says how a table is laid out.
type Layout struct {
	Limit      int  // most rows; 0: all
	Width      int  // of the screen, columns of text give way to it; 0: any
	IsColoured bool // nulls are dim
}

// Shown is how much of a result a table shows.
type Shown struct {
	Rows    int64
	HasMore bool // there are rows beyond the limit
}

// sampled is how many rows decide how wide the columns are: a longer table is written on as it comes.
const sampled = 10_000

// WriteTable prints a result as a table that people read, Chinese characters two columns wide. Names and
// values stand as SQL has them, so that what is seen can be typed. A result of one row that is too wide is
// printed column by column, and a text of several lines, such as a plan, as it is.
func WriteTable(w io.Writer, batches Batches, layout Layout) (shown Shown, err error) {
	g := &grid{Layout: layout, w: bufio.NewWriter(w)}
	for _, field := range batches.Schema().Fields() {
		g.names = append(g.names, output.Clean(field.Name))
		g.numeric = append(g.numeric, isNumeric(field.Type))
	}
	for !g.hasMore && batches.Next() {
		g.add(batches.Batch())
		if len(g.rows) >= sampled {
			if err := g.flush(); err != nil {
				return g.shown(), err
			}
		}
	}
	if err := batches.Err(); err != nil {
		return g.shown(), err
	}
	return g.shown(), g.flush()
}

// grid is a table that is being written.
type grid struct {
	Layout
	w       *bufio.Writer
	names   []string
	numeric []bool
	widths  []int    // of the columns, once they are known
	rows    [][]cell // not written yet
	read    int64
	hasMore bool
}

// cell is a value as text. A null is not an empty text.
type cell struct {
	text   string
	isNull bool
}

func (g *grid) shown() Shown { return Shown{g.read, g.hasMore} }

func (g *grid) add(batch arrow.RecordBatch) {
	defer batch.Release()
	columns := columnsOf(batch)
	for row := range int(batch.NumRows()) {
		if g.Limit > 0 && g.read == int64(g.Limit) {
			g.hasMore = true
			return
		}
		cells := make([]cell, len(columns))
		for i, c := range columns {
			content, isNull := c.text(row)
			if isNull {
				content = Null
			}
			cells[i] = cell{content, isNull}
		}
		g.rows = append(g.rows, cells)
		g.read++
	}
}

// flush writes the rows that are there.
func (g *grid) flush() error {
	isFirst := g.widths == nil
	if isFirst {
		g.widths = g.needed()
	}
	switch {
	case isFirst && g.isProse():
		for _, row := range g.rows {
			fmt.Fprintln(g.w, strings.TrimRight(output.CleanLines(row[len(row)-1].text), "\n"))
		}
	case isFirst && len(g.rows) == 1 && g.Width > 0 && total(g.widths) > g.Width:
		g.writeRecord()
	default:
		if isFirst {
			g.fit()
			g.writeHead()
		}
		for _, row := range g.rows {
			g.writeLine(row, g.IsColoured)
		}
	}
	g.rows = g.rows[:0]
	return g.w.Flush()
}

// isProse tells whether the last column is a text to be read as it is: the plan of explain.
func (g *grid) isProse() bool {
	for _, row := range g.rows {
		if last := row[len(row)-1].text; strings.Count(last, "\n") > 2 && len(row) <= 2 {
			return true
		}
	}
	return false
}

const gap = 2

// needed returns how wide each column is.
func (g *grid) needed() []int {
	widths := make([]int, len(g.names))
	for i, name := range g.names {
		widths[i] = displayWidth(name)
	}
	for _, row := range g.rows {
		for i, c := range row {
			widths[i] = max(widths[i], displayWidth(oneLine(c.text)))
		}
	}
	return widths
}

func total(widths []int) int {
	sum := -gap
	for _, width := range widths {
		sum += width + gap
	}
	return sum
}

// fit makes columns of text narrower, the widest first, until the table fits or nothing can give way.
func (g *grid) fit() {
	const least = 8
	for over := total(g.widths) - g.Width; g.Width > 0 && over > 0; over-- {
		widest := -1
		for i, width := range g.widths {
			if !g.numeric[i] && width > least && (widest < 0 || width > g.widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		g.widths[widest]--
	}
}

func (g *grid) writeHead() {
	names, rule := make([]cell, len(g.names)), make([]cell, len(g.names))
	for i, name := range g.names {
		names[i] = cell{text: name}
		rule[i] = cell{text: strings.Repeat("─", g.widths[i])}
	}
	g.writeLine(names, false)
	g.writeLine(rule, false)
}

func (g *grid) writeLine(cells []cell, isColoured bool) {
	var line strings.Builder
	for i, c := range cells {
		if i > 0 {
			line.WriteString(strings.Repeat(" ", gap))
		}
		shown := oneLine(c.text)
		if g.Width > 0 {
			shown = trim(shown, g.widths[i])
		}
		blank := strings.Repeat(" ", max(0, g.widths[i]-displayWidth(shown)))
		if c.isNull && isColoured {
			shown = dim(shown)
		}
		if g.numeric[i] {
			line.WriteString(blank + shown)
		} else {
			line.WriteString(shown + blank)
		}
	}
	fmt.Fprintln(g.w, strings.TrimRight(line.String(), " "))
}

// writeRecord prints one row, a column a line.
func (g *grid) writeRecord() {
	widest := 0
	for _, name := range g.names {
		widest = max(widest, displayWidth(name))
	}
	for i, name := range g.names {
		shown := oneLine(g.rows[0][i].text)
		if g.rows[0][i].isNull && g.IsColoured {
			shown = dim(shown)
		}
		line := name + strings.Repeat(" ", widest-displayWidth(name)+gap) + shown
		fmt.Fprintln(g.w, strings.TrimRight(line, " "))
	}
}

func dim(content string) string { return "\x1b[2m" + content + "\x1b[0m" }

// oneLine is a text with nothing in it that would break a line.
func oneLine(content string) string { return output.Clean(strings.ReplaceAll(content, "\n", "↵")) }

func displayWidth(content string) int { return text.StringWidthWithoutEscSequences(content) }

// trim cuts text to a width with an ellipsis.
func trim(content string, width int) string {
	if displayWidth(content) <= width {
		return content
	}
	return text.Trim(content, width-1) + "…"
}
