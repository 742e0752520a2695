package lake

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// goldenLake is a lake of format 1. It is never written again: what it holds must be read for ever.
const goldenLake = "testdata/format1"

// goldenFingerprint is that of goldenManifest.
const goldenFingerprint = "4816cc6bd3cf9951da1dcb91635202e37709e8eb517a3f002c53b3133ced16a2"

// goldenManifest returns the edition of the golden lake. Its order is the one that is written.
func goldenManifest() *Manifest {
	file := func(path string, rows int64, hash string) File {
		return File{Path: path, Rows: rows, Hash: hash, Bytes: int64(len(path)) + 1}
	}
	return &Manifest{
		Format: 1, Edition: 1, Fingerprint: goldenFingerprint, ToolVersion: "0.1.0",
		Inputs: Inputs{
			Rules: "ru01", SQL: "sq01", Decisions: "de01",
			References:    map[string]string{"regions": "re01", "brands": "br01"},
			Settings:      map[string]string{"estate": "es01", "populations": "po01"},
			DueDaysPassed: []DueDay{{Source: "abc", SnapshotDate: "2017-02-28"}, {Source: "icbc", SnapshotDate: "2017-02-28"}},
		},
		Deliveries: []Delivery{
			{
				Source: "abc", SnapshotDate: "2017-01-31", Part: "north", Version: "1", ExportID: "ex01", InventoryID: "in01",
				State: InForce, Files: []string{"2017-01 <北>.csv", "copy of 2017-01.csv"},
				Rows: file("inventory/in01.parquet", 100, "h01"), Rejects: file("rejects/in01.parquet", 3, "h02"),
			},
			{
				Source: "abc", SnapshotDate: "2017-01-31", Part: "north", Version: "0", ExportID: "ex02", InventoryID: "in02",
				State: Superseded, Why: "version 1 is newer", Files: []string{"2017-01.csv"},
				Rows: file("inventory/in02.parquet", 90, "h03"),
			},
			{
				Source: "icbc", SnapshotDate: "2017-02-28", ExportID: "ex03", InventoryID: "in03",
				State: InForce, Files: []string{"b.csv"}, Rows: file("inventory/in03.parquet", 7, "h04"),
			},
			{
				Source: "icbc", SnapshotDate: "2017-02-28", ExportID: "ex04", InventoryID: "in04",
				State: Refused, Why: "no terminal id found", Files: []string{"c.csv"},
			},
		},
		Snapshots: []Snapshot{
			{
				Date: "2017-01-31", State: SnapshotComplete, Members: []Member{{InventoryID: "in01"}},
				Settled:   file("settled/snapshot_date=2017-01-31/se01.parquet", 99, "h05"),
				Merchants: file("merchants/snapshot_date=2017-01-31/me01.parquet", 40, "h06"),
				Coverage:  file("coverage/snapshot_date=2017-01-31/co01.parquet", 12, "h07"),
				Tally:     json.RawMessage(`1`),
			},
			{
				Date: "2017-02-28", State: SnapshotOpen,
				Members:   []Member{{InventoryID: "in01", CarriedMonths: 1}, {InventoryID: "in03"}},
				Settled:   file("settled/snapshot_date=2017-02-28/se02.parquet", 106, "h08"),
				Merchants: file("merchants/snapshot_date=2017-02-28/me02.parquet", 41, "h09"),
				Coverage:  file("coverage/snapshot_date=2017-02-28/co02.parquet", 13, "h10"),
			},
		},
		Claims: file("claims/cl01.parquet", 3, "h11"),
	}
}

func goldenInventory() *Inventory {
	delivery := goldenManifest().Deliveries[0]
	return &Inventory{
		LakeFormat: 1, ID: "in01", ExportID: "ex01", Source: "abc", SnapshotDate: "2017-01-31",
		Part: "north", Version: "1", Profile: "pr01", Conform: "1", Rows: delivery.Rows, Rejects: delivery.Rejects,
		Format: json.RawMessage(`"gb18030"`), Layout: json.RawMessage(`"19 columns"`), Tally: json.RawMessage(`103`),
	}
}

func goldenRun() *Run {
	return &Run{
		ID: "000001", State: Done, PID: 4711, Host: "batch",
		StartedAt: time.Date(2017, 3, 1, 2, 0, 0, 0, time.UTC), EndedAt: time.Date(2017, 3, 1, 2, 0, 31, 0, time.UTC),
		Args: []string{"run"}, ToolVersion: "0.1.0", Edition: 1, ExitCode: 4, Summary: json.RawMessage(`"one set aside"`),
	}
}

func TestFormat1IsReadForEver(t *testing.T) {
	l := open(t, goldenLake)
	manifest, err := l.Current()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(goldenManifest(), manifest); diff != "" {
		t.Error(diff)
	}
	for _, file := range manifest.Files() {
		if err := l.verify(file); err != nil {
			t.Error(err)
		}
	}
	inventories, err := l.Inventories()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]*Inventory{goldenInventory()}, inventories); diff != "" {
		t.Error(diff)
	}
	for _, snapshot := range manifest.Snapshots {
		file, tally, known, err := l.Facts(l.Abs(snapshot.Settled))
		if err != nil || !known {
			t.Errorf("Facts = %t, %v", known, err)
		}
		if diff := cmp.Diff(snapshot.Settled, file); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(snapshot.Tally, tally); diff != "" {
			t.Error(diff)
		}
	}
	runs, err := l.Runs()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]*Run{goldenRun()}, runs); diff != "" {
		t.Error(diff)
	}
}

// What this version writes is format 1 to the byte, as long as that is the newest.
func TestFormat1IsWritten(t *testing.T) {
	w := newLake(t)
	writeGolden(t, w)
	for _, name := range []string{
		"format", "current", "editions/000001.json", "inventory/in01.json", "runs/000001.json",
		"settled/snapshot_date=2017-01-31/se01.json", "settled/snapshot_date=2017-02-28/se02.json",
	} {
		want, err := os.ReadFile(filepath.Join(goldenLake, name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(w.path(name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// writeGolden makes the golden lake anew, each data file holding its own path.
func writeGolden(t *testing.T, w *Writer) {
	t.Helper()
	manifest := goldenManifest()
	for _, file := range manifest.Files() {
		write(t, w.Abs(file), file.Path+"\n")
	}
	if err := w.SaveInventory(goldenInventory()); err != nil {
		t.Fatal(err)
	}
	for _, snapshot := range manifest.Snapshots {
		settled := snapshot.Settled
		if _, err := w.WriteFacts(w.Abs(settled), settled.Rows, settled.Hash, snapshot.Tally); err != nil {
			t.Fatal(err)
		}
	}
	manifest.Edition, manifest.Fingerprint = 0, ""
	if published, err := w.Publish(manifest); err != nil || !published {
		t.Fatalf("Publish = %t, %v", published, err)
	}
	if diff := cmp.Diff(goldenManifest(), manifest); diff != "" {
		t.Error(diff)
	}
	if err := w.SaveRun(goldenRun()); err != nil {
		t.Fatal(err)
	}
}
