package coverage

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"strings"

	"github.com/tapcov/tapcov/pipeline/acceptance"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// Judgement is what a claim comes to at one snapshot, or, with SnapshotDate empty, over all
// snapshots that its dates cover.
type Judgement struct {
	ClaimID          string  `json:"claim"`
	SnapshotDate     string  `json:"snapshot_date"` // "" in the row for the whole claim
	Verdict          Verdict `json:"verdict"`
	Reason           string  `json:"reason"`
	ReasonZH         string  `json:"reason_zh"`
	Population       string  `json:"population"`
	Unit             string  `json:"unit"`
	Reading          string  `json:"reading"`
	Level            string  `json:"level"`
	Key              string  `json:"key"`
	All              int64   `json:"terminal_count"`
	Yes              int64   `json:"yes_count"`
	No               int64   `json:"no_count"`
	Margin           *int64  `json:"margin"`            // accepting terminals the claim can lose; negative: needs more
	AsCarried        Verdict `json:"as_carried"`        // the verdict with carried terminals as they stand, "" if none are carried; Verdict is the weaker of this and of the one that takes them as unknown
	StrictestReading string  `json:"strictest_reading"` // the narrowest reading that still decides the same way
	LeftOpen         string  `json:"left_open"`         // what the claim does not say and was taken by default
}

// Snapshot is a snapshot claims may be judged at.
type Snapshot struct {
	Date       string // yyyy-mm-dd
	IsComplete bool
}

// counts is one coverage row as far as judging needs it.
type counts struct{ all, yes, no, carried, carriedYes, carriedNo int64 }

func (c counts) bounds() Bounds { return Bounds{c.yes, c.all - c.no, c.all} }

// withCarriedUnknown takes what is known of carried terminals as not known.
func (c counts) withCarriedUnknown() Bounds {
	return Bounds{c.yes - c.carriedYes, c.all - (c.no - c.carriedNo), c.all}
}

// Judge judges claims against the coverage rows of the engine's view `coverage`, claim by claim and
// snapshot by snapshot; each claim's last judgement is the one over all its snapshots.
func Judge(ctx context.Context, e *engine.Engine, claims []reference.Claim, estate Estate, snapshots []Snapshot) ([]Judgement, error) {
	var judgements []Judgement
	for _, claim := range claims {
		j := judging{engine: e, claim: claim, estate: estate, snapshots: snapshots}
		rows, err := j.judge(ctx)
		if err != nil {
			return nil, fmt.Errorf("judge claim %q: %w", claim.ID, err)
		}
		judgements = append(judgements, rows...)
	}
	return judgements, nil
}

type judging struct {
	engine    *engine.Engine
	claim     reference.Claim
	estate    Estate
	snapshots []Snapshot
}

func (j *judging) judge(ctx context.Context) ([]Judgement, error) {
	base, err := j.definition()
	if err != nil {
		return nil, err
	}
	reason := j.incomparable()
	if reason.EN != "" && !j.isOfficial(base) {
		base.Verdict, base.Reason, base.ReasonZH = NotComparable, reason.EN, reason.ZH
		return []Judgement{base}, nil
	}
	statement, err := j.statement()
	if err != nil {
		return nil, err
	}
	var rows []Judgement
	for _, snapshot := range j.snapshots {
		if !snapshot.IsComplete || !j.covers(snapshot.Date) || (reason.EN != "" && snapshot.Date != j.estate.Official.Date) {
			continue
		}
		row := base
		row.SnapshotDate = snapshot.Date
		if err := j.judgeAt(ctx, statement, &row); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return append(rows, overall(base, rows)), nil
}

// definition fills in what the claim leaves open and says so.
func (j *judging) definition() (Judgement, error) {
	var open []string
	fallback := func(name, value, instead string) string {
		if value == "" {
			open = append(open, name+" "+instead)
			return instead
		}
		return value
	}
	base := Judgement{ClaimID: j.claim.ID, Level: cmp.Or(j.claim.Level, "nation"), Key: cmp.Or(j.claim.Key, "all")}
	base.Population = fallback("population", j.claim.Population, DefaultPopulation)
	base.Unit = fallback("unit", j.claim.Unit, "terminal")
	base.Reading = fallback("reading", j.claim.Reading, string(acceptance.ReadDeclared))
	base.LeftOpen = strings.Join(open, ", ")
	if area := j.claim.Scope.Area; !j.claim.Scope.Estate && area != "" && area != j.estate.Area && area != "CN" && j.claim.Level == "" {
		base.Level, base.Key = "province", area
	}
	return base, nil
}

func (j *judging) covers(date string) bool {
	from, to := j.claim.AsOf.From, j.claim.AsOf.To
	return (from == "" || date >= from) && (to == "" || date <= to)
}

func (j *judging) statement() (Statement, error) {
	if j.claim.Comparator == "between" || j.claim.Comparator == "about" {
		lower, upper, err := j.claim.Bounds()
		if err != nil {
			return Statement{}, err
		}
		return Statement{"between", big.NewRat(lower.P, lower.Q), big.NewRat(upper.P, upper.Q)}, nil
	}
	p, q, err := j.claim.Rational()
	if err != nil {
		return Statement{}, err
	}
	return Statement{Comparator: j.claim.Comparator, Value: big.NewRat(p, q)}, nil
}

// judgeAt fills in a judgement at its snapshot.
func (j *judging) judgeAt(ctx context.Context, statement Statement, row *Judgement) error {
	if j.claim.Every {
		return j.judgeEvery(ctx, statement, row)
	}
	byReading, err := j.countsByReading(ctx, *row)
	if err != nil {
		return err
	}
	if official := j.estate.Official; row.SnapshotDate == official.Date && j.isOfficial(*row) {
		for reading, c := range byReading {
			if c.all > official.Total {
				row.Verdict, row.All, row.Yes, row.No = NotComparable, c.all, c.yes, c.no
				row.Reason = fmt.Sprintf("the workspace holds %d terminals, more than the official total of %d", c.all, official.Total)
				row.ReasonZH = fmt.Sprintf("本工作区有 %d 台终端，多于官方总数 %d 台", c.all, official.Total)
				return nil
			}
			c.all = official.Total
			byReading[reading] = c
		}
	}
	c := byReading[row.Reading]
	interval, carriedUnknown, err := j.intervals(ctx, c, *row)
	if err != nil {
		return err
	}
	row.All, row.Yes, row.No = c.all, c.yes, c.no
	asCarried := statement.Judge(interval)
	row.Verdict = Weaker(asCarried, statement.Judge(carriedUnknown))
	if c.carried > 0 {
		row.AsCarried = asCarried
	}
	bounds := func(c counts) Bounds {
		if j.claim.Metric == "count" {
			return c.bounds().count()
		}
		return c.bounds()
	}
	if margin, ok := statement.Margin(bounds(c)); ok && j.claim.Metric != "growth" {
		row.Margin = &margin
	}
	for _, reading := range acceptance.Readings {
		narrower, counted := byReading[string(reading)]
		if counted && row.Verdict != Undetermined && statement.Judge(bounds(narrower).Interval()) == row.Verdict {
			row.StrictestReading = string(reading)
			break
		}
	}
	row.Reason = because(row.Verdict, c, statement, j.claim.Metric == "count")
	return nil
}

// intervals returns the exact bounds of what the claim is about, as it stands and with carried
// terminals as unknown.
func (j *judging) intervals(ctx context.Context, c counts, row Judgement) (asIs, carriedUnknown Interval, err error) {
	switch j.claim.Metric {
	case "count":
		return c.bounds().count().Interval(), c.withCarriedUnknown().count().Interval(), nil
	case "growth":
	default:
		return c.bounds().Interval(), c.withCarriedUnknown().Interval(), nil
	}
	row.SnapshotDate = j.claim.Since
	byReading, err := j.countsByReading(ctx, row)
	if err != nil {
		return Interval{}, Interval{}, err
	}
	earlier := byReading[row.Reading]
	return Growth(c.bounds(), earlier.bounds()), Growth(c.withCarriedUnknown(), earlier.withCarriedUnknown()), nil
}

// countsByReading reads one key's counts under each reading; no row is a count of 0.
func (j *judging) countsByReading(ctx context.Context, row Judgement) (map[string]counts, error) {
	rows, err := j.engine.Query(ctx, `select reading, `+j.measures()+`
		from coverage where snapshot_date = cast(? as date) and population = ? and unit = ? and level = ? and key = ?`,
		row.SnapshotDate, row.Population, row.Unit, row.Level, row.Key)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	byReading := map[string]counts{}
	for rows.Next() {
		var reading string
		var c counts
		if err := rows.Scan(&reading, &c.all, &c.yes, &c.no, &c.carried, &c.carriedYes, &c.carriedNo); err != nil {
			return nil, fmt.Errorf("read counts: %w", err)
		}
		byReading[reading] = c
	}
	return byReading, rows.Err()
}

// measures says which columns hold the counts that the claim is about: a share of terminals, or of
// merchants with any or all of their terminals accepting.
func (j *judging) measures() string {
	switch j.claim.Of {
	case "merchant_any":
		return "coalesce(merchant_count, 0), coalesce(merchant_any_count, 0), coalesce(merchant_count - merchant_any_upper_count, 0), 0, 0, 0"
	case "merchant_all":
		return "coalesce(merchant_count, 0), coalesce(merchant_all_count, 0), coalesce(merchant_count - merchant_all_upper_count, 0), 0, 0, 0"
	default:
		return "terminal_count, yes_count, no_count, carried_count, carried_yes_count, carried_no_count"
	}
}

// judgeEvery judges a statement about every key of a level.
func (j *judging) judgeEvery(ctx context.Context, statement Statement, row *Judgement) error {
	rows, err := j.engine.Query(ctx, `select key, `+j.measures()+`
		from coverage where snapshot_date = cast(? as date) and population = ? and unit = ? and level = ? and reading = ?
		and key <> 'none' and terminal_count > 0 order by key`,
		row.SnapshotDate, row.Population, row.Unit, row.Level, row.Reading)
	if err != nil {
		return err
	}
	defer rows.Close()
	row.Key, row.Verdict = "every", Supported
	var against []string
	for rows.Next() {
		var key string
		var c counts
		if err := rows.Scan(&key, &c.all, &c.yes, &c.no, &c.carried, &c.carriedYes, &c.carriedNo); err != nil {
			return fmt.Errorf("read counts: %w", err)
		}
		row.All, row.Yes, row.No = row.All+c.all, row.Yes+c.yes, row.No+c.no
		verdict := Weaker(statement.Judge(c.bounds().Interval()), statement.Judge(c.withCarriedUnknown().Interval()))
		if verdict == Refuted {
			against = append(against, key)
		}
		row.Verdict = every(row.Verdict, verdict)
	}
	row.Reason = "every key holds"
	if len(against) > 0 {
		row.Reason = fmt.Sprintf("%d keys do not hold, first %s", len(against), against[0])
	} else if row.Verdict != Supported {
		row.Reason = "some keys are undetermined"
	}
	return rows.Err()
}

// every joins verdicts of a statement about every key: one refuted refutes it.
func every(so, verdict Verdict) Verdict {
	switch {
	case so == Refuted || verdict == Refuted:
		return Refuted
	case so == Supported && verdict == Supported:
		return Supported
	default:
		return Undetermined
	}
}

// because says in words why the bounds give the verdict.
func because(verdict Verdict, c counts, statement Statement, isCount bool) string {
	write := percent
	if isCount {
		write = func(value *big.Rat) string { return value.RatString() }
	}
	value := statement.Comparator + " " + write(statement.Value)
	if statement.Comparator == "between" {
		value = "between " + write(statement.Value) + " and " + write(statement.Upper)
	}
	unknown := c.all - c.yes - c.no
	switch {
	case c.all == 0 && !isCount:
		return "there are no terminals to count"
	case unknown == 0 && verdict == Supported:
		return value + " holds, and nothing is unknown"
	case unknown == 0 && verdict == Refuted:
		return value + " fails, and nothing is unknown"
	case verdict == Supported:
		return fmt.Sprintf("%s holds even if all %d unknown are no", value, unknown)
	case verdict == Refuted:
		return fmt.Sprintf("%s fails even if all %d unknown are yes", value, unknown)
	default:
		return fmt.Sprintf("%d unknown of %d leave it open", unknown, c.all)
	}
}

func percent(value *big.Rat) string {
	text := new(big.Rat).Mul(value, big.NewRat(100, 1)).FloatString(4)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + "%"
}

// overall joins the judgements of a claim's snapshots: so at all of them, else undetermined with the
// dates; none: not comparable.
func overall(base Judgement, rows []Judgement) Judgement {
	if len(rows) == 0 {
		base.Verdict = NotComparable
		base.Reason, base.ReasonZH = "no complete snapshot lies within the claim's dates", "该说法所指日期内没有完整的快照"
		return base
	}
	last := rows[len(rows)-1]
	last.SnapshotDate = ""
	var dates []string
	for _, row := range rows {
		if row.Verdict != rows[0].Verdict {
			last.Verdict = Undetermined
		}
		dates = append(dates, row.SnapshotDate+" "+string(row.Verdict))
	}
	if len(rows) > 1 {
		last.Reason = strings.Join(dates, ", ")
	}
	return last
}
