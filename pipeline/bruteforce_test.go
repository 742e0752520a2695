package pipeline_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/editions"
)

// A bruteForce counts the terminals of a snapshot anew, in the plainest way: every terminal is put
// under every key of every level, for every population and reading, and then counted. Its queries
// return the rows in which the cube says otherwise.
type bruteForce struct{ date, names, populations, regions, maxPerSerial string }

func newBruteForce(t *testing.T, edition *editions.Edition, date string) bruteForce {
	t.Helper()
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		t.Fatal(err)
	}
	var populations, names []string
	for _, p := range coverage.Populations(at) {
		if testing.Short() && p.Name != coverage.DefaultPopulation && p.Name != "active_3m" {
			continue
		}
		names = append(names, "'"+p.Name+"'")
		populations = append(populations, fmt.Sprintf("select '%s' as population, (%s) as is_member, * from here", p.Name, p.Where))
	}
	config := edition.Workspace().Config
	divisions, err := edition.Workspace().Reference.Regions.At(config.Regions.Vintage)
	if err != nil {
		t.Fatal(err)
	}
	var regions []string
	for _, row := range rows(t, edition, "select distinct region from terminals") {
		region := row[0].(string)
		regions = append(regions, fmt.Sprintf("('%s', '%s', '%s', '%s', '%s')", region,
			divisions.Province(region), divisions.ReportingArea(region), divisions.City(region), divisions.County(region)))
	}
	return bruteForce{
		date, strings.Join(names, ", "), strings.Join(populations, " union all "), strings.Join(regions, ", "), fmt.Sprint(config.Evidence.MaxTerminalsPerSerial),
	}
}

// placed is one row per terminal, population, reading, level and key. A terminal whose membership is
// undecided counts as unknown.
const placed = `with here as (
		select
			acquirer_id, terminal_id, merchant_id, region, device_type, country, in_service, connection, use, is_registered,
			coalesce(shared_serial_number, case when has_serial then 'own ' || acquirer_id || '/' || terminal_id end) as serial_number, transaction_count, contactless_transaction_count, last_transaction_on,
			acceptance, acceptance_strict, acceptance_inferred,
			coalesce(brand, 'none') as a_brand, coalesce(category, 'none') as a_category,
			coalesce(vendor, 'none') as a_vendor, coalesce(vendor || ' ' || model, model, 'none') as a_model,
			case
				when serial_number is null or count(*) over (partition by vendor, serial_number) > {max} then 'terminal ' || acquirer_id || '/' || terminal_id
				else 'device ' || coalesce(vendor, '') || '/' || serial_number
			end as device,
			case
				when in_service = 'no' or device_type = 'atm' or country <> 'CN' then false
				when in_service = 'yes' and device_type <> 'unknown' then true
			end as is_networked
		from terminals where snapshot_date = date '{date}' and device_type <> 'barcode'
	),
	members as (select * from ({populations}) where is_member is not false),
	regions(region, province, reporting_area, city, county) as (values {regions}),
	read_members as (
		select *, unnest([
			{'reading': 'strict', 'accepts': case when is_member then acceptance_strict else 'unknown' end},
			{'reading': 'declared', 'accepts': case when is_member then acceptance else 'unknown' end},
			{'reading': 'inferred', 'accepts': case when is_member then acceptance_inferred else 'unknown' end}
		], recursive := true)
		from members inner join regions using (region)
	),
	placed as (
		select *, unnest([
			{'level': 'nation', 'key': 'all'}, {'level': 'province', 'key': province},
			{'level': 'reporting_area', 'key': reporting_area}, {'level': 'city', 'key': city}, {'level': 'county', 'key': county},
			{'level': 'acquirer', 'key': acquirer_id}, {'level': 'brand', 'key': a_brand}, {'level': 'category', 'key': a_category},
			{'level': 'vendor', 'key': a_vendor}, {'level': 'model', 'key': a_model}, {'level': 'device_type', 'key': device_type},
			{'level': 'province_brand', 'key': province || '|' || a_brand},
			{'level': 'province_acquirer', 'key': province || '|' || acquirer_id}
		], recursive := true)
		from read_members
	)`

// differing compares what was counted with what the cube has, both ways.
func (b bruteForce) differing(counted, cube string) string {
	query := placed + ", counted as (" + counted + "), cube as (" + cube + ` and snapshot_date = date '{date}' and population in ({names}))
		(select 'counted', * from (from counted except from cube) limit 5)
		union all (select 'cube', * from (from cube except from counted) limit 5)`
	return strings.NewReplacer(
		"{date}", b.date, "{names}", b.names, "{populations}", b.populations, "{regions}", b.regions, "{max}", b.maxPerSerial,
	).Replace(query)
}

// terminals counts terminals. A key that only rejected rows have is left out.
func (b bruteForce) terminals() string {
	return b.differing(`select population, reading, level, key,
			count(*) as terminals, count(*) filter (where accepts = 'yes') as yes, count(*) filter (where accepts = 'no') as no,
			count(*) filter (where is_member is null) as undecided, count(*) filter (where merchant_id is null) as without_merchant,
			sum(transaction_count) as transactions, sum(contactless_transaction_count) as taps
		from placed group by population, reading, level, key`,
		`select population, reading, level, key,
			terminal_count - rejected_count - missing_count as terminals, yes_count, no_count,
			undecided_count, merchant_none_count, transaction_count, contactless_transaction_count
		from coverage where unit = 'terminal' and terminals > 0`)
}

// devices counts devices: yes if one terminal is, no if all are.
func (b bruteForce) devices() string {
	return b.differing(`select population, reading, level, key,
			count(*) as devices, count(*) filter (where has_yes) as yes, count(*) filter (where all_no) as no
		from (
			select population, reading, level, key, device, bool_or(accepts = 'yes') as has_yes, bool_and(accepts = 'no') as all_no
			from placed group by population, reading, level, key, device
		) group by population, reading, level, key`,
		`select population, reading, level, key, terminal_count - rejected_count - missing_count as devices, yes_count, no_count
		from coverage where unit = 'device' and devices > 0`)
}

// merchants counts contracts in the default population.
func (b bruteForce) merchants() string {
	return b.differing(`select reading, level, key,
			count(*) as merchants, count(*) filter (where yes > 0) as any_yes, count(*) filter (where no < terminals) as any_upper,
			count(*) filter (where yes = terminals) as all_yes, count(*) filter (where no = 0) as all_upper
		from (
			select reading, level, key, acquirer_id, merchant_id,
				count(*) as terminals, count(*) filter (where accepts = 'yes') as yes, count(*) filter (where accepts = 'no') as no
			from placed where population = 'networked' and merchant_id is not null
			group by reading, level, key, acquirer_id, merchant_id
		) group by reading, level, key`,
		`select reading, level, key, merchant_count, merchant_any_count, merchant_any_upper_count, merchant_all_count, merchant_all_upper_count
		from coverage where unit = 'terminal' and population = 'networked' and merchant_count > 0`)
}
