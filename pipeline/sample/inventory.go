package sample

import (
	"context"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const (
	encodingUTF8    = "utf-8"
	encodingGB18030 = "gb18030"
)

var inventoryHeader = "终端号,商户号,商户名称,收单机构,MCC,厂家简称,终端型号,SN号,终端类型,终端状态,装机日期,撤机日期," +
	"最后修改时间,行政区划代码,装机地址,是否支持非接,是否支持双免,是否支持银联二维码,总笔数,非接联机笔数\n"

// A county is a place of a generated inventory; its names are in the encoding of the files.
type county struct {
	code  string
	short string // without 区, 县, 市
	full  string // with province and city
}

// A generator holds what all inventories of one Spec are made of. Its texts are encoded once, so
// that a row is put together by copying. It does not change, and any number of goroutines may use it.
type generator struct {
	spec     Spec
	rows     []int64 // of each source
	counties []county
	heads    []string
	tails    []string
	trades   []trade
	roads    []string
	brands   []brand
	models   [128]deviceCells
	words    struct{ yes, no, number, floor, shop, agent string }
	header   string
	days     [4][]string // dates from epoch on in four notations
	spread   [1 << 14]uint16
	ranks    []ranking // of each source: merchants by how many terminals they have
	ends     []uint64  // of each snapshot: its date, in days since the epoch
}

// deviceCells are the cells of a device: vendor, model and type are neighbours but for the serial number.
type deviceCells struct{ vendorAndModel, serialPrefix, kind string }

// Dates are kept ready from epoch on. Terminals of the first snapshot were installed before oldest.
var (
	epoch  = day(2009, time.January, 1)
	oldest = day(2015, time.July, 1)
	newest = day(2028, time.December, 31)
)

func newGenerator(spec Spec) (*generator, error) {
	g := &generator{spec: spec, rows: spec.rowsOf()}
	list, err := counties()
	if err != nil {
		return nil, err
	}
	encode := func(text string) string { return text }
	if spec.Encoding == encodingGB18030 {
		encoder := simplifiedchinese.GB18030.NewEncoder()
		encode = func(text string) string {
			encoded, encodeErr := encoder.String(text)
			if encodeErr != nil && err == nil {
				err = fmt.Errorf("encode %q: %w", text, encodeErr)
			}
			return encoded
		}
	}
	for _, c := range list {
		g.counties = append(g.counties, county{c.code, encode(c.short), encode(c.full)})
	}
	g.heads, g.tails, g.roads = each(nameHeads, encode), each(nameTails, encode), each(roads, encode)
	for _, t := range trades {
		g.trades = append(g.trades, trade{encode(t.name), t.category})
	}
	for _, b := range brands {
		g.brands = append(g.brands, brand{name: encode(b.name), category: b.category})
	}
	w := &g.words
	w.yes, w.no = encode("是"), encode("否")
	w.number, w.floor = encode("号"), encode("2层")
	w.shop, w.agent = encode("店"), encode("(代)")
	g.header = encode(inventoryHeader)
	g.fillModels(encode)
	for i, layout := range []string{"2006-01-02", "20060102", "2006/01/02", "2006年01月02日"} {
		for date := epoch; !date.After(newest); date = date.AddDate(0, 0, 1) {
			g.days[i] = append(g.days[i], encode(date.Format(layout)))
		}
	}
	fillSpread(g.spread[:], len(g.counties), 40)
	for _, rows := range g.rows {
		g.ranks = append(g.ranks, newRanking(rows))
	}
	for snapshot := range spec.Snapshots {
		g.ends = append(g.ends, uint64(spec.date(snapshot).Sub(epoch).Hours()/24))
	}
	return g, err
}

func each(texts []string, encode func(string) string) []string {
	encoded := make([]string, len(texts))
	for i, text := range texts {
		encoded[i] = encode(text)
	}
	return encoded
}

// fillModels lays the models out by their weights; the rest are cash machines and barcode boxes.
func (g *generator) fillModels(encode func(string) string) {
	pool := append([]model{cashMachine, barcodeBox}, models...)
	next := 0
	for i, m := range pool {
		weight := m.weight
		if i < 2 {
			weight = 4
		}
		for n := 0; n < weight && next < len(g.models); n++ {
			g.models[next] = deviceCells{encode(m.vendor + "," + m.name), m.vendorEN[:2] + m.name, unionpayType[m.device]}
			next++
		}
	}
	for i := next; i < len(g.models); i++ {
		g.models[i] = g.models[8+i%(next-8)]
	}
}

// fillSpread makes a table that turns an even random number into one of n things, of which the k-th
// is drawn in proportion to 1/(k+flat). Integers, because floats would differ between processors.
func fillSpread[T uint16 | uint32](table []T, n, flat int) {
	weight := func(k int) uint64 { return 1 << 40 / uint64(k+flat) }
	var whole uint64
	for k := range n {
		whole += weight(k)
	}
	k, reached := 0, weight(0)
	for i := range table {
		middle := whole * uint64(2*i+1) / uint64(2*len(table))
		for reached <= middle {
			k++
			reached += weight(k)
		}
		table[i] = T(k)
	}
}

// A ranking draws merchants by a Zipf law: the k-th in proportion to 1/(k+50).
type ranking struct {
	edges []uint32 // the merchant at each step of the random number
	shift int      // of the random number to make it a step
}

func newRanking(rows int64) ranking {
	merchants := int(rows/3 + 1)
	steps := min(14, bits.Len(uint(merchants))+1) // small sources do with small tables
	r := ranking{edges: make([]uint32, 1<<steps+1), shift: 64 - steps}
	fillSpread(r.edges, merchants, 50)
	return r
}

// draw returns the merchant that an even random number stands for.
func (r *ranking) draw(u uint64) uint32 {
	i := u >> r.shift
	low, high := r.edges[i], r.edges[i+1]
	return low + uint32((u&0xffffffff)*uint64(high-low)>>32)
}

// isProcessor reports whether a source repeats terminals of the others.
func (g *generator) isProcessor(source int) bool { return source >= 4 && source == len(g.rows)-1 }

// An inventory is one file: what a source delivers of a snapshot.
type inventory struct {
	*generator
	source, snapshot int
}

// writeFile writes the inventory into the folder of its source.
func (x inventory) writeFile(ctx context.Context, folder string) (err error) {
	name := filepath.Join(folder, "terminals_"+x.spec.date(x.snapshot).Format("20060102")+".csv")
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("generate: %w", err)
	}
	defer func() {
		if closeErr := f.Close(); closeErr != nil && err == nil {
			err = fmt.Errorf("generate %s: %w", name, closeErr)
		}
	}()
	const full = 1 << 20
	expected := x.rows[x.source]*256 + 4096 // small files are many
	buffer := append(make([]byte, 0, min(full+4096, expected)), x.header...)
	p := x.newPrinter()
	for row := range x.rows[x.source] {
		buffer = p.appendRow(buffer, uint64(row))
		if len(buffer) >= full {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if _, err := f.Write(buffer); err != nil {
				return fmt.Errorf("generate %s: %w", name, err)
			}
			buffer = buffer[:0]
		}
	}
	if _, err := f.Write(buffer); err != nil {
		return fmt.Errorf("generate %s: %w", name, err)
	}
	return nil
}

func appendPadded(dst []byte, n uint64, width int) []byte {
	var digits [20]byte
	for i := width - 1; i >= 0; i-- {
		digits[i] = '0' + byte(n%10)
		n /= 10
	}
	return append(dst, digits[:width]...)
}

func appendNumber(dst []byte, n uint64) []byte { return strconv.AppendUint(dst, n, 10) }
