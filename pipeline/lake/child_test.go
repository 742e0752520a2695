package lake

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The environment that makes the test binary play another process, and on which lake.
const (
	childRole = "TAPCOV_TEST_LAKE_ROLE"
	childLake = "TAPCOV_TEST_LAKE"
)

// playChild is the other process. It prints a line at each step, so that its parent knows where it is.
func playChild(role, dir string) int {
	act := map[string]func(*Writer) error{
		"publish": publishForEver,
		"hold":    hold,
		"full":    publishOnFullDisk,
	}[role]
	l, err := Open(dir)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	w, err := l.Lock(context.Background(), true)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	if _, err := w.StartRun([]string{"run"}, "0.1.0"); err != nil {
		fmt.Println(err)
		return 1
	}
	if err := act(w); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

func publishForEver(w *Writer) error {
	for {
		fmt.Println("next")
		if _, err := publishGrown(w); err != nil {
			return err
		}
	}
}

func hold(*Writer) error {
	fmt.Println("locked")
	_, err := os.Stdin.Read(make([]byte, 1))
	return err
}

// publishOnFullDisk publishes where no file can grow beyond a hundred bytes.
func publishOnFullDisk(w *Writer) error {
	current, err := w.Current()
	if err != nil {
		return err
	}
	next, err := grown(w, current)
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 100, Max: 100}); err != nil {
		return err
	}
	_, err = w.Publish(next)
	if !errors.Is(err, syscall.EFBIG) {
		return fmt.Errorf("publish ended with %w", err)
	}
	left, err := os.ReadDir(w.TempDir())
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("%s was left behind", left[0].Name())
	}
	return err
}

// A child is a running copy of the test binary.
type child struct {
	command *exec.Cmd
	lines   *bufio.Scanner
}

func start(t *testing.T, role, dir string) *child {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), childRole+"="+role, childLake+"="+dir)
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	// Held open for as long as the child lives: that is what it waits for.
	if _, err := command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	return &child{command: command, lines: bufio.NewScanner(stdout)}
}

// await reads the child's next line and checks it.
func (c *child) await(t *testing.T, want string) {
	t.Helper()
	if !c.lines.Scan() {
		t.Fatalf("the child ended: %v", c.command.Wait())
	}
	if c.lines.Text() != want {
		t.Fatalf("the child says %q, want %q", c.lines.Text(), want)
	}
}

// kill ends the child as a power cut would, and returns when it is gone.
func (c *child) kill(t *testing.T) {
	t.Helper()
	if err := c.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for c.lines.Scan() {
		if c.lines.Text() != "next" {
			t.Errorf("the child says %q", c.lines.Text())
		}
	}
	// The error is that it was killed.
	var exit *exec.ExitError
	if err := c.command.Wait(); !errors.As(err, &exit) {
		t.Fatalf("wait for the child: %v", err)
	}
}

// A process that is killed at any instant while it publishes leaves a readable edition; the next one
// goes on where it stopped, and nothing is doubled.
func TestKillAtAnyInstant(t *testing.T) {
	const killsPerLake = 4
	random := rand.New(rand.NewPCG(20151212, uint64(*trials)))
	var dir string
	for trial := range *trials {
		if trial%killsPerLake == 0 {
			dir = filepath.Join(t.TempDir(), "lake")
		}
		c := start(t, "publish", dir)
		for range random.IntN(4) {
			c.await(t, "next")
		}
		for range random.IntN(50_000) {
			runtime.Gosched()
		}
		c.kill(t)
		checkAfterKill(t, dir)
	}
}

func checkAfterKill(t *testing.T, dir string) {
	t.Helper()
	l := open(t, dir)
	before, err := l.Current()
	if err != nil {
		t.Fatal(err)
	}
	if before != nil {
		if err := l.whole(before); err != nil {
			t.Fatal(err)
		}
		if before.Edition != len(before.Deliveries) {
			t.Errorf("edition %d has %d deliveries", before.Edition, len(before.Deliveries))
		}
	}
	runs, err := l.Runs()
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range runs {
		if run.State != Killed {
			t.Errorf("run %s is %s, want killed", run.ID, run.State)
		}
	}
	w, err := l.Lock(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Sweep(); err != nil {
		t.Error(err)
	}
	after := mustPublish(t, w)
	want := 1
	if before != nil {
		want = before.Edition + 1
	}
	if after.Edition != want || len(after.Deliveries) != want {
		t.Errorf("edition %d with %d deliveries follows, want %d", after.Edition, len(after.Deliveries), want)
	}
	editions, err := l.Editions()
	if err != nil {
		t.Fatal(err)
	}
	if len(editions) != want {
		t.Errorf("%d editions, want %d", len(editions), want)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

func TestSecondWriterIsToldWhoHasTheLock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "lake")
	c := start(t, "hold", dir)
	c.await(t, "locked")
	l := open(t, dir)

	_, err := l.Lock(t.Context(), false)
	var locked *LockedError
	if !errors.As(err, &locked) {
		t.Fatalf("error %v, want a LockedError", err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	got := Holder{PID: locked.Holder.PID, Host: locked.Holder.Host}
	if diff := cmp.Diff(Holder{PID: c.command.Process.Pid, Host: host}, got); diff != "" {
		t.Error(diff)
	}
	wantError(t, locked, dir, fmt.Sprintf("pid %d on %s since 2", got.PID, host))
	checkRun(t, l, Running)

	c.kill(t)
	checkRun(t, l, Killed)
	w := lock(t, l)
	// Now the lock is held again, and the record must not come back to life.
	checkRun(t, l, Killed)
	if _, err := w.StartRun(nil, "0.1.0"); err != nil {
		t.Fatal(err)
	}
	checkRun(t, l, Killed, Running)
}

func checkRun(t *testing.T, l *Lake, want ...RunState) {
	t.Helper()
	runs, err := l.Runs()
	if err != nil {
		t.Fatal(err)
	}
	var got []RunState
	for _, run := range runs {
		got = append(got, run.State)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFullDisk(t *testing.T) {
	w := newLake(t)
	first := mustPublish(t, w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	c := start(t, "full", w.Dir())
	for c.lines.Scan() {
		t.Error(c.lines.Text())
	}
	if err := c.command.Wait(); err != nil {
		t.Fatal(err)
	}
	current, err := w.Current()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, current); diff != "" {
		t.Error(diff)
	}
}
