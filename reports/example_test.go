package reports

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// sample is a report as a run of five acquirers over four month-ends would give it: every part
// filled, all sums holding.
func sample() *Report {
	trend := sampleTrend()
	last := trend[len(trend)-1]
	r := &Report{
		Fingerprint: "9f2b4c0d7e6a5b8c1d3e4f60718293a4b5c6d7e8f90a1b2c3d4e5f6071829304",
		Languages:   []string{"en", "zh"},
		Estate:      Estate{Area: "CN", Complete: true, Sources: []string{"minnan", "haixia", "dongting", "songliao", "yanjing"}},
		Headline: Headline{
			Population: "networked", Unit: "terminal", Reading: "declared", Counts: last.Counts, ClaimID: "S1",
			Judgement: last.Judgement, RegionNone: 318, MerchantNone: 42, SerialMissing: 1204,
		},
		Trend:   trend,
		Figures: sampleFigures(),
		Claims:  sampleClaims(trend),
	}
	r.Breakdowns = sampleBreakdowns()
	r.Evidence = []EvidenceTier{
		{"observed", 6120, 6120, 0, 0, 85},
		{"configured", 3911, 2866, 1001, 44, 120},
		{"declared", 6201, 2612, 3560, 29, 310},
		{"inferred", 1902, 1644, 258, 0, 0},
		{"none", 1706, 0, 0, 0, 0},
	}
	for _, population := range []string{"networked", "indirect_pos", "merchant", "active_3m", "registered"} {
		for i, reading := range []string{"strict", "declared", "inferred"} {
			c := counts(19_840, 8986+1306*int64(i), 1001+1780*int64(i), 0)
			c.Unknown = c.All - c.Yes - c.No
			if population == "registered" {
				c = Counts{}
			}
			r.Readings = append(r.Readings, ReadingRow{population, "terminal", reading, c, Undetermined})
		}
	}
	r.Populations = []Population{
		{Name: "networked"},
		{Name: "indirect_pos", Marks: []PopulationMark{{"haixia", 2911, 4820}}},
		{Name: "merchant"},
		{Name: "active_3m"},
		{Name: "registered"},
		{Name: "supermarkets", Title: Text{"supermarkets", "超市终端"}, Condition: "category_key = 'supermarket' and device_type <> 'mpos'"},
	}
	r.Rejects, r.TieOut, r.Assumptions, r.Provenance = sampleLedger()
	r.Definitions = []Definition{{Text{"Blank is unknown.", "空白为未知。"}, Text{
		"In haixia’s export an empty cell means that nobody has looked.", "haixia 的文件中，空单元格表示未经核查。",
	}}}
	return r
}

// sampleClaims are one that is about more than the sample, one that turns over the months, and one
// about a number of brands.
func sampleClaims(trend []TrendPoint) []Claim {
	c1 := Claim{
		ID: "C1", Text: Text{"the share of POS terminals supporting cloud flash payment exceeds 60%", "支持云闪付的POS终端占比已超过60%"},
		Source: "en.4hw.com.cn/644/1984.html", Comparator: ">", Values: []Ratio{sixty}, IsShare: true,
		Definition: ClaimDefinition{
			Metric: "share", Scope: "CN", Level: "nation", Population: "networked", Unit: "terminal", Reading: "declared",
			Open: []string{"population", "unit", "reading", "as_of"},
		},
		Judgement: Judgement{Verdict: NotComparable, Reason: Text{
			"The claim is about China; the estate holds five acquirers.", "该论断针对全国，统计对象仅含五家收单机构。",
		}},
	}
	s1 := Claim{
		ID: "S1", Text: Text{"over 60% of the sample’s terminals accept QuickPass", "样例终端中超过60%支持闪付"},
		Source: "sample-data/README", AsOf: "2016-12-31", Comparator: ">", Values: []Ratio{sixty}, IsShare: true,
		Definition: ClaimDefinition{
			Metric: "share", Scope: "CN", Level: "nation", Population: "networked", Unit: "terminal", Reading: "declared",
			Open: []string{"reading"},
		},
		Judgement: Judgement{Verdict: Undetermined},
	}
	for _, point := range trend {
		s1.Snapshots = append(s1.Snapshots, point.Judgement)
	}
	c2 := Claim{
		ID: "C2", Text: Text{"25 well-known merchants take part, such as Carrefour, McDonald’s and Watsons", "家乐福、麦当劳、屈臣氏等25家知名商户参与"},
		Source: "en.4hw.com.cn/644/1984.html", Comparator: ">=", Values: []Ratio{{25, 1}},
		Definition: ClaimDefinition{Metric: "brands", Scope: "CN", Level: "brand", Population: "networked", Unit: "terminal", Reading: "declared", Open: []string{"key"}},
		Judgement: Judgement{Verdict: NotComparable, Reason: Text{
			"Only three of the names are in print.", "公开的名称仅有三家。",
		}, Lower: Ratio{2, 1}, Upper: Ratio{3, 1}},
		Keys: []KeyVerdict{
			{"carrefour", "家乐福 Carrefour", counts(214, 201, 5, 8), Supported},
			{"mcdonalds", "麦当劳 McDonald’s", counts(402, 180, 90, 132), Undetermined},
			{"watsons", "屈臣氏 Watsons", Counts{}, Undetermined},
		},
	}
	return []Claim{c1, s1, c2}
}

func counts(all, yes, no, undecided int64) Counts {
	return Counts{All: all, Yes: yes, No: no, Unknown: all - yes - no, Undecided: min(undecided, all-yes-no)}
}

func sampleTrend() []TrendPoint {
	points := []TrendPoint{
		{Counts: counts(18_911, 9206, 8104, 120), Judgement: Judgement{SnapshotDate: "2016-09-30", State: "closed", Verdict: Refuted, Margin: margin(-540)}},
		{Counts: counts(19_204, 10_377, 7012, 130), Judgement: Judgement{SnapshotDate: "2016-10-31", State: "complete", Verdict: Undetermined, Margin: margin(-1146)}},
		{
			Counts:    counts(19_466, 11_050, 6401, 110),
			Judgement: Judgement{SnapshotDate: "2016-11-30", State: "complete", Verdict: Undetermined, Margin: margin(-630)},
			Breaks:    []Text{{"yanjing delivers for the first time", "yanjing 首次报送"}},
		},
		{Counts: counts(19_840, 12_242, 5819, 96), Judgement: Judgement{
			SnapshotDate: "2016-12-31", State: "complete", Verdict: Supported, Margin: margin(337), StrictestReading: "declared",
		}},
	}
	for i := range points {
		c := &points[i].Counts
		c.Rejected = 61
		points[i].Lower, points[i].Upper = c.Lower(), c.Upper()
	}
	c := &points[3].Counts
	c.Carried, c.CarriedYes, c.CarriedNo = 310, 120, 150
	points[3].AsCarried = Supported
	return points
}

func margin(n int64) sql.Null[int64] { return sql.Null[int64]{V: n, Valid: true} }

func sampleFigures() []Figure {
	figures := []Figure{
		{
			ID: "F2012", AsOf: "2012-08-30", NumeratorText: "0.9m", Numerator: 900_000, PublishedShare: "15%", Share: Ratio{15, 100}, Verdict: Refuted, Source: "paymentsjournal.com", Mark: "V",
			Scope: Text{"can accept QuickPass, share of the total deployed base in China", "可受理闪付，占全国保有量"},
		},
		{
			ID: "F2014", AsOf: "2014-12-31", NumeratorText: "400 万", Numerator: 4_000_000, DenominatorText: "1593.5 万", Denominator: 15_935_000,
			PublishedShare: "1/4", Source: "edatop.com/rfid/252071.html", Mark: "V", Verdict: Refuted,
			Scope: Text{"domestic POS that can accept QuickPass, share of nationwide POS", "境内可受理闪付的POS，占全国POS"},
		},
		{
			ID: "F2015", AsOf: "2015-12-31", NumeratorText: "840 万", Numerator: 8_400_000, DenominatorText: "2282.1 万", Denominator: 22_821_000,
			PublishedShare: "37%", Source: "utahlogfurniture.com", Mark: "W", Verdict: Refuted,
			Scope: Text{"non-contact POS nationwide, share of all POS terminals", "全国非接触POS，占全部POS终端"},
		},
		{
			ID: "F2016A", AsOf: "2016-02-23", PublishedShare: "about 60%", Source: "thepaypers.com", Mark: "V", Verdict: NotComparable,
			Scope:  Text{"POS that “have NFC technology”: hardware wording, no count", "“具备NFC技术”的POS：硬件口径，无数量"},
			Reason: Text{"another numerator", "分子不同"},
		},
		{
			ID: "F2016", AsOf: "2016-12-31", NumeratorText: "1370.07 万", Numerator: 13_700_700, DenominatorText: "2453.5 万", Denominator: 24_535_000,
			Source: "m.vtrackmedia.com/news/cj/1901188-3.html", Mark: "W", Verdict: Refuted,
			Scope: Text{"POS supporting contactless acceptance (云闪付)", "支持非接触式受理（云闪付）的POS"},
		},
	}
	for i := range figures {
		figures[i].ClaimID = "C1"
		if figures[i].Denominator > 0 {
			figures[i].Share = Ratio{figures[i].Numerator, figures[i].Denominator}
		}
	}
	return figures
}

// provinces are the 31 of the mainland in code order.
const provinces = `110000 北京市 120000 天津市 130000 河北省 140000 山西省 150000 内蒙古自治区 210000 辽宁省 220000 吉林省
230000 黑龙江省 310000 上海市 320000 江苏省 330000 浙江省 340000 安徽省 350000 福建省 360000 江西省 370000 山东省 410000 河南省
420000 湖北省 430000 湖南省 440000 广东省 450000 广西壮族自治区 460000 海南省 500000 重庆市 510000 四川省 520000 贵州省
530000 云南省 540000 西藏自治区 610000 陕西省 620000 甘肃省 630000 青海省 640000 宁夏回族自治区 650000 新疆维吾尔自治区`

func sampleBreakdowns() []Breakdown {
	var province []CoverageRow
	names := strings.Fields(provinces)
	for i := 0; i < len(names); i += 2 {
		n := int64(i/2 + 1)
		all := 120 + n*n*317%1400
		yes := all * (28 + n*37%67) / 100
		no := (all - yes) * (20 + n*53%70) / 100
		if names[i] == "540000" {
			all, yes, no = 0, 0, 0
		}
		province = append(province, row("province", names[i], names[i+1], counts(all, yes, no, all/40)))
	}
	province = append(province, row("province", "none", "", Counts{All: 318, Yes: 101, No: 96, Unknown: 121, Rejected: 61}))
	brand := []CoverageRow{
		row("brand", "mcdonalds", "麦当劳 McDonald’s", counts(402, 180, 90, 12)),
		row("brand", "carrefour", "家乐福 Carrefour", counts(214, 201, 5, 0)),
		row("brand", "watsons", "屈臣氏 Watsons", counts(198, 150, 48, 0)),
		row("brand", "longest", "中国（福建）自由贸易试验区厦门片区海峡两岸新型商业贸易服务合作示范中心免税购物广场有限责任公司思明分公司", counts(12, 7, 2, 1)),
		row("brand", "none", "", counts(19_014, 11_704, 5674, 83)),
	}
	acquirer := []CoverageRow{
		row("acquirer", "102", "中国工商银行", counts(5120, 3301, 1404, 40)),
		row("acquirer", "802", "银联商务", counts(8210, 5350, 2301, 31)),
		row("acquirer", "raw:某某支付", "", counts(6510, 3591, 2114, 25)),
	}
	area := slices.Clone(province[12:14])
	area[0].Name = "福建省（不含厦门）"
	area = append(area, row("reporting_area", "350200", "厦门市", counts(611, 590, 14, 0)))
	for i := range area {
		area[i].Level = "reporting_area"
	}
	types := []CoverageRow{row("device_type", "smart_pos", "smart_pos", counts(2204, 1404, 620, 9))}
	vendor := []CoverageRow{row("vendor", "landi", "联迪", counts(9000, 5600, 2700, 0)), row("vendor", "newland", "新大陆", counts(10_840, 6642, 3119, 0))}
	vendor[0].IsAdditive = false
	return []Breakdown{
		{Level: "province", Rows: province},
		{Level: "reporting_area", Rows: area},
		{Level: "brand", Rows: brand, Total: 61},
		{Level: "acquirer", Rows: acquirer},
		{Level: "vendor", Rows: vendor},
		{Level: "device_type", Rows: types},
	}
}

func row(level, key, name string, c Counts) CoverageRow {
	merchants := c.All * 2 / 3
	return CoverageRow{
		SnapshotDate: "2016-12-31", Population: "networked", Unit: "terminal", Reading: "declared",
		Level: level, Key: key, Name: name, Counts: c,
		Merchants: Merchants{
			Count: margin(merchants), Any: margin(min(merchants, c.Yes*3/4)), AnyUpper: margin(min(merchants, (c.Yes+c.Unknown)*4/5)),
			All: margin(c.Yes / 2), AllUpper: margin((c.Yes + c.Unknown) / 2), None: c.All / 50,
		},
		Transactions: margin(c.All * 211), Contactless: margin(c.Yes * 31), IsAdditive: true,
	}
}

func sampleLedger() ([]RejectTotal, TieOut, []Assumption, Provenance) {
	hash := func(n int) string { return strings.Repeat(fmt.Sprintf("%08x", n*2_654_435_761%4_294_967_296), 8) }
	rejects := []RejectTotal{
		{"haixia", "2016-12-31", "terminal", "terminal_id_scientific", Text{}, 41, "终端清单_201612.csv", 1107, "终端号", "1.02581E+14"},
		{"haixia", "2016-12-31", "not_terminal", "total", Text{}, 1, "终端清单_201612.csv", 4822, "", "合计,4820,,"},
		{"minnan", "2016-12-31", "terminal", "our_own", Text{"bytes that are no text", "无法解码的行"}, 20, "pos_20161231.csv.gz", 88, "", "S00186�4,家乐福"},
	}
	tieOut := TieOut{
		Exports: []ExportTieOut{
			{"haixia", "2016-12-31", "终端清单_201612.csv", hash(1), 4866, []Tally{{"preamble", 3}, {"header", 1}}, 4820, 41, 1, false},
			{"minnan", "2016-12-31", "pos_20161231.csv.gz", hash(2), 9021, []Tally{{"header", 1}}, 9000, 20, 0, false},
			{"dongting", "2016-12-31", "TERMINAL.TSV", hash(3), 8201, []Tally{{"header", 1}}, 8200, 0, 0, false},
		},
		Snapshots: []SnapshotTieOut{{"2016-12-31", 22_330, 21_911, 419, 310}},
		Populations: []PopulationTieOut{
			{"2016-12-31", "networked", 21_911, 19_779, []Tally{{"not_in_service", 1904}, {"barcode", 228}}, 61, 0, 19_840},
			{"2016-12-31", "indirect_pos", 21_911, 18_002, []Tally{{"not_in_service", 1904}, {"condition", 2005}}, 61, 0, 18_063},
		},
		Levels: []LevelTieOut{{"2016-12-31", "networked", "province", 19_840, 19_840}, {"2016-12-31", "networked", "brand", 19_840, 19_840}},
	}
	assumptions := []Assumption{
		{Source: "minnan", Column: "status", Value: "in_service"},
		{Source: "dongting", Column: "device_type", Value: "pos", Text: Text{"The export has no such column.", "文件中没有该列。"}},
	}
	provenance := Provenance{
		ToolVersion: "0.1.0", RuleSet: Reference{"default 1", hash(9)},
		References: []Reference{{"regions GB/T 2260 201904", hash(10)}, {"merchant categories", hash(11)}, {"decisions.csv", hash(12)}},
		Exports: []Export{
			{"haixia", "2016-12-31", []string{"终端清单_201612.csv"}, hash(1), 4820, 42, "csv", "gb18030", false},
			{"minnan", "2016-12-31", []string{"pos_20161231.csv.gz", "resend/pos_20161231.csv.gz"}, hash(2), 9000, 20, "csv, gzip", "utf-8", false},
			{"dongting", "2016-12-31", []string{"TERMINAL.TSV"}, hash(3), 8200, 0, "tsv", "utf-16le", false},
			{"yanjing", "2016-11-30", []string{"yj-2016-11.csv"}, hash(4), 310, 0, "csv", "utf-8", true},
		},
	}
	return rejects, tieOut, assumptions, provenance
}

// hostile is the sample with text that wants to be more than text.
func hostile() *Report {
	r := sample()
	evil := "<script>alert(1)</script>\x1b[31m\u202e=cmd|'/C calc'!A0\"'`</style>" + strings.Repeat("无空格", 60)
	r.Title = "A & B <b>" + evil[:40]
	r.Breakdowns[2].Rows[0].Name = evil
	r.Breakdowns[3].Rows[0].Key, r.Breakdowns[3].Rows[0].Name = "raw:"+evil, ""
	r.Claims[1].Text = Plain(evil)
	r.Claims[1].Source = "javascript:alert(1) " + strings.Repeat("long/", 80)
	r.Rejects[0].Raw, r.Rejects[0].File = evil, strings.Repeat("y", 300)+".csv"
	r.Figures[1].Scope = Plain(evil)
	r.Provenance.Exports[0].Names = []string{evil}
	r.TieOut.Exports[0].Name = evil
	r.Assumptions[0].Value = evil
	r.Estate.Sources = append(r.Estate.Sources, evil)
	return r
}

// years is a report over ten years of months, one of them without a terminal.
func years() *Report {
	r := sample()
	r.Trend = nil
	for month := range 120 {
		n := int64(month)
		c := counts(200_000+n*1000, (200_000+n*1000)*(20+n/2)/100, (200_000+n*1000)*(60-n/2)/100, 0)
		if month == 50 {
			c = Counts{}
		}
		r.Trend = append(r.Trend, TrendPoint{Counts: c, Judgement: Judgement{
			SnapshotDate: fmt.Sprintf("%04d-%02d-28", 2017+month/12, month%12+1), State: "closed", Verdict: Undetermined,
		}})
	}
	r.Trend[119].State = "open"
	r.Trend[30].Breaks = []Text{{"GB/T 2260 vintage 201904", "GB/T 2260 版本 201904"}}
	return r
}
