package reports

import (
	"fmt"
	"testing"
)

func TestInterval(t *testing.T) {
	check := func(want, language, unit string, lower, upper Ratio) {
		t.Helper()
		if got := Interval(language, Bounds{lower, upper}, unit, sixty); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	check("between 57.9% and 63.2% of terminals", "en", "terminal", Ratio{579, 1000}, Ratio{632, 1000})
	check("终端中的 57.9% 至 63.2%", "zh", "terminal", Ratio{579, 1000}, Ratio{632, 1000})
	check("55.84% of devices", "en", "device", Ratio{13_700_700, 24_535_000}, Ratio{13_700_700, 24_535_000})
	check("no terminals are counted, so there is no share", "en", "terminal", Ratio{}, Ratio{})
}

func TestStatement(t *testing.T) {
	check := func(wantEN, wantZH string, claim Claim) {
		t.Helper()
		if got := claim.Statement("en"); got != wantEN {
			t.Errorf("got %q, want %q", got, wantEN)
		}
		if got := claim.Statement("zh"); got != wantZH {
			t.Errorf("got %q, want %q", got, wantZH)
		}
	}
	check("over 60%", "超过 60%", Claim{Comparator: ">", Values: []Ratio{sixty}, IsShare: true})
	check("at least 25", "不低于 25", Claim{Comparator: ">=", Values: []Ratio{{25, 1}}})
	check("between 55% and 60.5%", "介于 55% 与 60.5% 之间", Claim{Comparator: "between", Values: []Ratio{{55, 100}, {605, 1000}}, IsShare: true})
	check("~ 3", "~ 3", Claim{Comparator: "~", Values: []Ratio{{3, 1}}})
}

func TestReason(t *testing.T) {
	claim := &Claim{
		Comparator: ">", Values: []Ratio{sixty}, IsShare: true,
		Definition: ClaimDefinition{Unit: "terminal"},
	}
	open := *claim
	open.Definition.Open = []string{"population", "reading"}
	count := &Claim{Comparator: ">=", Values: []Ratio{{25, 1}}, Definition: ClaimDefinition{Unit: "terminal"}}
	judge := func(v Verdict, lower, upper Ratio) Judgement {
		return Judgement{Verdict: v, Lower: lower, Upper: upper}
	}
	with := func(j Judgement, change func(*Judgement)) Judgement {
		change(&j)
		return j
	}
	supported := judge(Supported, Ratio{7000, 10_000}, Ratio{8500, 10_000})
	tests := []struct {
		name      string
		claim     *Claim
		judgement Judgement
		en, zh    string
	}{
		{
			"supported", claim, supported,
			"However the 1,500 unknown terminals turn out, the figure is over 60%.",
			"无论 1,500 台状态未知的终端实际如何，该数均超过 60%。",
		},
		{
			"refuted", claim, judge(Refuted, Ratio{1, 10}, Ratio{2, 10}),
			"However the 1 unknown terminals turn out, the figure is not over 60%.",
			"无论 1 台状态未知的终端实际如何，该数均不满足“超过 60%”。",
		},
		{
			"undetermined", claim, judge(Undetermined, Ratio{5, 10}, Ratio{7, 10}),
			"Whether the figure is over 60% depends on the 2 unknown terminals.",
			"该数是否超过 60%，取决于 2 台状态未知的终端。",
		},
		{"nothing unknown", claim, judge(Refuted, Ratio{6, 10}, Ratio{6, 10}), "The figure is not over 60%.", "该数不满足“超过 60%”。"},
		{"empty", claim, judge(Undetermined, Ratio{}, Ratio{}), "Nothing is counted, so there is no share to compare.", "没有计入任何对象，无可比较的比例。"},
		{"a count", count, judge(Supported, Ratio{30, 1}, Ratio{40, 1}), "The figure is at least 25.", "该数不低于 25。"},
		{
			"own reason", claim,
			Judgement{Verdict: NotComparable, Reason: Text{"More than the estate.", "超出范围。"}},
			"More than the estate.", "超出范围。",
		},
		{"no own reason", claim, Judgement{Verdict: NotComparable}, "The claim is about more than was counted.", "该论断所述范围超出统计范围。"},
		{
			"can lose", claim, with(supported, func(j *Judgement) { j.Margin = margin(1000) }),
			"However the 1,500 unknown terminals turn out, the figure is over 60%. It could lose 1,000 accepting terminals and still hold.",
			"无论 1,500 台状态未知的终端实际如何，该数均超过 60%。即使减少 1,000 台支持的终端，论断仍成立。",
		},
		{
			"can lose none", claim, with(supported, func(j *Judgement) { j.Margin = margin(0) }),
			"However the 1,500 unknown terminals turn out, the figure is over 60%. It could not lose a single one.",
			"无论 1,500 台状态未知的终端实际如何，该数均超过 60%。再少一台即不成立。",
		},
		{
			"needs", claim, with(judge(Undetermined, Ratio{5, 10}, Ratio{7, 10}), func(j *Judgement) { j.Margin = margin(-2) }),
			"Whether the figure is over 60% depends on the 2 unknown terminals. It needs 2 more accepting terminals to hold for certain.",
			"该数是否超过 60%，取决于 2 台状态未知的终端。还需 2 台支持的终端，论断方可确定成立。",
		},
		{
			"carried weaken it", claim,
			Judgement{Verdict: Undetermined, AsCarried: Supported, Lower: Ratio{7, 10}, Upper: Ratio{8, 10}},
			"As last delivered, the carried terminals would make the verdict “Supported”; taken as unknown they leave it open, and the weaker verdict is given.",
			"沿用的终端若按最近一次报送计，判定为“成立”；若视为未知则无法确定，此处取较弱的判定。",
		},
		{
			"left open", &open, with(supported, func(j *Judgement) { j.StrictestReading = "strict" }),
			"However the 1,500 unknown terminals turn out, the figure is over 60%. The claim leaves population, reading open; the default definition was used. The strictest reading that still decides so is “strict”.",
			"无论 1,500 台状态未知的终端实际如何，该数均超过 60%。论断未说明统计范围、认定口径，此处按默认定义判定。仍能如此判定的最严格认定口径为“严格”。",
		},
		{"no verdict", claim, Judgement{}, "", ""},
	}
	for _, test := range tests {
		if got := Reason("en", test.claim, test.judgement); got != test.en {
			t.Errorf("%s:\n got %q\nwant %q", test.name, got, test.en)
		}
		if got := Reason("zh", test.claim, test.judgement); got != test.zh {
			t.Errorf("%s:\n got %q\nwant %q", test.name, got, test.zh)
		}
	}
}

func TestOverallReason(t *testing.T) {
	at := func(verdicts ...Verdict) *Claim {
		claim := &Claim{Comparator: ">", Values: []Ratio{sixty}, IsShare: true, Definition: ClaimDefinition{Unit: "terminal"}}
		claim.Judgement = Judgement{Verdict: Undetermined, Lower: Ratio{5, 10}, Upper: Ratio{7, 10}, Margin: margin(3)}
		for i, verdict := range verdicts {
			claim.Snapshots = append(claim.Snapshots, Judgement{SnapshotDate: fmt.Sprintf("2016-%02d-28", i+1), Verdict: verdict})
		}
		return claim
	}
	check := func(en, zh string, claim *Claim) {
		t.Helper()
		if got := OverallReason("en", claim); got != en {
			t.Errorf("got %q, want %q", got, en)
		}
		if got := OverallReason("zh", claim); got != zh {
			t.Errorf("got %q, want %q", got, zh)
		}
	}
	one := at(Undetermined)
	check(Reason("en", one, one.Judgement), Reason("zh", one, one.Judgement), one)
	check("The same at all 2 snapshots from 28 January 2016 to 28 February 2016.",
		"自 2016年1月28日 至 2016年2月28日 的 2 个时点均如此。", at(Refuted, Refuted))
	check("It is not the same at every snapshot: “Supported” on 28 March 2016; “Refuted” on 28 January 2016, 28 February 2016.",
		"各时点判定不一：“成立”：2016年3月28日；“不成立”：2016年1月28日、2016年2月28日。", at(Refuted, Refuted, Supported))
	check("It is not the same at every snapshot: “Undetermined” on 28 January 2016; “Refuted” at 5 snapshots.",
		"各时点判定不一：“未定”：2016年1月28日；“不成立”：5 个时点。", at(Undetermined, Refuted, Refuted, Refuted, Refuted, Refuted))
	own := at(Refuted, Supported)
	own.Judgement.Reason = Text{"Its own.", "自有理由。"}
	check(Reason("en", own, own.Judgement), Reason("zh", own, own.Judgement), own)
}

func TestDate(t *testing.T) {
	tests := []struct{ iso, en, zh string }{
		{"2016-12-31", "31 December 2016", "2016年12月31日"},
		{"2016-02-09", "9 February 2016", "2016年2月9日"},
		{"2015-04", "April 2015", "2015年4月"},
		{"2015", "2015", "2015"},
		{"2015-12/2017", "2015-12/2017", "2015-12/2017"},
		{"2016-13-01", "2016-13-01", "2016-13-01"},
		{"", "", ""},
	}
	for _, test := range tests {
		if en, zh := Date("en", test.iso), Date("zh", test.iso); en != test.en || zh != test.zh {
			t.Errorf("%q: got %q and %q, want %q and %q", test.iso, en, zh, test.en, test.zh)
		}
	}
}

func TestCarriedAsUnknown(t *testing.T) {
	c := Counts{All: 10, Yes: 6, No: 3, Unknown: 1, Carried: 5, CarriedYes: 2, CarriedNo: 1}
	want := Counts{All: 10, Yes: 4, No: 2, Unknown: 4, Carried: 5}
	if got := c.CarriedAsUnknown(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if err := want.Check(); err != nil {
		t.Error(err)
	}
}
