package reports

import (
	"math/big"
	"strings"
	"time"
)

// trendChart is the drawing of the bounds over the snapshots. Places are percentages of the plot,
// those within Bands ten-thousandths of it.
type trendChart struct {
	Description string
	Ticks       []axisLine
	Claims      []axisLine
	Columns     []trendColumn
	Bands       []band
	IsDense     bool // too many snapshots to mark each
}

// trendColumn is one snapshot on the chart.
type trendColumn struct {
	interval
	X, LowerY, UpperY string
	Date, Label       string
	IsLabelled        bool // on a wide page
	IsMajor           bool // on a narrow one too
	Verdict           Verdict
	IsOpen            bool
	Marks             string // letters of the series breaks on this date
}

// band is a run of snapshots with a share: the outline of the interval and its two edges.
type band struct{ Outline, Lower, Upper string }

// seriesBreak is a break with the letter that marks it on the chart.
type seriesBreak struct{ Mark, Date, Text string }

// mostMarked is the number of snapshots up to which each interval is drawn by itself.
const mostMarked = 24

// TrendChart lays out the trend, or returns nil where no snapshot has a share.
func (p *page) TrendChart() *trendChart {
	low, high, step, ok := p.scale()
	if !ok {
		return nil
	}
	vertical := func(r Ratio) *big.Rat {
		above := new(big.Rat).Sub(big.NewRat(int64(high), 100), r.rat())
		return above.Quo(above, big.NewRat(int64(high-low), 100))
	}
	chart := &trendChart{IsDense: p.IsLong()}
	for at := low; at <= high; at += step {
		r := Ratio{int64(at), 100}
		chart.Ticks = append(chart.Ticks, axisLine{At: coordinate(vertical(r)), Label: r.Value(true)})
	}
	for _, value := range p.Claim.against() {
		chart.Claims = append(chart.Claims, axisLine{At: coordinate(vertical(value)), Label: value.Value(true)})
	}
	horizontal := p.horizontal()
	breaks := p.Breaks()
	for i, point := range p.Trend {
		column := trendColumn{
			interval: p.interval(Date(p.Language(), point.SnapshotDate), point.Counts.Lower(), point.Counts.Upper()),
			X:        coordinate(horizontal[i]),
			Date:     point.SnapshotDate, Label: p.shortDate(point.SnapshotDate),
			Verdict: point.Verdict, IsOpen: point.State == "open",
		}
		if column.Exists() {
			column.LowerY = coordinate(vertical(point.Counts.Lower()))
			column.UpperY = coordinate(vertical(point.Counts.Upper()))
		}
		column.IsLabelled = isLabelled(i, len(p.Trend), 8)
		column.IsMajor = isLabelled(i, len(p.Trend), 4)
		for _, b := range breaks {
			if b.Date == point.SnapshotDate {
				column.Marks += b.Mark
			}
		}
		chart.Columns = append(chart.Columns, column)
	}
	chart.Bands = p.bands(horizontal, vertical)
	last := chart.Columns[len(chart.Columns)-1]
	chart.Description = p.Say("chart.trend.desc", "count", Number(int64(len(p.Trend))), "lower", last.Lower, "upper", last.Upper)
	return chart
}

// IsLong reports whether there are too many snapshots to mark each on the chart and to list them
// all at first sight.
func (p *page) IsLong() bool { return len(p.Trend) > mostMarked }

// scale returns the range of the vertical axis in per cent, multiples of its step, that holds all
// bounds and the claim's values with some room.
func (p *page) scale() (low, high, step int, ok bool) {
	least, most := big.NewRat(1, 1), new(big.Rat)
	include := func(r Ratio) {
		v := r.rat()
		if v.Cmp(least) < 0 {
			least = v
		}
		if v.Cmp(most) > 0 {
			most = v
		}
	}
	for _, point := range p.Trend {
		if point.Counts.All > 0 {
			include(point.Counts.Lower())
			include(point.Counts.Upper())
			ok = true
		}
	}
	for _, value := range p.Claim.against() {
		include(value)
	}
	room := big.NewRat(2, 100)
	least, most = new(big.Rat).Sub(least, room), new(big.Rat).Add(most, room)
	for _, step = range []int{10, 20} {
		steps := big.NewRat(100, int64(step))
		low = max(0, step*int(scaled(new(big.Rat).Mul(least, steps), 0, Down).Int64()))
		high = min(100, step*int(scaled(new(big.Rat).Mul(most, steps), 0, Up).Int64()))
		if high-low <= 50 {
			break
		}
	}
	return low, high, step, ok
}

// horizontal places the snapshots by their dates, or evenly where a date is not one.
func (p *page) horizontal() []*big.Rat {
	days := make([]int64, len(p.Trend))
	for i, point := range p.Trend {
		days[i] = int64(i)
		if at, err := time.Parse(time.DateOnly, point.SnapshotDate); err == nil {
			days[i] = at.Unix() / 86_400
		}
	}
	span := int64(0)
	for i := 1; i < len(days); i++ {
		if days[i] <= days[i-1] {
			for j := range days {
				days[j] = int64(j)
			}
			break
		}
	}
	if len(days) > 1 {
		span = days[len(days)-1] - days[0]
	}
	places := make([]*big.Rat, len(days))
	for i := range days {
		if span == 0 {
			places[i] = big.NewRat(1, 2)
			continue
		}
		// A margin of 6% on each side keeps the outermost labels within the plot.
		places[i] = big.NewRat(6*span+88*(days[i]-days[0]), 100*span)
	}
	return places
}

// bands returns the runs of neighbouring snapshots that have a share.
func (p *page) bands(horizontal []*big.Rat, vertical func(Ratio) *big.Rat) []band {
	var bands []band
	var upper, lower []string
	flush := func() {
		if len(upper) > 1 {
			outline := append([]string{}, upper...)
			for i := len(lower) - 1; i >= 0; i-- {
				outline = append(outline, lower[i])
			}
			bands = append(bands, band{
				Outline: strings.Join(outline, " "), Lower: strings.Join(lower, " "), Upper: strings.Join(upper, " "),
			})
		}
		upper, lower = nil, nil
	}
	for i, point := range p.Trend {
		if point.Counts.All == 0 {
			flush()
			continue
		}
		x := tenThousandths(horizontal[i])
		upper = append(upper, x+","+tenThousandths(vertical(point.Counts.Upper())))
		lower = append(lower, x+","+tenThousandths(vertical(point.Counts.Lower())))
	}
	flush()
	return bands
}

func tenThousandths(part *big.Rat) string {
	return scaled(part, 4, HalfUp).String()
}

// isLabelled spreads at most about most labels over n places, the last one always among them.
func isLabelled(i, n, most int) bool {
	step := (n + most - 1) / most
	return (n-1-i)%step == 0
}

// shortDate is a date for the axis: Dec 2016.
func (p *page) shortDate(iso string) string {
	parts := strings.Split(iso, "-")
	if len(parts) < 2 || Date(p.Language(), iso) == iso {
		return iso
	}
	return p.Say("date.short", "month", p.Say("month.short."+parts[1]), "number", parts[1], "year", parts[0])
}

// Breaks returns the series breaks of the trend, lettered in order.
func (p *page) Breaks() []seriesBreak {
	var breaks []seriesBreak
	for _, point := range p.Trend {
		for _, text := range point.Breaks {
			mark := string(rune('a' + len(breaks)%26))
			breaks = append(breaks, seriesBreak{mark, point.SnapshotDate, text.In(p.Language())})
		}
	}
	return breaks
}
