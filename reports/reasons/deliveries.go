package reasons

// deliveries are the reasons why a whole export is set aside.
var deliveries = []Reason{
	{
		Code: "unreadable", Class: Delivery,
		Name:   Text{"the file cannot be read", "文件无法读取"},
		Means:  Text{"The file is damaged, is not of a format that can be read, or holds more than 1% damaged lines.", "文件已损坏，或格式无法识别，或损坏的行超过 1%。"},
		Action: Text{"Export it again, check that it opens, and deliver it whole.", "请重新导出，确认可以打开后完整报送。"},
	},
	{
		Code: "no_header", Class: Delivery,
		Name:   Text{"no header was found", "未找到表头"},
		Means:  Text{"No line of the file has the names of columns.", "文件中没有任何一行是列名。"},
		Action: Text{"Deliver the names of the columns as the first line of the table.", "请在表格首行给出列名。"},
	},
	{
		Code: "no_terminal_id", Class: Delivery,
		Name:   Text{"no column holds the terminal id", "缺少终端编号列"},
		Means:  Text{"None of the headers is known to be that of the terminal id.", "没有任何一列可识别为终端编号。"},
		Action: Text{"Add the column, or keep its name as in earlier deliveries; or the receiver maps the new name.", "请补充该列，或沿用以往的列名；也可由接收方在配置中指定新列名。"},
	},
	{
		Code: "header_absent", Class: Delivery,
		Name:   Text{"an expected column is missing", "缺少约定的列"},
		Means:  Text{"The layout changed: a column that is read by its name is not there.", "文件布局有变：按列名读取的某一列不存在。"},
		Action: Text{"Deliver the column under the agreed name; or tell the receiver its new name.", "请按约定的列名提供该列；或告知接收方新的列名。"},
	},
	{
		Code: "header_twice", Class: Delivery,
		Name:   Text{"two columns have the same name", "列名重复"},
		Means:  Text{"Two columns have the same name, so it cannot be told which of them is meant.", "有两列同名，无法判断应取哪一列。"},
		Action: Text{"Give every column a name of its own.", "请为每一列使用不同的列名。"},
	},
	{
		Code: "profile", Class: Delivery,
		Name:   Text{"the receiver’s profile has a mistake", "接收方配置有误"},
		Means:  Text{"A rule by which the receiver reads the export cannot be used.", "接收方用于读取该文件的规则无法使用。"},
		Action: Text{"The source has nothing to do: the receiver corrects the profile.", "报送方无需处理，由接收方更正配置。"},
	},
	{
		Code: "unassumed", Class: Delivery,
		Name:   Text{"status or device type is missing", "缺少终端状态或终端类型"},
		Means:  Text{"The export does not say the status or the type of its terminals, and nothing was agreed to be assumed.", "文件未给出终端状态或终端类型，且双方未约定默认值。"},
		Action: Text{"Add the column; or agree with the receiver on what holds for every row.", "请补充该列；或与接收方约定适用于所有行的取值。"},
	},
	{
		Code: "no_map", Class: Delivery,
		Name:   Text{"the codes of a column were not explained", "代码含义未说明"},
		Means:  Text{"The status or device type is given in codes whose meaning the receiver does not know.", "终端状态或终端类型以代码给出，接收方不知其含义。"},
		Action: Text{"Send the list of codes with their meaning.", "请提供代码及其含义对照表。"},
	},
	{
		Code: "unknown_value", Class: Delivery,
		Name:   Text{"a status or device type that is not on the list", "状态或类型取值不在对照表中"},
		Means:  Text{"The export has a status or device type that is not on the list of codes. It may mean in service or removed, so no row is used before it is known.", "文件中出现对照表以外的状态或类型。由于它可能表示在用或撤机，含义明确之前不采用任何一行。"},
		Action: Text{"Say what the new code means, or correct it.", "请说明新代码的含义，或予以更正。"},
	},
	{
		Code: "snapshot_date", Class: Delivery,
		Name:   Text{"the date of the data cannot be told", "无法确定数据日期"},
		Means:  Text{"The place where the date of the data should stand holds none.", "约定位置上没有数据日期。"},
		Action: Text{"Name the file, or fill in the cell or column, as agreed.", "请按约定命名文件，或填写相应单元格或列。"},
	},
	{
		Code: "part", Class: Delivery,
		Name:   Text{"the part of the delivery cannot be told", "无法确定分片"},
		Means:  Text{"The delivery comes in parts, and this one says none of those that are expected.", "报送按分片进行，而该文件不属于任何约定的分片。"},
		Action: Text{"Name the part as agreed.", "请按约定标明分片名称。"},
	},
	{
		Code: "version", Class: Delivery,
		Name:   Text{"the version cannot be told", "无法确定版本"},
		Means:  Text{"The place where the version should stand holds none.", "约定位置上没有版本号。"},
		Action: Text{"Number corrected exports as agreed.", "更正文件请按约定编号。"},
	},
	{
		Code: "no_sheet", Class: Delivery,
		Name:   Text{"a sheet is missing", "缺少工作表"},
		Means:  Text{"The workbook has no sheet of the name that was agreed.", "工作簿中没有约定名称的工作表。"},
		Action: Text{"Name the sheet as agreed.", "请按约定命名工作表。"},
	},
	{
		Code: "disagreement", Class: Delivery,
		Name:   Text{"rows state different dates, parts or versions", "行间日期、分片或版本不一致"},
		Means:  Text{"The export mixes rows of several dates, parts or versions.", "文件混有不同日期、分片或版本的数据。"},
		Action: Text{"Deliver one file for each.", "请分文件报送。"},
	},
	{
		Code: "control_total", Class: Delivery,
		Name:   Text{"a printed total is not what was counted", "合计数与实际不符"},
		Means:  Text{"A total or a trailer in the file says another number of terminals than there are: the file was cut short, or the total is wrong.", "文件内合计行或文件尾的数量与实际终端数不符：文件不完整，或合计有误。"},
		Action: Text{"Deliver the whole file, or correct the total.", "请完整报送，或更正合计数。"},
	},
	{
		Code: "side_file", Class: Delivery,
		Name:   Text{"the file is not what its side file says", "与校验文件不符"},
		Means:  Text{"A file beside the export (.ok, .count, .md5, .sha256) gives another number of rows, size or checksum: the export was damaged on its way, or changed after it was checked.", "随附的校验文件（.ok、.count、.md5、.sha256）给出的行数、大小或校验值与文件不符：文件在传输中损坏，或校验后被修改。"},
		Action: Text{"Deliver the export and its side file again.", "请重新报送文件及其校验文件。"},
	},
	{
		Code: "rejects_over_limit", Class: Delivery,
		Name:   Text{"too many rows were rejected", "拒收行过多"},
		Means:  Text{"More rows could not be read than was agreed (max_rejects, max_reject_share).", "无法读取的行数超过约定上限（max_rejects、max_reject_share）。"},
		Action: Text{"Correct the rows on the list of rejects and deliver the export again.", "请按拒收清单更正后重新报送。"},
	},
}
