package main

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/tapcov/tapcov/pipeline/lake"
)

var update = flag.Bool("update", false, "rewrite what the stories in testdata/script expect")

// TestStories plays testdata/script: one story a file, told with the real program. Besides the commands
// of testscript a story has
//
//	exits CODE COMMAND…      runs a command that must end with CODE; what differs from run to run is … in
//	                         its output
//	encode ENCODING FROM TO  writes a file in another encoding
//	tree DIR                 prints every file below DIR, with mode, time and hash
//	parses FORMAT FILE       wants FILE to be json (a list), object (one JSON object), jsonl or csv
//	lock DIR, unlock         holds the lock of the lake in DIR, as another run would
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup:               setUpStory,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exitsCommand, "encode": encodeCommand, "tree": treeCommand, "parses": parsesCommand,
			"lock": lockCommand, "unlock": unlockCommand, "workbook": workbookCommand,
		},
	})
}

// held is the lock that a story holds; heldKey is its key among a story's values.
type (
	held    struct{ *lake.Writer }
	heldKey struct{}
)

// setUpStory makes every file of a story old, so that a run knows it again without a look at its bytes.
func setUpStory(env *testscript.Env) error {
	env.Values[heldKey{}] = &held{}
	sample, err := filepath.Abs("../../sample-data")
	if err != nil {
		return err
	}
	env.Setenv("SAMPLE", sample)
	old := time.Date(2017, time.February, 1, 0, 0, 0, 0, time.UTC)
	return filepath.WalkDir(env.WorkDir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return os.Chtimes(path, old, old)
	})
}

func exitsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		ts.Fatalf("%s: %v", args[1], err)
	}
	code := 0
	if failed != nil {
		code = failed.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
	work := ts.Getenv("WORK")
	stdout, stderr := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	fmt.Fprint(ts.Stdout(), steady(stdout, work))
	fmt.Fprint(ts.Stderr(), steady(stderr, work))
}

// fleeting matches what differs from run to run.
var fleeting = regexp.MustCompile(`\b(\d+\.\d s|\d+m\d+s)\b|\b[0-9a-f]{64}\b|\([0-9a-f]{12}\)` +
	`|\b20[2-9]\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| UTC)|pid \d+ on \S+`)

func steady(text, work string) string {
	return fleeting.ReplaceAllString(strings.ReplaceAll(text, work, "$WORK"), "…")
}

func encodeCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: encode ENCODING FROM TO")
	}
	encodings := map[string]encoding.Encoding{
		"gbk": simplifiedchinese.GBK, "gb18030": simplifiedchinese.GB18030,
		"utf-8-bom": unicode.UTF8BOM, "utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	}
	to, known := encodings[args[0]]
	if !known {
		ts.Fatalf("unknown encoding %q", args[0])
	}
	encoded, err := to.NewEncoder().String(ts.ReadFile(args[1]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(encoded), 0o644))
}

func treeCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: tree DIR")
	}
	root := ts.MkAbs(args[0])
	ts.Check(filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		var text []byte
		switch {
		case info.Mode().IsRegular():
			text, err = os.ReadFile(path)
		case info.Mode()&fs.ModeSymlink != 0:
			var target string
			target, err = os.Readlink(path)
			text = []byte(target)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(ts.Stdout(), "%s %s %x %s\n", info.Mode(), info.ModTime().UTC().Format(time.RFC3339Nano), sha256.Sum256(text), name)
		return nil
	}))
}

func parsesCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: parses FORMAT FILE")
	}
	text := ts.ReadFile(args[1])
	switch args[0] {
	case "json":
		var rows []map[string]any
		ts.Check(json.Unmarshal([]byte(text), &rows))
		if rows == nil {
			ts.Fatalf("null, want a list")
		}
	case "object":
		ts.Check(json.Unmarshal([]byte(text), &map[string]any{}))
	case "jsonl":
		for line := range strings.Lines(text) {
			ts.Check(json.Unmarshal([]byte(line), &map[string]any{}))
		}
	case "csv":
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		ts.Check(err)
		if len(rows) == 0 || !regexp.MustCompile(`^[a-z_]+$`).MatchString(rows[0][0]) {
			ts.Fatalf("no header")
		}
	default:
		ts.Fatalf("unknown format %q", args[0])
	}
}

func lockCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: lock DIR")
	}
	opened, err := lake.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	h := ts.Value(heldKey{}).(*held)
	h.Writer, err = opened.Lock(context.Background(), false)
	ts.Check(err)
	ts.Defer(func() {
		if h.Writer != nil {
			ts.Check(h.Close())
		}
	})
}

func unlockCommand(ts *testscript.TestScript, neg bool, args []string) {
	h := ts.Value(heldKey{}).(*held)
	if neg || len(args) != 0 || h.Writer == nil {
		ts.Fatalf("usage: unlock, after lock")
	}
	ts.Check(h.Close())
	h.Writer = nil
}
