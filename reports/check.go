package reports

import (
	"errors"
	"fmt"

	"github.com/tapcov/tapcov/reports/words"
)

// Check reports every place where the report's own numbers contradict each other: counts that do
// not add up, a tie-out that does not hold, a word that is no verdict. Such a report is not written.
func (r *Report) Check() error {
	var errs []error
	add := func(err error, what string, args ...any) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", fmt.Sprintf(what, args...), err))
		}
	}
	names := make(map[string]bool)
	for i, language := range r.languages() {
		_, err := words.In(language)
		add(err, "languages")
		add(unused(names, pageName(language, i)), "language %q", language)
	}
	add(r.Headline.Counts.Check(), "headline")
	add(r.Headline.Verdict.Check(), "headline")
	if id := r.Headline.ClaimID; id != "" && r.claim(id) == nil {
		add(fmt.Errorf("claim %q is not in the report", id), "headline")
	}
	for _, point := range r.Trend {
		add(point.Counts.Check(), "snapshot %s", point.SnapshotDate)
		add(point.Verdict.Check(), "snapshot %s", point.SnapshotDate)
	}
	for _, breakdown := range r.Breakdowns {
		if !levelName.MatchString(breakdown.Level) {
			add(errors.New("a level is named in small letters, digits and underscores"), "breakdown %q", breakdown.Level)
		}
		add(unused(names, breakdownFile(breakdown.Level)), "breakdown %q", breakdown.Level)
		for _, row := range breakdown.Rows {
			add(row.Counts.Check(), "%s %q", breakdown.Level, row.Key)
		}
	}
	for _, row := range r.Readings {
		add(row.Counts.Check(), "population %q, reading %q", row.Population, row.Reading)
		add(row.Verdict.Check(), "population %q, reading %q", row.Population, row.Reading)
	}
	for _, claim := range r.Claims {
		add(claim.check(), "claim %q", claim.ID)
	}
	for _, figure := range r.Figures {
		add(figure.Verdict.Check(), "published figure %q", figure.ID)
	}
	for _, sum := range r.TieOut.sums() {
		errs = append(errs, sum.err())
	}
	return errors.Join(errs...)
}

// unused notes the name of a file, or reports that another part of the report has it already.
func unused(names map[string]bool, name string) error {
	if names[name] {
		return errors.New("it is in the report twice")
	}
	names[name] = true
	return nil
}

// Check reports a word that is no verdict. Empty is allowed: no verdict is given.
func (v Verdict) Check() error {
	switch v {
	case "", Supported, Refuted, Undetermined, NotComparable:
		return nil
	}
	return fmt.Errorf("%q is no verdict", string(v))
}

// Check reports counts that are negative or do not add up.
func (c Counts) Check() error {
	for _, n := range []int64{
		c.All, c.Yes, c.No, c.Unknown, c.Undecided, c.Rejected, c.Missing, c.Carried, c.CarriedYes, c.CarriedNo,
	} {
		if n < 0 {
			return fmt.Errorf("a count is negative: %+v", c)
		}
	}
	if c.Yes+c.No+c.Unknown != c.All {
		return fmt.Errorf("yes %d + no %d + unknown %d are not %d", c.Yes, c.No, c.Unknown, c.All)
	}
	if part := c.Undecided + c.Rejected + c.Missing; part > c.Unknown {
		return fmt.Errorf("undecided, rejected and missing are %d of %d unknown", part, c.Unknown)
	}
	if c.CarriedYes+c.CarriedNo > c.Carried || c.CarriedYes > c.Yes || c.CarriedNo > c.No {
		return fmt.Errorf("carried %d (yes %d, no %d) are more than there are", c.Carried, c.CarriedYes, c.CarriedNo)
	}
	return nil
}

func (c *Claim) check() error {
	errs := []error{c.Verdict.Check()}
	for _, judgement := range c.Snapshots {
		errs = append(errs, judgement.Verdict.Check())
	}
	for _, key := range c.Keys {
		errs = append(errs, key.Verdict.Check(), key.Counts.Check())
	}
	return errors.Join(errs...)
}

// claim returns the claim of that id, or nil.
func (r *Report) claim(id string) *Claim {
	for i := range r.Claims {
		if r.Claims[i].ID == id {
			return &r.Claims[i]
		}
	}
	return nil
}
