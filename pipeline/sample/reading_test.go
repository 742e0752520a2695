package sample

import (
	"bytes"
	"encoding/csv"
	"io"
	"path"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/width"
)

// A naive reader of the files as they are written, which knows nothing of the records that they were
// made from, must come to the same counts: else the spelling of a source is not what the truth says.

// A dialect says where the naive reader finds what it needs; columns are header names.
type dialect struct {
	comma                               rune
	acquirer                            string // a number, or the header of a column
	id, status, device                  string
	inService, unknownStatus, noDevices string // values between bars
	yes, no                             string
	flag                                string
	flagIsParameter                     bool
}

var dialects = map[string]dialect{
	"harbour": {
		comma: ',', acquirer: "901", id: "终端号", status: "终端状态", device: "终端类型",
		inService: "|1|", noDevices: "|01|10|", flag: "是否支持非接", yes: "是", no: "否",
	},
	"egret": {
		comma: ',', acquirer: "902", id: "Terminal ID", status: "Status", device: "Device Type",
		inService: "|1|", unknownStatus: "||", noDevices: "|ATM|QRBOX|", flag: "Contactless", yes: "Y", no: "N",
	},
	"spruce": {
		comma: '\t', acquirer: "903", id: "TERM_NO", status: "STATE", device: "TYPE",
		inService: "|01|", noDevices: "|01|10|", flag: "CTLS_ON", yes: "1", no: "0", flagIsParameter: true,
	},
	"pomegranate": {
		comma: '|', acquirer: "904", id: "终端编号", status: "终端状态", device: "终端类型",
		inService: "|1|2|", unknownStatus: "|9|", noDevices: "|01|10|", flag: "是否支持非接", yes: "1", no: "0",
	},
	"orangesail": {
		comma: ',', acquirer: "收单机构", id: "终端号", status: "终端状态", device: "终端类型",
		inService: "|正常|", noDevices: "|ATM|条码支付受理终端|", flag: "闪付开通情况", yes: "已开通", no: "未开通",
	},
}

func TestFilesSayWhatTheTruthSays(t *testing.T) {
	files, err := filesOnce()
	if err != nil {
		t.Fatal(err)
	}
	truth := expectedTruth(t)
	for _, s := range truth.Snapshots {
		said := map[key][]*record{}
		for _, x := range truth.Exports {
			if x.SnapshotDate == s.SnapshotDate && !x.IsUsage { // whose taps only confirm what is declared
				readNaively(t, x, files[path.Join("inbox", x.File)], said)
			}
		}
		var got Counts
		for _, rows := range said {
			switch rows[0].status {
			case inService:
				f, _ := acceptance(rows, true)
				got.add(f)
			case statusUnknown:
				got.add(blank)
			}
		}
		got.Terminals += s.RejectedCount
		got.Unknown += s.RejectedCount
		// What its dates leave undecided is not asked here: 20 terminals of Harbour and 8 of Egret may
		// stand as yes or no where the truth has unknown.
		const slack = 28
		for what, off := range map[string]int{
			"yes": got.Yes - s.Declared.Yes, "no": got.No - s.Declared.No, "unknown": s.Declared.Unknown - got.Unknown,
		} {
			if off < 0 || off > slack {
				t.Errorf("%s: %s: the files are off the truth by %d, want 0 to %d", s.SnapshotDate, what, off, slack)
			}
		}
		if got.Terminals != s.Declared.Terminals || len(said) != s.TerminalCount {
			t.Errorf("%s: the files have %d terminals, %d of them counted; the truth has %d and %d",
				s.SnapshotDate, len(said), got.Terminals, s.TerminalCount, s.Declared.Terminals)
		}
	}
}

// readNaively adds what a file says to said, after checking its records against the truth.
func readNaively(t *testing.T, x ExportTruth, content []byte, said map[key][]*record) {
	t.Helper()
	d := dialects[x.Source]
	lines := csv.NewReader(strings.NewReader(plainText(t, x.File, content)))
	lines.Comma, lines.FieldsPerRecord = d.comma, -1
	header := map[string]int{}
	wide, records, kept := 0, 0, 0
	for {
		cells, err := lines.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", x.File, err)
		}
		line, _ := lines.FieldPos(0)
		if line < x.HeaderLine {
			continue
		}
		if line == x.HeaderLine {
			for i, name := range cells {
				header[name] = i
			}
			wide = len(cells)
			continue
		}
		records++
		r, id := d.record(header, wide, cells)
		if r == nil {
			continue
		}
		kept++
		said[id] = append(said[id], r)
	}
	if records != x.RecordCount || kept != x.InventoryCount {
		t.Errorf("%s: %d records, %d accepted; the truth has %d and %d", x.File, records, kept, x.RecordCount, x.InventoryCount)
	}
}

// record reads one row; nil if it has to be set aside.
func (d dialect) record(header map[string]int, wide int, cells []string) (*record, key) {
	at := func(names ...string) string {
		for _, name := range names {
			if i, ok := header[name]; ok {
				return strings.Trim(cells[i], "' \u3000")
			}
		}
		return ""
	}
	if len(cells) != wide || strings.ContainsRune(strings.Join(cells, ""), utf8.RuneError) {
		return nil, key{}
	}
	id := width.Narrow.String(at(d.id))
	if len(id) != 8 || strings.Contains(id, "E+") {
		return nil, key{}
	}
	k := key{d.acquirer, id}
	if d.acquirer == "收单机构" {
		k.acquirer = map[string]string{
			"海港银行": "901", "海港": "901", "00000901": "901", "白鹭银行": "902", "902": "902", "麦浪银行": "905", "麦浪": "905",
		}[at(d.acquirer)]
	}
	r := &record{status: removed, device: "pos"}
	status, device := "|"+at(d.status)+"|", "|"+at(d.device)+"|"
	isOther := strings.Contains(d.noDevices, device)
	if strings.Contains(d.inService, status) && !isOther {
		r.status = inService
	}
	if d.unknownStatus != "" && strings.Contains(d.unknownStatus, status) || device == "||" {
		r.status = statusUnknown
	}
	f := map[string]answer{d.yes: yes, d.no: no}[at(d.flag, "非接受理能力")]
	if d.flagIsParameter {
		r.parameter, r.noPinParameter = f, map[string]answer{"1": yes, "0": no}[at("FF8054")]
	} else {
		r.declared = f
	}
	if taps := at("非接联机笔数"); taps != "" && taps != "0" {
		r.taps = 1
	}
	return r, k
}

// plainText unpacks and decodes a file by its name and marks.
func plainText(t *testing.T, name string, content []byte) string {
	t.Helper()
	var err error
	switch path.Ext(name) {
	case ".gz":
		var r *gzip.Reader
		if r, err = gzip.NewReader(bytes.NewReader(content)); err == nil {
			content, err = io.ReadAll(r)
		}
	case ".zst":
		var r *zstd.Decoder
		if r, err = zstd.NewReader(bytes.NewReader(content)); err == nil {
			content, err = io.ReadAll(r)
			r.Close()
		}
	case ".tsv":
		content, err = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(content)
	}
	if strings.HasPrefix(name, "harbour") {
		content, err = simplifiedchinese.GB18030.NewDecoder().Bytes(content)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return strings.TrimPrefix(strings.ToValidUTF8(string(content), "\ufffd"), "\ufeff")
}
