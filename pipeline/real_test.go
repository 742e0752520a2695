package pipeline_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
)

// sharedData is where exports of the real world and independently computed answers to them are
// kept, beside the project; they are not part of it.
const sharedData = "../../shared/data"

// realRun runs the pipeline on one real export by the profile in testdata/real/NAME and returns the
// workspace's folder. Where there are no real exports the test is skipped.
func realRun(t *testing.T, name, source, export string) string {
	t.Helper()
	path := filepath.Join(sharedData, "inventory", export)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the real exports are not here: %v", err)
	}
	dir := t.TempDir()
	lend(t, filepath.Join("testdata", "real", name, "tapcov.yaml"), filepath.Join(dir, "tapcov.yaml"))
	lend(t, path, filepath.Join(dir, "inbox", source, export))
	if summary := run(t, dir); summary.ExitCode() != pipeline.ExitDone {
		t.Fatalf("the run ends with %d: %+v", summary.ExitCode(), summary.SetAside)
	}
	return dir
}

// group counts the rows of one group that were accepted, and those of them that say yes and no.
type group struct{ Terminals, Yes, No int }

// groups returns the coverage of a level by key, rejected rows left out.
func groups(t *testing.T, edition *editions.Edition, level string) map[string]group {
	t.Helper()
	found := map[string]group{}
	for _, row := range rows(t, edition, `select key, terminal_count - rejected_count, yes_count, no_count from coverage
			where level = ? and population = 'networked' and unit = 'terminal' and reading = 'declared'`, level) {
		if g := (group{number(row[1]), number(row[2]), number(row[3])}); g != (group{}) {
			found[row[0].(string)] = g
		}
	}
	return found
}

// checkOracle compares the groups of a level with the rows of an oracle: all rows of the group, and
// those that the oracle accepts, which are yes (or known, if isKnown). key turns the oracle's name of
// a group into a key of the level; a blank name is the key none.
func checkOracle(t *testing.T, edition *editions.Edition, level, oracle string, isKnown bool, key func(string) string) {
	t.Helper()
	file, err := os.Open(filepath.Join(sharedData, "oracle", oracle+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want, got := map[string][2]int{}, map[string][2]int{}
	for _, record := range records[1:] {
		name := "none"
		if record[0] != "" {
			name = key(record[0])
		}
		terminals, err := strconv.Atoi(record[1])
		if err != nil {
			t.Fatalf("%s: %v", oracle, err)
		}
		accepting, err := strconv.Atoi(record[2])
		if err != nil {
			t.Fatalf("%s: %v", oracle, err)
		}
		want[name] = [2]int{want[name][0] + terminals, want[name][1] + accepting}
	}
	for name, g := range groups(t, edition, level) {
		got[name] = [2]int{g.Terminals, g.Yes}
		if isKnown {
			got[name] = [2]int{g.Terminals, g.Yes + g.No}
		}
	}
	if len(want) == 0 {
		t.Errorf("%s has no rows", oracle)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s against %s (-want +got):\n%s", level, oracle, diff)
	}
}

func asIs(name string) string { return name }

// inRegion makes the key of a region that is known by its name alone.
func inRegion(prefix string) func(string) string {
	return func(name string) string {
		return prefix + strings.Join(strings.Fields(strings.ToLower(name)), " ")
	}
}

func checkNation(t *testing.T, edition *editions.Edition, want group) {
	t.Helper()
	checkLaws(t, edition)
	if diff := cmp.Diff(map[string]group{"all": want}, groups(t, edition, "nation")); diff != "" {
		t.Errorf("nation (-want +got):\n%s", diff)
	}
}

func TestMeters(t *testing.T) {
	edition := current(t, realRun(t, "meters", "city", "melbourne_parking_meters.csv"))
	checkNation(t, edition, group{1095, 798, 297})
	vendors := map[string]group{"Cale": {436, 436, 0}, "Duncan": {93, 0, 93}, "Reino": {566, 362, 204}}
	if diff := cmp.Diff(vendors, groups(t, edition, "vendor")); diff != "" {
		t.Errorf("vendors (-want +got):\n%s", diff)
	}
	const oracle = "melbourne_parking_meters.tapandgo_yes.by_"
	checkOracle(t, edition, "vendor", oracle+"vendor", false, asIs)
	checkOracle(t, edition, "model", oracle+"model", false, asIs)
	checkOracle(t, edition, "county", oracle+"street", false, inRegion("name:au/"))
}

func TestStations(t *testing.T) {
	for name, test := range map[string]struct {
		want   group
		oracle string
	}{
		"stations":            {group{1704, 3, 109}, "has_android_pay_or_apple_"},
		"stations_bank_cards": {group{1704, 110, 2}, "has_any_bank_card_a_d_m_v"},
	} {
		t.Run(name, func(t *testing.T) {
			edition := current(t, realRun(t, name, "afdc", "us_afdc_stations_wa.csv"))
			checkNation(t, edition, test.want)
			const cards = "us_afdc_stations_wa.cards_accepted_"
			city := inRegion("name:us/wa/")
			for _, spelling := range []string{".by_city", ".by_city.normalised"} {
				checkOracle(t, edition, "city", cards+test.oracle+spelling, false, city)
				checkOracle(t, edition, "city", cards+"not_empty"+spelling, true, city)
			}
			checkOracle(t, edition, "vendor", cards+test.oracle+".by_ev_network", false, asIs)
		})
	}
}

func TestChargePoints(t *testing.T) {
	edition := current(t, realRun(t, "charge_points", "registry", "uk_national_chargepoint_registry.csv"))
	checkNation(t, edition, group{3964, 1616, 2159})
	var rejects []string
	for _, row := range rows(t, edition, "select source_file, source_line, class, reason from rejects where class = 'terminal' order by source_line") {
		rejects = append(rejects, fmt.Sprint(row...))
	}
	want := []string{}
	for _, line := range []int64{993, 994, 996, 997} {
		want = append(want, fmt.Sprint("registry/uk_national_chargepoint_registry.csv", line, "terminal", "columns_missing"))
	}
	if diff := cmp.Diff(want, rejects); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
	const oracle = "uk_ncr_strict_3964.paymentrequired_1.by_"
	checkOracle(t, edition, "county", oracle+"county", false, inRegion("name:gb/"))
	checkOracle(t, edition, "acquirer", oracle+"owner", false, func(owner string) string { return "raw:" + strings.TrimSpace(owner) })
	checkOracle(t, edition, "vendor", oracle+"manufacturer", false, strings.TrimSpace)
}
