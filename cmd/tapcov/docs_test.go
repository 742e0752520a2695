package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tapcov/tapcov/pipeline/acceptance"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// TestDocs does what the manual tells its reader to do, page by page, each in an empty folder:
//
//   - a fenced block with title="PATH" is written to that file;
//   - in a block of console, a line after "$ " is run by the shell. It must exit 0, or as a comment
//     "# exits N" at its end says, and print the lines that follow it, if any do. In these, … stands
//     for any text, and alone on a line for any number of lines.
//
// A page with the comment <!-- needs the demo --> finds the folder tapcov-demo as `tapcov demo` leaves it.
func TestDocs(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	demo := newDemo(t)
	for _, path := range append(pages, "../../README.md") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			p := newPage(t)
			if bytes.Contains(text, []byte("<!-- needs the demo -->")) {
				lend(t, demo, filepath.Join(p.root, "tapcov-demo"))
			}
			for _, block := range blocksOf(string(text)) {
				p.follow(block)
			}
		})
	}
}

// TestPagesAreComplete holds the pages that list everything there is against the code.
func TestPagesAreComplete(t *testing.T) {
	var evidence []string
	for _, column := range acceptance.Columns {
		evidence = append(evidence, column.Name)
	}
	var keys []string
	for _, of := range []reflect.Type{
		reflect.TypeFor[workspace.Source](), reflect.TypeFor[workspace.Profile](), reflect.TypeFor[workspace.Format](),
		reflect.TypeFor[workspace.Column](), reflect.TypeFor[workspace.Control](), reflect.TypeFor[workspace.DateFrom](),
		reflect.TypeFor[workspace.Usage](),
	} {
		for i := range of.NumField() {
			if name, _, _ := strings.Cut(of.Field(i).Tag.Get("yaml"), ","); name != "" {
				keys = append(keys, name)
			}
		}
	}
	for _, page := range []struct {
		file  string
		words []string
	}{
		{"rules.md", evidence},
		{"profiles.md", keys},
		{"profiles.md", slices.Concat(workspace.StatusValues, workspace.DeviceTypeValues, workspace.UseValues, workspace.ConnectionValues)},
		{"method.md", workspace.BuiltinPopulations},
		{"usage.md", workspace.UsageColumns},
	} {
		text, err := os.ReadFile(filepath.Join("../../docs", page.file))
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range page.words {
			if !regexp.MustCompile("`([a-z]+\\.)?" + word + "`").Match(text) {
				t.Errorf("%s does not have `%s`", page.file, word)
			}
		}
	}
}

// newDemo returns the folder of a demo whose exports are old enough to be known without a look.
func newDemo(t *testing.T) string {
	t.Helper()
	p := newPage(t)
	p.run(command{line: "tapcov demo"})
	p.run(command{line: "find tapcov-demo/inbox -type f -exec touch -t 201702010000 {} +"})
	p.run(command{line: "tapcov -w tapcov-demo run"})
	return filepath.Join(p.root, "tapcov-demo")
}

// lend copies a workspace. Its exports stay the same files, so that the copy knows them.
func lend(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	exports, err := filepath.Glob(filepath.Join(from, "inbox", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, export := range exports {
		name := filepath.Join(to, strings.TrimPrefix(export, from))
		if err := errors.Join(os.Remove(name), os.Link(export, name)); err != nil {
			t.Fatal(err)
		}
	}
}

// block is a fenced block of a page.
type block struct {
	line        int // of its fence
	info, title string
	lines       []string
}

var blockTitle = regexp.MustCompile(`title="([^"]+)"`)

func blocksOf(text string) []block {
	var blocks []block
	var open *block
	for i, line := range strings.Split(text, "\n") {
		info, isFence := strings.CutPrefix(line, "```")
		switch {
		case isFence && open == nil:
			open = &block{line: i + 1, info: info}
			if title := blockTitle.FindStringSubmatch(info); title != nil {
				open.title = title[1]
			}
		case isFence:
			blocks, open = append(blocks, *open), nil
		case open != nil:
			open.lines = append(open.lines, line)
		}
	}
	return blocks
}

// command is a line of a console and what it should come to.
type command struct {
	at, code int
	line     string
	output   []string
}

var exits = regexp.MustCompile(`\s+# exits (\d+)$`)

func (b block) commands() []command {
	var commands []command
	for i, line := range b.lines {
		typed, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case isCommand:
			c := command{at: b.line + 1 + i, line: exits.ReplaceAllString(typed, "")}
			if code := exits.FindStringSubmatch(typed); code != nil {
				c.code, _ = strconv.Atoi(code[1])
			}
			commands = append(commands, c)
		case len(commands) > 0:
			last := &commands[len(commands)-1]
			last.output = append(last.output, line)
		}
	}
	return commands
}

// page is a page that is being followed.
type page struct {
	t    *testing.T
	root string // the empty folder that it begins in; titles are paths from there
	dir  string // where its reader is
}

func newPage(t *testing.T) *page {
	root := t.TempDir()
	return &page{t: t, root: root, dir: root}
}

func (p *page) follow(b block) {
	p.t.Helper()
	if b.title != "" {
		path := filepath.Join(p.root, b.title)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			p.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.Join(b.lines, "\n")+"\n"), 0o644); err != nil {
			p.t.Fatal(err)
		}
	}
	if b.info != "console" {
		return
	}
	for _, c := range b.commands() {
		if dir, ok := strings.CutPrefix(c.line, "cd "); ok {
			p.dir = filepath.Join(p.dir, dir)
			continue
		}
		printed := p.run(c)
		if len(c.output) > 0 && !pattern(c.output).MatchString(printed) {
			p.t.Errorf("line %d: %s printed something else than the page says:\n%s", c.at, c.line, printed)
		}
	}
}

// run runs a command and returns what it prints, on both streams, as a terminal shows it.
func (p *page) run(c command) string {
	p.t.Helper()
	shell := exec.CommandContext(p.t.Context(), "sh", "-c", c.line)
	shell.Dir = p.dir
	printed, err := shell.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		p.t.Fatalf("line %d: %s: %v", c.at, c.line, err)
	}
	if code := shell.ProcessState.ExitCode(); code != c.code {
		p.t.Errorf("line %d: %s: exit code %d, want %d:\n%s", c.at, c.line, code, c.code, printed)
	}
	return string(printed)
}

var blanks = regexp.MustCompile(` +`)

// pattern matches what a command may print. How wide columns are makes no difference, nor do blank
// lines at the end.
func pattern(lines []string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`\A`)
	for _, line := range lines {
		if strings.TrimSpace(line) == "…" {
			b.WriteString(`(?:.*\n)*`)
			continue
		}
		quoted := regexp.QuoteMeta(strings.TrimRight(line, " "))
		b.WriteString(blanks.ReplaceAllString(strings.ReplaceAll(quoted, "…", ".*"), " +") + ` *\n`)
	}
	b.WriteString(`\n*\z`)
	return regexp.MustCompile(b.String())
}
