package reports

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var screenshots = flag.String("screenshots", "", "a folder to save pictures of the pages in")

// view is one way of looking at a page.
type view struct {
	name   string
	width  int64
	scheme string // light or dark
	media  string // screen or print
}

var views = []view{
	{"wide", 1280, "light", "screen"},
	{"narrow", 390, "light", "screen"},
	{"wide-dark", 1280, "dark", "screen"},
	{"narrow-dark", 390, "dark", "screen"},
	{"paper", 688, "dark", "print"}, // A4 within its margins
}

// TestPageInBrowser opens the pages as a reader does: nothing is logged, nothing is fetched, the
// page is as wide as its window, and what it must say can be seen.
func TestPageInBrowser(t *testing.T) {
	browser := startBrowser(t)
	looks := views
	if testing.Short() {
		looks = views[:2]
	}
	pages := []struct {
		name     string
		report   *Report
		language string
		seen     []string
	}{
		{"sample", sample(), "en", []string{
			"between 61.7% and 70.7% of terminals", "Supported", "Published figures", "55.84%", "Fujian", "Tie-out", "9f2b4c0d7e6a",
		}},
		{"sample.zh", sample(), "zh", []string{"终端中的 61.7% 至 70.7%", "成立", "公开数据", "福建省", "勾稽核对"}},
		{"hostile", hostile(), "en", []string{"<script>alert(1)</script>", `\x1b[31m\u202e`}},
		{"years", years(), "en", []string{"Month after month", "Each snapshot under the same definition"}},
		{"empty", &Report{}, "en", []string{"no terminals are counted, so there is no share"}},
	}
	for _, page := range pages {
		path := filepath.Join(t.TempDir(), "index.html")
		if err := os.WriteFile(path, render(t, page.report, page.language), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, v := range looks {
			t.Run(page.name+"/"+v.name, func(t *testing.T) {
				checkPage(t, browser, path, v, page.seen, page.name)
			})
		}
	}
}

func checkPage(t *testing.T, browser context.Context, path string, v view, seen []string, name string) {
	t.Helper()
	tab, closeTab := chromedp.NewContext(browser)
	defer closeTab()
	complaints := listen(t, tab)
	location := url.URL{Scheme: "file", Path: path}
	if _, err := chromedp.Call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media:    v.media,
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}},
	}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(tab, chromedp.EmulateViewport(v.width, 900), chromedp.Navigate(location.String())); err != nil {
		t.Fatal(err)
	}
	width := evaluate[int64](t, tab, "document.documentElement.scrollWidth")
	scripts := evaluate[int64](t, tab, "document.scripts.length")
	text := evaluate[string](t, tab, "document.body.innerText")
	if *screenshots != "" {
		savePicture(t, tab, filepath.Join(*screenshots, name+"."+v.name+".png"))
	}
	if width > v.width {
		t.Errorf("the page is %d pixels wide in a window of %d", width, v.width)
	}
	if scripts > 0 {
		t.Errorf("the page holds %d scripts", scripts)
	}
	for _, want := range seen {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
			t.Errorf("%q cannot be seen", want)
		}
	}
	for _, complaint := range complaints() {
		t.Errorf("the browser says: %s", complaint)
	}
}

// listen collects what a page must not do: write to the console, throw, fetch.
func listen(t *testing.T, tab context.Context) (complaints func() []string) {
	t.Helper()
	var mu sync.Mutex
	var heard []string
	err := chromedp.Listen(tab, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch event := event.(type) {
		case *runtime.EventExceptionThrown:
			heard = append(heard, event.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			heard = append(heard, fmt.Sprint(event.Type))
		case *log.EventEntryAdded:
			heard = append(heard, event.Entry.Text)
		case *network.EventRequestWillBeSent:
			if u := event.Request.URL; !strings.HasPrefix(u, "file:") && !strings.HasPrefix(u, "data:") {
				heard = append(heard, "fetches "+u)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(tab, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return heard
	}
}

func evaluate[T any](t *testing.T, tab context.Context, expression string) T {
	t.Helper()
	value, err := chromedp.Run(tab, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return value
}

func savePicture(t *testing.T, tab context.Context, path string) {
	t.Helper()
	picture, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

// startBrowser starts a browser that talks to nobody, with a profile of its own.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	switch {
	case path != "":
	case os.Getenv("CI") != "":
		t.Fatal("no chromium found, and CI is set: install chromium to test the pages")
	default:
		t.Skip("no chromium found: the pages are not looked at in a browser")
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(time.Minute),
	}
	for _, flag := range []string{
		"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "no-default-browser-check",
		"disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage", "hide-scrollbars",
	} {
		options = append(options, chromedp.Flag(flag, true))
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	browser, stopBrowser := chromedp.NewContext(allocator)
	t.Cleanup(stopBrowser)
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return browser
}
