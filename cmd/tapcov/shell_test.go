package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// terminal is a program that runs in a terminal, and somebody who reads it.
type terminal struct {
	t      *testing.T
	file   *os.File
	output chan []byte
	seen   []byte
}

// say types something.
func (s *terminal) say(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.file, text); err != nil {
		s.t.Fatal(err)
	}
}

// sees waits for a text that has not been waited for yet.
func (s *terminal) sees(text string) {
	s.t.Helper()
	for {
		if _, after, found := bytes.Cut(s.seen, []byte(text)); found {
			s.seen = after
			return
		}
		more, open := <-s.output
		if !open {
			s.t.Fatalf("%q never came; what came last is:\n%q", text, s.seen)
		}
		s.seen = append(s.seen, more...)
	}
}

// read passes on what the program prints.
func (s *terminal) read() {
	defer close(s.output)
	chunk := make([]byte, 64<<10)
	for {
		n, err := s.file.Read(chunk)
		if err != nil {
			return
		}
		s.output <- bytes.Clone(chunk[:n])
	}
}

// Somebody sits at the shell: types over several lines, lets it complete, makes a mistake, stops a query,
// comes back to what was typed, and leaves.
func TestShell(t *testing.T) {
	program, err := exec.LookPath("tapcov")
	if err != nil {
		t.Fatal(err)
	}
	dir := writeFiles(t, map[string]string{
		"tapcov.yaml":        "sources:\n  - name: bank\n    snapshot_date: 2017-01-31\n    assume: {status: in_service, device_type: pos}\n",
		"inbox/bank/a.csv":   "终端编号,商户名称,是否支持非接\n10000001,家乐福厦门店,是\n10000002,榕树饭店,否\n",
		"state/.placeholder": "",
	})
	if code := run(t.Context(), []string{"-w", dir, "run", "--quiet"}, io.Discard, io.Discard); code != 0 {
		t.Fatalf("the run ends with %d", code)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, program, "-w", dir, "sql")
	command.Env = append(os.Environ(), "TERM=xterm", "XDG_STATE_HOME="+filepath.Join(dir, "state"), "INPUTRC=/dev/null", "PAGER=cat", "NO_COLOR=1")
	file, err := pty.StartWithSize(command, &pty.Winsize{Rows: 40, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s := &terminal{t: t, file: file, output: make(chan []byte, 1024)}
	go s.read()

	s.sees("edition 1, newest snapshot 2017-01-31")
	s.sees("tapcov> ")
	s.sees("\x1bD\x1b[A") // on the last row of a terminal the line editor would clear its prompt
	s.say("select merchant_name, acceptance\r")
	s.say("from termin\t order by terminal_id;\r")
	s.sees("家乐福厦门店   yes")
	s.sees("榕树饭店       no")
	s.sees("tapcov> ")
	s.say("select merchant_nam from terminals;\r")
	s.sees(`there is no column "merchant_nam"`)
	s.sees(`did you mean "merchant_name"?`)
	s.sees("tapcov> ")
	s.say("select 'it has ' || 'begun'; select count(*) from range(1000000000000000) where range % 7 = 8;\r")
	s.sees("it has begun\r\n")
	s.say("\x03")
	s.sees("the query was cancelled")
	s.sees("tapcov> ")
	s.say(".limit 1\r")
	s.sees("tapcov> ")
	s.say("from generate_series(1, 2000);\r")
	s.sees("1 of 2,000 rows; .limit 0 for all")
	s.sees("tapcov> ")
	s.say("\x04")
	if err := command.Wait(); err != nil {
		t.Errorf("the shell ends with %v", err)
	}
	history, err := os.ReadFile(filepath.Join(dir, "state", "tapcov", "history"))
	if err != nil || !strings.Contains(string(history), "order by terminal_id;") {
		t.Errorf("history %q, %v", history, err)
	}
	if info, err := os.Stat(filepath.Join(dir, "state", "tapcov", "history")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the history: %v, %v", info.Mode(), err)
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Error("it took too long")
	}
}
