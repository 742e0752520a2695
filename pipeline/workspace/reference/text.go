package reference

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Text is a text in the two languages of reports.
type Text struct {
	EN string
	ZH string
}

// IsZero reports whether there is no text.
func (t Text) IsZero() bool { return t == Text{} }

// Period is a date, or a range of dates with both ends included. Dates are yyyy-mm-dd; From and To
// are equal for a date, and both empty where no date is known.
type Period struct {
	From string
	To   string
	Note string
}

// IsZero reports whether no date is known.
func (p Period) IsZero() bool { return p.From == "" && p.To == "" }

// Contains reports whether a date (yyyy-mm-dd) lies in the period; an end that is not known is open,
// and a period without dates contains none.
func (p Period) Contains(date string) bool {
	return !p.IsZero() && (p.From == "" || p.From <= date) && (p.To == "" || date <= p.To)
}

// parsePeriod reads a date or a part of one: 2016-12-31, 2016-12 for the month, 2016-Q4 for the
// quarter, 2016 for the year.
func parsePeriod(text string) (Period, error) {
	for _, layout := range []struct {
		layout              string
		years, months, days int
	}{
		{"2006-01-02", 0, 0, 1}, {"2006-01", 0, 1, 0}, {"2006", 1, 0, 0},
	} {
		if t, err := time.Parse(layout.layout, text); err == nil {
			return period(t, t.AddDate(layout.years, layout.months, layout.days)), nil
		}
	}
	if year, quarter, ok := strings.Cut(text, "-Q"); ok && len(quarter) == 1 && "1" <= quarter && quarter <= "4" {
		if t, err := time.Parse("2006", year); err == nil {
			t = t.AddDate(0, 3*int(quarter[0]-'1'), 0)
			return period(t, t.AddDate(0, 3, 0)), nil
		}
	}
	return Period{}, fmt.Errorf("%q is no date: expected one such as 2016-12-31, 2016-12, 2016-Q4 or 2016", text)
}

// period is the days from one date to before the other.
func period(from, before time.Time) Period {
	return Period{From: from.Format(time.DateOnly), To: before.AddDate(0, 0, -1).Format(time.DateOnly)}
}

// period reads the keys as_of, as_of.from, as_of.to and as_of.note of an entry.
func (e *entry) period(bad *problems) Period {
	p := Period{Note: e.get("as_of.note")}
	for _, end := range []struct {
		key  string
		from bool
		to   bool
	}{
		{"as_of", true, true}, {"as_of.from", true, false}, {"as_of.to", false, true},
	} {
		text := e.get(end.key)
		if text == "" {
			continue
		}
		parsed, err := parsePeriod(text)
		if err != nil {
			bad.add(e.at(end.key), "%s: %v", end.key, err)
			continue
		}
		if end.from {
			p.From = parsed.From
		}
		if end.to {
			p.To = parsed.To
		}
	}
	if p.From != "" && p.To != "" && p.From > p.To {
		bad.add(e.at("as_of.to"), "as_of: the range ends before it begins")
	}
	return p
}

// Rational is the exact number P/Q in lowest terms, Q > 0.
type Rational struct{ P, Q int64 }

// String gives P/Q.
func (r Rational) String() string {
	return strconv.FormatInt(r.P, 10) + "/" + strconv.FormatInt(r.Q, 10)
}

var decimalText = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// parseDecimal reads decimal text such as 0.60; signs of percent, exponents and separators of
// thousands are refused.
func parseDecimal(text string) (Rational, error) {
	exact, err := parseRat(text)
	if err != nil {
		return Rational{}, err
	}
	return rational(exact)
}

func parseRat(text string) (*big.Rat, error) {
	exact, ok := new(big.Rat).SetString(text)
	if !ok || !decimalText.MatchString(text) {
		return nil, fmt.Errorf("%q is no decimal number such as 0.60", text)
	}
	return exact, nil
}

// rational refuses what does not fit: verdicts multiply its parts with counts of terminals.
func rational(exact *big.Rat) (Rational, error) {
	const most = 1_000_000_000_000
	p, q := exact.Num(), exact.Denom()
	if p.CmpAbs(big.NewInt(most)) > 0 || q.Cmp(big.NewInt(1_000_000)) > 0 {
		return Rational{}, fmt.Errorf("%s is too large or too fine: at most twelve digits before and six after the point", exact.RatString())
	}
	return Rational{P: p.Int64(), Q: q.Int64()}, nil
}
