package export
import ("testing";"os";"path/filepath";"fmt";"bytes";"syscall";"time")
func TestTmpMem(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	unit := map[string]string{"nl": "\n", "comma": ",", "qnl": "\"a\nb\"\n", "bad": "a\",\"\n", "ascii": "12345678,12345\n", "quote": "\"", "gb": "\xD6\xD0\n", "cr":"\r", "qq": "\"\"", "ff": "\xff"}[os.Getenv("MEM")]
	piece := bytes.Repeat([]byte(unit), 1<<20)
	f, _ := os.Create(path)
	for n := 0; n < 300<<20; n += len(piece) { f.Write(piece) }
	f.Close()
	piece = nil
	x := time.Now()
	e, err := Open(path, Options{})
	if err != nil { fmt.Println(err); return }
	s, err := Decode(t.Context(), e, 2, func(b *Block) (int, error) { return 0, nil }, func(int) error { return nil }, nil)
	var ru syscall.Rusage
	syscall.Getrusage(0, &ru)
	fmt.Println("RES", os.Getenv("MEM"), s.Records, s.Format.Delimiter, err, time.Since(x), "maxrss MB", ru.Maxrss>>10, "head rows", len(e.Head().Rows))
	e.Close()
}
