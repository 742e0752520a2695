package xls_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/export/workbook/booktest"
	"github.com/tapcov/tapcov/pipeline/export/workbook/xls"
)

func TestAWorkbookIsReadAsItIs(t *testing.T) {
	got, err := booktest.Read(xls.Open, booktest.Sample(t, "xls"))
	if err != nil {
		t.Fatal(err)
	}
	want := booktest.Want + "note: 2 cells have formulas; the values last computed are read\n"
	if diff := cmp.Diff(want, booktest.Shortened(got)); diff != "" {
		t.Error(diff)
	}
}

func TestWorkbooksThatAreRefused(t *testing.T) {
	check := func(content []byte, want string) {
		t.Helper()
		if got, err := booktest.Read(xls.Open, content); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %.100q, %v; want an error that says %q", got, err, want)
		}
	}
	sample := booktest.Sample(t, "xls")
	check(sample[:600], "its OLE container is damaged")
	check(bytes.ToValidUTF8(sample, []byte("\uFFFD")), "its OLE signature")
	change := func(old, by []byte) []byte { return bytes.Replace(sample, old, by, 1) }
	utf16 := func(s string) (b []byte) {
		for _, r := range s {
			b = binary.LittleEndian.AppendUint16(b, uint16(r))
		}
		return b
	}
	check(change(utf16("Workbook"), utf16("Workbxxx")), "without a workbook")
	bof := []byte{0x09, 0x08, 0x10, 0x00, 0x00, 0x06, 0x05, 0x00}
	check(change(bof, []byte{0x09, 0x08, 0x10, 0x00, 0x00, 0x05, 0x05, 0x00}), "older than Excel 97")
	check(change(bof, []byte{0x2F, 0x00, 0x10, 0x00, 0x00, 0x06, 0x05, 0x00}), "begins with no workbook")
}

func TestAnEncryptedWorkbookIsRefused(t *testing.T) {
	// The records that say how a workbook is written stand right behind its beginning.
	sample := booktest.Sample(t, "xls")
	at := bytes.Index(sample, []byte{0xE1, 0x00, 0x02, 0x00}) // the interface's language, which nobody needs
	if at < 0 {
		t.Fatal("the sample has no such record")
	}
	damaged := bytes.Clone(sample)
	damaged[at] = 0x2F
	if _, err := booktest.Read(xls.Open, damaged); err == nil || !strings.Contains(err.Error(), "it is encrypted") {
		t.Error(err)
	}
}

func TestTheGarbledTableOfMerchantCategories(t *testing.T) {
	content, err := os.ReadFile("../../../../../shared/data/reference/mcc/mcc_codes.xls")
	if err != nil {
		t.Skip("no ../shared/data beside the project")
	}
	if _, err := booktest.Read(xls.Open, content); err == nil || !strings.Contains(err.Error(), "its OLE signature and every other byte above 127 were replaced") {
		t.Error(err)
	}
}

func TestDamagedWorkbooksDoNoHarm(t *testing.T) {
	booktest.Survives(t, xls.Open, booktest.Sample(t, "xls"), 5000)
}

func FuzzXLS(f *testing.F) {
	f.Add(0, []byte{0xFD})
	f.Add(5000, []byte{0x3C, 0x00})
	sample := booktest.Sample(f, "xls")
	f.Fuzz(func(t *testing.T, at int, by []byte) {
		content := bytes.Clone(sample)
		if at < 0 || at > len(content) {
			return
		}
		copy(content[at:], by)
		if err := booktest.Safely(xls.Open, content); err != nil {
			t.Fatal(err)
		}
	})
}
