package reference

import (
	"slices"
	"testing"
)

func TestHeaders(t *testing.T) {
	h := load(t).Headers
	for _, test := range []struct{ header, want string }{
		{"终端号", "terminal_id"},
		{"POS终端号", "terminal_id"},
		{"受卡机终端标识码", "terminal_id"},
		{"term_no", "terminal_id"},
		{"terminal_id", "terminal_id"},
		{"TID", "terminal_id"},
		{"Terminal ID", "terminal_id"},
		{"Terminal No.", "terminal_id"},
		{"TerminalNo", "terminal_id"},
		{"TERMINAL-ID", "terminal_id"},
		{"*终端 编号：", "terminal_id"},
		{"ＴＩＤ", "terminal_id"},
		{"\ufeff终端号\t", "terminal_id"},
		{"Terminal #", "terminal_id"},
		{"商户编号", "merchant_id"},
		{"merchant name", "merchant_name"},
		{"对外经营名称", "merchant_name"},
		{"acquirer", "acquirer_id"},
		{"acquirer_raw", "acquirer_id"},
		{"代理/发送机构标识码", "acquirer_id"},
		{"收单行", "acquirer_id"},
		{"device type", "device_type"},
		{"终端类型", "device_type"},
		{"status", "status"},
		{"终端状态", "status"},
		{"contactless", "contactless_flag"},
		{"tap and go", "contactless_flag"},
		{"TapAndGo", "contactless_flag"},
		{"NFC", "contactless_flag"},
		{"是否支持非接", "contactless_flag"},
		{"ContactlessSupFlg", "contactless_flag"},
		{"受理非接触式金融ＩＣ卡", "contactless_flag"},
		{"FLAG_FEIJIE", "contactless_flag"},
		{"闪付标识", "contactless_flag"},
		{"是否支持双免", "no_pin_flag"},
		{"小额免密免签", "no_pin_flag"},
		{"银二", "qr_flag"},
		{"是否支持银联二维码", "qr_flag"},
		{"非接联机笔数", "contactless_transaction_count"},
		{"云闪付笔数", "mobile_contactless_transaction_count"},
		{"deviceManufacturer", "vendor"},
		{"机身号", "serial_number"},
		{"品牌型号", "model"},
		{"入网认证编号", "license_code"},
		{"装机日期", "installed_on"},
		{"撤机日期", "removed_on"},
		{"最后修改时间", "updated_at"},
		{"行政区划代码", "region_raw"},
		{"银联地区代码", "region_raw"},
		{"布放地", "address"},
		{"MCC", "category_code"},
		{"服务点输入方式", "entry_modes"},
		{"总笔数", "transaction_count"},
		{"是否已注册", "is_registered"},
		// What a part of a known header must not be taken for.
		{"接触", ""},
		{"支持接触式IC卡", ""},
		{"非接脱机笔数", "offline_contactless_transaction_count"},
		{"不支持非接", ""},
		{"是否支持接触", ""},
		{"挥卡优先", ""},
		{"省", ""},
		{"市", ""},
		{"State", ""},
		{"", ""},
		{"MeterId", ""},
		{"source_file", ""},
	} {
		got, ok := h.Column(test.header)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("header %q: got %q, want %q", test.header, got, test.want)
		}
	}
}

// Each column's own name and every alias is found again, as the one column it stands for.
func TestHeadersFindThemselves(t *testing.T) {
	h := load(t).Headers
	owner := map[string]string{}
	for _, column := range headerColumns {
		aliases := h.Aliases(column)
		if len(aliases) == 0 {
			t.Errorf("no header stands for %s", column)
		}
		for _, alias := range aliases {
			key := headerKey(alias)
			if other, ok := owner[key]; ok {
				t.Errorf("header %q stands for %s and %s", alias, other, column)
			}
			owner[key] = column
			if got := h.meanings[key].column; got != column {
				t.Errorf("header %q: got %s, want %s", alias, got, column)
			}
		}
		if _, _, isRegion := h.Region(column); !isRegion && !slices.Contains(aliases, column) && column[:7] != "region_" {
			t.Errorf("column %s does not stand for itself", column)
		}
	}
}

func TestHeadersOfRegions(t *testing.T) {
	h := load(t).Headers
	for _, test := range []struct{ header, scheme, level string }{
		{"行政区划代码", SchemeGB2260, ""},
		{"银联地区代码", "unionpay", ""},
		{"省", SchemeName, LevelProvince},
		{"City", SchemeName, LevelCity},
		{"区/县", SchemeName, LevelCounty},
		{"终端号", "", ""},
		{"没有", "", ""},
	} {
		scheme, level, ok := h.Region(test.header)
		if scheme != test.scheme || level != test.level || ok != (test.scheme != "") {
			t.Errorf("header %q: got %q %q %v, want %q %q", test.header, scheme, level, ok, test.scheme, test.level)
		}
	}
	if h.Note("终端号") == "" || h.Note("商户号") != "" {
		t.Error("终端号 needs a caution, 商户号 none")
	}
}
