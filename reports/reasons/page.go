package reasons

import (
	"fmt"
	"strings"
)

// PageName is the file of a reason's page in a language, below docs/rejects.
func PageName(code, language string) string {
	if language == "zh" {
		return code + ".zh.md"
	}
	return code + ".md"
}

// phrases are the fixed words of a page.
var phrases = map[string]Text{
	"found":    {"What was found", "发现的问题"},
	"count":    {"What it does to the count", "对统计的影响"},
	"do":       {"What to do", "处理办法"},
	"example":  {"Example", "示例"},
	"list":     {"The rows with this reason:", "列出属于此原因的行："},
	"aside":    {"The deliveries that were set aside:", "列出被搁置的文件："},
	"other":    {"中文", "English"},
	"overview": {"All reasons", "全部原因"},
	"title":    {"Reasons of rejects", "拒收原因一览"},
	"lead": {
		"Every row that is not used, and every export that is set aside, has one of these reasons. Each page says what was found, what it does to the count, and what the source should do. These pages are made from the catalogue in `reports/reasons`.",
		"每一条未采用的行、每一份被搁置的文件，都对应下列原因之一。各页说明发现的问题、对统计的影响和报送方应如何处理。本页面由 `reports/reasons` 中的目录生成。",
	},
	"code":    {"code", "代码"},
	"meaning": {"meaning", "含义"},
}

func phrase(key, language string) string { return phrases[key].In(language) }

// Page is the manual page of a reason in a language, in Markdown.
func Page(r Reason, language string) string {
	other := "zh"
	if language == "zh" {
		other = "en"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# `%s`: %s\n\n", r.Code, r.Name.In(language))
	fmt.Fprintf(&b, "%s · [%s](%s) · [%s](%s)\n\n", Class(r.Class).In(language),
		phrase("overview", language), PageName("README", language), phrase("other", language), PageName(r.Code, other))
	section := func(key, text string) {
		fmt.Fprintf(&b, "## %s\n\n%s\n\n", phrase(key, language), text)
	}
	section("found", r.Means.In(language))
	section("count", Consequence(r.Class).In(language))
	section("do", r.Action.In(language))
	if r.Example != "" {
		section("example", "```text\n"+r.Example+"\n```")
	}
	if r.Class == Delivery {
		fmt.Fprintf(&b, "%s\n\n```text\ntapcov deliveries --state refused\n```\n", phrase("aside", language))
	} else {
		fmt.Fprintf(&b, "%s\n\n```text\ntapcov rejects --reason %s --lang %s\n```\n", phrase("list", language), r.Code, language)
	}
	return b.String()
}

// Index is the page that lists all reasons in a language, in Markdown.
func Index(language string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n", phrase("title", language), phrase("lead", language))
	for _, class := range []string{Terminal, Field, NotTerminal, Delivery} {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| %s | %s |\n| --- | --- |\n", capital(Class(class).In(language)), Consequence(class).In(language),
			phrase("code", language), phrase("meaning", language))
		for _, code := range Codes(class) {
			r, _ := Of(code)
			fmt.Fprintf(&b, "| [`%s`](%s) | %s |\n", code, PageName(code, language), r.Name.In(language))
		}
	}
	return b.String()
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
