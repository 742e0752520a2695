package conform_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/arrow/memory/mallocator"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// wideProfile reads wideExport: twenty columns found by their usual headers.
var wideProfile = workspace.Profile{
	SnapshotDate: workspace.DateFrom{Value: "2016-12-31"},
	Status:       map[string]string{"正常": "in_service", "停机": "suspended", "撤机": "removed"},
	DeviceTypes:  map[string]string{"unionpay": "table"},
}

// wideExport returns a month's export of so many terminals, about 200 bytes a row, of the kinds of
// cells that acquirers deliver: ids, names in Chinese, codes, dates, flags with blanks, counts.
func wideExport(rows int) string {
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("收单机构,终端号,商户编号,商户名称,MCC,序列号,厂商,型号,入网认证编号,设备类型,状态," +
		"装机日期,撤机日期,最后修改时间,行政区划代码,装机地址,是否支持非接,是否支持双免,总笔数,非接联机笔数\n")
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	for i := range rows {
		date := fmt.Sprintf("%d-%02d-%02d", 2010+random.IntN(7), 1+random.IntN(12), 1+random.IntN(28))
		fmt.Fprintf(&b, "%s,%08d,898%012d,%s%d号店,%04d,SN%010d,%s,%s-%d,P%04d,%s,%s,%s,,%s %02d:%02d:%02d,%06d,%s路%d号,%s,%s,%d,%d\n",
			pick("工行", "农行", "中行", "建行", "交行", "招行"), i, random.IntN(rows/4+1),
			pick("永辉超市", "家乐福", "沙县小吃", "兰州拉面馆", "屈臣氏个人用品商店", "便民百货"), random.IntN(9999),
			5000+random.IntN(600), random.IntN(1_000_000_000),
			pick("惠尔丰", "联迪", "新大陆", "百富"), pick("S90", "E350", "SP60", "VX520"), random.IntN(8), random.IntN(800),
			pick("02", "03", "04"), pick("正常", "正常", "正常", "停机"), date, date, random.IntN(24), random.IntN(60), random.IntN(60),
			350000+random.IntN(3000), pick("中山", "人民", "解放", "湖滨南"), random.IntN(999),
			pick("是", "否", "", "是"), pick("1", "0", ""), random.IntN(3000), random.IntN(900))
	}
	return b.String()
}

func BenchmarkConform(b *testing.B) {
	const rows = 22_000
	head, blocks := blocksOf(b, wideExport(rows))
	for _, allocator := range []struct {
		name   string
		memory memory.Allocator
	}{
		{"go", memory.NewGoAllocator()},
		{"c", mallocator.NewMallocator()},
	} {
		b.Run(allocator.name, func(b *testing.B) {
			file := fileOf(b, "acquirer/201612.csv", wideProfile)
			file.Memory = allocator.memory
			binding, err := conform.Bind(head, file)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			before := processorTime(b)
			for b.Loop() {
				for _, block := range blocks {
					batch, err := binding.Conform(block)
					if err != nil {
						b.Fatal(err)
					}
					batch.Release()
				}
			}
			used := processorTime(b) - before
			b.ReportMetric(used.Seconds()*1e6/float64(b.N)/rows, "cpu-s/Mrow")
		})
	}
}

// What a small export costs, all told: ten thousand of them must not cost much more than a large one.
func BenchmarkSmallExport(b *testing.B) {
	head, blocks := blocksOf(b, wideExport(100))
	file := fileOf(b, "acquirer/201612.csv", wideProfile)
	file.Memory = mallocator.NewMallocator()
	b.ReportAllocs()
	for b.Loop() {
		binding, err := conform.Bind(head, file)
		if err != nil {
			b.Fatal(err)
		}
		batch, err := binding.Conform(blocks[0])
		if err != nil {
			b.Fatal(err)
		}
		batch.Release()
	}
}

// processorTime returns the processor time that the process has used: what a row costs on a machine
// that does other work too.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
