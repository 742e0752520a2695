package reasons

// rows are the reasons why a whole row is not in the inventory, terminal ids aside.
var rows = []Reason{
	{
		Code: "encoding", Class: Terminal,
		Name:    Text{"bytes that are no text in the export’s encoding", "无法按文件编码解码"},
		Means:   Text{"The line holds bytes that are not text in the encoding of the rest of the file, so its cells cannot be trusted.", "该行含有无法按文件编码（UTF-8 或 GB18030）解码的字节，单元格内容不可信。"},
		Action:  Text{"Export the whole file in one encoding, UTF-8 or GB18030, and do not join files of different encodings.", "请以同一种编码（UTF-8 或 GB18030）重新导出全部数据，不要拼接不同编码的文件。"},
		Example: "10000001,\ufffd\ufffd商店,1",
	},
	{
		Code: "quote_open", Class: Terminal,
		Name:    Text{"a quoted field that never ends", "引号未闭合"},
		Means:   Text{"A cell begins with a quotation mark that is never closed. This line is rejected; reading goes on at the next one.", "单元格以引号开头但没有结束引号。本行不采用，从下一行继续读取。"},
		Action:  Text{"Close the quotation mark, or double every quotation mark within a quoted cell.", "请补全结束引号；引号内的引号须写成两个。"},
		Example: `10000001,"厦门分店,1`,
	},
	{
		Code: "quote_stray", Class: Terminal,
		Name:    Text{"a quote within a field", "字段内多余引号"},
		Means:   Text{"Text follows the closing quotation mark of a cell, so it cannot be told where the cell ends.", "结束引号之后仍有文字，无法判断单元格在何处结束。"},
		Action:  Text{"Double every quotation mark within a quoted cell.", "引号内的引号须写成两个。"},
		Example: `10000001,"厦门"分店,1`,
	},
	{
		Code: "record_too_long", Class: Terminal,
		Name:    Text{"a record longer than the limit", "记录超长"},
		Means:   Text{"The record is longer than any record should be: a line end is missing, or this is not a table.", "记录长度超过上限，可能缺少换行，或文件不是数据表。"},
		Action:  Text{"End every record with a line end. If records are really that long, the receiver can raise limits.record.", "请确保每条记录以换行结束。如记录确实很长，可由接收方调高 limits.record。"},
		Example: "10000001,1,10000002,1,10000003,1,…",
	},
	{
		Code: "record_cut", Class: Terminal,
		Name:    Text{"a record cut off by damage", "记录因文件损坏而中断"},
		Means:   Text{"The compressed file is damaged within this record. What stands before it was read because the profile says so; what stands behind it is lost.", "压缩文件在该记录处损坏。按配置读取了此前的记录，此后的记录全部丢失。"},
		Action:  Text{"Deliver the file again, whole.", "请重新提供完整的文件。"},
		Example: "10000001,厦门思",
	},
	{
		Code: "character_torn", Class: Terminal,
		Name:    Text{"a column of fixed width ends within a character", "定长字段截断了汉字"},
		Means:   Text{"A column of fixed width ends in the middle of a character, so all columns behind it are shifted: a field is longer or shorter than agreed.", "定长字段的边界落在一个汉字中间，其后各字段均已错位：某个字段的长度与约定不符。"},
		Action:  Text{"Fill every field up to its width in bytes of the file’s encoding, and cut texts between characters.", "请按文件编码的字节数补足各字段，截断文字时不要拆开汉字。"},
		Example: "10000001厦门思明区分店   1",
	},
	{
		Code: "json_invalid", Class: Terminal,
		Name:    Text{"a record that is no JSON object", "记录不是有效的 JSON 对象"},
		Means:   Text{"The record is not one whole JSON object, or it has the same name twice, so its values cannot be trusted.", "该记录不是完整的 JSON 对象，或同一名称出现两次，取值不可信。"},
		Action:  Text{"Write one object a record, with a JSON library, each name once.", "请用 JSON 程序库写出，每条记录一个对象，每个名称只出现一次。"},
		Example: `{"terminal": "10000001", "tap": 1`,
	},
	{
		Code: "columns_missing", Class: Terminal,
		Name:    Text{"fewer columns than the header", "列数少于表头"},
		Means:   Text{"The record has fewer cells than the header: it was cut short, or a cell holds a line break that is not quoted.", "记录的列数少于表头，可能被截断，或单元格内有未加引号的换行。"},
		Action:  Text{"Deliver the whole record, and quote cells that hold line breaks.", "请补全该记录；含换行的单元格须加引号。"},
		Example: "10000001,1",
	},
	{
		Code: "columns_extra", Class: Terminal,
		Name:    Text{"more columns than the header", "列数多于表头"},
		Means:   Text{"The record has more cells than the header: a cell holds the delimiter and is not quoted.", "记录的列数多于表头，通常是单元格含有未加引号的分隔符。"},
		Action:  Text{"Quote cells that hold the delimiter.", "含分隔符的单元格须加引号。"},
		Example: "10000001,厦门,思明区分店,1",
	},
	{
		Code: "blank", Class: NotTerminal,
		Name:   Text{"a blank row", "空行"},
		Means:  Text{"The row has nothing in it.", "该行没有内容。"},
		Action: Text{"Nothing needs to be done.", "无需处理。"}, Example: ",,",
	},
	{
		Code: "total", Class: NotTerminal,
		Name:    Text{"a row of totals", "合计行"},
		Means:   Text{"The row prints a total. The number of terminals that it prints is held against those in the export.", "该行是合计行。其中的终端数与文件中的终端数核对。"},
		Action:  Text{"Nothing needs to be done.", "无需处理。"},
		Example: "合计,3",
	},
	{
		Code: "trailer", Class: NotTerminal,
		Name:    Text{"a trailer record", "文件尾记录"},
		Means:   Text{"The record ends the file and says how many records it should have. They are counted.", "该记录为文件尾，载明应有的记录数，已据此核对。"},
		Action:  Text{"Nothing needs to be done.", "无需处理。"},
		Example: "TRAILER|000123",
	},
	{
		Code: "header_repeated", Class: NotTerminal,
		Name:    Text{"the header again", "重复的表头"},
		Means:   Text{"The header stands again among the rows, as it does where several files were joined.", "表头在数据中再次出现，常见于多个文件拼接。"},
		Action:  Text{"Nothing needs to be done, if the files that were joined belong together.", "如拼接的文件确属同一次报送，则无需处理。"},
		Example: "终端编号,是否支持非接",
	},
	{
		Code: "note", Class: NotTerminal,
		Name:    Text{"a note", "注释行"},
		Means:   Text{"The row is prose about the table.", "该行是关于表格的说明文字。"},
		Action:  Text{"Nothing needs to be done.", "无需处理。"},
		Example: "制表人：王小明",
	},
}

// damages are what can have happened to an identifier; a reason code is the column and one of these.
var damages = []Reason{
	{
		Code:   "blank",
		Name:   Text{"the {id} is blank", "{id}为空"},
		Means:  Text{"The row has no {id}, so it cannot be told which terminal it is.", "该行没有{id}，无法确定是哪台终端。"},
		Action: Text{"Fill in the {id}, or leave the row out if it is no terminal.", "请补填{id}；如该行不是终端，请删除。"},
	},
	{
		Code:    "scientific",
		Name:    Text{"the {id} was turned into a number by a spreadsheet", "{id}被电子表格转成科学计数"},
		Means:   Text{"A spreadsheet took the {id} for a number and rounded it. The digits are lost, and tapcov does not guess them.", "电子表格把{id}当作数字并作了舍入，原有数位已丢失，无法还原，系统也不作猜测。"},
		Action:  Text{"Format the column as text before the data go into the sheet, or export from the system without a spreadsheet in between.", "请先把该列设为文本格式再填入数据，或不经电子表格直接从系统导出。"},
		Example: "1.86E+07",
	},
	{
		Code:    "control",
		Name:    Text{"the {id} holds control characters", "{id}含控制字符"},
		Means:   Text{"The {id} holds characters that cannot be seen, such as NUL, a tab or a line break.", "{id}含有不可见字符，如空字符、制表符或换行。"},
		Action:  Text{"Remove these characters from the {id}.", "请去除{id}中的不可见字符。"},
		Example: "1000\u24000001",
	},
	{
		Code:    "too_long",
		Name:    Text{"the {id} is too long", "{id}过长"},
		Means:   Text{"The {id} has more than 64 characters and is something else, most likely several cells in one.", "{id}超过 64 个字符，很可能是多个单元格并在了一起。"},
		Action:  Text{"Put the {id} alone into its column.", "请确保该列只填{id}。"},
		Example: "10000001100000021000000310000004100000051000000610000007100000081",
	},
	{
		Code:    "replacement_character",
		Name:    Text{"the {id} holds characters that were lost", "{id}含已丢失的字符"},
		Means:   Text{"A system before ours could not read some characters of the {id} and put \ufffd in their place.", "上游系统无法识别{id}中的部分字符，已替换为 \ufffd。"},
		Action:  Text{"Export the {id} again from the system that still has it.", "请从仍保有原值的系统重新导出{id}。"},
		Example: "1000\ufffd001",
	},
}

// cells are the reasons why one cell is not used, identifiers aside.
var cells = []Reason{
	{
		Code: "flag_unknown", Class: Field,
		Name:    Text{"a flag that the profile does not know", "标识取值未知"},
		Means:   Text{"The cell should say yes or no, and what it says is neither.", "该单元格应为是或否，但其取值无法识别。"},
		Action:  Text{"Write 1 or 0, 是 or 否, Y or N; or tell the receiver what the value means.", "请填 1 或 0、是或否、Y 或 N；或告知接收方该取值的含义。"},
		Example: "也许",
	},
	{
		Code: "value_unknown", Class: Field,
		Name:    Text{"a value that the profile does not know", "取值未知"},
		Means:   Text{"The column has a list of values, and this one is not on it.", "该列的取值有固定范围，此值不在其中。"},
		Action:  Text{"Write one of the agreed values; or tell the receiver what the value means.", "请填约定的取值；或告知接收方该取值的含义。"},
		Example: "X9",
	},
	{
		Code: "date_invalid", Class: Field,
		Name:    Text{"not a date", "日期无效"},
		Means:   Text{"The cell should hold a date, and there is no such day, or its layout is not one that was agreed.", "该单元格应为日期，但该日期不存在，或格式不在约定之列。"},
		Action:  Text{"Write dates as 2017-01-31 or 20170131.", "日期请写成 2017-01-31 或 20170131。"},
		Example: "2016-02-31",
	},
	{
		Code: "count_invalid", Class: Field,
		Name:    Text{"not a count", "数量无效"},
		Means:   Text{"The cell should hold a whole number from 0.", "该单元格应为非负整数。"},
		Action:  Text{"Write whole numbers in digits, without a unit.", "请只填数字，不带单位。"},
		Example: "12.5",
	},
}
