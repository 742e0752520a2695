package words

// sentences say figures and verdicts.
var sentences = map[string]pair{
	"interval":        {"between {lower} and {upper} of {unit}", "{unit}中的 {lower} 至 {upper}"},
	"interval.single": {"{lower} of {unit}", "{unit}中的 {lower}"},
	"interval.none":   {"no {unit} are counted, so there is no share", "没有计入任何{unit}，因此没有比例"},
	"numbers":         {"{lower} to {upper}", "{lower} 至 {upper}"},

	"headline.accepts": {
		"accept QuickPass contactless payment on {date} (population: {population}; reading: {reading}).",
		"支持银联闪付（时点：{date}；统计范围：{population}；认定口径：{reading}）。",
	},
	"headline.provisional": {
		"This snapshot is still open: deliveries are outstanding. The figures are provisional and no verdict is given.",
		"本时点尚未收齐报送文件，数据为临时值，不作判定。",
	},
	"headline.noclaim": {"No claim is held against this figure.", "本数据未与任何论断对照。"},
	"headline.claim":   {"Claim {id}: “{text}”", "论断 {id}：“{text}”"},
	"headline.known": {
		"Among {unit} with a known state the share is {share}; that figure passes over the unknown ones and is not the headline.",
		"在状态已知的{unit}中，该比例为 {share}；此数忽略状态未知者，不作为主要结论。",
	},
	"headline.unknown": {
		"Unknown is not no: {unknown} of {all} {unit} may or may not accept, and the interval holds for every way they can turn out.",
		"未知不等于否：{all} 台{unit}中有 {unknown} 台状态未知，无论其实际状态如何，区间均成立。",
	},
	"headline.beside": {
		"Counted, though a key is missing: {region} without a region, {merchant} without a merchant, {serial} without a serial number.",
		"计入但缺少键值：无地区 {region}，无商户号 {merchant}，无序列号 {serial}。",
	},

	"comparator.>":       {"over {value}", "超过 {value}"},
	"comparator.>=":      {"at least {value}", "不低于 {value}"},
	"comparator.<":       {"under {value}", "低于 {value}"},
	"comparator.<=":      {"at most {value}", "不高于 {value}"},
	"comparator.between": {"between {value} and {to}", "介于 {value} 与 {to} 之间"},
	"comparator.about":   {"about {value}", "约为 {value}"},

	"reason.supported": {
		"However the {unknown} unknown {unit} turn out, the figure is {statement}.",
		"无论 {unknown} 台状态未知的{unit}实际如何，该数均{statement}。",
	},
	"reason.supported.known": {"The figure is {statement}.", "该数{statement}。"},
	"reason.refuted": {
		"However the {unknown} unknown {unit} turn out, the figure is not {statement}.",
		"无论 {unknown} 台状态未知的{unit}实际如何，该数均不满足“{statement}”。",
	},
	"reason.refuted.known": {"The figure is not {statement}.", "该数不满足“{statement}”。"},
	"reason.undetermined": {
		"Whether the figure is {statement} depends on the {unknown} unknown {unit}.",
		"该数是否{statement}，取决于 {unknown} 台状态未知的{unit}。",
	},
	"reason.undetermined.known": {
		"The counts do not decide whether the figure is {statement}.",
		"现有计数不足以判定该数是否{statement}。",
	},
	"reason.empty":          {"Nothing is counted, so there is no share to compare.", "没有计入任何对象，无可比较的比例。"},
	"reason.not_comparable": {"The claim is about more than was counted.", "该论断所述范围超出统计范围。"},

	"margin.lose": {
		"It could lose {count} accepting {unit} and still hold.",
		"即使减少 {count} 台支持的{unit}，论断仍成立。",
	},
	"margin.none": {"It could not lose a single one.", "再少一台即不成立。"},
	"margin.need": {
		"It needs {count} more accepting {unit} to hold for certain.",
		"还需 {count} 台支持的{unit}，论断方可确定成立。",
	},
	"carried.weaker": {
		"As last delivered, the carried {unit} would make the verdict “{verdict}”; taken as unknown they leave it open, and the weaker verdict is given.",
		"沿用的{unit}若按最近一次报送计，判定为“{verdict}”；若视为未知则无法确定，此处取较弱的判定。",
	},
	"open": {
		"The claim leaves {parts} open; the default definition was used.",
		"论断未说明{parts}，此处按默认定义判定。",
	},
	"open.strictest": {
		"The strictest reading that still decides so is “{reading}”.",
		"仍能如此判定的最严格认定口径为“{reading}”。",
	},
	"overall.same": {
		"The same at all {count} snapshots from {first} to {last}.",
		"自 {first} 至 {last} 的 {count} 个时点均如此。",
	},
	"overall.mixed": {
		"It is not the same at every snapshot: {verdicts}.",
		"各时点判定不一：{verdicts}。",
	},
	"overall.dates":     {"“{verdict}” on {dates}", "“{verdict}”：{dates}"},
	"overall.times":     {"“{verdict}” at {count} snapshots", "“{verdict}”：{count} 个时点"},
	"overall.separator": {"; ", "；"},
	"list.separator":    {", ", "、"},

	"date.short": {"{month} {year}", "{year}-{number}"},
	"date.month": {"{month} {year}", "{year}年{month}月"},
	"date.day":   {"{day} {month} {year}", "{year}年{month}月{day}日"},
}
