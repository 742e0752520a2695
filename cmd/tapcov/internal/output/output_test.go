package output

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var sample = Rows{
	Columns: []string{"key", "name", "terminal_count", "lower_share", "snapshot_date"},
	Values: [][]any{
		{"350000", "福建省", int64(12345), 0.5, time.Date(2017, 1, 31, 0, 0, 0, 0, time.UTC)},
		{"none", "=cmd|' /C calc'!A0", int64(0), nil, nil},
		{"x", "red \x1b[31m text", int64(-7), 1.0, nil},
	},
}

func TestFormats(t *testing.T) {
	check := func(format, want string) {
		t.Helper()
		var b strings.Builder
		if err := sample.Write(&b, format, 80); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, b.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
	check("csv", "key,name,terminal_count,lower_share,snapshot_date\n"+
		"350000,福建省,12345,0.5,2017-01-31\nnone,'=cmd|' /C calc'!A0,0,,\nx,red \ufffd[31m text,-7,1,\n")
	check("jsonl", `{"key":"350000","name":"福建省","terminal_count":12345,"lower_share":0.5,"snapshot_date":"2017-01-31"}
{"key":"none","name":"=cmd|' /C calc'!A0","terminal_count":0,"lower_share":null,"snapshot_date":null}
{"key":"x","name":"red \u001b[31m text","terminal_count":-7,"lower_share":1,"snapshot_date":null}
`)
	check("table", `key     name                terminals    lower  snapshot
350000  福建省                 12,345   50.00%  2017-01-31
none    =cmd|' /C calc'!A0          0        –  –
x       red �[31m text             -7  100.00%  –
`)
}

func TestEmptyJSONIsAList(t *testing.T) {
	var b strings.Builder
	if err := (Rows{Columns: []string{"a"}}).Write(&b, "json", 0); err != nil || b.String() != "[]\n" {
		t.Errorf("got %q, %v", b.String(), err)
	}
}

func TestTableKeepsToItsWidth(t *testing.T) {
	rows := Rows{Columns: []string{"name", "terminal_count"}, Values: [][]any{{strings.Repeat("厦门家乐福超市", 20), int64(1)}}}
	var b strings.Builder
	if err := rows.Write(&b, "table", 80); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(b.String(), "\n") {
		width := 0
		for _, r := range line {
			if width++; r > 0x2e80 {
				width++
			}
		}
		if width > 80 {
			t.Errorf("line is %d wide: %s", width, line)
		}
	}
}
