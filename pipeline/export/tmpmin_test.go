package export
import ("testing";"time";"fmt";"os")
func TestTmpMin(t *testing.T) {
	if os.Getenv("MIN") == "" { t.Skip() }
	for _, rowsN := range []int{1000, 20000} { for _, q := range []int{0, 100, 1} {
		content := generate(rowsN, q)
		end := len(content)
		content = append(content, make([]byte, padding)...)
		buf := make([]byte, len(content), len(content)+8<<20)
		copy(buf, content)
		s := splitter{delimiter: ',', limit: defaultRecordLimit}
		best := time.Hour
		for begin := time.Now(); time.Since(begin) < 2*time.Second; {
			x := time.Now()
			s.reset(buf, end, true)
			s.run(0)
			best = min(best, time.Since(x))
		}
		fmt.Printf("n=%d q=%d min %v = %.1f ns/row %.2f GB/s\n", rowsN, q, best, float64(best.Nanoseconds())/float64(rowsN), float64(end)/float64(best.Nanoseconds()))
	}
}}
