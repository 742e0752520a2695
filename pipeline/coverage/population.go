package coverage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tapcov/tapcov/pipeline/acceptance"
	"github.com/tapcov/tapcov/pipeline/engine"
)

// DefaultPopulation is the population that a figure is about unless something else is said.
const DefaultPopulation = "networked"

// populationWithSerial is the part of it that can be counted by device.
const populationWithSerial = "with_serial"

// Population is a named choice of terminals.
type Population struct {
	Name  string
	Title string
	Where string // SQL condition over settled terminals: true, false, or null where it cannot be decided
}

// Columns are the columns of settled terminals that the condition of a population may name, with their
// SQL types. Their meaning is in the manual's page on the method.
const Columns = `acquirer_id varchar, terminal_id varchar, merchant_id varchar, merchant_name varchar, brand varchar,
	category_code varchar, category varchar, serial_number varchar, serial_terminal_count bigint, vendor varchar,
	model varchar, license_code varchar, device_type varchar, status varchar, "use" varchar, connection varchar,
	in_service varchar, installed_on date, removed_on date, country varchar, region varchar,
	contactless_flag varchar, mobile_flag varchar, qr_flag varchar, is_registered varchar, transaction_count bigint,
	contactless_transaction_count bigint, last_transaction_on date, tier varchar, is_carried boolean,
	is_networked boolean`

// Check checks the condition of every population in a sandbox against a table with no rows, so that one
// which is more than a condition, or names a column that does not exist, is found before a run and not in
// the middle of it. place says where in a file stands what comes after a beginning of a condition.
func Check(ctx context.Context, sandbox *engine.Sandbox, populations []Population, place func(population, before string) string) error {
	conditions := make([]string, len(populations))
	for i, p := range populations {
		conditions[i] = "(" + p.Where + ")"
	}
	found, err := sandbox.CheckConditions(ctx, Columns, conditions)
	if err != nil {
		return err
	}
	var problems []error
	for i, problem := range found {
		if problem != nil {
			at := place(populations[i].Name, strings.TrimPrefix(problem.Before, "("))
			problems = append(problems, fmt.Errorf("%s: population %q: where: %w%s", at, populations[i].Name, problem, acceptance.MeantName(problem)))
		}
	}
	return errors.Join(problems...)
}

// networked is the proxy for the central bank's count of networked POS terminals. Every other
// population is a part of it, and the conditions name it as the column is_networked.
const networked = `case in_service when 'yes' then true when 'no' then false end
    and case device_type when 'unknown' then cast(null as boolean) when 'atm' then false else true end
    and (country is null or country = {country} or {country} = '')`

// Populations returns the built-in populations at a snapshot, the default one first.
// They are defined in the manual's page on the method; every one leaves out barcode-only devices.
func Populations(snapshot time.Time) []Population {
	since := time.Date(snapshot.Year(), snapshot.Month()-2, 1, 0, 0, 0, 0, time.UTC)
	populations := []Population{
		{DefaultPopulation, "networked POS terminals in service", "is_networked"},
		{"indirect_pos", "indirectly connected POS, without telephone POS", `
			case when connection = 'unknown' then cast(null as boolean) else connection = 'indirect' end
			and device_type not in ('telephone', 'phone_pos')`},
		{"merchant", "merchant terminals, without personal and self-service ones", `
			case when use = 'unknown' then cast(null as boolean) else use = 'merchant' end`},
		{"active_3m", "terminals with a transaction in the snapshot's month or the two before", fmt.Sprintf(`
			case
				when last_transaction_on > date '%s' then cast(null as boolean)
				when last_transaction_on is not null then last_transaction_on >= date '%s'
				when transaction_count > 0 then true
				when transaction_count = 0 then false
			end`, snapshot.Format(time.DateOnly), since.Format(time.DateOnly))},
		{"registered", "terminals whose serial number is registered with the clearing house", `
			case is_registered when 'yes' then true when 'no' then false end`},
		{populationWithSerial, "terminals with a serial number", `serial_number is not null`},
	}
	for i := range populations[1:] {
		p := &populations[i+1]
		p.Where = "is_networked and (" + strings.Join(strings.Fields(p.Where), " ") + ")"
	}
	return populations
}

// maxPopulations is how many memberships of three values fit into an integer.
const maxPopulations = 19

// barcodeMembership is the membership of barcode-only devices, which every population leaves out.
const barcodeMembership = -1

// Placed returns a query over terminals, a query for settled terminals: its rows and their memberships
// in an estate of a country ("": any), the column membership. For population i the digit of 3^i is 0 out,
// 1 in, 2 undecided; the whole is barcodeMembership for barcode-only devices.
func Placed(terminals string, populations []Population, country string) string {
	digits := []string{"0"}
	place := 1
	for _, population := range populations {
		digits = append(digits, fmt.Sprintf("%d * coalesce(cast((%s) as integer), 2)", place, population.Where))
		place *= 3
	}
	return fmt.Sprintf(`select
    networked_terminals.* exclude (is_networked),
    case when device_type = 'barcode' then %d else %s end as membership
from (
    select
        terminals.*,
        %s as is_networked
    from (
%s
    ) as terminals
) as networked_terminals`, barcodeMembership, strings.Join(digits, "\n        + "), Networked(country), terminals)
}

// Networked is the condition of the default population for an estate in a country ("": any), over the
// columns of settled terminals: true, false, or null where it cannot be decided.
func Networked(country string) string {
	return strings.ReplaceAll(networked, "{country}", engine.Quote(country))
}

// membershipOf returns the digit of population i in a membership number.
func membershipOf(membership, i int) (isMember, isUndecided bool) {
	if membership == barcodeMembership {
		return false, false
	}
	for range i {
		membership /= 3
	}
	return membership%3 != 0, membership%3 == 2
}
