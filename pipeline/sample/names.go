package sample

// A trade is a line of business as it ends a merchant's name, and its merchant category code.
type trade struct{ name, category string }

var trades = []trade{
	{"超市", "5411"},
	{"便利店", "5499"},
	{"大酒楼", "5812"},
	{"餐厅", "5812"},
	{"快餐店", "5814"},
	{"大药房", "5912"},
	{"宾馆", "7011"},
	{"商务酒店", "7011"},
	{"加油站", "5541"},
	{"服饰店", "5651"},
	{"鞋城", "5661"},
	{"家电", "5732"},
	{"书店", "5942"},
	{"珠宝", "5944"},
	{"美容美发", "7230"},
	{"汽车修理厂", "7538"},
	{"茶庄", "5499"},
	{"通讯器材", "4812"},
	{"建材", "5211"},
	{"家具城", "5712"},
	{"花店", "5992"},
	{"文具店", "5943"},
	{"影城", "7832"},
	{"健身会所", "7997"},
	{"停车场", "7523"},
	{"五金店", "5251"},
	{"母婴用品店", "5641"},
	{"旅行社", "4722"},
}

// nameHeads and nameTails make the name proper of a merchant: two characters before, one after.
var (
	nameHeads = []string{
		"福满", "和顺", "金穗", "百乐", "宏泰", "新悦", "嘉禾", "永兴", "泰和", "聚源", "春晓", "云锦",
		"鼎丰", "万顺", "祥瑞", "德馨", "广源", "康宁", "瑞福", "华美", "恒信", "天成", "锦绣", "东升",
		"佳佳", "惠民", "同德", "海韵", "山水", "阳光", "四季", "南风", "北斗", "西岭", "长青", "绿野",
		"红枫", "青竹", "白露", "紫云", "明月", "晨曦", "星河", "雨荷", "鹭江", "榕树", "泉源", "石桥",
	}
	nameTails = []string{"堂", "阁", "园", "坊", "轩", "居", "记", "行"}
	roads     = []string{
		"中山路", "人民路", "建设路", "解放路", "和平路", "湖滨路", "新华街", "文化街", "滨海大道",
		"团结路", "青年路", "站前路", "学府路", "工业路", "长江路", "黄河路", "光明街", "友谊路",
	}
)

// A brand is a chain with its own range of shop sizes; a share of all merchants are its shops.
type brand struct {
	id       string // as in the reference data, "" for an invented chain
	name     string
	english  string
	category string
	least    int // terminals of a shop
	most     int
}

var brands = []brand{
	{"carrefour", "家乐福", "Carrefour", "5411", 8, 24},
	{"mcdonalds", "麦当劳", "McDonald's", "5814", 2, 5},
	{"watsons", "屈臣氏", "Watsons", "5977", 1, 3},
	{"", "百汇鲜超市", "Baihuixian", "5411", 4, 12},
	{"", "青柠便利", "Green Lime", "5499", 1, 3},
	{"", "拾光影城", "Shiguang Cinema", "7832", 3, 8},
}

// A model is a device model as its vendor calls it.
type model struct {
	vendor, vendorEN string
	name             string
	device           string // canonical device type
	weight           int    // how many of a hundred terminals
}

var models = []model{
	{"百富", "PAX", "S80", "pos", 16},
	{"百富", "PAX", "S90", "pos", 12},
	{"联迪", "Landi", "E350", "pos", 14},
	{"联迪", "Landi", "E550", "pos", 8},
	{"惠尔丰", "Verifone", "Vx520", "pos", 12},
	{"新大陆", "Newland", "SP60", "pos", 8},
	{"新大陆", "Newland", "N510", "pos", 3},
	{"新大陆", "Newland", "N900", "smart_pos", 4},
	{"联迪", "Landi", "A8", "smart_pos", 5},
	{"百富", "PAX", "A920", "smart_pos", 3},
	{"新大陆", "Newland", "ME31", "mpos", 6},
	{"百富", "PAX", "D180", "mpos", 5},
	{"听松", "Tingsong", "T30", "telephone", 4},
}

// Devices that no population counts.
var (
	cashMachine = model{"海川", "Haichuan", "A300", deviceATM, 0}
	barcodeBox  = model{"码上", "Mashang", "Q1", deviceBarcode, 0}
)

const (
	deviceATM     = "atm"
	deviceBarcode = "barcode"
	deviceUnknown = ""
)
