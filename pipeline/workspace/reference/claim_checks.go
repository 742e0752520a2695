package reference

import (
	"slices"
	"time"
)

// check reports what is wrong with a claim.
func (c *Claim) check(e *entry, bad *problems) {
	for _, word := range []struct {
		key, text string
		known     []string
	}{
		{"metric", c.Metric, metrics},
		{"of", c.Of, counted},
		{"level", c.Level, claimLevels},
		{"unit", c.Unit, claimUnits},
		{"reading", c.Reading, readings},
		{"every", e.get("every"), []string{"", "true", "false"}},
	} {
		if !slices.Contains(word.known, word.text) {
			known := slices.DeleteFunc(slices.Clone(word.known), func(s string) bool { return s == "" })
			bad.add(e.at(word.key), "%s", unknownWord(word.key, word.text, known))
		}
	}
	if c.Text.EN == "" && c.Text.ZH == "" {
		bad.add(e.place, "claim %s needs text: the statement as published", c.ID)
	}
	switch {
	case c.Level == "" || c.Level == "nation":
		if c.Key != "" || c.Every {
			bad.add(e.at("key"), "a key, or every: true, needs a level such as province")
		}
	case (c.Key == "") != c.Every:
		bad.add(e.at("level"), "level %s needs either a key or every: true", c.Level)
	}
	if c.Comparator == "" && !c.NoVerdict.IsZero() {
		return
	}
	c.checkValue(e, bad)
	c.checkSince(e, bad)
}

// checkValue reports what is wrong with the value and its comparator.
func (c *Claim) checkValue(e *entry, bad *problems) {
	if !slices.Contains(comparators, c.Comparator) {
		bad.add(e.at("comparator"), "%s", unknownWord("comparator", c.Comparator, comparators))
		return
	}
	for _, number := range []struct {
		key, text  string
		comparator string // the only one that has it; "": every one
	}{
		{"value", c.Value, ""}, {"upper", c.Upper, CompareBetween}, {"tolerance", c.Tolerance, CompareAbout},
	} {
		wanted := number.comparator == "" || number.comparator == c.Comparator
		switch {
		case !wanted && number.text != "":
			bad.add(e.at(number.key), "%s: only the comparator %s has it", number.key, number.comparator)
		case wanted && number.text == "":
			bad.add(e.at(number.key), "claim %s needs %s: a decimal number such as 0.60", c.ID, number.key)
			return
		case wanted:
			if _, err := parseDecimal(number.text); err != nil {
				bad.add(e.at(number.key), "%s: %v", number.key, err)
				return
			}
		}
	}
	if c.Comparator == CompareBetween || c.Comparator == CompareAbout {
		lowest, highest, err := c.Bounds()
		if err != nil {
			bad.add(e.at("value"), "%v", err)
		} else if lowest.P*highest.Q > highest.P*lowest.Q {
			bad.add(e.at("value"), "the range of values ends before it begins")
		}
	}
}

// checkSince reads the date that growth is counted from.
func (c *Claim) checkSince(e *entry, bad *problems) {
	since := e.get("since")
	switch {
	case c.Metric != MetricGrowth && since != "":
		bad.add(e.at("since"), "since: only the metric growth has it")
	case c.Metric == MetricGrowth && since == "":
		bad.add(e.place, "claim %s needs since: the date that growth is counted from", c.ID)
	case since != "":
		if _, err := time.Parse(time.DateOnly, since); err != nil {
			bad.add(e.at("since"), "since: %q is no date such as 2015-12-31", since)
		}
		c.Since = since
	}
}

// List returns the claims in the order of their ids.
func (c *Claims) List() []Claim { return slices.Clone(c.table().list) }

// ByID returns the claim with that id.
func (c *Claims) ByID(id string) (claim Claim, ok bool) {
	t := c.table()
	i := slices.IndexFunc(t.list, func(c Claim) bool { return c.ID == id })
	if i < 0 {
		return Claim{}, false
	}
	return t.list[i], true
}

// Place returns where a key of a claim stands (such as population or scope.area), where the claim
// stands if it has no such key.
func (c *Claims) Place(id, key string) Place {
	t := c.table()
	i := slices.IndexFunc(t.list, func(c Claim) bool { return c.ID == id })
	if i < 0 {
		return Place{}
	}
	return t.entries[i].at(key)
}
