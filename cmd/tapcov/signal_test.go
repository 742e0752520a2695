package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/sample"
)

// TestSignals ends runs early: each says so and keeps what is finished, and the next one goes on.
func TestSignals(t *testing.T) {
	t.Parallel()
	const rows = 300_000
	dir := t.TempDir()
	if err := sample.Generate(t.Context(), dir, sample.Spec{Rows: rows, Sources: 6}); err != nil {
		t.Fatal(err)
	}
	signalDuring(t, dir, "read ", syscall.SIGINT, pipeline.ExitInterrupted, "interrupted")
	signalDuring(t, dir, "settle ", syscall.SIGTERM, pipeline.ExitTerminated, "terminated")

	var summary pipeline.Summary
	if err := json.Unmarshal([]byte(must(t, "-w", dir, "run", "--quiet", "--format", "json")), &summary); err != nil {
		t.Fatal(err)
	}
	if len(summary.Snapshots) != 1 || summary.Snapshots[0].Rows+summary.Snapshots[0].Rejects != rows {
		t.Errorf("the run that went on has %+v, want one snapshot of %d rows", summary.Snapshots, rows)
	}
}

// signalDuring starts a run, sends it a signal at its first step of a kind, and wants it to end in order.
func signalDuring(t *testing.T, dir, step string, signal os.Signal, code int, word string) {
	t.Helper()
	child := exec.CommandContext(t.Context(), "tapcov", "-w", dir, "run")
	stderr, err := child.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	lines := bufio.NewScanner(io.TeeReader(stderr, &said))
	for sent := false; lines.Scan(); {
		if !sent && strings.HasPrefix(lines.Text(), step) {
			sent = true
			if err := child.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = child.Wait() // the exit code says how it ended
	if got := child.ProcessState.ExitCode(); got != code {
		t.Errorf("a run with %v at %q ended with %d, want %d:\n%s", signal, step, got, code, said.String())
	}
	if message := "tapcov: error: " + word + "; what was finished is kept"; !strings.Contains(said.String(), message) {
		t.Errorf("a run with %v at %q does not say so:\n%s", signal, step, said.String())
	}
	status := must(t, "-w", dir, "status")
	if !strings.Contains(status, "nothing is published yet") || !strings.Contains(status, fmt.Sprintf(": cancelled, exit %d,", code)) {
		t.Errorf("after %v at %q the status is\n%s", signal, step, status)
	}
}

// TestReaderGoesAway closes the other end of stdout before anything is printed, as `tapcov … | head` may.
func TestReaderGoesAway(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{
		"tapcov.yaml":      "sources: [{name: bank, snapshot_date: 2017-01-31, assume: {status: in_service, device_type: pos}}]\n",
		"inbox/bank/a.csv": "终端编号,是否支持非接\n10000001,是\n1E+7,是\n",
	})
	for _, args := range [][]string{
		{"run"},
		{"coverage"},
		{"coverage", "--format", "csv"},
		{"rejects", "--format", "jsonl"},
		{"claims", "--figures"},
		{"status", "--format", "json"},
		{"explain", "terminal", "10000001"},
		{"--help"},
	} {
		reader, writer, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		reader.Close()
		var stderr strings.Builder
		child := exec.CommandContext(t.Context(), "tapcov", append([]string{"-w", dir}, args...)...)
		child.Stdout, child.Stderr = writer, &stderr
		err = child.Run()
		writer.Close()
		if err == nil {
			t.Errorf("%v: nobody reads it, and all is well", args)
		}
		if said := stderr.String(); strings.Contains(said, "panic") || strings.Contains(said, "goroutine") {
			t.Errorf("%v: %s", args, said)
		}
	}
	if status := must(t, "-w", dir, "status"); !strings.Contains(status, "2017-01-31  complete") {
		t.Errorf("what nobody read about was not published:\n%s", status)
	}
}
