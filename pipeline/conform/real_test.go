package conform_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tapcov/tapcov/pipeline/workspace"
)

// sharedData is where exports of the real world and what a correct load of them gives are kept,
// beside the project; they are not part of it.
const sharedData = "../../../shared/data"

// realExport conforms a real export and skips the test where there is none.
func realExport(t *testing.T, name string, profile workspace.Profile) result {
	t.Helper()
	path := filepath.Join(sharedData, "inventory", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the real exports are not here: %v", err)
	}
	head, blocks := blocksOfFile(t, path)
	r := conformedBlocks(t, head, blocks, fileOf(t, name, profile))
	if r.check != nil {
		t.Error(r.check)
	}
	return r
}

// oracle reads group → terminals and accepting terminals.
func oracle(t *testing.T, name string) map[string][2]int {
	t.Helper()
	file, err := os.Open(filepath.Join(sharedData, "oracle", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][2]int{}
	for _, record := range records[1:] {
		terminals, _ := strconv.Atoi(record[1])
		accepting, _ := strconv.Atoi(record[2])
		group := strings.TrimSpace(record[0]) // as every cell is trimmed
		want[group] = [2]int{want[group][0] + terminals, want[group][1] + accepting}
	}
	return want
}

// accepting counts all rows and those that say yes, by the value of a column.
func accepting(r result, column string) map[string][2]int {
	got := map[string][2]int{}
	for _, row := range r.inventory {
		counts := got[row[column]]
		counts[0]++
		if row["contactless_flag"] == "yes" {
			counts[1]++
		}
		got[row[column]] = counts
	}
	return got
}

func TestMelbourne(t *testing.T) {
	r := realExport(t, "melbourne_parking_meters.csv", plain(func(p *workspace.Profile) {
		p.RegionScheme = "name"
		p.Columns = map[string]workspace.Column{
			"terminal_id":      {Header: "MeterId"},
			"contactless_flag": {Header: "TapAndGo"},
			"vendor":           {Header: "MeterType", Take: `^(\S+)`},
			"model":            {Header: "MeterType"},
			"region_raw":       {Header: "StreetName"},
		}
	}))
	if len(r.inventory) != 1095 || len(r.rejects) != 0 {
		t.Errorf("got %d rows and %d rejects, want 1095 and none", len(r.inventory), len(r.rejects))
	}
	for column, name := range map[string]string{
		"vendor": "vendor", "model": "model", "region_raw": "street",
	} {
		want := oracle(t, "melbourne_parking_meters.tapandgo_yes.by_"+name+".csv")
		if diff := cmp.Diff(want, accepting(r, column)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", column, diff)
		}
	}
}

func TestStationsOfWashington(t *testing.T) {
	for name, test := range map[string]struct {
		tokens []string
		want   [3]int // yes, no, unknown
	}{
		"has_android_pay_or_apple_": {[]string{"ANDROID_PAY", "APPLE_PAY"}, [3]int{3, 109, 1592}},
		"has_any_bank_card_a_d_m_v": {[]string{"A", "D", "M", "V", "CREDIT", "Debit"}, [3]int{110, 2, 1592}},
	} {
		r := realExport(t, "us_afdc_stations_wa.csv", plain(func(p *workspace.Profile) {
			p.RegionScheme, p.RegionLevels = "name", []string{"State", "City"}
			p.Columns = map[string]workspace.Column{
				"terminal_id":      {Header: "ID"},
				"contactless_flag": {Header: "Cards Accepted", Tokens: test.tokens},
				"vendor":           {Header: "EV Network"},
				"category_code":    {Header: "Facility Type"},
				"updated_at":       {Header: "Updated At"},
				"installed_on":     {Header: "Open Date"},
			}
		}))
		if len(r.inventory) != 1704 || len(r.rejects) != 0 {
			t.Errorf("%s: got %d rows and the rejects %v, want 1704 and none", name, len(r.inventory), r.rejects)
		}
		var got [3]int
		for _, row := range r.inventory {
			got[slices.Index([]string{"yes", "no", "unknown"}, row["contactless_flag"])]++
		}
		if got != test.want {
			t.Errorf("%s: got %d, want %d", name, got, test.want)
		}
		want := map[string][2]int{}
		for city, counts := range oracle(t, "us_afdc_stations_wa.cards_accepted_"+name+".by_city.csv") {
			want["WA/"+city] = counts
		}
		if diff := cmp.Diff(want, accepting(r, "region_raw")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(oracle(t, "us_afdc_stations_wa.cards_accepted_"+name+".by_ev_network.csv"), accepting(r, "vendor")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestChargePointRegistry(t *testing.T) {
	r := realExport(t, "uk_national_chargepoint_registry.csv", plain(func(p *workspace.Profile) {
		p.RegionScheme = "name"
		p.Private = []string{"deviceOwnerContactName", "deviceOwnerTelephoneNo"}
		p.Columns = map[string]workspace.Column{
			"terminal_id":      {Header: "chargeDeviceID"},
			"contactless_flag": {Header: "paymentRequired"},
			"region_raw":       {Header: "county"},
			"acquirer_id":      {Header: "deviceOwnerName"},
			"installed_on":     {Header: "dateCreated"},
			"updated_at":       {Header: "lastUpdated"},
			"removed_on":       {Header: "dateDeleted"},
		}
	}))
	if len(r.inventory) != 3964 {
		t.Errorf("got %d rows, want 3964", len(r.inventory))
	}
	var got []string
	for _, reject := range r.rejects {
		got = append(got, reject["source_line"]+" "+reject["class"]+" "+reject["reason"]+reject["raw_text"])
	}
	want := []string{
		"993 terminal columns_missing", "994 terminal columns_missing",
		"996 terminal columns_missing", "997 terminal columns_missing",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
	for column, name := range map[string]string{"region_raw": "county", "acquirer_raw": "owner"} {
		want := oracle(t, "uk_ncr_strict_3964.paymentrequired_1.by_"+name+".csv")
		if diff := cmp.Diff(want, accepting(r, column)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", column, diff)
		}
	}
}
