package lake

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkCurrent reads the edition of sixty sources over ten years, as every command does first.
func BenchmarkCurrent(b *testing.B) {
	l, err := Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	w, err := l.Lock(b.Context(), false)
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	hash := func(text string, number int) string { return fmt.Sprintf("%s%060d", strings.Repeat(text, 4), number) }
	manifest := &Manifest{Format: Format, Edition: 1}
	for month := range 120 {
		date := fmt.Sprintf("%d-%02d-28", 2010+month/12, 1+month%12)
		snapshot := Snapshot{Date: date, State: SnapshotClosed}
		for source := range 60 {
			number := month*60 + source
			id := hash("i", number)
			manifest.Deliveries = append(manifest.Deliveries, Delivery{
				Source: fmt.Sprintf("source%02d", source), SnapshotDate: date, ExportID: hash("e", number), InventoryID: id,
				State: InForce, Files: []string{fmt.Sprintf("terminals-%s.csv.gz", date)},
				Rows:    File{Path: "inventory/" + id + ".parquet", Rows: 700_000, Hash: hash("r", number), Bytes: 26_000_000},
				Rejects: File{Path: "rejects/" + id + ".parquet", Rows: 12, Hash: hash("j", number), Bytes: 4_000},
			})
			snapshot.Members = append(snapshot.Members, Member{InventoryID: id})
		}
		manifest.Snapshots = append(manifest.Snapshots, snapshot)
	}
	manifest.sort()
	if manifest.Fingerprint, err = manifest.computeFingerprint(); err != nil {
		b.Fatal(err)
	}
	if err := w.writeJSON(w.editionPath(1), manifest); err != nil {
		b.Fatal(err)
	}
	if err := w.point(1); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := l.Current(); err != nil {
			b.Fatal(err)
		}
	}
}
