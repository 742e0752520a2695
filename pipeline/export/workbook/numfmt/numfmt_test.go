package numfmt_test

import (
	"testing"

	"github.com/tapcov/tapcov/pipeline/export/workbook/numfmt"
)

func TestNumbersAreWrittenAsTheirFormatSays(t *testing.T) {
	for _, c := range []struct {
		code, number, want string
	}{
		{"General", "42370", "42370"},
		{"General", "0.1", "0.1"},
		{"General", "0.30000000000000004", "0.3"},
		{"General", "999999999999999", "999999999999999"},
		{"General", "1.23456789012345E+14", "123456789012345"},
		{"0", "1.23456789012346E+18", "1.23456789012346E+18"},
		{"0", "123", "123"},
		{"0.00", "3.14159", "3.14159"},
		{"0%", "0.5", "0.5"},
		{"#,##0", "1234567", "1234567"},
		{"@", "007", "007"},
		{"00000000", "123", "00000123"},
		{"00000000", "123456789", "123456789"},
		{"00000000", "-1", "-1"},
		{"00000000", "1.5", "1.5"},
		{`"T"000-000`, "1234", "T001-234"},
		{"yyyy-mm-dd", "42370", "2016-01-01"},
		{"m/d/yy h:mm", "42370.75", "2016-01-01 18:00:00"},
		{"yyyy\"年\"m\"月\"", "42705", "2016-12"},
		{"[$-409]d-mmm;@", "42370", "2016-01-01"},
		{"h:mm AM/PM", "0.5", "12:00:00"},
		{"[h]:mm", "1.5", "36:00:00"},
		{"[Red]0.00;[Blue]-0.00", "1", "1"},
		{`0.00" d"`, "1.25", "1.25"},
		{"yyyy-mm-dd", "0", "0"},
		{"yyyy-mm-dd", "59", "1900-02-28"},
		{"yyyy-mm-dd", "60", "1900-02-29"},
		{"yyyy-mm-dd", "61", "1900-03-01"},
		{"yyyy-mm-dd", "2958465", "9999-12-31"},
		{"yyyy-mm-dd", "2958467", "2958467"},
		{"yyyy-mm-dd", "-1", "-1"},
		{"yyyy-mm-dd hh:mm:ss", "42370.999999999", "2016-01-02"},
		{"yyyy-mm-dd", "text", "text"},
	} {
		if got := string(numfmt.Parse(c.code).AppendText(nil, []byte(c.number), false)); got != c.want {
			t.Errorf("%s as %s is %q, want %q", c.number, c.code, got, c.want)
		}
	}
	if got := string(numfmt.Builtin(14).Append(nil, 40908, true)); got != "2016-01-01" {
		t.Errorf("day 40908 from 1904 is %s", got)
	}
}
