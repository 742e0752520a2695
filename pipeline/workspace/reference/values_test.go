package reference

import (
	"testing"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

func TestFlags(t *testing.T) {
	flags := load(t).Flags
	check := func(want Flag, known bool, cells ...string) {
		t.Helper()
		for _, cell := range cells {
			if got, ok := flags.Value([]byte(cell)); got != want || ok != known {
				t.Errorf("cell %q: got %s %v, want %s %v", cell, got, ok, want, known)
			}
		}
	}
	check(FlagYes, true, "1", "Y", "y", "yes", "YES", "True", "T", "是", "支持", "√", "有", "已改造", "已开通", "0x1", "１", " 是　", "'1", "Ｙｅｓ")
	check(FlagNo, true, "0", "N", "no", "FALSE", "f", "否", "不支持", "×", "无", "未改造", "未开通", "0x0", "０", "\tno ")
	check(FlagUnknown, true, "", " ", "　", "--", "- -", "－－", "-1", "NULL", "N/A", "#N/A", "(null)", `\N`, "-", "?", "未知")
	check(FlagUnknown, false, "2", "x", "maybe", "支", "不", "接触", "yesterday", "是否", "\xff",
		"a text that is longer than any spelling of a flag could ever be, whatever the language of its writer")
}

// The cells of an export are never written to.
func TestFlagsLeaveTheCell(t *testing.T) {
	flags := load(t).Flags
	cell := []byte("ＹＥＳ YES")
	for _, part := range [][]byte{cell, cell[:9], cell[10:]} {
		flags.Value(part)
	}
	if string(cell) != "ＹＥＳ YES" {
		t.Errorf("the cell is now %q", cell)
	}
}

func TestFlagsOfTheWorkspace(t *testing.T) {
	flags := load(t, "values.csv", "set,value,meaning\nflag,ОНО,yes\nflag,无,\n").Flags
	if got, ok := flags.Value([]byte("оно")); got != FlagYes || !ok {
		t.Errorf("got %s %v, want yes", got, ok)
	}
	if _, ok := flags.Value([]byte("无")); ok {
		t.Error("a removed spelling is still known")
	}
}

func TestFlagWords(t *testing.T) {
	for flag, want := range map[Flag]string{FlagUnknown: "unknown", FlagNo: "no", FlagYes: "yes"} {
		if flag.String() != want {
			t.Errorf("got %s, want %s", flag, want)
		}
	}
}

func TestFlagsDoNotAllocate(t *testing.T) {
	flags := load(t).Flags
	cells := [][]byte{[]byte("1"), []byte("是"), []byte(" ＹＥＳ "), []byte("Not Supported"), []byte("--"), nil}
	allocs := testing.AllocsPerRun(100, func() {
		for _, cell := range cells {
			flags.Value(cell)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

func TestDeviceTypes(t *testing.T) {
	types, ok := load(t).DeviceTypes.Map("unionpay")
	if !ok {
		t.Fatal("no code set unionpay")
	}
	for _, test := range []struct{ value, want string }{
		{"01", "atm"},
		{"1", "atm"},
		{"02", "pos"},
		{"03", "mpos"},
		{"04", "smart_pos"},
		{"05", "telephone"},
		{"06", "quickpass_terminal"},
		{"08", "phone_pos"},
		{"09", "face_pay"},
		{"10", "barcode"},
		{"11", "barcode"},
		{"12", "industry"},
		{"13", "mis"},
		{"21", "barcode"},
		{"智能ＰＯＳ", "smart_pos"},
		{"云闪付终端", "quickpass_terminal"},
		{"99", ""},
		{"0", ""},
	} {
		if got := types[fold.Text(test.value)]; got != test.want {
			t.Errorf("code %q: got %q, want %q", test.value, got, test.want)
		}
	}
	if _, ok := load(t).DeviceTypes.Map("other"); ok {
		t.Error("a code set that does not exist is there")
	}
}

func TestStatusWords(t *testing.T) {
	words := load(t).StatusWords
	for _, test := range []struct{ word, want string }{
		{"In Service", "in_service"},
		{"ACTIVE", "in_service"},
		{"启用", "in_service"},
		{"已开通", "in_service"},
		{"已装", "in_service"},
		{"正常", "in_service"},
		{"撤机", "removed"},
		{"注销", "removed"},
		{"removed", "removed"},
		{"停机", "suspended"},
		{"停用", "suspended"},
		{"待装", "pending"},
		{"pending", "pending"},
		{"丢失", "lost"},
		{"lost", "lost"},
		{"1", ""},
		{"01", ""},
		{"S0A", ""},
		{"A", ""},
		{"", ""},
	} {
		got, ok := words.Guess(test.word)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("word %q: got %q, want %q", test.word, got, test.want)
		}
	}
}

func BenchmarkFlags(b *testing.B) {
	flags := load(b).Flags
	cells := [][]byte{[]byte("1"), []byte("0"), []byte("是"), []byte("否"), []byte("YES"), []byte("支持"), nil, []byte("--")}
	i := 0
	for b.Loop() {
		flags.Value(cells[i%len(cells)])
		i++
	}
}
