package editions

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/conform"
)

// layoutOf is a layout of headers, each read into the column behind its colon, if there is one.
func layoutOf(headers string) *conform.Layout {
	l := &conform.Layout{HeaderLine: 1}
	for _, header := range strings.Fields(headers) {
		name, column, isRead := strings.Cut(header, ":")
		l.Headers = append(l.Headers, name)
		if isRead {
			l.Columns = append(l.Columns, conform.Mapped{Column: column, Headers: []string{name}})
		}
	}
	return l
}

func TestDriftOf(t *testing.T) {
	const before = "终端编号:terminal_id 商户编号:merchant_id 安装日期:installed_on 备注"
	for _, test := range []struct {
		name, now string
		want      string // sentences; "" for no drift
	}{
		{"the same", before, ""},
		{"another order", "备注 安装日期:installed_on 商户编号:merchant_id 终端编号:terminal_id", ""},
		{"another width", "终端编号:terminal_id 商户编号:merchant_id 安装日期:installed_on 备注 ", ""},
		{"new", before + " 厂商:vendor", `new: "厂商"`},
		{"missing, and read by nothing", "终端编号:terminal_id 商户编号:merchant_id 安装日期:installed_on", `missing: "备注"`},
		{
			"missing", "终端编号:terminal_id 安装日期:installed_on 备注",
			`missing: "商户编号"; nothing is read into merchant_id any more`,
		},
		{"renamed, and both known", "终端号:terminal_id 商户编号:merchant_id 安装日期:installed_on 备注", `column "终端编号" is called "终端号" now`},
		{"renamed altogether", "TID:terminal_id 商户编号:merchant_id 安装日期:installed_on 备注", `column "终端编号" is called "TID" now`},
		{
			"a slip", "终端编号:terminal_id 商户编码 安装日期:installed_on 备注",
			`column "商户编号" is missing, did you mean "商户编码", which is new?; nothing is read into merchant_id any more`,
		},
		{
			"several", "终端号:terminal_id 商户编号:merchant_id 厂商 型号",
			`column "终端编号" is called "终端号" now; missing: "安装日期", "备注"; new: "厂商", "型号"; nothing is read into installed_on any more`,
		},
	} {
		got := ""
		if d := compareLayouts(layoutOf(before), layoutOf(test.now)); d != nil {
			got = strings.Join(d.Sentences(), "; ")
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
	if d := compareLayouts(&conform.Layout{}, layoutOf(before)); d != nil {
		t.Errorf("without a header there is drift %+v", d)
	}
}
