package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var (
	readerCount = flag.Int("readers", 4, "how many processes read at once in TestReadersBesideWriter")
	readersFor  = flag.Duration("readers-for", time.Second, "for how long they read at least")
)

// whatTablesSay asks several tables of one edition what it is. Edition N has N accepting terminals (see
// publishEdition), so that all of them say N twice.
const whatTablesSay = `select 'terminals' as name, max(edition) as edition, count(*) filter (where acceptance = 'yes') as yes_count from terminals
union all select 'merchants', max(edition), cast(sum(yes_count) as bigint) from merchants
union all select 'inventory', max(edition), count(*) filter (where contactless_flag = 'yes') from inventory where state = 'in_force'
union all select 'deliveries', max(edition), max(cast(version as bigint)) from deliveries where state = 'in_force'
union all select 'coverage', edition, yes_count from coverage
    where level = 'nation' and population = 'networked' and unit = 'terminal' and reading = 'declared'
union all select 'claims', edition, yes_count from claims where claim = 'most' and snapshot_date is not null
union all select 'editions', edition, edition from editions where is_current`

// TestReadersBesideWriter lets processes ask and save without a pause while another one publishes edition
// after edition. None may fail, mix two editions or see one older than it saw before.
//
// By hand: go test -tags duckdb_arrow ./cmd/tapcov -run ReadersBeside -v -readers 32 -readers-for 1m
func TestReadersBesideWriter(t *testing.T) {
	const enoughEditions = 3 // published beside readers, however slow the machine is
	dir := writeFiles(t, map[string]string{"tapcov.yaml": `estate: {complete: true}
sources:
  - name: bank
    snapshot_date: 2017-01-31
    version: {file_name: 'v(\d+)'}
    assume: {status: in_service, device_type: pos}
`, "reference/claims.yaml": `- id: most
  text: {en: most terminals accept}
  source: the test
  metric: share
  comparator: ">"
  value: 0.5
  scope: estate
`})
	publishEdition(t, dir, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	readers := make([]*reader, *readerCount)
	var group sync.WaitGroup
	for i := range readers {
		readers[i] = newReader(dir, i)
		group.Go(func() {
			for ctx.Err() == nil && readers[i].err == nil {
				readers[i].ask(t.Context())
			}
		})
	}
	newest := 1
	for start := time.Now(); newest < enoughEditions || time.Since(start) < *readersFor; {
		newest++
		publishEdition(t, dir, newest)
	}
	cancel()
	group.Wait()

	var asked, memory int64
	seen := map[int64]bool{}
	for _, r := range readers {
		r.ask(t.Context()) // nothing is published any more: everybody sees the same
		if r.err != nil || r.edition != int64(newest) {
			t.Errorf("reader %d by %s is at edition %d of %d: %v", r.number, r.args[0], r.edition, newest, r.err)
		}
		asked, memory = asked+r.asked, max(memory, r.memory)
		for edition := range r.seen {
			seen[edition] = true
		}
	}
	t.Logf("%d readers asked %d times and saw %d of %d editions; the largest process had %d MB", len(readers), asked, len(seen), newest, memory>>20)
	if memory > 512<<20 {
		t.Errorf("a reader took %d MB for 2,000 terminals", memory>>20)
	}
}

// publishEdition delivers 2,000 terminals, of which as many accept as the edition's number says, and runs.
func publishEdition(t *testing.T, dir string, edition int) {
	t.Helper()
	var rows strings.Builder
	rows.WriteString("终端编号,商户编号,是否支持非接\n")
	for i := range 2000 {
		flag := "否"
		if i < edition {
			flag = "是"
		}
		fmt.Fprintf(&rows, "%08d,M%03d,%s\n", i, i%100, flag)
	}
	path := filepath.Join(dir, "inbox", "bank", fmt.Sprintf("v%d.csv", edition))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(rows.String()), 0o644)); err != nil {
		t.Fatal(err)
	}
	must(t, "-w", dir, "run", "--quiet")
}

// reader asks by a process of its own each time: by sql, by save, or by saving everything.
type reader struct {
	number int
	args   []string
	saved  string // where it saves, "" if it prints
	isAll  bool   // it saves a database, of which nothing is read back

	asked, memory, edition int64
	seen                   map[int64]bool
	err                    error // the first, after which it asks no more
}

func newReader(dir string, number int) *reader {
	r := &reader{number: number, seen: map[int64]bool{}}
	switch number % 4 {
	case 0, 1:
		r.args = []string{"sql", "-w", dir, "--format", "jsonl", whatTablesSay}
	case 2:
		r.saved = filepath.Join(dir, fmt.Sprintf("reader%d.jsonl", number))
		r.args = []string{"save", "-w", dir, "--force", "--to", r.saved, whatTablesSay}
	default:
		r.isAll = true
		r.args = []string{"save", "-w", dir, "--force", "--to", filepath.Join(dir, fmt.Sprintf("reader%d.duckdb", number))}
	}
	return r
}

func (r *reader) ask(ctx context.Context) {
	r.asked++
	text, err := r.run(ctx, r.args)
	if err == nil && r.isAll {
		text, err = r.run(ctx, []string{"sql", r.args[1], r.args[2], "--format", "jsonl", whatTablesSay})
	}
	if err == nil && r.saved != "" {
		text, err = os.ReadFile(r.saved)
	}
	if err == nil {
		err = r.listen(bytes.NewReader(text))
	}
	r.err = errors.Join(r.err, err)
}

// run runs the program and returns what it prints.
func (r *reader) run(ctx context.Context, args []string) ([]byte, error) {
	var stderr strings.Builder
	command := exec.CommandContext(ctx, "tapcov", args...)
	command.Stderr = &stderr
	text, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", args[0], err, stderr.String())
	}
	if usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		memory := usage.Maxrss
		if runtime.GOOS == "linux" { // elsewhere in bytes
			memory <<= 10
		}
		r.memory = max(r.memory, memory)
	}
	return text, nil
}

// listen wants every table to be of one edition, the one that the reader saw last or a later one.
func (r *reader) listen(text io.Reader) error {
	tables, last := 0, r.edition
	for lines := json.NewDecoder(text); lines.More(); tables++ {
		var said struct {
			Name     string `json:"name"`
			Edition  int64  `json:"edition"`
			YesCount int64  `json:"yes_count"`
		}
		if err := lines.Decode(&said); err != nil {
			return err
		}
		if tables == 0 {
			r.edition = said.Edition
		}
		if said.Edition != r.edition || said.YesCount != r.edition {
			return fmt.Errorf("edition %d is mixed: %+v", r.edition, said)
		}
	}
	if tables != 7 || r.edition < last {
		return fmt.Errorf("%d tables answered of edition %d, after edition %d", tables, r.edition, last)
	}
	r.seen[r.edition] = true
	return nil
}
