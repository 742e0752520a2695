package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/pipeline"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/lake"
)

// printSummary ends a run: what was published, per snapshot, what was set aside, where the report is.
func (p *program) printSummary(s *pipeline.Summary, format string, took time.Duration) error {
	if format != "table" {
		return p.printDocument(s, snapshotTable(s.Snapshots), format)
	}
	for _, warning := range s.Warnings {
		p.warn("%s", warning)
	}
	for _, d := range s.Drift {
		p.warnOfDrift(d.Source, d.File, &d.Drift)
	}
	if s.IsUnchanged {
		fmt.Fprintf(p.stdout, "nothing new: edition %d stands (%s)\n", s.Edition, seconds(took))
		p.printNews(s.SetAside)
		p.printOverdue(s.Overdue)
		return nil
	}
	fmt.Fprintf(p.stdout, "edition %d published in %s, %s read\n\n", s.Edition, seconds(took), counted(s.ReadFiles, "export"))
	if err := p.print(snapshotTable(s.Snapshots), "table"); err != nil {
		return err
	}
	p.printUsage(s.Snapshots)
	if len(s.Claims) > 0 {
		fmt.Fprintln(p.stdout)
		for _, line := range s.Claims {
			p.tell("%s", line)
		}
	}
	p.printNews(s.SetAside)
	p.printOverdue(s.Overdue)
	if s.Report != "" {
		fmt.Fprintf(p.stdout, "\nreport: %s\n", s.Report)
	}
	return nil
}

// printUsage says of the newest snapshot with usage how many terminals that tells of, and of how many to
// no end.
func (p *program) printUsage(snapshots []pipeline.SnapshotSummary) {
	for _, s := range slices.Backward(snapshots) {
		u := s.Usage
		if u == nil {
			continue
		}
		line := fmt.Sprintf("usage at %s: %s in %s", s.Date, counted(int(u.Terminals), "terminal"), counted(u.Exports, "export"))
		for _, lost := range []struct {
			count int64
			what  string
		}{
			{u.Unknown, "in no inventory"},
			{u.OtherMerchant, "in one under another merchant only"},
		} {
			if lost.count > 0 {
				line += fmt.Sprintf("; %d %s", lost.count, lost.what)
			}
		}
		if u.Undated > 0 {
			line += fmt.Sprintf("; %s without a month", counted(int(u.Undated), "row"))
		}
		fmt.Fprintln(p.stdout)
		p.tell("%s", line)
		return
	}
}

// printNews says what was set aside, and of what earlier runs said already only how much there is.
func (p *program) printNews(deliveries []pipeline.SetAside) {
	var news []pipeline.SetAside
	for _, d := range deliveries {
		if d.IsNew {
			news = append(news, d)
		}
	}
	p.printSetAside(news)
	switch still := len(deliveries) - len(news); still {
	case 0:
	case 1:
		p.warn("1 delivery is still set aside, as an earlier run said; tapcov status says why")
	default:
		p.warn("%d deliveries are still set aside, as earlier runs said; tapcov status says why", still)
	}
}

func (p *program) printSetAside(deliveries []pipeline.SetAside) {
	for _, d := range deliveries {
		p.warnAbout(d.Source, d.File, fmt.Sprintf("set aside (%s)", d.State), d.Why)
	}
}

// warnAbout says why a file is of no use: a warning for each reason, and under it, as they are, the lines
// that would mend it.
func (p *program) warnAbout(source, file, what, why string) {
	begin := file + ": "
	for _, reason := range strings.Split(strings.TrimPrefix(why, begin), "\n"+begin) {
		p.warn("%s/%s: %s: %s", source, file, what, strings.ReplaceAll(reason, "\n", "\n    "))
	}
}

func (p *program) printOverdue(days []lake.DueDay) {
	for _, due := range days {
		p.warn("%s has not delivered %s, and its due day is past", due.Source, due.SnapshotDate)
	}
}

// warnOfDrift says how the columns of a file differ from those of its source's last accepted export.
func (p *program) warnOfDrift(source, file string, d *editions.Drift) {
	p.warn("%s/%s: the columns are not those of %s (%s): %s", source, file, d.SinceFile, d.SinceDate, strings.Join(d.Sentences(), "; "))
}

func snapshotTable(snapshots []pipeline.SnapshotSummary) *editions.Table {
	t := &editions.Table{Columns: []string{"snapshot_date", "state", "exports", "carried", "rows", "rejects", "terminals", "share"}}
	for _, s := range snapshots {
		t.Rows = append(t.Rows, []any{s.Date, string(s.State), int64(s.Exports), int64(s.Carried), s.Rows, s.Rejects, s.Terminals, s.Share})
	}
	return t
}

// seconds prints how long something took: 1.1 s, or 1h15m0s from a minute on.
func seconds(d time.Duration) string {
	if d >= time.Minute {
		return d.Round(time.Second).String()
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// tell prints a sentence of the result, broken to the width of the terminal.
func (p *program) tell(format string, args ...any) {
	fmt.Fprintln(p.stdout, fit(output.Clean(fmt.Sprintf(format, args...)), width(p.stdout)))
}

// fit wraps nothing and cuts nothing that fits; a longer line is broken at blanks and indented.
func fit(line string, width int) string {
	var b strings.Builder
	length := 0
	for i, word := range strings.Fields(line) {
		n := displayWidth(word)
		switch {
		case i == 0:
		case length+1+n > width:
			b.WriteString("\n    ")
			length = 4
		default:
			b.WriteByte(' ')
			length++
		}
		b.WriteString(word)
		length += n
	}
	return b.String()
}
