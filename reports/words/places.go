package words

// Place is one of the 34 provincial divisions: its name, a label short enough for a tile, and its
// tile on a map of equal squares, counted from the upper left corner.
type Place struct {
	Code        string // GB/T 2260
	Name, Label string
	Column, Row int
}

// place holds the names and the tile of a division; the English label is its ISO 3166-2 code.
type place struct {
	code, iso, en, zh, short string
	column, row              int
}

var places = []place{
	{"110000", "BJ", "Beijing", "北京市", "京", 6, 2},
	{"120000", "TJ", "Tianjin", "天津市", "津", 7, 2},
	{"130000", "HE", "Hebei", "河北省", "冀", 6, 1},
	{"140000", "SX", "Shanxi", "山西省", "晋", 5, 2},
	{"150000", "NM", "Inner Mongolia", "内蒙古自治区", "蒙", 5, 1},
	{"210000", "LN", "Liaoning", "辽宁省", "辽", 7, 1},
	{"220000", "JL", "Jilin", "吉林省", "吉", 8, 1},
	{"230000", "HL", "Heilongjiang", "黑龙江省", "黑", 8, 0},
	{"310000", "SH", "Shanghai", "上海市", "沪", 8, 4},
	{"320000", "JS", "Jiangsu", "江苏省", "苏", 7, 3},
	{"330000", "ZJ", "Zhejiang", "浙江省", "浙", 7, 4},
	{"340000", "AH", "Anhui", "安徽省", "皖", 6, 4},
	{"350000", "FJ", "Fujian", "福建省", "闽", 7, 5},
	{"360000", "JX", "Jiangxi", "江西省", "赣", 6, 5},
	{"370000", "SD", "Shandong", "山东省", "鲁", 6, 3},
	{"410000", "HA", "Henan", "河南省", "豫", 5, 3},
	{"420000", "HB", "Hubei", "湖北省", "鄂", 5, 4},
	{"430000", "HN", "Hunan", "湖南省", "湘", 5, 5},
	{"440000", "GD", "Guangdong", "广东省", "粤", 6, 6},
	{"450000", "GX", "Guangxi", "广西壮族自治区", "桂", 5, 6},
	{"460000", "HI", "Hainan", "海南省", "琼", 5, 7},
	{"500000", "CQ", "Chongqing", "重庆市", "渝", 4, 4},
	{"510000", "SC", "Sichuan", "四川省", "川", 3, 4},
	{"520000", "GZ", "Guizhou", "贵州省", "贵", 4, 5},
	{"530000", "YN", "Yunnan", "云南省", "云", 3, 5},
	{"540000", "XZ", "Xizang", "西藏自治区", "藏", 1, 4},
	{"610000", "SN", "Shaanxi", "陕西省", "陕", 4, 3},
	{"620000", "GS", "Gansu", "甘肃省", "甘", 3, 2},
	{"630000", "QH", "Qinghai", "青海省", "青", 2, 3},
	{"640000", "NX", "Ningxia", "宁夏回族自治区", "宁", 4, 2},
	{"650000", "XJ", "Xinjiang", "新疆维吾尔自治区", "新", 1, 2},
	{"710000", "TW", "Taiwan", "台湾省", "台", 8, 6},
	{"810000", "HK", "Hong Kong", "香港特别行政区", "港", 7, 7},
	{"820000", "MO", "Macao", "澳门特别行政区", "澳", 6, 7},
	// The five cities that are reported apart from their provinces have no tile of their own.
	{"210200", "", "Dalian", "大连市", "", -1, -1},
	{"330200", "", "Ningbo", "宁波市", "", -1, -1},
	{"350200", "", "Xiamen", "厦门市", "", -1, -1},
	{"370200", "", "Qingdao", "青岛市", "", -1, -1},
	{"440300", "", "Shenzhen", "深圳市", "", -1, -1},
}

// Tiles returns the provincial divisions in code order.
func (w Words) Tiles() []Place {
	var tiles []Place
	for _, p := range places {
		if p.column < 0 {
			continue
		}
		tile := Place{Code: p.code, Name: p.en, Label: p.iso, Column: p.column, Row: p.row}
		if w.language == "zh" {
			tile.Name, tile.Label = p.zh, p.short
		}
		tiles = append(tiles, tile)
	}
	return tiles
}

// Place returns the name of a province, or of a city that is reported apart, and whether the words
// know it.
func (w Words) Place(code string) (string, bool) {
	for _, p := range places {
		if p.code != code {
			continue
		}
		if w.language == "zh" {
			return p.zh, true
		}
		return p.en, true
	}
	return "", false
}
