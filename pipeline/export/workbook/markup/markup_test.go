package markup_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/export/workbook/markup"
)

// parts writes what a document has, texts that came in several put together.
func parts(s *markup.Scanner) string {
	var b strings.Builder
	inText := false
	for s.Scan() {
		if inText = s.Kind() == markup.Text && inText; !inText && b.Len() > 0 {
			b.WriteByte(' ')
		}
		switch s.Kind() {
		case markup.Start:
			a, ok := s.Attr("a")
			fmt.Fprintf(&b, "<%s", s.Name())
			if ok {
				fmt.Fprintf(&b, " %s", a)
			}
		case markup.End:
			b.WriteByte('>')
		case markup.Text:
			b.Write(s.Text())
			inText = true
		}
	}
	return b.String()
}

func TestDocuments(t *testing.T) {
	for _, c := range []struct{ document, want, fault string }{
		{`<?xml version="1.0"?><x><y/></x>`, "<x <y > >", ""},
		{`<x a="1">t</x>`, "<x 1 t >", ""},
		{`<n:x xmlns:n="u" n:a = 'v>w"' b="2"/>`, `<x v>w" >`, ""},
		{"<x>a&amp;&#65;&#x4e2d;&lt;&no;& b</x>", "<x a&A中<&no;& b >", ""},
		{"<x><!-- <y> --><![CDATA[<&amp;]]>终端</x>", "<x <&amp;终端 >", ""},
		{`<x a="&quot;">` + "\r\n</x >", "<x \" \r\n >", ""},
		{"", "", ""},
		{"text", "text", ""},
		{"<x>", "<x", "its XML ends too early"},
		{"<x", "", "its XML ends too early"},
		{"<x><!-- ", "<x", "its XML ends too early"},
		{"</x>", "", "its XML ends an element that did not begin"},
		{"< x/>", "", "its XML has a tag without a name"},
		{`<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>`, "", "its XML declares a document type, which no workbook has"},
		{strings.Repeat("<x>", 257), strings.TrimSpace(strings.Repeat("<x ", 256)), "its XML is nested more than 256 deep"},
		{`<x a="` + strings.Repeat("y", 2<<20), "", "its XML has a tag of more than 1048576 bytes"},
	} {
		readers := map[string]io.Reader{"whole": strings.NewReader(c.document)}
		if len(c.document) < 1000 {
			readers["by bytes"] = iotest.OneByteReader(strings.NewReader(c.document))
		}
		for name, r := range readers {
			s := markup.NewScanner(r)
			got, fault := parts(s), ""
			if s.Err() != nil {
				fault = s.Err().Error()
			}
			if diff := cmp.Diff([]string{c.want, c.fault}, []string{got, fault}); diff != "" {
				t.Errorf("%.60q, %s:\n%s", c.document, name, diff)
			}
		}
	}
}

// A text longer than the buffer comes in parts that are whole characters.
func TestLongTexts(t *testing.T) {
	text := strings.Repeat("终&amp;", 50_000)
	s := markup.NewScanner(strings.NewReader("<x>" + text + "</x>"))
	var got strings.Builder
	for s.Scan() {
		if s.Kind() == markup.Text {
			if !strings.HasPrefix(string(s.Text()), "终") && !strings.HasPrefix(string(s.Text()), "&") {
				t.Fatalf("a part begins with %.4q", s.Text())
			}
			got.Write(s.Text())
		}
	}
	if s.Err() != nil || got.String() != strings.Repeat("终&", 50_000) {
		t.Errorf("%d bytes, %v", got.Len(), s.Err())
	}
}
