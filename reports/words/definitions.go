package words

// definitions explain the terms of the report, in the order of DefinitionTerms.
var definitions = map[string]pair{
	"definition.share": {
		"The share of terminals that accept QuickPass is an interval. Its lower end is yes over all, its upper end is yes and unknown over all. The lower end is rounded down and the upper end up, with as many decimals as keep each on its own side of the claim’s value. Verdicts compare the counts themselves, never the printed figures.",
		"支持闪付的终端占比以区间表示：下限为“是”除以总数，上限为“是”与“未知”之和除以总数。下限向下取整，上限向上取整，小数位数以不越过论断数值为准。判定比较的是计数本身，而非印出的比例。",
	},
	"definition.unknown": {
		"Unknown is never taken as no. Unknown are terminals about which no admitted evidence speaks or evidence conflicts, rows that could not be read (rejected), terminals that may not belong (undecided), and sources whose last delivery is too old (missing).",
		"未知从不当作否。未知包括：没有可采证据或证据冲突的终端、无法读取的行（拒收）、是否属于统计范围未定的终端（归属未定），以及报送过旧的来源（缺报）。",
	},
	"definition.verdict": {
		"Supported: the claim holds however every unknown turns out. Refuted: it fails however they turn out. Undetermined: it depends on them. Not comparable: the claim is about more than, or something else than, what was counted.",
		"成立：无论未知如何，论断都成立。不成立：无论未知如何，论断都不成立。未定：取决于未知部分。不可比：论断所述超出或不同于统计对象。",
	},
	"definition.carried": {
		"Carried terminals are taken from the last delivery of a source that has none for this snapshot. A verdict is computed with them as they stand and with them as unknown; the weaker one is given.",
		"沿用：某来源在本时点没有报送，沿用其最近一次报送。判定分别按原值和按未知计算，取较弱者。",
	},
	"definition.reading": {
		"A reading says which evidence is admitted, for yes and for no alike. Strict admits observed transactions and terminal parameters; declared adds explicit flags; inferred adds model, certification date and merchant switches. Two readings never give opposite verdicts.",
		"认定口径规定采信哪些证据，对“是”与“否”一视同仁。严格：仅采信实际交易与终端参数；申报：另采信明确标识；推断：另采信型号、认证日期与商户级开关。不同口径不会给出相反的判定。",
	},
	"definition.tier": {
		"A tier says how acceptance is known. The highest admitted tier that speaks decides; if it speaks both ways the terminal is unknown (a conflict). That a lower tier disagrees is counted as a contradiction and changes nothing.",
		"证据层级说明结论从何而知。由有证据的最高层级决定；同一层级证据相反则为未知（冲突）。较低层级与之不符时计为矛盾，但不改变结论。",
	},
	"definition.population.networked": {
		"Networked: in service, neither cash machine nor barcode box, in the estate’s country. It stands in for the central bank’s count of networked POS and is not that count.",
		"联网终端：在用，非自助取款机、非条码设备，位于统计国家。此为人民银行“联网POS机具”的近似，并非该统计本身。",
	},
	"definition.population.indirect_pos": {
		"Indirect POS: networked terminals without telephone and directly connected ones.",
		"间联POS：联网终端中不含电话POS与直联POS者。",
	},
	"definition.population.merchant": {
		"Merchant: networked terminals without personal and self-service ones.",
		"商户终端：联网终端中不含个人支付终端与自助终端者。",
	},
	"definition.population.active_3m": {
		"Active in 3 months: networked terminals with a transaction in the snapshot’s month or the two before.",
		"近三个月活动：当月或前两个月内有交易的联网终端。",
	},
	"definition.population.registered": {
		"Registered: networked terminals whose serial number is registered with the clearing house.",
		"已注册：序列号已在清算机构注册的联网终端。",
	},
	"definition.population.with_serial": {
		"With serial number: networked terminals that carry one.",
		"有序列号：登记了序列号的联网终端。",
	},
	"definition.unit": {
		"A terminal is one terminal number of one acquirer; a device is one serial number. A device counts once in every key it touches, so such rows do not add up.",
		"终端为一家收单机构的一个终端号；设备为一个序列号。一台设备在其涉及的每个对象中各计一次，故此类行不可相加。",
	},
	"definition.merchant": {
		"A merchant is a contract with one acquirer, not a company. “Any” has at least one accepting terminal, “all” has only accepting ones; each is a range because of the unknown terminals.",
		"商户为与一家收单机构的一份协议，而非一家公司。“任一”指至少有一台终端支持，“全部”指所有终端均支持；因存在未知终端，均以区间表示。",
	},
}

// DefinitionTerms lists what the report defines, in reading order. The populations are listed by
// the report itself, which knows the ones in use.
func DefinitionTerms() []string {
	return []string{"share", "unknown", "verdict", "carried", "reading", "tier", "unit", "merchant"}
}
