package reports

import (
	"io"
	"iter"
	"strings"
)

// countColumns are the columns of Counts with its shares, in the order of the coverage table.
var countColumns = []string{
	"terminal_count", "yes_count", "no_count", "unknown_count",
	"undecided_count", "rejected_count", "carried_count", "carried_yes_count", "carried_no_count", "missing_count",
	"lower_share", "known_share", "upper_share",
}

func (t *csvTable) counts(c Counts) *csvTable {
	return t.numbers(c.All, c.Yes, c.No, c.Unknown, c.Undecided, c.Rejected, c.Carried, c.CarriedYes, c.CarriedNo, c.Missing).
		share(c.Lower()).share(c.Known()).share(c.Upper())
}

// columns joins single names and lists of names into one header.
func columns(parts ...any) []string {
	var names []string
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			names = append(names, strings.Fields(part)...)
		case []string:
			names = append(names, part...)
		}
	}
	return names
}

// WriteCoverage writes coverage rows as CSV in the order they come, one line a row with the columns
// of the coverage table. It stops at the first error that rows yields and returns it.
func WriteCoverage(w io.Writer, rows iter.Seq2[CoverageRow, error]) error {
	t := newCSVTable(w, columns("snapshot_date population unit reading level key name", countColumns,
		"merchant_count merchant_any_count merchant_any_upper_count merchant_all_count merchant_all_upper_count",
		"merchant_none_count transaction_count contactless_transaction_count is_additive")...)
	for row, err := range rows {
		if err != nil {
			return err
		}
		t.texts(row.SnapshotDate, row.Population, row.Unit, row.Reading, row.Level, row.Key, row.Name)
		t.counts(row.Counts)
		m := row.Merchants
		t.optional(m.Count).optional(m.Any).optional(m.AnyUpper).optional(m.All).optional(m.AllUpper).number(m.None)
		t.optional(row.Transactions).optional(row.Contactless).boolean(row.IsAdditive)
		t.end()
	}
	return t.close()
}

// WriteClaims writes one row per claim over all (is_overall) and one per claim and snapshot that it
// was judged at.
func WriteClaims(w io.Writer, claims []Claim) error {
	t := newCSVTable(w, columns("claim_id claim_en claim_zh source as_of comparator value value_to",
		"metric scope level key population unit reading left_open is_overall snapshot_date snapshot_state verdict",
		"reason_en reason_zh lower_bound upper_bound margin_count strictest_reading as_carried_verdict")...)
	for _, claim := range claims {
		for i, judgement := range append([]Judgement{claim.Judgement}, claim.Snapshots...) {
			reason := Text{EN: Reason("en", &claim, judgement), ZH: Reason("zh", &claim, judgement)}
			if i == 0 {
				reason = Text{EN: OverallReason("en", &claim), ZH: OverallReason("zh", &claim)}
			}
			d := claim.Definition
			t.text(claim.ID).both(claim.Text).texts(claim.Source, claim.AsOf, claim.Comparator)
			t.text(claim.decimal(0)).text(claim.decimal(1))
			t.texts(d.Metric, d.Scope, d.Level, d.Key, d.Population, d.Unit, d.Reading, strings.Join(d.Open, " "))
			t.boolean(i == 0).texts(judgement.SnapshotDate, judgement.State, string(judgement.Verdict))
			t.both(reason).share(judgement.Lower).share(judgement.Upper).optional(judgement.Margin)
			t.texts(judgement.StrictestReading, string(judgement.AsCarried))
			t.end()
		}
	}
	return t.close()
}

// decimal returns value i of the claim in decimals, without trailing zeros, or nothing.
func (c *Claim) decimal(i int) string {
	if i >= len(c.Values) {
		return ""
	}
	return strings.ReplaceAll(c.Values[i].Value(false), ",", "")
}

// WriteTrend writes the headline's definition at every snapshot.
func WriteTrend(w io.Writer, r *Report) error {
	t := newCSVTable(w, columns("snapshot_date snapshot_state population unit reading", countColumns,
		"claim_id verdict margin_count as_carried_verdict breaks_en breaks_zh")...)
	h := r.Headline
	for _, point := range r.Trend {
		var breaks Text
		for i, text := range point.Breaks {
			if i > 0 {
				breaks.EN += "; "
				breaks.ZH += "；"
			}
			breaks.EN += text.In("en")
			breaks.ZH += text.In("zh")
		}
		t.texts(point.SnapshotDate, point.State, h.Population, h.Unit, h.Reading).counts(point.Counts)
		t.texts(h.ClaimID, string(point.Verdict)).optional(point.Margin).text(string(point.AsCarried)).both(breaks)
		t.end()
	}
	return t.close()
}

// WriteFigures writes the published figures and what they make of the claim they are held against.
func WriteFigures(w io.Writer, figures []Figure) error {
	t := newCSVTable(w, columns("figure_id as_of scope_en scope_zh numerator numerator_count denominator",
		"denominator_count share published_share claim_id verdict reason_en reason_zh source quality_mark")...)
	for _, f := range figures {
		t.texts(f.ID, f.AsOf).both(f.Scope)
		t.text(f.NumeratorText).positive(f.Numerator).text(f.DenominatorText).positive(f.Denominator)
		t.share(f.Share).texts(f.PublishedShare, f.ClaimID, string(f.Verdict)).both(f.Reason).texts(f.Source, f.Mark)
		t.end()
	}
	return t.close()
}

// WriteEvidence writes the terminals of the headline by the tier that decides them.
func WriteEvidence(w io.Writer, r *Report) error {
	t := newCSVTable(w, columns("snapshot_date population unit tier",
		"terminal_count yes_count no_count conflict_count contradiction_count")...)
	h := r.Headline
	for _, tier := range r.Evidence {
		t.texts(h.SnapshotDate, h.Population, h.Unit, tier.Tier)
		t.numbers(tier.Terminals, tier.Yes, tier.No, tier.Conflict, tier.Contradiction).end()
	}
	return t.close()
}

// WriteRejects writes the number of rejects by source, snapshot and reason, each with an example.
func WriteRejects(w io.Writer, rejects []RejectTotal) error {
	t := newCSVTable(w, columns("source snapshot_date reject_class reason meaning_en meaning_zh reject_count",
		"example_file example_line example_column example_raw_text")...)
	for _, r := range rejects {
		t.texts(r.Source, r.SnapshotDate, r.Class, r.Reason).both(r.meaning()).number(r.Count)
		t.text(r.File).positive(r.Line).texts(r.Column, r.Raw)
		t.end()
	}
	return t.close()
}

// WriteExports writes the exports that made the edition, one row each.
func WriteExports(w io.Writer, exports []Export) error {
	t := newCSVTable(w, columns("source snapshot_date names export_id format encoding row_count reject_count is_carried")...)
	for _, e := range exports {
		t.texts(e.Source, e.SnapshotDate, strings.Join(e.Names, "; "), e.SHA256, e.Format, e.Encoding)
		t.numbers(e.Rows, e.Rejected).boolean(e.Carried)
		t.end()
	}
	return t.close()
}

// WriteTieOut writes every sum that must hold in long form: within one check the counts of the
// rows with side "part" add up to the one with side "whole".
func WriteTieOut(w io.Writer, tieOut TieOut) error {
	t := newCSVTable(w, columns("check snapshot_date source export_name export_id population level side item item_count is_tied")...)
	for _, sum := range tieOut.sums() {
		for i, item := range sum.items {
			side := "part"
			if i == 0 {
				side = "whole"
			}
			t.texts(sum.check, sum.date, sum.source, sum.export, sum.exportID, sum.population, sum.level)
			t.texts(side, item.Reason).number(item.Count).boolean(sum.holds()).end()
		}
	}
	return t.close()
}
